"""Find the numbers of a narrative: bound to a cell, matched by a pattern, or free."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from baogao.expressions import Number
from baogao.model.findings import Location
from baogao.model.numbers import NumberPattern
from baogao.model.report import Block, Report
from baogao.narrative.needed_words import Narrative, sees_edges
from baogao.narrative.sentences import clause_around, sentence_span

__all__ = ["FoundNumber", "Statement", "matched_numbers", "numbers_of", "value_of", "zero_statements"]

DIGITS = (
    r"(?<![0-9０-９])(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,5}|[0-9０-９]{1,18})(?![0-9０-９])"
    r"(?:[.．][0-9０-９]{1,9}(?![0-9０-９]))?(?:\s?万(?!元))?"
)
"""At most 18 digits: what is longer is no count, but the number of a card or a file."""

SIGN = r"(?:[零〇一二两三四五六七八九十百千]|万(?!元))"
NUMERAL = rf"(?<![零〇一二两三四五六七八九十百千万]){SIGN}{{1,16}}+(?!{SIGN})"
"""A whole run of numerals, never a part of one: a long run is read once."""

UNITS = "件|宗|条|篇|次|份|期|项|个|场|人|起|万元|元|%|％"
SHARE = rf"(?<=百分之){NUMERAL}(?:点[零〇一二三四五六七八九]{{1,4}})?"
ANY_NUMBER = re.compile(
    rf"(?P<n>{DIGITS}|{SHARE}|{NUMERAL}(?=[余多]?\s?(?:{UNITS})))(?P<about>[余多])?\s?(?P<unit>{UNITS})?"
)

BEGINNING = re.compile("[0-9０-９零〇一二两三四五六七八九十百千万]+")
"""What a number begins with, in whichever way it is written."""

PERIOD = re.compile(
    r"(?P<own>本年|今年|全年|当年|年内|1月至12月|1[\-—–~～至]12月)"
    r"|(?<![比较同与])(?P<other>去年|前年|上年(?!(?:度|末)?结转)|上一年(?!(?:度|末)?结转)|往年|历年|季度|半年"
    r"|月至|月份|(?<![0-9])[0-9]{1,2}月(?![0-9底末]))"
    r"|(?<![比较同与])(?<![0-9])(?P<year>[0-9]{4})年"
)
"""Words that say which time a number is of; the last of them before it counts."""

PART = "其中"
ROUGH_BEFORE = re.compile(r"(?:近|约|超过?|逾|不足|不到|至少|最多)$")
ROUGH_AFTER = re.compile(r"\s?(?:件|宗|条|篇|次|份|项|起|万?元)?(?:左右|以上|以下|上下|之多)")

HALF_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
DIGIT_VALUES: Mapping[str, int] = MappingProxyType(
    dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
)
TEN_THOUSAND = 10_000
IN_A_ROW = re.compile(r"[零〇一二三四五六七八九]*[零〇][零〇一二三四五六七八九]*|[一二三四五六七八九]{4,16}")
"""二〇二〇 and 一九九八; but 三四 is three or four."""

BELOW_TEN_THOUSAND = re.compile(
    r"(?:(?P<thousands>[一二两三四五六七八九])千)?"
    r"(?:零?(?P<hundreds>[一二两三四五六七八九])百)?"
    r"(?:零?(?P<tens>[一二三四五六七八九]?)(?P<ten>十))?"
    r"(?:(?:(?<=十)|(?<![百千]))零?(?P<ones>[一二三四五六七八九])|(?<=[百千])零(?P<last>[一二三四五六七八九])|^两|^[零〇])?"
)
"""一百零二, never 一百二: that is a hundred and twenty to one reader, a hundred and two to another."""


Matching = tuple[tuple[NumberPattern, re.Pattern[str]], ...]


class FoundNumber(NamedTuple):
    """A number in a narrative: its words and value, where it is, and which cell it is bound to or speaks of.

    `about` tells that it is a round one: 20多件 is any number from 20 to 29.
    """

    section: str
    block: Block
    start: int
    end: int
    value: Number
    unit: str = ""
    kind: Literal["bound", "matched", "free"] = "free"
    cell: str = ""
    pattern: NumberPattern | None = None
    about: bool = False

    @property
    def words(self) -> str:
        """Return the number as written."""
        return self.block.text[self.start : self.end]

    @property
    def location(self) -> Location | None:
        """Return where it stands, or where its binding does."""
        return self.block.place_at(self.start)

    @property
    def clause(self) -> str:
        """Return the words around it, up to the next comma on both sides."""
        return clause_around(self.block.text, self.start, self.end)

    def agrees(self, value: Number) -> bool:
        """Tell whether it may stand for this value."""
        return self.value <= value < self.value + self._step if self.about else self.value == value

    @property
    def _step(self) -> Number:
        """What its last digit that is not nought counts: 10 of 20, 1000 of 15000."""
        step = 1
        while self.value and self.value % (step * 10) == 0:
            step *= 10
        return step


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that say there was none of something, where they stand, and the pattern that knows them."""

    section: str
    words: str
    pattern: NumberPattern
    location: Location | None = None


def numbers_of(report: Report, *words: str) -> tuple[FoundNumber, ...]:
    """Return every number of the report's narrative, in order; with words, those of the paragraphs that hold one."""
    if not words:
        return report.derived(_Reading).numbers(report, lambda _: True)
    said = [word for word in words if report.derived(Narrative).has(word)]
    if not said:
        return ()
    return report.derived(_Reading).numbers(report, lambda block: any(map(block.text.__contains__, said)))


def matched_numbers(report: Report) -> tuple[FoundNumber, ...]:
    """Return the numbers of the report's narrative that a pattern knows, in order."""
    return report.derived(_matched_numbers)


def _matched_numbers(report: Report) -> tuple[FoundNumber, ...]:
    reading = report.derived(_Reading)
    if not reading.matching:
        return ()
    numbers = reading.numbers(report, lambda block: _knows(block, report, reading.matching))
    return tuple(number for number in numbers if number.kind == "matched")


def _knows(block: Block, report: Report, matching: Matching) -> bool:
    """Tell whether a pattern knows a number of a paragraph that is not bound."""
    if not any(expression.search(block.text) for _, expression in matching):
        return False
    return next(_matched_spans(block.text, report, matching, _bound_in(block)), None) is not None


class _Reading:
    """The numbers of a report, read paragraph by paragraph: each once, and none before it is asked for."""

    def __init__(self, report: Report) -> None:
        self.matching: Matching = tuple(_that_fit(report, lambda pattern: pattern.match, _with_number))
        self._read: dict[tuple[int, int], tuple[FoundNumber, ...]] = {}

    def numbers(self, report: Report, wanted: Callable[[Block], bool]) -> tuple[FoundNumber, ...]:
        """Return the numbers of the wanted paragraphs, in order."""
        found: list[FoundNumber] = []
        for at, section in enumerate(report):
            for place, block in enumerate(section.blocks):
                if wanted(block):
                    if (at, place) not in self._read:
                        self._read[at, place] = tuple(_numbers_in(block, section.id, report, self.matching))
                    found.extend(self._read[at, place])
        return tuple(found)


def _that_fit(
    report: Report, sources: Callable[[NumberPattern], tuple[str, ...]], whole: Callable[[str], str]
) -> Iterator[tuple[NumberPattern, re.Pattern[str]]]:
    """Yield the expressions of the patterns, without those that fit nothing anywhere in the narrative: most do not.

    `whole` writes out what a source leaves short.
    """
    narrative = report.derived(Narrative)
    for pattern in report.patterns:
        for source in sources(pattern):
            if narrative.may_fit(source) and (
                sees_edges(source) or _compiled(whole(source), re.MULTILINE).search(narrative.text)
            ):
                yield pattern, _compiled(whole(source))


def _numbers_in(block: Block, section: str, report: Report, matching: Matching) -> Iterator[FoundNumber]:
    every = tuple(_written_in(block.text))
    if not every:
        return
    bound, percent = _bound_in(block), "百分之" in block.text
    matched = dict(_matched_spans(block.text, report, matching, bound))
    for found in every:
        value = value_of(found["n"])
        if value is None:
            continue
        start, end = found.span("n")
        unit = "%" if percent and block.text.endswith("百分之", max(start - 3, 0), start) else found["unit"] or ""
        about, pattern = bool(found["about"]), matched.get((start, end))
        if start in bound:
            yield FoundNumber(section, block, start, end, value, unit, "bound", bound[start], about=about)
        elif pattern is not None:
            cell = pattern.cells[0]
            yield FoundNumber(section, block, start, end, value, unit, "matched", cell, pattern, about)
        else:
            yield FoundNumber(section, block, start, end, value, unit, about=about)


def _bound_in(block: Block) -> dict[int, str]:
    """Return the cell that each character of a bound number stands for, by its place."""
    return {at: run.cell for start, run in block.spans() if run.cell for at in range(start, start + len(run.text))}


def _written_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the numbers of a text as they are written: one is looked for only where it may begin."""
    end = 0
    for run in BEGINNING.finditer(text):
        for at in range(run.start(), run.end()):
            if at >= end and (found := ANY_NUMBER.match(text, at)):
                end = found.end()
                yield found


def _matched_spans(
    text: str, report: Report, matching: Matching, bound: Mapping[int, str]
) -> Iterator[tuple[tuple[int, int], NumberPattern]]:
    """Yield the spans of numbers that a pattern knows and that are not bound; the first pattern to know one counts."""
    seen: set[tuple[int, int]] = set()
    for pattern, expression in matching:
        for found in expression.finditer(text):
            span = found.span("n")
            if span in seen or span[0] in bound or _rough(text, *span):
                continue
            if _speaks_of_it(text, found, span[0], pattern, report):
                seen.add(span)
                yield span, pattern


@lru_cache(maxsize=1024)
@lru_cache(maxsize=1024)
def _compiled(source: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(source, flags)


def _with_number(source: str) -> str:
    return source.replace("{n}", rf"(?P<n>{DIGITS}|{NUMERAL})[余多]?")


def _rough(text: str, start: int, end: int) -> bool:
    """Tell whether a number is called near, above or below its value, so that nothing can be said of it."""
    return bool(ROUGH_BEFORE.search(text[max(start - 2, 0) : start]) or ROUGH_AFTER.match(text, end))


def _speaks_of_it(text: str, found: re.Match[str], at: int, pattern: NumberPattern, report: Report) -> bool:
    """Tell whether a match speaks of this report's own total: not of a part, nor of another time."""
    head = text[sentence_span(text, *found.span())[0] : at]
    clause = clause_around(text, *found.span())
    return PART not in head and _of_this_year(head, report.year) and not any(word in clause for word in pattern.never)


def _of_this_year(head: str, year: int) -> bool:
    named = list(PERIOD.finditer(head))
    return not named or bool(named[-1]["own"]) or named[-1]["year"] == str(year)


def zero_statements(report: Report) -> tuple[Statement, ...]:
    """Return the words that say there was none of what a pattern speaks of."""
    return report.derived(_zero_statements)


def _zero_statements(report: Report) -> tuple[Statement, ...]:
    return tuple(_each_zero_statement(report))


def _each_zero_statement(report: Report) -> Iterator[Statement]:
    fitting = tuple(_that_fit(report, lambda pattern: pattern.zero, str))
    for section in report if fitting else ():
        for block in section.blocks:
            for pattern, expression in fitting:
                for found in expression.finditer(block.text):
                    if _speaks_of_it(block.text, found, found.start(), pattern, report):
                        yield Statement(section.id, found.group(), pattern, block.place_at(found.start()))


def value_of(words: str) -> Number | None:
    """Return the value of a number in digits (full or half width) or in Chinese numerals; None where it is none."""
    half = (words if words.isascii() else words.translate(HALF_WIDTH)).replace(",", "")
    if half.isascii() and half.isdecimal():
        return int(half)
    if found := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(\s?万)?", half):
        return _whole(Fraction(found[1]) * (TEN_THOUSAND if found[2] else 1))
    numeral, point, places = words.partition("点")
    value = _numeral_value(numeral)
    if value is None or not point:
        return value
    digits = "".join(str(DIGIT_VALUES.get(character, "")) for character in places)
    return _whole(value + Fraction(int(digits), 10 ** len(digits))) if digits else None


def _whole(exact: Fraction) -> Number:
    return int(exact) if exact.denominator == 1 else exact


def _numeral_value(words: str) -> int | None:
    if len(words) > 1 and len(words) <= 16 and IN_A_ROW.fullmatch(words):
        return int("".join(str(DIGIT_VALUES[character]) for character in words))
    high, mark, low = words.rpartition("万")
    if not mark:
        return _below_ten_thousand(low)
    first, rest = _below_ten_thousand(high), _below_ten_thousand(low) if low else 0
    # 一万二 is twelve thousand: a bare digit after 万 does not count ones.
    if not first or rest is None or (low and not low.startswith("零") and rest < TEN_THOUSAND // 10):
        return None
    return first * TEN_THOUSAND + rest


def _below_ten_thousand(words: str) -> int | None:
    """Return 二百零三 as 203; None for what cannot be read in one way only."""
    if len(words) == 1 and words in DIGIT_VALUES:
        return DIGIT_VALUES[words]
    found = BELOW_TEN_THOUSAND.fullmatch(words.removeprefix("零"))
    if not words or found is None:
        return None
    digits = [DIGIT_VALUES.get(found[name] or "", 0) for name in ("thousands", "hundreds", "tens")]
    tens = (digits[2] or 1) if found["ten"] else 0
    return digits[0] * 1000 + digits[1] * 100 + tens * 10 + DIGIT_VALUES.get(found["ones"] or found["last"] or "", 0)
