"""The document as GB/T 9704—2012 asks for it, measured in the file that is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

import baogao
from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.jobs import Job, Output
from baogao.model.report import Report, Section, Unit
from baogao.model.tables import Table, TableSpec
from baogao_docx.drawing.titles import break_title
from baogao_docx.renderer import DocxRenderer

EXAMPLES = Path(__file__).parents[3] / "examples"
MILLIMETRE = 1440 / 25.4
Jobs = Callable[..., Job]


def drawn(job: Job, **options: Any) -> bytes:
    """Return the document of a job with options of report.yaml."""
    profile = options.pop("profile", "")
    return DocxRenderer().render(replace(job, output=Output("docx", profile, options))).content


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def parts(content: bytes) -> Mapping[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(params=["yearly", "luolong-2020", "example-2024"])
def any_year(request: pytest.FixtureRequest, yearly: Report) -> Report:
    """Return a report of each edition."""
    return yearly if request.param == "yearly" else baogao.load(EXAMPLES / request.param)


def official(document: Any) -> dict[str, Any]:
    """Return the official tables by their section."""
    named = ((table._tbl.xpath("string(w:tblPr/w:tblCaption/@w:val)"), table) for table in document.tables)
    return {name: table for name, table in named if name}


@pytest.mark.parametrize("profile", ["public", "filing"])
def test_every_page_is_a4_in_the_margins_of_the_standard(profile: str, any_year: Report, job_of: Jobs):
    (section,) = opened(drawn(job_of(any_year), profile=profile)).sections
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert [round(margin.mm, 1) for margin in margins] == [37, 35, 28, 26]


def test_a_line_holds_28_characters_and_a_page_22_lines(any_year: Report, job_of: Jobs):
    document = opened(drawn(job_of(any_year)))
    style, page = document.styles["公文正文"], document.sections[0]
    spacing = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    width = page.page_width.pt - page.left_margin.pt - page.right_margin.pt
    height = page.page_height.pt - page.top_margin.pt - page.bottom_margin.pt

    assert width // (style.font.size.pt + spacing) == 28
    assert style.paragraph_format.line_spacing.pt * 22 <= height < style.paragraph_format.line_spacing.pt * 22.1
    assert style.element.pPr.spacing.get(qn("w:lineRule")) == "exact"


def test_the_page_number_stands_7_millimetres_below_the_text(any_year: Report, job_of: Jobs):
    document = opened(drawn(job_of(any_year)))
    page, style = document.sections[0], document.styles["footer"]
    middle = style.paragraph_format.line_spacing.mm / 2

    assert page.bottom_margin.mm - page.footer_distance.mm - middle == pytest.approx(7, abs=0.5)
    assert (style.font.size.pt, style.element.rPr.rFonts.get(qn("w:ascii"))) == (14, "宋体")


def test_fonts_come_from_named_styles_only_and_none_is_embedded(any_year: Report, job_of: Jobs):
    made = parts(drawn(job_of(any_year)))

    assert "w:rFonts" not in made["word/document.xml"]
    assert "w:embed" not in "".join(made.values())
    assert not [name for name in made if "fonts/" in name]


def test_the_properties_of_the_file_come_from_the_report(yearly: Report, job_of: Jobs):
    properties = opened(drawn(job_of(yearly))).core_properties

    assert (properties.title, properties.author) == (yearly.title, "洛龙区统计局")
    assert properties.created.date() == date(2021, 1, 20)
    assert properties.language == "zh-CN"


@pytest.mark.parametrize(
    ("title", "unit", "lines"),
    [
        ("某局2020年政府信息公开工作年度报告", "某局", ["某局2020年政府信息公开工作年度报告"]),
        (
            "洛龙区统计局2020年政府信息公开工作年度报告",
            "洛龙区统计局",
            ["洛龙区统计局", "2020年政府信息公开工作年度报告"],
        ),
        (
            "中国（河南）自由贸易试验区洛阳片区管理委员会综合协调局2024年政府信息公开工作年度报告",
            "中国（河南）自由贸易试验区洛阳片区管理委员会综合协调局",
            ["中国（河南）自由贸易试验区", "洛阳片区管理委员会综合协调局", "2024年政府信息公开工作年度报告"],
        ),
        (
            "关于报送2020年政府信息公开工作年度报告和专项统计情况的报告",
            "某局",
            ["关于报送2020年政府信息公开工作年度报告", "和专项统计情况的报告"],
        ),
    ],
)
def test_a_long_title_is_broken_between_words_and_best_after_the_unit(title: str, unit: str, lines: list[str]):
    assert break_title(title, unit).split("\n") == lines


@pytest.mark.parametrize("length", range(20, 65))
def test_no_line_of_a_title_is_an_orphan_and_none_is_too_long(length: int):
    title = "关于政府信息公开工作有关情况的说明和统计报告" * 3
    lines = break_title(title[:length], "某局").split("\n")
    assert "".join(lines) == title[:length]
    assert all(3 <= len(line) <= 19 for line in lines)


def test_a_title_without_any_known_word_has_lines_of_equal_length():
    assert [len(line) for line in break_title("甲" * 20, "乙").split("\n")] == [10, 10]


def test_the_title_is_broken_by_a_line_end_within_its_paragraph(yearly: Report, job_of: Jobs):
    (title,) = [one for one in opened(drawn(job_of(yearly))).paragraphs if one.style.name == "Title"]

    assert title.text == "洛龙区统计局\n2020年政府信息公开工作年度报告"
    assert title.alignment is None
    assert title.style.paragraph_format.alignment == 1


def column_room(table: Any, column: int) -> float:
    """Return the room for words in a column, in points."""
    margins = [int(width) for width in table._tbl.xpath("w:tblPr/w:tblCellMar/*[self::w:left or self::w:right]/@w:w")]
    return (int(table._tbl.xpath("w:tblGrid/w:gridCol/@w:w")[column]) - sum(margins)) / 20


@pytest.mark.parametrize("landscape", ["true", "false"])
def test_no_column_of_figures_is_too_narrow_for_six_digits(landscape: str, any_year: Report, job_of: Jobs):
    document = opened(drawn(job_of(any_year), landscape=landscape))
    for name, table in official(document).items():
        section = any_year.section(name)
        assert section is not None
        for slot in (slot for slot in section.tables[0].grid() if slot.path):
            run = table.cell(slot.row, slot.column).paragraphs[0].runs[0]
            size = (run.font.size or document.styles["表数"].font.size).pt
            assert 6 * size / 2 <= column_room(table, slot.column)


def test_labels_take_three_lines_at_most_and_the_upright_one_a_character_a_line(any_year: Report, job_of: Jobs):
    table = official(opened(drawn(job_of(any_year))))["requests"]
    section = any_year.section("requests")
    assert section is not None
    for slot in (slot for slot in section.tables[0].grid() if slot.role == "stub"):
        room = sum(column_room(table, slot.column + offset) for offset in range(slot.width))
        characters = 1 if slot.upright else len(slot.text) / 3
        assert room >= characters * 9
        assert room < 2 * 9 or not slot.upright


def free_rows(table: Any) -> list[int]:
    """Return the rows after which a page may end."""
    rows = enumerate(table._tbl.tr_lst)
    return [
        number
        for number, row in rows
        if row.xpath("count(.//w:p[not(w:pPr/w:keepNext)])") == row.xpath("count(.//w:p)")
    ]


def test_a_table_that_a_page_holds_stands_whole_on_one_page_with_its_heading(any_year: Report, job_of: Jobs):
    tables = official(opened(drawn(job_of(any_year))))
    assert list(tables) == ["proactive", "requests", "disputes"]
    for table in tables.values():
        heights = [int(height) for height in table._tbl.xpath("w:tr/w:trPr/w:trHeight/@w:val")]
        assert free_rows(table) == [len(heights) - 1]
        assert sum(heights) < 21 * 579
        assert table._tbl.getprevious().getprevious().xpath("string(w:pPr/w:pStyle/@w:val)") == "Heading1"


def long_report(*bands: Band) -> Report:
    """Return a report with one table of these bands."""
    kind = CellType("text")
    spec = TableSpec("long", bands, kind)
    cells = {cell.path: Cell(cell.path, kind, "1") for cell in spec.cells}
    section = Section("long", "长表", (Table(spec, cells),))
    return Report("f", "1", 2020, "报告", Unit("某局", "other"), sections=(section,))


def rows(group: int, count: int) -> tuple[Node, ...]:
    return tuple(Node(f"第{row}行", f"r{group}_{row}") for row in range(count))


def test_a_longer_table_in_bands_is_parted_only_where_a_band_ends(job_of: Jobs):
    bands = [Band((Node("数", f"n{band}"),), rows(band, 10), f"第{band}项") for band in range(5)]
    table = official(opened(drawn(job_of(long_report(*bands)))))["long"]
    assert free_rows(table) == [11, 23, 35, 47, 59]


def test_a_table_longer_than_a_page_repeats_its_head_and_keeps_its_groups_whole(job_of: Jobs):
    groups = tuple(Node(f"第{group}组", children=rows(group, 12)) for group in range(6))
    table = official(opened(drawn(job_of(long_report(Band((Node("数", "n"),), groups))))))["long"]

    assert free_rows(table) == [12, 24, 36, 48, 60, 72]
    assert len(table._tbl.xpath("w:tr[w:trPr/w:tblHeader]")) == 1


def test_headings_build_the_navigation_pane_and_stay_with_what_follows(yearly: Report, job_of: Jobs):
    document = opened(drawn(job_of(yearly)))
    levels = [
        int(document.styles[f"Heading {number}"].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")))
        for number in (1, 2, 3, 4)
    ]

    assert levels == [0, 1, 2, 3]
    assert all(document.styles[f"Heading {number}"].paragraph_format.keep_with_next for number in (1, 2, 3, 4))
    chapters = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert chapters == [section.title for section in yearly if section.title]


def test_other_fonts_stand_in_the_styles_and_in_the_table_of_fonts(yearly: Report, job_of: Jobs):
    made = parts(drawn(job_of(yearly), fonts={"小标宋": "方正小标宋_GBK", "仿宋": ["仿宋", "华文仿宋"]}))
    document = opened(drawn(job_of(yearly), fonts={"小标宋": "方正小标宋_GBK", "仿宋": ["仿宋", "华文仿宋"]}))

    fonts = {name: document.styles[name].element.rPr.rFonts for name in ("Title", "公文正文", "Heading 1")}
    assert [font.get(qn("w:eastAsia")) for font in fonts.values()] == ["方正小标宋_GBK", "仿宋", "黑体"]
    assert "仿宋_GB2312" not in "".join(made.values())
    assert '<w:font w:name="仿宋"><w:altName w:val="华文仿宋"/></w:font>' in made["word/fontTable.xml"]
    assert "方正小标宋简体" not in "".join(made.values())


def test_without_other_fonts_each_has_one_to_fall_back_on(yearly: Report, job_of: Jobs):
    table = parts(drawn(job_of(yearly)))["word/fontTable.xml"]
    for name, other in (("方正小标宋简体", "方正小标宋_GBK"), ("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体")):
        assert f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' in table


def test_a_table_of_contents_has_dots_and_a_field_for_each_page_number(yearly: Report, job_of: Jobs):
    document = opened(drawn(job_of(yearly), contents="true"))
    entries = [one for one in document.paragraphs if one.style.name == "toc 1"]
    codes = document.element.body.xpath("//w:instrText/text()")

    titled = [section for section in yearly if section.title]
    assert [entry._p.xpath("string(w:hyperlink/w:r/w:t)") for entry in entries] == [section.title for section in titled]
    assert {len(entry._p.xpath("w:hyperlink/w:r/w:tab")) for entry in entries} == {1}
    assert entries[0].style.element.xpath("string(//w:style[@w:styleId='TOC1']//w:tab/@w:leader)") == "middleDot"
    assert [entry._p.xpath("string(w:hyperlink/@w:anchor)") for entry in entries] == [one.id for one in titled]
    assert [code.split() for code in codes] == [["PAGEREF", one.id, "\\h"] for one in titled]
    assert document.element.body.xpath("//w:fldChar/@w:fldCharType") == ["begin", "separate", "end"] * len(titled)


def test_the_contents_of_a_paper_to_be_filed_follow_its_addressee(yearly: Report, job_of: Jobs):
    job = replace(job_of(yearly), output=Output("docx", "filing", {"to": "洛龙区人民政府", "contents": "true"}))
    document = opened(DocxRenderer().render(job).content)
    styles = [one.style.name for one in document.paragraphs if one.text and one.style.name != "toc 1"]

    assert styles[:4] == ["Title", "主送机关", "目录题", "公文正文"]


@pytest.mark.parametrize("wanted", ["false", ""])
def test_there_are_no_contents_unless_they_are_asked_for(wanted: str, yearly: Report, job_of: Jobs):
    options = {"contents": wanted} if wanted else {}
    assert "PAGEREF" not in parts(drawn(job_of(yearly), **options))["word/document.xml"]


def test_the_wide_table_may_have_a_page_across(any_year: Report, job_of: Jobs):
    document = opened(drawn(job_of(any_year), landscape="true"))
    sizes = [(round(one.page_width.mm), round(one.page_height.mm)) for one in document.sections]
    across = document.sections[1]
    margins = [across.top_margin, across.bottom_margin, across.left_margin, across.right_margin]
    table = official(document)["disputes"]

    assert sizes == [(210, 297), (297, 210), (210, 297)]
    assert [round(margin.mm) for margin in margins] == [28, 26, 35, 37]
    assert round(across.bottom_margin.mm - across.footer_distance.mm) == 10
    assert sum(map(int, table._tbl.xpath("w:tblGrid/w:gridCol/@w:w"))) / MILLIMETRE == pytest.approx(225, abs=0.5)


def test_a_page_across_at_the_end_is_followed_by_no_empty_page(yearly: Report, job_of: Jobs):
    ended = replace(yearly, sections=yearly.sections[:5])
    sizes = [round(one.page_width.mm) for one in opened(drawn(job_of(ended), landscape="true")).sections]
    assert sizes == [210, 297]
