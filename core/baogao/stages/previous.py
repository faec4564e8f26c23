"""Judge whether last year's report is one that this report can be compared with, and whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.report import Head, Report
from baogao.rules.ruleset import RuleSet

__all__ = ["comparable", "judge_previous", "of_previous"]


def comparable(head: Head, previous: Report | None) -> Report | None:
    """Return last year's report, or None where it is none: another form, another year."""
    is_last = previous is not None and _are_alike(head, previous) and previous.year == head.year - 1
    return previous if is_last else None


def _are_alike(head: Head, previous: Report) -> bool:
    """Tell whether both are of one form, or extend one."""
    return bool({form for form, _ in head.lineage} & {form for form, _ in previous.lineage})


def judge_previous(head: Head, previous: Report | None, rules: RuleSet) -> Iterator[Finding]:
    """Yield what is wrong with the report that `--previous` named: its form, its year, its unit, its own files."""
    if previous is None:
        return
    folder = previous.folder
    if not _are_alike(head, previous):
        kinds = {"this": head.form, "that": previous.form}
        yield _finding(say("{folder} 是另一种报告（{that}），这一份是 {this}", folder=folder, **kinds))
    if previous.year != head.year - 1:
        years = {"this": head.year, "that": previous.year}
        yield _finding(say("{folder} 是 {that} 年度的报告，不是 {this} 年度的上一年", folder=folder, **years))
    if previous.unit.name != head.unit.name:
        names = {"this": head.unit.name, "that": previous.unit.name}
        yield _finding(say("{folder} 是“{that}”的报告，这一份是“{this}”的", folder=folder, **names), Severity.WARNING)
    if comparable(head, previous):
        settled = map(rules.settle, previous.input_findings)
        faults = [fault for fault in settled if fault.severity is Severity.ERROR and not _looks_further_back(fault)]
        yield from of_previous(Path(folder), faults)


def of_previous(folder: Path, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what is wrong in last year's folder as findings of this report, each with that folder in its place."""
    for finding in findings:
        message = say("上一年的报告有误：{rule} {message}", rule=finding.rule, message=finding.message)
        inner = finding.location or Location("")
        place = replace(inner, file=str(folder / inner.file))
        yield replace(_finding(message), location=place, hint=finding.hint)


def _looks_further_back(fault: Finding) -> bool:
    """Tell whether a text binds a number of the year before: last year's report is opened without it."""
    return fault.rule == "NAR-101" and any(path.startswith("previous.") for path in fault.cells)


def _finding(message: Message, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(message, rule="SRC-014", severity=severity)
