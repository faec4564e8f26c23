"""Read a line of JSON as YAML would be read: whole numbers, decimals, texts and blanks, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, NoReturn, cast

from baogao.files.text import without_mark
from baogao.files.yaml import DECIMAL, DEEPEST, Document, Spot
from baogao.language import Message, say
from baogao.model.findings import Finding, Location

__all__ = ["parse_json"]

SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_INTEGER = 18
LARGEST = 10**LONGEST_INTEGER - 1
BEFORE_A_NUMBER = (*":,[ \t\n\r", "")


def parse_json(content: bytes, file: str, line: int) -> Document:
    """Return the document in one line of a file; everything in it has the line's place."""
    content, problems = without_mark(content, file, line)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _refused("SRC-003", say("第 {line} 行不是 UTF-8 编码", line=line), Location(file, line, 1))
    try:
        data = _decoded(text)
        return Document(file, data, Spot(line, 1, _OnOneLine(data, line)), problems)
    except json.JSONDecodeError as exc:
        message = say("第 {line} 行不是 JSON：第 {column} 个字符起读不懂", line=line, column=exc.colno)
        return _refused("SRC-004", message, Location(file, line, exc.colno))
    except _RefusedError as exc:
        return _refused(exc.rule, exc.message, Location(file, line, 1))
    except RecursionError:
        return _refused("SRC-004", _too_deep(), Location(file, line, 1))


class _RefusedError(Exception):
    """The JSON holds what no report may hold."""

    def __init__(self, rule: str, message: Message) -> None:
        self.rule = rule
        self.message = message
        super().__init__(message)


def _refused(rule: str, message: Message, place: Location) -> Document:
    hint = (
        say("一行是一份报告，一个完整的 JSON：名称和文字用半角双引号，各项之间用半角逗号") if rule == "SRC-004" else ""
    )
    return Document(place.file, problems=(Finding(message, rule=rule, location=place, hint=hint),))


def _too_deep() -> Message:
    return say("层次过深，超过 {limit} 层", limit=DEEPEST)


def _decoded(text: str) -> Any:
    """Return the data: at one look where nothing in them is odd, or else closely."""
    if "\\u" not in text and not _has_minus_zero(text):
        with suppress(ValueError, RecursionError, _RefusedError):
            data = json.loads(text, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_unique)
            if _is_plain(data):
                return data
    return _closely_decoded(text)


def _closely_decoded(text: str) -> Any:
    data = json.loads(
        text, parse_int=_integer, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_mapping
    )
    _demand_shallow(data)
    return data


def _has_minus_zero(text: str) -> bool:
    """Tell whether a number in the text may be -0, which is text here."""
    *befores, _ = text.split("-0")
    return any(before[-1:] in BEFORE_A_NUMBER for before in befores)


def _is_plain(data: Any) -> bool:
    """Tell whether data hold no truth value, no number that is too long, and nothing too deep."""
    level = [data]
    for _ in range(DEEPEST + 1):
        inner: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is bool or (kind is int and not -LARGEST <= value <= LARGEST):
                return False
            if kind is dict or kind is list:
                inner.extend(_held(value))
        if not inner:
            return True
        level = inner
    return False


def _integer(text: str) -> int | str:
    """Return a whole number as YAML reads one: not -0, and of 18 digits at most."""
    return int(text) if text != "-0" and len(text.removeprefix("-")) <= LONGEST_INTEGER else text


def _decimal(text: str) -> Decimal | str:
    """Return a decimal; what YAML would read as text, such as 1e3, is text here too."""
    return Decimal(text) if DECIMAL.fullmatch(text) and not re.fullmatch(r"-0\.0+", text) else text


def _no_number(text: str) -> NoReturn:
    raise _RefusedError("SRC-004", say("JSON 里不能有 {word}", word=text))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        seen = set[str]()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise _RefusedError("SRC-005", say("“{key}”写了两次", key=twice))
    return data


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {_readable(key): _plain(value) for key, value in _unique(pairs).items()}


def _plain(value: Any) -> Any:
    """Return a value as YAML has it: `true` and `false` are words."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return _readable(value) if isinstance(value, str) else value


def _readable(text: str) -> str:
    if found := SURROGATE.search(text):
        code = f"U+{ord(found.group()):04X}"
        raise _RefusedError("TXT-001", say("有不该有的换行或代理字符 {code}", code=code))
    return text


def _demand_shallow(data: Any) -> None:
    """Raise where values are held within one another too deep."""
    level, depth = [data], 0
    while level:
        if depth > DEEPEST:
            raise _RefusedError("SRC-004", _too_deep())
        level = [item for held in level for item in _held(held)]
        depth += 1


def _held(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()


class _OnOneLine(Mapping[str | int, Spot]):
    """The spots of what a value holds: all of them are its own, for all of it stands on one line."""

    def __init__(self, value: Any, line: int) -> None:
        self._held: Mapping[str | int, Any] = value if isinstance(value, dict) else dict(enumerate(_held(value)))
        self._line = line

    def __getitem__(self, key: str | int) -> Spot:
        return Spot(self._line, 1, _OnOneLine(self._held[key], self._line))

    def __iter__(self) -> Iterator[str | int]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)
