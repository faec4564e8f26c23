"""Words written twice over: seen by comparing the whole text with itself, all characters at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["may_repeat"]

UNIT = 2
"""Bytes of a unit of UTF-16, in which every Chinese character of the usual block is one unit."""

HALF, TOP = 14, 15
"""The bits of a unit of which every such character has one; digits, letters and 。、《》 have none."""


def may_repeat(text: str, lengths: Iterable[int]) -> bool:
    """Tell whether as many Chinese characters in a row may be the same as those right before them.

    The text is taken for one long number, a unit of UTF-16 each place, and compared with itself moved on by so many
    places: where it is the same, there are zeros. What is no Chinese character is never the same.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    number = int.from_bytes(units, "little")
    others = _without_top_bits(number, len(units))
    for length in lengths:
        differences = number ^ number >> 8 * UNIT * length | others
        if bytes(UNIT * length) in differences.to_bytes(len(units), "little"):
            return True
    return False


def _without_top_bits(number: int, size: int) -> int:
    """Return a number that is zero in the places of what may be Chinese characters, and nowhere else."""
    tops = int.from_bytes(b"\0\x80" * (size // UNIT), "little")
    return tops & (number | number << TOP - HALF) ^ tops
