"""Jobs: one output of one report, and the artifact a renderer makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from pathlib import Path

    from baogao.model.findings import Finding
    from baogao.model.report import Report

__all__ = ["Annotator", "Artifact", "Job", "Linker", "Output", "Profile", "Renderer", "Resources", "TemplateKeeper"]

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
class Profile:
    """A kind of copy that a renderer makes, such as 报送件, with the options it takes in report.yaml.

    `title` is put after the file's name; `options` are Cerberus rules by name, checked before anything is rendered.
    """

    name: str
    renderer: str
    title: str = ""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


@dataclass(frozen=True, slots=True)
class Output:
    """One entry of `outputs:` in report.yaml; without a profile it is the renderer's first."""

    renderer: str
    profile: str = ""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Resources(Protocol):
    """Schemas and templates: the report folder's first, then the plugin's that gives the section, then the bundled."""

    def find(self, kind: ResourceKind, name: str, section: str = "") -> Path | None:
        """Return the file, or None where there is none; `section` is whose plugin may bring it."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """All a renderer gets: the frozen report, the output asked for, where templates lie.

    `name` is the name of the artifact to make, without suffix. `made` holds the artifacts made before, by
    `<renderer>/<profile>`, and `printed` what was read back from each; `annotations` are the findings to mark in an
    annotated copy.
    """

    report: Report
    output: Output
    resources: Resources
    name: str
    draft: bool = False
    made: Mapping[str, Artifact] = field(default_factory=dict[str, Artifact])
    annotations: tuple[Finding, ...] = ()
    printed: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    def made_by(self, renderer: str, profile: str = "public") -> Artifact | None:
        """Return what another renderer made before, in this profile, or else in any."""
        return self.made.get(f"{renderer}/{profile}") or next(
            (artifact for key, artifact in self.made.items() if key.startswith(f"{renderer}/")), None
        )


@runtime_checkable
class Renderer(Protocol):
    """Turns a report into an artifact; it never touches the disk except to read templates."""

    @property
    def name(self) -> str:
        """Return the word that stands in `outputs:`."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the renderers whose artifacts must be made before, whether they were asked for or not."""
        ...

    @property
    def profiles(self) -> tuple[str, ...]:
        """Return the profiles it can make; the first is the default."""
        ...

    def render(self, job: Job) -> Artifact:
        """Return the artifact; raise TemplateError for a template that is wrong."""
        ...

    def read_back(self, artifact: Artifact, job: Job) -> Mapping[str, str]:
        """Return what is printed: by cell path, and narrative paragraphs as `<section>#<number from 1>`.

        A renderer that prints titles gives the report's under "" and each chapter's under its section, "" where it
        is not printed.
        """
        ...


@runtime_checkable
class Linker(Protocol):
    """A renderer that speaks of other outputs, such as a page that links the DOCX, where they are made too."""

    @property
    def uses(self) -> tuple[str, ...]:
        """Return the renderers that go first where they are asked for."""
        ...


@runtime_checkable
class Annotator(Protocol):
    """A renderer that can mark findings in a copy of what it made."""

    def annotate(self, artifact: Artifact, job: Job) -> Artifact:
        """Return a copy with `job.annotations` at their places; what is printed stays as it is."""
        ...


@runtime_checkable
class TemplateKeeper(Protocol):
    """A renderer whose templates people edit; `section` is "" for the shell, the template of the whole."""

    @property
    def template_suffix(self) -> str:
        """Return the suffix of its templates, with the dot."""
        ...

    def template_files(self, profile: str, section: str) -> tuple[str, ...]:
        """Return the files that lay out a section, the section's own first; for the shell the first that exists."""
        ...

    def new_template(self, job: Job, section: str) -> bytes:
        """Return the template the renderer would use for the job, for a person to edit."""
        ...

    def check_template(self, content: bytes, file: str, job: Job, section: str) -> Iterable[Finding]:
        """Yield everything that is wrong with a template, each with its place in it."""
        ...
