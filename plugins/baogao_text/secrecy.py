"""The rule on secrecy marks: what is marked as secret or internal must not be in a public report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import Severity, rule, say, sentence_span
from baogao_text.passages import Passage, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

__all__ = ["RULES"]

LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
ORDERS = ("注意保存", "妥善保存", "请勿外传", "不得外传", "严禁外传", "阅后即焚", "阅后收回", "不得公开", "不得翻印")
ORDER = rf"(?:{'|'.join(ORDERS)}|仅供内部(?:使用|参阅|参考)?)"
INTERNAL = r"内部(?:文件|资料|材料|刊物|参考|使用)"
THIS = r"(?:此|本)(?:件|文|文件|报告|材料|资料|稿)"
SURE = re.compile(
    rf"{LEVEL}\s*[★☆*]\s*(?:\d+\s*年|\d+\s*个月|长期)?"
    rf"|密级\s*[：:]\s*(?:{LEVEL}|内部)"
    rf"|[（(【\[]\s*(?:{LEVEL}|{INTERNAL}|{ORDER})(?:[ 　，,、]*{ORDER})?\s*[）)】\]]"
    rf"|^\s*(?:{LEVEL}|{INTERNAL}|{ORDER})(?:[ 　，,、]*{ORDER})?\s*[。！!]?\s*$"
    rf"|{INTERNAL}[ 　，,、]*{ORDER}"
    rf"|{THIS}[^，。；\n]{{0,4}}?(?:不(?:予|得|宜|对外)?公开|为?{INTERNAL}|属于?{LEVEL}(?:级|件|文件)?|{ORDER})"
    rf"(?:[ 　，,、]*{ORDER})?"
    r"|注意保存|请勿外传|严禁外传|阅后即焚|阅后收回"
)
LIKELY = re.compile(
    r"(?:内部(?:文件|资料)|(?:绝密|机密|(?<![家业作])秘密)级?(?:文件|资料|件|材料))"
    r"|(?!国密|国家密)[\u4e00-\u9fff]{1,4}密(?:发|电|函|字)?[〔\[（(]\s*(?:19|20)\d\d\s*[〕\]）)]\s*\d+\s*号"
)
SECRET = re.compile(r"密(?:(?<=[绝机秘\s]密)|[发电函字]?[〔\[（(])")
AFTER_THIS = "|".join(rf"(?<=[此本][文件报材资稿][^，。；\n]{{{far}}}不)" for far in range(6))
NOT_THIS = re.compile(f"不(?:{AFTER_THIS})")
WORDS = ("内部", *ORDERS)
"""One of these words, or what SECRET or NOT_THIS fits, is in every mark: a report without is not looked at closely."""

HAN = re.compile("[\u4e00-\u9fff]")
SPOKEN_OF = re.compile(
    r"字样|提示语|标识|标志|标注|标有|标明|注明|印有|凡是?|严禁|禁止|不准|不得(?!公开|外传|翻印)|不能|防止|杜绝|避免|是否"
    r"|审查|清理|排查|管理|制度|规定|培训|教育|定密|解密|涉密|保密"
)


@rule(
    "SEC-001",
    title="没有密级和内部文件的标志",
    gate="保密关",
    basis="条例第十四条；保守国家秘密法第三十一条",
    hint="有密级或内部标志的内容不得公开：先按程序审查，能公开的去掉标志，不能公开的删去",
    examples=(
        {"text": {"overview": "属于国家秘密、商业秘密的不予公开，对涉及保密的信息做好解释说明工作。"}, "passes": True},
        {"text": {"overview": "严禁上传标有“内部文件”“注意保存”字样的材料，不得公开涉密信息。"}, "passes": True},
        {"text": {"overview": "在查阅点张贴“请勿外传”提示。"}, "passes": True},
        {"text": {"overview": "机密★5年"}, "paths": ["overview"]},
        {"report": {"outputs": [{"renderer": "html", "column": {"description": "机密★5年"}}]}, "paths": [""]},
        {"text": {"others": "本报告为内部资料，注意保存。"}, "paths": ["others"]},
        {"text": {"others": "无。（此件不予公开）"}, "paths": ["others"]},
    ),
)
def no_secrecy_marks(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """公开的报告里不能有密级标志、“内部文件（资料）”“注意保存”“不得公开”等标志。

    叙述工作时提到国家秘密、商业秘密、保密审查的不算。只是提到内部文件、机密文件的，看不出是不是标志，只作提醒。
    """
    written = whole(report)
    for passage in written.passages if written.says(WORDS) or written.has(SECRET, NOT_THIS) else ():
        sure = [found for found in SURE.finditer(passage.text) if not _spoken_of(passage.text, found)]
        for found in sure:
            message = say("有“{mark}”的标志，这样的内容不能公开", mark=found.group().strip())
            yield passage.finding(message, *_without_blanks(found))
        yield from _likely(passage, sure)


def _likely(passage: Passage, sure: list[re.Match[str]]) -> Iterator[Finding]:
    taken = {place for found in sure for place in range(*found.span())}
    for found in LIKELY.finditer(passage.text):
        if taken.isdisjoint(range(*found.span())) and not _spoken_of(passage.text, found):
            message = say("提到“{mark}”，请确认能否公开", mark=found.group())
            yield passage.finding(message, *found.span(), severity=Severity.WARNING)


def _without_blanks(found: re.Match[str]) -> tuple[int, int]:
    words = found.group()
    return found.start() + len(words) - len(words.lstrip()), found.end() - len(words) + len(words.rstrip())


def _spoken_of(text: str, found: re.Match[str]) -> bool:
    """Tell whether a sentence speaks about such marks, rather than being marked."""
    if "★" in found.group() or "密级" in found.group():
        return False
    first, last = sentence_span(text, *found.span())
    before, after = text[first : found.start()], text[found.end() : last]
    quoted = before.endswith("“") and after.startswith("”") and HAN.search(before + after)
    return bool(quoted or SPOKEN_OF.search(f"{before}|{after}"))


RULES = (no_secrecy_marks,)
