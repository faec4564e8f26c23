"""The way of the data, told from the top: load, provide, validate, assemble, validate, render, read back, write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from baogao.definitions.lexicons import read_lexicons
from baogao.errors import InputError, OutputError
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry
from baogao.model.findings import Severity
from baogao.model.forms import Edition
from baogao.model.report import Report
from baogao.rules.ruleset import RuleSet, configured
from baogao.rules.running import run_rules
from baogao.stages.assemble import assemble
from baogao.stages.drafting import drafted
from baogao.stages.head import head_of
from baogao.stages.load import Project, read_project
from baogao.stages.outcome import Outcome
from baogao.stages.outputs import Wanted, unfilled, wanted_outputs
from baogao.stages.places import Places
from baogao.stages.plan import Plan
from baogao.stages.previous import comparable, judge_previous, of_previous
from baogao.stages.provide import provide, unused_files
from baogao.stages.quarantine import needed_and_not, unknown_names
from baogao.stages.render import annotate_outputs, render_outputs
from baogao.stages.settle import explained, rules_on, settled, undecided, waived, without_others
from baogao.stages.source import places_in, source_of
from baogao.stages.templates import judge_templates, stray_templates, untold
from baogao.stages.workshop import Workshop
from baogao.stages.write import same_names, write_artifacts
from baogao.waivers.reading import Waivers, read_waivers

__all__ = [
    "Opened",
    "Outcome",
    "build",
    "check",
    "explained",
    "open_previous",
    "open_project",
    "open_report",
    "rehearse",
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A report folder, read: the report, and all it takes to check and to render it."""

    project: Project
    registry: Registry
    edition: Edition
    plan: Plan
    rules: RuleSet
    report: Report
    selection: Selection
    waivers: Waivers = field(default_factory=Waivers)


def open_report(
    folder: Path, selection: Selection | None = None, *, previous: Path | None = None, workshop: Workshop | None = None
) -> Opened:
    """LOAD, PROVIDE, VALIDATE the shape, ASSEMBLE; raise InputError where there is no report to work on.

    `previous` is the folder of last year's report, for the rules and bindings that need it; a `workshop` spares many
    reports what they have in common.
    """
    workshop = workshop or Workshop()
    selection = selection or Selection.of_environment()
    try:
        last_year = open_previous(previous, selection, workshop) if previous else None
        return open_project(read_project(folder), selection, last_year, workshop)
    except InputError as error:
        raise explained(error) from error


def open_previous(folder: Path, selection: Selection, workshop: Workshop) -> Report:
    """Return the report of the year before; what is wrong with it is said to be so of that folder."""
    try:
        return open_project(read_project(folder), selection, workshop=workshop).report
    except InputError as error:
        raise InputError(of_previous(folder, error.findings)) from error


def open_project(
    project: Project,
    selection: Selection,
    previous: Report | None = None,
    workshop: Workshop | None = None,
    waivers: Waivers | None = None,
) -> Opened:
    """Return the report of a project that has been read; its waivers are in its folder where none are given."""
    selection = project.selection.and_also(selection)
    workshop = workshop or Workshop()
    registry = workshop.registry(selection)
    edition, plan, known = workshop.layout(project, selection)
    project = project.made_as(edition)
    rules = configured(known, project.rules, project.document)
    waivers = waivers or read_waivers(project.files)
    head = head_of(project, edition, plan)
    provided = tuple(provide(section, project, head, registry) for section in plan.sections)
    lexicon = read_lexicons(project.folder, project.lexicons, project.document)
    last_year = comparable(head, previous)
    parts = assemble(provided, head, rules, last_year)
    prescribed = frozenset((*(chapter.section for chapter in edition.chapters), *edition.added))
    report = Report(
        **vars(head),
        sections=parts.sections,
        folder=str(project.folder.absolute()),
        previous=last_year,
        lexicon=lexicon.words,
        patterns=tuple(pattern for section in plan.sections for pattern in section.schema.numbers),
        source=source_of(project, provided, waivers),
        places=Places(places_in(project), parts.places),
        input_findings=(
            *project.document.problems,
            *plan.problems,
            *lexicon.problems,
            *parts.findings,
            *judge_previous(head, previous, rules),
            *unused_files(project, provided, registry, prescribed),
            *stray_templates(project.folder, registry, [section.id for section in plan.sections]),
        ),
    )
    return Opened(project, registry, edition, plan, rules, report, selection, waivers)


def check(opened: Opened, report: Report | None = None, *, to: tuple[str, ...] = ()) -> Outcome:
    """VALIDATE the meaning: run every rule that needs no artifact, on the report or on a changed one.

    `to` names the outputs that are wanted, by default those of report.yaml.
    """
    return _checked(opened, report or opened.report, wanted_outputs(opened.project, opened.registry, to))


def build(
    opened: Opened,
    out: Path,
    *,
    to: tuple[str, ...] = (),
    draft: bool = False,
    annotate: bool = False,
    verify: bool = True,
) -> Outcome:
    """Check, RENDER, READ BACK, VALIDATE the artifacts and WRITE them: all or none.

    `annotate` adds a copy of each with the findings marked in it, even where they forbid the report itself. Without
    `verify` nothing is read back.
    """
    wanted = wanted_outputs(opened.project, opened.registry, to)
    outcome, fit = _checked(opened, opened.report, wanted), False
    if outcome.ok or draft:
        outcome, fit = _rendered(opened, outcome, wanted, draft=draft, verify=verify)
    outcome = outcome if fit else replace(outcome, artifacts=())
    outcome = _annotated(opened, outcome, wanted, draft=not fit or draft) if annotate else outcome
    return _written(opened, outcome, out) if outcome.artifacts else outcome


def rehearse(opened: Opened, *, to: tuple[str, ...] = (), draft: bool = False) -> Outcome:
    """Do all that `build` does, except WRITE; artifacts that may not be written are there too."""
    wanted = wanted_outputs(opened.project, opened.registry, to)
    checked = _checked(opened, opened.report, wanted)
    return _rendered(opened, checked, wanted, draft=draft)[0] if checked.ok or draft else checked


def _checked(opened: Opened, report: Report, wanted: Wanted) -> Outcome:
    """VALIDATE the meaning, and the templates in use."""
    report = replace(report, outputs=wanted.planned)
    rules, registry = opened.rules, opened.registry
    ran = run_rules(rules, report)
    templates = judge_templates(report, wanted.usable, opened.plan.search, rules)
    told = (*report.input_findings, *rules.problems, *wanted.problems, *unfilled(wanted.planned))
    found = (*told, *templates, *ran.findings)
    needed, unneeded = needed_and_not(registry, opened.plan, found)
    late = undecided(ran.skipped, opened.waivers, rules, registry)
    judged = waived(opened.waivers, (*needed, *found), report, rules, lambda rule: rule not in late)
    return Outcome(
        report,
        settled(rules, report, (*opened.waivers.problems, *judged)),
        rules,
        skipped=without_others(ran.skipped, rules, wanted.renderers),
        ran=ran.rules,
        notes=(*unneeded, *unknown_names(registry, opened.selection)),
    )


def _rendered(
    opened: Opened, checked: Outcome, wanted: Wanted, *, draft: bool, verify: bool = True
) -> tuple[Outcome, bool]:
    """RENDER, READ BACK, VALIDATE; return the outcome, and whether its artifacts may be written."""
    rules = opened.rules
    report = drafted(checked.report, opened.plan) if draft else checked.report
    rendered = render_outputs(report, wanted.usable, opened.plan.search, rules, draft=draft, verify=verify)
    twice = tuple(same_names(rendered.artifacts, opened.project.document.locate("outputs")))
    judging = rules_on(rules, wanted.renderers)
    judged = waived(opened.waivers, rendered.findings, report, rules, judging.__contains__)
    found = settled(rules, report, judged)
    forbidding = any(finding.severity is Severity.ERROR and not finding.waived for finding in found)
    unmade = () if forbidding else rendered.unmade
    outcome = replace(
        checked,
        findings=settled(rules, report, (*checked.findings, *untold(found, checked.findings), *unmade, *twice)),
        artifacts=rendered.artifacts,
        printed=rendered.printed,
        skipped=tuple(skip for skip in checked.skipped if skip.rule not in judging),
        verified=verify,
    )
    return outcome, not (twice or forbidding or unmade)


def _annotated(opened: Opened, outcome: Outcome, wanted: Wanted, *, draft: bool) -> Outcome:
    """Return the outcome with the annotated copies beside its artifacts."""
    report = drafted(outcome.report, opened.plan) if draft else outcome.report
    marked = annotate_outputs(report, wanted.usable, opened.plan.search, outcome.findings, draft=draft)
    problems = settled(opened.rules, report, marked.findings)
    more = (problem for problem in problems if problem not in outcome.findings)
    return replace(outcome, findings=(*outcome.findings, *more), artifacts=(*outcome.artifacts, *marked.artifacts))


def _written(opened: Opened, outcome: Outcome, out: Path) -> Outcome:
    """WRITE all artifacts; where that fails nothing has changed on the disk."""
    try:
        return replace(outcome, written=write_artifacts(out, outcome.artifacts))
    except OutputError as error:
        findings = settled(opened.rules, outcome.report, (*outcome.findings, *error.findings))
        return replace(outcome, findings=findings)
