"""Rules on what chapter one speaks of, and at what length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import listed, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)
ASPECTS: Mapping[str, re.Pattern[str]] = {
    "主动公开": re.compile("主动公开"),
    "依申请公开": re.compile("依申请|申请公开|公开申请"),
    "政府信息管理": re.compile(r"信息[^，。；\n]{0,12}管理|管理[^，。；\n]{0,6}信息"),
    "政府信息公开平台建设": re.compile(r"平台|网站[^，。；\n]{0,10}(?:建设|维护|管理)|新媒体"),
    "监督保障": re.compile("监督|考核|培训|责任追究|组织保障|组织领导"),
}
RESULTS: Mapping[str, re.Pattern[str]] = {
    "工作考核": re.compile("考核"),
    "社会评议": re.compile("评议"),
    "责任追究结果": re.compile("追究|问责"),
}
FIVE = "## （一）主动公开\n## （二）依申请公开\n## （三）政府信息管理\n## （四）平台建设\n"


@rule(
    "STR-006",
    title="总体情况写到五个方面",
    severity="warning",
    gate="文字关",
    basis="国办公开办函〔2021〕30号",
    hint="补写缺少的方面；没有工作的也说明情况",
    forms=FORMS,
    editions=("2021",),
    examples=(
        {"text": {"overview": FIVE + "## （五）监督保障\n开展培训。"}, "passes": True},
        {"text": {"overview": FIVE}, "paths": ["overview"]},
    ),
)
def five_aspects(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """第一章写主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面。按关键词判断，可能有误。"""
    section = report.section("overview")
    missing = [name for name, words in ASPECTS.items() if section and not words.search(section.text)]
    if section and section.text and missing:
        said = listed(missing)
        yield report.finding("overview", say("没有看到这些方面：{missing}", missing=said), actual=said)


@rule(
    "STR-007",
    title="政府的报告写到工作考核、社会评议、责任追究结果",
    severity="warning",
    gate="文字关",
    basis="条例第五十条第（四）项",
    hint="在“监督保障”里补写考核、评议、责任追究的结果；没有的写明没有",
    forms=FORMS,
    kinds=("government",),
    examples=(
        {"unit": {"kind": "government"}, "text": {"overview": "开展考核和社会评议，未发生责任追究。"}, "passes": True},
        {"unit": {"kind": "department"}, "text": {"overview": "在政府网站公开信息。"}, "passes": True},
        {"unit": {"kind": "government"}, "text": {"overview": "在政府网站公开信息。"}, "paths": ["overview"]},
    ),
)
def results_of_supervision(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """各级人民政府的报告还应包括工作考核、社会评议和责任追究结果情况，写在哪一章都可以。按关键词判断，可能有误。"""
    text = "\n".join(section.text for section in report)
    missing = [name for name, words in RESULTS.items() if not words.search(text)]
    if missing:
        said = listed(missing)
        yield report.finding("overview", say("没有看到：{missing}", missing=said), actual=said)


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


RULES = (five_aspects, results_of_supervision, overview_length)
