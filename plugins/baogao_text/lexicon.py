"""Find the words of lexicons in a text, however many words there are."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from dataclasses import dataclass
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

__all__ = ["DEMONSTRATION", "OPTIONS", "Lexicon", "any_demonstrated", "demonstration", "lexicon_of", "pairs_of"]

MOST_KEPT = 16
"""How many lexicons are kept ready, four kinds of words of a few: the reports of a batch share the same."""

PAIR = array("I").itemsize
"""Bytes of two units of UTF-16."""

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
        self.words = tuple(word.text for found in by_start.values() for word in found)
        self._by_pair: defaultdict[int, list[frozenset[int]]] = defaultdict(list)
        for pairs in {pairs_of(word) for word in self.words}:
            self._by_pair[min(pairs, default=0)].append(pairs)
        self._first_pairs = frozenset(self._by_pair)

    def __bool__(self) -> bool:
        """Tell whether there is any word."""
        return bool(self._by_start)

    def may_hit(self, pairs: frozenset[int]) -> bool:
        """Tell whether a text may hold any word, by the pairs of characters that stand together in it."""
        known = self._first_pairs & pairs
        return any(map(pairs.issuperset, (word for first in known for word in self._by_pair[first])))

    def hits(self, text: str) -> Iterator[tuple[int, Word]]:
        """Yield where each word stands; of two that overlap, the first, and of two that begin together, the longer."""
        end = 0
        for at in [at for at, start in enumerate(map(add, text, text[1:])) if start in self._by_start]:
            word = self._word_at(text, at) if at >= end else None
            if word is not None:
                end = at + len(word.text)
                yield at, word

    def _word_at(self, text: str, at: int) -> Word | None:
        for word in self._by_start[text[at : at + 2]]:
            if text.startswith(word.text, at):
                return None if _excepted(word, text, at) else word
        return None


def pairs_of(text: str) -> frozenset[int]:
    """Return every two units of UTF-16 that stand together in a text, each pair as a number: numbers are made fast."""
    units = text.encode("utf-16-le", "surrogatepass")
    return frozenset(_by_twos(units)).union(_by_twos(units[2:]))


def _by_twos(units: bytes) -> array[int]:
    return array("I", units[: len(units) // PAIR * PAIR])


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
    with_ours = str(options.get("demonstration", "true")).lower() != "false"
    return _lexicon(_Same(report.lexicon), kind, with_ours=with_ours)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Words as a key that is found at once, however many they are: equal to the very same words only."""

    words: tuple[Word, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.words is other.words

    def __hash__(self) -> int:
        return id(self.words)


@lru_cache(maxsize=MOST_KEPT)
def _lexicon(same: _Same, kind: str, *, with_ours: bool) -> Lexicon:
    own = {word.text for word in same.words}
    ours = [word for word in demonstration() if word.text not in own] if with_ours else []
    return Lexicon(word for word in (*same.words, *ours) if word.kind == kind)


@cache
def any_demonstrated() -> re.Pattern[str]:
    """Return a pattern that any word of our own short list fits, whatever its kind."""
    return re.compile("|".join(re.escape(word.text) for word in demonstration()))
