"""The parts of a docxtpl template as Jinja sources, prepared by docxtpl once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml ships no types

from baogao_docx.ooxml.package import CORE
from baogao_docx.ooxml.wordml import Element, q, xml_text

__all__ = ["Prepared", "Source", "prepare_part", "prepare_template", "printing_escaped"]

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
OPENING = re.compile(r"\{[{%#]")
BLOCK = re.compile(r"\{%[-+]?\s*(\w+)")
ESCAPED_TAG = re.compile(r"\{_\{|\}_\}|\{_%|%_\}")
NAMESPACES = re.compile(r'\sxmlns(?::[\w.\-]+)?="[^"]*"')
MARKS = ("\n", "\t", "\a", "\f")
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
FILLED: Mapping[str, str] = MappingProxyType(
    {
        "author": "creator",
        "comments": "description",
        "identifier": "identifier",
        "language": "language",
        "subject": "subject",
        "title": "title",
    }
)
"""The core properties docxtpl fills, and adds where they are not there, with the names of their elements."""
BLOCK_SIGN, VALUE_SIGN = "\ue000", "\ue001"
"""Stand for the tags in the skeleton of a source."""


@dataclass(frozen=True, slots=True)
class Source:
    """A part as a Jinja template between what comes before and after it, and what must be looked after.

    `grids` is set where a table may print another number of columns than its grid has, `gaps` where a table, row or
    cell may print empty, `drawings` where pictures are numbered, `marked` where its own words hold line ends or tabs,
    `torn` where a block may print the start of an element without its end. `original` is its XML before docxtpl has
    prepared it, "" where nobody asks for places in it.
    """

    part: str
    text: str = field(repr=False)
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    grids: bool = False
    gaps: bool = False
    drawings: bool = False
    marked: bool = False
    torn: bool = False
    original: str = field(default="", repr=False)

    @property
    def mended(self) -> bool:
        """Tell whether what is printed must be looked at each time."""
        return self.grids or self.gaps or self.drawings or self.marked or self.torn


@dataclass(frozen=True, slots=True)
class Prepared:
    """A template taken apart: the members that never change, and the sources of those that do."""

    fixed: dict[str, bytes]
    sources: tuple[Source, ...]


def prepare_template(content: bytes) -> Prepared:
    """Return the members of a template and the sources of its parts with tags, as docxtpl renders them."""
    template: Any = DocxTemplate(io.BytesIO(content))  # its document is typed as None until it is read
    template.init_docx()
    members = _saved(template)
    found = [_body(template, members), *_edges(template), *_notes(template), *_properties(members)]
    sources = tuple(source for source in found if OPENING.search(source.text))
    changing = {source.part for source in sources}
    return Prepared({name: data for name, data in members.items() if name not in changing}, sources)


def _saved(template: Any) -> dict[str, bytes]:
    """Return the members as docxtpl writes them where there is nothing to fill in."""
    properties = template.docx.core_properties
    for name in FILLED:
        setattr(properties, name, getattr(properties, name))
    stream = io.BytesIO()
    template.docx.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in dict.fromkeys(archive.namelist())}


def _body(template: Any, members: dict[str, bytes]) -> Source:
    part = template.docx.part.partname.lstrip("/")
    whole = members[part].decode()
    start, end = whole.index("<w:body"), whole.rindex("</w:body>") + len("</w:body>")
    source = _judged(template, part, template.get_xml())
    head, mark, rest = source.text.partition(">")  # the whole document declares the namespaces already
    return replace(source, text=NAMESPACES.sub("", head) + mark + rest, before=whole[:start], after=whole[end:])


def _edges(template: Any) -> Iterator[Source]:
    """Yield headers and footers."""
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(kind):
            yield _judged(template, part.partname.lstrip("/"), template.get_part_xml(part))


def _notes(template: Any) -> Iterator[Source]:
    """Yield footnotes."""
    for part in template.docx.part.package.iter_parts():
        if part.content_type == FOOTNOTES:
            yield _judged(template, part.partname.lstrip("/"), xml_text(etree.fromstring(part.blob)))


def _properties(members: dict[str, bytes]) -> Iterator[Source]:
    """Yield the core properties; only those that docxtpl fills keep their tags."""
    if CORE not in members:
        return
    root = etree.fromstring(members[CORE])
    for element in root:
        if etree.QName(element).localname not in FILLED.values() and element.text:
            element.text = TAG.sub(lambda tag: _literal(tag[0]), element.text)
    source = TAG.sub(lambda tag: tag[0].replace("&lt;", "<").replace("&gt;", ">"), xml_text(root))
    yield Source(CORE, source)


def prepare_part(part: str, xml: str, declaration: str) -> Source:
    """Return a part of a report's template, with what must be looked after in what it prints."""
    text = printing_escaped(DocxTemplate("").patch_xml(xml))
    skeleton = _skeleton(text)
    whole = skeleton is not None and not _may_tear(text, skeleton)
    return Source(part, text, declaration, gaps=skeleton is None or _may_gape(skeleton), torn=not whole)


def printing_escaped(patched: str) -> str:
    """Return what docxtpl has prepared with its escaped tags, such as `{_{`, printed as the tags they stand for."""
    return ESCAPED_TAG.sub(lambda tag: _literal(tag[0].replace("_", "")), patched)


def _judged(template: Any, part: str, xml: str) -> Source:
    text = printing_escaped(template.patch_xml(xml))
    plain, skeleton = TAG.sub("", text), _skeleton(text)
    return Source(
        part,
        text,
        grids=skeleton is None or any(map(_may_change, skeleton.iter(q("tbl")))),
        gaps=skeleton is None or _may_gape(skeleton),
        drawings="<wp:docPr " in text,
        marked=any(mark in plain for mark in MARKS),
        original=xml,
    )


def _may_tear(text: str, skeleton: Element) -> bool:
    """Tell whether what stands between the tags of a block is anything but whole elements."""
    names = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in skeleton.nsmap.items() if prefix)
    return any(_skeleton(f"<part{names}>{inner}</part>") is None for inner in _blocks(text))


def _blocks(text: str) -> Iterator[str]:
    """Yield what stands between one tag of a block and the next, without the blocks within."""
    open_blocks: list[str] = []
    end = 0
    for tag in TAG.finditer(text):
        before, end = text[end : tag.start()], tag.end()
        if open_blocks:
            open_blocks[-1] += before
        word = BLOCK.match(tag[0])
        kind = word[1] if word else ""
        if open_blocks and (kind in ("elif", "else") or kind.startswith("end")):
            yield open_blocks.pop()
        if kind and not kind.startswith("end"):
            open_blocks.append("")


def _literal(text: str) -> str:
    """Return a tag of the template language that prints the text."""
    return '{{ "' + "".join(f"\\x{ord(sign):02x}" for sign in text) + '" }}'


def _skeleton(text: str) -> Element | None:
    """Return the part with a sign for each tag; None where the rest is no XML by itself."""
    try:
        return etree.fromstring(TAG.sub(lambda tag: BLOCK_SIGN if tag[0].startswith("{%") else VALUE_SIGN, text))
    except etree.XMLSyntaxError:
        return None


def _may_gape(skeleton: Element) -> bool:
    """Tell whether a table, row or cell may print empty: where a tag stands directly in it, between its children."""
    return any(_holds(element, BLOCK_SIGN, VALUE_SIGN) for element in skeleton.iter(q("tbl"), q("tr"), q("tc")))


def _holds_block(element: Element) -> bool:
    return _holds(element, BLOCK_SIGN)


def _holds(element: Element, *signs: str) -> bool:
    texts = "".join(filter(None, (element.text, *(child.tail for child in element))))
    return any(sign in texts for sign in signs)


def _may_change(table: Element) -> bool:
    """Tell whether docxtpl may fit the grid of a table to what it prints: then its cells are counted each time."""
    grid = table.find(q("tblGrid"))
    rows = list(table.iter(q("tr")))
    if grid is None or not rows or any(map(_holds_block, rows)):
        return True
    widths = [_width(row) for row in rows]
    columns = len(grid.findall(q("gridCol")))
    known = [width for width in widths if width is not None]
    if len(known) < len(widths) or _holds_block(table):
        return set(widths) != {columns}
    return max(known) != columns


def _width(row: Element) -> int | None:
    """Count the columns a row spans; None where a tag says how many."""
    spans = [cell.find(f"{q('tcPr')}/{q('gridSpan')}") for cell in row.findall(q("tc"))]
    values = ["1" if span is None else span.get(q("val"), "1") for span in spans]
    return sum(map(int, values)) if all(map(str.isdigit, values)) else None
