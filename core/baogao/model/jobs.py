"""Jobs: one output of one report, and the artifact a renderer makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from pathlib import Path

    from baogao.model.findings import Finding
    from baogao.model.report import Report

__all__ = ["Artifact", "Job", "Output", "Renderer", "Resources"]

ResourceKind = Literal["schemas", "templates"]


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a renderer made: bytes, and the name of the file without its suffix."""

    name: str
    suffix: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def file_name(self) -> str:
        """Return the name of the file it is written to."""
        return f"{self.name}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class Output:
    """One entry of `outputs:` in report.yaml."""

    renderer: str
    profile: str = "public"
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Resources(Protocol):
    """Schemas and templates: the report folder's first, then the plugin's that gives the section, then the bundled."""

    def find(self, kind: ResourceKind, name: str, section: str = "") -> Path | None:
        """Return the file, or None where there is none; `section` is whose plugin may bring it."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """All a renderer gets: the frozen report, the output asked for, where templates lie.

    `name` is the name of the artifact to make, without suffix; `made` holds the artifacts the renderer `needs`.
    """

    report: Report
    output: Output
    resources: Resources
    name: str
    draft: bool = False
    made: Mapping[str, Artifact] = field(default_factory=dict[str, Artifact])
    annotations: tuple[Finding, ...] = ()


@runtime_checkable
class Renderer(Protocol):
    """Turns a report into an artifact; it never touches the disk except to read templates."""

    @property
    def name(self) -> str:
        """Return the word that stands in `outputs:`."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the renderers whose artifacts must be made before."""
        ...

    @property
    def profiles(self) -> tuple[str, ...]:
        """Return the profiles it can make; the first is the default."""
        ...

    def render(self, job: Job) -> Artifact:
        """Return the artifact; raise TemplateError for a template that is wrong."""
        ...

    def read_back(self, artifact: Artifact, job: Job) -> Mapping[str, str]:
        """Return what is printed: by cell path, and narrative paragraphs as `<section>#<number from 1>`."""
        ...
