"""Figures of cells for rules in Python, and what to say where one is blank."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from baogao import Finding, State, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from baogao import Cell, Report

__all__ = ["Number", "cells_of", "number", "number_of", "option", "unassessable"]

Number = int | Decimal


def number_of(cell: Cell) -> Number | None:
    """Return the number in a cell, or None where it is blank."""
    value = cell.value
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def number(report: Report, path: str) -> Number | None:
    """Return the number at a path, or None where it is blank or there is no such cell."""
    return number_of(report.cell(path)) if report.has(path) else None


def cells_of(report: Report, section_id: str) -> dict[str, Cell]:
    """Return the cells of a section by path, in printed order."""
    section = report.section(section_id)
    tables = section.tables if section else ()
    return {path: cell for table in tables for path, cell in table.cells.items()}


def option(options: Mapping[str, Any], name: str) -> Decimal:
    """Return an option as an exact number."""
    return Decimal(str(options[name]))


def unassessable(report: Report, path: str, blanks: Iterable[str]) -> Finding:
    """Return the finding that something cannot be judged, because these cells are blank."""
    cells = tuple(blanks)
    names = listed(say("“{label}”", label=report.cell_label(blank)) for blank in cells)
    return report.finding(
        path, say("无法核对：{names}没有可用的数", names=names), state=State.UNASSESSABLE, cells=cells
    )
