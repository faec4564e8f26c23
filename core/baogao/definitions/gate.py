"""A look at data before Cerberus: where they are plainly what their rules ask for, Cerberus need not be asked.

Only the commonest rules are judged, and only to let pass; all else is left to Cerberus, which has the only say in
what is wrong and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from baogao.definitions.checks import CHECKS

__all__ = ["plainly_fits"]

Rules = Mapping[str, Any]

KNOWN = frozenset(
    (
        *("type", "min", "max", "maxlength", "empty", "allowed", "nullable", "required", "meta", "check_with"),
        *("schema", "allow_unknown", "keysrules", "valuesrules"),
    )
)
KINDS: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "decimal": (int, Decimal),
    "string": (str,),
    "list": (list,),
    "dict": (dict,),
}


def plainly_fits(rules: Rules, value: Any, named: Mapping[str, Rules] = {}) -> bool:
    """Tell whether a value is plainly what its rules allow; where not, only Cerberus knows.

    `named` are the schemas that rules name instead of holding them.
    """
    if not rules.keys() <= KNOWN or ("check_with" in rules and not _is_checked(rules["check_with"], value)):
        return False
    if value is None:
        return rules.get("nullable") is True
    if "type" in rules and type(value) not in _kinds(rules["type"]):
        return False
    if isinstance(value, dict):
        return _is_mapping(rules, value, named)
    if isinstance(value, list):
        return _is_list(rules, value, named)
    return _is_text(rules, value) if isinstance(value, str) else _is_number(rules, value)


def _is_checked(check: Any, value: Any) -> bool:
    return isinstance(check, str) and check in CHECKS and not any(CHECKS[check](value))


def _kinds(kind: Any) -> tuple[type, ...]:
    if isinstance(kind, str):
        return KINDS.get(kind, ())
    return tuple(found for one in kind for found in KINDS.get(one, ())) if isinstance(kind, list) else ()


def _is_number(rules: Rules, value: Any) -> bool:
    lowest, highest = rules.get("min"), rules.get("max")
    within = (lowest is None or value >= lowest) and (highest is None or value <= highest)
    return within and _is_allowed(rules, value) and "maxlength" not in rules


def _is_text(rules: Rules, value: str) -> bool:
    if not value and "empty" in rules:
        return False
    return _is_allowed(rules, value) and _is_short(rules, value) and "min" not in rules and "max" not in rules


def _is_allowed(rules: Rules, value: Any) -> bool:
    allowed = rules.get("allowed")
    return allowed is None or (isinstance(allowed, list) and value in allowed)


def _is_short(rules: Rules, value: Any) -> bool:
    longest = rules.get("maxlength")
    return longest is None or (type(longest) is int and len(value) <= longest)


def _is_list(rules: Rules, value: list[Any], named: Mapping[str, Rules]) -> bool:
    if (not value and "empty" in rules) or rules.keys() & {"allowed", "min", "max"} or not _is_short(rules, value):
        return False
    inner = rules.get("schema", {})
    return isinstance(inner, Mapping) and all(plainly_fits(inner, item, named) for item in value)


def _is_mapping(rules: Rules, value: dict[Any, Any], named: Mapping[str, Rules]) -> bool:
    if (not value and "empty" in rules) or rules.keys() & {"allowed", "min", "max", "maxlength"}:
        return False
    if "schema" in rules and not _holds_fields(rules, value, named):
        return False
    if "keysrules" in rules and not all(plainly_fits(rules["keysrules"], key, named) for key in value):
        return False
    values = rules.get("valuesrules")
    return values is None or all(plainly_fits(values, item, named) for item in value.values())


def _holds_fields(rules: Rules, value: dict[Any, Any], named: Mapping[str, Rules]) -> bool:
    """Tell whether every field fits that the schema knows, none is lacking, and none is unknown."""
    schema = rules["schema"]
    fields = named.get(schema) if isinstance(schema, str) else schema
    if fields is None or any(own.get("required") for name, own in fields.items() if name not in value):
        return False
    known = [name for name in value if name in fields]
    others = rules.get("allow_unknown") is True or len(known) == len(value)
    return others and all(plainly_fits(fields[name], value[name], named) for name in known)
