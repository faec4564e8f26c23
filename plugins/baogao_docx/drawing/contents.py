"""The table of contents: the titles of the chapters, each with dots and a field that gives its page.

It is no TOC field: LibreOffice keeps what such a field holds, and would print no page numbers. Nothing is asked to be
renewed when the file is opened, for Word would ask people whether it may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from baogao.model.report import Section
from baogao_docx.ooxml.wordml import SPACE, Element, inner_xml, node, paragraph, run

__all__ = ["draw_contents"]


def draw_contents(sections: Iterable[Section], styles: Mapping[str, str]) -> Markup:
    """Return the head and the entries, each a link to its chapter; nothing where no chapter has a title."""
    titled = [section for section in sections if section.title]
    if not titled:
        return Markup("")
    body = styles["公文正文"]
    entry = styles.get("toc 1", body)
    entries = [_entry(section, entry) for section in titled]
    head = paragraph(styles.get("目录题", body), run("目　　录"))
    # every text in it has been escaped by lxml
    return Markup(inner_xml([head, *entries, paragraph(body)]))  # noqa: S704


def _entry(section: Section, style: str) -> Element:
    number = [_mark("begin"), _code(section), _mark("separate"), run(""), _mark("end")]
    return paragraph(style, node("hyperlink", run(f"{section.title}\t"), *number, anchor=section.id, history=1))


def _mark(kind: str) -> Element:
    return node("r", node("fldChar", fldCharType=kind))


def _code(section: Section) -> Element:
    code = node("instrText")
    code.text = f" PAGEREF {section.id} \\h "
    code.set(SPACE, "preserve")
    return node("r", code)
