"""The renderer as the engine knows it; whatever is heavy loads when a page is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from baogao.hooks.markers import hookimpl
from baogao.model.jobs import Artifact, Profile
from baogao_html.tags import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao.model.findings import Finding
    from baogao.model.jobs import Job, Renderer
    from baogao.model.rules import ArtifactRule

__all__ = ["HtmlRenderer", "output_profiles", "renderers", "validation_rules"]


@dataclass(frozen=True, slots=True)
class HtmlRenderer:
    """Turn a report into one page that needs nothing else: no script, no picture, no outside address."""

    name: str = "html"
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ("docx", "pdf")
    profiles: tuple[str, ...] = ("public",)
    template_suffix: str = ".html"

    def render(self, job: Job) -> Artifact:
        """Return the page; raise TemplateError with every fault found in the templates."""
        from baogao_html.page import draw_page

        return Artifact(job.name, "html", "text/html; charset=utf-8", draw_page(job).encode("utf-8"))

    def read_back(self, artifact: Artifact, job: Job) -> dict[str, str]:
        """Return what the page prints; raise TemplateError where its markup is damaged."""
        from baogao_html.reading import read_page

        return read_page(artifact, job)

    def annotate(self, artifact: Artifact, job: Job) -> Artifact:
        """Return a copy with the findings marked at their places and listed at the end."""
        from baogao_html.annotating import annotated_page

        return replace(artifact, content=annotated_page(artifact, job).encode("utf-8"))

    def template_files(self, profile: str, section: str) -> tuple[str, ...]:
        """Return the templates of a section: its own, or the one for any, and that of tables; or that of the page."""
        if section:
            return (f"{section}.html", "section.html", "table.html")
        return (f"{'fragment' if profile == 'fragment' else 'page'}.html",)

    def new_template(self, job: Job, section: str) -> bytes:
        """Return the template of the page, or the one that any section is laid out by."""
        from baogao_html.page import Page

        page = Page(job)
        return (page.fragments[section] if section else page.shell).source.encode("utf-8")

    def check_template(self, content: bytes, file: str, job: Job, section: str) -> Iterable[Finding]:
        """Return everything that is wrong with a template, each with its line."""
        from baogao_html.page import template_faults

        return template_faults(content, file, job, section)


@hookimpl
def renderers() -> Iterable[Renderer]:
    """Bring the HTML renderer."""
    return [HtmlRenderer()]


@hookimpl
def output_profiles() -> Iterable[Profile]:
    """Bring the page and the fragment, which take the same options."""
    return [Profile("public", "html", options=OPTIONS), Profile("fragment", "html", title="片段", options=OPTIONS)]


@hookimpl
def validation_rules() -> Iterable[ArtifactRule]:
    """Bring the rules on a page fit to be published."""
    from baogao_html.rules import RULES

    return RULES
