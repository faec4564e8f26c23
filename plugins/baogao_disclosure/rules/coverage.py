"""The rule on how long chapter one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)


@rule(
    "STR-008",
    title="总体情况不超过规定字数",
    severity="warning",
    gate="文字关",
    basis="实践：有的地方 2025 年起要求总体情况在 1000 字左右",
    hint="压缩文字；当地另有规定的，在 report.yaml 里写 rules: {STR-008: {limit: 1500}}",
    forms=FORMS,
    editions=("2021",),
    options={"limit": 1000},
    examples=(
        {"passes": True},
        {"text": {"overview": "在政府网站公开信息，按时答复申请。" * 60}, "paths": ["overview"]},
        {"text": {"overview": "在政府网站公开信息，按时答复申请。" * 60}, "options": {"limit": 2000}, "passes": True},
    ),
)
def overview_length(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """第一章的字数，连标点和小标题，不算空白，不超过 limit（默认 1000 字）。全国没有统一规定，各地不同。"""
    section = report.section("overview")
    count = len("".join(section.text.split())) if section else 0
    limit = int(options["limit"])
    if count > limit:
        message = say("有 {count} 字，超过 {limit} 字", count=count, limit=limit)
        yield report.finding("overview", message, expected=f"≤{limit}", actual=str(count))


RULES = (overview_length,)
