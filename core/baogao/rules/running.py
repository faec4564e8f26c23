"""Run rules one by one: a rule that breaks is a finding about the rule, never about the data."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby, islice
from typing import Any, NamedTuple, cast

from baogao.hooks.guarding import Process, Watch
from baogao.hooks.loading import as_code, raised, where
from baogao.hooks.plain import plain_finding, wrong_fields
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Report, Traits
from baogao.model.rules import AnyRule, ArtifactRule, Need
from baogao.rules.ruleset import RuleSet, rules_for

__all__ = ["Ran", "Skipped", "run_artifact_rules", "run_rules"]


MOST_KEPT = 64
"""For how many kinds of reports it is kept which rules they are judged by; so memory does not grow with a batch."""

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
    agenda = _agenda(rules, report.traits, has_previous=report.previous is not None)
    findings: list[Finding] = []
    with Process() as process:
        for plugin, of_plugin in agenda.run:
            watch = Watch(plugin)
            for rule in of_plugin:
                findings.extend(_run(rule, partial(rule.check, report, rule.options), watch, report))
            findings.extend(_trespass(process, watch))
    return Ran(tuple(findings), agenda.names, agenda.skipped)


class _Agenda(NamedTuple):
    """Which rules are run, by the title of each plugin in turn, with the names of them all; and which are skipped."""

    run: tuple[tuple[str, tuple[AnyRule, ...]], ...]
    names: tuple[str, ...]
    skipped: tuple[Skipped, ...]


@lru_cache(maxsize=MOST_KEPT)
def _agenda(rules: RuleSet, traits: Traits, *, has_previous: bool) -> _Agenda:
    """Return what is to be done for reports with these traits: the same for most of a batch."""
    wanted: list[tuple[AnyRule, Need | None]] = [
        (rule, _lacking(rule, has_previous=has_previous)) for rule in rules_for(rules, traits)
    ]
    run = [rule for rule, lacks in wanted if not lacks and rule.checks]
    by_plugin = groupby(run, key=lambda rule: rule.plugin)
    return _Agenda(
        tuple((rules.titles.get(plugin, plugin), tuple(of_plugin)) for plugin, of_plugin in by_plugin),
        tuple(rule.id for rule in run),
        tuple(Skipped(rule.id, lacks) for rule, lacks in wanted if lacks),
    )


def _trespass(process: Process, watch: Watch) -> Iterator[Finding]:
    """Yield that the rules of a plugin changed what is not theirs."""
    if changed := process.changed():
        yield Finding(say("插件 {plugin} 的规则{error}", plugin=watch.plugin, error=changed), rule="PLG-004")


def _lacking(rule: AnyRule, *, has_previous: bool) -> Need | None:
    if "artifact" in rule.needs:
        return "artifact"
    return "previous" if "previous" in rule.needs and not has_previous else None


def run_artifact_rules(rules: RuleSet, job: Job, artifact: Artifact) -> tuple[Finding, ...]:
    """Run the rules on what one renderer made."""
    wanted = (rule for rule in rules.rules.values() if isinstance(rule, ArtifactRule))
    found: list[Finding] = []
    with Process() as process:
        for rule in wanted:
            if rule.renderer == job.output.renderer and rule.scope.covers(job.report):
                watch = Watch(rules.titles.get(rule.plugin, rule.plugin))
                found.extend(_run(rule, partial(rule.check, job, artifact), watch, job.report))
                found.extend(_trespass(process, watch))
    return tuple(found)


def _run(rule: AnyRule, check: Callable[[], Iterable[Finding]], watch: Watch, report: Report) -> list[Finding]:
    """Return the rule's findings under its id; what it found before it broke still counts."""
    found: list[Finding] = []
    with watch:
        for finding in islice(_iterable(check()), MOST + 1):
            found.append(_named(rule, finding, watch.plugin, report))  # noqa: PERF401  # it may break off
    if watch.error is not None:
        why = _signature_fault(rule, watch.error) or raised(watch.error)
        found.append(_broken(rule, why, watch.plugin, watch.error))
    elif len(found) > MOST:
        found[MOST:] = [_broken(rule, say("{count} 样以上，没有尽头", count=MOST), watch.plugin)]
    return found


def _iterable(given: Any) -> Iterable[Any]:
    """Return what a check gave; raise TypeError where it returned a finding, or nothing, instead of yielding."""
    if isinstance(given, Iterable):
        return cast("Iterable[Any]", given)
    raise TypeError(say("返回了 {value}；查到问题写 yield report.finding(…)，不写 return", value=as_code(given)[:60]))


def _signature_fault(rule: AnyRule, error: BaseException) -> Message | None:
    """Say that a check does not take what it is called with, where that is why it broke."""
    if not isinstance(error, TypeError):
        return None
    try:
        inspect.signature(rule.check).bind(None, None)
    except TypeError:
        wanted = "job, artifact" if isinstance(rule, ArtifactRule) else "report, options"
        return say("它的函数要收两个参数：{wanted}", wanted=wanted)
    except ValueError:  # a function of C that tells nothing of its parameters
        return None
    return None


def _named(rule: AnyRule, finding: Any, plugin: str, report: Report) -> Finding:
    if not isinstance(finding, Finding):
        return _broken(rule, say("给出的不是 Finding：{value}", value=as_code(finding)[:60]), plugin)
    wrong = wrong_fields(finding)
    if wrong:
        return _broken(rule, say("Finding 的 {names} 不是应有的类型", names=listed(wrong)), plugin)
    if finding.path not in report.by_path and not _is_place(report, finding.path):
        known = (*(section.id for section in report), *report.by_path)
        words = {"path": finding.path, "near": near(finding.path, known)}
        return _broken(rule, say("报告里没有“{path}”这个位置{near}", **words), plugin)
    return plain_finding(finding, rule.id)


def _is_place(report: Report, path: str) -> bool:
    """Tell whether there is such a place: the whole (""), a section, a row or a column of it, last year's too."""
    section_id, _, rest = path.partition("#")[0].partition(".")
    if section_id == "previous":
        return report.previous is None or rest in report.previous.by_path or _is_place(report.previous, rest)
    section = report.section(section_id)
    if section is None or not rest:
        return section is not None or not path or path in (chapter.section for chapter in report.chapters)
    return any(rest in names for one in section.tables for names in (one.spec.rows, one.spec.columns, one.keys))


def _broken(rule: AnyRule, error: str, plugin: str, exc: BaseException | None = None) -> Finding:
    file, line = where(exc) if exc else ("", None)
    place = Location(file, line) if file else rule.location
    message = say("规则 {rule}（插件 {plugin}）自己出错：{error}", rule=rule.id, plugin=plugin, error=error)
    return Finding(message, rule="PLG-004", location=place)
