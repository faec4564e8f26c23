"""The templates that the benchmarks fill: one as Word formats it, and a lean one; both with the official tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

__all__ = ["COLUMNS", "PARAGRAPHS", "ROWS", "Tag", "jinja", "lean", "sentence", "size", "values", "word_like"]

ROWS, COLUMNS = 28, 7
"""The cells of the third official table, edition 2021."""

TEXT = "主动公开政府信息{}条，其中政策文件{}条；收到政府信息公开申请{}件，均按期办结。"
PARAGRAPHS = 70

Tag = Callable[[str], str]
"""How an engine writes the name of a value in its templates."""


def jinja(name: str) -> str:
    """Return the tag of Jinja, and of those that follow it."""
    return f"{{{{ {name} }}}}"


def values(seed: int = 0) -> Mapping[str, Any]:
    """Return the figures of one report."""
    cells = {
        f"r{row}": {f"c{column}": str((row * 7 + column + seed) % 1000) for column in range(COLUMNS)}
        for row in range(ROWS)
    }
    return {"title": "某县某局 2024 年报告", "first": str(seed), "second": "12", "third": "3", **cells}


def sentence(context: Mapping[str, Any]) -> str:
    """Return what each paragraph of the text says."""
    return TEXT.format(context["first"], context["second"], context["third"])


def size(template: bytes) -> int:
    """Return the bytes of the document in a template."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        return archive.getinfo("word/document.xml").file_size


def lean(tag: Tag = jinja) -> bytes:
    """Return a template with plain runs, as a program writes it."""
    return _template("", tag)


def word_like(tag: Tag = jinja) -> bytes:
    """Return a template with the formatting that Word repeats in every run: document.xml has about 300 KB."""
    fonts = " ".join(f'w:{kind}="宋体"' for kind in ("ascii", "eastAsia", "hAnsi", "cs"))
    marks = '<w:kern w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    return _template(
        f'<w:rPr><w:rFonts {fonts} w:hint="eastAsia"/><w:color w:val="000000"/><w:spacing w:val="0"/>{marks}</w:rPr>',
        tag,
    )


def _template(look: str, tag: Tag) -> bytes:
    document = Document()
    document.add_heading(tag("title"), 0)
    text = TEXT.format(*map(tag, ("first", "second", "third")))
    body = document.element.body
    for number in range(PARAGRAPHS):
        body.insert(number + 1, parse_xml(_paragraph(text, look, number)))
    body.insert(PARAGRAPHS + 1, parse_xml(_table(look, tag)))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _paragraph(text: str, look: str, number: int) -> str:
    marks = f' w:rsidR="00{number:06X}" w:rsidRDefault="00{number * 7:06X}"' if look else ""
    spacing = (
        f'<w:pPr><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200"/>{look}</w:pPr>'
        if look
        else ""
    )
    pieces = (text[at : at + 16] for at in range(0, len(text), 16)) if look else [text]
    runs = "".join(f'<w:r>{look}<w:t xml:space="preserve">{piece}</w:t></w:r>' for piece in pieces)
    return f"<w:p {nsdecls('w')}{marks}>{spacing}{runs}</w:p>"


def _table(look: str, tag: Tag) -> str:
    grid = '<w:gridCol w:w="1200"/>' * COLUMNS
    borders = '<w:tcBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders>' if look else ""
    rows = "".join(
        f"<w:tr>{''.join(_cell(tag(f'r{row}.c{column}'), borders, look) for column in range(COLUMNS))}</w:tr>"
        for row in range(ROWS)
    )
    return f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _cell(text: str, borders: str, look: str) -> str:
    width = f'<w:tcPr><w:tcW w:w="1200" w:type="dxa"/>{borders}</w:tcPr>'
    layout = f'<w:pPr><w:spacing w:line="240" w:lineRule="exact"/><w:jc w:val="center"/>{look}</w:pPr>' if look else ""
    return f"<w:tc>{width}<w:p>{layout}<w:r>{look}<w:t>{text}</w:t></w:r></w:p></w:tc>"
