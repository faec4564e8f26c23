"""The way of the data, told from the top: load, provide, validate, assemble, validate, render, read back, write."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from jinja2 import TemplateError

from baogao.definitions.lexicons import read_lexicons
from baogao.errors import InputError
from baogao.files.writing import write_all
from baogao.hooks.discovery import COMMANDS, canonical, installed
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry
from baogao.language import near, say, spoken
from baogao.model.findings import Finding, Location, Severity, State
from baogao.model.forms import Edition
from baogao.model.jobs import Artifact, Output
from baogao.model.report import Head, Report
from baogao.model.rules import ArtifactRule
from baogao.rules.ruleset import RuleSet, configured, engine_rules
from baogao.rules.running import Skipped, run_rules
from baogao.stages.assemble import assemble
from baogao.stages.drafting import drafted
from baogao.stages.load import Project, read_project
from baogao.stages.outputs import Usable, planned_output, unfilled, usable_outputs
from baogao.stages.plan import Plan
from baogao.stages.previous import comparable, judge_previous, of_previous
from baogao.stages.provide import Provided, provide, unused_files
from baogao.stages.render import Rendered, annotate_outputs, render_outputs
from baogao.stages.templates import judge_templates, stray_templates, untold
from baogao.stages.workshop import Workshop
from baogao.templating import fill_text
from baogao.waivers.applying import Bench, apply_waivers
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

FAILED = frozenset({"PLG-001", "PLG-002", "PLG-003", "PLG-004", "PLG-005", "PLG-009", "PLG-010"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found and made; it is `verified` where that was read back.

    `notes` are about plugins the report does not use. `printed` is what was read back of each artifact, by
    `<renderer>/<profile>`, in the order of `artifacts`.
    """

    report: Report
    findings: tuple[Finding, ...]
    artifacts: tuple[Artifact, ...] = ()
    written: tuple[Path, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    rules: RuleSet = field(default_factory=lambda: RuleSet({}))
    ran: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    verified: bool = False
    printed: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    @property
    def ok(self) -> bool:
        """Tell whether nothing forbids filing."""
        return not self.fails_on(Severity.ERROR)

    def fails_on(self, severity: Severity) -> bool:
        """Tell whether a finding that is not waived is at least that grave, whatever its state."""
        return any(not finding.waived and finding.severity.rank <= severity.rank for finding in self.findings)

    @property
    def plugin_failed(self) -> bool:
        """Tell whether a plugin this report uses, or a rule, failed."""
        return any(finding.rule in FAILED for finding in self.findings)

    def summary(self) -> dict[str, int]:
        """Count the findings; one that is waived or unassessable is counted only there."""
        counts: Counter[str] = Counter(map(_counted_as, self.findings))
        return {name: counts[name] for name in ("error", "warning", "info", "waived", "unassessable")}


def _counted_as(finding: Finding) -> str:
    if finding.waived:
        return "waived"
    return "unassessable" if finding.state is State.UNASSESSABLE else finding.severity.value


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


def explained(error: InputError) -> InputError:
    """Return the error with what the engine's rules say of its findings."""
    known = RuleSet({rule.id: rule for rule in engine_rules()})
    return InputError(map(known.settle, error.findings))


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
    rules = configured(known, project.rules, project.document)
    waivers = waivers or read_waivers(project.files)
    head = _head(project, edition, plan)
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
        source=_source(project, provided, waivers),
        places=MappingProxyType(ChainMap(_head_places(project), parts.places)),
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


def _source(project: Project, provided: Iterable[Provided], waivers: Waivers) -> dict[str, Any]:
    """Return report.yaml with every section inline, and the waivers: all that was written about the report."""
    sections: dict[str, dict[str, Any]] = {
        name: {key: value for key, value in settings.items() if key != "file"}
        for name, settings in project.sections.items()
    }
    for given in provided:
        if given.written:
            sections.setdefault(given.section.id, {}).update(given.written)
    listed = [entry.document.data for entry in waivers.entries]
    return {**project.document.data, "sections": sections, **({"waivers": listed} if listed else {})}


def _head_places(project: Project) -> dict[str, Location]:
    """Return where report.yaml begins, and where its keys are, as `/key`."""
    places = {f"/{key}": project.document.locate(key) for key in project.document.spot.children}
    return {"": Location(project.document.file, 1, 1), **places}


def check(opened: Opened, report: Report | None = None, *, to: tuple[str, ...] = ()) -> Outcome:
    """VALIDATE the meaning: run every rule that needs no artifact, on the report or on a changed one.

    `to` names the outputs that are wanted, by default those of report.yaml.
    """
    outputs = _wanted(opened, to)
    planned = tuple(planned_output(usable, opened.project.document) for usable in outputs[0])
    report = replace(report or opened.report, outputs=planned)
    ran = run_rules(opened.rules, report)
    templates = judge_templates(report, outputs[0], opened.plan.search, opened.rules)
    told = (*report.input_findings, *opened.rules.problems, *outputs[1], *unfilled(planned))
    found = [*told, *templates, *ran.findings]
    used, unused = _quarantined(opened, found)
    later = {skipped.rule for skipped in ran.skipped}
    # a rule that is not known may be of a plugin that is blocked
    later |= _not_known(opened) if any(plugin.origin != "bundled" for plugin in opened.registry.blocked) else set()
    waived = _waived(opened, report, [*used, *found], lambda rule: rule not in later)
    findings = _settled(opened, report, [*opened.waivers.problems, *waived])
    skipped = tuple(skip for skip in ran.skipped if not _is_of_others(opened, skip, outputs[0]))
    return Outcome(report, findings, skipped=skipped, rules=opened.rules, ran=ran.rules, notes=unused)


def _not_known(opened: Opened) -> set[str]:
    """Return the rules that waivers name and nobody gives."""
    return {entry.waiver.rule for entry in opened.waivers.entries} - opened.rules.rules.keys()


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
    checked = check(opened, to=to)
    outcome, fit = (checked, False)
    if checked.ok or draft:
        outcome, fit = _rendered(opened, checked, to, draft=draft, verify=verify)
    outcome = outcome if fit else replace(outcome, artifacts=())
    outcome = _annotated(opened, outcome, to, draft=not fit or draft) if annotate else outcome
    return _written(opened, outcome, out) if outcome.artifacts else outcome


def _annotated(opened: Opened, outcome: Outcome, to: tuple[str, ...], *, draft: bool) -> Outcome:
    """Return the outcome with the annotated copies beside its artifacts."""
    usable, _ = _wanted(opened, to)
    report = drafted(outcome.report, opened.plan) if draft else outcome.report
    marked = annotate_outputs(report, usable, opened.plan.search, outcome.findings, draft=draft)
    problems = _settled(opened, outcome.report, marked.findings)
    more = (problem for problem in problems if problem not in outcome.findings)
    return replace(outcome, findings=(*outcome.findings, *more), artifacts=(*outcome.artifacts, *marked.artifacts))


def rehearse(opened: Opened, *, to: tuple[str, ...] = (), draft: bool = False) -> Outcome:
    """Do all that `build` does, except WRITE; artifacts that may not be written are there too."""
    checked = check(opened, to=to)
    return _rendered(opened, checked, to, draft=draft)[0] if checked.ok or draft else checked


def _rendered(
    opened: Opened, checked: Outcome, to: tuple[str, ...], *, draft: bool, verify: bool = True
) -> tuple[Outcome, bool]:
    """RENDER, READ BACK, VALIDATE; return the outcome, and whether its artifacts may be written."""
    usable, _ = _wanted(opened, to)
    place = opened.project.document.locate("outputs")
    report = drafted(checked.report, opened.plan) if draft else checked.report
    rendered = render_outputs(report, usable, opened.plan.search, opened.rules, draft=draft, verify=verify)
    twice = tuple(_same_names(rendered, place))
    judged = _rules_on(opened, {made.output.renderer for made in usable})
    waived = _waived(opened, report, rendered.findings, judged.__contains__)
    found = _settled(opened, report, waived)
    forbidding = any(finding.severity is Severity.ERROR and not finding.waived for finding in found)
    unmade = () if forbidding else rendered.unmade
    findings = _settled(opened, report, [*checked.findings, *untold(found, checked.findings), *unmade, *twice])
    fit = not (twice or forbidding or unmade)
    skipped = tuple(skip for skip in checked.skipped if not _has_run(opened, skip, usable))
    made = replace(checked, findings=findings, artifacts=rendered.artifacts, printed=rendered.printed, skipped=skipped)
    made = replace(made, verified=verify)
    return made, fit


def _rules_on(opened: Opened, renderers: set[str]) -> set[str]:
    """Return the rules on what these renderers make."""
    rules = (rule for rule in opened.rules.rules.values() if isinstance(rule, ArtifactRule))
    return {rule.id for rule in rules if rule.renderer in renderers}


def _waived(
    opened: Opened, report: Report, findings: Iterable[Finding], judges: Callable[[str], bool]
) -> tuple[Finding, ...]:
    """Apply the waivers whose rules have run."""
    return apply_waivers(opened.waivers, findings, Bench(report, opened.rules, date.today(), judges))


def _head(project: Project, edition: Edition, plan: Plan) -> Head:
    """Return the report's head; its title is the typed one, or the form's heading filled in."""
    head = Head(
        form=edition.form,
        edition=edition.id,
        year=project.year,
        title=edition.title,
        unit=project.unit,
        date=project.date,
        basis=edition.basis,
        form_title=edition.title,
        chapters=edition.chapters,
        years=edition.years,
        due=edition.due,
        not_comparable=plan.not_comparable,
        extends=edition.extends,
    )
    try:
        heading = fill_text(edition.heading, head)
        column = {key: fill_text(text, head) for key, text in edition.column.items()}
    except TemplateError as exc:
        message = say("form.yaml 的 heading 或 column 有误：{error}", error=spoken(exc))
        raise InputError([Finding(message, rule="SRC-010", location=Location("form.yaml"))]) from exc
    return replace(head, title=project.title or heading, heading=heading, column=column)


def _quarantined(opened: Opened, found: list[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Part the problems of plugins into those this report needs mended, and notes about the others."""
    lacking = any(finding.rule in ("PLG-006", "PLG-007") for finding in found)
    used: list[Finding] = []
    unused: list[Finding] = []
    for plugin in opened.registry.quarantined:
        if lacking or plugin.origin == "local":
            used.extend(plugin.problems)
        else:
            unused.extend(map(_unneeded, plugin.problems))
    for plugin in opened.registry.plugins:
        unused.extend(plugin.problems if plugin.state == "active" else ())
    conflicts = (conflict.finding for conflict in opened.registry.conflicts())
    told = {finding.message for finding in found}
    notes = dict.fromkeys((*opened.plan.notes, *conflicts))
    unused.extend(note for note in notes if note.message not in told)
    unused.extend(_unknown_names(opened))
    return tuple(used), tuple(unused)


def _unneeded(problem: Finding) -> Finding:
    message = say("{message}（本报告没有用到它的章节和输出；它的规则没有运行）", message=problem.message)
    return replace(problem, message=message)


def _unknown_names(opened: Opened) -> Iterable[Finding]:
    """Yield a note for every plugin that is blocked or allowed by a name there is not."""
    known = {plugin.name for plugin in opened.registry.plugins}
    distributions = {canonical(plugin.distribution) for plugin in opened.registry.plugins}
    unknown = (opened.selection.block | (opened.selection.allow or frozenset())) - known
    known |= {entry.name for entry in installed(COMMANDS)} if unknown else set()
    for name in sorted(name for name in unknown - known if canonical(name) not in distributions):
        yield Finding(say("没有名为“{name}”的插件{near}", name=name, near=near(name, known)), rule="SRC-008")


def _settled(opened: Opened, report: Report, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with what their rules say, in the order of the report."""
    order = {section.id: number for number, section in enumerate(report, 1)}

    def place(finding: Finding) -> tuple[int, str, int, int, str]:
        line = finding.location.line if finding.location else None
        column = finding.location.column if finding.location else None
        return (order.get(finding.section, 0), finding.section, line or 0, column or 0, finding.rule)

    settled = (opened.rules.settle(_within(opened.project.folder, finding)) for finding in findings)
    return tuple(sorted(settled, key=place))


def _within(folder: Path, finding: Finding) -> Finding:
    """Return the finding with its file named from the report folder on, where it lies in it."""
    place = finding.location
    if place is None or not Path(place.file).is_absolute() or not Path(place.file).is_relative_to(folder.absolute()):
        return finding
    file = Path(place.file).relative_to(folder.absolute()).as_posix()
    return replace(finding, location=replace(place, file=file))


def _has_run(opened: Opened, skipped: Skipped, outputs: tuple[Usable, ...]) -> bool:
    """Tell whether a rule that needed an artifact has now had one."""
    rule = opened.rules.rules[skipped.rule]
    made = {made.output.renderer for made in outputs}
    return isinstance(rule, ArtifactRule) and rule.renderer in made


def _is_of_others(opened: Opened, skipped: Skipped, outputs: tuple[Usable, ...]) -> bool:
    """Tell whether a rule is on artifacts that nobody asked for."""
    rule = opened.rules.rules[skipped.rule]
    wanted = {made.output.renderer for made in outputs}
    return isinstance(rule, ArtifactRule) and rule.renderer not in wanted


def _wanted(opened: Opened, to: tuple[str, ...]) -> tuple[tuple[Usable, ...], tuple[Finding, ...]]:
    """Return the outputs of this run that can be made, and why others cannot."""
    outputs = opened.project.outputs if not to else _named(opened.project.outputs, to)
    return usable_outputs(outputs, opened.registry, opened.project.document, opened.project.outputs)


def _named(outputs: tuple[Output, ...], names: tuple[str, ...]) -> tuple[Output, ...]:
    """Return the outputs of these names: as report.yaml describes them, or else plain."""
    described = {name: [output for output in outputs if output.renderer == name] for name in names}
    return tuple(output for name in dict.fromkeys(names) for output in described[name] or [Output(name)])


def _same_names(rendered: Rendered, place: Location) -> Iterable[Finding]:
    """Yield what would be one file on a system that does not tell capitals, or one way to write a sign, apart."""
    names: dict[str, list[str]] = {}
    for artifact in rendered.artifacts:
        names.setdefault(normalize("NFC", artifact.file_name).casefold(), []).append(artifact.file_name)
    for alike in names.values():
        if len(alike) > 1:
            message = say("有 {count} 个输出都要写成 {file}", count=len(alike), file=alike[0])
            yield Finding(message, rule="SRC-008", location=place)


def _written(opened: Opened, outcome: Outcome, out: Path) -> Outcome:
    """WRITE all artifacts; where that fails nothing has changed on the disk."""
    files = {artifact.file_name: artifact.content for artifact in outcome.artifacts}
    try:
        return replace(outcome, written=write_all(out, files))
    except (OSError, UnicodeError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        message = say("无法写入 {folder}：{error}", folder=str(out), error=reason)
        finding = Finding(message, rule="OUT-003")
        return replace(outcome, findings=_settled(opened, opened.report, [*outcome.findings, finding]))
