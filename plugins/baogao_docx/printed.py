"""A document as its reader sees it: pages, and the letters and lines of a paragraph wherever they were set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from baogao_docx.package import Package, read_package
from baogao_docx.wordml import Element, parse, q

__all__ = ["Cell", "Printed", "cells_of", "open_printed"]


@lru_cache(maxsize=4)
def open_printed(content: bytes) -> Printed:
    """Return the document; rules only look at it, so they share one. Raise PackageError for a damaged one."""
    package = read_package(content)
    return Printed(package, parse(package.parts[package.main]))


@dataclass(frozen=True)
class Printed:
    """A document, opened."""

    package: Package
    root: Element

    @property
    def pages(self) -> list[Element]:
        """Return the set-up of each part's pages."""
        return list(self.root.iter(q("sectPr")))

    def part(self, kind: str) -> Element | None:
        """Return the part of the document of which there is one, such as its settings."""
        names = self.package.related(kind)
        return parse(self.package.parts[names[0]]) if names else None

    @cached_property
    def styles(self) -> dict[str, Element]:
        """Return the styles by id; that of plain paragraphs under ""."""
        root = self.part("styles")
        found = {style.get(q("styleId"), ""): style for style in root.iter(q("style"))} if root is not None else {}
        plain = (one for one in found.values() if one.get(q("type")) == "paragraph" and one.get(q("default")) == "1")
        return {**found, "": next(plain, None)}

    def setting(self, paragraph: Element, path: str, attribute: str, *, lettering: bool = False) -> str:
        """Return an attribute as it is in force in a paragraph: its own, or its style's, or the document's."""
        for properties in self._layers(paragraph, lettering=lettering):
            found = properties.find("/".join(map(q, path.split("/"))))
            if found is not None and found.get(q(attribute)) is not None:
                return found.get(q(attribute))
        return ""

    def font(self, paragraph: Element, script: str) -> str:
        """Return the font in force for a script, "" where it is the theme's: that goes before a name beside it."""
        for properties in self._layers(paragraph, lettering=True):
            for fonts in properties.iterchildren(q("rFonts")):
                if fonts.get(q(f"{script}Theme")) is not None:
                    return ""
                if fonts.get(q(script)) is not None:
                    return fonts.get(q(script))
        return ""

    def _layers(self, paragraph: Element, *, lettering: bool) -> Iterator[Element]:
        kind = "rPr" if lettering else "pPr"
        own = paragraph.find(q("pPr"))
        if lettering:
            first = next((run for run in paragraph.iter(q("r")) if run.find(q("t")) is not None), None)
            yield from first.iterchildren(q("rPr")) if first is not None else ()
        elif own is not None:
            yield own
        name = own.find(q("pStyle")) if own is not None else None
        for style in self._chain(name.get(q("val"), "") if name is not None else ""):
            yield from style.iterchildren(q(kind))
        root = self.part("styles")
        default = root.find(f"{q('docDefaults')}/{q(f'{kind}Default')}/{q(kind)}") if root is not None else None
        yield from () if default is None else (default,)

    def _chain(self, name: str) -> Iterator[Element]:
        """Yield a style and those it is based on."""
        seen: set[str] = set()
        style = self.styles.get(name)
        while style is not None and style.get(q("styleId")) not in seen:
            seen.add(style.get(q("styleId")))
            yield style
            based = style.find(q("basedOn"))
            style = self.styles.get(based.get(q("val"), "")) if based is not None else None


@dataclass(frozen=True)
class Cell:
    """A cell of a printed table, with all it reaches over, counted from 0."""

    row: int
    column: int
    height: int
    width: int
    element: Element


def cells_of(table: Element) -> list[Cell]:
    """Return the cells of a table with their merges."""
    cells: list[Cell] = []
    open_above: dict[int, int] = {}
    for number, row in enumerate(table.iterchildren(q("tr"))):
        for column, width, element in _in_row(row):
            above = open_above.get(column)
            if _merge(element) == "continue" and above is not None:
                one = cells[above]
                cells[above] = Cell(one.row, one.column, number - one.row + 1, one.width, one.element)
                continue
            open_above[column] = len(cells)
            cells.append(Cell(number, column, 1, width, element))
    return cells


def _in_row(row: Element) -> Iterator[tuple[int, int, Element]]:
    """Yield the column, the width and the element of each cell of a row."""
    column = _number(row, "trPr/gridBefore", 0)
    for element in row.iterchildren(q("tc")):
        width = _number(element, "tcPr/gridSpan", 1)
        yield column, width, element
        column += width


def _number(element: Element, path: str, otherwise: int) -> int:
    found = element.find("/".join(map(q, path.split("/"))))
    value = found.get(q("val"), "") if found is not None else ""
    return int(value) if value.isdigit() else otherwise


def _merge(cell: Element) -> str:
    """Return "restart" or "continue" for a cell that is merged with others below or above it."""
    found = cell.find(f"{q('tcPr')}/{q('vMerge')}")
    return "" if found is None else found.get(q("val"), "continue")
