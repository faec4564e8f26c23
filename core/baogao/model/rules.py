"""Rules: what must hold of a report, or of an artifact made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from baogao.model.findings import Finding, Location, Severity

if TYPE_CHECKING:
    from baogao.model.jobs import Artifact, Job
    from baogao.model.report import Report

__all__ = ["ArtifactRule", "Check", "Need", "Rule", "Scope", "rule"]

Need = Literal["previous", "artifact"]
Check = Callable[["Report", Mapping[str, Any]], Iterable[Finding]]
ArtifactCheck = Callable[["Job", "Artifact"], Iterable[Finding]]


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

    def covers(self, report: Report) -> bool:
        """Tell whether the rule applies to this report."""
        return (
            (not self.forms or report.form in self.forms)
            and (not self.editions or report.edition in self.editions)
            and (not self.kinds or report.unit.kind in self.kinds)
            and self.years[0] <= report.year <= self.years[1]
            and (not self.section or report.section(self.section) is not None)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must hold of a report, with its basis in law or practice.

    `check` gets the report and the rule's options and yields findings. `needs` names what it cannot run
    without; it is then skipped, and the skip is listed. `reports: number` makes it the rule under which the
    engine reports a well-formed number that a cell of its section refuses.
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
        """Take a severity given as a word; raise ValueError for one there is not."""
        object.__setattr__(self, "severity", Severity(self.severity))

    @property
    def checks(self) -> bool:
        """Tell whether it has a check of its own, rather than describing what the engine reports."""
        return self.check is not _holds


@dataclass(frozen=True, slots=True)
class ArtifactRule:
    """Something that must hold of what one renderer made; `check` gets the job and the artifact."""

    id: str
    title: str
    renderer: str
    check: ArtifactCheck
    severity: Severity = Severity.ERROR
    gate: str = "文字关"
    basis: str = ""
    explanation: str = ""
    hint: str = ""
    scope: Scope = field(default_factory=Scope)
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    waivable: bool = True
    examples: tuple[Mapping[str, Any], ...] = ()
    location: Location | None = None
    plugin: str = ""

    @property
    def needs(self) -> frozenset[Need]:
        """Say that the rule needs an artifact."""
        return frozenset({"artifact"})


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
