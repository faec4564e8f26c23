"""Read lexicons: what can be used is used, and everything that cannot is named with its line.

A lexicon may hold thousands of words, so its entries are judged here and not by Cerberus.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from baogao.files.text import read_text
from baogao.files.yaml import Document, parse_yaml
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Severity
from baogao.model.lexicons import KINDS, Word

__all__ = ["ReadWords", "read_lexicon", "read_lexicons"]

TEXTS = ("word", "replacement", "note")
ENTRY_KEYS = (*TEXTS, "level", "kind", "except")
FILE_KEYS = ("name", "level", "kind", "words")
CHOICES: Mapping[str, tuple[str, ...]] = {"level": tuple(Severity), "kind": KINDS}
SHORTEST = 2
MOST_KEPT = 4
"""For how many choices of lexicons their words are kept: the reports of a batch share the same few."""


@dataclass(frozen=True, slots=True)
class ReadWords:
    """The words of lexicons, and what is wrong with them; the other words are still looked for."""

    words: tuple[Word, ...] = ()
    problems: tuple[Finding, ...] = ()


def read_lexicons(folder: Path, names: Iterable[str], report: Document) -> ReadWords:
    """Return the words of the files that report.yaml names; a word given twice counts once."""
    texts: list[tuple[str, str]] = []
    problems: list[Finding] = []
    for number, name in enumerate(names):
        read = read_text(folder / name, name)
        missing = report.locate("lexicons", number)
        problems.extend(replace(it, location=missing) if it.rule == "SRC-001" else it for it in read.problems)
        texts.extend([] if read.broken else [(name, read.text)])
    if not texts:
        return ReadWords(problems=tuple(problems))
    found = _words_of(tuple(texts))
    return ReadWords(found.words, (*problems, *found.problems))


def read_lexicon(path: Path, file: str) -> ReadWords:
    """Return the words of one file; `file` is its name in messages."""
    read = read_text(path, file)
    if read.broken:
        return ReadWords(problems=read.problems)
    found = _words_of(((file, read.text),))
    return ReadWords(found.words, (*read.problems, *found.problems))


@lru_cache(maxsize=MOST_KEPT)
def _words_of(texts: tuple[tuple[str, str], ...]) -> ReadWords:
    """Return the words of files, each with its name: the same tuple for all reports that name the same words."""
    words: dict[str, Word] = {}
    problems: list[Finding] = []
    for file, text in texts:
        document = parse_yaml(text, file)
        reader = _Reader(document)
        own = () if document.broken else tuple(reader.words())
        problems.extend((*document.problems, *reader.problems))
        for word in own:
            known = words.setdefault(word.text, word)
            if known is not word:
                problems.append(_twice(word, known))
    return ReadWords(tuple(words.values()), tuple(problems))


def _twice(word: Word, known: Word) -> Finding:
    message = say("词表里“{word}”写了两次，前一次在 {place}；后一次没有采用", word=word.text, place=str(known.location))
    return Finding(message, rule="SRC-013", severity=Severity.WARNING, location=word.location)


class _Reader:
    """Read one lexicon, collecting what is wrong."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Finding] = []

    def words(self) -> Iterator[Word]:
        """Yield the words that can be used, a word given twice only once."""
        data = self.document.data
        if not isinstance(data, Mapping) or not isinstance(data.get("words"), list):
            self._problem(say("词表应有 words: 和一个列表，每项写一个词"))
            return
        usual = {key: data[key] for key in CHOICES if key in data}
        self._judge_keys(data, FILE_KEYS)
        usual = {key: value for key, value in usual.items() if not self._wrong_choice(key, value)}
        seen: dict[str, Word] = {}
        for number, entry in enumerate(data["words"]):
            word = self._word(entry, usual, number)
            known = seen.setdefault(word.text, word) if word else None
            if word and known is not word:
                self.problems.append(_twice(word, known or word))
            elif word:
                yield word

    def _word(self, entry: Any, usual: Mapping[str, Any], number: int) -> Word | None:
        data = {"word": entry} if isinstance(entry, str) else entry
        if not isinstance(data, Mapping):
            self._problem(say("这一项应是一个词，或写成 {word: 词, replacement: 改为}"), number)
            return None
        before = len(self.problems)
        self._judge_keys(data, ENTRY_KEYS, number)
        self._judge_texts(data, number)
        for key in CHOICES:
            self._wrong_choice(key, data.get(key), number)
        return self._made({**usual, **data}, number) if len(self.problems) == before else None

    def _made(self, data: Mapping[str, Any], number: int) -> Word:
        return Word(
            text=data["word"],
            kind=data.get("kind") or "sensitive",
            replacement=data.get("replacement") or "",
            level=Severity(data.get("level") or Severity.WARNING),
            note=data.get("note") or "",
            exceptions=tuple(data.get("except") or ()),
            location=self.document.locate("words", number),
        )

    def _judge_keys(self, data: Mapping[str, Any], known: tuple[str, ...], *place: int) -> None:
        for key in data:
            if key not in known:
                self._problem(say("词表里不认识“{key}”{near}", key=key, near=near(key, known)), *place, key=key)

    def _judge_texts(self, data: Mapping[str, Any], number: int) -> None:
        for key in TEXTS:
            if data.get(key) is not None and not isinstance(data[key], str):
                self._problem(say("“{key}”应是文字；数字请加引号", key=key), number, key=key)
        word = data.get("word")
        if word is None or (isinstance(word, str) and len(word.strip()) < SHORTEST):
            message = say("“word”至少要有 {least} 个字，否则处处都会报", least=SHORTEST)
            self._problem(message, number, key="word")
        elif isinstance(word, str) and (word != word.strip() or "\n" in word):
            self._problem(say("“word”首尾不能有空格，中间不能换行"), number, key="word")
        elif word == data.get("replacement"):
            self._problem(say("“replacement”和“word”一样"), number, key="replacement")
        self._judge_exceptions(data.get("except"), str(word), number)

    def _judge_exceptions(self, exceptions: Any, word: str, number: int) -> None:
        longer = exceptions is None or (
            isinstance(exceptions, list) and all(isinstance(it, str) and word in it and it != word for it in exceptions)
        )
        if not longer:
            self._problem(say("“except”应是列表，每项是含有这个词的更长的词"), number, key="except")

    def _wrong_choice(self, key: str, value: Any, *place: int) -> bool:
        """Name a level or a kind that there is not."""
        wrong = value is not None and value not in CHOICES[key]
        if wrong:
            known = listed(CHOICES[key])
            self._problem(say("“{key}”只能是 {known}", key=key, known=known), *place, key=key)
        return wrong

    def _problem(self, message: Message, *place: int, key: str = "") -> None:
        keys = (*(("words", *place) if place else ()), *((key,) if key else ()))
        self.problems.append(Finding(message, rule="SRC-013", location=self.document.locate(*keys)))
