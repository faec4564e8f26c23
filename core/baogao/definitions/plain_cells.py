"""A look at cells before Cerberus: where each is plainly what its rules ask for, Cerberus need not be asked.

Only numbers with the commonest rules are judged, and only to let them pass; all else is left to Cerberus, which has
the only say in what is wrong and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

__all__ = ["plainly_fits"]

KNOWN = frozenset({"type", "min", "max", "nullable", "meta"})
KINDS: Mapping[str, tuple[type, ...]] = {"integer": (int,), "decimal": (int, Decimal)}


def plainly_fits(rules: Mapping[str, Any], value: object) -> bool:
    """Tell whether a value is a number, or a blank, that its rules allow; where not, only Cerberus knows."""
    kind = rules.get("type")
    kinds = KINDS.get(kind, ()) if isinstance(kind, str) else ()
    if not kinds or not rules.keys() <= KNOWN:
        return False
    if type(value) not in kinds:
        return value is None and rules.get("nullable") is True
    number: Any = value
    lowest, highest = rules.get("min"), rules.get("max")
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)
