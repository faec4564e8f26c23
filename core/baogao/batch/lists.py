"""Lists of names that may be as long as the batch: on the disk, with the first names of each for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from baogao.batch.scratch import Scratch, packed, unpacked
from baogao.language import Message, listed, say

__all__ = ["Lists", "few"]

MOST_NAMED = 20
Key = Sequence[str | int]
"""What a list is of: plain values."""

TABLES = ("CREATE TABLE entries (list TEXT, name BLOB)", "CREATE INDEX by_list ON entries (list)")


class Lists:
    """Lists of names, each with a key."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept = Scratch(*TABLES)

    def add(self, key: Key, name: str) -> None:
        """Put a name at the end of a list."""
        self._kept.do("INSERT INTO entries VALUES (?, ?)", json.dumps(key), packed(name))

    def names(self, key: Key) -> Iterator[str]:
        """Yield the names of a list."""
        found = self._kept.rows("SELECT name FROM entries WHERE list = ? ORDER BY rowid", json.dumps(key))
        return (unpacked(row[0]) for row in found)

    def count(self, key: Key) -> int:
        """Return how many names a list has."""
        return self._kept.value("SELECT COUNT(*) FROM entries WHERE list = ?", json.dumps(key))

    def keys(self, least: int = 1) -> Iterator[Key]:
        """Yield the lists that have so many names, in the order in which they were begun."""
        query = "SELECT list FROM entries GROUP BY list HAVING COUNT(*) >= ? ORDER BY MIN(rowid)"
        return (json.loads(row[0]) for row in self._kept.rows(query, least))


def few(names: Iterable[object], count: int) -> Message:
    """Return so many names as one message, the first of them where there are many."""
    first = listed(islice(names, MOST_NAMED))
    return first if count <= MOST_NAMED else say("{first}……共 {count} 份", first=first, count=count)
