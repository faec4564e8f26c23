"""Bands of a table, and the trees of labels that name its rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from baogao.model.levels import Levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from baogao.model.cells import CellType

__all__ = ["Band", "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A label in the tree of rows or of columns; a leaf has an id, and so may a group (the sum of its leaves)."""

    label: str
    id: str = ""
    children: tuple[Node, ...] = ()
    type: CellType | None = None
    computed: str = ""
    rule: str = ""
    key: bool = False
    optional: bool = False
    upright: bool = False

    def leaves(self) -> Iterator[Node]:
        """Yield the leaves in printed order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def walk(self) -> Iterator[Node]:
        """Yield this label and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def depth(self) -> int:
        """Count the levels of labels, this one included."""
        return 1 + max((child.depth for child in self.children), default=0)


@dataclass(frozen=True)
class Band:
    """A part of a table with columns of its own; without rows it is a list that grows with its data.

    `across` is how many rows are printed beside each other, each with its label: such a band has a single column.
    """

    columns: tuple[Node, ...]
    rows: tuple[Node, ...] = ()
    label: str = ""
    across: int = 1
    levels: Levels = field(default_factory=Levels)

    @property
    def is_list(self) -> bool:
        """Tell whether the rows come with the data."""
        return not self.rows

    @property
    def is_headless(self) -> bool:
        """Tell whether no column has a label, so that there is no head to print."""
        return not any(node.label for tree in self.columns for node in tree.walk())

    @cached_property
    def column_leaves(self) -> tuple[Node, ...]:
        """Return the columns that hold cells."""
        return tuple(leaf for node in self.columns for leaf in node.leaves())

    @cached_property
    def leaf_of_column(self) -> Mapping[str, Node]:
        """Return the columns that hold cells by their ids."""
        return MappingProxyType({leaf.id: leaf for leaf in self.column_leaves})

    @cached_property
    def row_leaves(self) -> tuple[Node, ...]:
        """Return the rows that hold cells."""
        return tuple(leaf for node in self.rows for leaf in node.leaves())

    @cached_property
    def column_names(self) -> dict[str, tuple[str, ...]]:
        """Return the column ids; the name of a group means its leaves."""
        nodes = (node for tree in self.columns for node in tree.walk() if node.id)
        return {node.id: tuple(leaf.id for leaf in node.leaves()) for node in nodes}

    @property
    def key(self) -> str:
        """Return the id of the column that names a row of a list, or ""."""
        return next((leaf.id for leaf in self.column_leaves if leaf.key), "")
