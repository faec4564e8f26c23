"""Words written twice over: seen by comparing the whole text with itself, all characters at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["may_repeat"]

UNIT = 2
"""Bytes of a unit of UTF-16; every Chinese character of the usual block is one unit."""


def may_repeat(text: str, lengths: Iterable[int]) -> bool:
    """Tell whether as many Chinese characters in a row may be the same as those right before them.

    The lower bytes of all units, as one long number, are compared with themselves moved on by so many units: where
    they are the same, there are zeros. 工作工作 moved on by two is itself in two units: two zeros in a row. What is no
    Chinese character is never the same.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    size = len(units) // UNIT
    lower, not_chinese = int.from_bytes(units[::UNIT], "little"), _not_chinese(units[1::UNIT])
    for length in lengths:
        differences = lower ^ lower >> 8 * length | not_chinese
        if bytes(length) in differences.to_bytes(size, "little"):
            return True
    return False


def _not_chinese(upper: bytes) -> int:
    """Return a number with a byte for each unit: zero where its upper byte may be that of a Chinese character.

    That has one of the two highest bits; those of digits, letters and most signs have neither.
    """
    number, highest = int.from_bytes(upper, "little"), int.from_bytes(b"\x80" * len(upper), "little")
    has_either = (number | number << 1) & highest
    return has_either ^ highest
