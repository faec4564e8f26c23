"""The rule on the titles of the five chapters; what they must speak of is data in `schemas/rule_of_law/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Severity, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("rule_of_law",)


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


RULES = (official_titles,)
