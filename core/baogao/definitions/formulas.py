"""Formulas of computed cells, and what the names in them mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Concatenate, ParamSpec, TypeVar

from baogao.expressions import Expression, Number, parse_expression
from baogao.model.cells import Value
from baogao.model.levels import BELOW
from baogao.model.tables import CellSpec, Table, TableSpec

__all__ = ["Formula", "Named", "as_number", "computed_order", "formulas", "kept", "paths_of", "sums"]

T = TypeVar("T")
More = ParamSpec("More")

Named = Mapping[str, tuple[str, ...]]
"""The cells that each name stands for."""

MOST_KEPT = 1024
"""How many definitions are kept resolved; so memory is the same for ten reports and ten thousand."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How a cell may be computed, the rule that says so, and the cells each name stands for."""

    expression: Expression
    rule: str
    named: Named


def kept(make: Callable[Concatenate[Table, More], T]) -> Callable[Concatenate[Table, More], T]:
    """Keep what a function makes of a definition alone: of a table whose rows are fixed."""

    @lru_cache(maxsize=MOST_KEPT)
    def of_fixed(spec: TableSpec, *more: More.args, **named: More.kwargs) -> T:
        return make(Table(spec, {}), *more, **named)

    def of(table: Table, *more: More.args, **named: More.kwargs) -> T:
        return make(table, *more, **named) if table.keys else of_fixed(table.spec, *more, **named)

    return of


@kept
def formulas(table: Table) -> Mapping[str, tuple[Formula, ...]]:
    """Return the formulas of each computed cell, its column's first."""
    return {cell.path: tuple(_of(table, cell)) for cell in table.computed()}


@kept
def computed_order(table: Table) -> tuple[str, ...]:
    """Return the computed cells, each after those that its formulas rest on."""
    every = formulas(table)
    rests = {
        path: {part for formula in found for parts in formula.named.values() for part in parts if part in every}
        for path, found in every.items()
    }
    try:
        return tuple(TopologicalSorter(rests).static_order())
    except CycleError:  # by a row's formula and a column's: such cells stay blank
        return tuple(every)


@kept
def sums(table: Table) -> Mapping[str, Formula]:
    """Return the formulas of the named sums; their names are `row.column`, the row perhaps one for rows of a list."""
    found: dict[str, Formula] = {}
    for name, source in table.spec.figures.items():
        expression = parse_expression(source)
        parts = {part: part.partition(".") for part in expression.names}
        named = {part: paths_of(table.spec, table.keys, row, column) for part, (row, _, column) in parts.items()}
        found[f"{table.spec.section}.{name}"] = Formula(expression, "", named)
    return found


def _of(table: Table, cell: CellSpec) -> Iterator[Formula]:
    spec, row, column = table.spec, cell.row, cell.column
    if column.computed:
        expression = parse_expression(column.computed)
        yield Formula(expression, column.rule, {name: _leaf_paths(spec, row.id, name) for name in expression.names})
    if row.computed == BELOW:
        parts = tuple(f"{spec.section}.{key}.{column.id}" for key in table.below[row.id])
        yield Formula(parse_expression(BELOW), row.rule, {BELOW: parts})
    elif row.computed:
        expression = parse_expression(row.computed)
        yield Formula(expression, row.rule, {name: _leaf_paths(spec, name, column.id) for name in expression.names})


@lru_cache(maxsize=MOST_KEPT)
def _leaf_paths(spec: TableSpec, row: str, column: str) -> tuple[str, ...]:
    """Return the cells that a row and a column name; the name of a group means its leaves."""
    found: list[str] = []
    for name in spec.rows.get(row, (row,)):
        band = spec.band_of_row.get(name, spec.bands[0])
        found.extend(f"{spec.section}.{name}.{leaf}" for leaf in band.column_names.get(column, (column,)))
    return tuple(found)


def paths_of(spec: TableSpec, keys: tuple[str, ...], row: str, column: str) -> tuple[str, ...]:
    """Return the cells that a row and a column of a table name; a name for rows of a list means them all."""
    rows = spec.row_groups(keys).get(row, (row,)) if keys else (row,)
    return tuple(path for name in rows for path in _leaf_paths(spec, name, column))


def as_number(value: Value) -> Number | None:
    """Return a value as an exact number, or None where it is blank or not one."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    return Fraction(value) if isinstance(value, Decimal) else None
