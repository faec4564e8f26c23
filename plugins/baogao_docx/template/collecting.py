"""The templates of a whole report, read and drawn: the shell and a fragment for each section, and their faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.language import say
from baogao.model.findings import Finding
from baogao_docx.compiling.report_template import filled_parts
from baogao_docx.drawing.fonts import renamed, with_fonts
from baogao_docx.drawing.sections import draw_section
from baogao_docx.drawing.tables import TEXT_WIDTH
from baogao_docx.ooxml.package import PackageError
from baogao_docx.ooxml.wordml import node, parse
from baogao_docx.template.checking import Checked
from baogao_docx.template.composing import Composed, across_width, compose
from baogao_docx.template.fragments import Fragment, Shell, read_fragment, read_shell, refusals, shell_faults
from baogao_docx.template.recipes import Chapter, Recipe, TemplateFile, unopened

__all__ = ["Templates", "find_templates", "open_shell"]


@dataclass(frozen=True, slots=True)
class Templates:
    """The shell and a fragment for each section.

    `drawn` are the sections whose fragment was drawn, `landscape` those laid across the page.
    """

    shell: Shell
    fragments: tuple[Fragment, ...]
    drawn: frozenset[str]
    landscape: frozenset[str] = frozenset()

    def compose(self) -> Composed:
        """Return the whole template."""
        return compose(self.shell, self.fragments, self.landscape)

    def faults(self) -> Iterator[Finding]:
        """Yield what is wrong with the shell and the fragments, whatever they print; what was drawn has no faults."""
        yield from shell_faults(self.shell)
        for fragment in self._own():
            yield from refusals(fragment, self.shell)

    def unnamed(self, names: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what is wrong with the tags, where such names have a value."""
        for part in self._parts(names):
            yield from part.findings()

    def failures(self, texts: Mapping[str, Any], error: JinjaError) -> list[Finding]:
        """Return where filling fails; fill each template alone to find out."""
        alone = [fault for part in self._parts(texts) if (fault := part.failure())]
        whole = Finding(say("模板填不出来：{error}", error=error.message or ""), rule="TPL-002")
        return alone or [whole]

    def _own(self) -> Iterator[Fragment]:
        return (fragment for fragment in self.fragments if fragment.section not in self.drawn)

    def _parts(self, texts: Mapping[str, Any]) -> Iterator[Checked]:
        texts = {**texts, "_sections": {}}
        package = self.shell.package
        yield Checked(self.shell.name, self.shell.root, {**texts, "sections": Markup("")})
        for part in filled_parts(package)[1:]:
            yield Checked(self.shell.name, parse(package.parts[part]), texts, part=part)
        for fragment in self._own():
            section = {"id": fragment.section, "title": "", "body": Markup("")}
            own = {"section": section, "cells": texts[fragment.section]}
            yield Checked(fragment.name, fragment.body, {**texts, **own}, fragment.section)


@lru_cache(maxsize=1)
def find_templates(recipe: Recipe) -> Templates:
    """Return the templates of a recipe; raise TemplateError with each that cannot be opened."""
    found: list[Finding] = []
    shell = open_shell(recipe.shell, found)
    fragments = {chapter: _fragment(chapter, found) for chapter in recipe.chapters}
    if shell is None or found:
        raise TemplateError(found)
    drawn = frozenset(chapter.section.id for chapter in recipe.chapters if chapter.file is None)
    across = frozenset(chapter.section.id for chapter in recipe.chapters if chapter.across)
    chosen = tuple(fragment for fragment in fragments.values() if fragment is not None)
    return _with_fonts(Templates(shell, chosen, drawn, across), {name: list(fonts) for name, fonts in recipe.fonts})


def open_shell(file: TemplateFile, found: list[Finding]) -> Shell | None:
    """Return the shell that a file is, or None, with the finding why."""
    try:
        return read_shell(file.name, file.content)
    except PackageError as exc:
        found.append(unopened(file.name, exc.args[0]))
        return None


def _fragment(chapter: Chapter, found: list[Finding]) -> Fragment | None:
    section, file = chapter.section, chapter.file
    if file is None:
        drawn = draw_section(section, across_width() if chapter.across else TEXT_WIDTH)
        return Fragment("", section.id, node("body", *drawn))
    try:
        return read_fragment(file.name, file.content, section.id)
    except PackageError as exc:
        found.append(unopened(file.name, exc.args[0], section.id))
        return None


def _with_fonts(templates: Templates, names: Mapping[str, list[str]]) -> Templates:
    """Return the templates in other fonts."""
    shell = templates.shell
    for root in (shell.root, *(fragment.body for fragment in templates.fragments)):
        renamed(root, names)
    return replace(templates, shell=replace(shell, package=with_fonts(shell.package, names)))
