"""Where a page prints the chapters: their divisions, headings and narratives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baogao.model.report import Section
    from baogao_html.tree import Element

__all__ = ["HEADINGS", "chapter_division", "chapter_heading", "narrative_blocks", "outside_narrative"]

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def chapter_division(root: Element, section_id: str) -> Element | None:
    """Return the element around a chapter; None where the page's template has another order of its own."""
    name = f"section-{section_id}"
    return next((element for element in root.walk() if element.attributes.get("id") == name), None)


def chapter_heading(root: Element, section: Section) -> Element | None:
    """Return the first heading of a chapter that is not in its narrative, or else the one that has its title."""
    division = chapter_division(root, section.id)
    if division:
        return next(outside_narrative(division, *HEADINGS), None)
    return next((heading for heading in outside_narrative(root, *HEADINGS) if heading.text == section.title), None)


def outside_narrative(element: Element, *tags: str) -> Iterator[Element]:
    """Yield the elements of these tags that are not in a narrative."""
    if element.tag in tags:
        yield element
    for child in element.children if "data-section" not in element.attributes else ():
        yield from outside_narrative(child, *tags)


def narrative_blocks(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield the section and the element of each paragraph, in the order of the page."""
    for division in root.find_all("div"):
        section = division.attributes.get("data-section", "")
        yield from ((section, block) for block in division.children if section)
