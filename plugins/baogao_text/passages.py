"""Passages: every stretch of words a report prints, and where a character of it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from baogao import Block, Finding, Location
from baogao_text.lexicon import pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Report, Section
    from baogao_text.lexicon import Lexicon

__all__ = ["Passage", "Whole", "by_lines", "hushed", "whole"]

LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){4,}")
FEW = 100
"""How many words are sooner looked for one by one than by their pairs of characters."""


class Passage(NamedTuple):
    """A line of a narrative, a cell of a simple table in it, a typed cell of an official table, or an option.

    What is no `prose`, such as an address, is not judged as language.
    """

    path: str
    text: str
    place: Location | None
    block: Block | None = None
    prose: bool = True

    def finding(self, message: str, start: int, end: int, **more: Any) -> Finding:
        """Return a finding on some of the words; they are its quote unless another is given."""
        quote = more.pop("quote", self.text[start:end])
        return Finding(message, self.path, location=self._locate(start), quote=quote, **more)

    def around(self, start: int, end: int, margin: int = 4) -> str:
        """Return some words with their neighbours, so that a single character can be recognised."""
        return hushed(self.text[max(start - margin, 0) : end + margin])

    def _locate(self, start: int) -> Location | None:
        return self.place if self.block is None else self.block.place_at(start)


@dataclass(frozen=True)
class Whole:
    """All passages of a report, and their text in one piece, a line each.

    What no passage holds is told by one look at the text; only where there is something are they looked at closely.
    """

    passages: tuple[Passage, ...]

    @cached_property
    def text(self) -> str:
        """Return the words of all passages."""
        return "\n".join(passage.text for passage in self.passages)

    @cached_property
    def pairs(self) -> frozenset[int]:
        """Return every two characters that stand together."""
        return pairs_of(self.text)

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """Return the passages that are language."""
        return tuple(passage for passage in self.passages if passage.prose)

    def has(self, *signs: re.Pattern[str]) -> bool:
        """Tell whether anything in the text fits one of these patterns."""
        return any(sign.search(self.text) for sign in signs)

    def says(self, words: Iterable[str]) -> bool:
        """Tell whether any of these words stands in the text; that one character does not is seen much sooner."""
        text = self.text
        return any(word in text for word in words if word[-1] in text and word[0] in text)

    def may_hold(self, lexicon: Lexicon) -> bool:
        """Tell whether any word of a lexicon may stand in the text."""
        return self.says(lexicon.words) if len(lexicon.words) <= FEW else lexicon.may_hit(self.pairs)


def by_lines(sign: re.Pattern[str]) -> re.Pattern[str]:
    """Return a pattern to which every line is a text of its own."""
    return re.compile(sign.pattern, sign.flags | re.MULTILINE)


def hushed(words: str) -> str:
    """Return words to quote without their long numbers: one of them may name a person."""
    return LONG_NUMBER.sub("*", words)


def whole(report: Report) -> Whole:
    """Return every passage in printed order, with the text of all."""
    return report.derived(_whole)


def _whole(report: Report) -> Whole:
    return Whole(tuple(_each_passage(report)))


def _each_passage(report: Report) -> Iterator[Passage]:
    for section in report:
        for block in section.blocks:
            if block.kind == "grid":
                yield from _of_grid(section.id, block)
            else:
                yield Passage(section.id, block.text, block.location, block)
        yield from _of_tables(section, report)
    yield from _of_unit(report)
    for output in report.outputs:
        yield from (Passage("", text.text, text.location, prose=text.prose) for text in output.texts)


def _of_unit(report: Report) -> Iterator[Passage]:
    """Yield what the profile says and no chapter prints: a page tells it in its tags, a template where it likes."""
    for text in _texts(report.unit.extra):
        if text not in report.text:
            yield Passage("", text, report.places.get("/unit"), prose=False)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):  # most are: asked first
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif value is not None:
        yield str(value)


def _of_grid(path: str, block: Block) -> Iterator[Passage]:
    for number, row in enumerate(block.rows):
        # The line of dashes stands between the head and the other rows.
        place = block.location and replace(block.location, line=(block.location.line or 1) + number + (number > 0))
        for cell in row:
            yield Passage(path, "".join(run.text for run in cell), place)


def _of_tables(section: Section, report: Report) -> Iterator[Passage]:
    for table in section.tables:
        for path, cell in table.cells.items():
            if isinstance(cell.value, str):
                yield Passage(path, cell.value, report.places.get(path))
