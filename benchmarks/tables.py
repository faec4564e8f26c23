"""Tables in Markdown, and the document that keeps those of the last run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DOCUMENT", "Table", "put"]

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured: a heading, what was run, and rows under the names of their columns."""

    title: str
    said: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        """Return the table in Markdown."""
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"### {self.title}\n\n{self.said}\n\n{drawn}\n"


def put(name: str, machine: str, tables: Sequence[Table], document: Path) -> None:
    """Put the tables of a measurement between its two marks in the document; raise ValueError where they are not."""
    text = document.read_text(encoding="utf-8")
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    drawn = "\n".join([f"{machine}\n", *map(str, tables)])
    changed, count = place.subn(lambda found: f"{found[1]}\n{drawn}\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"{document.name} has no place for {name}")
    document.write_text(changed, encoding="utf-8")
