"""Tables of fixed rows that are plainly filled in: numbers that fit, where the definition has them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from baogao.definitions.gate import Gate, gate_of
from baogao.model.cells import Cell, CellType, printed
from baogao.model.tables import CellSpec, TableSpec

__all__ = ["plain_cells"]

MOST_KEPT = 64
"""How many definitions are kept prepared; so memory is the same for ten reports and ten thousand."""


class _Allowed(NamedTuple):
    """What may stand in a cell; `zero` and `blank` are the cell with 0 and left out, or None where it may not be so."""

    path: str
    type: CellType
    fits: Gate
    zero: Cell | None
    blank: Cell | None


def plain_cells(spec: TableSpec, data: Any) -> dict[str, Cell] | None:
    """Return the cells in printed order, or None where only a closer look tells what stands in them."""
    rows = _allowed(spec)
    if not rows or type(data) is not dict or not data.keys() <= rows.keys():
        return None
    cells: dict[str, Cell] = {}
    for row, columns in rows.items():
        given = data.get(row)
        if type(given) is not dict or not given.keys() <= columns.keys():
            return None
        for column, allowed in columns.items():
            cell = _cell(allowed, given.get(column))
            if cell is None:
                return None
            cells[allowed.path] = cell
    return cells


def _cell(allowed: _Allowed, value: Any) -> Cell | None:
    """Return the cell, or None where its value is not plainly as it should be."""
    if value is None:
        return allowed.blank
    if type(value) is int and value == 0:  # as most are
        return allowed.zero
    if type(value) not in (int, Decimal) or not allowed.fits(value):
        return None
    return Cell(allowed.path, allowed.type, value, printed(value), "typed")


@lru_cache(maxsize=MOST_KEPT)
def _allowed(spec: TableSpec) -> Mapping[str, Mapping[str, _Allowed]]:
    """Return the cells by row and column; none for a list, whose rows come with the data."""
    rows: dict[str, dict[str, _Allowed]] = {}
    if not any(band.is_list for band in spec.bands):
        for cell in spec.cells:
            rows.setdefault(cell.row.id, {})[cell.column.id] = _in_cell(cell)
    return rows


def _in_cell(spec: CellSpec) -> _Allowed:
    fits = gate_of(spec.type.rules)
    may_be_blank = gate_of({**spec.type.rules, "nullable": spec.may_be_left_out})
    zero = Cell(spec.path, spec.type, 0, printed(0), "typed") if fits(0) else None
    blank = Cell(spec.path, spec.type) if may_be_blank(None) else None
    return _Allowed(spec.path, spec.type, fits, zero, blank)
