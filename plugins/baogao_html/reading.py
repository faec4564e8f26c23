"""Read a page back by place, so that what is printed can be compared with the report.

A drawn table is read through the grid of its definition, and a cell only where its labels are the right ones. What a
template prints elsewhere is read where the template's own places show it to stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from baogao.errors import TemplateError
from baogao.language import say
from baogao.model.findings import Finding, Location
from baogao_html.chapters import chapter_heading, narrative_blocks
from baogao_html.drawing import layout_of
from baogao_html.notes import take_notes_away
from baogao_html.page import Page, names_of
from baogao_html.places import read_places
from baogao_html.tree import DamageError, Element, open_page, parse_page

if TYPE_CHECKING:
    from baogao.model.grid import Slot
    from baogao.model.jobs import Artifact, Job
    from baogao.model.tables import Table
    from baogao_html.template_file import TemplateFile

__all__ = ["read_page"]

TEMPLATE_TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def read_page(artifact: Artifact, job: Job) -> dict[str, str]:
    """Return the printed texts by cell path, the paragraphs as `<section>#<number>`, and the titles."""
    page = Page(job)
    root = _parse(artifact, page)
    if job.annotations:
        take_notes_away(root)
    seen: dict[str, list[str]] = {}
    for path, text in (*_tables(root, job), *read_places(root, page, names_of(job))):
        seen.setdefault(path, []).append(text)
    printed = {path: _agreed(texts) for path, texts in seen.items()}
    return {**printed, **dict(_narratives(root)), **dict(_titles(root, page))}


def _titles(root: Element, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the report's title, which a fragment leaves to the page it is put into, and the chapters'."""
    if not page.is_fragment:
        yield "", next((heading.text for heading in root.find_all("h1")), "")
    for section in page.job.report:
        heading = chapter_heading(root, section)
        yield section.id, heading.text if heading else ""


def _agreed(texts: list[str]) -> str:
    """Return what stands in all places of a cell; where they differ, all of it, which can equal no value."""
    return "｜".join(dict.fromkeys(texts))


def _parse(artifact: Artifact, page: Page) -> Element:
    try:
        return open_page(artifact.content)
    except DamageError as damage:
        raise TemplateError([_blame(damage, page, artifact.file_name)]) from damage


def _blame(damage: DamageError, page: Page, file: str) -> Finding:
    """Return a finding at the template's line, or at the page's where no template shows the damage by itself."""
    for template in page.templates:
        if found := _damage_in(template):
            return template.finding("TPL-002", found.message, found.line)
    message = say("{file} 第 {line} 行：{message}", file=file, line=damage.line, message=damage.message)
    return Finding(message, rule="TPL-002", location=Location(file, damage.line))


def _damage_in(template: TemplateFile) -> DamageError | None:
    try:
        parse_page(TEMPLATE_TAGS.sub(lambda tag: "\n" * tag.group().count("\n"), template.source))
    except DamageError as damage:
        return damage
    return None


def _narratives(root: Element) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs, numbered through each section."""
    numbers: dict[str, int] = {}
    for section, block in narrative_blocks(root):
        numbers[section] = numbers.get(section, 0) + 1
        yield f"{section}#{numbers[section]}", _words(block)


def _words(block: Element) -> str:
    """Return a block as the model words it: the cells of a simple table parted by tabs and line ends."""
    if not any(block.find_all("table")):
        return block.text
    rows = block.find_all("tr")
    return "\n".join("\t".join(cell.text for cell in row.children) for row in rows)


def _tables(root: Element, job: Job) -> Iterator[tuple[str, str]]:
    printed = {element.attributes.get("id"): element for element in root.find_all("table")}
    for section in job.report:
        for table in section.tables:
            if element := printed.get(table.spec.section):
                yield from _cells(table, _spread(element))


def _cells(table: Table, places: dict[tuple[int, int, int, int], str]) -> Iterator[tuple[str, str]]:
    """Yield each cell that stands in its place, under its labels and beside them."""
    layout = layout_of(table)
    right = {slot for slot in layout.slots if places.get(_place(slot)) == slot.text}
    for slot in layout.slots:
        if slot.path and _place(slot) in places and right.issuperset(layout.labels_of[slot]):
            yield slot.path, places[_place(slot)]


def _place(slot: Slot) -> tuple[int, int, int, int]:
    return slot.row, slot.column, slot.height, slot.width


def _spread(table: Element) -> dict[tuple[int, int, int, int], str]:
    """Return the text at each place of the physical grid: row, column, height, width."""
    places: dict[tuple[int, int, int, int], str] = {}
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.find_all("tr")):
        column = 0
        for cell in line.children:
            while (row, column) in taken:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            places[row, column, height, width] = cell.text
            taken.update((row + down, column + right) for down in range(height) for right in range(width))
    return places


def _span(cell: Element, name: str) -> int:
    """Return a span as browsers take it: from 1 to 1000."""
    typed = cell.attributes.get(name, "")
    return min(max(int(typed), 1), 1000) if typed.isascii() and typed.isdigit() else 1
