"""Run rules one by one: a rule that breaks is a finding about the rule, never about the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from baogao.hooks.guarding import Process, Watch
from baogao.hooks.loading import as_code, raised, where
from baogao.hooks.plain import plain_finding, wrong_fields
from baogao.language import listed, say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Report
from baogao.model.rules import ArtifactRule, Need
from baogao.rules.ruleset import AnyRule, RuleSet

__all__ = ["Ran", "Skipped", "run_artifact_rules", "run_rules"]


MOST = 10_000
"""How many findings of one rule count: one that never ends must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rule that could not run, and what it lacked."""

    rule: str
    lacks: Need


@dataclass(frozen=True, slots=True)
class Ran:
    """What the rules found, and which of them ran."""

    findings: tuple[Finding, ...]
    rules: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()


def run_rules(rules: RuleSet, report: Report) -> Ran:
    """Run every rule in whose scope the report lies."""
    findings: list[Finding] = []
    ran: list[str] = []
    skipped: list[Skipped] = []
    wanted = (rule for rule in rules.rules.values() if rule.scope.covers(report))
    with Process() as process:
        for plugin, of_plugin in groupby(wanted, key=lambda rule: rule.plugin):
            watch = _watch(rules, plugin)
            for rule in of_plugin:
                lacks = _lacking(rule, report)
                if lacks:
                    skipped.append(Skipped(rule.id, lacks))
                else:
                    ran.extend([rule.id] if rule.checks else [])
                    findings.extend(_run(rule, lambda rule=rule: rule.check(report, rule.options), watch))
            findings.extend(_trespass(process, watch))
    return Ran(tuple(findings), tuple(ran), tuple(skipped))


def _watch(rules: RuleSet, plugin: str) -> Watch:
    return Watch(rules.titles.get(plugin, plugin))


def _trespass(process: Process, watch: Watch) -> Iterator[Finding]:
    """Yield that the rules of a plugin changed what is not theirs."""
    if changed := process.changed():
        yield Finding(say("插件 {plugin} 的规则{error}", plugin=watch.plugin, error=changed), rule="PLG-004")


def _lacking(rule: AnyRule, report: Report) -> Need | None:
    if "artifact" in rule.needs:
        return "artifact"
    return "previous" if "previous" in rule.needs and report.previous is None else None


def run_artifact_rules(rules: RuleSet, job: Job, artifact: Artifact) -> tuple[Finding, ...]:
    """Run the rules on what one renderer made."""
    wanted = (rule for rule in rules.rules.values() if isinstance(rule, ArtifactRule))
    found: list[Finding] = []
    with Process() as process:
        for rule in wanted:
            if rule.renderer == job.output.renderer and rule.scope.covers(job.report):
                watch = _watch(rules, rule.plugin)
                found.extend(_run(rule, lambda rule=rule: rule.check(job, artifact), watch))
                found.extend(_trespass(process, watch))
    return tuple(found)


def _run(rule: AnyRule, check: Callable[[], Iterable[Finding]], watch: Watch) -> list[Finding]:
    """Return the rule's findings under its id; what it found before it broke still counts."""
    found: list[Finding] = []
    with watch:
        found.extend(_named(rule, finding, watch.plugin) for finding in islice(check(), MOST + 1))
    if watch.error is not None:
        found.append(_broken(rule, raised(watch.error), watch.plugin, watch.error))
    elif len(found) > MOST:
        found[MOST:] = [_broken(rule, say("{count} 样以上，没有尽头", count=MOST), watch.plugin)]
    return found


def _named(rule: AnyRule, finding: Any, plugin: str) -> Finding:
    if not isinstance(finding, Finding):
        return _broken(rule, say("给出的不是 Finding：{value}", value=as_code(finding)[:60]), plugin)
    wrong = wrong_fields(finding)
    if wrong:
        return _broken(rule, say("Finding 的 {names} 不是应有的类型", names=listed(wrong)), plugin)
    return plain_finding(finding, rule.id)


def _broken(rule: AnyRule, error: str, plugin: str, exc: BaseException | None = None) -> Finding:
    file, line = where(exc) if exc else ("", None)
    place = Location(file, line) if file else rule.location
    message = say("规则 {rule}（插件 {plugin}）自己出错：{error}", rule=rule.id, plugin=plugin, error=error)
    return Finding(message, rule="PLG-004", location=place)
