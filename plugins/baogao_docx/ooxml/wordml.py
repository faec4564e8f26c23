"""The vocabulary of WordprocessingML: elements to draw with, the strict parser, the words of a paragraph."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml ships no types

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "SPACE",
    "Element",
    "W",
    "XmlError",
    "inner_xml",
    "local_name",
    "node",
    "paragraph",
    "parse",
    "q",
    "run",
    "serialise",
    "words",
    "xml_text",
]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

XmlError = etree.XMLSyntaxError
Element = Any  # lxml ships no types: an element of its tree

_MARKS = {"\n": "br", "\t": "tab"}


@cache
def q(tag: str) -> str:
    """Return the qualified name of a tag or attribute."""
    return f"{{{W}}}{tag}"


def node(tag: str, *children: Element, **attributes: object) -> Element:
    """Return an element with these children; the attributes are of the same namespace."""
    made = etree.Element(q(tag), {q(name): str(value) for name, value in attributes.items()}, nsmap={"w": W})
    made.extend(children)
    return made


def run(text: str, *properties: Element) -> Element:
    """Return a run that prints the text exactly, its blanks, tabs and line ends included."""
    made = node("r", *([node("rPr", *properties)] if properties else []))
    for part in filter(None, re.split(r"([\n\t])", text)):
        if part in _MARKS:
            made.append(node(_MARKS[part]))
            continue
        words_of_part = node("t")
        words_of_part.text = part
        words_of_part.set(SPACE, "preserve")
        made.append(words_of_part)
    return made


def paragraph(style: str, *runs: Element) -> Element:
    """Return a paragraph in the style of that id."""
    return node("p", node("pPr", node("pStyle", val=style)), *runs)


def parse(content: bytes | str) -> Element:
    """Return the root of a part; raise XMLSyntaxError for anything but clean XML. Nothing is mended or fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(content.encode() if isinstance(content, str) else content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("DOCTYPE")
    return root


def serialise(root: Element) -> bytes:
    """Return the bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def xml_text(root: Element) -> str:
    """Return the part as text, as docxtpl wants it."""
    return etree.tostring(root, encoding="unicode")


def local_name(element: Element) -> str:
    """Return the tag without its namespace."""
    return etree.QName(element).localname


def inner_xml(elements: list[Element]) -> str:
    """Return the elements as XML that stands inside a body."""
    text = xml_text(node("body", *elements))
    return text[text.index(">") + 1 : text.rindex("<")] if elements else ""


def words(element: Element) -> str:
    """Return the words as printed: a tab and a line end where Word shows one."""
    return "".join(_words(element))


def _words(element: Element) -> Iterator[str]:
    for part in element.iter(q("t"), q("tab"), q("br"), q("cr")):
        if part.tag == q("t"):
            yield part.text or ""
        elif part.getparent().tag == q("r"):
            yield "\t" if part.tag == q("tab") else "\n"
