"""Rules: what must hold of a report, or of an artifact made from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from baogao.language import listed, say
from baogao.model.findings import Finding, Location, Severity

if TYPE_CHECKING:
    from baogao.model.report import Report

__all__ = ["ArtifactRule", "Check", "Need", "Rule", "Scope", "rule"]

Need = Literal["previous", "artifact"]
Check = Callable[["Report", Mapping[str, Any]], Iterable[Finding]]


UNIT_KINDS = ("department", "government", "township", "other")
GATES = ("政治关", "文字关", "数据关", "保密关")
RULE_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{3}")


def _holds(_report: Report, _options: Mapping[str, Any]) -> Iterable[Finding]:
    """Find nothing: the rule is reported by the engine itself, at the place its explanation names."""
    return ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports a rule speaks of; an empty tuple means all."""

    forms: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 9999)
    section: str = ""

    def __post_init__(self) -> None:
        """Take a single name for a list of one; raise ValueError for years and kinds that no report has."""
        for name in ("forms", "editions", "kinds"):
            names = getattr(self, name)
            object.__setattr__(self, name, (names,) if isinstance(names, str) else tuple(map(str, names)))
        given = cast("Any", self.years)
        years: tuple[Any, ...] = tuple(given) if isinstance(given, tuple | list) else ()
        if len(years) != 2 or not all(isinstance(year, int) for year in years):
            raise ValueError(say("years 应写成 (起, 止)：{years}", years=repr(self.years)))
        if years[0] > years[1]:
            raise ValueError(say("years 的起年 {first} 晚于止年 {last}", first=years[0], last=years[1]))
        if unknown := [kind for kind in self.kinds if kind not in UNIT_KINDS]:
            raise ValueError(say("kinds 只能是 {kinds}：{unknown}", kinds=listed(UNIT_KINDS), unknown=listed(unknown)))

    def names(self, form: str, edition: str) -> bool:
        """Tell whether the rule is for this edition of this form."""
        return (not self.forms or form in self.forms) and (not self.editions or edition in self.editions)

    def covers(self, report: Report) -> bool:
        """Tell whether the rule applies to this report."""
        return (
            (not (self.forms or self.editions) or any(self.names(*of) for of in report.lineage))
            and (not self.kinds or report.unit.kind in self.kinds)
            and self.years[0] <= report.year <= self.years[1]
            and (not self.section or report.section(self.section) is not None)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must hold of a report, with its basis in law or practice.

    `check` gets the report and the rule's options and yields findings. `needs` names what it cannot run
    without; it is then skipped, and the skip is listed. `reports: number` makes it the rule under which the
    engine reports a well-formed number that a cell of its section refuses; such a rule is an error, never waived.
    """

    id: str
    title: str
    severity: Severity = Severity.ERROR
    gate: str = "数据关"
    basis: str = ""
    check: Check = _holds
    explanation: str = ""
    hint: str = ""
    scope: Scope = field(default_factory=Scope)
    needs: frozenset[Need] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    waivable: bool = True
    examples: tuple[Mapping[str, Any], ...] = ()
    reports: str = ""
    location: Location | None = None
    plugin: str = ""

    def __post_init__(self) -> None:
        """Take a severity given as a word; raise ValueError for one there is not, and for needs there are not."""
        object.__setattr__(self, "severity", Severity(self.severity))
        texts = (self.id, self.title, self.gate, self.basis, self.explanation, self.hint)
        if not all(isinstance(cast("Any", text), str) for text in texts) or not RULE_ID.fullmatch(self.id):
            raise ValueError(say("规则 {rule}：编号应像 ABC-001，名称、依据、说明应是文字", rule=repr(self.id)))
        if self.gate not in GATES:
            raise ValueError(say("规则 {rule}：gate 只能是 {gates}", rule=self.id, gates=listed(GATES)))
        needs = frozenset({self.needs} if isinstance(self.needs, str) else self.needs)
        if unknown := needs - {"previous", "artifact"}:
            raise ValueError(say("needs 只能是 previous、artifact：{unknown}", unknown=repr(unknown)))
        object.__setattr__(self, "needs", needs)
        if self.reports:
            self._harden()

    def _harden(self) -> None:
        """Make a rule that reports refused cells a hard one: a cell that counts as blank never passes."""
        if self.reports != "number" or self.severity is not Severity.ERROR:
            raise ValueError(say("规则 {rule}：reports 只能是 number，级别只能是 error", rule=self.id))
        object.__setattr__(self, "waivable", False)

    @property
    def checks(self) -> bool:
        """Tell whether it has a check of its own, rather than describing what the engine reports."""
        return self.check is not _holds


@dataclass(frozen=True, slots=True)
class ArtifactRule(Rule):
    """Something that must hold of what one renderer made; `check` gets the job and the artifact."""

    check: Any = _holds
    needs: frozenset[Need] = frozenset({"artifact"})
    renderer: str = ""


def rule(rule_id: str, *, title: str, **more: Any) -> Callable[[Check], Rule]:
    """Make the decorated function a rule; its docstring is the explanation.

    `more` takes the fields of `Rule` and of `Scope` (forms, editions, kinds, years, section).
    """
    scope_names = Scope.__dataclass_fields__
    scope = Scope(**{name: more.pop(name) for name in list(more) if name in scope_names})

    def made(check: Check) -> Rule:
        code = getattr(check, "__code__", None)
        place = Location(code.co_filename, code.co_firstlineno) if code else None
        explanation = more.pop("explanation", "") or " ".join((check.__doc__ or "").split())
        needs = frozenset(more.pop("needs", ()))
        fields: dict[str, Any] = {"explanation": explanation, "scope": scope, "needs": needs, "location": place, **more}
        return Rule(rule_id, title, check=check, **fields)

    return made
