"""Findings on characters that no document can carry, and on those that nobody sees in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.files.characters import INVISIBLE, UNPRINTABLE
from baogao.language import say
from baogao.model.findings import Finding, Location, Severity

__all__ = ["DOUBTFUL", "REPLACED", "clean", "doubtful", "unprintable"]

DOUBTFUL = re.compile(f"[{INVISIBLE}\ufffc\ufffd\ue000-\uf8ff]")
REPLACED = "\ufffd"
"""What a draft shows in place of such a character."""


def clean(text: str) -> str:
    """Return the text with every unprintable character shown as such; a finding names each."""
    return UNPRINTABLE.sub(REPLACED, text)


def unprintable(text: str, path: str, first: Location | None) -> Iterator[Finding]:
    """Yield a finding for each unprintable character; `first` is where the text begins."""
    for found in UNPRINTABLE.finditer(text):
        code = f"U+{ord(found.group()):04X}"
        position = found.start() + 1
        message = say("第 {position} 个字符是文档不能保存的控制字符 {code}", position=position, code=code)
        yield Finding(message, path, "TXT-001", location=_shifted(first, text, found.start()))


def doubtful(text: str, path: str, first: Location | None) -> Iterator[Finding]:
    """Yield a finding for each character that is not seen, or that another machine may not show."""
    for found in DOUBTFUL.finditer(text):
        code = f"U+{ord(found.group()):04X}"
        message = say("有看不见或别处可能显示不出的字符 {code}，多半是粘贴带来的", code=code)
        place = _shifted(first, text, found.start())
        yield Finding(message, path, "TXT-002", Severity.WARNING, quote=found.group(), location=place)


def _shifted(first: Location | None, text: str, offset: int) -> Location | None:
    if first is None or first.line is None:
        return first
    lines = text.count("\n", 0, offset)
    column = offset - text.rfind("\n", 0, offset) - 1 + (0 if lines else (first.column or 1) - 1)
    return Location(first.file, first.line + lines, column + 1)
