"""Put the sections' templates into the shell: one template, in which each section can be found again."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count

from baogao_docx.drawing.signing import lay_out_closing
from baogao_docx.drawing.tables import MILLIMETRE
from baogao_docx.ooxml.package import Package, with_core
from baogao_docx.ooxml.wordml import Element, node, q, run, serialise, words
from baogao_docx.template.checking import BODY_TAG
from baogao_docx.template.fragments import STYLE_TAGS, Fragment, Shell, clean, place_of_sections, style_ids

__all__ = ["TITLE_MARK", "Composed", "across_width", "compose", "turned"]

TITLE_MARK = "report"
"""The bookmark of the report's title: no section may be called so."""

REPORT_TITLE = re.compile(r"\s*\{\{\s*(?:report|shell)\.title\s*\}\}\s*")
SECTION_TITLE = re.compile(r"\s*\{\{\s*section\.title\s*\}\}\s*")

_CORE = """<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{{ report.title }}</dc:title><dc:creator>{{
 report.unit.name }}</dc:creator><cp:lastModifiedBy>{{ report.unit.name }}</cp:lastModifiedBy><dcterms:created
 xsi:type="dcterms:W3CDTF">{{ _made }}</dcterms:created><dcterms:modified
 xsi:type="dcterms:W3CDTF">{{ _made }}</dcterms:modified><dc:language>zh-CN</dc:language></cp:coreProperties>"""


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole template, to be filled once or many times; `styles` are its style ids by name.

    It is `signed` where a signature follows the last chapter.
    """

    package: Package
    styles: Mapping[str, str]
    signed: bool = False


def compose(shell: Shell, fragments: Sequence[Fragment], landscape: Set[str] = frozenset()) -> Composed:
    """Return the shell with every fragment in its place; all have been checked before."""
    styles = style_ids(shell.package)
    root = copy.deepcopy(shell.root)
    place = place_of_sections(root)
    assert place is not None, "the shell has been checked"
    numbers = count(_free_number(root))
    if "shell.contents" not in words(root):
        place.addprevious(_tag("{{p shell.contents }}"))
    _mark(root, REPORT_TITLE, TITLE_MARK, next(numbers))
    lay_out_closing(root, styles)
    for fragment in fragments:
        for element in _placed(fragment, styles, numbers, _page(root) if fragment.section in landscape else None):
            place.addprevious(element)
    place.getparent().remove(place)
    _join_last_page(root)
    package = shell.package.replaced({shell.package.main: serialise(root)})
    signed = "shell.signature" in words(root)
    return Composed(with_core(package, _CORE.encode()), styles, signed)


def _placed(
    fragment: Fragment, styles: Mapping[str, str], numbers: count[int], page: Element | None
) -> Iterator[Element]:
    """Yield a fragment; with a page of its own, between the end of the pages before and that of its own."""
    if page is None:
        yield from _section(fragment, styles, numbers)
        return
    yield _page_end(page)
    yield from _section(fragment, styles, numbers)
    yield _page_end(turned(page))


def _page(root: Element) -> Element:
    """Return the page of the shell's last part, which that of the chapters is."""
    page = root.find(f"{q('body')}/{q('sectPr')}")
    return page if page is not None else node("sectPr")


def _page_end(page: Element) -> Element:
    """Return the paragraph that ends a part with pages of its own, as low as can be."""
    low = node("spacing", before=0, after=0, line=20, lineRule="exact")
    return node("p", node("pPr", node("snapToGrid", val=0), low, copy.deepcopy(page)))


def turned(page: Element) -> Element:
    """Return the page laid across: its head is at the binding, the page number 7 mm below the text as before."""
    made = copy.deepcopy(page)
    size, margins = made.find(q("pgSz")), made.find(q("pgMar"))
    if size is None or margins is None:
        return made
    width, height = size.get(q("w")), size.get(q("h"))
    for name, value in (("w", height), ("h", width), ("orient", "landscape")):
        size.set(q(name), value)
    was = {side: int(margins.get(q(side), "0")) for side in ("top", "right", "bottom", "left", "footer")}
    now = {"top": was["left"], "right": was["top"], "bottom": was["right"], "left": was["bottom"]}
    for side, width in now.items():
        margins.set(q(side), str(width))
    margins.set(q("footer"), str(max(now["bottom"] - was["bottom"] + was["footer"], 0)))
    return made


def across_width() -> int:
    """Return the width of the text of a page of the standard that is laid across, in twips: 225 mm."""
    return int(225 * MILLIMETRE)


def _join_last_page(root: Element) -> None:
    """Let the last part end with the document where nothing follows it: an empty page would."""
    page = _page(root)
    for last in page.itersiblings(preceding=True):
        ended = last.find(f"{q('pPr')}/{q('sectPr')}")
        if ended is not None:
            last.getparent().remove(last)
            page.getparent().replace(page, ended)
        return


def _mark(root: Element, tag: re.Pattern[str], name: str, number: int) -> None:
    """Put a bookmark around the first paragraph that holds just this tag, so that it can be found again."""
    places = [part for part in root.iter(q("p")) if tag.fullmatch(words(part))]
    if places:
        start, end = _bookmark(name, number)
        places[0].addprevious(start)
        places[0].addnext(end)


def _free_number(root: Element) -> int:
    taken = [int(mark.get(q("id"), "0")) for mark in root.iter(q("bookmarkStart"))]
    return max(taken, default=0) + 1


def _section(fragment: Fragment, styles: Mapping[str, str], numbers: count[int]) -> Iterator[Element]:
    section = fragment.section
    yield _tag(f"{{%p with section=_sections.{section}, cells={section} %}}")
    start, end = _bookmark(section, next(numbers))
    yield start
    body = copy.deepcopy(fragment.body)
    clean(body)
    _map_styles(body, fragment.styles, styles)
    _mark(body, BODY_TAG, f"{section}_text", next(numbers))
    _mark(body, SECTION_TITLE, f"{section}_title", next(numbers))
    yield from (element for element in list(body) if element.tag != q("sectPr"))
    yield end
    yield _tag("{%p endwith %}")


def _tag(text: str) -> Element:
    return node("p", run(text))


def _bookmark(name: str, number: int) -> tuple[Element, Element]:
    return node("bookmarkStart", id=number, name=name), node("bookmarkEnd", id=number)


def _map_styles(body: Element, names: Mapping[str, str], ids: Mapping[str, str]) -> None:
    for reference in body.iter(*STYLE_TAGS):
        own = reference.get(q("val"))
        reference.set(q("val"), ids[names.get(own, own)])
