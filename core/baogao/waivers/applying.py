"""Apply waivers: a finding is waived while rule, path, quote and every recorded value are what they were.

One waiver takes one finding: of several that are alike the others stay.

A waiver that does not work is a finding itself. What it was given for is then back with its own severity, so a
waiver that only grew old is a warning: it must never make a report worse than it is without it. One that was
wrong from the beginning (its shape, its rule, its dates) is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from baogao.language import Message, near, say
from baogao.model.findings import Finding, Severity, State, Waiver
from baogao.model.report import Report
from baogao.rules.ruleset import RuleSet
from baogao.waivers.reading import Entry, Waivers

__all__ = ["Bench", "apply_waivers", "binds", "printed_values"]

Identity = tuple[str, str, str]
UNREAD = frozenset(
    {*("SRC-001", "SRC-002", "SRC-003", "SRC-004", "SRC-005", "SRC-006", "SRC-007", "SRC-010"), "PLG-003", "PLG-006"}
)
"""What keeps a section from being read: nobody knows then what the rules would find in it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What waivers are judged against; rules that `judges` refuses have not run, and their waivers are left alone."""

    report: Report
    rules: RuleSet
    today: date
    judges: Callable[[str], bool] = field(default=lambda _: True)


def apply_waivers(waivers: Waivers, findings: Iterable[Finding], bench: Bench) -> tuple[Finding, ...]:
    """Return the findings, those that are accepted with their waiver, and what is wrong with the waivers."""
    found = tuple(findings)
    applier = _Applier(found, bench)
    problems = [problem for entry in waivers.entries for problem in applier.problems(entry)]
    return (*applier.judged(), *problems, *applier.left_over())


def binds(finding: Finding) -> str | None:
    """Return what was found, where neither cells nor words bind a waiver of it."""
    return None if finding.cells or finding.quote else finding.actual


def printed_values(report: Report, paths: Iterable[str]) -> dict[str, str]:
    """Return what is printed in these cells, last year's with `previous.` in front."""
    return {path: report.cell(path).text() for path in paths if report.has(path)}


class _Applier:
    """Match waivers with findings, each waiver in turn; the first that works counts."""

    def __init__(self, findings: tuple[Finding, ...], bench: Bench) -> None:
        self.bench = bench
        self.findings = findings
        self.accepted: dict[int, Entry] = {}
        self.unread = {finding.section for finding in findings if finding.rule in UNREAD} - {""}
        self.alike: dict[Identity, list[int]] = {}
        for number, finding in enumerate(findings):
            self.alike.setdefault(_identity(finding), []).append(number)

    def judged(self) -> Iterator[Finding]:
        """Yield every finding, those that are accepted with their waivers."""
        for number, finding in enumerate(self.findings):
            entry = self.accepted.get(number)
            yield replace(finding, waived=entry.waiver) if entry else finding

    def left_over(self) -> Iterator[Finding]:
        """Yield a finding on each waiver beside whose finding others just like it stay."""
        for numbers in self.alike.values():
            taken = [number for number in numbers if number in self.accepted]
            rest = sum(self.findings[number].state is State.FAIL for number in numbers) - len(taken)
            if taken and rest:
                entry = self.accepted[taken[-1]]
                message = say(
                    "一条情况说明只放行一处：{rule} 同样的问题还有 {rest} 处", rule=entry.waiver.rule, rest=rest
                )
                yield self._problem(entry, "WVR-008", message, "rule", Severity.WARNING)

    def problems(self, entry: Entry) -> Iterator[Finding]:
        """Accept what the entry is for, or yield why it does not work; nothing, where that cannot be known."""
        if not self.bench.judges(entry.waiver.rule) or self._waits(entry):
            return
        if problem := self._never_right(entry) or self._lapsed(entry):
            yield problem
        else:
            yield from self._matched(entry)

    def _waits(self, entry: Entry) -> bool:
        """Tell whether nothing was found because a section that the entry speaks of could not be read."""
        paths = (entry.waiver.path, *entry.waiver.values)
        return entry.identity not in self.alike and any(path.partition(".")[0] in self.unread for path in paths)

    def _never_right(self, entry: Entry) -> Finding | None:
        """Return what was wrong with an entry from the beginning: its rule, or its dates."""
        waiver, rules = entry.waiver, self.bench.rules.rules
        rule = rules.get(waiver.rule)
        if rule is None:
            message = say("没有规则“{rule}”{near}", rule=waiver.rule, near=near(waiver.rule, rules))
            return self._problem(entry, "WVR-002", message, "rule")
        if not rule.waivable:
            message = say("规则 {rule}（{title}）不能说明情况放行，必须改正", rule=rule.id, title=say(rule.title))
            return self._problem(entry, "WVR-003", message, "rule")
        if waiver.date > self.bench.today:
            return self._problem(entry, "WVR-005", say("说明的日期 {date} 还没有到", date=waiver.date), "date")
        if waiver.until is not None and waiver.until < waiver.date:
            message = say("截止日期 {until} 早于说明的日期 {date}", until=waiver.until, date=waiver.date)
            return self._problem(entry, "WVR-005", message, "until")
        return None

    def _lapsed(self, entry: Entry) -> Finding | None:
        until = entry.waiver.until
        if until is None or until >= self.bench.today:
            return None
        message = say("对 {rule} 的情况说明只到 {until}，已经过期", rule=entry.waiver.rule, until=until)
        return self._problem(entry, "WVR-005", message, "until", Severity.WARNING)

    def _matched(self, entry: Entry) -> Iterator[Finding]:
        alike = self.alike.get(entry.identity, [])
        failed = [number for number in alike if self.findings[number].state is State.FAIL]
        if not alike:
            yield self._problem(entry, "WVR-006", self._no_match(entry), self._unmatched_key(entry))
        elif not failed:
            message = say("{rule} 在这里是“无法核对”：有格空着，不能说明情况放行，先填好", rule=entry.waiver.rule)
            yield self._problem(entry, "WVR-003", message, "path")
        elif changes := tuple(self._changes(entry.waiver.values)):
            message = say("{rule} 说明以后数有变动：{changes}", rule=entry.waiver.rule, changes=_listed(changes))
            yield self._problem(entry, "WVR-004", message, "values")
        elif free := [number for number in failed if number not in self.accepted]:
            yield from self._accepted(entry, free)
        else:
            place = self.accepted[failed[0]].document.locate()
            message = say("{rule} 的这一处在 {place} 已经有情况说明", rule=entry.waiver.rule, place=place)
            yield self._problem(entry, "WVR-007", message, "rule")

    def _accepted(self, entry: Entry, free: list[int]) -> Iterator[Finding]:
        """Accept the first finding that still is what the entry was given for, or say how it differs."""
        changes = {number: _difference(entry.waiver, self.findings[number]) for number in free}
        number = next((number for number, change in changes.items() if change is None), None)
        if number is not None:
            self.accepted[number] = entry
        elif change := changes[free[0]]:
            message = say("{rule} {change}", rule=entry.waiver.rule, change=change)
            yield self._problem(entry, "WVR-004", message, "actual" if entry.waiver.actual else "rule")

    def _no_match(self, entry: Entry) -> Message:
        waiver = entry.waiver
        others = [finding for finding in self.found_of(waiver.rule) if finding.path != waiver.path]
        at = say("，原话“{quote}”", quote=waiver.quote) if waiver.quote else say("")
        return say(
            "{rule} 在“{path}”{quote}没有查出问题{near}",
            rule=waiver.rule,
            path=waiver.path,
            quote=at,
            near=near(waiver.path, [finding.path for finding in others]),
        )

    def _unmatched_key(self, entry: Entry) -> str:
        """Return the key that makes the difference: the quote where the path is right."""
        return "quote" if any(found.path == entry.waiver.path for found in self.found_of(entry.waiver.rule)) else "path"

    def found_of(self, rule: str) -> list[Finding]:
        """Return what one rule found."""
        return [finding for finding in self.findings if finding.rule == rule]

    def _changes(self, values: Mapping[str, str]) -> Iterator[Message]:
        report = self.bench.report
        for path, old in values.items():
            if not report.has(path):
                yield say("“{path}”现在没有这一格", path=path)
            elif (new := report.cell(path).text()) != old:
                yield say("“{label}”原来是“{old}”，现在是“{new}”", label=report.label(path), old=old, new=new)

    def _problem(
        self, entry: Entry, rule: str, message: Message, key: str, severity: Severity = Severity.ERROR
    ) -> Finding:
        """Return a finding about a waiver at one of its keys, shown with the section it speaks of."""
        waiver = entry.waiver
        path = waiver.path if self.bench.report.section(waiver.path.partition(".")[0]) else ""
        return Finding(message, path, rule, severity, quote=waiver.quote, location=entry.document.locate(key))


def _identity(finding: Finding) -> Identity:
    return finding.rule, finding.path, finding.quote


def _difference(waiver: Waiver, finding: Finding) -> Message | None:
    """Return how what was found differs from what the waiver was given for; a fact must be recorded."""
    if waiver.actual is None and (actual := binds(finding)) is not None:
        return say("没有写明是对什么情况说明的：写上 actual: “{actual}”", actual=actual)
    if waiver.actual is not None and waiver.actual != finding.actual:
        return say("说明以后情况有变动：原来是“{old}”，现在是“{new}”", old=waiver.actual, new=finding.actual or "")
    return None


def _listed(changes: tuple[Message, ...]) -> Message:
    """Join what has changed, so that each can be said in another language."""
    first, *rest = changes
    return say("{first}；{rest}", first=first, rest=_listed(tuple(rest))) if rest else first
