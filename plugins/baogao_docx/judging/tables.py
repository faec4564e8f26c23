"""Judge the printed tables by the official grids: merges, breaks, labels, cells in a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from baogao.language import Message, say
from baogao.model.findings import Finding
from baogao.model.grid import Slot
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Section
from baogao_docx.ooxml.wordml import Element, q, words
from baogao_docx.reading.places import between
from baogao_docx.reading.printed import Cell, cells_of, open_printed

__all__ = ["judge_labels", "judge_merges", "judge_rows"]


@dataclass(frozen=True)
class _Pair:
    """A table of the report's beside what was printed of it."""

    section: str
    slots: tuple[Slot, ...]
    printed: Element

    @property
    def rows(self) -> list[Element]:
        return list(self.printed.iterchildren(q("tr")))

    @property
    def heads(self) -> int:
        """Count the rows that are to be repeated: none where each band has a head of its own."""
        rows = {
            slot.row + offset for slot in self.slots if slot.role in ("band", "head") for offset in range(slot.height)
        }
        return len(rows) if rows == set(range(len(rows))) else 0


def judge_merges(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield tables that are not there or merged otherwise, rows that break and heads that are not repeated."""
    for section in _official(job):
        if len(list(_printed_tables(artifact, section.id))) < sum(1 for table in section.tables if table.grid()):
            yield job.report.finding(section.id, say("没有印成官方的表格"))
    for pair in _pairs(job, artifact):
        for fault in (_merge_fault(pair), _break_fault(pair), _head_fault(pair)):
            if fault:
                yield job.report.finding(pair.section, fault)


def judge_labels(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield labels that read otherwise than those of the official table."""
    for pair in _pairs(job, artifact):
        begins = {(cell.row, cell.column): cell for cell in cells_of(pair.printed)}
        for slot in (slot for slot in pair.slots if not slot.path):
            cell = begins.get((slot.row, slot.column))
            text = _text(cell) if cell else ""
            if cell and _normal(text) != _normal(slot.text):
                message = say("{place}印的是“{text}”，应为“{label}”", place=_place(cell), text=text, label=slot.text)
                yield job.report.finding(pair.section, message, quote=text, expected=slot.text, actual=text)


def judge_rows(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield tables with a row too many or too few, or a row with a cell too many or too few."""
    for pair in _pairs(job, artifact):
        width = max(slot.column + slot.width for slot in pair.slots)
        height = max(slot.row + slot.height for slot in pair.slots)
        if len(pair.rows) != height:
            message = say("表格有 {count} 行，官方表格是 {wanted} 行", count=len(pair.rows), wanted=height)
            yield job.report.finding(pair.section, message, expected=str(height), actual=str(len(pair.rows)))
        wrong = [(number, count) for number, count in enumerate(_widths(pair), 1) if count != width]
        if wrong:
            number, count = wrong[0]
            message = say("表格第{row}行有 {count} 格，官方表格是 {wanted} 格", row=number, count=count, wanted=width)
            yield job.report.finding(pair.section, message, expected=str(width), actual=str(count))


def _official(job: Job) -> Iterator[Section]:
    """Yield the chapters the form prescribes: a department lays out its own as it likes."""
    return (section for section in job.report if section.statutory)


def _pairs(job: Job, artifact: Artifact) -> Iterator[_Pair]:
    for section in _official(job):
        grids = [table.grid() for table in section.tables]
        printed = _printed_tables(artifact, section.id)
        for slots, table in zip(filter(None, grids), printed, strict=False):
            yield _Pair(section.id, slots, table)


def _printed_tables(artifact: Artifact, section: str) -> Iterator[Element]:
    """Yield the tables of a chapter, but not those of its narrative."""
    root = open_printed(artifact.content).root
    narrative = set(between(root, f"{section}_text"))
    for element in between(root, section):
        if element.tag == q("tbl") and element not in narrative:
            yield element


def _merge_fault(pair: _Pair) -> Message | None:
    official = {(slot.row, slot.column): (slot.height, slot.width) for slot in pair.slots}
    for cell in cells_of(pair.printed):
        if official.get((cell.row, cell.column)) != (cell.height, cell.width):
            return say("{place}的合并与官方表格不同", place=_place(cell))
    return None


def _break_fault(pair: _Pair) -> Message | None:
    cut = [number for number, row in enumerate(pair.rows, 1) if not _is_on(row, "cantSplit")]
    return say("表格第{row}行可能跨页断开（共 {count} 行）", row=cut[0], count=len(cut)) if cut else None


def _head_fault(pair: _Pair) -> Message | None:
    repeated = all(_is_on(row, "tblHeader") for row in pair.rows[: pair.heads])
    return None if repeated else say("表头 {count} 行没有设为在下一页重复", count=pair.heads)


def _is_on(row: Element, name: str) -> bool:
    found = row.find(f"{q('trPr')}/{q(name)}")
    return found is not None and found.get(q("val"), "1") not in ("0", "false", "off")


def _widths(pair: _Pair) -> Iterator[int]:
    """Yield how many columns each row reaches over."""
    for row in pair.rows:
        spans = (cell.find(f"{q('tcPr')}/{q('gridSpan')}") for cell in row.iterchildren(q("tc")))
        edges = (row.find(f"{q('trPr')}/{q(name)}") for name in ("gridBefore", "gridAfter"))
        yield sum(1 if span is None else int(span.get(q("val"), "1")) for span in spans) + sum(
            int(edge.get(q("val"), "0")) for edge in edges if edge is not None
        )


def _text(cell: Cell) -> str:
    return "\n".join(words(part) for part in cell.element.iter(q("p")))


def _normal(text: str) -> str:
    """Return a label without the differences that do not count: widths, blanks, line ends, the looks of quotes."""
    plain = re.sub(r"[“”„‟〝〞＂『』「」]", '"', unicodedata.normalize("NFKC", text))
    return re.sub(r"\s", "", plain).replace("、", ",").replace("，", ",")


def _place(cell: Cell) -> Message:
    return say("表格第{row}行第{column}列", row=cell.row + 1, column=cell.column + 1)
