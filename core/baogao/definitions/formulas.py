"""Formulas of computed cells, and what the names in them mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from baogao.expressions import Number
from baogao.model.cells import Value
from baogao.model.levels import BELOW
from baogao.model.tables import CellSpec, Table, TableSpec

__all__ = ["Formula", "Paths", "as_number", "formulas", "leaf_paths", "paths_of"]

Paths = Callable[[str], tuple[str, ...]]

MOST_KEPT = 4096
"""How many names of cells are kept resolved; so memory is the same for ten reports and ten thousand."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How a cell may be computed, the rule that says so, and the cells each name stands for."""

    source: str
    rule: str
    paths: Paths


def formulas(table: Table, cell: CellSpec) -> tuple[Formula, ...]:
    """Return the formulas of a cell, its column's first."""
    spec, row, column = table.spec, cell.row, cell.column
    found: list[Formula] = []
    if column.computed:
        found.append(Formula(column.computed, column.rule, lambda name: leaf_paths(spec, row=row.id, column=name)))
    if row.computed == BELOW:
        parts = tuple(f"{spec.section}.{key}.{column.id}" for key in table.below[row.id])
        found.append(Formula(BELOW, row.rule, lambda _: parts))
    elif row.computed:
        found.append(Formula(row.computed, row.rule, lambda name: leaf_paths(spec, row=name, column=column.id)))
    return tuple(found)


@lru_cache(maxsize=MOST_KEPT)
def leaf_paths(spec: TableSpec, *, row: str, column: str) -> tuple[str, ...]:
    """Return the cells that a row and a column name; the name of a group means its leaves."""
    found: list[str] = []
    for name in spec.rows.get(row, (row,)):
        band = spec.band_of_row.get(name, spec.bands[0])
        found.extend(f"{spec.section}.{name}.{leaf}" for leaf in band.column_names.get(column, (column,)))
    return tuple(found)


def paths_of(table: Table, *, row: str, column: str) -> tuple[str, ...]:
    """Return the cells that a row and a column of a table name; a name for rows of a list means them all."""
    rows = table.row_groups.get(row, (row,))
    return tuple(path for name in rows for path in leaf_paths(table.spec, row=name, column=column))


def as_number(value: Value) -> Number | None:
    """Return a value as an exact number, or None where it is blank or not one."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    return Fraction(value) if isinstance(value, Decimal) else None
