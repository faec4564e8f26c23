"""Tables: the definition of an official grid, and the figures that fill it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.grid import Slot, lay_out
from baogao.model.levels import ALL, BELOW, TOP
from baogao.model.sealing import seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CellSpec", "Table", "TableSpec"]


@dataclass(frozen=True, slots=True)
class CellSpec:
    """One cell of the definition: where it is, what may stand in it, how it may be computed."""

    path: str
    row: Node
    column: Node
    type: CellType

    @property
    def may_be_left_out(self) -> bool:
        """Tell whether nothing need be written in it."""
        return self.type.optional or self.computed

    @property
    def computed(self) -> bool:
        """Tell whether the cell has a formula."""
        return bool(self.row.computed or self.column.computed)


@dataclass(frozen=True, eq=False)
class TableSpec:
    """The definition of a table, from which every output, form and message derives; equal only to itself.

    `wide` prints the rows as groups of columns over one line of figures. `figures` are named sums for the
    narrative. `cell` is the type of a cell whose row and column name none.
    """

    section: str
    bands: tuple[Band, ...]
    cell: CellType
    corner: str = ""
    caption: str = ""
    wide: bool = False
    figures: Mapping[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def cells(self) -> tuple[CellSpec, ...]:
        """Return the cells of the fixed rows, in printed order."""
        return tuple(
            self.cell_spec(row.id, row, column)
            for band in self.bands
            for row in band.row_leaves
            for column in band.column_leaves
        )

    @cached_property
    def computed(self) -> tuple[CellSpec, ...]:
        """Return those of the cells that have a formula."""
        return tuple(cell for cell in self.cells if cell.computed)

    def cell_spec(self, row_id: str, row: Node, column: Node) -> CellSpec:
        """Return one cell; its type is the column's, or else the row's, or else the table's."""
        kind = column.type or row.type or self.cell
        if row.optional or column.optional:
            kind = replace(kind, optional=True)
        return CellSpec(f"{self.section}.{row_id}.{column.id}", row, column, kind)

    def listed(self, keys: tuple[str, ...]) -> Iterator[CellSpec]:
        """Yield the cells of the rows of a list; the total has none for words but its key."""
        for band in (band for band in self.bands if band.is_list):
            below = band.levels.below(keys)
            for key in keys:
                for leaf in band.column_leaves:
                    cell = self.cell_spec(key, Node("", key), leaf)
                    if key == band.levels.total and leaf.key:
                        yield replace(cell, type=replace(cell.type, rules={"type": "string"}))
                    elif key in below and cell.type.is_number:
                        yield replace(cell, row=Node("", key, computed=BELOW, rule=band.levels.rule))
                    elif key != band.levels.total:
                        yield cell

    def row_groups(self, keys: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return what expressions call the rows of a list: `all_rows`, `top_rows`."""
        groups: dict[str, tuple[str, ...]] = {}
        for levels in (band.levels for band in self.bands if band.is_list):
            groups[ALL] = tuple(key for key in keys if key != levels.total)
            groups[TOP] = levels.top(keys)
        return groups

    @cached_property
    def band_of_row(self) -> Mapping[str, Band]:
        """Return the band each row stands in."""
        return {row.id: band for band in self.bands for row in band.row_leaves}

    @cached_property
    def rows(self) -> Mapping[str, tuple[str, ...]]:
        """Return the row ids; the name of a group means its leaves."""
        return _names(node for band in self.bands for node in band.rows)

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the column ids; the name of a group means its leaves."""
        return _names(node for band in self.bands for node in band.columns)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Return the printed label of each row and column id."""
        trees = (node for band in self.bands for node in (*band.rows, *band.columns))
        return {node.id: node.label for tree in trees for node in tree.walk() if node.id}

    def words(self, path: str) -> str:
        """Name a row, a column or a cell as it is printed, without its section: `（七）总计｜自然人`."""
        return "｜".join(filter(None, (self.labels.get(name, name) for name in path.split(".")[1:])))

    def grid(self, keys: tuple[str, ...] = ()) -> tuple[Slot, ...]:
        """Return the printed grid with its merges; `keys` are the rows of a list."""
        return self._laid_out(keys) if keys else self._fixed_grid

    @cached_property
    def _fixed_grid(self) -> tuple[Slot, ...]:
        return self._laid_out(())

    def _laid_out(self, keys: tuple[str, ...]) -> tuple[Slot, ...]:
        paths = frozenset(cell.path for cell in self.listed(keys))
        return lay_out(self.section, self.bands, corner=self.corner, wide=self.wide, keys=keys, listed=paths)


def _names(trees: Iterator[Node]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in (node for tree in trees for node in tree.walk() if node.id):
        leaves = tuple(leaf.id for leaf in node.leaves())
        found[node.id] = tuple(dict.fromkeys((*found.get(node.id, ()), *leaves)))
    return found


@dataclass(frozen=True)
class Table:
    """The cells of one section, by path, in printed order; `figures` are its named sums."""

    spec: TableSpec
    cells: Mapping[str, Cell]
    figures: Mapping[str, Cell] = field(default_factory=dict[str, Cell])

    def __post_init__(self) -> None:
        """Seal the cells: what a rule or a renderer does must not change what is printed."""
        seal(self, "cells", "figures")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the rows of a list, in the order of the data; empty where the rows are fixed."""
        if not any(band.is_list for band in self.spec.bands):
            return ()
        return tuple(dict.fromkeys(path.split(".")[1] for path in self.cells))

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """Return the rows of a list directly below each row that is their sum."""
        return {key: rows for band in self._lists for key, rows in band.levels.below(self.keys).items()}

    def is_added(self, key: str) -> bool:
        """Tell whether a row of a list is the total that nobody wrote."""
        name = next((band.key for band in self._lists if band.levels.total == key), "")
        return bool(name) and self.cells[f"{self.spec.section}.{key}.{name}"].typed is None

    @property
    def _lists(self) -> Iterator[Band]:
        return (band for band in self.spec.bands if band.is_list)

    def grid(self) -> tuple[Slot, ...]:
        """Return the printed grid of this table."""
        return self.spec.grid(self.keys)

    def specs(self) -> dict[str, CellSpec]:
        """Return the definition of each cell, those of a list's rows too."""
        return {cell.path: cell for cell in (*self.spec.cells, *self.spec.listed(self.keys))}

    def computed(self) -> Iterator[CellSpec]:
        """Yield the definition of each cell that has a formula."""
        yield from self.spec.computed
        yield from (cell for cell in self.spec.listed(self.keys) if cell.computed)

    def rows(self) -> dict[str, dict[str, Cell]]:
        """Return the cells as rows of columns."""
        rows: dict[str, dict[str, Cell]] = {}
        for path, cell in self.cells.items():
            _, row, column = path.split(".")
            rows.setdefault(row, {})[column] = cell
        return rows
