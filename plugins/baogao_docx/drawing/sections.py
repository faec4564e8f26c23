"""Draw the template of a section from its definition, as Word would save it: title, narrative, official tables."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from baogao.model.grid import Slot
from baogao.model.report import Section
from baogao.model.tables import Table
from baogao_docx.drawing.narrative import BODY, SMALL
from baogao_docx.drawing.tables import CELL_MARGIN, MILLIMETRE, TEXT_HEIGHT, TEXT_WIDTH, table, table_cell, table_row
from baogao_docx.drawing.titles import width_of
from baogao_docx.ooxml.wordml import Element, node, paragraph, q, run

__all__ = ["column_widths", "draw_section", "look_of"]

STYLES = {"band": "表头", "head": "表头", "stub": "表项", "cell": "表数"}
DENSE = 6
"""A table with more columns of figures than this is set in 小五."""
DENSE_SIZE = 9
PLAIN_SIZE = 10.5

PAIRED = int(25 * MILLIMETRE)
"""How wide a column at least is in which labels and cells stand beside each other."""

HEAD_LETTERS = 4
"""How many characters of a head of a list stand in a line at least, if it has as many."""

LEAST_WORDS = 6
"""How many characters at least stand in a line of a column of words."""

DIGIT = 0.5
"""How wide a digit is, in characters: the fonts of official papers have half-width digits."""

CELL_LINE = 260
LINE_HEIGHT = 579
"""Lines of a cell and of the text, in twips."""


def look_of(section: Section) -> Hashable:
    """Return all that the drawn template of a section depends on, beside its width: equal looks are drawn the same."""
    return (section.id, bool(section.title), tuple(_look_of_part(section, part) for part in section.body))


def _look_of_part(section: Section, part: object) -> Hashable:
    if isinstance(part, Table):
        return (part.spec, part.keys, part.spec.caption in section.title)
    return "text"


def draw_section(section: Section, width: int = TEXT_WIDTH) -> list[Element]:
    """Return the paragraphs and tables of a section's template; styles are given by name, the width in twips."""
    drawn = [_heading(section)] if section.title else []
    has_text = False
    for part in section.body:
        if isinstance(part, Table):
            drawn.extend(_draw_table(section, part, width))
        elif not has_text:
            has_text = True
            drawn.append(paragraph(BODY, run("{{p section.body }}")))
    return drawn


def _heading(section: Section) -> Element:
    """Return the heading; it keeps a little off a table that follows at once."""
    made = paragraph("heading 1", run("{{ section.title }}"))
    first = section.body[0] if section.body else None
    if isinstance(first, Table) and first.spec.caption in section.title:
        made[0].append(node("spacing", after=100))
    return made


def _draw_table(section: Section, filled: Table, width: int) -> Iterator[Element]:
    if filled.spec.caption not in section.title:
        yield paragraph("表题", run(literal(filled.spec.caption)))
    if slots := filled.grid():
        yield _Drawing(section.id, slots, filled, width).table()
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


def column_widths(slots: Sequence[Slot], text_width: int = TEXT_WIDTH) -> list[int]:
    """Return the widths of the columns in twips: together as wide as the text.

    Upright labels take one character, other labels two lines of their longest, the last of them what the figures
    leave; each of many figures takes six digits, or an equal share where there are no labels.
    """
    columns = max(slot.column + slot.width for slot in slots)
    pairs = _rows_of_pairs(slots)
    usual = [slot for slot in slots if slot.row not in pairs]
    stubs = {slot.column + offset for slot in usual if slot.role == "stub" for offset in range(slot.width)}
    least = PAIRED if pairs else 0
    labels = [max(_label_width(usual, column), least) for column in range(len(stubs))]
    figures = columns - len(stubs)
    width = int((text_width - sum(labels)) / figures)
    if labels:
        most = 24 if pairs else 78 if figures == 1 else 36 if figures <= DENSE else 12.3
        width = min(width, int(most * MILLIMETRE))
        labels[-1] = text_width - width * figures - sum(labels[:-1])
    return [*labels, *([width] * figures)]


def list_widths(table: Table, slots: Sequence[Slot], size: float, text_width: int = TEXT_WIDTH) -> list[int]:
    """Return the widths of the columns of a list in twips: keys and figures take what the longest needs.

    The columns of words share what is left; where that is too little, all are as wide as those of any table.
    """
    leaves = [leaf for band in table.spec.bands for leaf in band.column_leaves]
    needs = {leaf.id: _needed(table, slots, leaf.id, column) for column, leaf in enumerate(leaves)}
    words = [leaf.id for leaf in leaves if not leaf.key and not table.spec.cell_spec("", leaf, leaf).type.is_number]
    widths = {name: int(need * size * 20) + 3 * CELL_MARGIN for name, need in needs.items()}
    free = text_width - sum(width for name, width in widths.items() if name not in words)
    if not words or free < len(words) * LEAST_WORDS * size * 20:
        return column_widths(slots, text_width)
    together = sum(widths[name] for name in words)
    widths |= {name: free * widths[name] // together for name in words}
    widths[words[-1]] += text_width - sum(widths.values())
    return list(widths.values())


def _needed(table: Table, slots: Sequence[Slot], column: str, number: int) -> float:
    """Return how many letters wide a column of a list is: its longest cell, or two lines of its head."""
    heads = (len(slot.text) for slot in slots if slot.role == "head" and (slot.column, slot.width) == (number, 1))
    cells = (cells[column] for cells in table.rows().values() if column in cells)
    head = min(-(-max(heads, default=0) // 2), HEAD_LETTERS)
    return max([head, *(width_of(cell.text()) for cell in cells)])


def _rows_of_pairs(slots: Sequence[Slot]) -> frozenset[int]:
    """Return the rows in which a label follows a cell: rows of the definition beside each other."""
    ends = {(slot.row, slot.column + slot.width) for slot in slots if slot.role == "cell"}
    return frozenset(slot.row for slot in slots if slot.role == "stub" and (slot.row, slot.column) in ends)


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
    filled: Table
    text_width: int = TEXT_WIDTH

    @cached_property
    def widths(self) -> list[int]:
        if self.filled.keys:
            return list_widths(self.filled, self.slots, self.size, self.text_width)
        return column_widths(self.slots, self.text_width)

    @cached_property
    def keys_printed(self) -> frozenset[Slot]:
        """Return the slots of the cells that name the rows of a list."""
        names = {band.key for band in self.filled.spec.bands if band.is_list}
        return frozenset(slot for slot in self.slots if slot.path.rpartition(".")[2] in names)

    @cached_property
    def dense(self) -> bool:
        leaves = {slot.column for slot in self.slots if slot.role == "cell"}
        return len(leaves) > DENSE

    @cached_property
    def size(self) -> float:
        """Return the size of the letters in points."""
        return DENSE_SIZE if self.dense else PLAIN_SIZE

    @cached_property
    def margin(self) -> int:
        """Return what is left free on each side of a cell: less where six digits would not stand in a line."""
        free = min(self.widths[slot.column] for slot in self.slots if slot.role == "cell" and slot.width == 1)
        return max(min(CELL_MARGIN, int(free - 6 * self.size * 20 * DIGIT) // 2), 0)

    @cached_property
    def height(self) -> int:
        return max(slot.row + slot.height for slot in self.slots)

    @cached_property
    def heads(self) -> int:
        """Count the rows to repeat on the next page: none where a later band has a head of its own."""
        rows = {
            slot.row + offset for slot in self.slots if slot.role in ("band", "head") for offset in range(slot.height)
        }
        return len(rows) if rows == set(range(len(rows))) else 0

    @cached_property
    def kept(self) -> frozenset[int]:
        """Return the rows that the next one must follow on the same page.

        A table that a page holds is not parted. A longer one is, where a band ends, or where a group of rows does, so
        that its label is read whole.
        """
        inner = range(self.height - 1)
        if sum(map(self.row_height, range(self.height))) <= TEXT_HEIGHT - 2 * LINE_HEIGHT:
            return frozenset(inner)
        bands = {slot.row - 1 for slot in self.slots if slot.role == "band"} - {-1}
        if bands:
            return frozenset(inner) - bands
        groups = (slot for slot in self.slots if slot.role != "cell" and slot.height > 1)
        rows = {row for slot in groups for row in range(slot.row, slot.row + self.held_together(slot) - 1)}
        return frozenset(rows | set(range(self.heads)))

    def held_together(self, slot: Slot) -> int:
        """Return how many rows of a group stay on one page: all, or those beside a label that stands upright."""
        if not slot.upright:
            return slot.height
        needed, rows = self.lines(slot) * CELL_LINE, 0
        while rows < slot.height and needed > 0:
            needed -= self.row_height(slot.row + rows)
            rows += 1
        return rows

    def row_height(self, number: int) -> int:
        """Return about how high a row is, in twips."""
        own = (slot for slot in self.slots if slot.row == number and slot.height == 1)
        return max([self.lowest, *(self.lines(slot) * CELL_LINE + 40 for slot in own)])

    @property
    def lowest(self) -> int:
        return 354 if self.dense else 454

    def lines(self, slot: Slot) -> int:
        """Return how many lines a label takes."""
        room = sum(self.widths[slot.column : slot.column + slot.width]) - 2 * self.margin
        return max(math.ceil(width_of(slot.text) / max(room // (self.size * 20), 1)), 1)

    def table(self) -> Element:
        return table(self.widths, map(self.row, range(self.height)), self.section, margin=self.margin)

    def row(self, number: int) -> Element:
        crossing = [slot for slot in self.slots if slot.row <= number < slot.row + slot.height]
        cells = [self.cell(slot, slot.row == number) for slot in sorted(crossing, key=lambda slot: slot.column)]
        if number in self.kept:
            _keep(cells)
        return table_row(cells, height=self.lowest, repeated=number < self.heads)

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
        line = max((width - 2 * self.margin) // size, 1)
        lines = -(-len(text) // line)
        if not self.dense or not text.isalpha() or lines == 1:
            return []
        margin = (width - -(-len(text) // lines) * size) // 2 - 20
        return [node("tcMar", node("left", w=margin, type="dxa"), node("right", w=margin, type="dxa"))]

    def broken(self, slot: Slot) -> str:
        """Return a label, broken after its number or before its unit where each part takes a line: （三）｜不予公开."""
        number, bracket, name = slot.text.partition("）")
        numbered = bracket and name and slot.role == "stub" and len(number) <= 3
        room = sum(self.widths[slot.column : slot.column + slot.width]) - 2 * self.margin
        if numbered and self.lines(slot) == 2 and width_of(name) * self.size * 20 <= room:
            return f"{number}）\n{name}"
        called, unit, measure = slot.text.partition("（单位：")
        parts = (called, f"{unit}{measure}")
        if all(parts) and self.lines(slot) > 1 and all(width_of(part) * self.size * 20 <= room for part in parts):
            return "\n".join(parts)
        return slot.text

    def words(self, slot: Slot) -> Element:
        listed = bool(self.filled.keys)
        text = address(slot.path, listed=listed) if slot.role == "cell" else literal(self.broken(slot))
        size = [node(tag, val=DENSE_SIZE * 2) for tag in ("sz", "szCs")] if self.dense else []
        kind = self.filled.cells[slot.path].type if listed and slot.path else None
        is_name = kind is not None and not kind.is_number and slot not in self.keys_printed
        made = paragraph(STYLES["stub" if is_name else slot.role], *([run(text, *size)] if text else []))
        if kind is not None and kind.padded:
            made[0].append(node("jc", val="right"))
        if slot.upright:
            made[0].extend([node("kinsoku", val=0), node("overflowPunct", val=0), node("jc", val="center")])
        return made


def _keep(cells: Iterable[Element]) -> None:
    """Keep a row on the page of the next one."""
    for cell in cells:
        for text in cell.iter(q("p")):
            text[0].insert(1, node("keepNext"))
