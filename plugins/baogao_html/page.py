"""The page, from the inside out: narrative and tables, the fragments of the sections, the page around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.model.tables import Table
from baogao.templating import report_values
from baogao_html.drawing import TABLE_NAMES, table_values
from baogao_html.fragment import FRAGMENT, fragment
from baogao_html.narrative import stretches
from baogao_html.tags import column_of, page_tags, website_of
from baogao_html.template_file import TemplateFile, open_template, read_template

if TYPE_CHECKING:
    from baogao.model.findings import Finding
    from baogao.model.jobs import Artifact, Job
    from baogao.model.report import Section

__all__ = ["Page", "downloads_of", "draw_page", "names_of", "template_faults"]

DOWNLOADS = {"docx": "Word 版", "pdf": "PDF 版"}
"""What the copies that the page links are called, by their renderers."""


def draw_page(job: Job) -> str:
    """Return the page of a report; raise TemplateError with every fault in its templates."""
    return Page(job).draw(names_of(job))


def names_of(job: Job) -> dict[str, Any]:
    """Return all that any template of the page may name: `report`, `output`, and each section by its id."""
    names = report_values(job.report, draft=job.draft)
    tags = [{"name": tag.name, "content": tag.content} for tag in page_tags(job) if tag.content]
    head = names["report"]
    head["unit"]["website"] = website_of(job)
    head["published"] = next((tag["content"] for tag in tags if tag["name"] == "PubDate"), "")
    head["column"] = {**dict.fromkeys(("name", "description", "keywords", "type"), ""), **column_of(job)}
    head["title_parts"] = _title_parts(job)
    head["tags"] = tags
    head["downloads"] = [_download(title, artifact) for title, artifact in downloads_of(job)]
    return {"output": {name: _printable(value) for name, value in job.output.options.items()}, **names}


def _title_parts(job: Job) -> list[str]:
    """Return the title in the parts it may be broken between: up to the year, and what it is a report of."""
    title = job.report.title
    years = (f"{job.report.year}年度", f"{job.report.year}年")
    end = next((title.find(year) + len(year) for year in years if year in title), 0)
    return [part for part in (title[:end], title[end:]) if part]


def downloads_of(job: Job) -> Iterator[tuple[str, Artifact]]:
    """Yield the public copies of the report that were made before the page, with what they are called."""
    for renderer, title in DOWNLOADS.items():
        if artifact := job.made.get(f"{renderer}/public"):
            yield title, artifact


def _download(title: str, artifact: Artifact) -> dict[str, str]:
    """Return a link to a copy that lies beside the page, with its size as people say it."""
    size = f"{max(round(len(artifact.content) / 1024), 1)} KB"
    return {"title": title, "href": quote(artifact.file_name), "name": artifact.file_name, "size": size}


def _printable(value: Any) -> Any:
    """Return an option as a template may print it."""
    return value if isinstance(value, Mapping) else str(value)


@dataclass(frozen=True)
class Page:
    """The templates of one page, opened and checked together before any is used."""

    job: Job

    @cached_property
    def shell(self) -> TemplateFile:
        """Return the template of the page itself."""
        return open_template(self.job, (f"{FRAGMENT}.html" if self.is_fragment else "page.html",))

    @property
    def is_fragment(self) -> bool:
        """Tell whether only the content is wanted, for a CMS that has a page of its own around it."""
        return self.job.output.profile == FRAGMENT

    @cached_property
    def fragments(self) -> dict[str, TemplateFile]:
        """Return the template of each section: its own, or the one for any."""
        return {section.id: self._fragment(section.id) for section in self.job.report}

    @cached_property
    def tables(self) -> dict[str, TemplateFile]:
        """Return the template that draws the tables of each section."""
        return {
            section.id: open_template(self.job, ("table.html",), section.id)
            for section in self.job.report
            if section.tables
        }

    @property
    def templates(self) -> tuple[TemplateFile, ...]:
        """Return all templates, each once."""
        return tuple(dict.fromkeys((self.shell, *self.fragments.values(), *self.tables.values())))

    def _fragment(self, section_id: str) -> TemplateFile:
        return open_template(self.job, (f"{section_id}.html", "section.html"), section_id)

    def draw(self, names: Mapping[str, Any]) -> str:
        """Return the page, with these values for the names in its templates."""
        if found := tuple(dict.fromkeys(self._findings(names))):
            raise TemplateError(found)
        sections = [self._entry(section, names) for section in self.job.report]
        page = self.shell.render(_with_sections(names, sections))
        return fragment(page, names["report"]["tags"]) if self.is_fragment else page

    def _findings(self, names: Mapping[str, Any]) -> Iterator[Finding]:
        yield from self.shell.findings(_with_sections(names, []))
        for section in self.job.report:
            yield from self.fragments[section.id].findings(_section_names(section, (), names))
        for template in self.tables.values():
            yield from template.findings({"table": dict.fromkeys(TABLE_NAMES, "")})

    def _entry(self, section: Section, names: Mapping[str, Any]) -> dict[str, str]:
        parts = tuple(self._parts(section))
        html = self.fragments[section.id].render(_section_names(section, parts, names))
        return {"id": section.id, "title": section.title, "html": html}

    def _parts(self, section: Section) -> Iterator[tuple[str, Markup]]:
        """Yield the drawn narrative and tables of a section in their order."""
        for part in stretches(section):
            if isinstance(part, Table):
                title = section.title or self.job.report.form_title
                yield "table", self.tables[section.id].render({"table": table_values(part, title)})
            else:
                yield "body", part


def template_faults(content: bytes, file: str, job: Job, section_id: str) -> Iterator[Finding]:
    """Yield what is wrong with the template of the page, or of a section, before it is used."""
    names, section = names_of(job), job.report.section(section_id)
    known = _with_sections(names, []) if section is None else _section_names(section, (), names)
    yield from read_template(content, file).findings(known)


def _with_sections(names: Mapping[str, Any], sections: list[dict[str, str]]) -> dict[str, Any]:
    return {**names, "report": {**names["report"], "sections": sections}}


def _section_names(section: Section, parts: tuple[tuple[str, Markup], ...], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a fragment may name: `section`, `cells`, and all the page may."""
    drawn = {
        "id": section.id,
        "title": section.title,
        "body": _joined(parts, "body"),
        "table": _joined(parts, "table"),
        "parts": [html for _, html in parts],
    }
    return {**names, "cells": names[section.id], "section": drawn}


def _joined(parts: tuple[tuple[str, Markup], ...], kind: str) -> Markup:
    return Markup("\n").join(html for part_kind, html in parts if part_kind == kind)
