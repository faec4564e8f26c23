"""Draw a table in the terminal; in a pipe it is as wide as its words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

__all__ = ["show_table"]

WIDE = 400


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table to stdout."""
    table = Table(*(Column(head, overflow="fold") for head in heads), box=SIMPLE, collapse_padding=True, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, markup=False).print(table)
