"""Checks of our own that Cerberus rules call by name, as `check_with: id`; each yields what is wrong with a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from keyword import iskeyword
from pathlib import PurePosixPath
from types import MappingProxyType

from baogao.definitions.wording import shown
from baogao.language import Message, say

__all__ = ["CHECKS", "EDITION", "NOT_IN_NAMES", "RESERVED", "is_file_name"]

RESERVED = frozenset(
    {
        # methods of a mapping, which a template would find in place of a row or column
        *("clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"),
        # names that templates, expressions and paths use themselves
        *("abs", "cells", "loop", "max", "min", "page", "previous", "report", "section", "sections", "shell", "sum"),
        "table",
    }
)
ID = re.compile(r"[a-z][a-z0-9_]*")
EDITION = re.compile(r"[a-z][a-z0-9_]*/[^/\s]+")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]|^[ .]|[ .]$')


def _id(value: object) -> Iterator[Message]:
    if not isinstance(value, str) or not ID.fullmatch(value):
        yield say("“{value}”不能作名称：用小写字母开头，只含小写字母、数字和下划线", value=shown(value))
    elif value in RESERVED or iskeyword(value):
        yield say("“{value}”是保留字，请换一个名称", value=value)


def _edition(value: object) -> Iterator[Message]:
    if not EDITION.fullmatch(str(value)):
        yield say("“{value}”应写成 种类/版本，如 disclosure/2021", value=shown(value))


def _pattern(value: object) -> Iterator[Message]:
    try:
        re.compile(str(value).replace("{n}", "(?P<n>0)"))
    except re.error as exc:
        yield say("不是正则表达式：{error}", error=str(exc))


def _rows(value: object) -> Iterator[Message]:
    if isinstance(value, str) and value != "list":
        yield say("应是各行的列表；行数不定的表写 list")


def _iso_date(value: object) -> Iterator[Message]:
    if value is None:
        return
    if not ISO_DATE.fullmatch(str(value)) or not _is_date(str(value)):
        yield say("“{value}”不是日期，应写成 2021-01-20 这样", value=shown(value))


def _distinct(value: object) -> Iterator[Message]:
    items = value if isinstance(value, list) else []
    for item in dict.fromkeys(item for item in items if isinstance(item, str) and items.count(item) > 1):
        yield say("“{value}”写了两次", value=shown(item))


def is_file_name(name: str) -> bool:
    """Tell whether a file may have this name on every system."""
    return bool(name) and NOT_IN_NAMES.search(name) is None


def _file_name(value: object) -> Iterator[Message]:
    if isinstance(value, str) and value and not is_file_name(value):
        yield say('名称里不能有 / \\ : * ? " < > | 或控制字符，首尾不能是空格或句点')


def _inside(value: object) -> Iterator[Message]:
    path = PurePosixPath(str(value).replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in str(value):
        yield say("“{value}”不在报告文件夹里；只写文件夹内的文件名", value=shown(value))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


CHECKS: Mapping[str, Callable[[object], Iterator[Message]]] = MappingProxyType(
    {
        "id": _id,
        "edition": _edition,
        "pattern": _pattern,
        "rows": _rows,
        "iso_date": _iso_date,
        "distinct": _distinct,
        "file_name": _file_name,
        "inside": _inside,
    }
)
