"""Levels of a list: which rows are the sum of which others, by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ALL", "BELOW", "TOP", "Levels"]

BELOW = "下级各行"
"""What the rows below a row are called in its formula."""

ALL, TOP = "all_rows", "top_rows"
"""What the rows of a list are called in expressions: all but the total; those below no other but the total."""


@dataclass(frozen=True, slots=True)
class Levels:
    """How the rows of a list add up: with `prefix`, 201 is the sum of 20101 and 20105; `total` is the key of the total.

    `rule` reports a typed sum that differs.
    """

    prefix: bool = False
    total: str = ""
    rule: str = ""

    def below(self, keys: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return the rows directly below each row that is a sum."""
        rows: dict[str, list[str]] = {self.total: []} if self.total in keys else {}
        known = frozenset(keys) - {self.total}
        for key in (key for key in keys if key != self.total):
            above = self._above(key, known)
            if above in known or above in rows:
                rows.setdefault(above, []).append(key)
        return {key: tuple(found) for key, found in rows.items()}

    def top(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return the rows that are below no other but the total."""
        known = frozenset(keys) - {self.total}
        return tuple(key for key in keys if key in known and self._above(key, known) == self.total)

    def _above(self, key: str, known: frozenset[str]) -> str:
        """Return the row a key is directly below: that of its longest prefix, or else the total."""
        shorter = (key[:length] for length in range(len(key) - 1, 0, -1)) if self.prefix else ()
        return next((name for name in shorter if name in known), self.total)
