"""The table of contents: a field that Word can renew, filled already with the titles of the chapters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from baogao.model.report import Section
from baogao_docx.wordml import Element, inner_xml, node, paragraph, run

__all__ = ["draw_contents"]

INSTRUCTION = ' TOC \\o "1-1" \\h \\z \\u '
"""Headings of the first level, as links. Word puts in the page numbers when the field is renewed."""


def draw_contents(sections: Iterable[Section], styles: Mapping[str, str]) -> Markup:
    """Return the head and the entries, each a link to its chapter; nothing where no chapter has a title."""
    titled = [section for section in sections if section.title]
    if not titled:
        return Markup("")
    body = styles["公文正文"]
    entry = styles.get("toc 1", body)
    entries = [_entry(section, entry) for section in titled]
    entries[0][1:1] = [_mark("begin"), _code(), _mark("separate")]
    entries[-1].append(_mark("end"))
    head = paragraph(styles.get("目录题", body), run("目　　录"))
    # every text in it has been escaped by lxml
    return Markup(inner_xml([head, *entries, paragraph(body)]))  # noqa: S704


def _entry(section: Section, style: str) -> Element:
    return paragraph(style, node("hyperlink", run(section.title), anchor=section.id, history=1))


def _mark(kind: str) -> Element:
    return node("r", node("fldChar", fldCharType=kind))


def _code() -> Element:
    code = node("instrText")
    code.text = INSTRUCTION
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node("r", code)
