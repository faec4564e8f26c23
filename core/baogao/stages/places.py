"""Where the cells of a table were written, found only when somebody asks: of most cells nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from baogao.files.yaml import Document
from baogao.model.findings import Location
from baogao.model.tables import Table

__all__ = ["CellPlaces", "Places"]


class CellPlaces(Mapping[str, Location]):
    """The place of every row and every cell of a table, by path."""

    def __init__(self, table: Table, document: Document) -> None:
        """Take the table and the document that it was read from."""
        self._table = table
        self._document = document

    def __getitem__(self, path: str) -> Location:
        """Return the place of a row or a cell, or the nearest one around it; raise KeyError for any other path."""
        section, _, rest = path.partition(".")
        row, _, column = rest.partition(".")
        if section != self._table.spec.section or not (path in self._table.cells if column else row in self._rows):
            raise KeyError(path)
        return self._document.locate(self._rows[row], *((column,) if column else ()))

    def __iter__(self) -> Iterator[str]:
        """Yield the paths, the rows first."""
        yield from (f"{self._table.spec.section}.{row}" for row in self._rows)
        yield from self._table.cells

    def __len__(self) -> int:
        """Count the rows and the cells."""
        return len(self._rows) + len(self._table.cells)

    @cached_property
    def _rows(self) -> Mapping[str, str | int]:
        """Return the key of each row in the document: its own, or its number in a list."""
        table = self._table
        if not table.keys:
            return {row: row for row in dict.fromkeys(path.split(".")[1] for path in table.cells)}
        written = {key: number for number, key in enumerate(key for key in table.keys if not table.is_added(key))}
        return {key: written.get(key, key) for key in table.keys}


class Places(Mapping[str, Location]):
    """The places of several mappings as one; of a path that more than one knows, the first counts."""

    def __init__(self, *maps: Mapping[str, Location]) -> None:
        """Take the mappings."""
        self._maps = maps

    def __getitem__(self, path: str) -> Location:
        """Return the place; raise KeyError for a path that none knows."""
        for known in self._maps:
            if path in known:
                return known[path]
        raise KeyError(path)

    def __iter__(self) -> Iterator[str]:
        """Yield each path once."""
        return iter(dict.fromkeys(path for known in self._maps for path in known))

    def __len__(self) -> int:
        """Count the paths."""
        return sum(1 for _ in self)
