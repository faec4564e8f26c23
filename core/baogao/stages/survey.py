"""SURVEY: every form and edition that is installed, with its sections and rules, without a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from baogao.definitions.checking import load_shape
from baogao.definitions.editions import Editions, read_editions
from baogao.files.resources import SearchPath
from baogao.files.yaml import parse_yaml
from baogao.hooks.registry import Registry
from baogao.model.findings import Finding
from baogao.model.forms import Edition
from baogao.model.report import Unit
from baogao.model.rules import AnyRule
from baogao.stages.load import REPORT_FILE, Project
from baogao.stages.plan import Plan, form_path, plan_sections, planned_rules

__all__ = ["ListedRule", "Surveyed", "survey", "survey_rules"]

NOWHERE = Path("/nonexistent/baogao")


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One edition with its plan; the sections no form asks for are planned after its chapters."""

    edition: Edition
    plan: Plan


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule with the forms and editions it is for; empty means all.

    `variants` are the rules of that id by form and edition: an edition may state its own basis.
    """

    rule: AnyRule
    forms: tuple[str, ...]
    editions: tuple[str, ...]
    variants: tuple[tuple[str, AnyRule], ...] = ()


def survey(registry: Registry, folder: Path = NOWHERE) -> Iterator[Surveyed]:
    """Yield every edition of every form that can be found, as a report in this folder would see it."""
    for editions in _editions(registry, folder):
        for edition in editions.good:
            yield Surveyed(edition, _planned(registry, edition, folder))


def _editions(registry: Registry, folder: Path = NOWHERE) -> Iterator[Editions]:
    """Yield the editions of every form that a plugin or the report folder brings."""
    shape = load_shape("form")
    own = SearchPath(folder).forms()
    for form in dict.fromkeys((*(given.value.id for given in registry.forms), *own)):
        yield read_editions(form, partial(form_path, folder=folder if form in own else None, registry=registry), shape)


def _planned(registry: Registry, edition: Edition, folder: Path) -> Plan:
    chapters = {chapter.section for chapter in edition.chapters}
    extra = {
        name: {} for name in registry.section_ids() if name not in chapters and registry.sections(name, edition.form)
    }
    project = Project(
        folder=folder,
        document=parse_yaml("", REPORT_FILE),
        form=edition.form,
        year=edition.years[0],
        unit=Unit("", "other"),
        sections=extra,
    )
    return plan_sections(project, registry, edition)


def survey_rules(registry: Registry, folder: Path = NOWHERE) -> tuple[tuple[ListedRule, ...], tuple[Finding, ...]]:
    """Return every rule once, with the forms and editions it is for, and what is wrong with rules and definitions."""
    listed: dict[str, ListedRule] = {}
    problems = [problem for editions in _editions(registry) for problem in editions.broken]
    for surveyed in survey(registry, folder):
        rules = planned_rules(registry, surveyed.plan)
        problems.extend((*surveyed.plan.problems, *surveyed.plan.notes, *rules.problems))
        for rule in rules.rules.values():
            listed[rule.id] = _widened(listed.get(rule.id), rule, surveyed)
    return tuple(sorted(listed.values(), key=lambda item: item.rule.id)), tuple(dict.fromkeys(map(_placed, problems)))


def _placed(problem: Finding) -> Finding:
    """Return the problem without a place in the report.yaml that a survey only imagines."""
    imagined = problem.location is not None and problem.location.file == REPORT_FILE
    return replace(problem, location=None) if imagined else problem


def _widened(known: ListedRule | None, rule: AnyRule, surveyed: Surveyed) -> ListedRule:
    """Add an edition to what is known of a rule; a rule of a form's own schema is for that edition."""
    edition = surveyed.edition
    statutory = rule.scope.section in {chapter.section for chapter in edition.chapters}
    forms = rule.scope.forms or ((edition.form,) if statutory else ())
    editions = rule.scope.editions or ((edition.id,) if statutory else ())
    variants = ((edition.id, rule),)
    if known is None:
        return ListedRule(rule, forms, editions, variants)
    together = tuple(dict.fromkeys((*known.editions, *editions)))
    return ListedRule(known.rule, tuple(dict.fromkeys((*known.forms, *forms))), together, (*known.variants, *variants))
