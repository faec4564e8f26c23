"""Cells: one figure or answer of an official table."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from baogao.model.sealing import seal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GAP", "Cell", "CellType", "Value", "printed"]


Value = int | Decimal | str | bool | tuple[str, ...] | None
"""A cell's value; `None` is blank, which is never 0. A cell that takes several choices has a tuple of them."""

GAP = "【待填】"
"""What a draft shows where something is still to be filled in."""

CHOSEN, LEFT = "■", "□"
"""The boxes before a choice, in signs that every Chinese font has."""


@dataclass(frozen=True, slots=True)
class CellType:
    """What may stand in a cell: Cerberus rules, and how it is called and measured.

    With `boxes` all that may be chosen is printed, with a box before each; with `padded` a number is printed with all
    its `places`: 12.50.
    """

    name: str
    rules: Mapping[str, Any] = field(default_factory=dict[str, Any])
    label: str = ""
    unit: str = ""
    places: int | None = None
    optional: bool = False
    boxes: bool = False
    padded: bool = False

    def __post_init__(self) -> None:
        """Seal the rules: a cell type serves every report."""
        seal(self, "rules")

    @property
    def is_number(self) -> bool:
        """Tell whether a number stands in the cell."""
        return self.rules.get("type") in ("integer", "decimal")

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what may be chosen, in printed order."""
        return tuple(map(str, self.rules.get("allowed", ())))


def printed(value: Value) -> str:
    """Return the value as it is printed: figures exactly as they were typed, 是/否 for yes and no."""
    if type(value) is int:  # most are: asked first
        return str(value)
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with its value; an unusable typed value is blank, with the words kept in `typed`."""

    path: str
    type: CellType
    value: Value = None
    typed: str | None = None
    origin: Literal["typed", "computed", "blank"] = "blank"

    @property
    def blank(self) -> bool:
        """Tell whether there is no usable value."""
        return self.value is None

    def text(self) -> str:
        """Return what is printed in the cell; a gap that must still be filled shows as such."""
        if type(self.value) is int and not (self.type.boxes or self.type.padded):  # as most are
            return str(self.value)
        if self.value is None and not self.type.optional:
            return GAP
        return self._boxes() if self.type.boxes else self.words()

    def words(self) -> str:
        """Return the value in words, as a narrative says it."""
        if self.type.padded and isinstance(self.value, int | Decimal):
            return f"{Decimal(self.value):.{self.type.places or 0}f}"
        return printed(self.value)

    def _boxes(self) -> str:
        chosen = self.value if isinstance(self.value, tuple) else (printed(self.value),)
        return " ".join(f"{CHOSEN if choice in chosen else LEFT}{choice}" for choice in self.type.choices)
