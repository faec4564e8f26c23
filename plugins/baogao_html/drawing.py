"""A table as plain lists of slots for its template, which can lay out but not compute.

Every label is a `th` with scope, and every figure names its labels in both directions by `headers` (WCAG H63, H43):
merged heads make scope alone ambiguous.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baogao.model.cells import CellType
    from baogao.model.grid import Slot
    from baogao.model.tables import Table, TableSpec

__all__ = ["TABLE_NAMES", "Layout", "layout_of", "table_values"]

TABLE_NAMES = ("id", "caption", "unseen", "size", "columns", "groups")
"""What the template of a table may name under `table`."""

NARROW = 5
"""A table of more columns than this scrolls on a phone."""

MOST_KEPT = 64
"""How many layouts are kept; so memory is the same for ten reports and ten thousand."""


def table_values(table: Table, title: str) -> dict[str, Any]:
    """Return all that the template may name; a caption that the chapter's title has just said is not shown."""
    spec, layout = table.spec, layout_of(table)
    return {
        "id": spec.section,
        "caption": spec.caption or title,
        "unseen": "unseen" if spec.caption in title else "",
        "size": "wide" if layout.width > NARROW else "",
        "columns": [str(span) for span in layout.column_groups],
        "groups": [
            {"tag": tag, "rows": [[_filled(table, layout, slot, drawn) for slot, drawn in row] for row in rows]}
            for tag, rows in layout.row_groups
        ],
    }


def _filled(table: Table, layout: Layout, slot: Slot, drawn: dict[str, str]) -> dict[str, str]:
    """Return a slot with what it prints; a cell that should be filled in and is not shows."""
    if not slot.path:
        return drawn
    cell = table.cells[slot.path]
    look = "gap" if cell.blank and not cell.type.optional else layout.look_of(slot, cell.type)
    return {**drawn, "look": look, "text": cell.text()}


def layout_of(table: Table) -> Layout:
    """Return the layout of a table, which all tables with its definition and its rows share."""
    return _layout(table.spec, table.keys)


@lru_cache(maxsize=MOST_KEPT)
def _layout(spec: TableSpec, keys: tuple[str, ...]) -> Layout:
    return Layout(spec, keys)


@dataclass(frozen=True)
class Layout:
    """The slots of a table, and which labels speak of which; what the cells print is not in it."""

    spec: TableSpec
    keys: tuple[str, ...] = ()

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Return the printed grid."""
        return self.spec.grid(self.keys)

    @cached_property
    def stub(self) -> int:
        """Count the columns that hold the labels of rows."""
        stubs = (slot for slot in self.slots if slot.role == "stub" and not self._start(slot))
        return max((slot.column + slot.width for slot in stubs), default=0)

    @cached_property
    def width(self) -> int:
        """Count the columns."""
        return max(slot.column + slot.width for slot in self.slots)

    @cached_property
    def tops(self) -> tuple[int, ...]:
        """Return the first row of each band: of a head that does not continue another."""
        heads = sorted({row for slot in self.slots if slot.role in ("head", "band") for row in _rows(slot)})
        return tuple(heads[:1]) + tuple(row for before, row in pairwise(heads) if row > before + 1)

    @cached_property
    def labels_of(self) -> dict[Slot, frozenset[Slot]]:
        """Return the labels that speak of each slot: those of its band, of its columns and of its row."""
        return {slot: frozenset(self._spoken_by(slot)) for slot in self.slots}

    def _spoken_by(self, slot: Slot) -> Iterator[Slot]:
        start = self._start(slot)
        for label in self._labels.get(self._band(slot), ()):
            if _speaks(label, slot) and not (label.role == "stub" and label.column < start):
                yield label

    def _start(self, slot: Slot) -> int:
        """Return the column where the row begins anew before a slot: with the label that follows a cell."""
        return max((column for column in self._begun.get(slot.row, ()) if column <= slot.column), default=0)

    @cached_property
    def _begun(self) -> dict[int, list[int]]:
        """Return the columns of labels that follow a cell, by row: those of rows printed beside each other."""
        ends = {(slot.row, slot.column + slot.width) for slot in self.slots if slot.role == "cell"}
        begun: dict[int, list[int]] = {}
        for slot in self.slots:
            if slot.role == "stub" and (slot.row, slot.column) in ends:
                begun.setdefault(slot.row, []).append(slot.column)
        return begun

    @cached_property
    def _labels(self) -> dict[int, list[Slot]]:
        """Return the labels that say something, by band."""
        labels: dict[int, list[Slot]] = {}
        for slot in self.slots:
            if slot.text:
                labels.setdefault(self._band(slot), []).append(slot)
        return labels

    def _band(self, slot: Slot) -> int:
        return bisect(self.tops, slot.row)

    @cached_property
    def column_groups(self) -> tuple[int, ...]:
        """Return the spans of the row labels, of each head at the top of the table, and of columns without a head."""
        heads = [slot for slot in self.slots if slot.role == "head" and slot.column >= self.stub]
        spans = (self.stub, *(slot.width for slot in heads if slot.row == heads[0].row))
        return tuple(filter(None, (*spans, self.width - sum(spans))))

    @cached_property
    def row_groups(self) -> tuple[tuple[str, list[list[tuple[Slot, dict[str, str]]]]], ...]:
        """Return the head and the bodies: one for each row or group of rows, or else for each band."""
        height = max(slot.row + slot.height for slot in self.slots)
        starts = sorted({0, *self.tops, *self._body_starts()})
        return tuple(
            (
                "thead" if first == 0 and len(self.tops) == 1 else "tbody",
                [[(slot, self._drawn(slot)) for slot in self.slots if slot.row == row] for row in range(first, end)],
            )
            for first, end in pairwise([*starts, height])
        )

    def _body_starts(self) -> Iterator[int]:
        """Yield the rows where a group begins below the only head; bands hold their heads in their bodies."""
        if len(self.tops) > 1:
            return
        yield from [slot.row for slot in self.slots if slot.role in ("cell", "stub")][:1]
        yield from (slot.row for slot in self.slots if slot.role == "stub" and slot.column == 0)

    def _drawn(self, slot: Slot) -> dict[str, str]:
        scope = self._scope(slot)
        return {
            "tag": "th" if scope else "td",
            "id": self._id(slot),
            "scope": scope,
            "headers": " ".join(self._id(label) for label in self._headers(slot)),
            "rowspan": str(slot.height) if slot.height > 1 else "",
            "colspan": str(slot.width) if slot.width > 1 else "",
            "look": self._look(slot),
            "text": slot.text,
        }

    def _headers(self, slot: Slot) -> Iterator[Slot]:
        yield from self._spoken_by(slot)
        if (key := self._keys.get(slot.row)) and slot.role == "cell" and slot is not key:
            yield key

    @cached_property
    def _keys(self) -> dict[int, Slot]:
        """Return the cells that name the rows of a list, by row."""
        names = {band.key for band in self.spec.bands if band.is_list and band.key}
        return {slot.row: slot for slot in self.slots if slot.path.rpartition(".")[2] in names}

    def _id(self, slot: Slot) -> str:
        if slot.path and not any(character.isspace() for character in slot.path):
            return slot.path
        return f"{self.spec.section}-r{slot.row + 1}c{slot.column + 1}"

    def _scope(self, slot: Slot) -> str:
        if slot.role == "cell":
            return "row" if slot is self._keys.get(slot.row) else ""
        if not slot.text:
            return ""
        if slot.role == "head":
            return "colgroup" if slot.width > 1 else "col"
        return "rowgroup" if slot.role == "band" or slot.height > 1 else "row"

    def look_of(self, slot: Slot, kind: CellType) -> str:
        """Return the look of a cell that is filled in: figures, amounts, or words in a list."""
        if kind.padded:
            return "value amount"
        return "value" if kind.is_number or not self.keys or slot in self._keys.values() else "value words"

    def _look(self, slot: Slot) -> str:
        if slot.role == "head" and slot.column < self.stub:
            return "corner"
        return f"{slot.role} upright" if slot.upright else slot.role


def _speaks(label: Slot, slot: Slot) -> bool:
    """Tell whether a label speaks of a slot in its band: over it, or beside it."""
    if label.role == "band":
        return slot.role != "band"
    if label.role == "stub":
        return slot.role in ("stub", "cell") and label.column < slot.column and _meet(_rows(label), _rows(slot))
    return slot.role in ("head", "cell") and label.row < slot.row and _meet(_columns(label), _columns(slot))


def _rows(slot: Slot) -> range:
    return range(slot.row, slot.row + slot.height)


def _columns(slot: Slot) -> range:
    return range(slot.column, slot.column + slot.width)


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
