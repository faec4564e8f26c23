"""WORKSHOP: what the reports of a run have in common, opened once: plugins, the form's edition, schemas, rules."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry, open_registry
from baogao.model.forms import Edition
from baogao.rules.ruleset import RuleSet
from baogao.stages.load import Project
from baogao.stages.plan import Plan, find_edition, plan_sections, planned_rules

__all__ = ["Layout", "Workshop"]

T = TypeVar("T")
NOWHERE = Path("/nonexistent/baogao")
"""Stands for every folder that brings no schemas and no templates: such reports share a layout."""

MOST_KEPT = 32
"""How many registries, and how many layouts, are kept; so memory is the same for ten reports and ten thousand."""


class Layout(NamedTuple):
    """How a report is laid out: its edition, its chapters with their schemas, and the rules before settings."""

    edition: Edition
    plan: Plan
    rules: RuleSet


class Workshop:
    """Open what reports share when the first one needs it, and keep it for the others.

    A workshop lives as long as its run: what changes in plugins and definitions meanwhile is not seen.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._registries: OrderedDict[Hashable, Registry] = OrderedDict()
        self._layouts: OrderedDict[Hashable, Layout] = OrderedDict()

    def registry(self, selection: Selection) -> Registry:
        """Return what the plugins of this selection give."""
        return _kept(self._registries, selection, lambda: open_registry(selection))

    def layout(self, project: Project, selection: Selection) -> Layout:
        """Return the layout of a report; one with a problem is made anew, for its places are the report's own."""
        folder = project.folder if _owned(project.folder) else NOWHERE
        key = (selection, folder, project.form, project.edition, project.year, _settings(project))
        layout = _kept(self._layouts, key, lambda: self._planned(replace(project, folder=folder), selection))
        if layout.plan.problems:
            self._layouts.pop(key, None)
        if not any(project.sections.values()):
            return layout
        sections = tuple(
            replace(section, settings=given) if (given := project.sections.get(section.id, {})) else section
            for section in layout.plan.sections
        )
        return layout._replace(plan=replace(layout.plan, sections=sections))

    def _planned(self, project: Project, selection: Selection) -> Layout:
        registry = self.registry(selection)
        edition = find_edition(project, registry)
        plan = plan_sections(project, registry, edition)
        return Layout(edition, plan, planned_rules(registry, plan))


def _kept(store: OrderedDict[Hashable, T], key: Hashable, make: Callable[[], T]) -> T:
    """Return what is kept under the key, or make it; what was used longest ago goes first."""
    if key not in store:
        made = make()
        while len(store) >= MOST_KEPT:
            store.popitem(last=False)
        store[key] = made
    store.move_to_end(key)
    return store[key]


def _owned(folder: Path) -> bool:
    """Tell whether the report folder brings schemas or templates of its own."""
    return any((folder / kind).exists() for kind in ("schemas", "templates"))


def _settings(project: Project) -> Hashable:
    """Return what report.yaml says of its sections, without their contents."""
    return tuple(
        (name, tuple((key, "" if key in ("data", "text") else str(value)) for key, value in settings.items()))
        for name, settings in cast("dict[str, dict[str, object]]", project.sections).items()
    )
