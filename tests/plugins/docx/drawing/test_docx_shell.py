"""The shell people edit in Word: drawn from styles.yaml, laid out as GB/T 9704—2012 asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from baogao_docx.drawing.shell import SHELLS, draw_shell

TEMPLATES = Path(__file__).parents[4] / "templates"
SHELL = TEMPLATES / "shell.docx"


@pytest.mark.parametrize(("profile", "name"), SHELLS.items())
def test_the_committed_shells_are_those_that_styles_yaml_draws(profile: str, name: str):
    assert (TEMPLATES / name).read_bytes() == draw_shell(profile), "python -m baogao_docx.drawing.shell templates"


@pytest.mark.parametrize(
    ("name", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
        ("公文正文", "仿宋_GB2312", 16),
        ("主送机关", "仿宋_GB2312", 16),
        ("落款", "仿宋_GB2312", 16),
        ("附件说明", "仿宋_GB2312", 16),
        ("表题", "黑体", 12),
        ("表头", "仿宋_GB2312", 10.5),
        ("表项", "仿宋_GB2312", 10.5),
        ("表数", "仿宋_GB2312", 10.5),
    ],
)
def test_each_named_style_has_its_font_for_chinese_and_for_latin_and_its_size(name: str, font: str, size: float):
    style: Any = docx.Document(str(SHELL)).styles[name]
    fonts = style.element.rPr.rFonts

    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert style.font.size.pt == size
    assert not style.font.bold


@pytest.mark.parametrize("name", ["公文正文", "Heading 1", "Heading 2", "Heading 3", "Heading 4"])
def test_paragraphs_and_headings_begin_two_characters_in_and_keep_the_line_pitch(name: str):
    properties: Any = docx.Document(str(SHELL)).styles[name].element.pPr

    assert properties.ind.get(qn("w:firstLineChars")) == "200"
    assert (properties.spacing.get(qn("w:line")), properties.spacing.get(qn("w:lineRule"))) == ("579", "exact")


def test_the_page_is_a4_with_22_lines_in_the_margins_of_the_standard():
    section: Any = docx.Document(str(SHELL)).sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))

    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round(section.footer_distance.mm) == 25
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert 22 * 579 <= section.page_height.twips - section.top_margin.twips - section.bottom_margin.twips < 23 * 579


def test_odd_pages_are_numbered_on_the_right_and_even_pages_on_the_left():
    document: Any = docx.Document(str(SHELL))
    section = document.sections[0]
    footers = [section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]]

    assert document.settings.odd_and_even_pages_header_footer
    assert [footer._p.xpath("string(w:pPr/w:jc/@w:val)") for footer in footers] == ["right", "left"]
    assert [footer._p.xpath("string(w:pPr/w:ind/@w:rightChars)") for footer in footers] == ["100", ""]
    assert [footer._p.xpath("string(w:pPr/w:ind/@w:leftChars)") for footer in footers] == ["", "100"]
    assert [footer._p.xpath("string(w:fldSimple/@w:instr)") for footer in footers] == ["PAGE", "PAGE"]
    assert [footer._p.xpath("string(.)") for footer in footers] == ["— 1 —", "— 1 —"]


def test_the_language_is_chinese():
    styles = docx.Document(str(SHELL)).styles.element
    assert styles.xpath("string(w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:eastAsia)") == "zh-CN"


def test_no_style_lets_libreoffice_hang_punctuation_over_the_edge_where_it_is_lost():
    styles = docx.Document(str(SHELL)).styles.element
    named = styles.xpath("w:style[@w:type='paragraph']")
    assert [style.xpath("string(w:pPr/w:overflowPunct/@w:val)") for style in named] == ["1"] * len(named)
