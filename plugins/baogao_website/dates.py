"""The rules on dates: when the table is filled in and when it is published."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from baogao import Severity, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

BASIS = "国办函〔2018〕12号"
FILLED_IN = "signing.day.value"


@rule(
    "WEB-001",
    title="按期公布",
    gate="文字关",
    basis=BASIS,
    hint="改正 report.yaml 的 date；确实逾期的写情况说明",
    forms=("website",),
    examples=(
        {"date": "2025-01-31", "passes": True},
        {"date": "2025-02-01", "paths": [""]},
        {"date": "2024-12-31", "paths": [""]},
        {"date": None, "paths": [""]},
    ),
)
def published_in_time(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """报表在年度结束之后、次年 1 月 31 日以前在网站首页显著位置公布，公布日期写在 report.yaml 的 date 里。"""
    first, last = date(report.year + 1, 1, 1), report.last_day
    if report.date is None:
        yield report.finding("", say("没有公布日期"), key="date")
    elif last and not first <= report.date <= last:
        message = say("公布日期 {date} 不在 {first} 至 {last} 之间", date=report.date, first=first, last=last)
        yield report.finding("", message, key="date", expected=f"{first}–{last}", actual=str(report.date))


@rule(
    "WEB-002",
    title="填报日期在年度结束之后、公布之前",
    severity=Severity.WARNING,
    gate="文字关",
    basis="国办函〔2018〕12号（推定）",
    hint="核对填报日期和 report.yaml 的 date",
    section="signing",
    forms=("website",),
    examples=(
        {"set": {FILLED_IN: "2025-01-20"}, "passes": True},
        {"set": {FILLED_IN: "2024-12-30"}, "paths": [FILLED_IN]},
        {"set": {FILLED_IN: "2025-01-21"}, "paths": [FILLED_IN]},
    ),
)
def filled_in_before(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """全年的数要到年末才有，所以填报日期在次年；先填报，后公布。空着的、写坏的日期另有规则报告。"""
    written = str(report.cell(FILLED_IN).value or "")
    if not written:
        return
    day = date.fromisoformat(written)
    if day.year <= report.year or (report.date is not None and day > report.date):
        message = say("填报日期 {day} 不在年度结束之后、公布日期之前", day=day)
        yield report.finding(FILLED_IN, message, cells=(FILLED_IN,), actual=written)


RULES = (published_in_time, filled_in_before)
