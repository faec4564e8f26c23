"""The narrative and the values: styles, and every character coming out as it went in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Block, Report, Run, Section, Unit
from baogao.model.tables import Table, TableSpec
from baogao_docx.renderer import DocxRenderer

TEXT = CellType("text")
SPEC = TableSpec("notes", (Band((Node("内容", "value"),), (Node("备注", "remark"),)),), TEXT)
TRAPS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "{_{",
    "}_}",
    "{_%",
    "{{p x }}",
    "&",
    "&amp;",
    "<",
    "]]>",
    "</w:t>",
    "“",
    "\n",
    "\t",
    "  ",
    "\r",
]
characters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="￾￿")
texts = st.lists(st.one_of(st.text(characters), st.sampled_from(TRAPS)), max_size=6).map("".join)


def report_of(*blocks: Block, value: str = "") -> Report:
    table = Table(SPEC, {"notes.remark.value": Cell("notes.remark.value", TEXT, value)})
    sections = (Section("overview", "一、总体情况", blocks), Section("notes", "二、备注", (table,)))
    return Report("disclosure", "2019", 2020, "某局2020年报告", Unit("某局", "department"), sections=sections)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=texts.filter(bool), second=texts.filter(bool), value=texts.filter(bool))
def test_any_text_comes_out_of_the_document_exactly_as_it_went_in(
    first: str, second: str, value: str, job_of: Callable[..., Job]
):
    blocks = (
        Block("paragraph", (Run(first), Run(second, strong=True))),
        Block("heading", (Run(second),), level=2),
        Block("item", (Run(first),), marker="1."),
        Block("grid", rows=(((Run(first),), (Run(second),)),)),
        Block("paragraph", (Run("完"),)),
    )
    job = job_of(report_of(*blocks, value=value))

    printed = DocxRenderer().read_back(DocxRenderer().render(job), job)

    expected = {f"overview#{number}": block.text for number, block in enumerate(blocks, 1)}
    titles = {"": "某局2020年报告", "overview": "一、总体情况", "notes": "二、备注"}
    assert printed == {**titles, **expected, "notes.remark.value": value}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(characters, min_size=1).filter(lambda text: text == text.strip()))
def test_any_title_and_unit_come_out_in_the_text_and_in_the_properties(title: str, job_of: Callable[..., Job]):
    report = replace(report_of(), title=title, unit=Unit(title, "department"))
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job_of(report)).content))

    assert next(one.text for one in document.paragraphs if one.style.name == "Title").replace("\n", "") == title
    assert (document.core_properties.title, document.core_properties.author) == (title, title)


def test_blocks_are_set_in_the_styles_of_the_shell(yearly: Report, job_of: Callable[..., Job]):
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job_of(yearly)).content))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}

    assert styles["洛龙区统计局\n2020年政府信息公开工作年度报告"] == "Title"
    assert styles["（2021年1月20日）"] == "Subtitle"
    assert styles["一、总体情况"] == "Heading 1"
    assert styles["（一）主动公开"] == "Heading 2"
    assert styles["1.网站"] == "Heading 3"
    assert styles["（1）首页"] == "Heading 4"
    assert styles["1.统计数据50篇；"] == "公文正文"


def test_strong_and_emphasis_are_bold_and_italic(job_of: Callable[..., Job]):
    block = Block("paragraph", (Run("甲", strong=True), Run("乙", emphasis=True), Run("丙")))
    content = DocxRenderer().render(job_of(report_of(block))).content
    paragraph = next(one for one in docx.Document(io.BytesIO(content)).paragraphs if one.text == "甲乙丙")

    assert [(run.bold, run.italic) for run in paragraph.runs] == [(True, None), (None, True), (None, None)]


@pytest.mark.parametrize("draft", [True, False])
def test_only_a_draft_is_marked_in_the_text_and_on_each_page(draft: bool, yearly: Report, job_of: Callable[..., Job]):
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job_of(yearly, draft=draft)).content))
    section = document.sections[0]
    heads = [part.paragraphs[0].text for part in (section.header, section.even_page_header)]

    assert heads == (["草稿", "草稿"] if draft else ["", ""])
    assert ("（草稿）" in [paragraph.text for paragraph in document.paragraphs]) is draft


def test_a_report_without_a_date_has_no_date_line(yearly: Report, job_of: Callable[..., Job]):
    content = DocxRenderer().render(job_of(replace(yearly, date=None))).content
    assert "（）" not in [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_a_section_without_a_title_has_no_heading(yearly: Report, job_of: Callable[..., Job]):
    content = DocxRenderer().render(job_of(yearly)).content
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert texts[texts.index("一、总体情况") - 1] == yearly.sections[0].blocks[0].text


def test_the_artifact_is_named_and_typed_as_a_docx(yearly: Report, job_of: Callable[..., Job]):
    made = DocxRenderer().render(job_of(yearly))
    assert replace(made, content=b"") == Artifact(
        "报告", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b""
    )


def test_a_line_end_and_a_tab_in_a_value_are_those_of_word(job_of: Callable[..., Job]):
    content = DocxRenderer().render(job_of(report_of(value="甲\n乙\t丙"))).content
    cell: Any = docx.Document(io.BytesIO(content)).tables[0].cell(1, 1)
    assert (cell._tc.xpath("count(.//w:br)"), cell._tc.xpath("count(.//w:tab)")) == (1, 1)
    assert cell.text == "甲\n乙\t丙"


def test_tables_of_a_narrative_are_parted_by_a_paragraph(job_of: Callable[..., Job]):
    grid = Block("grid", rows=(((Run("甲"),),),))
    content = DocxRenderer().render(job_of(report_of(grid, grid))).content
    body: Any = docx.Document(io.BytesIO(content)).element.body
    assert body.xpath("count(w:tbl)") == 3
    assert body.xpath("count(w:tbl/following-sibling::*[1][self::w:tbl])") == 0
