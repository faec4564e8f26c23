"""What a run must know of every report, on the disk: its memory does not grow with their number."""

from __future__ import annotations

import contextlib
import sqlite3
import weakref
from collections.abc import Generator, Iterator
from typing import Any

from baogao.errors import OutputError
from baogao.language import say
from baogao.model.findings import Finding

__all__ = ["Scratch", "packed", "unpacked"]

SMALL = ("PRAGMA cache_size = -64", "PRAGMA journal_mode = OFF")
"""KiB of the tables that are in memory; and nothing is ever taken back."""


class Scratch:
    """Tables of this process alone; their file has no name and is gone with the process, however that ends."""

    def __init__(self, *tables: str) -> None:
        """Make the tables; raise OutputError where there is no room for them, then or later."""
        # Whichever thread collects the garbage closes it.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        for statement in (*SMALL, *tables):
            self.do(statement)

    def do(self, statement: str, *values: object) -> None:
        """Carry out a statement that gives no rows."""
        with _told():
            self._database.execute(statement, values)

    def rows(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one by one."""
        with _told():
            # `yield from` would close the cursor of a query that is left, also when the tables are gone.
            for row in self._database.execute(statement, values):  # noqa: UP028
                yield row

    def first(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        """Return the row of a query for one; None where it gives none."""
        return next(iter(list(self.rows(statement, *values))), None)

    def value(self, statement: str, *values: object) -> Any:
        """Return the value of a query for one; None where it gives no row."""
        row = self.first(statement, *values)
        return row[0] if row is not None else None


@contextlib.contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = say("临时文件写不了：{error}", error=str(error))
        hint = say("放临时文件的文件夹（环境变量 TMPDIR 指的，平常是 /var/tmp）要能写、有空地方")
        raise OutputError([Finding(message, rule="OUT-003", hint=hint)]) from error


def packed(text: str) -> bytes:
    """Return a text as bytes that sort as it does, also one with halves of characters, as a file may be named."""
    return text.encode("utf-8", "surrogatepass")


def unpacked(data: bytes) -> str:
    """Return the text again."""
    return data.decode("utf-8", "surrogatepass")
