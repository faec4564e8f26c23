"""Put the sections' templates into the shell: one template, in which each section can be found again."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from baogao_docx.checking import BODY_TAG
from baogao_docx.fragments import STYLE_TAGS, Fragment, Shell, clean, place_of_sections, style_ids
from baogao_docx.package import with_core, write_package
from baogao_docx.wordml import Element, node, q, run, serialise, words

__all__ = ["Composed", "compose"]

_CORE = """<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{{ report.title }}</dc:title><dc:creator>{{
 report.unit.name }}</dc:creator><cp:lastModifiedBy>{{ report.unit.name }}</cp:lastModifiedBy><dcterms:created
 xsi:type="dcterms:W3CDTF">{{ _made }}</dcterms:created><dcterms:modified
 xsi:type="dcterms:W3CDTF">{{ _made }}</dcterms:modified><dc:language>zh-CN</dc:language></cp:coreProperties>"""


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole template, to be filled once or many times; `styles` are its style ids by name."""

    content: bytes
    styles: Mapping[str, str]


def compose(shell: Shell, fragments: Sequence[Fragment]) -> Composed:
    """Return the shell with every fragment in its place; all have been checked before."""
    styles = style_ids(shell.package)
    root = copy.deepcopy(shell.root)
    place = place_of_sections(root)
    assert place is not None, "the shell has been checked"
    numbers = count(_free_number(root))
    for fragment in fragments:
        for element in _section(fragment, styles, numbers):
            place.addprevious(element)
    place.getparent().remove(place)
    package = shell.package.replaced({shell.package.main: serialise(root)})
    return Composed(write_package(with_core(package, _CORE.encode())), styles)


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
    _mark_narrative(body, section, next(numbers))
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


def _mark_narrative(body: Element, section: str, number: int) -> None:
    """Put a bookmark around the narrative, so that its paragraphs can be told from those of the template."""
    places = [part for part in body.iter(q("p")) if BODY_TAG.fullmatch(words(part))]
    if places:
        start, end = _bookmark(f"{section}_text", number)
        places[0].addprevious(start)
        places[0].addnext(end)
