"""The grid of a table: the one place that knows how labels and cells are merged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from baogao.model.bands import Band, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Slot", "lay_out"]

Role = Literal["band", "head", "stub", "cell"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A rectangle of the printed grid, counted from 0: a label (`text`) or a cell (`path`)."""

    row: int
    column: int
    height: int
    width: int
    role: Role
    text: str = ""
    path: str = ""
    upright: bool = False


def lay_out(
    section: str,
    bands: tuple[Band, ...],
    *,
    corner: str = "",
    wide: bool = False,
    keys: tuple[str, ...] = (),
    listed: frozenset[str] = frozenset(),
) -> tuple[Slot, ...]:
    """Return the slots of a whole table, from top to bottom and left to right.

    `keys` are the rows of a list; of a row that is the total only those cells are there that are `listed`.
    """
    shown = tuple(map(_widened, bands)) if wide else bands
    stub = 0 if wide else max((node.depth for band in bands for node in band.rows), default=0)
    width = max(
        [stub + max(len(band.column_leaves) for band in shown), *(2 * band.across for band in bands if band.across > 1)]
    )
    slots: list[Slot] = []
    top = 0
    for band in shown:
        printer = _BandPrinter(section, band, corner, stub, width, listed)
        slots.extend(replace(slot, row=slot.row + top) for slot in printer.slots(("",) if wide else keys))
        top = max((slot.row + slot.height for slot in slots), default=0)
    return tuple(sorted(slots, key=lambda slot: (slot.row, slot.column)))


def _widened(band: Band) -> Band:
    """Turn rows into groups of columns; the ids of a wide column carry their row."""
    return Band(columns=tuple(_group(row, band.columns) for row in band.rows), label=band.label)


def _group(row: Node, columns: tuple[Node, ...]) -> Node:
    if row.children:
        return replace(row, children=tuple(_group(child, columns) for child in row.children))
    return replace(row, children=tuple(_under(row, column) for column in columns))


def _under(row: Node, column: Node) -> Node:
    if column.children:
        return replace(column, children=tuple(_under(row, child) for child in column.children))
    return replace(column, id=f"{row.id}.{column.id}")


@dataclass(frozen=True, slots=True)
class _BandPrinter:
    """Print one band: its label, its head, its rows; rows count from 0 within the band."""

    section: str
    band: Band
    corner: str
    stub: int
    width: int
    listed: frozenset[str] = frozenset()

    def slots(self, keys: tuple[str, ...]) -> Iterator[Slot]:
        top = 0
        if self.band.label:
            yield Slot(0, 0, 1, self.width, "band", self.band.label)
            top = 1
        if self.band.is_headless and not self.corner:
            yield from self._body(top, keys)
            return
        height = max(node.depth for node in self.band.columns)
        if self.stub:
            yield Slot(top, 0, height, self.stub, "head", self.corner)
        column = self.stub
        for node in self.band.columns:
            yield from self._head(node, top, column, height)
            column += _leaf_count(node)
        yield from self._body(top + height, keys)

    def _head(self, node: Node, row: int, column: int, height: int) -> Iterator[Slot]:
        count = _leaf_count(node)
        reach = 1 if node.children else height
        yield Slot(row, column, reach, self._reach(column, count), "head", node.label, upright=node.upright)
        for child in node.children:
            yield from self._head(child, row + 1, column, height - 1)
            column += _leaf_count(child)

    def _reach(self, column: int, count: int) -> int:
        """Return the width of a column; the last one of a narrow band takes the rest of the table."""
        last = column + count == self.stub + len(self.band.column_leaves)
        return self.width - column if last else count

    def _body(self, row: int, keys: tuple[str, ...]) -> Iterator[Slot]:
        if self.band.is_list:
            for offset, key in enumerate(keys):
                yield from self._cells(row + offset, key)
        if self.band.across > 1:
            yield from self._beside_each_other(row)
            return
        for node in self.band.rows:
            yield from self._stub(node, row, 0)
            row += _leaf_count(node)

    def _beside_each_other(self, row: int) -> Iterator[Slot]:
        """Yield rows as pairs of a label and a cell; the last cell of a line takes the rest of the width."""
        leaves, across = self.band.row_leaves, self.band.across
        for number, node in enumerate(leaves):
            down, place = divmod(number, across)
            last = place + 1 == across or number + 1 == len(leaves)
            column = 2 * place
            yield Slot(row + down, column, 1, 1, "stub", node.label, upright=node.upright)
            path = f"{self.section}.{node.id}.{self.band.column_leaves[0].id}"
            yield Slot(row + down, column + 1, 1, self.width - column - 1 if last else 1, "cell", path=path)

    def _stub(self, node: Node, row: int, column: int) -> Iterator[Slot]:
        reach = 1 if node.children else self.stub - column
        yield Slot(row, column, _leaf_count(node), reach, "stub", node.label, upright=node.upright)
        if not node.children:
            yield from self._cells(row, node.id)
        for child in node.children:
            yield from self._stub(child, row, column + 1)
            row += _leaf_count(child)

    def _cells(self, row: int, row_id: str) -> Iterator[Slot]:
        is_total = self.band.is_list and row_id == self.band.levels.total != ""
        paths = [".".join(part for part in (self.section, row_id, leaf.id) if part) for leaf in self.band.column_leaves]
        here = [offset for offset, path in enumerate(paths) if not is_total or path in self.listed]
        for offset, following in zip(here, [*here[1:], len(paths)], strict=True):
            column = self.stub + offset
            yield Slot(row, column, 1, self._reach(column, following - offset), "cell", path=paths[offset])


def _leaf_count(node: Node) -> int:
    return sum(1 for _ in node.leaves())
