"""Narratives in which only headings and bound numbers are marked: most are such, and no parser need be asked."""

from __future__ import annotations

import re
from dataclasses import replace

from baogao.model.findings import Location
from baogao.model.report import Block, Run

__all__ = ["BINDING", "BLANKS", "PLAIN_LINE", "plain_blocks", "plain_runs"]

BINDING = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[\w\-]+)*)\s*\}\}")
PLAIN_LINE = re.compile(
    r"(?![0-9]{1,9}[.)])"
    r"(?:[0-9A-Za-z \u3400-\u9fff，。；：、？！“”‘’（）《》〈〉〔〕【】—…％·.,;:?()%/'\"]++"
    r"|\{\{ ?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)* ?\}\})+"
)
"""A line without a sign that means anything in Markdown: it is what it says."""

PLAIN_HEADING = re.compile(r"(#{2,4}) +")
GAP_SIGN = "【"
"""What a gap that is still to be filled in begins with: the parser names it."""

BLANKS = " \t\u3000"


def plain_blocks(text: str, first: Location) -> tuple[Block, ...] | None:
    """Return a block for every line, or None where a sign may mean something else.

    `first` is the place of the first line.
    """
    if GAP_SIGN in text:
        return None
    blocks: list[Block] = []
    for number, written in enumerate(text.split("\n")):
        if line := written.strip(BLANKS):
            found = PLAIN_HEADING.match(line)
            mark = found.group() if found else ""
            if not PLAIN_LINE.fullmatch(line, len(mark)):
                return None
            blocks.append(_block(line, mark, _start(written, number, first)))
    return tuple(blocks)


def _start(written: str, number: int, first: Location) -> Location:
    """Return where the words of a line begin; the first line may itself begin within one of its file."""
    before = len(written) - len(written.lstrip(BLANKS))
    return Location(first.file, (first.line or 1) + number, before + (1 if number else first.column or 1))


def _block(line: str, mark: str, place: Location) -> Block:
    words = line[len(mark) :]
    runs = plain_runs(words, _moved(place, len(mark))) if "{" in words else (Run(words),)
    if mark:
        return Block("heading", runs, mark.count("#"), location=place, source=line)
    return Block("paragraph", runs, location=place, source=line)


def plain_runs(words: str, start: Location) -> tuple[Run, ...]:
    """Return the runs of words that mean just what they say, bound numbers still without their values."""
    found: list[Run] = []
    end = 0
    for tag in BINDING.finditer(words):
        found.extend([Run(words[end : tag.start()])] if tag.start() > end else [])
        found.append(Run(tag.group(), cell=tag.group(1), location=_moved(start, tag.start())))
        end = tag.end()
    return (*found, Run(words[end:])) if end < len(words) else tuple(found)


def _moved(place: Location, by: int) -> Location:
    return replace(place, column=(place.column or 1) + by)
