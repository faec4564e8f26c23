"""QUARANTINE: which problems of plugins a report needs mended, and which it is only told of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from baogao.hooks.discovery import COMMANDS, canonical, installed
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry
from baogao.language import near, say
from baogao.model.findings import Finding
from baogao.stages.plan import Plan

__all__ = ["needed_and_not", "unknown_names"]


def needed_and_not(
    registry: Registry, plan: Plan, found: Iterable[Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Part the problems of plugins into those a report needs mended, and notes about the others.

    `found` is what was found of the report itself: where it lacks a section or an output, any plugin may be to blame.
    """
    found = tuple(found)
    lacking = any(finding.rule in ("PLG-006", "PLG-007") for finding in found)
    used: list[Finding] = []
    unused: list[Finding] = []
    for plugin in registry.quarantined:
        if lacking or plugin.origin == "local":
            used.extend(plugin.problems)
        else:
            unused.extend(map(_unneeded, plugin.problems))
    for plugin in registry.plugins:
        unused.extend(plugin.problems if plugin.state == "active" else ())
    conflicts = (conflict.finding for conflict in registry.conflicts)
    told = {finding.message for finding in found}
    notes = dict.fromkeys((*plan.notes, *conflicts))
    unused.extend(note for note in notes if note.message not in told)
    return tuple(used), tuple(unused)


def _unneeded(problem: Finding) -> Finding:
    message = say("{message}（本报告没有用到它的章节和输出；它的规则没有运行）", message=problem.message)
    return replace(problem, message=message)


def unknown_names(registry: Registry, selection: Selection) -> Iterator[Finding]:
    """Yield a note for every plugin that is blocked or allowed by a name there is not."""
    known = {plugin.name for plugin in registry.plugins}
    distributions = {canonical(plugin.distribution) for plugin in registry.plugins}
    unknown = (selection.block | (selection.allow or frozenset())) - known
    known |= {entry.name for entry in installed(COMMANDS)} if unknown else set()
    for name in sorted(name for name in unknown - known if canonical(name) not in distributions):
        yield Finding(say("没有名为“{name}”的插件{near}", name=name, near=near(name, known)), rule="SRC-008")
