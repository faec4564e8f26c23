"""Rules: what must hold of a report, or of an artifact made from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, cast

from baogao.language import listed, near, say
from baogao.model.findings import Finding, Location, Severity

if TYPE_CHECKING:
    from baogao.model.jobs import Artifact, Job
    from baogao.model.report import Report, Traits

__all__ = ["AnyRule", "ArtifactCheck", "ArtifactRule", "Check", "Need", "Rule", "Scope", "artifact_rule", "rule"]

Need = Literal["previous", "artifact"]
Check = Callable[["Report", Mapping[str, Any]], Iterable[Finding]]
ArtifactCheck = Callable[["Job", "Artifact"], Iterable[Finding]]

UNIT_KINDS = ("department", "government", "township", "other")
GATES = ("政治关", "文字关", "数据关", "保密关")
RULE_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{3}")


def _holds(*_given: object) -> Iterable[Finding]:
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
        return self.fits(report.traits)

    def fits(self, traits: Traits) -> bool:
        """Tell whether the rule applies to reports with these traits."""
        return (
            (not (self.forms or self.editions) or any(self.names(*of) for of in traits.lineage))
            and (not self.kinds or traits.kind in self.kinds)
            and self.years[0] <= traits.year <= self.years[1]
            and (not self.section or self.section in traits.sections)
        )


@dataclass(frozen=True, slots=True)
class AnyRule:
    """What there is to say of any rule, with its basis in law or practice; only `Rule` and `ArtifactRule` are made.

    `needs` names what the check cannot run without; it is then skipped, and the skip is listed. `reports: number`
    makes it the rule under which the engine reports a well-formed number that a cell of its section refuses; such
    a rule is an error, never waived.
    """

    id: str
    title: str
    severity: Severity = Severity.ERROR
    gate: str = "数据关"
    basis: str = ""
    check: Callable[..., Iterable[Finding]] = _holds
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
class Rule(AnyRule):
    """Something that must hold of a report; `check` gets the report and the rule's options and yields findings."""

    check: Check = _holds


@dataclass(frozen=True, slots=True)
class ArtifactRule(AnyRule):
    """Something that must hold of what one renderer made; `check` gets the job and the artifact."""

    check: ArtifactCheck = _holds
    needs: frozenset[Need] = frozenset({"artifact"})
    renderer: str = ""


class Described(TypedDict, total=False):
    """What is said of any rule besides its id and title: fields of the rule, then of its `Scope`."""

    severity: Severity | Literal["error", "warning", "info"]
    gate: str
    basis: str
    explanation: str
    hint: str
    waivable: bool
    examples: tuple[Mapping[str, Any], ...]
    forms: str | Iterable[str]
    editions: str | Iterable[str]
    kinds: str | Iterable[str]
    years: tuple[int, int]
    section: str


class DescribedFully(Described, total=False):
    """What is said of a rule on a report, besides."""

    needs: Need | Iterable[Need]
    options: Mapping[str, Any]
    reports: str


def rule(rule_id: str, *, title: str, **described: Unpack[DescribedFully]) -> Callable[[Check], Rule]:
    """Make the decorated function a rule on the report; its docstring is the explanation where none is given.

    It takes severity, gate, basis, explanation, hint, waivable, examples, needs, options and reports, and of the scope
    forms, editions, kinds, years and section. Raise TypeError for any other.
    """
    told = _fields(rule_id, described, DescribedFully.__annotations__)
    return lambda check: Rule(rule_id, title, check=check, **{**_told_by(check), **told})


def artifact_rule(
    rule_id: str, *, title: str, renderer: str, **described: Unpack[Described]
) -> Callable[[ArtifactCheck], ArtifactRule]:
    """Make the decorated function a rule on what one renderer made; its docstring is the explanation as with `rule`.

    It takes severity, gate, basis, explanation, hint, waivable and examples, and of the scope forms, editions, kinds,
    years and section. Raise TypeError for any other.
    """
    told = _fields(rule_id, described, Described.__annotations__)
    return lambda check: ArtifactRule(rule_id, title, check=check, renderer=renderer, **{**_told_by(check), **told})


def _fields(rule_id: str, described: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a rule, those of its scope put together; raise TypeError for what is not known."""
    if unknown := next((name for name in described if name not in known), ""):
        message = say(
            "规则 {rule}：没有名为 {name} 的参数{near}", rule=rule_id, name=unknown, near=near(unknown, known)
        )
        raise TypeError(message)
    of_scope = described.keys() & {part.name for part in fields(Scope)}
    scope = Scope(**{name: described[name] for name in of_scope})
    return {"scope": scope, **{name: value for name, value in described.items() if name not in of_scope}}


def _told_by(check: Callable[..., Any]) -> dict[str, Any]:
    """Return what a function says of its rule: where it stands, and its docstring."""
    code = getattr(check, "__code__", None)
    place = Location(code.co_filename, code.co_firstlineno) if code else None
    return {"location": place, "explanation": " ".join((check.__doc__ or "").split())}
