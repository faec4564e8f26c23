"""The rules on dates: when the report goes up, and when it is published."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from baogao import Severity, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

BASIS = "厅字〔2019〕28号：每年 3 月 1 日以前报告上一年度的情况，4 月 1 日以前公开"
FORMS = ("rule_of_law",)


@rule(
    "LAW-001",
    title="按期公开",
    gate="文字关",
    basis=BASIS,
    hint="改正 report.yaml 的 date；涉及秘密不公开的、确实逾期的写情况说明",
    forms=FORMS,
    examples=(
        {"date": "2025-04-01", "passes": True},
        {"date": "2025-04-02", "paths": [""]},
        {"date": "2024-12-31", "paths": [""]},
        {"date": None, "paths": [""]},
    ),
)
def published_in_time(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """年度报告在年度结束之后、次年 4 月 1 日以前公开，公开日期写在 report.yaml 的 date 里。"""
    first, last = date(report.year + 1, 1, 1), report.last_day
    if report.date is None:
        yield report.finding("", say("没有公开日期"), key="date")
    elif last and not first <= report.date <= last:
        message = say("公开日期 {date} 不在 {first} 至 {last} 之间", date=report.date, first=first, last=last)
        yield report.finding("", message, key="date", expected=f"{first}–{last}", actual=str(report.date))


@rule(
    "LAW-002",
    title="先按期上报，再公开",
    severity=Severity.INFO,
    gate="文字关",
    basis=BASIS,
    hint="已按期上报的不用改；地方有更早期限的，写 rules: {LAW-002: {reported: 02-15}}",
    forms=FORMS,
    options={"reported": "03-01"},
    examples=(
        {"date": "2025-03-01", "passes": True},
        {"date": "2025-03-02", "paths": [""]},
        {"date": "2025-02-20", "options": {"reported": "02-15"}, "paths": [""]},
    ),
)
def reported_before(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """报告应在 3 月 1 日以前上报。公开日期晚于这一天的，提醒核对；当地另有期限的写在 reported（月-日）。"""
    try:
        last = date.fromisoformat(f"{report.year + 1}-{options['reported']}")
    except ValueError:
        message = say("LAW-002 的 reported 写的是“{value}”，应是 03-01 这样的月-日", value=options["reported"])
        yield report.finding("", message, key="rules", actual=str(options["reported"]))
        return
    if report.date is not None and report.date > last:
        message = say("公开日期 {date} 晚于上报期限 {last}，请核对是不是已经按期上报", date=report.date, last=last)
        yield report.finding("", message, key="date", expected=f"≤{last}", actual=str(report.date))


RULES = (published_in_time, reported_before)
