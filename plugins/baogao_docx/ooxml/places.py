"""Places in a part as people find them in Word: the number of a paragraph, or the cell of a table."""

from __future__ import annotations

from collections.abc import Iterable

from baogao.language import Message, say
from baogao_docx.ooxml.wordml import Element, q

__all__ = ["nearest", "place_in"]


def place_in(root: Element, paragraph: Element | None) -> Message:
    """Return the number of a paragraph outside of tables, 0 for none, or which cell of which table it stands in."""
    cell = None if paragraph is None else nearest(paragraph, "tc")
    row = None if cell is None else nearest(cell, "tr")
    table = None if row is None else nearest(row, "tbl")
    if cell is None or table is None:
        outside = (part for part in root.iter(q("p")) if nearest(part, "tc") is None)
        return say("第{number}段", number=_number(paragraph, outside))
    rows = (part for part in table.iter(q("tr")) if nearest(part, "tbl") is table)
    return say(
        "第{table}张表第{row}行第{column}列",
        table=_number(table, root.iter(q("tbl"))),
        row=_number(row, rows),
        column=1 + sum(_span(part) for part in cell.itersiblings(q("tc"), preceding=True)),
    )


def nearest(element: Element, tag: str) -> Element | None:
    """Return the nearest element of a tag that this one stands in, or None."""
    return next(element.iterancestors(q(tag)), None)


def _number(element: Element | None, elements: Iterable[Element]) -> int:
    return next((number for number, part in enumerate(elements, 1) if part is element), 0)


def _span(cell: Element) -> int:
    span = cell.find(f"{q('tcPr')}/{q('gridSpan')}")
    count = "" if span is None else span.get(q("val"), "")
    return int(count) if count.isdecimal() and len(count) < 4 else 1
