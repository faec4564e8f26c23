"""Plain values: what a plugin hands over is copied once, so that nothing of its own making is asked later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from types import NoneType
from typing import Any, cast

from baogao.language import Message, listed, say
from baogao.model.findings import Finding, Location, Severity, State

__all__ = [
    "one_line",
    "plain_data",
    "plain_finding",
    "plain_findings",
    "plain_location",
    "plain_names",
    "plain_rules",
    "plain_text",
    "wrong_fields",
]

LONGEST = 10_000
"""Characters; what a plugin says beyond that is cut."""
LARGEST = 5_000_000
"""Characters of a narrative, and values of a table: more is no report."""
MOST_DIGITS = 1000
MOST = 10_000
"""Findings; the rest of very many is not heard."""

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys, or cannot show, instead of showing it."""
SPACES = "\t\n\r"
ATOMS = frozenset({NoneType, bool, date, datetime, time})
"""Values that are what they seem to be."""
NUMBERS: Mapping[type, Callable[[Any], Any]] = {int: int.__int__, Decimal: Decimal, float: float.__float__}

FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "message": str,
    "path": str,
    "rule": str,
    "severity": Severity,
    "state": State,
    "cells": tuple,
    "expected": (str, NoneType),
    "actual": (str, NoneType),
    "quote": str,
    "basis": str,
    "hint": str,
    "location": (Location, NoneType),
    "waived": NoneType,
}
"""What the fields of a finding must be: plugins are not type-checked, and none waives its own findings."""


def plain_text(text: str, longest: int = LONGEST) -> str:
    """Return the text itself, without what a subclass makes of it; signs that a terminal obeys are shown as such."""
    return one_line(text, longest) if type(text) is Message else _shown(text, SPACES, longest)


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return a text as one line; a message keeps its template."""
    if type(text) is not Message:
        return _shown(text, "", longest)
    values = {name: _said(value) for name, value in text.values.items()}
    template = _shown(text.template, "", longest)
    if len(text) > longest:
        return _shown(str(text), "", longest)
    if template == text.template and all(values[name] is text.values[name] for name in values):
        return text
    return Message(template, values)


def _said(value: Any) -> Any:
    """Return a value within a message: words as one line, numbers as they are, anything else as its words."""
    if isinstance(value, str):
        return one_line(value)
    return value if type(value) in (int, float, Decimal, bool, NoneType) else one_line(str(value))


def _shown(text: str, kept: str, longest: int) -> str:
    plain = text if type(text) is str else str.__str__(text)
    if len(plain) > longest:
        plain = f"{plain[:longest]}……"
    if CONTROLS.search(plain) is None:
        return plain
    return CONTROLS.sub(lambda found: found[0] if found[0] in kept else _sign(ord(found[0])), plain)


def _sign(code: int) -> str:
    """Return the picture of a control character, or its number."""
    if code == 0x7F:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else f"<U+{code:04X}>"


def plain_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return names as plain texts of one line."""
    return tuple(one_line(name) for name in names)


def plain_location(place: Location | None) -> Location | None:
    """Return a place in plain words and numbers."""
    return place and Location(one_line(str.__str__(place.file)), _number(place.line), _number(place.column))


def _number(number: int | None) -> int | None:
    return None if number is None else int.__int__(number)


def wrong_fields(finding: Finding) -> list[str]:
    """Return the names of the fields that are not what they must be."""
    wrong = [name for name, kinds in FIELDS.items() if not isinstance(getattr(finding, name), kinds)]
    if "cells" not in wrong and not all(isinstance(cast("Any", cell), str) for cell in finding.cells):
        wrong.append("cells")
    if "location" not in wrong and finding.location and not _is_place(finding.location):
        wrong.append("location")
    return wrong


def _is_place(place: Any) -> bool:
    return isinstance(place.file, str) and all(isinstance(part, int | None) for part in (place.line, place.column))


def plain_finding(finding: Finding, rule: str = "") -> Finding:
    """Return a finding without wrong fields in plain values, under the id of a rule or its own."""
    expected, actual = finding.expected, finding.actual
    return Finding(
        one_line(finding.message),
        one_line(finding.path),
        rule or one_line(finding.rule),
        finding.severity,
        finding.state,
        plain_names(finding.cells),
        None if expected is None else plain_text(expected),
        None if actual is None else plain_text(actual),
        plain_text(finding.quote),
        one_line(finding.basis),
        one_line(finding.hint),
        plain_location(finding.location),
    )


def plain_findings(findings: Iterable[Any]) -> Iterator[Finding]:
    """Yield findings in plain values; raise TypeError at the first that is none, or is not well made."""
    for finding in islice(findings, MOST):
        if not isinstance(finding, Finding):
            raise TypeError(say("给出的不是 Finding：{value}", value=type(finding).__name__))
        wrong = wrong_fields(finding)
        if wrong:
            raise TypeError(say("Finding 的 {names} 不是应有的类型", names=listed(wrong)))
        yield plain_finding(finding)


def plain_data(value: Any) -> Any:
    """Return data as plain mappings, lists, words and numbers; raise TypeError or ValueError for anything else."""
    return _Copier().copied(value)


def plain_rules(rules: Any) -> Any:
    """Return Cerberus rules with their words plain; functions and what else there is stay as they are."""
    if isinstance(rules, Mapping):
        return {plain_rules(name): plain_rules(item) for name, item in cast("Mapping[Any, Any]", rules).items()}
    if isinstance(rules, list | tuple):
        kept = [plain_rules(item) for item in cast("list[Any]", rules)]
        return kept if isinstance(rules, list) else tuple(kept)
    return plain_text(rules) if isinstance(rules, str) else rules


class _Copier:
    """Copy data, and count: what has no end must not fill the memory."""

    def __init__(self) -> None:
        self.count = 0

    def copied(self, value: Any) -> Any:
        self.count += 1
        if self.count > LARGEST:
            raise ValueError(say("{count} 样以上，没有尽头", count=LARGEST))
        if type(value) in ATOMS:
            return value
        if isinstance(value, Mapping):
            return dict(self._entries(cast("Mapping[Any, Any]", value)))
        if isinstance(value, list | tuple):
            return [self.copied(item) for item in cast("list[Any]", value)]
        return _atom(value)

    def _entries(self, value: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
        for name in value:
            yield _atom(name), self.copied(value[name])


def _atom(value: Any) -> Any:
    """Return one word or number, of a subclass the plain one."""
    if type(value) in ATOMS:
        return value
    if isinstance(value, str):
        return value if type(value) is str and len(value) <= LARGEST else str.__str__(value)[:LARGEST]
    for kind, plain in NUMBERS.items():
        if isinstance(value, kind):
            return _in_bounds(plain(value))
    raise TypeError(say("只能是文字、数字、映射和列表，不能是 {type}", type=type(value).__name__))


def _in_bounds(number: Any) -> Any:
    """Return a number that can be written; raise ValueError for one that has no end, or is none."""
    huge = abs(number) >= 10**MOST_DIGITS if isinstance(number, int) else not _is_finite(number)
    if huge:
        raise ValueError(say("数字太大，或不是数"))
    return number


def _is_finite(number: Decimal | float) -> bool:
    exact = Decimal(number)
    return exact.is_finite() and abs(exact.adjusted()) < MOST_DIGITS
