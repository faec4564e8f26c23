"""Judge pages, letters and page numbers by GB/T 9704—2012."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.language import Message, say
from baogao.model.findings import Finding
from baogao.model.jobs import Artifact, Job
from baogao_docx.drawing.fonts import chosen_fonts
from baogao_docx.drawing.shell import style_sheet
from baogao_docx.drawing.tables import MILLIMETRE
from baogao_docx.ooxml.wordml import Element, parse, q, words
from baogao_docx.reading.places import between
from baogao_docx.reading.printed import Printed, open_printed
from baogao_docx.template.composing import TITLE_MARK

__all__ = ["judge_layout", "judge_page_numbers"]

UPRIGHT = {"top": 37, "right": 26, "bottom": 35, "left": 28}
ACROSS = {"top": 28, "right": 37, "bottom": 26, "left": 35}
SIDES = {"top": say("上边距"), "right": say("右边距"), "bottom": say("下边距"), "left": say("左边距")}
TOLERANCE = 1.05
"""A millimetre, and what Word rounds off."""

PITCH = (28.0, 29.5)
BODY_SIZE, TITLE_SIZE, NUMBER_SIZE = 16.0, 22.0, 14.0
REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NUMBER = re.compile(r"\s*—\s*[0-9]*\s*—\s*")


def judge_layout(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield what is wrong with the pages and with the letters and lines of titles and text, each thing once."""
    printed = open_printed(artifact.content)
    found = [("", fault) for page in printed.pages for fault in _page_faults(page)]
    for title in _paragraphs(printed, TITLE_MARK):
        found.extend(("", fault) for fault in _title_faults(job, printed, title))
    for section in job.report:
        for title in _paragraphs(printed, f"{section.id}_title"):
            found.extend((section.id, fault) for fault in _letter_faults(job, printed, title, "黑体", BODY_SIZE))
        for paragraph in _paragraphs(printed, f"{section.id}_text"):
            found.extend((section.id, fault) for fault in _text_faults(job, printed, paragraph))
    for path, fault in dict.fromkeys(found):
        yield job.report.finding(path, fault)


def _paragraphs(printed: Printed, mark: str) -> Iterator[Element]:
    return (one for one in between(printed.root, mark) if one.tag == q("p") and words(one).strip())


def _page_faults(page: Element) -> Iterator[Message]:
    size, margins = page.find(q("pgSz")), page.find(q("pgMar"))
    if size is None or margins is None:
        yield say("没有设纸张和边距")
        return
    across = size.get(q("orient")) == "landscape"
    wanted = (297, 210) if across else (210, 297)
    given = tuple(_millimetres(size, side) for side in ("w", "h"))
    if any(abs(one - other) > TOLERANCE for one, other in zip(given, wanted, strict=True)):
        yield say("纸张是 {width}×{height} 毫米，应为 A4", width=f"{given[0]:.0f}", height=f"{given[1]:.0f}")
    for side, width in (ACROSS if across else UPRIGHT).items():
        margin = _millimetres(margins, side)
        if abs(margin - width) > TOLERANCE:
            yield say(
                "{side}是 {margin} 毫米，应为 {wanted} 毫米", side=SIDES[side], margin=f"{margin:.1f}", wanted=width
            )


def _millimetres(element: Element, name: str) -> float:
    return _value(element.get(q(name), "")) / MILLIMETRE


def _value(text: str) -> float:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else 0.0


def _letter_faults(job: Job, printed: Printed, paragraph: Element, kind: str, size: float) -> Iterator[Message]:
    font = printed.font(paragraph, "eastAsia")
    known = (*style_sheet()["fonts"][kind], *chosen_fonts(job.output.options.get("fonts", {})).get(kind, ()))
    shown = words(paragraph)[:10]
    if font not in known:
        yield say("“{text}”的字体是{font}，应为{kind}", text=shown, font=font or say("主题字体"), kind=kind)
    given = _value(printed.setting(paragraph, "sz", "val", lettering=True)) / 2
    if given != size:
        yield say("“{text}”的字号是 {size} 磅，应为 {wanted} 磅", text=shown, size=f"{given:g}", wanted=f"{size:g}")


def _title_faults(job: Job, printed: Printed, title: Element) -> Iterator[Message]:
    yield from _letter_faults(job, printed, title, "小标宋", TITLE_SIZE)
    if printed.setting(title, "jc", "val") != "center":
        yield say("题目“{text}”应居中", text=words(title)[:10])


def _text_faults(job: Job, printed: Printed, paragraph: Element) -> Iterator[Message]:
    level = printed.setting(paragraph, "outlineLvl", "val")
    yield from _letter_faults(job, printed, paragraph, "楷体" if level == "1" else "仿宋", BODY_SIZE)
    shown = words(paragraph)[:10]
    pitch = _value(printed.setting(paragraph, "spacing", "line")) / 20
    exact = printed.setting(paragraph, "spacing", "lineRule") == "exact"
    if not exact or not PITCH[0] <= pitch <= PITCH[1]:
        yield say("“{text}”的行距应为固定值 28 至 29 磅", text=shown)
    indent = _value(printed.setting(paragraph, "ind", "firstLineChars")) / 100
    indent = indent or _value(printed.setting(paragraph, "ind", "firstLine")) / 320
    if abs(indent - 2) > 0.1:
        yield say("“{text}”首行应缩进两个字", text=shown)


def judge_page_numbers(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield what is wrong with the page numbers: of odd pages, of even pages, and where they stand."""
    printed = open_printed(artifact.content)
    faults = list(_parity_faults(printed))
    for page in printed.pages[:1]:
        faults.extend(_footer_faults(job, printed, page, "default", "right", say("单页")))
        faults.extend(_footer_faults(job, printed, page, "even", "left", say("双页")))
        if page.find(q("titlePg")) is not None:
            faults.extend(_footer_faults(job, printed, page, "first", "right", say("首页")))
    for page in printed.pages:
        faults.extend(_distance_faults(page))
    yield from (job.report.finding("", fault) for fault in dict.fromkeys(faults))


def _parity_faults(printed: Printed) -> Iterator[Message]:
    settings = printed.part("settings")
    if settings is None or settings.find(q("evenAndOddHeaders")) is None:
        yield say("没有设“奇偶页不同”，双页的页码不会居左")


def _distance_faults(page: Element) -> Iterator[Message]:
    margins = page.find(q("pgMar"))
    if margins is None:
        return
    below = _millimetres(margins, "bottom") - _millimetres(margins, "footer")
    if abs(below - 10) > 2:
        yield say(
            "页脚距下边界应比下边距少约 10 毫米，使页码在版心之下 7 毫米；现在少 {below} 毫米", below=f"{below:.0f}"
        )


def _footer_faults(
    job: Job, printed: Printed, page: Element, kind: str, side: str, pages: Message
) -> Iterator[Message]:
    footer = _footer(printed, page, kind)
    numbered = [one for one in footer.iter(q("p")) if _has_number(one)] if footer is not None else []
    if not numbered:
        yield say("{pages}没有页码", pages=pages)
        return
    paragraph = numbered[0]
    if not NUMBER.fullmatch(words(paragraph)):
        yield say("{pages}的页码印成“{text}”，应为“— 1 —”", pages=pages, text=words(paragraph)[:20])
    if not _stands(printed, paragraph, side):
        where = say("居右空一字") if side == "right" else say("居左空一字")
        yield say("{pages}的页码应{where}", pages=pages, where=where)
    known = (*style_sheet()["fonts"]["宋体"], *chosen_fonts(job.output.options.get("fonts", {})).get("宋体", ()))
    font = printed.font(paragraph, "ascii")
    size = _value(printed.setting(paragraph, "sz", "val", lettering=True)) / 2
    if font not in known or size != NUMBER_SIZE:
        yield say("{pages}的页码应为四号宋体", pages=pages)


def _footer(printed: Printed, page: Element, kind: str) -> Element | None:
    for reference in page.iterchildren(q("footerReference")):
        if reference.get(q("type"), "default") == kind:
            relations = printed.package.relations(printed.package.main)
            name = next((one.target for one in relations if one.id == reference.get(REFERENCE)), "")
            return parse(printed.package.parts[name]) if name in printed.package.parts else None
    return None


def _has_number(paragraph: Element) -> bool:
    codes = [field.get(q("instr"), "") for field in paragraph.iter(q("fldSimple"))]
    codes.append("".join(code.text or "" for code in paragraph.iter(q("instrText"))))
    return any(re.match(r"\s*PAGE\b", code) for code in codes)


def _stands(printed: Printed, paragraph: Element, side: str) -> bool:
    """Tell whether a page number stands on its side, a character from the edge; a frame may hold it at the outside."""
    frame = paragraph.find(f"{q('pPr')}/{q('framePr')}")
    if frame is not None:
        return frame.get(q("xAlign")) in (side, "outside")
    aligned = printed.setting(paragraph, "jc", "val") or "left"
    free = _value(printed.setting(paragraph, "ind", f"{side}Chars")) / 100
    free = free or _value(printed.setting(paragraph, "ind", side)) / 280
    return aligned in (side, {"right": "end", "left": "start"}[side]) and 0.8 <= free <= 1.3
