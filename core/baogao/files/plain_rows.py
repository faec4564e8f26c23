"""A look at a table before the parser of YAML: rows of whole numbers, each on its line, need no parser."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["PlainRows", "plain_rows"]

NAME = r"[a-z_][a-z0-9_]{0,60}"
NUMBER = r"(?:0|-?[1-9][0-9]{0,17})"
REMARK = r"#[ -~\u2010-\u2027\u2190-\u2193\u3000-\u9fff\uff01-\uff5e]*"
LINE = re.compile(
    rf"(?P<key>{NAME}): +(?:\{{(?P<row>{NAME}: {NUMBER}(?:, {NAME}: {NUMBER})*)\}}|(?P<number>{NUMBER}))"
    rf"(?: +{REMARK})? *"
    rf"| *(?:{REMARK})?"
)


class PlainRows(NamedTuple):
    """The data of a table, and the line of its first row, counted from 1."""

    data: dict[str, int | dict[str, int]]
    line: int


def plain_rows(text: str) -> PlainRows | None:
    """Return the rows of a text that is nothing but `name: {name: 1, …}` or `name: 1` and remarks; None for any other.

    What is none, and every mistake, is left to the parser.
    """
    data: dict[str, int | dict[str, int]] = {}
    first = 0
    for number, line in enumerate(text.split("\n"), 1):
        found = LINE.fullmatch(line)
        if found is None or found["key"] in data:
            return None
        if key := found["key"]:
            row = _row(found["row"]) if found["row"] else int(found["number"])
            if row is None:
                return None
            data[key] = row
            first = first or number
    return PlainRows(data, first) if data else None


def _row(words: str) -> dict[str, int] | None:
    """Return the cells of a row; None where one is written twice."""
    pairs = [pair.split(": ") for pair in words.split(", ")]
    row = {name: int(number) for name, number in pairs}
    return row if len(row) == len(pairs) else None
