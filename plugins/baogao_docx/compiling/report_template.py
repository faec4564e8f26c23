"""Fill the template of a report: its parts are prepared by docxtpl and compiled by Jinja once, in the sandbox.

docxtpl's own rendering is not used: it opens the template anew for every document, mends broken XML by dropping
text, and rewrites `{_{` in what it printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docxtpl import DocxTemplate
from markupsafe import Markup, escape

from baogao.errors import TemplateError
from baogao.language import say, spoken
from baogao.model.findings import Finding
from baogao.templating import ReportEnvironment
from baogao_docx.compiling.mending import OF_REPORTS
from baogao_docx.compiling.parts import Part, compile_part
from baogao_docx.compiling.preparing import prepare_part, printing_escaped
from baogao_docx.compiling.splicing import Splice, fastest_packing
from baogao_docx.ooxml.package import CORE, Package, in_order
from baogao_docx.ooxml.wordml import SPACE, XmlError, parse, q, xml_text

__all__ = ["DocumentEnvironment", "ReportTemplate", "compile_package", "filled_parts", "prepare"]

DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
LINE_END = Markup('</w:t><w:br/><w:t xml:space="preserve">')
TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')
RETURN = Markup("&#13;")


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
    return printing_escaped(DocxTemplate("").patch_xml(xml))


def filled_parts(package: Package) -> tuple[str, ...]:
    """Return the parts that may hold tags: the document, its headers, footers and notes."""
    related = (package.related(kind) for kind in ("header", "footer", "footnotes", "endnotes"))
    return (package.main, *(name for names in related for name in names))


@dataclass(frozen=True, slots=True)
class ReportTemplate:
    """A template compiled once, to be filled many times; it pickles as its package and is compiled where it goes."""

    package: Package
    parts: tuple[Part, ...]
    splice: Splice

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it anew: what Jinja has compiled does not travel."""
        return compile_package, (self.package,)

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """Return the .docx with the printed texts in it; raise jinja2.TemplateError where the template fails."""
        return self.splice.archive({part.source.part: _filled(part, context) for part in self.parts})


def compile_package(package: Package) -> ReportTemplate:
    """Return the template that a package is; raise jinja2.TemplateError where a part is no template."""
    names = [name for name in (*filled_parts(package), CORE) if name in package.parts]
    parts = tuple(_compiled(package, name) for name in names)
    fixed = {name: content for name, content in in_order(package).items() if name not in names}
    return ReportTemplate(package, parts, Splice(fixed, fastest_packing()))


def _compiled(package: Package, name: str) -> Part:
    root = parse(package.parts[name])
    for words in root.iter(q("t")):
        words.set(SPACE, "preserve")
    environment = ReportEnvironment() if name == CORE else DocumentEnvironment()
    return compile_part(prepare_part(name, xml_text(root), DECLARATION), environment, OF_REPORTS)


def _filled(part: Part, context: Mapping[str, Any]) -> bytes:
    try:
        return part.filled(context)
    except (XmlError, ValueError) as exc:
        message = say("填好的 {part} 不是合格的 XML：{error}", part=part.source.part, error=spoken(exc))
        raise TemplateError([Finding(message, rule="TPL-004")]) from exc
