"""Places in a part of a template as people find them in Word, whatever docxtpl makes of the part afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from docxtpl import DocxTemplate

from baogao.language import Message, say
from baogao_docx.compiling.preparing import Source, printing_escaped
from baogao_docx.ooxml.places import nearest, place_in
from baogao_docx.ooxml.wordml import Element, local_name, parse, q, words, xml_text

__all__ = ["Original", "own_words"]

LONGEST = 60
"""Characters of a paragraph that are shown where it fails."""
NUMBER = re.compile(r"\{#(\d+)#\}")


@dataclass(frozen=True)
class Original:
    """A part with tags as it stands in the file, before docxtpl takes paragraphs and rows out of it."""

    source: Source

    @cached_property
    def paragraphs(self) -> list[Element]:
        """Return the paragraphs in the order people read them; none of a part that is no text."""
        return list(parse(self.source.original).iter(q("p"))) if self.source.original else []

    @cached_property
    def numbered(self) -> str:
        """Return the prepared XML with a line for each paragraph, row and cell that begins with its number."""
        if not self.paragraphs:
            return self.source.text
        root = self.paragraphs[0].getroottree().getroot()
        numbers = iter(list(self._numbers(root)))
        # the blank keeps docxtpl from joining the comment to a brace behind it
        xml = re.sub(r"<w:(?:p|tr|tc)(?=[ />])", lambda tag: f"\n{{#{next(numbers)}#}} {tag[0]}", xml_text(root))
        return printing_escaped(DocxTemplate("").patch_xml(xml))

    def _numbers(self, root: Element) -> Iterator[int]:
        """Yield for each paragraph its number, for a row or a cell that of the paragraph that is left of it."""
        number = {paragraph: index for index, paragraph in enumerate(self.paragraphs)}
        for element in root.iter(q("p"), q("tr"), q("tc")):
            inside = [element] if element.tag == q("p") else list(element.iter(q("p")))
            mark = re.compile(rf"\{{[{{%#]{local_name(element)}\s")
            marked = (paragraph for paragraph in inside if mark.search(own_words(paragraph)))
            yield number.get(next(marked, inside[0] if inside else None), 0)

    def paragraph_at(self, line: int) -> Element | None:
        """Return the paragraph that a line of the numbered XML comes from."""
        before = NUMBER.findall("\n".join(self.numbered.split("\n")[:line]))
        return self.paragraphs[int(before[-1])] if before and self.paragraphs else None

    def said(self, paragraph: Element | None, fault: str) -> Message:
        """Return what is wrong, with the part, the paragraph or the cell, and the words there."""
        if paragraph is None:
            return say("{part}：{error}", part=self.source.part, error=fault)
        text = words(paragraph)
        return say(
            "{part} {place}“{text}”：{fault}",
            part=self.source.part,
            place=place_in(paragraph.getroottree().getroot(), paragraph),
            text=text if len(text) <= LONGEST else f"{text[:LONGEST]}…",
            fault=fault,
        )


def own_words(paragraph: Element) -> str:
    """Return the words of a paragraph itself, not those of a text box in it."""
    return "".join(part.text or "" for part in paragraph.iter(q("t")) if nearest(part, "p") is paragraph)
