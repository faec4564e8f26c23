"""The rule on amounts of money typed in the wrong unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.figures import number, option, unassessable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)
FEES = "proactive.fees.amount"


@rule(
    "T2-004",
    title="收费金额以万元计",
    severity="warning",
    gate="数据关",
    basis="国办公开办函〔2021〕30号，表二；数额界限为推定",
    hint="把元换算成万元；金额确实这么大的，写情况说明，或改 rules: {T2-004: {limit: …}}",
    forms=FORMS,
    editions=("2021",),
    options={"limit": 10000, "factor": 1000},
    examples=(
        {"set": {FEES: 5}, "previous": {"set": {FEES: 6}}, "passes": True},
        {"set": {FEES: 53600}, "unit": {"kind": "government"}, "passes": True},
        {"set": {FEES: 53600}, "paths": [FEES]},
        {"set": {FEES: 9000}, "previous": {"set": {FEES: 1}}, "paths": [FEES]},
    ),
)
def amount_in_10k(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """单位是万元，不是元。一个部门或乡镇的收费超过 limit 万元，或比上年大或小到 factor 倍以上，多半填成了元。"""
    amount = number(report, FEES)
    if amount is None:
        yield unassessable(report, FEES, [FEES])
        return
    last = number(report.previous, FEES) if report.previous else None
    limit, factor = option(options, "limit"), option(options, "factor")
    if report.unit.kind != "government" and amount > limit:
        message = say("填了 {amount} 万元，超过 {limit} 万元，是不是把元填成了万元？", amount=amount, limit=limit)
        yield report.finding(FEES, message, cells=(FEES,), actual=str(amount))
    elif last and amount and max(last, amount) >= factor * min(last, amount):
        message = say("填了 {amount} 万元，上年是 {last} 万元，是不是元和万元弄混了？", amount=amount, last=last)
        yield report.finding(FEES, message, cells=(FEES, f"previous.{FEES}"), expected=str(last), actual=str(amount))


RULES = (amount_in_10k,)
