"""The rule on the last day of publication."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from baogao import rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)


@rule(
    "PRC-001",
    title="按期公布",
    gate="文字关",
    basis="条例第四十九条；乡镇、街道按部门的期限为推定",
    hint="改正 date；当地期限更早的，写 rules: {PRC-001: {deadline: 01-26}}；确实逾期的写情况说明",
    forms=FORMS,
    options={"deadline": ""},
    examples=(
        {"year": 2020, "date": "2021-01-31", "passes": True},
        {"year": 2020, "date": "2021-03-31", "unit": {"kind": "government"}, "passes": True},
        {"year": 2020, "date": "2021-02-01", "paths": [""]},
        {"year": 2020, "date": "2021-01-28", "options": {"deadline": "01-26"}, "paths": [""]},
    ),
)
def published_in_time(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """部门的报告在次年 1 月 31 日前公布，政府的在 3 月 31 日前；当地另有期限的写在 deadline（月-日）。

    没有写公布日期的，由 META-009 报告。
    """
    wanted = str(options["deadline"] or report.due.get(report.unit.kind, ""))
    if report.date is None or not wanted:
        return
    try:
        last = date.fromisoformat(f"{report.year + 1}-{wanted}")
    except ValueError:
        message = say("PRC-001 的 deadline 写的是“{value}”，应是 01-26 这样的月-日", value=wanted)
        yield report.finding("", message, key="rules", actual=wanted)
        return
    if report.date > last:
        message = say("公布日期 {date} 晚于期限 {last}", date=report.date, last=last)
        yield report.finding("", message, key="date", expected=f"≤{last}", actual=str(report.date))


RULES = (published_in_time,)
