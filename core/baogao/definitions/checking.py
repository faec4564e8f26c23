"""Ask Cerberus whether data has the shape it should; no Cerberus object leaves this module."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar

import cerberus
from cerberus import errors
from cerberus.schema import SchemaRegistry

from baogao.definitions.checks import CHECKS
from baogao.definitions.gate import Gate, gate_of
from baogao.definitions.wording import WORDS, shown, unknown_key, why
from baogao.files.yaml import Document, read_yaml
from baogao.language import Message, say
from baogao.model.findings import Finding

__all__ = ["Fault", "Shape", "findings", "findings_each", "load_shape", "rule_faults", "shape_of"]

# Cerberus builds its class with a metaclass that no type checker follows.
_Cerberus: Any = cerberus.Validator


@dataclass(frozen=True, slots=True)
class Fault:
    """Where data does not fit its shape: the keys to it, and what to say; `why` leaves out the name.

    `said` tells that a check in Python gave the reason, and not one of Cerberus's own rules.
    """

    keys: tuple[str | int, ...]
    message: Message
    why: Message
    said: bool = False


@dataclass(frozen=True)
class Shape:
    """A Cerberus schema with its named parts; Cerberus reads it once, however much data is held against it."""

    schema: Mapping[str, Any]
    definitions: Mapping[str, Any]

    def faults(self, data: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Return everything in which the data does not fit."""
        if self.plainly_fits(data):
            return ()
        validator = self._validator(self._known_schema)
        validator.validate(data, normalize=False)
        return tuple(self._faults(validator._errors))  # noqa: SLF001  # the only list that carries codes

    @cached_property
    def plainly_fits(self) -> Gate:
        """Return what tells of data that they fit without asking Cerberus, where that is plain."""
        return gate_of({"schema": self.schema}, self.definitions)

    def _validator(self, schema: Any) -> Any:
        return _Validator(schema, schema_registry=self._registry, allow_unknown=False)

    @cached_property
    def _registry(self) -> Any:
        return SchemaRegistry(dict(self.definitions))

    @cached_property
    def _known_schema(self) -> Any:
        """Return the schema as Cerberus keeps it once it has judged it."""
        return self._validator(dict(self.schema)).schema

    def _faults(self, found: Any) -> Iterator[Fault]:
        for error in found:
            # `oneof` that more than one alternative fits, and `noneof`, fail without an error within.
            if error.is_group_error and error.child_errors:
                yield from self._faults(error.child_errors)
            else:
                said = error.code == errors.CUSTOM.code
                yield Fault(tuple(error.document_path), self._message(error), why(error), said)

    def _message(self, error: Any) -> Message:
        name = _name_of(tuple(error.document_path))
        if error.code == errors.UNKNOWN_FIELD.code:
            return unknown_key(str(error.document_path[-1]), tuple(self._keys_at(error.document_path[:-1])))
        if error.code == errors.REQUIRED_FIELD.code:
            return say("缺少“{name}”", name=name)
        joined = say("“{name}”{why}", name=name, why=why(error))
        return joined if error.code in WORDS else say("“{name}”：{why}", name=name, why=why(error))

    def _keys_at(self, keys: tuple[str | int, ...]) -> Mapping[str, Any]:
        """Return the keys the shape knows at a place."""
        here: Any = self.schema
        for key in (key for key in keys if isinstance(key, str)):
            rules = here.get("valuesrules", {}) if "valuesrules" in here else here
            if key in here:
                rules = here[key]
            here = self._inside(rules)
        return here

    def _inside(self, rules: Mapping[str, Any]) -> Mapping[str, Any]:
        if "valuesrules" in rules:
            return rules
        inner = rules.get("schema", {})
        inner = self.definitions.get(inner, {}) if isinstance(inner, str) else inner
        is_list = "list" in rules.get("type", "")
        return self._inside(inner) if is_list and "type" in inner else inner


def _name_of(keys: tuple[str | int, ...]) -> str:
    """Return the keys to a value as people say them: `rows` 第 2 项的 `label`."""
    at = next((place for place, key in enumerate(keys) if isinstance(key, int)), None)
    if at is None:
        return ".".join(map(str, keys))
    of = {"list": ".".join(map(str, keys[:at])), "number": int(keys[at]) + 1}
    if rest := keys[at + 1 :]:
        return say("{list} 第 {number} 项的 {rest}", **of, rest=_name_of(rest))
    return say("{list} 第 {number} 项", **of)


UNFORESEEN = (AttributeError, KeyError, TypeError, ValueError)
"""What Cerberus raises over rules that are nothing it knows of."""


@cache
def load_shape(name: str) -> Shape:
    """Return one of the engine's own shapes: `report`, `form`, `section`, `rules`."""
    return shape_of(read_yaml(Path(__file__).with_name("shapes") / f"{name}.yaml", f"{name}.yaml").data)


def shape_of(data: Mapping[str, Any]) -> Shape:
    """Return the shape a YAML file describes; `true`, `false` are text there, as everywhere."""
    plain: Any = _plain(data)
    return Shape(plain["schema"], plain.get("definitions") or {})


def _plain(value: Any, key: str = "") -> Any:
    """Turn the words true and false into what Cerberus expects, except where they are values to allow."""
    if isinstance(value, Mapping):
        holds_names = key == "definitions" or (key == "schema" and "type" not in value)
        return {name: _plain(item, str(name)) for name, item in value.items() if name != "meta" or holds_names}
    if isinstance(value, list):
        return [_plain(item, key) for item in value]
    return value == "true" if value in ("true", "false") and key != "allowed" else value


def rule_faults(rules: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Message]]:
    """Yield what is wrong with Cerberus rules themselves, with the keys to it."""
    try:
        _Validator({"value": _plain(dict(rules))})
    except cerberus.SchemaError as exc:
        yield from (
            (keys, say("Cerberus 规则有误：{problem}", problem=problem)) for keys, problem in _flat(exc.args[0])
        )
    except UNFORESEEN:
        for name, given in rules.items():
            with contextlib.suppress(cerberus.SchemaError):
                yield from _unforeseen(name, given)
    for bound in ("min", "max"):
        if bound in rules and not isinstance(rules[bound], int | Decimal):
            yield (bound,), say("Cerberus 规则有误：{problem}", problem=f"{bound}: {shown(rules[bound])}")
    pattern = rules.get("regex")
    if isinstance(pattern, str):
        try:
            re.compile(pattern)
        except re.error as exc:
            yield ("regex",), say("Cerberus 规则有误：{problem}", problem=f"regex: {exc}")


def _unforeseen(name: str, given: Any) -> Iterator[tuple[tuple[str, ...], Message]]:
    """Yield that Cerberus itself falls over one of its rules, such as `type: null`."""
    try:
        _Validator({"value": {name: _plain(given)}})
    except UNFORESEEN:
        yield (name,), say("Cerberus 规则有误：{problem}", problem=f"{name}: {shown(given)}")


def _flat(errors_: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield Cerberus's own words on a schema, each with its keys below the value."""
    if isinstance(errors_, Mapping):
        for key, inner in errors_.items():
            yield from _flat(inner, (*keys, str(key)))
    elif isinstance(errors_, list):
        for inner in errors_:
            yield from _flat(inner, keys)
    else:
        yield keys[1:], ": ".join((*keys[1:], str(errors_)))


def findings(faults: tuple[Fault, ...], document: Document, rule: str) -> tuple[Finding, ...]:
    """Return the faults as findings at their places in a file."""
    return tuple(finding for _, finding in findings_each(faults, document, rule))


def findings_each(faults: tuple[Fault, ...], document: Document, rule: str) -> list[tuple[Fault, Finding]]:
    """Return each fault with its finding, in the order of the file."""
    found = [(fault, Finding(fault.message, rule=rule, location=document.locate(*fault.keys))) for fault in faults]
    return sorted(found, key=lambda pair: _line_of(pair[1]))


def _line_of(finding: Finding) -> tuple[int, int]:
    place = finding.location
    return (place.line or 0, place.column or 0) if place else (0, 0)


def _checker(name: str) -> Callable[[Any, str, object], None]:
    """Return a check of ours as a method that Cerberus calls."""

    def check(validator: Any, field: str, value: object) -> None:
        for message in CHECKS[name](value):
            validator._error(field, message)  # noqa: SLF001  # what a method of a validator calls

    return check


class _Validator(_Cerberus):
    """Cerberus with decimals, and with checks of our own."""

    types_mapping: ClassVar[dict[str, Any]] = {
        **_Cerberus.types_mapping,
        "decimal": cerberus.TypeDefinition("decimal", (Decimal, int), (bool,)),
    }

    def _validate_meta(self, _constraint: object, _field: str, _value: object) -> None:
        """Take notes for people, which restrict nothing.

        The rule's arguments are validated against this schema:
        {}
        """

    def _validate_places(self, places: int, field: str, value: object) -> None:
        """Refuse more decimals than the cell takes.

        The rule's arguments are validated against this schema:
        {'type': 'integer'}
        """
        exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
        if isinstance(exponent, int) and -exponent > places:
            self._error(field, say("最多 {places} 位小数", places=places))

    _check_with_id = _checker("id")
    _check_with_edition = _checker("edition")
    _check_with_pattern = _checker("pattern")
    _check_with_rows = _checker("rows")
    _check_with_iso_date = _checker("iso_date")
    _check_with_distinct = _checker("distinct")
    _check_with_file_name = _checker("file_name")
    _check_with_inside = _checker("inside")
