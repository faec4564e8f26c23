"""The rules on what each of the five chapters must speak of; words are guessed at, so they warn at most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import Severity, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

BASIS = "厅字〔2019〕28号规定的报告内容；按词语判断为推定"
FORMS = ("rule_of_law",)
REASONS = re.compile(r"原因|由于|因为|源于|归因|缘于|在于")
LEADERS = re.compile(r"主要负责人|第一责任人|主要领导|局长|主任|县长|区长|市长|镇长|乡长|书记|厅长|部长")


@rule(
    "LAW-003",
    title="标题与规定的五部分一致",
    severity=Severity.WARNING,
    gate="文字关",
    basis="厅字〔2019〕28号规定的报告内容；标题的文字为推定",
    hint="去掉 report.yaml 里这一部分的 title；当地规定了别的标题的写情况说明",
    forms=FORMS,
    examples=(
        {"title": {"next_year": "四、下一年度推进法治政府建设的主要安排"}, "passes": True},
        {"title": {"shortcomings": "二、存在的不足和原因"}, "passes": True},
        {"title": {"next_year": "四、计划"}, "paths": ["next_year"]},
    ),
)
def official_titles(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """五部分的标题用格式给出的文字，或各地习用的别的写法。"""
    for chapter in report.chapters:
        section = report.section(chapter.section)
        if section is not None and section.title not in (chapter.title, *chapter.aliases):
            message = say("标题是“{title}”，格式是“{official}”", title=section.title, official=chapter.title)
            yield report.finding(section.id, message, expected=chapter.title, actual=section.title)


@rule(
    "LAW-004",
    title="写了不足，也写原因",
    severity=Severity.WARNING,
    gate="文字关",
    basis=BASIS,
    hint="逐条写出不足的原因；已经写了的写情况说明",
    section="shortcomings",
    forms=FORMS,
    examples=(
        {
            "text": {"shortcomings": "执法人员配备不足，主要原因是取得执法资格的人员较少，培训跟不上实际的需要。"},
            "passes": True,
        },
        {
            "text": {"shortcomings": "一是执法人员配备不足，二是普法形式比较单一，三是案卷评查不够经常，都需要改进。"},
            "paths": ["shortcomings"],
        },
    ),
)
def reasons_given(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """第二部分的内容是“不足和原因”：全文没有一处说原因的，提醒补上。"""
    yield from _lacking(report, "shortcomings", REASONS, say("只写了不足，没有写原因"))


@rule(
    "LAW-005",
    title="第三部分写的是主要负责人",
    severity=Severity.WARNING,
    gate="文字关",
    basis=BASIS,
    hint="写明党政主要负责人做了什么",
    section="leadership",
    forms=FORMS,
    examples=(
        {"passes": True},
        {
            "text": {"leadership": "我局认真推进法治建设，组织学法四次，审核重大执法决定，开展案卷评查两次。"},
            "paths": ["leadership"],
        },
    ),
)
def leaders_named(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """第三部分写党政主要负责人履行第一责任人职责的情况，不是单位的一般工作。"""
    yield from _lacking(report, "leadership", LEADERS, say("没有写到主要负责人"))


@rule(
    "LAW-006",
    title="安排写的是下一年度",
    severity=Severity.WARNING,
    gate="文字关",
    basis=BASIS,
    hint="写明是哪一年的安排",
    section="next_year",
    forms=FORMS,
    examples=(
        {
            "text": {"next_year": "下一年度，我局将修订执法程序，开展案卷评查，组织全员学法，提高依法行政的能力。"},
            "passes": True,
        },
        {
            "text": {"next_year": "我局将修订执法程序，开展两次案卷评查，组织全员学法，提高依法行政的能力和水平。"},
            "paths": ["next_year"],
        },
    ),
)
def plans_for_next_year(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """第四部分写明是下一年度（报告年度的后一年）的安排。"""
    year = re.compile(rf"{report.year + 1}年|下一?年|明年|下一步")
    yield from _lacking(report, "next_year", year, say("没有写明是下一年度的安排"))


def _lacking(report: Report, name: str, words: re.Pattern[str], message: str) -> Iterator[Finding]:
    """Yield a finding where a chapter has text, and none of these words."""
    section = report.section(name)
    if section is not None and section.text and not words.search(section.text):
        yield report.finding(name, message)


RULES = (official_titles, reasons_given, leaders_named, plans_for_next_year)
