"""The rules on a document: each finds what is wrong with a template of one's own, and nothing in what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from baogao.model.jobs import Job, Output
from baogao.model.report import Block, Report, Run
from baogao_docx.judging.rules import RULES
from baogao_docx.renderer import DocxRenderer

ROOT = Path(__file__).parents[4]
BY_ID = {rule.id: rule for rule in RULES}
Jobs = Callable[..., Job]
Edit = Callable[[Any], None]


def found(rule: str, job: Job) -> list[tuple[str, str]]:
    """Return the path and the words of what a rule finds in the document of a job."""
    findings = BY_ID[rule].check(job, DocxRenderer().render(job))
    return [(finding.path, str(finding.message)) for finding in findings]


@pytest.fixture
def own_shell(tmp_path: Path) -> Callable[[Edit], Path]:
    """Return what saves the shell with changes."""

    def saved(edit: Edit) -> Path:
        document = docx.Document(str(ROOT / "templates" / "shell.docx"))
        edit(document)
        document.save(str(tmp_path / "shell.docx"))
        return tmp_path / "shell.docx"

    return saved


def table_of(job: Job, section: str) -> Any:
    """Return the table that is drawn for a section, to be put into a template of one's own."""
    from baogao_docx.drawing.sections import draw_section

    drawn = job.report.section(section)
    assert drawn is not None
    return next(one for one in draw_section(drawn) if one.tag == qn("w:tbl"))


@pytest.fixture
def own_table(fragment: Callable[..., Path], yearly: Report, job_of: Jobs) -> Callable[[str, Edit], Job]:
    """Return what makes a job with a template of one's own: the official table with changes and without its name."""

    def made(section: str, edit: Edit) -> Job:
        job = job_of(yearly)
        table = parse_xml(_text(table_of(job, section)))
        table.tblPr.remove(table.tblPr.find(qn("w:tblCaption")))
        ids = {"表头": "TableHead", "表项": "TableStub", "表数": "TableFigure"}
        for style in table.iter(qn("w:pStyle")):
            style.set(qn("w:val"), ids[style.get(qn("w:val"))])
        edit(table)
        path = fragment(
            section,
            "{{ section.title }}",
            edit=lambda document: document.element.body.insert(1, table),
        )
        return job_of(yearly, **{section: path})

    return made


def _text(element: Any) -> str:
    from baogao_docx.ooxml.wordml import xml_text

    return xml_text(element)


@pytest.mark.parametrize("rule", BY_ID)
@pytest.mark.parametrize("options", [{}, {"landscape": "true", "contents": "true", "fonts": {"仿宋": "华文仿宋"}}])
@pytest.mark.parametrize("profile", ["public", "filing"])
def test_what_is_drawn_breaks_no_rule(rule: str, options: dict[str, Any], profile: str, yearly: Report, job_of: Jobs):
    assert found(rule, replace(job_of(yearly), output=Output("docx", profile, options))) == []


def size(document: Any) -> None:
    document.sections[0].page_width = Mm(216)


def margin(document: Any) -> None:
    document.sections[0].top_margin = Mm(25.4)


def title_font(document: Any) -> None:
    document.styles["Title"].element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")


def title_left(document: Any) -> None:
    document.styles["Title"].paragraph_format.alignment = 0


def theme_font(document: Any) -> None:
    fonts = document.styles["公文正文"].element.rPr.rFonts
    del fonts.attrib[qn("w:eastAsia")]
    fonts.set(qn("w:eastAsiaTheme"), "minorEastAsia")


def small(document: Any) -> None:
    document.styles["Heading 2"].font.size = Pt(14)


def loose(document: Any) -> None:
    document.styles["公文正文"].paragraph_format.line_spacing = 1.5


def flush(document: Any) -> None:
    indent = document.styles["公文正文"].element.pPr.ind
    indent.getparent().remove(indent)


@pytest.mark.parametrize(
    ("edit", "path", "words"),
    [
        (size, "", "纸张是 216×297 毫米，应为 A4"),
        (margin, "", "上边距是 25.4 毫米，应为 37 毫米"),
        (title_font, "", "“洛龙区统计局\n202”的字体是宋体，应为小标宋"),
        (title_left, "", "题目“洛龙区统计局\n202”应居中"),
        (theme_font, "others", "“无。”的字体是主题字体，应为仿宋"),
        (small, "overview", "“（一）主动公开”的字号是 14 磅，应为 16 磅"),
        (loose, "others", "“无。”的行距应为固定值 28 至 29 磅"),
        (flush, "others", "“无。”首行应缩进两个字"),
    ],
)
def test_a_layout_of_ones_own_is_measured(
    edit: Edit, path: str, words: str, yearly: Report, job_of: Jobs, own_shell: Callable[[Edit], Path]
):
    assert (path, words) in found("FMT-001", job_of(yearly, shell=own_shell(edit)))


def no_parity(document: Any) -> None:
    document.settings.odd_and_even_pages_header_footer = False


def number_centred(document: Any) -> None:
    document.sections[0].footer.paragraphs[0].alignment = 1


def number_at_the_edge(document: Any) -> None:
    indent = document.sections[0].footer.paragraphs[0]._p.pPr.ind
    indent.getparent().remove(indent)


def number_gone(document: Any) -> None:
    footer = document.sections[0].even_page_footer.paragraphs[0]._p
    footer.remove(footer.find(qn("w:fldSimple")))


def number_plain(document: Any) -> None:
    for run in document.sections[0].footer.paragraphs[0].runs:
        run.text = ""


def number_small(document: Any) -> None:
    document.styles["footer"].font.size = Pt(9)


def number_low(document: Any) -> None:
    document.sections[0].footer_distance = Mm(15)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (no_parity, "没有设“奇偶页不同”，双页的页码不会居左"),
        (number_centred, "单页的页码应居右空一字"),
        (number_at_the_edge, "单页的页码应居右空一字"),
        (number_gone, "双页没有页码"),
        (number_plain, "单页的页码印成“1”，应为“— 1 —”"),
        (number_small, "双页的页码应为四号宋体"),
        (number_low, "页脚距下边界应比下边距少约 10 毫米，使页码在版心之下 7 毫米；现在少 20 毫米"),
    ],
)
def test_page_numbers_of_ones_own_are_judged(
    edit: Edit, words: str, yearly: Report, job_of: Jobs, own_shell: Callable[[Edit], Path]
):
    assert ("", words) in found("FMT-002", job_of(yearly, shell=own_shell(edit)))


def unmerged(table: Any) -> None:
    cell = table.tr_lst[0].tc_lst[1]
    cell.tcPr.remove(cell.tcPr.find(qn("w:gridSpan")))
    for _ in range(6):
        cell.addnext(parse_xml(f"<w:tc {nsdecls('w')}><w:tcPr/><w:p/></w:tc>"))


def may_break(table: Any) -> None:
    table.tr_lst[4].trPr.remove(table.tr_lst[4].trPr.find(qn("w:cantSplit")))


def not_repeated(table: Any) -> None:
    table.tr_lst[2].trPr.remove(table.tr_lst[2].trPr.find(qn("w:tblHeader")))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (unmerged, "表格第1行第4列的合并与官方表格不同"),
        (may_break, "表格第5行可能跨页断开（共 1 行）"),
        (not_repeated, "表头 3 行没有设为在下一页重复"),
    ],
)
def test_a_table_of_ones_own_is_merged_and_broken_as_the_official_one(
    edit: Edit, words: str, own_table: Callable[[str, Edit], Job]
):
    assert found("FMT-003", own_table("requests", lambda _table: None)) == []
    assert found("FMT-003", own_table("requests", edit)) == [("requests", words)]


def test_a_chapter_without_its_table_is_named(yearly: Report, job_of: Jobs, fragment: Callable[..., Path]):
    job = job_of(yearly, disputes=fragment("disputes", "复议{{ cells.review.total }}件"))
    assert found("FMT-003", job) == [("disputes", "没有印成官方的表格")]
    assert found("TAB-004", job) == []


def test_a_table_in_a_narrative_is_not_taken_for_the_official_one(
    yearly: Report, job_of: Jobs, fragment: Callable[..., Path]
):
    disputes = yearly.sections[4]
    grid = Block("grid", rows=(((Run("甲"),), (Run("乙"),)),))
    report = replace(
        yearly, sections=(*yearly.sections[:4], replace(disputes, body=(grid, *disputes.body)), *yearly.sections[5:])
    )
    job = job_of(report, disputes=fragment("disputes", "{{p section.body }}", "复议{{ cells.review.total }}件"))
    assert found("FMT-003", job) == [("disputes", "没有印成官方的表格")]
    assert found("TAB-004", job) == []


def relabel(text: str) -> Edit:
    def edit(table: Any) -> None:
        words = next(one for one in table.iter(qn("w:t")) if one.text == "1.本机关不掌握相关政府信息")
        words.text = text

    return edit


def test_a_label_that_reads_otherwise_is_named_with_its_place(own_table: Callable[[str, Edit], Job]):
    job = own_table("requests", relabel("1.本机关不掌握相关信息"))
    assert found("TAB-003", job) == [
        ("requests", "表格第16行第3列印的是“1.本机关不掌握相关信息”，应为“1.本机关不掌握相关政府信息”")
    ]


@pytest.mark.parametrize("text", ["１．本机关 不掌握相关政府信息", "1.本机关\u3000不掌握相关政府信息"])
def test_widths_and_blanks_of_a_label_do_not_count(text: str, own_table: Callable[[str, Edit], Job]):
    assert found("TAB-003", own_table("requests", relabel(text))) == []


def surplus(table: Any) -> None:
    table.tr_lst[-1].append(parse_xml(f"<w:tc {nsdecls('w')}><w:tcPr/><w:p/></w:tc>"))


def row_gone(table: Any) -> None:
    table.remove(table.tr_lst[1])


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (surplus, "表格第4行有 16 格，官方表格是 15 格"),
        (row_gone, "表格有 3 行，官方表格是 4 行"),
    ],
)
def test_a_cell_or_a_row_too_many_or_too_few_is_named(edit: Edit, words: str, own_table: Callable[[str, Edit], Job]):
    assert found("TAB-004", own_table("disputes", edit)) == [("disputes", words)]
