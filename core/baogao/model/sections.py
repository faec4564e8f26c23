"""Sections: where the content of a chapter comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from baogao.model.findings import Location
    from baogao.model.report import Head

__all__ = ["Content", "FileSection", "SectionProvider", "Source", "SourceReader", "section"]


@dataclass(frozen=True, slots=True)
class Content:
    """What a provider gives: `data` for the table of its schema, `text` (Markdown) for its narrative.

    `None` means that there is none; the engine checks both and nothing passes unchecked.
    """

    data: Any = None
    text: str | None = None


class Source(Protocol):
    """What was written for one section, and about the report as a whole."""

    @property
    def head(self) -> Head:
        """Return form, edition, year, unit and date."""
        ...

    def data(self) -> Any:
        """Return the table's data: from the section's YAML file, inline in report.yaml, or a source reader."""
        ...

    def text(self) -> str | None:
        """Return the Markdown of the section, or None where there is no file."""
        ...

    def locate(self, *keys: str | int) -> Location:
        """Return the place of a value, or the nearest one that exists."""
        ...


@runtime_checkable
class SectionProvider(Protocol):
    """What supplies a section; `forms` are the forms it is for, empty for any."""

    @property
    def id(self) -> str:
        """Return the id of the section."""
        ...

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the forms the section is for."""
        ...

    def provide(self, source: Source, schema: Mapping[str, Any]) -> Content:
        """Return the content; a bad value is left in it, for the engine to find and to name."""
        ...


@dataclass(frozen=True, slots=True)
class FileSection:
    """A section that is just its file and its schema."""

    id: str
    forms: tuple[str, ...] = ()

    def provide(self, source: Source, schema: Mapping[str, Any]) -> Content:
        """Return what the section's files say, as far as the schema asks for it."""
        has_table = "columns" in schema or "bands" in schema
        return Content(source.data() if has_table else None, source.text() if "text" in schema else None)


def section(section_id: str, *, forms: tuple[str, ...] = ()) -> FileSection:
    """Declare a section; its schema and templates lie in `schemas/` and `templates/` beside the plugin's file."""
    return FileSection(section_id, forms)


class SourceReader(Protocol):
    """Reads input files of further kinds; `suffixes` are those it reads, with their dot."""

    suffixes: tuple[str, ...]

    def read(self, file: str, content: bytes) -> Any:
        """Return the data of one section as mappings and lists; raise ValueError for an unreadable file."""
        ...
