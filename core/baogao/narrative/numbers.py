"""Find the numbers of a narrative: bound to a cell, matched by a pattern, or free."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from baogao.expressions import Number
from baogao.model.findings import Location
from baogao.model.numbers import NumberPattern
from baogao.model.report import Block, Report, Run

__all__ = ["FoundNumber", "Statement", "clause_around", "numbers_of", "sentence_around", "value_of", "zero_statements"]

DIGITS = (
    r"(?<![0-9０-９])(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,5}|[0-9０-９]{1,18})(?![0-9０-９])"
    r"(?:[.．][0-9０-９]{1,9}(?![0-9０-９]))?"
)
"""At most 18 digits: what is longer is no count, but the number of a card or a file."""

NUMERALS = "零〇一二两三四五六七八九十百千万"
UNITS = "件|宗|条|篇|次|份|期|项|个|场|人|起|万元|元|%|％"
ANY_NUMBER = re.compile(rf"(?P<n>{DIGITS}|[{NUMERALS}]+(?=余?(?:{UNITS})))\s*(?P<unit>{UNITS})?")
CLAUSE_ENDS = "，。；！？,;\n"
SENTENCE_ENDS = "。；！？;\n"
DIGIT_VALUES = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
SCALES = {"十": 10, "百": 100, "千": 1000}
TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a narrative: its words and value, where it is, and which cell it is bound to or speaks of."""

    section: str
    block: Block
    start: int
    end: int
    value: Number
    unit: str = ""
    kind: Literal["bound", "matched", "free"] = "free"
    cell: str = ""
    pattern: NumberPattern | None = None

    @property
    def words(self) -> str:
        """Return the number as written."""
        return self.block.text[self.start : self.end]

    @property
    def location(self) -> Location | None:
        """Return where it stands, or where its binding does."""
        bound = next(
            (run.location for first, last, run in _bound_spans(self.block.runs) if first <= self.start < last), None
        )
        place = bound or self.block.location
        before = self.block.source.find(self.clause)
        if bound or place is None or before < 0:
            return place
        return replace(place, column=(place.column or 1) + before + self.clause.find(self.words))

    @property
    def clause(self) -> str:
        """Return the words around it, up to the next comma on both sides."""
        return clause_around(self.block.text, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that say there was none of something."""

    section: str
    words: str
    pattern: NumberPattern


def numbers_of(report: Report) -> tuple[FoundNumber, ...]:
    """Return every number of the report's narrative, in order."""
    return report.derived(_numbers_of)


def _numbers_of(report: Report) -> tuple[FoundNumber, ...]:
    parts = ((section, block) for section in report for block in section.blocks)
    return tuple(number for section, block in parts for number in _numbers_in(block, section.id, report))


def _numbers_in(block: Block, section: str, report: Report) -> Iterator[FoundNumber]:
    bound = tuple(_bound_spans(block.runs))
    matched = dict(_matched_spans(block.text, report))
    for found in ANY_NUMBER.finditer(block.text):
        start, end = found.span("n")
        number = FoundNumber(section, block, start, end, value_of(found["n"]), found["unit"] or "")
        cell = next((run.cell for first, last, run in bound if first <= start and end <= last), "")
        pattern = matched.get((start, end))
        if cell:
            yield replace(number, kind="bound", cell=cell)
        elif pattern is not None:
            yield replace(number, kind="matched", cell=pattern.cells[0], pattern=pattern)
        else:
            yield number


def _bound_spans(runs: tuple[Run, ...]) -> Iterator[tuple[int, int, Run]]:
    start = 0
    for run in runs:
        if run.cell:
            yield start, start + len(run.text), run
        start += len(run.text)


def _matched_spans(text: str, report: Report) -> Iterator[tuple[tuple[int, int], NumberPattern]]:
    """Yield the spans of numbers that a pattern knows; the first pattern that knows a number counts."""
    seen: set[tuple[int, int]] = set()
    for pattern in report.patterns:
        for source in pattern.match:
            for found in _compiled(source).finditer(text):
                span = found.span("n")
                if span not in seen and _speaks_of_it(text, found, pattern, report.year):
                    seen.add(span)
                    yield span, pattern


@lru_cache(maxsize=512)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source.replace("{n}", rf"(?P<n>{DIGITS}|[{NUMERALS}]+)"))


def _speaks_of_it(text: str, found: re.Match[str], pattern: NumberPattern, year: int) -> bool:
    """Tell whether a match speaks of this report's own total: not of a part, nor of another year."""
    clause = clause_around(text, found.start(), found.end())
    other_year = any(named != str(year) for named in re.findall(r"(\d{4})年", clause))
    return not other_year and "其中" not in clause and not any(word in clause for word in pattern.never)


def zero_statements(report: Report) -> Iterator[Statement]:
    """Yield the words that say there was none of what a pattern speaks of."""
    for section in report:
        for block in section.blocks:
            for pattern in report.patterns:
                for source in pattern.zero:
                    for found in re.finditer(source, block.text):
                        if _speaks_of_it(block.text, found, pattern, report.year):
                            yield Statement(section.id, found.group(), pattern)


def clause_around(text: str, start: int, end: int) -> str:
    """Return the words between the punctuation around a span."""
    return _around(text, start, end, CLAUSE_ENDS)


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence around a span."""
    return _around(text, start, end, SENTENCE_ENDS)


def _around(text: str, start: int, end: int, ends: str) -> str:
    first = max((text.rfind(mark, 0, start) for mark in ends), default=-1) + 1
    last = min((place for mark in ends if (place := text.find(mark, end)) >= 0), default=len(text))
    return text[first:last].strip()


def value_of(words: str) -> Number:
    """Return the value of a number in digits (full or half width) or in Chinese numerals."""
    half = words.translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    if half[0].isdigit() and half[0].isascii():
        exact = Fraction(half.replace(",", ""))
        return int(exact) if exact.denominator == 1 else exact
    return _numeral_value(words)


def _numeral_value(words: str) -> int:
    high, mark, low = words.rpartition("万")
    if mark:
        return _below_ten_thousand(high) * TEN_THOUSAND + _below_ten_thousand(low)
    return _below_ten_thousand(low)


def _below_ten_thousand(words: str) -> int:
    """Return 二百零三 as 203, and digits in a row, such as 二〇二〇, as 2020."""
    if len(words) > 1 and not any(character in SCALES for character in words):
        return int("".join(str(DIGIT_VALUES[character]) for character in words))
    total = digit = 0
    for character in words:
        if character in SCALES:
            total += (digit or 1) * SCALES[character]
            digit = 0
        else:
            digit = DIGIT_VALUES.get(character, 0)
    return total + digit
