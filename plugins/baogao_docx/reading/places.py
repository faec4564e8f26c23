"""Read a document back, by place and not by search: which cell prints what, and each paragraph of a narrative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from baogao.errors import TemplateError
from baogao.language import say, spoken
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Section
from baogao.model.tables import Table
from baogao.templating import section_values
from baogao_docx.document import template_of, values
from baogao_docx.ooxml.package import PackageError, read_package
from baogao_docx.ooxml.wordml import Element, parse, q, words
from baogao_docx.reading.printed import open_printed
from baogao_docx.template.composing import TITLE_MARK
from baogao_docx.template.recipes import recipe_of

__all__ = ["between", "places_of_cells", "read_document"]

_SENTINEL = re.compile("\ue000([0-9]+)\ue001")
"""What stands for a cell in a trial print, in characters no report uses."""


def read_document(artifact: Artifact, job: Job) -> dict[str, str]:
    """Return the printed texts: titles, cells by path, and narratives as `<section>#<number from 1>`."""
    root = _open(artifact)
    official, otherwise = _laid_out(root, job)
    printed = _titles(root, job) | {path: _cell_text(cell) for path, cell in official.items()}
    for section in job.report:
        printed.update(_narrative(section.id, between(root, f"{section.id}_text")))
    if otherwise:
        printed.update(_TrialPrint(job).read(root, otherwise))
    return printed


def _titles(root: Element, job: Job) -> dict[str, str]:
    """Return the report's title under "" and each chapter's under its section."""
    body = root.find(q("body"))
    printed = {"": _title(job.report.title, between(root, TITLE_MARK), body)}
    for section in job.report:
        marked = between(root, f"{section.id}_title")
        printed[section.id] = _title(section.title, marked, between(root, section.id))
    return printed


def _title(title: str, marked: Iterable[Element], around: Iterable[Element]) -> str:
    """Return the title as printed: line ends put in for its looks do not count.

    A template that prints it beside other words has no mark around it; there it is looked for.
    """
    lines = [words(element) for element in marked]
    if lines:
        printed = "\n".join(lines)
        return title if printed.replace("\n", "") == title else printed
    found = (words(part) for element in around for part in element.iter(q("p")))
    return title if title and any(title in text.replace("\n", "") for text in found) else ""


def places_of_cells(root: Element, job: Job) -> dict[str, Element]:
    """Return the table cell, or the paragraph of a layout of one's own, in which each cell is printed."""
    official, otherwise = _laid_out(root, job)
    others = _TrialPrint(job).found(root, otherwise) if otherwise else ()
    return {**official, **{path: place for path, place, _ in others}}


def _laid_out(root: Element, job: Job) -> tuple[dict[str, Element], list[Section]]:
    """Return the cells of the official tables, and the sections that are laid out otherwise."""
    places: dict[str, Element] = {}
    otherwise: list[Section] = []
    for section in job.report:
        official = [table for table in _tables(root, section.id) if _caption(table) == section.id]
        for table, drawn in zip(section.tables, official, strict=False):
            places.update(_begins(table, drawn))
        otherwise.extend([section] if len(official) < len(section.tables) else [])
    return places, otherwise


def _tables(root: Element, section: str) -> Iterator[Element]:
    return (table for element in between(root, section) for table in element.iter(q("tbl")))


def _open(artifact: Artifact) -> Element:
    try:
        return open_printed(artifact.content).root
    except (PackageError, KeyError) as exc:
        message = say("文件 {file} 打不开：{error}", file=artifact.file_name, error=spoken(exc))
        raise TemplateError([Finding(message, rule="TPL-005", location=Location(artifact.file_name))]) from exc


def between(root: Element, name: str) -> Iterator[Element]:
    """Yield what stands between the ends of a bookmark."""
    starts = (mark for mark in root.iter(q("bookmarkStart")) if mark.get(q("name")) == name)
    start = next(starts, None)
    if start is None:
        return
    for element in start.itersiblings():
        if element.tag == q("bookmarkEnd") and element.get(q("id")) == start.get(q("id")):
            return
        yield element


def _narrative(section: str, elements: Iterable[Element]) -> dict[str, str]:
    texts: list[str] = []
    after_table = False
    for element in elements:
        if element.tag == q("tbl"):
            texts.append(_grid_text(element))
        elif element.tag == q("p") and not (after_table and not words(element)):
            texts.append(words(element))
        after_table = element.tag == q("tbl")
    return {f"{section}#{number}": text for number, text in enumerate(texts, 1)}


def _grid_text(table: Element) -> str:
    return "\n".join(
        "\t".join(_cell_text(cell) for cell in row.iterchildren(q("tc"))) for row in table.iterchildren(q("tr"))
    )


def _cell_text(cell: Element) -> str:
    return "\n".join(words(part) for part in cell.iter(q("p")))


def _caption(table: Element) -> str:
    caption = table.find(f"{q('tblPr')}/{q('tblCaption')}")
    return caption.get(q("val"), "") if caption is not None else ""


def _begins(table: Table, drawn: Element) -> dict[str, Element]:
    """Return the cells that begin where the definition says so."""
    begins = dict(_physical_cells(drawn))
    slots = (slot for slot in table.grid() if slot.path and (slot.row, slot.column) in begins)
    return {slot.path: begins[slot.row, slot.column] for slot in slots}


def _physical_cells(table: Element) -> Iterator[tuple[tuple[int, int], Element]]:
    """Yield each cell with the row and column it begins at; one merged with the cell above begins nowhere."""
    for number, row in enumerate(table.iterchildren(q("tr"))):
        column = 0
        for cell in row.iterchildren(q("tc")):
            properties = cell.find(q("tcPr"))
            merged = _property(properties, "vMerge")
            if merged is None or merged.get(q("val")) == "restart":
                yield (number, column), cell
            span = _property(properties, "gridSpan")
            column += int(span.get(q("val"), "1")) if span is not None else 1


def _property(properties: Element | None, name: str) -> Element | None:
    return None if properties is None else properties.find(q(name))


@dataclass
class _TrialPrint:
    """The same templates filled with a sign of its own for each cell: where the signs lie, the texts lie."""

    job: Job
    paths: list[str] = field(default_factory=list)

    def read(self, root: Element, sections: Iterable[Section]) -> dict[str, str]:
        found: dict[str, list[str]] = {}
        for path, _, text in self.found(root, sections):
            found.setdefault(path, []).append(text)
        # a cell printed twice must say the same twice
        return {path: "／".join(sorted(set(texts))) for path, texts in found.items()}

    def found(self, root: Element, sections: Iterable[Section]) -> Iterator[tuple[str, Element, str]]:
        """Yield each cell with the paragraph it is printed in, and what is printed."""
        trial = self._print()
        for section in sections:
            here, there = (_paragraphs(list(between(tree, section.id))) for tree in (root, trial))
            for place in (place for place in there if place in here):
                for path, text in self._compare(words(there[place]), words(here[place])):
                    yield path, here[place], text

    def _print(self) -> Element:
        composed, template = template_of(recipe_of(self.job))
        signs = {section.id: self._signs(section) for section in self.job.report if section.tables}
        package = read_package(template.fill({**values(self.job, composed), **signs}))
        return parse(package.parts[package.main])

    def _signs(self, section: Section) -> Mapping[str, Any]:
        """Return the names of a section with a sign in place of each cell; named sums stay."""
        texts = section_values(section)
        for table in section.tables:
            for row, cells in table.rows().items():
                signs = {column: self._sign(f"{section.id}.{row}.{column}") for column in cells}
                texts[row] = {**texts.get(row, {}), **signs}
        return texts

    def _sign(self, path: str) -> str:
        self.paths.append(path)
        return f"\ue000{len(self.paths) - 1}\ue001"

    def _compare(self, sign: str, text: str) -> Iterator[tuple[str, str]]:
        """Yield the text that stands where each sign stands, if the words around them are the same."""
        parts = _SENTINEL.split(sign)
        pattern = "".join("(.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
        match = re.fullmatch(pattern, text, re.DOTALL)
        if match:
            yield from zip((self.paths[int(number)] for number in parts[1::2]), match.groups(), strict=True)


def _paragraphs(elements: list[Element]) -> dict[tuple[int, ...], Element]:
    """Return each paragraph by its place: the positions of it and of what it stands in."""
    return {
        (number, *_position(paragraph, element)): paragraph
        for number, element in enumerate(elements)
        for paragraph in element.iter(q("p"))
    }


def _position(paragraph: Element, top: Element) -> tuple[int, ...]:
    steps: list[int] = []
    while paragraph is not top:
        steps.append(paragraph.getparent().index(paragraph))
        paragraph = paragraph.getparent()
    return tuple(reversed(steps))
