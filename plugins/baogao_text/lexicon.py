"""Find the words of lexicons in a text, however many words there are."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from operator import add
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from baogao import read_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from baogao import Report, Word

__all__ = ["DEMONSTRATION", "OPTIONS", "Lexicon", "demonstration", "lexicon_of"]

MOST_KEPT = 4096
"""Words whose pairs of characters are kept."""

DEMONSTRATION = Path(__file__).with_name("demonstration.yaml")
OPTIONS: Mapping[str, str] = MappingProxyType({"demonstration": "true"})
"""What the rules that read lexicons can be told: to leave our own list out."""


class Lexicon:
    """Words by their first two characters, the longest first: a text is read once, whatever the number of words."""

    def __init__(self, words: Iterable[Word]) -> None:
        by_start: defaultdict[str, list[Word]] = defaultdict(list)
        for word in words:
            by_start[word.text[:2]].append(word)
        for found in by_start.values():
            found.sort(key=lambda word: -len(word.text))
        self._by_start = dict(by_start)
        self._starts = frozenset(by_start)

    def __bool__(self) -> bool:
        """Tell whether there is any word."""
        return bool(self._by_start)

    def may_hit(self, pairs: frozenset[str]) -> bool:
        """Tell whether a text may hold any word, by the pairs of characters that stand together in it."""
        starts = self._starts & pairs
        return any(_pairs(word.text) <= pairs for start in starts for word in self._by_start[start])

    def hits(self, text: str) -> Iterator[tuple[int, Word]]:
        """Yield where each word stands; of two that overlap, the first, and of two that begin together, the longer."""
        end = 0
        for at in [at for at, start in enumerate(_pairs_of(text)) if start in self._by_start]:
            word = self._word_at(text, at) if at >= end else None
            if word is not None:
                end = at + len(word.text)
                yield at, word

    def _word_at(self, text: str, at: int) -> Word | None:
        for word in self._by_start[text[at : at + 2]]:
            if text.startswith(word.text, at):
                return None if _excepted(word, text, at) else word
        return None


def _pairs_of(text: str) -> Iterator[str]:
    return map(add, text, text[1:])


@lru_cache(maxsize=MOST_KEPT)
def _pairs(word: str) -> frozenset[str]:
    return frozenset(_pairs_of(word))


def _excepted(word: Word, text: str, at: int) -> bool:
    """Tell whether the word is only part of a longer one that is right."""
    for longer in word.exceptions:
        first = longer.find(word.text)
        while first >= 0:
            if at >= first and text.startswith(longer, at - first):
                return True
            first = longer.find(word.text, first + 1)
    return False


@cache
def demonstration() -> tuple[Word, ...]:
    """Return the words of our own short list."""
    return read_lexicon(DEMONSTRATION)


def lexicon_of(report: Report, kind: str, options: Mapping[str, Any]) -> Lexicon:
    """Return the user's words of a kind, and ours that the user says nothing of."""
    words = [word for word in report.lexicon if word.kind == kind]
    if str(options.get("demonstration", "true")).lower() == "false":
        return Lexicon(words)
    if not report.lexicon:
        return _demonstrated(kind)
    own = {word.text for word in report.lexicon}
    return Lexicon([*words, *(word for word in demonstration() if word.kind == kind and word.text not in own)])


@cache
def _demonstrated(kind: str) -> Lexicon:
    return Lexicon(word for word in demonstration() if word.kind == kind)
