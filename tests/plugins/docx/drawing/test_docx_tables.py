"""The official tables as a reader of the document finds them: merges, labels, widths, head rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.jobs import Job
from baogao.model.report import Block, Report, Run, Section, Unit
from baogao.model.tables import Table, TableSpec
from baogao_docx.drawing.sections import column_widths
from baogao_docx.renderer import DocxRenderer

TEXT = CellType("text")
LIST = TableSpec("fees", (Band((Node("名称", "name", key=True), Node("金额", "amount"))),), TEXT)


@pytest.fixture
def tables(yearly: Report, job_of: Callable[..., Job]) -> dict[str, Any]:
    """Return the tables of the printed report by their captions."""
    content = DocxRenderer().render(job_of(yearly)).content
    found: Any = docx.Document(io.BytesIO(content)).tables
    captions = {table._tbl.xpath("string(w:tblPr/w:tblCaption/@w:val)"): table for table in found}
    return {caption: table for caption, table in captions.items() if caption}


def test_the_three_tables_have_the_rows_and_columns_of_the_official_form(tables: dict[str, Any]):
    sizes = {name: (len(table.rows), len(table.columns)) for name, table in tables.items()}
    assert sizes == {"proactive": (18, 4), "requests": (26, 10), "disputes": (4, 15)}


def test_every_cell_of_the_grid_reads_as_its_label_or_its_number(tables: dict[str, Any], yearly: Report):
    for name, table in tables.items():
        section = yearly.section(name)
        assert section is not None
        cells = {path: cell.text() for path, cell in section.tables[0].cells.items()}
        for slot in section.tables[0].grid():
            corners = {(slot.row, slot.column), (slot.row + slot.height - 1, slot.column + slot.width - 1)}
            texts = {table.cell(*corner).text.replace("\n", "") for corner in corners}
            assert texts == {cells.get(slot.path, slot.text)}


def test_labels_of_the_third_chapter_are_merged_as_in_the_official_form(tables: dict[str, Any]):
    table = tables["requests"]

    assert table.cell(0, 0)._tc is table.cell(2, 2)._tc
    assert table.cell(5, 0)._tc is table.cell(24, 0)._tc
    assert table.cell(5, 0)._tc is not table.cell(25, 0)._tc
    assert table.cell(5, 0).text == "三、本年度办理结果"
    assert table.cell(7, 1)._tc is table.cell(14, 1)._tc
    assert table.cell(7, 1)._tc is not table.cell(15, 1)._tc


def test_a_short_label_of_two_lines_is_broken_after_its_number(tables: dict[str, Any]):
    labels = {table.text for row in tables["requests"].rows for table in row.cells if "\n" in table.text}
    assert labels == {"（三）\n不予公开", "（四）\n无法提供", "（五）\n不予处理"}


def test_every_table_is_as_wide_as_the_text(tables: dict[str, Any]):
    for table in tables.values():
        widths = [int(width) for width in table._tbl.xpath("w:tblGrid/w:gridCol/@w:w")]
        assert 8844 - 15 <= sum(widths) <= 8845
        for row in table._tbl.tr_lst:
            assert sum(int(width) for width in row.xpath("w:tc/w:tcPr/w:tcW/@w:w")) == sum(widths)


def test_label_columns_of_the_third_chapter_leave_most_of_the_width_for_the_figures(yearly: Report):
    section = yearly.section("requests")
    assert section is not None
    widths = [width * 25.4 / 1440 for width in column_widths(section.tables[0].grid())]

    assert [round(width) for width in widths[:3]] == [6, 16, 48]
    assert 85 <= sum(widths[3:]) < 87
    assert len(set(widths[3:])) == 1


def test_head_rows_repeat_on_the_next_page_unless_they_head_only_a_band(tables: dict[str, Any]):
    repeated = {name: len(table._tbl.xpath("w:tr[w:trPr/w:tblHeader]")) for name, table in tables.items()}
    assert repeated == {"proactive": 0, "requests": 3, "disputes": 3}


def test_no_row_is_cut_by_the_end_of_a_page(tables: dict[str, Any]):
    for table in tables.values():
        assert len(table._tbl.xpath("w:tr[w:trPr/w:cantSplit]")) == len(table.rows)


def test_borders_are_single_black_lines_of_half_a_point(tables: dict[str, Any]):
    for table in tables.values():
        sides = table._tbl.xpath("w:tblPr/w:tblBorders/*")
        looks = {(side.get(qn("w:val")), side.get(qn("w:sz")), side.get(qn("w:color"))) for side in sides}
        assert (len(sides), looks) == (6, {("single", "4", "000000")})


def test_heads_labels_and_figures_are_set_in_their_styles(tables: dict[str, Any]):
    table = tables["requests"]
    styles = [table.cell(*place).paragraphs[0].style.name for place in ((0, 3), (3, 0), (3, 3))]
    assert styles == ["表头", "表项", "表数"]


def test_an_upright_label_stands_in_a_column_one_character_wide(tables: dict[str, Any]):
    layout = tables["requests"].cell(5, 0).paragraphs[0]._p.pPr
    assert layout.xpath("string(w:kinsoku/@w:val)") == "0"
    assert int(tables["requests"]._tbl.xpath("w:tblGrid/w:gridCol/@w:w")[0]) < 2 * 9 * 20


@pytest.mark.parametrize("key", ["登记费", '引号"', "{{ x }}", "a’b”c", "反斜\\杠", "<b>&", "𠮷"])
def test_rows_of_a_list_are_found_by_their_keys_whatever_these_hold(key: str, job_of: Callable[..., Job]):
    values = {"name": key, "amount": "12.50"}
    cells = {f"fees.{key}.{name}": Cell(f"fees.{key}.{name}", TEXT, value) for name, value in values.items()}
    report = Report(
        "disclosure",
        "2019",
        2020,
        "报告",
        Unit("某局", "department"),
        sections=(Section("fees", "收费", (Table(LIST, cells),)),),
    )

    content = DocxRenderer().render(job_of(report)).content
    table = docx.Document(io.BytesIO(content)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["名称", "金额"], [key, "12.50"]]


@pytest.mark.parametrize("label", ["{{ report.title }}", "{% if %}", "{#注#}", "{_{ x }_}", "“引”{’}", "a < b & c"])
def test_a_label_is_printed_as_it_stands_and_never_run(label: str, job_of: Callable[..., Job]):
    spec = TableSpec("fees", (Band((Node(label, "amount"),), (Node("费用", "fee"),)),), TEXT)
    cells = {"fees.fee.amount": Cell("fees.fee.amount", TEXT, "1")}
    report = Report(
        "f", "1", 2020, "报告", Unit("某局", "department"), sections=(Section("fees", "收费", (Table(spec, cells),)),)
    )

    content = DocxRenderer().render(job_of(report)).content
    assert docx.Document(io.BytesIO(content)).tables[0].cell(0, 1).text == label


def grid(*rows: tuple[str, ...]) -> Block:
    return Block("grid", rows=tuple(tuple((Run(text),) for text in row) for row in rows))


def test_a_simple_table_repeats_its_head_and_is_as_wide_as_it_has_to_say(yearly: Report, job_of: Callable[..., Job]):
    rows = (
        ("序号", "公开的内容", "篇数"),
        *((str(n), "机构职能、领导分工和办事指南的更新", "123456") for n in range(30)),
    )
    report = replace(yearly, sections=(Section("overview", "一、总体情况", (grid(*rows),)),))
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job_of(report)).content))
    (drawn,) = document.tables
    number, content, count = (int(column.get(qn("w:w"))) for column in drawn._tbl.tblGrid)

    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in drawn.rows] == [True, *[False] * 30]
    assert {cell.paragraphs[0].style.name for cell in drawn.rows[0].cells} == {"表头"}
    assert {cell.paragraphs[0].style.name for row in drawn.rows[1:] for cell in row.cells} == {"表项"}
    assert number + content + count == 8844
    assert content > 2 * count
    assert count > number
    assert number >= 2 * 210 + 2 * 57


def test_the_columns_of_a_simple_table_are_alike_where_their_words_are(yearly: Report, job_of: Callable[..., Job]):
    one = Section("overview", "一、总体情况", (grid(("甲", "乙", "丙", "丁")),))
    report = replace(yearly, sections=(one,))
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job_of(report)).content))

    assert {int(column.get(qn("w:w"))) for column in document.tables[0]._tbl.tblGrid} == {2211}
