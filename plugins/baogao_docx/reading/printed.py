"""A document as its reader sees it: pages, and the letters and lines of a paragraph wherever they were set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from baogao_docx.ooxml.package import Package, read_package
from baogao_docx.ooxml.wordml import Element, node, parse, q

__all__ = ["Cell", "Printed", "cells_of", "open_printed"]

THEME = "theme"
"""Stands for a font that is the theme's."""


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
    def style_sheet(self) -> Element:
        """Return the part that holds the styles, an empty one where there is none."""
        root = self.part("styles")
        return node("styles") if root is None else root

    @cached_property
    def styles(self) -> dict[str, Element]:
        """Return the styles by id; that of plain paragraphs under ""."""
        found = {style.get(q("styleId"), ""): style for style in self.style_sheet.iter(q("style"))}
        plain = (one for one in found.values() if one.get(q("type")) == "paragraph" and one.get(q("default")) == "1")
        return {**found, "": next(plain, None)}

    def setting(self, paragraph: Element, path: str, attribute: str, *, lettering: bool = False) -> str:
        """Return an attribute as it is in force in a paragraph: its own, or its style's, or the document's."""
        name = f"{path}/{attribute}"
        own = next(filter(None, (_attribute(one, name) for one in _own(paragraph, lettering=lettering))), "")
        return own or self._of_style(_style_of(paragraph), "rPr" if lettering else "pPr", name)

    def font(self, paragraph: Element, script: str) -> str:
        """Return the font in force for a script, "" where it is the theme's: that goes before a name beside it."""
        own = next(filter(None, (_font(one, script) for one in _own(paragraph, lettering=True))), "")
        name = own or self._of_style(_style_of(paragraph), "rPr", script)
        return "" if name == THEME else name

    @cached_property
    def _of_style(self) -> Callable[[str, str, str], str]:
        """Return what looks up a style's setting, or its font for a script; it keeps what it has found."""
        return cache(self._look_up)

    def _look_up(self, style: str, kind: str, name: str) -> str:
        find = _attribute if "/" in name else _font
        return next(filter(None, (find(properties, name) for properties in self._layers(style, kind))), "")

    def _layers(self, name: str, kind: str) -> Iterator[Element]:
        """Yield the properties of a style and of those it is based on, then those of the document."""
        seen: set[str] = set()
        style = self.styles.get(name)
        while style is not None and style.get(q("styleId")) not in seen:
            seen.add(style.get(q("styleId")))
            yield from style.iterchildren(q(kind))
            based = style.find(q("basedOn"))
            style = self.styles.get(based.get(q("val"), "")) if based is not None else None
        default = self.style_sheet.find(f"{q('docDefaults')}/{q(f'{kind}Default')}/{q(kind)}")
        yield from () if default is None else (default,)


def _own(paragraph: Element, *, lettering: bool) -> Iterator[Element]:
    """Yield the properties a paragraph has itself; for letters, those of the first words in it."""
    if not lettering:
        return paragraph.iterchildren(q("pPr"))
    first = next((run for run in paragraph.iter(q("r")) if run.find(q("t")) is not None), None)
    return first.iterchildren(q("rPr")) if first is not None else iter(())


def _style_of(paragraph: Element) -> str:
    name = paragraph.find(f"{q('pPr')}/{q('pStyle')}")
    return "" if name is None else name.get(q("val"), "")


def _attribute(properties: Element, name: str) -> str:
    """Return an attribute of properties, by its path."""
    *path, attribute = map(q, name.split("/"))
    found = properties.find("/".join(path))
    return "" if found is None else found.get(attribute, "")


def _font(properties: Element, script: str) -> str:
    for fonts in properties.iterchildren(q("rFonts")):
        if fonts.get(q(f"{script}Theme")) is not None:
            return THEME
        if fonts.get(q(script)):
            return fonts.get(q(script))
    return ""


@dataclass(frozen=True)
class Cell:
    """A cell of a printed table, with all it reaches over, counted from 0."""

    row: int
    column: int
    height: int
    width: int
    element: Element


@lru_cache(maxsize=8)
def cells_of(table: Element) -> list[Cell]:
    """Return the cells of a table with their merges; rules only look at it, so they share what was found."""
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
