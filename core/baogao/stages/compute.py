"""COMPUTE: fill in the cells that were left to be computed, exactly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from baogao.definitions.formulas import Paths, as_number, formulas
from baogao.expressions import Expression, Number, number_text, parse_expression
from baogao.model.cells import Cell, Value
from baogao.model.tables import CellSpec, Table

__all__ = ["compute"]


def compute(table: Table) -> Table:
    """Return the table with its computed cells and named sums; a sum with a blank part stays blank."""
    computer = _Computer(table)
    cells = {path: computer.cell(path) for path in table.cells}
    figures = {
        f"{table.spec.section}.{name}": computer.figure(f"{table.spec.section}.{name}", source)
        for name, source in table.spec.figures.items()
    }
    return replace(table, cells=cells, figures=figures)


class _BlankError(Exception):
    """A part of a sum is blank."""


class _Computer:
    """Compute the cells of one table, each once; a cell may rest on other computed cells."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.specs = table.specs()
        self.done: dict[str, Cell] = {}

    def cell(self, path: str) -> Cell:
        """Return a cell, computed if it was left out."""
        if path not in self.done:
            cell = self.table.cells[path]
            spec = self.specs.get(path)
            self.done[path] = cell  # a cell that rests on itself stays blank
            if spec is not None and cell.typed is None:
                self.done[path] = self._computed(cell, spec)
        return self.done[path]

    def _computed(self, cell: Cell, spec: CellSpec) -> Cell:
        """Return the cell by its column's formula, or else by its row's."""
        for formula in formulas(self.table.spec, spec):
            value = self._value(parse_expression(formula.source), formula.paths)
            if value is not None:
                return replace(cell, value=value, origin="computed")
        return cell

    def figure(self, path: str, source: str) -> Cell:
        """Return a named sum; its names are `row.column`."""
        spec = self.table.spec
        value = self._value(parse_expression(source), lambda name: (f"{spec.section}.{name}",))
        return Cell(path, spec.cell, value, None, "blank" if value is None else "computed")

    def _value(self, expression: Expression, paths: Paths) -> Value:
        try:
            return _as_value(expression.value(lambda name: sum(map(self._number, paths(name)))))
        except _BlankError:
            return None

    def _number(self, path: str) -> Number:
        number = as_number(self.cell(path).value)
        if number is None:
            raise _BlankError
        return number


def _as_value(number: Number) -> Value:
    return int(number) if number == int(number) else Decimal(number_text(number))
