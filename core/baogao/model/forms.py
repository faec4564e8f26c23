"""Forms: a kind of report an authority prescribes, in dated editions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from baogao.model.cells import CellType

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Chapter", "Edition", "Form"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a plugin brings; its editions lie in `schemas/<id>/<edition>/form.yaml`.

    The chapters of a `plain` one are just their files: they need no providers.
    """

    id: str
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as the form prints it; one without a number may be left out."""

    section: str
    title: str = ""
    numbered: bool = True
    optional: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a form: a whole set of files, or one that adds sections to another.

    `years` are the first and last report year it is for; `due` the last day of filing (month-day) by unit kind;
    `powers` what the powers are called that a unit says it has or lacks; `column` the column of a website in which its
    reports stand; `outputs` what is made of a report that names none. `extends` are the forms and editions it adds to,
    the nearest first; `added` says where each added section stands.
    """

    form: str
    id: str
    years: tuple[int, int]
    title: str
    heading: str
    chapters: tuple[Chapter, ...]
    basis: str = ""
    due: Mapping[str, str] = field(default_factory=dict[str, str])
    powers: Mapping[str, str] = field(default_factory=dict[str, str])
    column: Mapping[str, str] = field(default_factory=dict[str, str])
    outputs: tuple[str, ...] = ()
    cell_types: Mapping[str, CellType] = field(default_factory=dict[str, CellType])
    extends: tuple[tuple[str, str], ...] = ()
    added: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])

    @property
    def lineage(self) -> tuple[tuple[str, str], ...]:
        """Return form and edition, and those it extends."""
        return ((self.form, self.id), *self.extends)
