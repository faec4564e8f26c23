"""Numbers in a narrative: the patterns that say which cell a typed number speaks of."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NumberPattern"]


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """How a typed number is known to speak of a cell.

    `cells` are expressions over cells; the number must equal one of them. `match` are regular expressions in which
    `{n}` is the number, in digits or Chinese numerals; `zero` say without a number that there was none; a clause
    that holds one of the words `never` speaks of something else. `rule` reports a number that differs.
    """

    cells: tuple[str, ...]
    match: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    rule: str = ""
