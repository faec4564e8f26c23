"""Cut a text into sentences and clauses; what has no end is cut, so that no text takes long to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["clause_around", "sentence_around", "sentence_span", "sentences_in"]

SENTENCE_ENDS = "。；！？;\n\t"
CLAUSE_ENDS = SENTENCE_ENDS + "，,"
SENTENCE = re.compile(rf"[^{SENTENCE_ENDS}]+")
LONGEST_SENTENCE = 200
LONGEST_CLAUSE = 30
"""How many characters are read on either side."""


def sentences_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence of a text, without its end, and where it begins."""
    return ((found.start(), found.group()) for found in SENTENCE.finditer(text))


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a span begins and ends, at most 200 characters away on either side."""
    return _span(text, start, end, SENTENCE_ENDS, LONGEST_SENTENCE)


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence around a span, at most 200 characters more on either side."""
    first, last = sentence_span(text, start, end)
    return text[first:last].strip()


def clause_around(text: str, start: int, end: int) -> str:
    """Return the words between the punctuation around a span, at most 30 characters more on either side."""
    first, last = _span(text, start, end, CLAUSE_ENDS, LONGEST_CLAUSE)
    return text[first:last].strip()


def _span(text: str, start: int, end: int, ends: str, longest: int) -> tuple[int, int]:
    least, most = max(start - longest, 0), min(end + longest, len(text))
    first = max(text.rfind(mark, least, start) for mark in ends) + 1
    last = min((place for mark in ends if (place := text.find(mark, end, most)) >= 0), default=most)
    return max(first, least), last
