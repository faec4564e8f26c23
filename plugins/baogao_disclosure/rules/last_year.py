"""Rules that compare the tables with last year's; the equations among them stand in the schemas."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.figures import number, number_of, option, unassessable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report
    from baogao_disclosure.figures import Number

FORMS = ("disclosure",)
OVER, FORWARD = "requests.carried_over", "requests.carried_forward"
TWO: Mapping[str, int] = MappingProxyType({"requests.new_received.business": 2, "requests.disclosed.business": 2})


@rule(
    "XY-002",
    title="各类申请人的上年结转等于上一年的结转下年度",
    severity="warning",
    gate="数据关",
    basis="国办公开办函〔2021〕30号，表三；分类申请人逐列相等为推定",
    hint="核对两年的这一列；申请人类别改判、机构改革的，写情况说明",
    forms=FORMS,
    needs=("previous",),
    examples=(
        {
            "set": {f"{OVER}.business": 1, "requests.disclosed.business": 1},
            "previous": {"set": {"requests.new_received.business": 1, f"{FORWARD}.business": 1}},
            "passes": True,
        },
        {
            "set": {f"{OVER}.business": 1, "requests.disclosed.business": 1},
            "previous": {"set": {"requests.new_received.other": 1, f"{FORWARD}.other": 1}},
            "paths": [f"{OVER}.business", f"{OVER}.other"],
        },
    ),
)
def carried_by_applicant(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """每一类申请人，本年的“上年结转”等于上一年报告的“结转下年度继续办理”。总计列由 XY-001 核对。"""
    previous = report.previous or report
    columns = (path.removeprefix(f"{OVER}.") for path in report.cells() if path.startswith(f"{OVER}."))
    for column in (column for column in columns if column != "total" and previous.has(f"{FORWARD}.{column}")):
        over, forward = f"{OVER}.{column}", f"{FORWARD}.{column}"
        now, last = number(report, over), number(previous, forward)
        cells = (f"previous.{forward}", over)
        if now is None or last is None:
            yield unassessable(report, over, (path for path in cells if number(report, path) is None))
        elif now != last:
            message = say("本年填了 {now}，上一年报告结转 {last}", now=now, last=last)
            yield report.finding(over, message, cells=cells, expected=str(last), actual=str(now))


@rule(
    "XY-005",
    title="数字与上年没有悬殊",
    severity="info",
    gate="数据关",
    basis="实践：变化悬殊的要复核；倍数为推定",
    hint="核对两年的这一格；确实变化大的，在正文里说明原因",
    forms=FORMS,
    needs=("previous",),
    options={"factor": 10},
    examples=(
        {"set": TWO, "previous": {"set": dict.fromkeys(TWO, 20)}, "passes": True},
        {"set": TWO, "previous": {"set": dict.fromkeys(TWO, 21)}, "paths": list(TWO)},
        {"set": TWO, "previous": {}, "passes": True},
    ),
)
def no_outliers(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """同一格两年都不是 0 的，相差不超过 factor 倍（默认 10 倍）。合计、增减和两个版本口径不同的格不比。"""
    factor = option(options, "factor")
    for path, (now, last) in report.derived(_compared).items():
        if now is None or last is None or min(now, last) <= 0 or max(now, last) <= factor * min(now, last):
            continue
        name = report.cell_label(path)
        message = say("“{name}”本年 {now}，上年 {last}，相差很大", name=name, now=now, last=last)
        yield report.finding(path, message, cells=(f"previous.{path}", path), expected=str(last), actual=str(now))


@rule(
    "XY-006",
    title="表格没有照抄上年",
    severity="warning",
    gate="数据关",
    basis="国办公开办函〔2021〕30号：内容雷同的要追究；实践",
    hint="核对是否把上年的表格当成了本年的；确实相同的，写情况说明",
    forms=FORMS,
    needs=("previous",),
    examples=(
        {"previous": {}, "passes": True},
        {"set": TWO, "previous": {"set": dict.fromkeys(TWO, 3)}, "passes": True},
        {"set": TWO, "previous": {"set": TWO}, "paths": [""]},
    ),
)
def not_copied(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """各表的数字不会全部与上年相同（全为 0 的除外）；全部相同，多半是照抄。"""
    compared = report.derived(_compared)
    pairs = [(now, last) for now, last in compared.values() if now is not None and last is not None]
    if any(now != last for now, last in pairs) or not any(now for now, _ in pairs):
        return
    if blanks := [path for path, values in compared.items() if None in values]:
        yield unassessable(report, "", blanks[:3])
    else:
        message = say("各表的 {count} 个数字与上年完全相同", count=len(pairs))
        yield report.finding("", message, actual=str(len(pairs)))


def _compared(report: Report) -> dict[str, tuple[Number | None, Number | None]]:
    """Return this year's and last year's number of each cell that means the same in both and is no sum."""
    last = report.previous.cells() if report.previous else {}
    sums = _sums(report)
    return {
        path: (number_of(cell), number_of(last[path]))
        for path, cell in report.cells().items()
        if path in last and path not in sums and _comparable(report, path)
    }


def _sums(report: Report) -> set[str]:
    """Return the cells that follow from others, and those that are differences already."""
    specs = (spec for section in report for table in section.tables for spec in table.specs().values())
    return {spec.path for spec in specs if spec.computed or spec.column.id == "change"}


def _comparable(report: Report, path: str) -> bool:
    """Tell whether a cell means the same in the edition of last year's report."""
    if report.previous is None or report.previous.edition == report.edition:
        return True
    return not any(f"{path}.".startswith(f"{name}.") for name in report.not_comparable)


RULES = (carried_by_applicant, no_outliers, not_copied)
