"""COMPUTE: fill in the cells that were left to be computed, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from baogao.definitions.checking import shape_of
from baogao.definitions.formulas import Formula, as_number, computed_order, formulas, sums
from baogao.definitions.gate import gate_of
from baogao.expressions import ExpressionError, Number, number_text
from baogao.language import Message, say
from baogao.model.cells import Cell, Value
from baogao.model.findings import Finding
from baogao.model.sealing import copied
from baogao.model.tables import Table

__all__ = ["Computed", "compute"]


@dataclass(frozen=True, slots=True)
class Computed:
    """A table with its computed cells, and what could not be computed."""

    table: Table
    findings: tuple[Finding, ...]


def compute(table: Table) -> Computed:
    """Fill in the computed cells and named sums; a sum with a blank part stays blank, without a finding."""
    computer = _Computer(table)
    given = {path: cell for path, cell in table.cells.items() if cell.origin == "computed"} if table.keys else {}
    left_out = (path for path in computed_order(table) if table.cells[path].typed is None)
    computed = computer.fitting({**given, **{path: computer.cell(path) for path in left_out}})
    computer.note_gaps(computed)
    cells = {**copied(table.cells), **computed}
    figures = {path: computer.figure(path, formula) for path, formula in sums(table).items()}
    return Computed(replace(table, cells=cells, figures=figures), tuple(computer.findings))


class _BlankError(Exception):
    """A part of a sum is blank."""


class _Computer:
    """Compute the cells of one table, each once; a cell may rest on other computed cells."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.formulas = formulas(table)
        self.done: dict[str, Cell] = {}
        self.findings: list[Finding] = []

    def cell(self, path: str) -> Cell:
        """Return a cell, computed if it was left out."""
        if path not in self.done:
            cell = self.table.cells[path]
            self.done[path] = cell  # a cell that rests on itself stays blank
            if cell.typed is None and path in self.formulas:
                self.done[path] = self._computed(cell)
        return self.done[path]

    def fitting(self, cells: Mapping[str, Cell]) -> Mapping[str, Cell]:
        """Return the cells; a computed value its type refuses is a finding, and blank."""
        computed = (cell for cell in cells.values() if cell.origin == "computed")
        doubtful = {cell.path: cell for cell in computed if not gate_of(cell.type.rules)(cell.value)}
        if not doubtful:
            return cells
        shape = shape_of({"schema": {path: dict(cell.type.rules) for path, cell in doubtful.items()}})
        refused = {str(fault.keys[0]): fault.why for fault in shape.faults({p: c.value for p, c in doubtful.items()})}
        for path, why in refused.items():
            value = doubtful[path].text()
            self._find(say("“{label}”算出来是“{value}”：{why}", label=self._label(path), value=value, why=why), path)
        return {path: replace(cell, value=None) if path in refused else cell for path, cell in cells.items()}

    def note_gaps(self, cells: Mapping[str, Cell]) -> None:
        """Name each computed cell that stays blank although nothing it rests on had to be filled in."""
        gaps = {path for path, cell in cells.items() if cell.blank and not cell.type.optional}
        for path in (path for path in self.table.cells if path in gaps) if gaps else ():
            named = (formula.named for formula in self.formulas.get(path, ()))
            parts = {part for each in named for found in each.values() for part in found}
            blanks = [part for part in parts if self.cell(part).blank]
            if blanks and all(self.table.cells[part].type.optional for part in blanks):
                self._find(say("“{label}”算不出来：它用到的格没有填", label=self._label(path)), path, "TAB-001")

    def _label(self, path: str) -> str:
        return self.table.spec.words(path)

    def _find(self, message: Message, path: str, rule: str = "TAB-002") -> None:
        self.findings.append(Finding(message, path, rule, cells=(path,)))

    def _computed(self, cell: Cell) -> Cell:
        """Return the cell by its column's formula, or else by its row's."""
        for formula in self.formulas[cell.path]:
            try:
                value = self._value(formula)
            except ExpressionError as exc:
                self._find(say("“{label}”无法计算：{why}", label=self._label(cell.path), why=exc.message), cell.path)
                return cell
            if value is not None:
                return replace(cell, value=value, origin="computed")
        return cell

    def figure(self, path: str, formula: Formula) -> Cell:
        """Return a named sum."""
        try:
            value = self._value(formula)
        except ExpressionError:
            value = None  # a narrative that names it is told that it is blank
        return Cell(path, self.table.spec.cell, value, None, "blank" if value is None else "computed")

    def _value(self, formula: Formula) -> Value:
        try:
            return _as_value(formula.expression.value(lambda name: sum(map(self._number, formula.named[name]))))
        except _BlankError:
            return None

    def _number(self, path: str) -> Number:
        number = as_number(self.cell(path).value)
        if number is None:
            raise _BlankError
        return number


def _as_value(number: Number) -> Value:
    return int(number) if number == int(number) else Decimal(number_text(number))
