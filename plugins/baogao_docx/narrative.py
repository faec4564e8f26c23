"""The narrative of a section as paragraphs in the shell's named styles: the only markup a template gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from markupsafe import Markup

from baogao.model.report import Block, Run
from baogao_docx.tables import TEXT_WIDTH, table, table_cell, table_row
from baogao_docx.wordml import Element, inner_xml, node, paragraph, q, run

__all__ = ["BODY", "HEADINGS", "SMALL", "draw_narrative"]

BODY = "公文正文"
SMALL = "表项"
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
        yield _grid(block, styles[SMALL])
        yield paragraph(styles[SMALL])  # Word joins tables that touch
        return
    style = HEADINGS[block.level - 1] if block.kind == "heading" else BODY
    marker = [run(block.marker)] if block.marker else []
    yield paragraph(styles[style], *marker, *map(_run, block.runs))


def _run(part: Run) -> Element:
    properties = [node(tag) for tag, wanted in (("b", part.strong), ("i", part.emphasis)) if wanted]
    return run(part.text, *properties)


def _grid(block: Block, style: str) -> Element:
    columns = max(map(len, block.rows), default=1)
    width = TEXT_WIDTH // columns
    rows = ([*row, *([()] * (columns - len(row)))] for row in block.rows)
    return table([width] * columns, (table_row(_cell(cell, width, style) for cell in row) for row in rows))


def _cell(cell: tuple[Run, ...], width: int, style: str) -> Element:
    return table_cell(width, paragraph(style, *map(_run, cell)))
