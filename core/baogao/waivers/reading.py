"""Read waivers.yaml: an entry that is wrong is a finding with its place, and the others still count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from baogao.definitions.checking import Shape, findings, load_shape
from baogao.files.yaml import Document, read_yaml
from baogao.language import say
from baogao.model.cells import printed
from baogao.model.findings import Finding, Severity, Waiver
from baogao.narrative.characters import unprintable

__all__ = ["WAIVERS_FILE", "Entry", "Waivers", "read_waivers", "waivers_in"]

WAIVERS_FILE = "waivers.yaml"
DATES = ("date", "until")


@dataclass(frozen=True, slots=True)
class Entry:
    """A waiver with its part of the document."""

    waiver: Waiver
    document: Document

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what a finding must equal: rule, path and quote."""
        return self.waiver.rule, self.waiver.path, self.waiver.quote


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a report, and what is wrong with their file; `readable` is whether it is a list at all."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Finding, ...] = ()
    readable: bool = True


def read_waivers(folder: Path) -> Waivers:
    """Return the waivers in a report folder; without a file there are none."""
    path = folder / WAIVERS_FILE
    if not path.exists() and not path.is_symlink():
        return Waivers()
    return waivers_in(read_yaml(path, WAIVERS_FILE))


def waivers_in(document: Document) -> Waivers:
    """Return the waivers that a document lists."""
    problems = tuple(map(_as_ours, document.problems))
    if document.broken or document.data is None:
        return Waivers(problems=problems, readable=not document.broken)
    if not isinstance(document.data, list):
        message = say("waivers.yaml 应是一个列表：每条情况说明以“- ”开头")
        wrong = Finding(message, rule="WVR-001", location=document.locate())
        return Waivers(problems=(*problems, wrong), readable=False)
    return _entries(document, problems)


def _as_ours(problem: Finding) -> Finding:
    """Report what makes the file unreadable as a waiver's; a note about it stays what it is."""
    return replace(problem, rule="WVR-001") if problem.severity is Severity.ERROR else problem


def _entries(document: Document, problems: tuple[Finding, ...]) -> Waivers:
    shape = load_shape("waivers")
    entries: list[Entry] = []
    found = [*problems]
    for number in range(len(document.data)):
        part = document.at(number)
        wrong = tuple(_faults(part, shape))
        found.extend(wrong)
        entries.extend([] if wrong else [Entry(_waiver(part.data), part)])
    return Waivers(tuple(entries), tuple(found))


def _faults(part: Document, shape: Shape) -> Iterator[Finding]:
    if not isinstance(part.data, Mapping):
        message = say("一条情况说明应是一组“名称: 值”：rule、path、reason、author、approver、date 等")
        yield Finding(message, rule="WVR-001", location=part.locate())
        return
    faults = shape.faults(part.data)
    dates = tuple(fault for fault in faults if fault.keys[0] in DATES and part.data.get(fault.keys[0]) is not None)
    yield from findings(tuple(fault for fault in faults if fault not in dates), part, "WVR-001")
    yield from findings(dates, part, "WVR-005")
    for key, value in part.data.items():
        if isinstance(value, str):
            yield from unprintable(value, "", part.locate(key))


def _waiver(data: Mapping[str, Any]) -> Waiver:
    until = data.get("until")
    return Waiver(
        rule=data["rule"],
        path=data["path"] or "",
        reason=data["reason"].strip(),
        author=data["author"].strip(),
        approver=data["approver"].strip(),
        date=date.fromisoformat(str(data["date"])),
        until=date.fromisoformat(str(until)) if until else None,
        quote=data.get("quote") or "",
        actual=printed(data["actual"]) if data.get("actual") is not None else None,
        values={path: printed(value) for path, value in (data.get("values") or {}).items()},
    )
