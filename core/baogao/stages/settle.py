"""SETTLE: what was found gets what its rule says of it, waivers are applied, and all of it is put in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import replace
from datetime import date
from pathlib import Path

from baogao.errors import InputError
from baogao.hooks.registry import Registry
from baogao.model.findings import Finding
from baogao.model.report import Report
from baogao.model.rules import ArtifactRule
from baogao.rules.ruleset import RuleSet, engine_rules
from baogao.rules.running import Skipped
from baogao.waivers.applying import Bench, apply_waivers
from baogao.waivers.reading import Waivers

__all__ = ["explained", "rules_on", "settled", "undecided", "waived", "without_others"]


def settled(rules: RuleSet, report: Report, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with what their rules say, in the order of the report."""
    order = {section.id: number for number, section in enumerate(report, 1)}

    def place(finding: Finding) -> tuple[int, str, int, int, str]:
        line = finding.location.line if finding.location else None
        column = finding.location.column if finding.location else None
        return (order.get(finding.section, 0), finding.section, line or 0, column or 0, finding.rule)

    folder = Path(report.folder)
    return tuple(sorted((rules.settle(_within(folder, finding)) for finding in findings), key=place))


def _within(folder: Path, finding: Finding) -> Finding:
    """Return the finding with its file named from the report folder on, where it lies in it."""
    place = finding.location
    if place is None or not Path(place.file).is_absolute() or not Path(place.file).is_relative_to(folder):
        return finding
    file = Path(place.file).relative_to(folder).as_posix()
    return replace(finding, location=replace(place, file=file))


def explained(error: InputError) -> InputError:
    """Return the error with what the engine's rules say of its findings."""
    known = RuleSet({rule.id: rule for rule in engine_rules()})
    return InputError(map(known.settle, error.findings))


def waived(
    waivers: Waivers, findings: Iterable[Finding], report: Report, rules: RuleSet, judges: Callable[[str], bool]
) -> tuple[Finding, ...]:
    """Return the findings with the waivers of today applied, but for those of rules that `judges` refuses."""
    return apply_waivers(waivers, findings, Bench(report, rules, date.today(), judges))


def undecided(skipped: Iterable[Skipped], waivers: Waivers, rules: RuleSet, registry: Registry) -> frozenset[str]:
    """Return the rules whose findings nobody knows yet: they did not run, or may be of a plugin that is blocked."""
    late = frozenset(skip.rule for skip in skipped)
    if all(plugin.origin == "bundled" for plugin in registry.blocked):
        return late
    return late | ({entry.waiver.rule for entry in waivers.entries} - rules.rules.keys())


def rules_on(rules: RuleSet, renderers: Set[str]) -> frozenset[str]:
    """Return the rules on what these renderers make."""
    on_artifacts = (rule for rule in rules.rules.values() if isinstance(rule, ArtifactRule))
    return frozenset(rule.id for rule in on_artifacts if rule.renderer in renderers)


def without_others(skipped: Iterable[Skipped], rules: RuleSet, renderers: Set[str]) -> tuple[Skipped, ...]:
    """Return the rules that could not run, without those on artifacts that none of these renderers makes."""

    def is_of_others(skip: Skipped) -> bool:
        rule = rules.rules[skip.rule]
        return isinstance(rule, ArtifactRule) and rule.renderer not in renderers

    return tuple(skip for skip in skipped if not is_of_others(skip))
