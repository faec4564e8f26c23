"""Rules that look words up: sensitive words, fixed expressions, outdated names. The words are the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import Severity, rule, say
from baogao_text.lexicon import OPTIONS, any_demonstrated, lexicon_of
from baogao_text.passages import Passage, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Message, Report, Word

__all__ = ["RULES", "word_findings"]

FORMER = re.compile(r"(?:原|原来的|时任|前身为?|曾[是为])(?:[\u4e00-\u9fff]{0,4}[省市区县州盟旗])?$")


def word_findings(report: Report, kind: str, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for every word of that kind; its level is the word's own, at most the rule's."""
    if not report.derived(_may_hold_words):
        return
    lexicon = lexicon_of(report, kind, options)
    written = whole(report)
    for passage in written.passages if written.may_hold(lexicon) else ():
        for at, word in lexicon.hits(passage.text):
            if kind != "outdated" or not _of_its_time(passage.text, at, at + len(word.text)):
                yield _finding(passage, at, word)


def _may_hold_words(report: Report) -> bool:
    """Tell whether a word of any kind may stand in the report: of our own short list, most often none does."""
    return bool(report.lexicon) or whole(report).has(any_demonstrated())


def _finding(passage: Passage, at: int, word: Word) -> Finding:
    end = at + len(word.text)
    return passage.finding(_message(word), at, end, severity=word.level, expected=word.replacement or None)


def _message(word: Word) -> Message:
    note = say("（{note}）", note=word.note) if word.note else say("")
    if word.replacement:
        return say("“{word}”应改为“{replacement}”{note}", word=word.text, replacement=word.replacement, note=note)
    return say("“{word}”在词表里，请核对{note}", word=word.text, note=note)


def _of_its_time(text: str, at: int, end: int) -> bool:
    """Tell whether an old name is right where it stands: called former, or part of a title."""
    whole_title = text[:at].endswith("《") and text.startswith("》", end)
    in_title = text.rfind("《", 0, at) > text.rfind("》", 0, at) and not whole_title
    return in_title or bool(FORMER.search(text[max(at - 12, 0) : at]))


@rule(
    "SEN-001",
    title="没有错敏词",
    gate="政治关",
    basis="实践：错敏词表；词表由使用者提供",
    hint="按词表改正；确需保留的写情况说明",
    options=OPTIONS,
    examples=(
        {"text": {"overview": "本年办理残疾人有关申请，内地与香港的交流信息及时公开。"}, "passes": True},
        {"text": {"overview": "本年办理残废人有关申请。"}, "paths": ["overview"]},
        {"text": {"overview": "本年办理残废人有关申请。"}, "options": {"demonstration": "false"}, "passes": True},
    ),
)
def no_sensitive_words(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """词表里 kind 为 sensitive 的词不应出现；级别按词表，写有替换词的给出替换词。

    自带的只是一份示范词表，正式的词表由使用者提供。
    """
    return word_findings(report, "sensitive", options)


@rule(
    "SEN-002",
    title="固定表述准确、完整",
    severity=Severity.WARNING,
    gate="政治关",
    basis="实践：固定表述词表；词表由使用者提供",
    hint="按词表写的规范表述改正",
    options=OPTIONS,
    examples=(
        {"text": {"overview": "坚持以公开为常态、不公开为例外，先审后发。"}, "passes": True},
        {"text": {"overview": "坚持以不公开为常态。"}, "paths": ["overview"]},
    ),
)
def fixed_expressions(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """词表里 kind 为 expression 的写法次序颠倒、缺字或已经过时，应改为规范的表述。"""
    return word_findings(report, "expression", options)


@rule(
    "LNG-003",
    title="机构和法律用现行名称",
    severity=Severity.WARNING,
    gate="文字关",
    basis="机构改革方案；现行法律法规",
    hint="改为现行名称；说的是改革以前的事，在机构名前加“原”",
    options=OPTIONS,
    examples=(
        {"text": {"overview": "会同市场监督管理局、原工商行政管理局人员开展检查。"}, "passes": True},
        {"text": {"overview": "依照《国土资源局信息公开办法》清理文件。"}, "passes": True},
        {"text": {"overview": "会同县工商行政管理局开展检查。"}, "paths": ["overview"]},
        {"text": {"overview": "依照《中华人民共和国合同法》办理。"}, "paths": ["overview"]},
    ),
)
def current_names(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """词表里 kind 为 outdated 的机构名、法律名和文号已经过时。

    前面写有“原”的机构、书名号里文件标题中的旧名称不算。
    """
    return word_findings(report, "outdated", options)


RULES = (no_sensitive_words, fixed_expressions, current_names)
