"""Try a report: the clean sample of a form with a few words changed, or a report folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baogao.language import Message, listed, say

if TYPE_CHECKING:
    from baogao.hooks.loading import Selection
    from baogao.model.findings import Finding
    from baogao.model.jobs import Artifact
    from baogao.model.report import Report
    from baogao.pipeline import Opened
    from baogao.samples import Data
    from baogao.stages.outcome import Outcome
    from baogao.stages.survey import Surveyed

__all__ = ["TriedReport", "Written", "try_report"]

Written = Mapping[str, Any] | str | Path | None
"""What is written of a report: as in report.yaml, or the folder where it stands."""


@dataclass(frozen=True)
class TriedReport:
    """A report that was read; it is checked and rendered when that is asked for."""

    opened: Opened

    @property
    def report(self) -> Report:
        """Return the report as rules and renderers see it."""
        return self.opened.report

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return all that `baogao check` finds."""
        from baogao import pipeline

        return pipeline.check(self.opened).findings

    @property
    def found(self) -> list[tuple[str, str]]:
        """Return the rule and the path of each finding, sorted."""
        return sorted((finding.rule, finding.path) for finding in self.findings)

    def artifact(self, output: str) -> Artifact:
        """Return what an output makes, such as `docx` or `docx/filing`; raise AssertionError where it cannot."""
        outcome, name = self._rendered(output)
        return dict(zip(outcome.printed, outcome.artifacts, strict=True))[name]

    def printed(self, output: str) -> dict[str, str]:
        """Return what is read back of an artifact: cells by path, paragraphs as `section#1`, titles by section."""
        outcome, name = self._rendered(output)
        return dict(outcome.printed[name])

    def text(self, output: str, section: str = "") -> str:
        """Return what is printed as lines in the order of the report, for a golden file: of one section, or of all."""
        printed = self.printed(output)
        paths = [path for path in _in_order(self.report) if path in printed]
        paths += sorted(printed.keys() - paths)
        wanted = (path for path in paths if not section or _section_of(path) == section)
        return "".join(f"{path}  {printed[path]}\n" for path in wanted)

    def _rendered(self, output: str) -> tuple[Outcome, str]:
        """Return what was made, and the name of the output in it; a report with errors is made as a draft."""
        from baogao import pipeline

        renderer, _, profile = output.partition("/")
        checked = pipeline.check(self.opened, to=(renderer,))
        outcome = pipeline.rehearse(self.opened, to=(renderer,), draft=not checked.ok)
        made = [name for name in outcome.printed if name.startswith(f"{renderer}/{profile}")]
        wrong = [found for found in outcome.findings if found not in checked.findings and found.severity == "error"]
        if wrong or not made:
            raise AssertionError(_not_made(output, wrong or checked.findings, tuple(outcome.printed)))
        return outcome, made[0]


def _in_order(report: Report) -> Iterator[str]:
    """Yield the paths of titles, paragraphs and cells as the report has them, whatever the output prints first."""
    yield ""
    for section in report:
        yield section.id
        yield from (f"{section.id}#{number}" for number, _ in enumerate(section.blocks, 1))
        yield from (path for table in section.tables for path in table.cells)


def _section_of(path: str) -> str:
    return path.partition("#")[0].partition(".")[0]


def _not_made(output: str, findings: Iterable[Finding], made: tuple[str, ...]) -> Message:
    said = "\n".join(f"  {found.rule} {found.path} {found.message}" for found in findings)
    return say("输出“{output}”没有做好；做好的：{made}\n{findings}", output=output, made=listed(made), findings=said)


def try_report(
    written: Written = None, *, plugins: Iterable[str | Path] = (), previous: Written = None, **changes: Any
) -> TriedReport:
    """Return a report to try; raise InputError where it cannot be read, ValueError for changes that say nothing.

    `written` is in the shape of report.yaml, with the sections inline, and goes over the clean sample of its form;
    or it is a report folder. `changes` are those of a rule's examples: `set`, `text`, `title`, `unit`, `year`, `date`.
    `plugins` are files that no environment has installed; `previous` is the report of the year before, or its folder.
    """
    from baogao.hooks.loading import Selection

    local = tuple(Path(path).absolute() for path in plugins)
    selection = Selection.of_environment().and_also(Selection(local=local))
    opened = _opened(written, changes, selection)
    if previous is None:
        return TriedReport(opened)
    if isinstance(previous, Mapping):
        previous = {"year": opened.project.year - 1, **previous}
    return TriedReport(_opened(written, changes, selection, _opened(previous, {}, selection).report))


def _opened(
    written: Written, changes: Mapping[str, Any], selection: Selection, previous: Report | None = None
) -> Opened:
    from baogao import pipeline
    from baogao.samples import sample_document
    from baogao.stages.load import project_of, read_project
    from baogao.stages.survey import NOWHERE

    if isinstance(written, str | Path):
        if changes:
            raise ValueError(say("报告文件夹 {folder} 照原样读，不能再改", folder=str(written)))
        return pipeline.open_project(read_project(Path(written)), selection, previous)
    data = _sampled(_plain(written or {}), _plain(changes), selection)
    return pipeline.open_project(project_of(NOWHERE, sample_document(data)), selection, previous)


def _sampled(data: Data, changes: Data, selection: Selection) -> Data:
    """Return the clean sample with what was written over it, and then the changes."""
    from baogao.definitions.defaults import read_defaults
    from baogao.designing import sample_of, surveyed_edition
    from baogao.hooks.registry import open_registry
    from baogao.samples import changed, with_section

    form, edition = data.get("form", read_defaults().form), str(data.get("edition", ""))
    surveyed = surveyed_edition(open_registry(selection), form, edition, data.get("year"))
    _refuse_senseless(changes, surveyed)
    merged = _merged(dict(sample_of(surveyed)), data)
    schemas = {section.id: section.schema for section in surveyed.plan.sections}
    for name in _sections_in(changes):
        merged = with_section(merged, schemas[name])
    return changed(merged, changes)


def _merged(sample: Data, data: Data) -> Data:
    """Put what was written over the sample: unit and sections name by name, everything else whole."""
    for key in ("unit", "sections"):
        data[key] = {**sample.get(key, {}), **data.get(key, {})}
    return {**sample, **data}


def _refuse_senseless(changes: Data, surveyed: Surveyed) -> None:
    """Raise ValueError for changes of a wrong shape, or of cells and sections that there are not."""
    from baogao.samples import faults_of, names_amiss

    tables = {section.id: section.schema.table for section in surveyed.plan.sections}
    faults = faults_of({**changes, "passes": True}) or tuple(names_amiss(changes, tables))
    if faults:
        raise ValueError(faults[0])


def _sections_in(changes: Data) -> list[str]:
    """Return the sections that changes are about."""
    named = (path.partition(".")[0] for path in changes.get("set", {}))
    return list(dict.fromkeys([*named, *changes.get("text", {})]))


def _plain(value: Any) -> Any:
    """Return Python values as report.yaml has them: a fraction is a Decimal, a date and yes or no are words."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return Decimal(repr(value))
    return value.isoformat() if isinstance(value, date) else value
