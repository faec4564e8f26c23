"""Judge whether last year's report is one that this report can be compared with."""

from __future__ import annotations

from collections.abc import Iterator

from baogao.language import Message, say
from baogao.model.findings import Finding, Severity
from baogao.model.report import Head, Report

__all__ = ["judge_previous"]


def judge_previous(head: Head, previous: Report | None) -> Iterator[Finding]:
    """Yield what is wrong with the report that `--previous` named: its form, its year, its unit."""
    if previous is None:
        return
    folder = previous.folder
    if previous.form != head.form:
        kinds = {"this": head.form, "that": previous.form}
        yield _finding(say("{folder} 是另一种报告（{that}），这一份是 {this}", folder=folder, **kinds))
    if previous.year != head.year - 1:
        years = {"this": head.year, "that": previous.year}
        yield _finding(say("{folder} 是 {that} 年度的报告，不是 {this} 年度的上一年", folder=folder, **years))
    if previous.unit.name != head.unit.name:
        names = {"this": head.unit.name, "that": previous.unit.name}
        yield _finding(say("{folder} 是“{that}”的报告，这一份是“{this}”的", folder=folder, **names), Severity.WARNING)


def _finding(message: Message, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(message, rule="SRC-014", severity=severity)
