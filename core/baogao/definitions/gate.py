"""A look at data before Cerberus: where they are plainly what their rules ask for, Cerberus need not be asked.

Only the commonest rules are judged, and only to let pass; all else is left to Cerberus, which has the only say in
what is wrong and why. Rules are read once, into a function for all the data that are held against them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from baogao.definitions.checks import CHECKS

__all__ = ["Gate", "gate_of"]

Rules = Mapping[str, Any]
Gate = Callable[[Any], bool]
Named = Mapping[str, Rules]

INNER = frozenset(("schema", "allow_unknown", "keysrules", "valuesrules"))
"""Rules on what a list or a mapping holds: they say nothing of a number or a text."""

OF_ANY = INNER | {"type", "nullable", "required", "meta", "check_with"}
OF_NUMBERS = OF_ANY | {"min", "max", "places", "allowed", "forbidden", "empty"}
OF_TEXTS = OF_ANY | {"minlength", "maxlength", "regex", "empty", "allowed", "forbidden"}
OF_LISTS = (OF_ANY - {"keysrules", "valuesrules", "allow_unknown"}) | {"minlength", "maxlength", "empty"}
OF_MAPPINGS = OF_ANY | {"empty"}
KNOWN = OF_NUMBERS | OF_TEXTS

KINDS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"integer": (int,), "decimal": (int, Decimal), "string": (str,), "list": (list,), "dict": (dict,)}
)


def gate_of(rules: Rules, named: Named = MappingProxyType({})) -> Gate:
    """Return what tells whether a value is plainly what its rules allow; where not, only Cerberus knows.

    `named` are the schemas that rules name instead of holding them.
    """
    check = rules.get("check_with")
    if not rules.keys() <= KNOWN or (check is not None and not (isinstance(check, str) and check in CHECKS)):
        return _shut
    gates, nullable = _by_kind(rules, named), rules.get("nullable") is True

    def fits(value: Any) -> bool:
        if value is None:
            return nullable
        gate = gates.get(type(value))
        return gate is not None and gate(value)

    return fits if check is None else lambda value: not any(CHECKS[check](value)) and fits(value)


def _shut(_value: Any) -> bool:
    """Leave everything to Cerberus."""
    return False


def _by_kind(rules: Rules, named: Named) -> Mapping[type, Gate]:
    """Return the gate for each kind of value that the rules allow and say nothing odd of."""
    made: dict[type, Gate] = {}
    for kind in _kinds(rules["type"]) if "type" in rules else MAKERS:
        judged, make = MAKERS[kind]
        if rules.keys() <= judged:
            made[kind] = make(rules, named)
    return made


def _kinds(kind: Any) -> tuple[type, ...]:
    if isinstance(kind, str):
        return KINDS.get(kind, ())
    return tuple(found for one in kind for found in KINDS.get(one, ())) if isinstance(kind, list) else ()


def _whole_gate(rules: Rules, _named: Named) -> Gate:
    lowest, highest = rules.get("min"), rules.get("max")
    chosen = _choice_gate(rules)
    return lambda value: (lowest is None or value >= lowest) and (highest is None or value <= highest) and chosen(value)


def _choice_gate(rules: Rules) -> Gate:
    """Return what tells whether a number or a text is among those allowed, and not among those forbidden."""
    allowed, forbidden = rules.get("allowed"), rules.get("forbidden", [])
    if not isinstance(forbidden, list) or not isinstance(allowed, list | None):
        return _shut
    return lambda value: (allowed is None or value in allowed) and value not in forbidden


def _decimal_gate(rules: Rules, named: Named) -> Gate:
    within, places = _whole_gate(rules, named), rules.get("places")
    return within if places is None else lambda value: within(value) and -value.as_tuple().exponent <= places


def _text_gate(rules: Rules, _named: Named) -> Gate:
    pattern = rules.get("regex", "")
    if not _is_pattern(pattern):
        return _shut
    has_length, chosen = _length_gate(rules), _choice_gate(rules)
    matches = re.compile(pattern if pattern.endswith("$") else f"{pattern}$").match if "regex" in rules else None
    return lambda value: has_length(value) and chosen(value) and (matches is None or bool(matches(value)))


def _is_pattern(words: Any) -> bool:
    try:
        re.compile(words)
    except (re.error, TypeError):
        return False
    return isinstance(words, str)


def _length_gate(rules: Rules) -> Gate:
    """Return what tells whether a text or a list is neither too short nor too long."""
    shortest, longest = rules.get("minlength", 0), rules.get("maxlength", sys.maxsize)
    if type(shortest) is not int or type(longest) is not int:
        return _shut
    shortest = max(shortest, "empty" in rules)
    return lambda value: shortest <= len(value) <= longest


def _list_gate(rules: Rules, named: Named) -> Gate:
    has_length, inner = _length_gate(rules), rules.get("schema")
    if not isinstance(inner, Mapping):
        return has_length if inner is None else _shut
    fits = gate_of(inner, named)
    return lambda value: has_length(value) and all(map(fits, value))


def _mapping_gate(rules: Rules, named: Named) -> Gate:
    may_be_empty = "empty" not in rules
    fields = _fields_gate(rules, named) if "schema" in rules else None
    keys = gate_of(rules["keysrules"], named) if "keysrules" in rules else None
    values = gate_of(rules["valuesrules"], named) if "valuesrules" in rules else None
    return lambda value: (
        (may_be_empty or bool(value))
        and (fields is None or fields(value))
        and (keys is None or all(map(keys, value)))
        and (values is None or all(map(values, value.values())))
    )


def _fields_gate(rules: Rules, named: Named) -> Gate:
    """Return what tells whether every field fits that the schema knows, none is lacking, and none is unknown."""
    schema = rules["schema"]
    own = named.get(schema) if isinstance(schema, str) else schema
    if not isinstance(own, Mapping) or not all(isinstance(rule, Mapping) for rule in own.values()):
        return _shut
    required = [name for name, rule in own.items() if rule.get("required")]
    others = rules.get("allow_unknown") is True
    gates: dict[str, Gate] = {}  # made when first needed: a named schema may hold itself

    def fits(value: Any) -> bool:
        if not gates:
            gates.update((name, gate_of(rule, named)) for name, rule in own.items())
        for name, item in value.items():
            gate = gates.get(name)
            if not (others if gate is None else gate(item)):
                return False
        return all(name in value for name in required)

    return fits


MAKERS: Mapping[type, tuple[frozenset[str], Callable[[Rules, Named], Gate]]] = MappingProxyType(
    {
        int: (OF_NUMBERS, _whole_gate),
        Decimal: (OF_NUMBERS, _decimal_gate),
        str: (OF_TEXTS, _text_gate),
        list: (OF_LISTS, _list_gate),
        dict: (OF_MAPPINGS, _mapping_gate),
    }
)
"""For each kind of value, the rules whose meaning for it is known here, and what reads them."""
