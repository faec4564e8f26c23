"""The narrative of a section as paragraphs in the shell's named styles: the only markup a template gets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from baogao.model.report import Block, Run
from baogao_docx.drawing.tables import CELL_MARGIN, TEXT_WIDTH, table, table_cell, table_row
from baogao_docx.drawing.titles import width_of
from baogao_docx.ooxml.wordml import Element, inner_xml, node, paragraph, q, run

__all__ = ["BODY", "HEADINGS", "SMALL", "draw_narrative", "grid_widths"]

BODY = "公文正文"
SMALL = "表项"
HEAD = "表头"
CHARACTER = 210
"""The width of a character of a table, in twips."""
LONG = 20
"""A cell with more characters is broken into lines rather than given more room."""
_WORD = re.compile(r"[0-9A-Za-z.,%+\-]+")
HEADINGS = ("heading 1", "heading 2", "heading 3", "heading 4")


def draw_narrative(blocks: Iterable[Block], styles: Mapping[str, str], *, kept: bool = False) -> Markup:
    """Return the paragraphs of a narrative; `styles` are the shell's style ids by name.

    What is `kept` ends on the page of the signature, which must not stand on a page without text.
    """
    drawn = [element for block in blocks for element in _draw(block, styles)]
    if kept and drawn and drawn[-1].tag == q("p"):
        drawn[-1][0].append(node("keepNext"))
    # every text in it has been escaped by lxml
    return Markup(inner_xml(drawn))  # noqa: S704


def _draw(block: Block, styles: Mapping[str, str]) -> Iterator[Element]:
    if block.kind == "grid":
        yield _grid(block, styles[SMALL], styles[HEAD])
        yield paragraph(styles[SMALL])  # Word joins tables that touch
        return
    style = HEADINGS[block.level - 1] if block.kind == "heading" else BODY
    marker = [run(block.marker)] if block.marker else []
    yield paragraph(styles[style], *marker, *map(_run, block.runs))


def _run(part: Run) -> Element:
    properties = [node(tag) for tag, wanted in (("b", part.strong), ("i", part.emphasis)) if wanted]
    return run(part.text, *properties)


def _grid(block: Block, style: str, head: str) -> Element:
    """Return a simple table; its first row is the head, which is repeated on the next page."""
    columns = max(map(len, block.rows), default=1)
    rows = [[*row, *([()] * (columns - len(row)))] for row in block.rows]
    widths = grid_widths([["".join(part.text for part in cell) for cell in row] for row in rows])
    drawn = (
        table_row(
            (_cell(cell, width, style if number else head) for cell, width in zip(row, widths, strict=True)),
            repeated=not number,
        )
        for number, row in enumerate(rows)
    )
    return table(widths, drawn)


def grid_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the widths of the columns of a simple table in twips: together as wide as the text.

    Each column holds its longest number or word; what is left goes where there is more to say.
    """
    columns = list(zip(*rows, strict=True))
    least = [
        _room(max((width_of(word) for text in column for word in _WORD.findall(text)), default=0)) for column in columns
    ]
    wanted = [_room(min(max(map(width_of, column)), LONG)) for column in columns]
    more = [max(want - low, 0) for want, low in zip(wanted, least, strict=True)]
    free = TEXT_WIDTH - sum(least)
    shares = least if free < 0 else more if any(more) else [1] * len(columns)
    base = [0] * len(columns) if free < 0 else least
    rest = TEXT_WIDTH - sum(base)
    widths = [low + rest * share // sum(shares) for low, share in zip(base, shares, strict=True)]
    return [*widths[:-1], TEXT_WIDTH - sum(widths[:-1])]


def _room(characters: float) -> int:
    """Return the width of a cell for so many characters of a table, two at least."""
    return int((max(characters, 2) + 0.5) * CHARACTER) + 2 * CELL_MARGIN


def _cell(cell: tuple[Run, ...], width: int, style: str) -> Element:
    return table_cell(width, paragraph(style, *map(_run, cell)))
