"""章节 `fees`：信息处理费收取情况，和一条关于它的规则。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Severity, hookimpl, rule, section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report, Rule, SectionProvider

fees = section(
    "fees", forms=("disclosure",)
)  # schemas/fees.yaml、templates/fees.docx、templates/fees.html 就在本文件旁边


@rule(
    "FEES-001",
    title="有收费通知的应有金额",
    severity=Severity.WARNING,
    gate="数据关",
    basis="国办函〔2020〕109号",
    hint="核对收费通知的件数和金额；没有发出通知的，件数也填 0",
    section="fees",
    examples=(
        {"set": {"fees.per_page.notices": 1, "fees.per_page.noticed": 150}, "passes": True},
        {"set": {"fees.per_page.notices": 1, "fees.per_page.noticed": 0}, "paths": ["fees.per_page.noticed"]},
    ),
)
def noticed_has_amount(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """发出了收费通知的，通知金额不应为零；空着的格另有规则报告，这里不管。"""
    for row in ("per_piece", "per_page"):
        notices, noticed = report.cell(f"fees.{row}.notices"), report.cell(f"fees.{row}.noticed")
        if notices.value and noticed.value == 0:
            message = f"发出收费通知{notices.text()}件，通知金额为0元"
            yield report.finding(noticed.path, message, cells=(notices.path, noticed.path))


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """提供章节；report.yaml 写了它，它才出现在报告里。"""
    return [fees]


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """提供用 Python 写的规则；能写成算式的，写在 schemas/fees.yaml 里更省事。"""
    return [noticed_has_amount]
