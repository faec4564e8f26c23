"""Tasks and results: plain values that travel between processes, or to other machines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from baogao.hooks.loading import Selection
from baogao.model.findings import Finding

__all__ = ["Known", "Line", "Outputs", "Result", "Settings", "State", "Task", "Verify"]

State = Literal["passed", "found", "unreadable", "failed", "lost", "unchanged"]
"""How a report ended. `unchanged`: its record still holds; `lost`: its worker died."""

Outputs = Mapping[str, str]
"""The SHA-256 of each file that was written, by name."""

Verify = Literal["all", "sample"]
"""Which reports of a batch are read back."""

SAMPLED = 20
"""One report in so many belongs to the sample."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for every report of a run."""

    out: Path
    build: bool
    to: tuple[str, ...] = ()
    draft: bool = False
    selection: Selection = field(default_factory=Selection)
    language: str = "zh"
    only_changed: bool = False
    verify: Verify = "all"

    def verifies(self, name: str) -> bool:
        """Tell whether a report is read back; its name decides, so that every run draws the same sample."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        return self.build and (self.verify == "all" or int.from_bytes(digest[:8]) % SAMPLED == 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a .jsonl: its number from 1, and where its bytes are."""

    number: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is recorded of a report: the hash of all it was made from, and what was written."""

    input: str
    outputs: Outputs
    done: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One report to do: `source` is its folder, or the .jsonl that holds its line."""

    name: str
    source: Path
    settings: Settings
    line: Line | None = None
    previous: Path | None = None
    known: Known | None = None

    @property
    def place(self) -> str:
        """Return where the report comes from, for people."""
        return f"{self.source}:{self.line.number}" if self.line else str(self.source)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one report; `rules` are the titles of the rules that found something.

    It is `verified` where what was made was read back, `compared` where it was compared with last year's.
    """

    name: str
    state: State
    input: str = ""
    head: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])
    findings: tuple[Finding, ...] = ()
    summary: Mapping[str, int] = field(default_factory=dict[str, int])
    rules: Mapping[str, str] = field(default_factory=dict[str, str])
    outputs: Outputs = field(default_factory=dict[str, str])
    verified: bool = False
    compared: bool = False
