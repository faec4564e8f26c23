"""The shells: page, named styles, page numbers, title and what stands round the chapters, drawn from `styles.yaml`.

`python -m baogao_docx.drawing.shell FOLDER` writes them anew; the copies in `templates/` are what people edit in Word.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from baogao_docx.drawing.tables import MILLIMETRE, borders
from baogao_docx.ooxml.package import PARTS_OF_SHELL, new_package, write_package
from baogao_docx.ooxml.wordml import Element, node, paragraph, run, serialise

__all__ = ["SHELLS", "draw_shell", "style_sheet"]

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

SHELLS = {"public": "shell.docx", "filing": "shell.filing.docx"}
"""The file of the shell of each profile."""


@cache
def style_sheet() -> dict[str, Any]:
    """Return the measures and styles of `styles.yaml`."""
    return yaml.safe_load(Path(__file__).with_name("styles.yaml").read_text("utf-8"))


def draw_shell(profile: str = "public") -> bytes:
    """Return the shell of a profile as a .docx, always the same bytes."""
    sheet = style_sheet()
    parts = {
        "word/document.xml": _document(_filing() if profile == "filing" else _public(), sheet),
        "word/styles.xml": _styles(sheet),
        "word/settings.xml": _settings(sheet),
        "word/fontTable.xml": _font_table(sheet),
        "word/header1.xml": _header(),
        "word/header2.xml": _header(),
        "word/footer1.xml": _footer("right"),
        "word/footer2.xml": _footer("left"),
    }
    return write_package(new_package({name: serialise(root) for name, root in parts.items()}))


def _twips(millimetres: float) -> int:
    return int(millimetres * MILLIMETRE)


def _document(paragraphs: list[Element], sheet: dict[str, Any]) -> Element:
    return node("document", node("body", *paragraphs, _page(sheet["page"], sheet["pitch"])))


def _public() -> list[Element]:
    """Return what the public reads: the date stands below the title."""
    return [
        *_when("report.draft", paragraph("Subtitle", run("（{{ report.draft }}）"))),
        paragraph("Title", run("{{ shell.title }}")),
        *_when("report.date", paragraph("Subtitle", run("（{{ report.date }}）"))),
        paragraph("BodyOfPaper"),
        paragraph("BodyOfPaper", run("{{p shell.contents }}")),
        paragraph("BodyOfPaper", run("{{p sections }}")),
    ]


def _filing() -> list[Element]:
    """Return what is sent to a superior office: number, title, addressee; enclosures, signature and date at the end."""
    return [
        *_when("report.draft", paragraph("Subtitle", run("（{{ report.draft }}）"))),
        *_when("shell.number", paragraph("PaperNumber", run("{{ shell.number }}")), paragraph("BodyOfPaper")),
        paragraph("Title", run("{{ shell.title }}")),
        paragraph("BodyOfPaper"),
        *_when("shell.to", paragraph("Addressee", run("{{ shell.to }}："))),
        paragraph("BodyOfPaper", run("{{p shell.contents }}")),
        paragraph("BodyOfPaper", run("{{p sections }}")),
        paragraph("Enclosures", run("{%p for line in shell.enclosures %}")),
        paragraph("Enclosures", run("{{ line }}")),
        paragraph("Enclosures", run("{%p endfor %}")),
        paragraph("Signature", run("{{ shell.signature }}")),
        *_when("report.date", paragraph("Signature", run("{{ report.date }}"))),
    ]


def _when(name: str, *paragraphs: Element) -> list[Element]:
    """Return paragraphs that stand only where there is something to print."""
    start, end = run(f"{{%p if {name} %}}"), run("{%p endif %}")
    return [paragraph("BodyOfPaper", start), *paragraphs, paragraph("BodyOfPaper", end)]


def _page(page: dict[str, float], pitch: float) -> Element:
    margins = {name: _twips(page[name]) for name in ("top", "right", "bottom", "left", "header", "footer")}
    return node(
        "sectPr",
        _reference("headerReference", "even", "header2.xml"),
        _reference("headerReference", "default", "header1.xml"),
        _reference("footerReference", "even", "footer2.xml"),
        _reference("footerReference", "default", "footer1.xml"),
        node("pgSz", w=_twips(page["width"]), h=_twips(page["height"]) + 1),
        node("pgMar", **margins, gutter=0),
        node("docGrid", type="lines", linePitch=int(pitch * 20)),
    )


def _reference(tag: str, kind: str, part: str) -> Element:
    made = node(tag, type=kind)
    made.set(f"{{{R}}}id", PARTS_OF_SHELL[part])
    return made


def _header() -> Element:
    return node("hdr", paragraph("Header", run("{{ report.draft }}")))


def _footer(side: str) -> Element:
    """Return the page number: an em dash on each side, one character from the outer edge."""
    properties = node(
        "pPr",
        node("pStyle", val="Footer"),
        node("ind", **{f"{side}Chars": 100, side: 280}),
        node("jc", val=side),
    )
    number = node("fldSimple", run("1"), instr="PAGE")
    return node("ftr", node("p", properties, run("— "), number, run(" —")))


def _settings(sheet: dict[str, Any]) -> Element:
    compatibility = node(
        "compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15
    )
    return node(
        "settings",
        node("zoom", percent=100),
        node("evenAndOddHeaders"),
        node("characterSpacingControl", val="compressPunctuation"),
        node("compat", node("useFELayout"), compatibility),
        node("themeFontLang", val="en-US", eastAsia=sheet["language"]),
    )


def _font_table(sheet: dict[str, Any]) -> Element:
    # Word takes the whole of altName for one name
    chains = sheet["fonts"].values()
    return node("fonts", *(node("font", node("altName", val=other), name=name) for name, other, *_ in chains))


def _styles(sheet: dict[str, Any]) -> Element:
    language = node("lang", val="en-US", eastAsia=sheet["language"], bidi="ar-SA")
    defaults = node("docDefaults", node("rPrDefault", node("rPr", language)), node("pPrDefault"))
    named = [_style(style, sheet["pitch"]) for style in sheet["styles"]]
    return node("styles", defaults, *named, *_plain_styles())


def _style(style: dict[str, Any], pitch: float) -> Element:
    kind = {"default": 1} if style.get("default") else {}
    custom = {} if style["name"].isascii() else {"customStyle": 1}
    based = [] if kind else [node("basedOn", val="Normal")]
    made = node(
        "style", node("name", val=style["name"]), *based, type="paragraph", styleId=style["id"], **kind, **custom
    )
    if "outline" in style:
        made.append(node("next", val="BodyOfPaper"))
    made.extend([node("qFormat"), _layout(style, pitch), _lettering(style)])
    return made


def _layout(style: dict[str, Any], pitch: float) -> Element:
    layout = node("pPr")
    if style.get("keep_next"):
        layout.append(node("keepNext"))
    # Word's own default, but LibreOffice 7 reads it the other way round, and loses punctuation that it lets hang
    layout.extend([node("widowControl", val=0), node("overflowPunct", val=1)])
    if "tab" in style:
        layout.insert(-1, node("tabs", node("tab", val="right", leader="middleDot", pos=_twips(style["tab"]))))
    if style.get("autospace") is False:
        layout.extend([node("autoSpaceDE", val=0), node("autoSpaceDN", val=0)])
    if "line" in style:
        layout.append(node("snapToGrid", val=0))
    layout.append(_line_spacing(style.get("line", pitch), style.get("before", 0)))
    layout.extend(_indents(style))
    if "before" in style:
        layout.append(node("contextualSpacing"))
    layout.append(node("jc", val=style.get("align", "left")))
    if "outline" in style:
        layout.append(node("outlineLvl", val=style["outline"] - 1))
    return layout


def _line_spacing(line: float | str, before: int) -> Element:
    if line == "single":
        return node("spacing", before=0, after=0, line=240, lineRule="auto")
    pitch = int(float(line) * 20)
    return node("spacing", before=before * pitch, after=0, line=pitch, lineRule="exact")


def _indents(style: dict[str, Any]) -> list[Element]:
    """Return indents in characters; Word and LibreOffice read the twips beside them where they know no characters."""
    width = int((style["size"] + style.get("spacing", 0)) * 20)
    if "first_line" in style:
        return [node("ind", firstLineChars=style["first_line"] * 100, firstLine=style["first_line"] * width)]
    if "right" in style:
        return [node("ind", rightChars=style["right"] * 100, right=style["right"] * width)]
    return []


def _lettering(style: dict[str, Any]) -> Element:
    font = style["font"]
    lettering = node("rPr", node("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if style.get("bold"):
        lettering.append(node("b"))
    if "spacing" in style:
        lettering.append(node("spacing", val=int(style["spacing"] * 20)))
    size = int(style["size"] * 2)
    lettering.extend([node("kern", val=0), node("sz", val=size), node("szCs", val=size)])
    return lettering


def _plain_styles() -> list[Element]:
    """Return what Word expects beside: the default character and table styles, and the table with single borders."""
    character = node(
        "style",
        node("name", val="Default Paragraph Font"),
        node("semiHidden"),
        type="character",
        styleId="DefaultParagraphFont",
        default=1,
    )
    margins = node("tblCellMar", node("left", w=108, type="dxa"), node("right", w=108, type="dxa"))
    plain = node("tblPr", node("tblInd", w=0, type="dxa"), margins)
    table = node(
        "style",
        node("name", val="Normal Table"),
        node("semiHidden"),
        plain,
        type="table",
        styleId="TableNormal",
        default=1,
    )
    grid = node(
        "style",
        node("name", val="Table Grid"),
        node("basedOn", val="TableNormal"),
        node("tblPr", borders()),
        type="table",
        styleId="TableGrid",
    )
    return [character, table, grid]


if __name__ == "__main__":
    for kind, name in SHELLS.items():
        (Path(sys.argv[1]) / name).write_bytes(draw_shell(kind))
