"""Prove rules by their own examples: what must pass passes, what must fail fails, at just these paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baogao import pipeline
from baogao.errors import BaogaoError, InputError
from baogao.files.yaml import Document
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry
from baogao.language import Message, listed, say, spoken
from baogao.model.findings import Finding
from baogao.model.jobs import Output
from baogao.model.report import Report
from baogao.model.rules import AnyRule, ArtifactRule
from baogao.model.tables import TableSpec
from baogao.rules.ruleset import RuleSet
from baogao.samples import (
    Data,
    changed,
    changed_sections,
    faults_of,
    names_amiss,
    read_sample,
    sample_document,
    with_section,
)
from baogao.stages.load import project_of
from baogao.stages.outputs import usable_outputs
from baogao.stages.plan import planned_rules
from baogao.stages.render import judge_output
from baogao.stages.survey import NOWHERE, Surveyed, survey

__all__ = ["Proof", "Trial", "prove_rules", "trials_of"]


BROKEN = "PLG-004"
"""What reports that a rule itself broke."""

WRONG = frozenset({"SRC-008", "TAB-005"})
"""What shows that an example itself is wrong, unless it is about just these rules."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one example of one rule, in one edition; `wrong` says why it does not prove the rule."""

    rule: AnyRule
    edition: str
    number: int
    wrong: Message | None = None


def prove_rules(
    registry: Registry, selection: Selection, folder: Path = NOWHERE, only: frozenset[str] = frozenset()
) -> Iterator[Proof]:
    """Yield the proof of every example of every rule, or of `only` some, in each edition the rule is for.

    `folder` is a report folder that may bring rules of its own.
    """
    for trial in trials_of(registry, selection, folder, only):
        yield trial.proof()


def trials_of(
    registry: Registry, selection: Selection, folder: Path = NOWHERE, only: frozenset[str] = frozenset()
) -> Iterator[Trial]:
    """Yield every example that can be proven, without proving it yet."""
    found = tuple(survey(registry, folder))
    known = frozenset(section.id for surveyed in found for section in surveyed.plan.sections)
    for surveyed in found:
        sample = read_sample(surveyed.plan.search)
        if sample is not None:
            yield from _in_edition(registry, _Bench(selection, sample, surveyed, folder, known), only)


def _in_edition(registry: Registry, bench: _Bench, only: frozenset[str]) -> Iterator[Trial]:
    rules = planned_rules(registry, bench.surveyed.plan).rules.values()
    for rule in (rule for rule in rules if not only or rule.id in only):
        for number, example in enumerate(rule.examples, 1):
            if _in_scope(rule, example, bench):
                yield Trial(rule, bench.surveyed.edition.id, number, example, bench)


@dataclass(frozen=True, slots=True)
class Trial:
    """One example of one rule, in one edition."""

    rule: AnyRule
    edition: str
    number: int
    example: Any
    bench: _Bench

    def proof(self) -> Proof:
        """Try the example and return what came of it."""
        return Proof(self.rule, self.edition, self.number, _wrong(self.rule, self.example, self.bench))


def _in_scope(rule: AnyRule, example: Any, bench: _Bench) -> bool:
    """Tell whether a rule speaks of the sample's edition and year; an example may name another year.

    An example that changes a chapter which only other editions have is for those.
    """
    if _is_elsewhere(rule, example, bench):
        return False
    scope, edition = rule.scope, bench.surveyed.edition
    named = example.get("year") if isinstance(example, Mapping) else None
    year = named if isinstance(named, int) else bench.sample["year"]
    named_here = any(scope.names(form, name) for form, name in edition.lineage)
    return named_here and scope.years[0] <= year <= scope.years[1]


def _is_elsewhere(rule: AnyRule, example: Any, bench: _Bench) -> bool:
    """Tell whether an example, or a rule on the report in all its examples, speaks of chapters of other editions."""
    here = bench.tables().keys()
    examples = () if isinstance(rule, ArtifactRule) else rule.examples
    every = frozenset[str]().union(*map(changed_sections, examples)) & bench.known
    return bool(changed_sections(example) & (bench.known - here)) or bool(every and not every & here)


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where an example is tried: the clean sample, and the plugins."""

    selection: Selection
    sample: Data
    surveyed: Surveyed
    folder: Path = NOWHERE
    known: frozenset[str] = frozenset()

    def found(self, rule: AnyRule, example: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Return what the rule finds in the changed sample, and that it broke where it did.

        What it finds in a section that an extended form adds is left out: the example was not written for it.
        """
        opened = _sound(self._opened(rule, example), rule)
        is_artifact_rule = isinstance(rule, ArtifactRule)
        findings = _judged(opened, rule, example) if is_artifact_rule else pipeline.check(opened).findings
        known = (finding for finding in findings if finding.section not in self._added(rule, example))
        return tuple(finding for finding in known if finding.rule == rule.id or _is_broken(finding, rule))

    def _added(self, rule: AnyRule, example: Mapping[str, Any]) -> Set[str]:
        """Return the sections that the form adds to the one it extends, but those that the rule is about."""
        return self.surveyed.edition.added.keys() - {rule.scope.section} - changed_sections(example)

    def _opened(self, rule: AnyRule, example: Mapping[str, Any]) -> pipeline.Opened:
        previous = self._previous(rule, example.get("previous"))
        data = changed(self._with_section(rule, self.sample), example)
        if example.get("options"):
            data["rules"] = {**data.get("rules", {}), rule.id: example["options"]}
        return pipeline.open_project(project_of(self.folder, sample_document(data)), self.selection, previous)

    def _with_section(self, rule: AnyRule, sample: Data) -> Data:
        """Return the sample with the rule's own section, all zeros, where the form does not have it."""
        name = rule.scope.section
        section = next((section for section in self.surveyed.plan.sections if section.id == name), None)
        return with_section(sample, section.schema if section else None)

    def tables(self) -> dict[str, TableSpec | None]:
        """Return the sections an example may change, with their tables."""
        return {section.id: section.schema.table for section in self.surveyed.plan.sections}

    def _previous(self, rule: AnyRule, example: Mapping[str, Any] | None) -> Report | None:
        if example is None:
            return None
        last_year = {**self.sample, "year": self.sample["year"] - 1, "edition": self.sample["edition"]}
        data = changed(last_year, example)
        opened = pipeline.open_project(project_of(self.folder, sample_document(data)), self.selection)
        return _sound(opened, rule).report


def _is_broken(finding: Finding, rule: AnyRule) -> bool:
    """Tell whether a finding says that the rule itself broke."""
    values = finding.message.values if isinstance(finding.message, Message) else {}
    return finding.rule == BROKEN and values.get("rule") == rule.id


def _sound(opened: pipeline.Opened, rule: AnyRule) -> pipeline.Opened:
    """Return what was opened; raise InputError where the example wrote what the report has no place for."""
    found = (*opened.report.input_findings, *opened.rules.problems)
    if wrong := [fault for fault in found if fault.rule in WRONG and fault.rule != rule.id]:
        raise InputError(wrong)
    return opened


def _judged(opened: pipeline.Opened, rule: ArtifactRule, example: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what the rule finds in the artifact of the sample, changed as the example says."""
    options = dict(example.get("output") or {})
    output = Output(rule.renderer, options.pop("profile", ""), options)
    usable, problems = usable_outputs((output,), opened.registry, Document("report.yaml"))
    if problems:
        raise InputError(problems)
    rules = RuleSet({rule.id: rule})
    return judge_output(opened.report, usable[-1], opened.plan.search, rules, example.get("artifact") or {})


def _wrong(rule: AnyRule, example: Mapping[str, Any], bench: _Bench) -> Message | None:
    """Return why an example does not prove its rule, or None where it does."""
    faults = faults_of(example) or (() if rule.id in WRONG else tuple(names_amiss(example, bench.tables())))
    if faults:
        return faults[0]
    try:
        found = bench.found(rule, example)
    except (BaogaoError, ValueError) as exc:
        return say("例子读不出来：{error}", error=spoken(exc))
    if broken := next((finding for finding in found if finding.rule != rule.id), None):
        return say("{place}{message}", place=f"{broken.location}: " if broken.location else "", message=broken.message)
    paths, wanted = [finding.path for finding in found], tuple(example.get("paths", ()))
    if sorted(paths) == sorted(wanted):
        return None
    return say(
        "应在 {wanted} 报告，实际在 {found} 报告",
        wanted=_told(wanted),
        found=_told(paths),
    )


def _told(paths: Sequence[str]) -> Message:
    return listed(path or say("全篇") for path in paths) if paths else say("（无）")
