"""The sentences of a narrative, each with the section it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baogao import sentences_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baogao import Report

__all__ = ["Sentence", "clause", "sentences"]

PAUSE = re.compile(r"[，。；！？：,;\n]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a section."""

    section: str
    text: str


def sentences(report: Report, *sections: str) -> Iterator[Sentence]:
    """Yield the sentences of these sections, or of all, headings left out."""
    return (sentence for sentence in report.derived(_sentences) if not sections or sentence.section in sections)


def _sentences(report: Report) -> tuple[Sentence, ...]:
    blocks = ((section.id, block) for section in report for block in section.blocks if block.kind != "heading")
    return tuple(Sentence(section, text) for section, block in blocks for _, text in sentences_in(block.text))


def clause(text: str, start: int, longest: int = 20) -> str:
    """Return the words from `start` to the next pause, to be quoted."""
    pause = PAUSE.search(text, start)
    return text[start : pause.start() if pause else len(text)][:longest]
