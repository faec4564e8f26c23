"""The renderer as the engine knows it; whatever is heavy loads when a page is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baogao.hooks.markers import hookimpl
from baogao.model.jobs import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao.model.jobs import Job, Renderer

__all__ = ["HtmlRenderer", "renderers"]


@dataclass(frozen=True, slots=True)
class HtmlRenderer:
    """Turn a report into one page that needs nothing else: no script, no picture, no outside address."""

    name: str = "html"
    needs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("public",)

    def render(self, job: Job) -> Artifact:
        """Return the page; raise TemplateError with every fault found in the templates."""
        from baogao_html.page import draw_page

        return Artifact(job.name, "html", "text/html; charset=utf-8", draw_page(job).encode("utf-8"))

    def read_back(self, artifact: Artifact, job: Job) -> dict[str, str]:
        """Return what the page prints; raise TemplateError where its markup is damaged."""
        from baogao_html.reading import read_page

        return read_page(artifact, job)


@hookimpl
def renderers() -> Iterable[Renderer]:
    """Bring the HTML renderer."""
    return [HtmlRenderer()]
