"""Seal the mappings of a value, so that whoever gets it reads them and cannot change them for others."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["seal"]


def seal(value: object, *names: str) -> None:
    """Make the dictionaries of these names in a frozen value read-only."""
    for name in names:
        held = getattr(value, name)
        if isinstance(held, dict):
            object.__setattr__(value, name, MappingProxyType(held))
