"""Where templates print cells by name: each value is marked, the page is drawn again, and the marks are found in it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from baogao_html.tree import Element, parse_page

if TYPE_CHECKING:
    from baogao_html.page import Page

__all__ = ["read_places"]

MARK = f"〖{secrets.randbelow(10**18)}·{{}}〗"
"""Filters leave it as it is, and no report can print it: each run of the program has a number of its own."""

MARKS = re.compile(MARK.format("([0-9]+)"))


class _Marked(Markup):
    """A mark that is printed in place of a value and else passes for it, so that conditions hold as before."""

    real: str

    def __new__(cls, mark: str, real: str = "") -> _Marked:
        marked = super().__new__(cls, mark)
        marked.real = real
        return marked

    def __eq__(self, other: object) -> bool:
        return self.real == other

    def __ne__(self, other: object) -> bool:
        return self.real != other

    def __hash__(self) -> int:
        return hash(self.real)

    def __bool__(self) -> bool:
        return bool(self.real)


def read_places(root: Element, page: Page, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a page prints where its templates name cells; "" where the place is gone."""
    if not _names_cells(page):
        return
    cells = tuple((path, cell.text()) for path, cell in page.job.report.cells().items())
    yield from _walk(parse_page(page.draw(_with_marks(names, cells))), root, cells)


def _names_cells(page: Page) -> bool:
    """Tell whether any template prints cells itself; ours leave that to the drawn table."""
    cells = {"cells", *(section.id for section in page.job.report)}
    return any(template.names & cells for template in page.templates)


def _with_marks(names: Mapping[str, Any], cells: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Return the names with a mark in place of each cell; its number is that of the cell."""
    marked = dict(names)
    for number, (path, _) in enumerate(cells):
        section, row, column = path.split(".")
        rows = {**marked[section]}
        rows[row] = {**rows[row], column: _Marked(MARK.format(number), rows[row][column])}
        marked[section] = rows
    return marked


def _walk(marked: Element, printed: Element | None, cells: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Yield what stands in the page at the place of each mark, going through both trees together."""
    texts = printed.texts if printed else []
    for pattern, text in zip_longest(marked.texts, texts[: len(marked.texts)], fillvalue=""):
        if MARKS.search(pattern):
            yield from _read(pattern, text, cells)
    children = printed.children if printed else []
    for child, other in zip_longest(marked.children, children[: len(marked.children)]):
        yield from _walk(child, other if other and other.tag == child.tag else None, cells)


def _read(pattern: str, text: str, cells: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Yield what stands between the template's own words; all of the text where these words are not found."""
    numbers = [int(number) for number in MARKS.findall(pattern)]
    words = MARKS.split(pattern)[::2]
    if text == MARKS.sub(lambda mark: cells[int(mark[1])][1], pattern):
        yield from (cells[number] for number in numbers)
        return
    found = re.fullmatch("(.*?)".join(map(re.escape, words)), text, re.DOTALL)
    yield from ((cells[number][0], found[place] if found else text) for place, number in enumerate(numbers, 1))
