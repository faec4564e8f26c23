"""TRIAL: print a report with another value in each cell, to see what templates that are not ours make of it.

Two cells that change places are seen even where both are 0 in the report at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from baogao.files.resources import SearchPath, bundled_folder
from baogao.hooks.registry import Given
from baogao.language import say
from baogao.model.cells import Cell
from baogao.model.findings import Finding, Location, Severity
from baogao.model.jobs import Job, Renderer, ResourceKind
from baogao.model.report import Report, Section
from baogao.model.tables import Table
from baogao.rules.ruleset import RuleSet
from baogao.stages.render import rehearse_output

__all__ = ["is_ours", "try_templates"]

FIRST = 100001
"""The value of the first cell: as long as those after it, so that none is a part of another."""

NUMBERS = ("integer", "decimal", "float", "number")


@dataclass(frozen=True, slots=True)
class _Instead:
    """Resources with other templates in the place of some; None where there is to be none."""

    search: SearchPath
    templates: Mapping[str, Path | None]

    def find(self, kind: ResourceKind, name: str, section: str = "") -> Path | None:
        if kind == "templates" and name in self.templates:
            return self.templates[name]
        return self.search.find(kind, name, section)


def try_templates(
    given: Given[Renderer], job: Job, search: SearchPath, rules: RuleSet, templates: Mapping[str, Path]
) -> Iterator[Finding]:
    """Yield the errors of a trial print with these templates, by file name, that one with ours does not have."""
    trial = replace(job, report=_trial_report(job.report), resources=_Instead(search, templates))
    found = [finding for finding in rehearse_output(given, trial, rules) if _is_grave(rules, finding)]
    if not found:
        return
    ours = {name: _ours(search, name) for name in templates}
    known = set(map(_key, rehearse_output(given, replace(trial, resources=_Instead(search, ours)), rules)))
    for finding in _gathered(trial.report, (one for one in found if _key(one) not in known)):
        message = say("各格填上不同的数试印：{message}", message=finding.message)
        yield replace(finding, message=message, location=Location(str(_blamed(templates, finding))))


def is_ours(path: Path) -> bool:
    """Tell whether a template is a bundled one."""
    return path.is_relative_to(bundled_folder() / "templates")


def _ours(search: SearchPath, name: str) -> Path | None:
    return next(filter(is_ours, search.find_all("templates", name)), None)


def _is_grave(rules: RuleSet, finding: Finding) -> bool:
    return rules.settle(finding).severity is Severity.ERROR


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.path, finding.message


def _blamed(templates: Mapping[str, Path], finding: Finding) -> Path:
    """Return the template of the finding's section, or else the first."""
    own = (path for path in templates.values() if path.name.partition(".")[0] == finding.section)
    return next(own, next(iter(templates.values())))


def _gathered(report: Report, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings; those on every cell of a section are one."""
    found = list(findings)
    for section in report:
        cells = [path for table in section.tables for path in table.cells]
        wrong = [one for one in found if one.rule == "OUT-001" and one.section == section.id]
        if len(wrong) > 1 and len(wrong) == len(cells):
            found = [one for one in found if one not in wrong]
            message = say("“{section}”的 {count} 格都没有印在应在的地方", section=section.title, count=len(wrong))
            yield replace(wrong[0], path=section.id, message=message, cells=(), expected=None, actual=None)
    yield from found


def _trial_report(report: Report) -> Report:
    """Return the report with another value in each cell and each named sum."""
    numbers = count(FIRST)
    return replace(report, sections=tuple(_trial_section(section, numbers) for section in report))


def _trial_section(section: Section, numbers: count[int]) -> Section:
    body = (_trial_table(part, numbers) if isinstance(part, Table) else part for part in section.body)
    return replace(section, body=tuple(body))


def _trial_table(table: Table, numbers: count[int]) -> Table:
    cells = {path: _trial_cell(cell, next(numbers)) for path, cell in table.cells.items()}
    figures = {path: _trial_cell(cell, next(numbers)) for path, cell in table.figures.items()}
    return replace(table, cells=cells, figures=figures)


def _trial_cell(cell: Cell, number: int) -> Cell:
    is_number = cell.type.rules.get("type") in NUMBERS
    return replace(cell, value=number if is_number else f"〔{number}〕", typed=None, origin="typed")
