"""Read a line of JSON as YAML would be read: whole numbers, decimals, texts and blanks, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from baogao.files.text import without_mark
from baogao.files.yaml import DECIMAL, DEEPEST, INTEGER, Document, Spot
from baogao.language import Message, say
from baogao.model.findings import Finding, Location

__all__ = ["parse_json"]

SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(content: bytes, file: str, line: int) -> Document:
    """Return the document in one line of a file; everything in it has the line's place."""
    content, problems = without_mark(content, file, line)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _refused("SRC-003", say("第 {line} 行不是 UTF-8 编码", line=line), Location(file, line, 1))
    try:
        data = _decoded(text)
        return Document(file, data, _spot(data, line, 0), problems)
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
    return json.loads(
        text, parse_int=_integer, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_mapping
    )


def _integer(text: str) -> int | str:
    return int(text) if INTEGER.fullmatch(text) else text


def _decimal(text: str) -> Decimal | str:
    """Return a decimal; what YAML would read as text, such as 1e3, is text here too."""
    return Decimal(text) if DECIMAL.fullmatch(text) and not re.fullmatch(r"-0\.0+", text) else text


def _no_number(text: str) -> NoReturn:
    raise _RefusedError("SRC-004", say("JSON 里不能有 {word}", word=text))


def _mapping(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise _RefusedError("SRC-005", say("“{key}”写了两次", key=key))
        data[_readable(key)] = _plain(value)
    return data


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


def _spot(value: Any, line: int, depth: int) -> Spot:
    if depth > DEEPEST:
        raise _RefusedError("SRC-004", _too_deep())
    if isinstance(value, Mapping):
        return Spot(line, 1, {key: _spot(item, line, depth + 1) for key, item in value.items()})
    if isinstance(value, list):
        return Spot(line, 1, {number: _spot(item, line, depth + 1) for number, item in enumerate(value)})
    return Spot(line, 1)
