"""Draw the template of a section from its definition, as Word would save it: title, narrative, official tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from baogao.model.grid import Slot
from baogao.model.report import Section
from baogao.model.tables import Table
from baogao_docx.narrative import BODY, SMALL
from baogao_docx.tables import CELL_MARGIN, MILLIMETRE, TEXT_WIDTH, table, table_cell, table_row
from baogao_docx.wordml import Element, node, paragraph, run

__all__ = ["column_widths", "draw_section"]

STYLES = {"band": "表头", "head": "表头", "stub": "表项", "cell": "表数"}
DENSE = 6
"""A table with more columns of figures than this is set in 小五."""
DENSE_SIZE = 9


def draw_section(section: Section) -> list[Element]:
    """Return the paragraphs and tables of a section's template; styles are given by name."""
    drawn = [paragraph("heading 1", run("{{ section.title }}"))] if section.title else []
    has_text = False
    for part in section.body:
        if isinstance(part, Table):
            drawn.extend(_draw_table(section, part))
        elif not has_text:
            has_text = True
            drawn.append(paragraph(BODY, run("{{p section.body }}")))
    return drawn


def _draw_table(section: Section, filled: Table) -> Iterator[Element]:
    if filled.spec.caption not in section.title:
        yield paragraph("表题", run(literal(filled.spec.caption)))
    if slots := filled.grid():
        yield _Drawing(section.id, slots, bool(filled.keys)).table()
        yield paragraph(SMALL)  # Word joins tables that touch


def literal(text: str) -> str:
    """Return text that a template prints as it stands, whatever it holds."""
    return re.sub(r"[{}]", lambda brace: f'{{{{ "\\x{ord(brace[0]):02x}" }}}}', text)


def address(path: str, *, listed: bool) -> str:
    """Return the tag of a cell: by name, or by key where the rows come with the data."""
    names = path.split(".")[1:]
    if listed:
        return "{{ cells" + "".join(f"[{_quoted(name)}]" for name in names) + " }}"
    return "{{ cells." + ".".join(names) + " }}"


def _quoted(key: str) -> str:
    """Return a key as a string of the template language that no quote, brace or tag in it can end."""
    return '"' + re.sub(r"[^A-Za-z0-9_]", lambda sign: f"\\U{ord(sign[0]):08x}", key) + '"'


def column_widths(slots: Sequence[Slot]) -> list[int]:
    """Return the widths of the columns in twips: together as wide as the text.

    Upright labels take one character, other labels two lines of their longest, the figures share the rest equally.
    """
    columns = max(slot.column + slot.width for slot in slots)
    stubs = {slot.column + offset for slot in slots if slot.role == "stub" for offset in range(slot.width)}
    labels = [_label_width(slots, column) for column in range(len(stubs))]
    figures = columns - len(stubs)
    width = int((TEXT_WIDTH - sum(labels)) / figures)
    if labels:
        width = min(width, int((78 if figures == 1 else 36) * MILLIMETRE))
        labels[-1] = TEXT_WIDTH - width * figures - sum(labels[:-1])
    return [*labels, *([width] * figures)]


def _label_width(slots: Sequence[Slot], column: int) -> int:
    own = [slot for slot in slots if slot.role == "stub" and slot.column == column and slot.width == 1]
    if any(slot.upright for slot in own):
        return int(6 * MILLIMETRE)
    longest = max((len(slot.text) for slot in own), default=0)
    return int(min(max(3.2 * ((longest + 1) // 2 + 1), 16), 37) * MILLIMETRE)


@dataclass(frozen=True)
class _Drawing:
    """One table: the slots of its grid become cells with gridSpan and vMerge."""

    section: str
    slots: tuple[Slot, ...]
    listed: bool

    @cached_property
    def widths(self) -> list[int]:
        return column_widths(self.slots)

    @cached_property
    def dense(self) -> bool:
        leaves = {slot.column for slot in self.slots if slot.role == "cell"}
        return len(leaves) > DENSE

    @cached_property
    def heads(self) -> int:
        """Count the rows to repeat on the next page: none where a later band has a head of its own."""
        rows = {
            slot.row + offset for slot in self.slots if slot.role in ("band", "head") for offset in range(slot.height)
        }
        return len(rows) if rows == set(range(len(rows))) else 0

    def table(self) -> Element:
        height = max(slot.row + slot.height for slot in self.slots)
        return table(self.widths, map(self.row, range(height)), self.section)

    def row(self, number: int) -> Element:
        crossing = [slot for slot in self.slots if slot.row <= number < slot.row + slot.height]
        cells = (self.cell(slot, slot.row == number) for slot in sorted(crossing, key=lambda slot: slot.column))
        return table_row(cells, height=397 if self.dense else 454, repeated=number < self.heads)

    def cell(self, slot: Slot, first: bool) -> Element:
        width = sum(self.widths[slot.column : slot.column + slot.width])
        properties: list[Element] = []
        if slot.width > 1:
            properties.append(node("gridSpan", val=slot.width))
        if slot.height > 1:
            properties.append(node("vMerge", val="restart") if first else node("vMerge"))
        if slot.role == "head" and first:
            properties.extend(self.balance(slot.text, width))
        return table_cell(width, self.words(slot) if first else paragraph(STYLES[slot.role]), *properties)

    def balance(self, text: str, width: int) -> list[Element]:
        """Return margins that break a head of Chinese characters into lines of equal length: 商业｜企业."""
        size = DENSE_SIZE * 20
        line = max((width - 2 * CELL_MARGIN) // size, 1)
        lines = -(-len(text) // line)
        if not self.dense or not text.isalpha() or lines == 1:
            return []
        margin = (width - -(-len(text) // lines) * size) // 2 - 20
        return [node("tcMar", node("left", w=margin, type="dxa"), node("right", w=margin, type="dxa"))]

    def words(self, slot: Slot) -> Element:
        text = address(slot.path, listed=self.listed) if slot.role == "cell" else literal(slot.text)
        size = [node(tag, val=DENSE_SIZE * 2) for tag in ("sz", "szCs")] if self.dense else []
        made = paragraph(STYLES[slot.role], *([run(text, *size)] if text else []))
        if slot.upright:
            made[0].extend([node("kinsoku", val=0), node("overflowPunct", val=0), node("jc", val="center")])
        return made
