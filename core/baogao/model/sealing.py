"""Seal the mappings of a value, so that whoever gets it reads them and cannot change them for others."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["copied", "seal"]

Key = TypeVar("Key")
Value = TypeVar("Value")


def seal(value: object, *names: str) -> None:
    """Make the dictionaries of these names in a frozen value read-only."""
    for name in names:
        held = getattr(value, name)
        if isinstance(held, dict):
            object.__setattr__(value, name, MappingProxyType(held))


def copied(mapping: Mapping[Key, Value]) -> dict[Key, Value]:
    """Return the entries of a mapping as a dictionary of one's own; of a sealed one as fast as of a dictionary."""
    return mapping.copy() if isinstance(mapping, MappingProxyType) else dict(mapping)
