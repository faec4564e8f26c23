"""The renderer as the engine knows it; docxtpl and lxml load when a document is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baogao.hooks.markers import hookimpl
from baogao.model.jobs import Artifact
from baogao_docx.judging import filing_copy, rules
from baogao_docx.profiles import PROFILES, shell_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao.model.findings import Finding
    from baogao.model.jobs import Job, Profile, Renderer
    from baogao.model.rules import AnyRule

__all__ = ["DocxRenderer", "output_profiles", "renderers", "validation_rules"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class DocxRenderer:
    """Turn a report into a document for Word and WPS, laid out as GB/T 9704—2012 asks."""

    name: str = "docx"
    needs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("public", "filing")

    template_suffix: str = ".docx"

    def render(self, job: Job) -> Artifact:
        """Return the document; raise TemplateError with every fault found in the templates."""
        from baogao_docx.document import draw_document

        return Artifact(job.name, "docx", MEDIA_TYPE, draw_document(job))

    def read_back(self, artifact: Artifact, job: Job) -> dict[str, str]:
        """Return what the document prints, found by its place; raise TemplateError for one that is damaged."""
        from baogao_docx.reading.places import read_document

        return read_document(artifact, job)

    def annotate(self, artifact: Artifact, job: Job) -> Artifact:
        """Return a copy with every finding as a comment at its place."""
        from baogao_docx.annotating import annotate_document

        return annotate_document(artifact, job)

    def template_files(self, profile: str, section: str) -> tuple[str, ...]:
        """Return the fragment of a section, or the shell of a profile and the one of all."""
        return (f"{section}.docx",) if section else shell_files(profile)

    def new_template(self, job: Job, section: str) -> bytes:
        """Return the shell, or the fragment that is drawn for a section; raise ValueError where there is none."""
        from baogao_docx.inspecting import new_template

        return new_template(job, section)

    def check_template(self, content: bytes, file: str, job: Job, section: str) -> Iterable[Finding]:
        """Yield everything that is wrong with a template, each with its place and the words there."""
        from baogao_docx.inspecting import inspect_template

        return inspect_template(content, file, job, section)


@hookimpl
def renderers() -> Iterable[Renderer]:
    """Bring the DOCX renderer."""
    return [DocxRenderer()]


@hookimpl
def output_profiles() -> Iterable[Profile]:
    """Bring the two kinds of copies, 公开件 and 报送件, with their options."""
    return PROFILES


@hookimpl
def validation_rules() -> Iterable[AnyRule]:
    """Bring the rules on what this renderer makes, and on what it is told to print."""
    return (*rules.RULES, *filing_copy.RULES)
