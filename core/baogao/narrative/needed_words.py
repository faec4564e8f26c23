"""What an expression needs: the words without which it fits nothing, and whether it sees where a text ends.

Most expressions of a form fit nothing in a report. A word is looked for much faster than an expression.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baogao.model.report import Report

__all__ = ["Narrative", "needed_words", "sees_edges"]

INDIFFERENT = re.compile(r"\(\?<?!(?:[^()\[\]\\^$]|\[[^\]\\^][^\]\\]*\]|\(\?:[^()\[\]\\^$]*\))*\)|\(\?(?:<?=|:)")
EDGES = re.compile(r"\(\?|\\[AZbB]|[+*?}]\+")
"""What is left of an expression without the parts that are indifferent to the edges of a text, and may see them."""

UNREAD = re.compile(r"\(\?(?!:|<?[=!])|\\[^\WdDsSwWbBAZ]")
"""What an expression may hold that makes its words mean something else: flags, named groups, codes."""

NO_WORDS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{n\}", re.DOTALL)
"""What of an expression is no word of its own: an escape, a class of characters, the place of the number."""

NESTED = re.compile(r"\([^()]*\([^()]*\)(?:[^()]|\([^()]*\))*\)")
PART_OF_SOURCE = re.compile(r"(?P<group>\([^()]*\))(?P<times>[?*{])?|(?P<word>[^\W\d_]+)(?![?*{])|(?P<either>\|)")
CHOICE = re.compile(r"\((?:\?:)?([^\W\d_]+(?:\|[^\W\d_]+)*)\)")


class Narrative:
    """The whole narrative of a report, and which words it has; each is looked for once."""

    def __init__(self, report: Report) -> None:
        """Take the narrative of a report."""
        self.text = report.text
        self._has: dict[str, bool] = {}

    def has(self, word: str) -> bool:
        """Tell whether a word stands in it."""
        if word not in self._has:
            self._has[word] = word in self.text
        return self._has[word]

    def may_fit(self, source: str) -> bool:
        """Tell whether the words are there that an expression needs: where they are not, it fits nothing."""
        words, choices = needed_words(source)
        return all(map(self.has, words)) and all(any(map(self.has, choice)) for choice in choices)


@lru_cache(maxsize=1024)
def needed_words(source: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the words that stand in whatever an expression fits, and choices of words of which one does.

    Of `收到(?:公开|主动)申请{n}件` these are 收到, 申请, 件, and the choice of 公开 and 主动. What may be left out and
    what is nested is passed over; none are known of an expression of alternatives. The longest words come first: they
    are the rarest.
    """
    if UNREAD.search(source):
        return (), ()
    flat, before = NO_WORDS.sub("\0", source), ""
    while flat != before:
        flat, before = NESTED.sub("\0", flat), flat
    parts = tuple(PART_OF_SOURCE.finditer(flat))
    if any(part["either"] for part in parts):
        return (), ()
    words = sorted((part["word"] for part in parts if part["word"]), key=len, reverse=True)
    choices = (CHOICE.fullmatch(part["group"]) for part in parts if part["group"] and not part["times"])
    return tuple(words), tuple(tuple(choice[1].split("|")) for choice in choices if choice)


def sees_edges(source: str) -> bool:
    """Tell whether an expression may fit a paragraph and not the same words within a longer text."""
    return EDGES.search(INDIFFERENT.sub("", source)) is not None
