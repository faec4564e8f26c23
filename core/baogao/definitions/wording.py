"""What Cerberus means, in words for people who do not program."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from cerberus import errors

from baogao.language import Message, listed, near, say

__all__ = ["FULL_WIDTH_COLON", "WORDS", "shown", "unknown_key", "why"]

FULL_WIDTH_COLON = "："
LONGEST = 40
THOUSANDS = re.compile(r"[0-9]{3}(\.[0-9]+)?")

TYPE_NAMES: Mapping[str, Message] = {
    "integer": say("整数"),
    "decimal": say("数"),
    "string": say("文字"),
    "dict": say("一组“名称: 值”"),
    "list": say("一个列表"),
    "boolean": say("是或否"),
}


def why(error: Any) -> Message:
    """Return what one error means, without the name of what is wrong."""
    return WORDS.get(error.code, _otherwise)(error)


def unknown_key(key: str, known: tuple[str, ...]) -> Message:
    """Say that a key is not known, and what may have been meant."""
    if FULL_WIDTH_COLON in key:
        return say("“{key}”中的冒号是全角的“：”，应改为半角“:”，后面空一格", key=key)
    if THOUSANDS.fullmatch(key):
        return say("多出一个“{key}”，看来数字里有千位逗号；去掉逗号", key=key)
    bare = key.strip("“”‘’＂'\" \u3000")
    if bare != key and bare in known:
        return say("“{key}”不要加引号，写 {bare}", key=key, bare=bare)
    return say("不认识“{key}”{near}", key=key, near=near(bare, known))


def shown(value: object) -> str:
    """Return a value as a person typed it, cut to a line."""
    match value:
        case list():
            text = f"[{', '.join(map(_part, cast('list[object]', value)[:LONGEST]))}]"
        case dict():
            items = list(cast("dict[object, object]", value).items())
            text = "{" + ", ".join(f"{name}: {_part(item)}" for name, item in items[:LONGEST]) + "}"
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _part(value: object) -> str:
    return "…" if isinstance(value, list | dict) else str(value)[: LONGEST + 1]


def _bad_type(error: Any) -> Message:
    wanted = [error.constraint] if isinstance(error.constraint, str) else error.constraint
    kind = "decimal" if set(wanted) == {"integer", "decimal"} else wanted[0]
    first = TYPE_NAMES.get(kind, kind)
    if wanted[0] == "string" and isinstance(error.value, int | Decimal):
        return say('应为文字，写的是“{value}”；加上引号，写成 "{value}"', value=shown(error.value))
    return say("应为{wanted}，写的是“{value}”", wanted=first, value=shown(error.value))


def _beyond(limit: Message, error: Any) -> Message:
    return say("{limit}，写的是“{value}”", limit=limit, value=shown(error.value))


def _excluded(error: Any) -> Message:
    others = [error.constraint] if isinstance(error.constraint, str) else error.constraint
    return say("不能和 {others} 写在一起", others=listed(others))


def _unallowed(error: Any) -> Message:
    allowed = listed(map(str, error.constraint))
    return say("不能是“{value}”，只能是：{allowed}", value=shown(error.value), allowed=allowed)


def _otherwise(error: Any) -> Message:
    said = error.info[0] if error.info else None
    if isinstance(said, str):  # a check in Python, ours or a plugin's, has said it
        return said if isinstance(said, Message) else say("{said}", said=said)
    return say("“{value}”不合要求", value=shown(error.value))


WORDS: Mapping[int, Callable[[Any], Message]] = {
    errors.EMPTY_NOT_ALLOWED.code: lambda _: say("没有填"),
    errors.NOT_NULLABLE.code: lambda _: say("没有填"),
    errors.BAD_TYPE.code: _bad_type,
    errors.MIN_VALUE.code: lambda error: _beyond(say("不能小于 {limit}", limit=error.constraint), error),
    errors.MAX_VALUE.code: lambda error: _beyond(say("不能大于 {limit}", limit=error.constraint), error),
    errors.MAX_LENGTH.code: lambda error: say("太长，最多 {limit} 个字", limit=error.constraint),
    errors.MIN_LENGTH.code: lambda error: say("太短，至少 {limit} 个字", limit=error.constraint),
    errors.FORBIDDEN_VALUE.code: lambda error: say("不能只写“{value}”", value=shown(error.value)),
    errors.EXCLUDES_FIELD.code: _excluded,
    errors.UNALLOWED_VALUE.code: _unallowed,
}
