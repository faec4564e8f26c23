"""Places in a template as people find them in Word: the part, the paragraph or the cell of a table, the words there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity
from baogao_docx.ooxml.wordml import Element, q, words

__all__ = ["Source", "nearest", "paragraph_of"]

SHOWN = 40


@dataclass(frozen=True)
class Source:
    """A part of a template; `part` is its name in the file, "" for the document itself."""

    name: str
    root: Element
    section: str = ""
    part: str = ""

    def fault(self, rule: str, element: Element, fault: Message, severity: Severity = Severity.ERROR) -> Finding:
        """Return the finding that something is wrong at an element."""
        paragraph = paragraph_of(element, self.root)
        text = words(paragraph) if paragraph is not None else ""
        message = say(
            "模板 {file} {place}“{text}”：{fault}",
            file=say("{name}（{part}）", name=self.name, part=self.part) if self.part else self.name,
            place=self._place(paragraph),
            text=text if len(text) <= SHOWN else f"{text[:SHOWN]}…",
            fault=fault,
        )
        return Finding(message, self.section, rule, severity, location=Location(self.name))

    def _place(self, paragraph: Element | None) -> Message:
        cell = None if paragraph is None else nearest(paragraph, "tc")
        row = None if cell is None else nearest(cell, "tr")
        table = None if row is None else nearest(row, "tbl")
        if cell is None or table is None:
            outside = (part for part in self.root.iter(q("p")) if nearest(part, "tc") is None)
            return say("第{number}段", number=_number(paragraph, outside))
        rows = (part for part in table.iter(q("tr")) if nearest(part, "tbl") is table)
        return say(
            "第{table}张表第{row}行第{column}列",
            table=_number(table, self.root.iter(q("tbl"))),
            row=_number(row, rows),
            column=1 + sum(_span(part) for part in cell.itersiblings(q("tc"), preceding=True)),
        )


def _number(element: Element | None, elements: Iterator[Element]) -> int:
    return next((number for number, part in enumerate(elements, 1) if part is element), 0)


def _span(cell: Element) -> int:
    span = cell.find(f"{q('tcPr')}/{q('gridSpan')}")
    count = "" if span is None else span.get(q("val"), "")
    return int(count) if count.isdecimal() and len(count) < 4 else 1


def nearest(element: Element, tag: str) -> Element | None:
    """Return the nearest element of a tag that this one stands in, or None."""
    return next(element.iterancestors(q(tag)), None)


def paragraph_of(element: Element, root: Element) -> Element | None:
    """Return the paragraph an element stands in; for a table or a row its first, for what has none the last."""
    for place in (element, *element.iterancestors()):
        if place.tag == q("p"):
            return place
        if place.tag in (q("tbl"), q("tr"), q("tc")):
            return next(place.iter(q("p")), None)
    return next(iter(list(root.iter(q("p")))[-1:]), None)
