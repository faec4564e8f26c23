"""What is done to a part after Jinja has filled it in: what docxtpl does, and what makes a valid document of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

from docxtpl import DocxTemplate

from baogao.language import say
from baogao_docx.compiling.parts import Finish, UnprintableError
from baogao_docx.compiling.preparing import MARKS, Source
from baogao_docx.ooxml.wordml import Element, node, parse, q, xml_text

__all__ = ["AS_DOCXTPL", "FORBIDDEN", "OF_REPORTS", "RICH"]

RICH = "\ufffe"
"""Put before rich text, to see where it is printed; no document can hold the sign itself."""
FORBIDDEN = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML can hold; docxtpl makes a new paragraph of \\a and a new page of \\f."""
SUSPICIOUS = re.compile(f"{FORBIDDEN.pattern[:-1]}{''.join(MARKS)}]")
EMPTY = re.compile(
    r"</w:tblGrid></w:tbl>|<w:tblGrid/></w:tbl>|<w:tr(?: [^>]*)?>(?:<w:trPr>(?:(?!</w:trPr>).)*</w:trPr>)?</w:tr>"
    r"|<w:tc(?: [^>]*)?>(?:<w:tcPr>(?:(?!</w:tcPr>).)*</w:tcPr>)?</w:tc>|<w:tc(?: [^>]*)?/>|</w:tbl></w:tc>",
    re.DOTALL,
)
"""A table without rows, a row without cells, a cell without a paragraph at its end: Word refuses them."""
DRAWING_ID = re.compile(r'(<wp:docPr\b[^>]*?\bid=")[^"]*(")')
FIRST_DRAWING = 1001
TAGS_OF_XML = re.compile(r"<[^>]+>")
SHOWN = 20
"""Characters before a wrong one that are shown."""
MISPLACED = re.compile(f'(?:(?<!>)|(?<=<w:t>)|(?<=preserve">)){RICH}<w:')
"""Rich text printed into the words of a run, where Word would lose it."""


def _as_docxtpl(source: Source, text: str) -> str:
    """Return the XML with all that docxtpl does to it after Jinja, and with gaps closed."""
    text = _without_marks(text)
    if source.marked or any(mark in text for mark in MARKS):
        text = DocxTemplate("").resolve_listing(text)
    if found := FORBIDDEN.search(text):
        before = TAGS_OF_XML.sub("", text[: found.start()])[-SHOWN:]
        raise UnprintableError(
            say("“{words}”后面有不能写进文档的字符 {sign}", words=before, sign=f"U+{ord(found[0]):04X}")
        )
    text = _closed(source, text)
    if source.grids:
        text = _rebuilt(source, text, _fitted)
    if source.drawings:
        numbers = count(FIRST_DRAWING)
        text = DRAWING_ID.sub(lambda found: f"{found[1]}{next(numbers)}{found[2]}", text)
    return text


def _of_reports(source: Source, text: str) -> str:
    """Return the XML of a report with gaps closed; raise XmlError where blocks have torn it apart."""
    if UNPRINTABLE.search(text):
        raise UnprintableError(say("有不能写进文档的字符"))
    if source.torn:
        parse(f"{source.before}{text}{source.after}")
    return _closed(source, text)


def _closed(source: Source, text: str) -> str:
    return _rebuilt(source, text, _complete) if source.gaps and EMPTY.search(text) else text


def _complete(root: Element) -> None:
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


def _rebuilt(source: Source, text: str, change: Callable[[Any], Any]) -> str:
    """Return the part changed as a tree: much slower, so only where it must be."""
    root = parse(f"{source.before}{text}{source.after}")
    change(root)
    whole = xml_text(root)
    if not source.after:
        return whole
    start, end = whole.index("<w:body"), whole.rindex("</w:body>") + len("</w:body>")
    return whole[start:end]


def _without_marks(text: str) -> str:
    """Return the XML without the marks of rich text, all of which stand where a run may."""
    if MISPLACED.search(text):
        raise UnprintableError(say("RichText 要写成 {tag}，否则 Word 不显示", tag="{{r … }}"))
    return text.replace(f"{RICH}<w:", "<w:")


def _fitted(root: Any) -> None:
    """Fit the grids of tables to their cells, as docxtpl does."""
    fitted = DocxTemplate("").fix_tables(xml_text(root))
    root[:] = list(fitted)


AS_DOCXTPL = Finish(SUSPICIOUS, _as_docxtpl)
OF_REPORTS = Finish(UNPRINTABLE, _of_reports)
