"""Lexicons: the words that a user does not want to read in a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from baogao.model.findings import Location, Severity

__all__ = ["KINDS", "Kind", "Word"]

Kind = Literal["sensitive", "confusion", "outdated", "expression"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a lexicon: what must not be read, why, and what to write instead.

    `exceptions` are longer words that hold this one and are right. `location` is where the entry was written.
    """

    text: str
    kind: Kind = "sensitive"
    replacement: str = ""
    level: Severity = Severity.WARNING
    note: str = ""
    exceptions: tuple[str, ...] = ()
    location: Location | None = None
