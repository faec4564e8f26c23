"""Findings: what does not hold, or could not be assessed, and where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from baogao.language import listed, near, say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Finding", "Location", "Severity", "State", "Waiver"]


class Severity(StrEnum):
    """How grave a finding is; an error forbids filing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        known = [one.value for one in cls]
        words = {"value": value, "known": listed(known), "near": near(str(value), known)}
        raise ValueError(say("没有“{value}”这一级{near}；severity 可以是：{known}", **words))

    @property
    def rank(self) -> int:
        """Return 0 for the gravest."""
        return list(Severity).index(self)


class State(StrEnum):
    """Whether a rule was broken, or could not be assessed because something is blank."""

    FAIL = "fail"
    UNASSESSABLE = "unassessable"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: lines and columns count from 1, columns in characters."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return `file:line:column`, as editors understand it."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A recorded reason (情况说明) why a finding is accepted, bound to the values it was given for.

    `actual` is what was found, where neither cells nor words bind it.
    """

    rule: str
    path: str
    reason: str
    author: str
    approver: str
    date: date
    until: date | None = None
    quote: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, with its place.

    `path` is a cell (`section.row.column`), a row, a section, or "" for the whole report; `quote` holds the
    words of a narrative. In an equation `A == B`, `expected` is A and `actual` is B.
    """

    message: str
    path: str = ""
    rule: str = ""
    severity: Severity = Severity.ERROR
    state: State = State.FAIL
    cells: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    quote: str = ""
    basis: str = ""
    hint: str = ""
    location: Location | None = None
    waived: Waiver | None = None

    def __post_init__(self) -> None:
        """Take a severity or state given as a word; raise ValueError for one there is not."""
        object.__setattr__(self, "severity", Severity(self.severity))
        object.__setattr__(self, "state", State(self.state))

    @property
    def section(self) -> str:
        """Return the id of the section the finding is in, "" for the whole report."""
        return self.path.partition(".")[0]

    @property
    def fingerprint(self) -> str:
        """Identify the finding by rule, path and quote, so that it survives moved lines and changed values."""
        identity = "\n".join((self.rule, self.path, self.quote))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]
