"""Places in a template as people find them in Word: the part, the paragraph or the cell of a table, the words there."""

from __future__ import annotations

from dataclasses import dataclass

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity
from baogao_docx.ooxml.places import place_in
from baogao_docx.ooxml.wordml import Element, q, words

__all__ = ["Source", "paragraph_of"]

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
            place=place_in(self.root, paragraph),
            text=text if len(text) <= SHOWN else f"{text[:SHOWN]}…",
            fault=fault,
        )
        return Finding(message, self.section, rule, severity, location=Location(self.name))


def paragraph_of(element: Element, root: Element) -> Element | None:
    """Return the paragraph an element stands in; for a table or a row its first, for what has none the last."""
    for place in (element, *element.iterancestors()):
        if place.tag == q("p"):
            return place
        if place.tag in (q("tbl"), q("tr"), q("tc")):
            return next(place.iter(q("p")), None)
    return next(iter(list(root.iter(q("p")))[-1:]), None)
