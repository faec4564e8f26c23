"""Fill a template. docxtpl prepares the XML here and nowhere else; Jinja fills it in the sandbox, strict and escaped.

docxtpl's own rendering is not used: it mends broken XML by dropping text, and rewrites `{_{` in what it printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template
from markupsafe import Markup, escape

from baogao.errors import TemplateError
from baogao.language import say
from baogao.model.findings import Finding
from baogao.templating import ReportEnvironment
from baogao_docx.package import CORE, Package, read_package, write_package
from baogao_docx.wordml import SPACE, Element, XmlError, node, parse, q, serialise, xml_text

__all__ = ["DocumentEnvironment", "complete", "fill", "filled_parts", "prepare"]

LINE_END = Markup('</w:t><w:br/><w:t xml:space="preserve">')
TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')
RETURN = Markup("&#13;")

_ESCAPED_TAGS = re.compile(r"\{_\{|\}_\}|\{_%|%_\}")


class DocumentEnvironment(ReportEnvironment):
    """Print line ends and tabs of a value as Word does."""

    def __init__(self) -> None:
        """Add the printing to what is refused."""
        super().__init__()
        only_text: Any = self.finalize
        self.finalize = lambda value: _printed(only_text(value))


def _printed(value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return escape(value).replace("\r", RETURN).replace("\n", LINE_END).replace("\t", TAB)


def prepare(xml: str) -> str:
    """Return the XML of a part as a Jinja template: tags gathered from the runs Word has split them into."""
    patched = DocxTemplate("").patch_xml(xml)
    return _ESCAPED_TAGS.sub(lambda tag: _as_string(tag[0].replace("_", "")), patched)


def _as_string(text: str) -> str:
    return '{{ "' + "".join(f"\\x{ord(sign):02x}" for sign in text) + '" }}'


def filled_parts(package: Package) -> tuple[str, ...]:
    """Return the parts that may hold tags: the document, its headers, footers and notes."""
    related = (package.related(kind) for kind in ("header", "footer", "footnotes", "endnotes"))
    return (package.main, *(name for names in related for name in names))


def fill(template: bytes, context: Mapping[str, Any]) -> bytes:
    """Return the .docx with the printed texts in it; raise jinja2.TemplateError where the template fails."""
    package = read_package(template)
    parts = {name: _filled(package, name, context) for name in filled_parts(package)}
    if CORE in package.parts:
        parts[CORE] = _filled(package, CORE, context)
    return write_package(package.replaced(parts))


@lru_cache(maxsize=64)
def _compiled(content: bytes, *, plain: bool) -> Template:
    """Compile a part once: the reports of one form and of one unit's templates have the same few parts."""
    environment = ReportEnvironment() if plain else DocumentEnvironment()
    return environment.from_string(prepare(xml_text(parse(content))))


def _filled(package: Package, name: str, context: Mapping[str, Any]) -> bytes:
    text = _compiled(package.parts[name], plain=name == CORE).render(context)
    try:
        root = parse(text)
    except (XmlError, ValueError) as exc:
        message = say("填好的 {part} 不是合格的 XML：{error}", part=name, error=str(exc))
        raise TemplateError([Finding(message, rule="TPL-004")]) from exc
    complete(root)
    for words in root.iter(q("t")):
        if words.text and words.text != " ".join(words.text.split()):
            words.set(SPACE, "preserve")
    return serialise(root)


def complete(root: Element) -> None:
    """Give loops that printed nothing the shape Word asks for."""
    for row in list(root.iter(q("tr"))):
        if row.find(q("tc")) is None:
            row.getparent().remove(row)
    for table in list(root.iter(q("tbl"))):
        if table.find(q("tr")) is None:
            table.getparent().remove(table)
    for cell in root.iter(q("tc")):
        if not len(cell) or cell[-1].tag != q("p"):
            cell.append(node("p"))
