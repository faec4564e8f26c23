"""The clean sample of each edition, with figures, words and other things changed, and what one rule finds in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from baogao import Finding, Location, Report
from baogao.files.resources import SearchPath
from baogao.hooks.loading import Selection
from baogao.model.rules import Rule
from baogao.narrative.markdown import parse_markdown
from baogao.pipeline import Opened, open_project
from baogao.samples import read_sample, sample_document
from baogao.stages.compute import compute
from baogao.stages.load import project_of
from baogao.stages.survey import NOWHERE

Found = list[tuple[str, str]]


@cache
def opened(edition: str) -> Opened:
    """Return the clean sample of an edition."""
    data = read_sample(SearchPath(None, "disclosure", edition))
    assert data is not None
    return open_project(project_of(NOWHERE, sample_document(data)), Selection())


def rule_of(rule_id: str, edition: str) -> Rule:
    found = opened(edition).rules.rules[rule_id]
    assert isinstance(found, Rule)
    return found


def with_text(report: Report, **texts: str) -> Report:
    """Return the report with the words of these sections changed."""

    def body(section: str) -> tuple[Any, ...]:
        return parse_markdown(texts[section], section, Location(f"{section}.md", 1, 1)).blocks

    sections = (replace(part, body=body(part.id)) if part.id in texts else part for part in report)
    return replace(report, sections=tuple(sections))


def with_cells(report: Report, cells: Mapping[str, Any]) -> Report:
    """Return the report with these cells set, and the sums that follow from them."""
    known = report.cells()
    assert set(cells) <= set(known), set(cells) - set(known)
    sections = (
        replace(part, body=(*part.blocks, *(compute(_set(table, cells)).table for table in part.tables)))
        for part in report
    )
    return replace(report, sections=tuple(sections))


def _set(table: Any, cells: Mapping[str, Any]) -> Any:
    def cell(path: str, old: Any) -> Any:
        if path in cells:
            return replace(old, value=cells[path], origin="blank" if cells[path] is None else "typed")
        return replace(old, value=None, origin="blank") if old.origin == "computed" else old

    return replace(table, cells={path: cell(path, old) for path, old in table.cells.items()})


def changed(report: Report, *, cells: Mapping[str, Any] = {}, unit: Mapping[str, Any] = {}, **more: Any) -> Report:
    """Return the report with cells, unit, head (year, date, title, previous) and the words of sections changed."""
    head = {name: more.pop(name) for name in ("year", "date", "title", "previous", "edition") if name in more}
    if isinstance(head.get("date"), str):
        head["date"] = date.fromisoformat(head["date"])
    report = replace(report, unit=replace(report.unit, **unit), **head)
    return with_text(with_cells(report, cells) if cells else report, **more)


@pytest.fixture
def sample() -> Callable[..., Report]:
    """Return the clean sample of an edition with changes."""
    return lambda edition="2021", **changes: changed(opened(edition).report, **changes)


@pytest.fixture
def findings() -> Callable[..., list[Finding]]:
    """Return what one rule finds in a report; a rule that does not apply finds nothing."""

    def judge(rule_id: str, report: Report, **options: Any) -> list[Finding]:
        rule = rule_of(rule_id, report.edition)
        if not rule.scope.covers(report) or ("previous" in rule.needs and report.previous is None):
            return []
        return list(rule.check(report, {**rule.options, **options}))

    return judge


@pytest.fixture
def found(findings: Callable[..., list[Finding]]) -> Callable[..., Found]:
    """Return where one rule finds something in a report, and what its words or its state are."""

    def judge(rule_id: str, report: Report, **options: Any) -> Found:
        return [
            (finding.path, "?" if finding.state == "unassessable" else finding.quote)
            for finding in findings(rule_id, report, **options)
        ]

    return judge
