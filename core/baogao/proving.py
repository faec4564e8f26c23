"""Prove rules by their own examples: what must pass passes, what must fail fails, at just these paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baogao import pipeline
from baogao.errors import BaogaoError, InputError
from baogao.files.yaml import Document
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry
from baogao.language import Message, say, spoken
from baogao.model.findings import Finding
from baogao.model.jobs import Output
from baogao.model.report import Report
from baogao.model.rules import ArtifactRule, Rule
from baogao.model.tables import TableSpec
from baogao.rules.ruleset import RuleSet
from baogao.samples import Data, changed, faults_of, read_sample, sample_document
from baogao.stages.load import project_of
from baogao.stages.outputs import usable_outputs
from baogao.stages.plan import planned_rules
from baogao.stages.render import judge_output
from baogao.stages.survey import NOWHERE, Surveyed, survey

__all__ = ["Proof", "prove_rules"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one example of one rule, in one edition; `wrong` says why it does not prove the rule."""

    rule: Rule
    edition: str
    number: int
    wrong: Message | None = None


def prove_rules(registry: Registry, selection: Selection) -> Iterator[Proof]:
    """Yield the proof of every example of every rule, in each edition the rule is for."""
    for surveyed in survey(registry):
        sample = read_sample(surveyed.plan.search)
        if sample is not None:
            yield from _in_edition(registry, selection, surveyed, sample)


def _in_edition(registry: Registry, selection: Selection, surveyed: Surveyed, sample: Data) -> Iterator[Proof]:
    rules = planned_rules(registry, surveyed.plan).rules
    for rule in rules.values():
        if _in_scope(rule, surveyed):
            for number, example in enumerate(rule.examples, 1):
                wrong = _wrong(rule, example, _Bench(selection, sample, surveyed))
                yield Proof(rule, surveyed.edition.id, number, wrong)


def _in_scope(rule: Rule, surveyed: Surveyed) -> bool:
    scope, edition = rule.scope, surveyed.edition
    return (not scope.forms or edition.form in scope.forms) and (not scope.editions or edition.id in scope.editions)


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where an example is tried: the clean sample, and the plugins."""

    selection: Selection
    sample: Data
    surveyed: Surveyed

    def found(self, rule: Rule, example: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the paths at which the rule finds something in the changed sample."""
        opened = self._opened(rule, example)
        if isinstance(rule, ArtifactRule):
            return tuple(finding.path for finding in _judged(opened, rule, example) if finding.rule == rule.id)
        outcome = pipeline.check(opened)
        return tuple(finding.path for finding in outcome.findings if finding.rule == rule.id)

    def _opened(self, rule: Rule, example: Mapping[str, Any]) -> pipeline.Opened:
        previous = self._previous(example.get("previous"))
        data = changed(self._with_section(rule, self.sample), example)
        if example.get("options"):
            data["rules"] = {**data.get("rules", {}), rule.id: example["options"]}
        return pipeline.open_project(project_of(NOWHERE, sample_document(data)), self.selection, previous)

    def _with_section(self, rule: Rule, sample: Data) -> Data:
        """Return the sample with the rule's own section, all zeros, where the form does not have it."""
        name = rule.scope.section
        if not name or name in sample["sections"]:
            return sample
        section = next((section for section in self.surveyed.plan.sections if section.id == name), None)
        data = _zeros(section.schema.table) if section and section.schema.table else {}
        return {**sample, "sections": {**sample["sections"], name: {"data": data, "text": ""}}}

    def _previous(self, example: Mapping[str, Any] | None) -> Report | None:
        if example is None:
            return None
        last_year = {**self.sample, "year": self.sample["year"] - 1, "edition": self.sample["edition"]}
        data = changed(last_year, example)
        return pipeline.open_project(project_of(NOWHERE, sample_document(data)), self.selection).report


def _judged(opened: pipeline.Opened, rule: ArtifactRule, example: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what the rule finds in the artifact of the sample, changed as the example says."""
    options = dict(example.get("output") or {})
    output = Output(rule.renderer, options.pop("profile", ""), options)
    usable, problems = usable_outputs((output,), opened.registry, Document("report.yaml"))
    if problems:
        raise InputError(problems)
    rules = RuleSet({rule.id: rule})
    return judge_output(opened.report, usable[-1], opened.plan.search, rules, example.get("artifact") or {})


def _zeros(table: TableSpec) -> Data:
    """Return 0 for each number that is to be filled in; a table of any length has no rows."""
    data: Data = {}
    for cell in table.cells:
        if not cell.computed and cell.type.rules.get("type") in ("integer", "decimal"):
            data.setdefault(cell.row.id, {})[cell.column.id] = 0
    return data


def _wrong(rule: Rule, example: Mapping[str, Any], bench: _Bench) -> Message | None:
    """Return why an example does not prove its rule, or None where it does."""
    if faults := faults_of(example):
        return faults[0]
    try:
        found = bench.found(rule, example)
    except (BaogaoError, ValueError) as exc:
        return say("例子读不出来：{error}", error=spoken(exc))
    wanted = tuple(example.get("paths", ()))
    if sorted(found) == sorted(wanted):
        return None
    return say(
        "应在 {wanted} 报告，实际在 {found} 报告",
        wanted=", ".join(wanted) or "（无）",
        found=", ".join(found) or "（无）",
    )
