"""Rules on words taken over from last year's report."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from baogao import Severity, rule, say
from baogao_disclosure.figures import option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)
JUDGED = ("overview", "problems")
SHORTEST = 40
"""A text of fewer characters says too little to be called alike."""

PHRASES = re.compile(
    "《[^》]*》|〔[^〕]*〕|中华人民共和国|政府信息公开条例|政府信息公开工作年度报告|国务院办公厅|[一二三四五六七八九十百千两零〇]+[是年月日件条次个]"
)
NOT_WORDS = re.compile(r"[\W\d_]+")
OWN = "围绕群众关心的养老、就学、就医问题，公开办事指南和政策问答，在村务公开栏张贴，请村民监督，逐条回应意见。"


@rule(
    "DUP-001",
    title="文字不与上年雷同",
    gate="文字关",
    basis="国办公开办函〔2021〕30号：内容雷同的要追究；比例为推定",
    hint="写本年的做法、成效和问题，不要在上年的稿子上改年份和数字",
    forms=FORMS,
    needs=("previous",),
    options={"warn": Decimal("0.85"), "error": Decimal("0.95")},
    examples=(
        {"text": {"overview": OWN, "problems": OWN[::-1]}, "previous": {}, "passes": True},
        {"text": {"overview": OWN}, "previous": {"text": {"overview": f"2001年，{OWN}"}}, "paths": ["overview"]},
        {
            "text": {"overview": OWN},
            "previous": {"text": {"overview": f"{OWN}另开展培训，组织检查。"}},
            "options": {"warn": 1, "error": 1},
            "passes": True,
        },
    ),
)
def not_repeated(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """第一、五章去掉年份、数字、标题和固定用语以后，与上年相同的不到 warn（0.85）；到了 error（0.95）的要重写。"""
    warn, error = option(options, "warn"), option(options, "error")
    for section_id in JUDGED:
        now, last = _words(report, section_id), _words(report.previous, section_id)
        if min(len(now), len(last)) < SHORTEST or _is_copy(report, section_id):
            continue
        alike = likeness(now, last)
        if alike >= warn:
            severity = Severity.ERROR if alike >= error else Severity.WARNING
            message = say("与上年相同的文字约占 {percent}%", percent=int(alike * 100))
            yield report.finding(section_id, message, severity=severity, actual=f"{alike:.2f}", expected=f"<{warn}")


@rule(
    "DUP-003",
    title="存在的问题不照抄上年",
    gate="文字关",
    basis="国办公开办函〔2021〕30号：内容雷同、敷衍塞责的要追究",
    hint="写本年存在的问题和改进措施；老问题没有解决的，写明原因和进展",
    forms=FORMS,
    needs=("previous",),
    examples=(
        {"text": {"problems": OWN}, "previous": {}, "passes": True},
        {"previous": {}, "paths": ["problems"]},
    ),
)
def problems_not_copied(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """第五章的问题和改进措施不能与上年一字不差（不计标点、空白和年份）。"""
    if _is_copy(report, "problems"):
        yield report.finding("problems", say("与上年一字不差"))


def _is_copy(report: Report, section_id: str) -> bool:
    """Tell whether chapter five is last year's; DUP-003 says so then."""
    now, last = _letters(report, section_id), _letters(report.previous, section_id)
    return section_id == "problems" and bool(now) and now == last


def _letters(report: Report | None, section_id: str) -> str:
    """Return all words of a section without headings, stops, blanks and digits."""
    section = report.section(section_id) if report else None
    blocks = section.blocks if section else ()
    return NOT_WORDS.sub("", "".join(block.text for block in blocks if block.kind != "heading"))


def _words(report: Report | None, section_id: str) -> str:
    """Return the words of a section that a writer chooses: no headings, years, numbers, fixed phrases."""
    section = report.section(section_id) if report else None
    blocks = section.blocks if section else ()
    text = "\n".join(block.text for block in blocks if block.kind != "heading")
    return NOT_WORDS.sub("", PHRASES.sub("", text))


def likeness(one: str, other: str) -> Decimal:
    """Return the share of runs of three characters that two texts have in common, 0 to 1."""
    runs = [Counter(text[start : start + 3] for start in range(len(text) - 2)) for text in (one, other)]
    return Decimal(2 * (runs[0] & runs[1]).total()) / max(runs[0].total() + runs[1].total(), 1)


RULES = (not_repeated, problems_not_copied)
