"""The narrative of a section as markup: the only words that do not pass through a template."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from baogao.model.report import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from baogao.model.report import Run, Section
    from baogao.model.tables import Table

__all__ = ["draw_narrative", "stretches"]

DIVISION = Markup('<div class="narrative" data-section="{}">\n{}\n</div>')
PARAGRAPH = Markup("<p>{}</p>")
ITEM = Markup('<p class="item">{}{}</p>')
HEADING = Markup("<h{0}>{1}</h{0}>")
BOUND = Markup('<span data-cell="{}">{}</span>')
REGION = Markup('<div class="table-region" role="group" tabindex="0" aria-label="表格">{}</div>')
GRID = Markup('<table class="plain">{}</table>')
ROW = Markup("<tr>{}</tr>")
TOP_CELL = Markup('<th scope="col">{}</th>')
CELL = Markup("<td>{}</td>")
STRONG = Markup("<strong>{}</strong>")
EMPHASIS = Markup("<em>{}</em>")
PLAIN = Markup("{}")
NOTHING = Markup("")


def stretches(section: Section) -> Iterator[Markup | Table]:
    """Yield what stands in a section, in order: drawn narrative up to each table, and the tables."""
    for narrative, parts in groupby(section.body, lambda part: isinstance(part, Block)):
        if narrative:
            yield draw_narrative(section.id, [part for part in parts if isinstance(part, Block)])
        else:
            yield from (part for part in parts if not isinstance(part, Block))


def draw_narrative(section_id: str, blocks: Sequence[Block]) -> Markup:
    """Return the blocks in a division that names their section; each is one element of it."""
    return DIVISION.format(section_id, Markup("\n").join(map(_block, blocks))) if blocks else NOTHING


def _block(block: Block) -> Markup:
    if block.kind == "grid":
        return _grid(block.rows)
    if block.kind == "heading":
        # the page's title is h1 and a chapter's h2, so （一） is h3
        return HEADING.format(min(max(block.level, 2), 5) + 1, _runs(block.runs))
    if block.kind == "item":
        return ITEM.format(block.marker, _runs(block.runs))
    return PARAGRAPH.format(_runs(block.runs))


def _grid(rows: Sequence[tuple[tuple[Run, ...], ...]]) -> Markup:
    top = [_row(row, TOP_CELL) for row in rows[:1]]
    return REGION.format(GRID.format(NOTHING.join([*top, *(_row(row, CELL) for row in rows[1:])])))


def _row(cells: Iterable[tuple[Run, ...]], frame: Markup) -> Markup:
    return ROW.format(NOTHING.join(frame.format(_runs(cell)) for cell in cells))


def _runs(runs: Iterable[Run]) -> Markup:
    return NOTHING.join(map(_run, runs))


def _run(run: Run) -> Markup:
    words = BOUND.format(run.cell, run.text) if run.cell else PLAIN.format(run.text)
    words = EMPHASIS.format(words) if run.emphasis else words
    return STRONG.format(words) if run.strong else words
