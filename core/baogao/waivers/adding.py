"""Add a waiver to waivers.yaml: one entry more, and every other byte as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from baogao.files.yaml import Document, parse_yaml, quoted
from baogao.model.findings import Waiver
from baogao.waivers.reading import WAIVERS_FILE

__all__ = ["add_waiver", "entry_text"]

PLAIN = re.compile(r"[A-Za-z]\w*[.-][\w.-]+", re.ASCII)


def add_waiver(content: bytes, waiver: Waiver) -> bytes | None:
    """Return the file's bytes with the waiver, or None where it is written so that nothing can be added.

    Whatever was tried, the result is read again: it must say what the file said, and the waiver.
    """
    text = content.decode("utf-8")
    before = _read(text)
    entry = _read("\n".join(entry_text(waiver))).data[0]
    wanted = [*(before.data or []), entry]
    fitting = (new for new in _candidates(text, waiver) if _says(new, wanted))
    return next((new.encode("utf-8") for new in fitting), None)


def _read(text: str) -> Document:
    return parse_yaml(text.removeprefix("\ufeff").replace("\r\n", "\n"), WAIVERS_FILE)


def _says(text: str, wanted: list[Any]) -> bool:
    document = _read(text)
    return not document.broken and document.data == wanted


def _candidates(text: str, waiver: Waiver) -> Iterator[str]:
    """Yield the text with the waiver at its end, as a list of lines; or inside the brackets of a list in one line."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    start, end = _list_of(text)
    if end is None:
        lines = (" " * start + line for line in entry_text(waiver))
        joint = "" if not text or text.endswith("\n") else line_end
        yield text + joint + line_end.join(lines) + (line_end if not joint else "")
    else:
        flow = _flow(waiver)
        yield from (text[:end] + joint + flow + text[end:] for joint in (", ", ""))


def _list_of(text: str) -> tuple[int, int | None]:
    """Return how far the file's list is indented, and where the closing bracket of one in brackets stands."""
    depth = 0
    # The pure Python parser counts characters, whatever they are.
    events: Any = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        mark: Any = event.start_mark
        if isinstance(event, yaml.SequenceStartEvent):
            if not depth and not event.flow_style:
                return mark.column, None
            depth += 1
        elif isinstance(event, yaml.SequenceEndEvent):
            depth -= 1
            if not depth:
                return 0, mark.index
    return 0, None


def entry_text(waiver: Waiver) -> Iterator[str]:
    """Yield the lines of an entry."""
    (first, value), *rest = _fields(waiver)
    yield f"- {first}: {value}"
    for name, value in rest:
        yield f"  {name}:" if isinstance(value, dict) else f"  {name}: {value}"
        if isinstance(value, dict):
            yield from (f"    {path}: {text}" for path, text in value.items())


def _flow(waiver: Waiver) -> str:
    return "{" + ", ".join(f"{name}: {_in_line(value)}" for name, value in _fields(waiver)) + "}"


def _in_line(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    return "{" + ", ".join(f"{path}: {text}" for path, text in value.items()) + "}"


def _fields(waiver: Waiver) -> Iterator[tuple[str, str | dict[str, str]]]:
    """Yield the fields of an entry as YAML; what is not needed is left out."""
    yield "rule", _quoted(waiver.rule)
    yield "path", _quoted(waiver.path)
    if waiver.quote:
        yield "quote", _quoted(waiver.quote)
    if waiver.values:
        yield "values", {_quoted(path): _quoted(value) for path, value in waiver.values.items()}
    if waiver.actual is not None:
        yield "actual", _quoted(waiver.actual)
    yield "reason", _quoted(waiver.reason)
    yield "author", _quoted(waiver.author)
    yield "approver", _quoted(waiver.approver)
    yield "date", waiver.date.isoformat()
    if waiver.until:
        yield "until", waiver.until.isoformat()


def _quoted(text: str) -> str:
    """Return a text as YAML that reads as just this text; a path or the id of a rule needs no quotes."""
    return text if PLAIN.fullmatch(text) else quoted(text)
