"""The narrative as one text, and its sentences, each with the section it stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from baogao import sentences_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from baogao import Block, Report, Section

__all__ = ["Sentence", "clause", "first_sentences", "sentences", "sentences_with", "years_named"]

PAUSE = re.compile(r"[，。；！？：,;\n]")


class Sentence(NamedTuple):
    """One sentence of a section."""

    section: str
    text: str


def sentences(report: Report, *sections: str) -> Iterator[Sentence]:
    """Yield the sentences of these sections, or of all, headings left out."""
    return (sentence for sentence in report.derived(_sentences) if not sections or sentence.section in sections)


def _sentences(report: Report) -> tuple[Sentence, ...]:
    return tuple(sentence for section in report for block in section.blocks for sentence in _cut(section, block))


def _cut(section: Section, block: Block) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph, none of a heading."""
    for _, text in sentences_in(block.text) if block.kind != "heading" else ():
        yield Sentence(section.id, text)


def sentences_with(sections: Iterable[Section], *words: str) -> Iterator[Sentence]:
    """Yield the sentences that hold one of these words; only the paragraphs that hold one are cut into sentences."""
    for section in sections:
        said = [word for word in words if word in section.text]
        for block in section.blocks if said else ():
            if any(map(block.text.__contains__, said)):
                yield from (found for found in _cut(section, block) if any(map(found.text.__contains__, said)))


def first_sentences(report: Report) -> dict[str, Sentence]:
    """Return the first sentence of each section that has one, headings left out."""
    each = (next((cut for block in section.blocks for cut in _cut(section, block)), None) for section in report)
    return {sentence.section: sentence for sentence in each if sentence is not None}


def years_named(report: Report) -> tuple[tuple[Section, frozenset[str]], ...]:
    """Return each section with the four digits before each 年 in it: an expression that names a year finds such."""
    return report.derived(_years_named)


def _years_named(report: Report) -> tuple[tuple[Section, frozenset[str]], ...]:
    return tuple((section, frozenset(_years(section.text))) for section in report if section.blocks)


def _years(text: str) -> Iterator[str]:
    for part in text.split("年")[:-1]:
        digits = part[-4:]
        if len(digits) == 4 and digits.isdecimal():
            yield digits


def clause(text: str, start: int, longest: int = 20) -> str:
    """Return the words from `start` to the next pause, to be quoted."""
    pause = PAUSE.search(text, start)
    return text[start : pause.start() if pause else len(text)][:longest]
