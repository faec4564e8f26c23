"""What DOCX and PDF are compared by: rows, cells and paragraphs in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Part", "Unit", "units"]

Kind = Literal["row", "cell", "words", "end"]


@dataclass(frozen=True, slots=True)
class Part:
    """The beginning of a row or a cell, a paragraph with its words, or the end of a table."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph that has words: in which cell of its row, counted from 1, or 0 outside of tables.

    A row begins with a unit of its own, without words. Blanks are left out: at the end of a printed line they vanish.
    """

    cell: int
    text: str


ROW = Unit(-1, "")


def units(parts: Iterable[Part]) -> Iterator[Unit]:
    """Yield rows that have words, and their paragraphs.

    Blank cells only count: where a page ends within merged cells, LibreOffice closes the row with some more of them.
    """
    cell, row = 0, False
    for part in parts:
        if part.kind == "words":
            yield from [ROW] if row else []
            yield Unit(cell, "".join(part.text.split()))
            row = False
        else:
            cell = cell + 1 if part.kind == "cell" else 0
            row = part.kind == "row" or (row and part.kind == "cell")
