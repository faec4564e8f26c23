"""The parts of a table: fixed widths as wide as the text, single borders, cells centred from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from baogao_docx.ooxml.wordml import Element, node

__all__ = [
    "CELL_MARGIN",
    "MILLIMETRE",
    "TEXT_HEIGHT",
    "TEXT_WIDTH",
    "borders",
    "table",
    "table_cell",
    "table_row",
]

MILLIMETRE = 1440 / 25.4
"""A millimetre in twips, the twentieth of a point that Word measures in."""

TEXT_WIDTH = 8844
"""The width of the text: 156 mm."""

TEXT_HEIGHT = 12738
"""The height of the text: 22 lines of 28.95 points."""

CELL_MARGIN = 57
"""What is left free on each side of a cell: 1 mm."""


def table(widths: Sequence[int], rows: Iterable[Element], caption: str = "", *, margin: int = CELL_MARGIN) -> Element:
    """Return a table of these columns; its caption is not printed, but tells what table it is."""
    sides = (("top", 20), ("left", margin), ("bottom", 20), ("right", margin))
    layout = node(
        "tblPr",
        node("tblW", w=sum(widths), type="dxa"),
        node("jc", val="center"),
        borders(),
        node("tblLayout", type="fixed"),
        node("tblCellMar", *(node(side, w=width, type="dxa") for side, width in sides)),
    )
    if caption:
        layout.append(node("tblCaption", val=caption))
    return node("tbl", layout, node("tblGrid", *(node("gridCol", w=width) for width in widths)), *rows)


def borders() -> Element:
    """Return the borders of an official table: single black lines of half a point."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return node("tblBorders", *(node(side, val="single", sz=4, space=0, color="000000") for side in sides))


def table_row(cells: Iterable[Element], *, height: int = 454, repeated: bool = False) -> Element:
    """Return a row that the end of a page does not cut; a repeated one heads the table on each page."""
    properties = node("trPr", node("cantSplit"), node("trHeight", val=height, hRule="atLeast"))
    if repeated:
        properties.append(node("tblHeader"))
    return node("tr", properties, *cells)


def table_cell(width: int, content: Element, *properties: Element) -> Element:
    """Return a cell; further properties stand in the order of the schema."""
    return node(
        "tc", node("tcPr", node("tcW", w=width, type="dxa"), *properties, node("vAlign", val="center")), content
    )
