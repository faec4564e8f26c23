"""Where templates print cells by name: each value is marked, the page is drawn again, and the marks are found in it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from baogao_html.tree import Element, parse_page

if TYPE_CHECKING:
    from baogao_html.page import Page

__all__ = ["find_places", "read_places"]

Cells = tuple[tuple[str, str], ...]
"""The path of every cell with its text; a mark has the number of its cell here."""

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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template prints cells: the words it has there, and the text that stands in the page."""

    pattern: str
    element: Element | None = None
    number: int = 0

    @property
    def text(self) -> str:
        """Return what is printed; "" where the place is gone."""
        return self.element.texts[self.number] if self.element else ""

    def cells(self) -> Iterator[int]:
        """Yield the numbers of the cells printed here."""
        return map(int, MARKS.findall(self.pattern))


def read_places(root: Element, page: Page, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a page prints where its templates name cells; "" where the place is gone."""
    cells = _cells(page)
    for place in _places(root, page, names, cells):
        yield from _read(place, cells)


def find_places(root: Element, page: Page, names: Mapping[str, Any]) -> Iterator[tuple[str, Element]]:
    """Yield where templates print cells: the path, and the element."""
    cells = _cells(page)
    for place in _places(root, page, names, cells):
        if element := place.element:
            yield from ((cells[number][0], element) for number in place.cells())


def _places(root: Element, page: Page, names: Mapping[str, Any], cells: Cells) -> Iterator[Place]:
    if _names_cells(page):
        yield from _walk(parse_page(page.draw(_with_marks(names, cells))), root)


def _cells(page: Page) -> Cells:
    return tuple((path, cell.text()) for path, cell in page.job.report.cells().items())


def _names_cells(page: Page) -> bool:
    """Tell whether any template prints cells itself; ours leave that to the drawn table."""
    cells = {"cells", *(section.id for section in page.job.report)}
    return any(template.names & cells for template in page.templates)


def _with_marks(names: Mapping[str, Any], cells: Cells) -> dict[str, Any]:
    """Return the names with a mark in place of each cell; its number is that of the cell."""
    marked = dict(names)
    for number, (path, _) in enumerate(cells):
        section, row, column = path.split(".")
        rows = {**marked[section]}
        rows[row] = {**rows[row], column: _Marked(MARK.format(number), rows[row][column])}
        marked[section] = rows
    return marked


def _walk(marked: Element, printed: Element | None) -> Iterator[Place]:
    """Yield each place that has a mark, going through both trees together."""
    known = len(printed.texts) if printed else 0
    for number, pattern in enumerate(marked.texts):
        if MARKS.search(pattern):
            yield Place(pattern, printed if number < known else None, number)
    children = printed.children if printed else []
    for child, other in zip_longest(marked.children, children[: len(marked.children)]):
        yield from _walk(child, other if other and other.tag == child.tag else None)


def _read(place: Place, cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield what stands between the template's own words; all of the text where these words are not found."""
    numbers, text = list(place.cells()), place.text
    words = MARKS.split(place.pattern)[::2]
    if text == MARKS.sub(lambda mark: cells[int(mark[1])][1], place.pattern):
        yield from (cells[number] for number in numbers)
        return
    found = re.fullmatch("(.*?)".join(map(re.escape, words)), text, re.DOTALL)
    yield from ((cells[number][0], found[index] if found else text) for index, number in enumerate(numbers, 1))
