"""Templates that departments save in Word: put into the shell, or refused with the place of every fault."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from baogao import Finding, Location, TemplateError
from baogao.model.jobs import Job
from baogao.model.report import Report
from baogao_docx.renderer import DocxRenderer

SHELL = Path(__file__).parents[4] / "templates" / "shell.docx"
W = nsdecls("w")


def render(job: Job) -> Any:
    return docx.Document(io.BytesIO(DocxRenderer().render(job).content))


def faults(job: Job) -> list[tuple[str, str]]:
    """Return the rules and messages of what is wrong with the templates of a job."""
    with pytest.raises(TemplateError) as caught:
        DocxRenderer().render(job)
    return [(finding.rule, finding.message) for finding in caught.value.findings]


def test_a_fragment_takes_the_place_of_the_drawn_section(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment(
        "others", "本章：{{ section.title }}", "{{p section.body }}", "共{{ requests.new_received.total }}件。"
    )
    texts = [paragraph.text for paragraph in render(job_of(yearly, others=own)).paragraphs]

    assert texts[-3:] == ["本章：六、其他需要报告的事项", "无。", "共106件。"]


def test_a_fragment_names_the_cells_of_its_own_section_by_row_and_column(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("disputes", "复议{{ cells.review.total }}件", "诉讼{{ disputes.litigation_direct.total }}件")
    texts = [paragraph.text for paragraph in render(job_of(yearly, disputes=own)).paragraphs]

    assert texts[texts.index("复议104件") :][:2] == ["复议104件", "诉讼109件"]


def test_a_tag_that_word_split_into_runs_is_filled(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def split(document: Any) -> None:
        paragraph = document.add_paragraph(style="公文正文")
        for part in ("{", "{ sec", "tion.title", " }", "}。"):
            paragraph.add_run(part)

    assert "六、其他需要报告的事项。" in [
        paragraph.text for paragraph in render(job_of(yearly, others=fragment("others", edit=split))).paragraphs
    ]


def test_a_loop_over_nothing_leaves_no_empty_table(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def loop(document: Any) -> None:
        table = document.add_table(3, 1)
        for cell, text in zip(
            table.columns[0].cells, ("{%tr for x in others %}", "{{ x }}", "{%tr endfor %}"), strict=True
        ):
            cell.text = text

    document = render(job_of(yearly, others=fragment("others", edit=loop)))
    assert all(table.rows for table in document.tables)


def test_a_cell_whose_only_paragraph_was_a_condition_keeps_one_as_word_asks(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def condition(document: Any) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "{%p if not report.date %}"
        cell.add_paragraph("没有日期")
        cell.add_paragraph("{%p endif %}")

    document = render(job_of(yearly, others=fragment("others", edit=condition)))
    assert document.tables[-1].cell(0, 0).text == ""
    assert all(cell.p_lst for table in document.tables for cell in table._tbl.iter_tcs())


def test_a_template_prints_tags_that_are_written_with_an_underscore(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("others", "写作{_{ section.title }_}、{_% if %_}")
    assert render(job_of(yearly, others=own)).paragraphs[-1].text == "写作{{ section.title }}、{% if %}"


def test_what_word_notes_for_itself_does_not_come_along(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    later = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    start, end = "<w:bookmarkStart w:id='1' w:name='_GoBack'/>", "<w:bookmarkEnd w:id='1'/>"
    looks = "<w:rPr><w14:ligatures w14:val='none'/></w:rPr>"

    def note(document: Any) -> None:
        xml = f"<w:p {W} {later} w14:paraId='00000001' w:rsidR='00112233'>{start}<w:proofErr w:type='spellStart'/>"
        document.element.body.insert(0, parse_xml(f"{xml}<w:r>{looks}<w:t>甲</w:t></w:r>{end}</w:p>"))

    document = render(job_of(yearly, others=fragment("others", edit=note)))
    printed = next(paragraph for paragraph in document.paragraphs if paragraph.text == "甲")._p
    assert [etree.QName(part).localname for part in printed.iter()] == ["p", "r", "rPr", "t"]
    assert dict(printed.attrib) == {}


def test_bookmarks_of_the_sections_are_told_apart(yearly: Report, job_of: Callable[..., Job]):
    marks = render(job_of(yearly)).element.body.xpath("//w:bookmarkStart")
    numbers = [mark.get(qn("w:id")) for mark in marks]
    names = [mark.get(qn("w:name")) for mark in marks]

    assert len(set(numbers)) == len(numbers)
    assert names == [
        "report", "preface", "preface_text", "overview", "overview_title", "overview_text", "proactive",
        "proactive_title", "requests", "requests_title", "disputes", "disputes_title", "problems", "problems_title",
        "problems_text", "others", "others_title", "others_text",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "xml"),
    [
        ("自动编号", "<w:p {}><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>"),
        ("脚注", "<w:p {}><w:r><w:t>甲</w:t><w:footnoteReference w:id='1'/></w:r></w:p>"),
        ("尾注", "<w:p {}><w:r><w:t>甲</w:t><w:endnoteReference w:id='1'/></w:r></w:p>"),
        ("图片", "<w:p {}><w:r><w:t>甲</w:t><w:drawing/></w:r></w:p>"),
        ("嵌入对象", "<w:p {}><w:r><w:t>甲</w:t><w:object/></w:r></w:p>"),
        ("超链接", "<w:p {}><w:hyperlink w:anchor='x'><w:r><w:t>甲</w:t></w:r></w:hyperlink></w:p>"),
        ("域", "<w:p {}><w:fldSimple w:instr='DATE'><w:r><w:t>甲</w:t></w:r></w:fldSimple></w:p>"),
        ("批注", "<w:p {}><w:commentRangeStart w:id='1'/><w:r><w:t>甲</w:t></w:r></w:p>"),
        ("修订", "<w:p {}><w:ins w:id='1' w:author='x'><w:r><w:t>甲</w:t></w:r></w:ins></w:p>"),
        ("修订", "<w:p {}><w:r><w:t>甲</w:t></w:r><w:del w:id='1' w:author='x'/></w:p>"),
        ("内容控件", "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:sdtContent></w:sdt>"),
        ("分节符", "<w:p {}><w:pPr><w:sectPr/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>"),
        ("隐藏文字", "<w:p {}><w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t></w:r></w:p>"),
        (
            "图形、公式等嵌入内容",
            "<w:p {} xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'><w:r><w:t>甲</w:t></w:r><m:oMath/></w:p>",
        ),
    ],
)
def test_what_a_fragment_cannot_bring_along_is_refused_with_its_paragraph(
    what: str, xml: str, yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def add(document: Any) -> None:
        document.element.body.insert(1, parse_xml(xml.replace("{}", W)))

    own = fragment("others", "第一段", "第三段", edit=add)
    with pytest.raises(TemplateError) as caught:
        DocxRenderer().render(job_of(yearly, others=own))

    shown = "" if what == "内容控件" else "甲"
    place = Location("others.docx")
    expected = f"模板 others.docx 第2段“{shown}”：章节模板里不能有{what}"
    if what == "内容控件":
        assert [finding.rule for finding in caught.value.findings] == ["TPL-004"]
        assert what in caught.value.findings[0].message
    else:
        assert caught.value.findings == (Finding(expected, "others", "TPL-004", location=place),)


def test_headers_of_a_fragment_are_refused(yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]):
    def add(document: Any) -> None:
        section = document.sections[0]
        section.header.paragraphs[0].text = "页眉"

    own = fragment("others", "第一段", edit=add)
    assert ("TPL-004", "模板 others.docx 第1段“第一段”：章节模板里不能有页眉") in faults(job_of(yearly, others=own))


def test_a_style_that_the_shell_does_not_have_refuses_the_fragment(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def add(document: Any) -> None:
        document.styles.add_style("花样", 1)
        document.add_paragraph("第二段", style="花样")

    assert faults(job_of(yearly, others=fragment("others", "第一段", edit=add))) == [
        (
            "TPL-004",
            "模板 others.docx 第2段“第二段”：外壳 shell.docx 里没有样式“花样”；改用外壳里有的样式，或把它加到外壳里",
        )
    ]


def test_all_faults_of_all_templates_come_at_once_each_with_its_paragraph(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    one = fragment("others", "好的一段", "{{ report.titel }}", "{{ requests.nothing.total }}")
    two = fragment("problems", "{{ report.title", "尾")
    three = fragment("overview", "甲", "{{ range(9) }}")

    assert faults(job_of(yearly, others=one, problems=two, overview=three)) == [
        ("TPL-002", "模板 overview.docx 第2段“{{ range(9) }}”：模板语法有误：模板中不能使用 函数调用"),
        ("TPL-002", "模板 problems.docx 第1段“{{ report.title”：标记没有在本段内写完整"),
        (
            "TPL-003",
            (
                "模板 others.docx 第2段“{{ report.titel }}”："
                "模板中的“report.titel”没有对应的内容；是否想写“report.title”？"
            ),
        ),
        ("TPL-003", "模板 others.docx 第3段“{{ requests.nothing.total }}”：模板中的“requests.nothing”没有对应的内容"),
    ]


def test_the_paragraph_is_right_after_rows_and_paragraphs_that_docxtpl_takes_away(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def add(document: Any) -> None:
        table = document.add_table(3, 2)
        table.cell(0, 1).text, table.cell(1, 0).text, table.cell(2, 1).text = (
            "{%tr if report.date %}",
            "乙",
            "{%tr endif %}",
        )
        document.add_paragraph("{{ nobody }}")

    own = fragment("others", "{%p if report.date %}", "中", "{%p endif %}", edit=add)
    assert faults(job_of(yearly, others=own)) == [
        ("TPL-003", "模板 others.docx 第4段“{{ nobody }}”：模板中的“nobody”没有对应的内容")
    ]


def test_a_fault_in_a_row_that_docxtpl_takes_away_is_placed_in_that_row(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def add(document: Any) -> None:
        table = document.add_table(3, 2)
        table.cell(0, 1).text, table.cell(2, 1).text = "{%tr if nobody %}", "{%tr endif %}"

    assert faults(job_of(yearly, others=fragment("others", "甲", edit=add))) == [
        ("TPL-003", "模板 others.docx 第1张表第1行第2列“{%tr if nobody %}”：模板中的“nobody”没有对应的内容")
    ]


def test_a_tag_in_full_width_brackets_is_noticed(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    assert faults(job_of(yearly, others=fragment("others", "甲", "｛｛ report.title ｝｝"))) == [
        ("TPL-002", "模板 others.docx 第2段“｛｛ report.title ｝｝”：标记用了全角的括号，应改为半角的 {{ }}")
    ]


@pytest.mark.parametrize("text", ["前{%p if report.date %}", "{{p section.body }}后"])
def test_a_paragraph_tag_beside_other_text_is_refused_because_that_text_would_be_lost(
    text: str, yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("others", text, *(["{%p endif %}"] if "if" in text else []))
    assert "旁边的文字会丢失" in faults(job_of(yearly, others=own))[0][1]


def test_the_narrative_in_the_midst_of_a_sentence_is_refused(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("others", "正文：{{ section.body }}")
    assert faults(job_of(yearly, others=own)) == [
        ("TPL-004", "模板 others.docx 第1段“正文：{{ section.body }}”：正文要写成独占一段的 {{p section.body }}")
    ]


def test_a_name_that_only_fails_when_filled_is_named_with_its_paragraph(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("disputes", "第一段", "{{ cells['nobody']['total'] }}")
    rule, message = faults(job_of(yearly, disputes=own))[0]

    assert rule == "TPL-003"
    assert message.startswith("模板 disputes.docx 第2段“{{ cells['nobody']['total'] }}”：填不出来：")


def test_a_missing_shell_is_named(yearly: Report, job_of: Callable[..., Job], tmp_path: Path):
    assert faults(job_of(yearly, shell=tmp_path / "none.docx")) == [("TPL-001", "找不到外壳模板 shell.docx")]


@pytest.mark.parametrize("content", [b"", b"not a zip", SHELL.read_bytes()[:3000], SHELL.read_bytes()[200:]])
@pytest.mark.parametrize("name", ["shell", "others"])
def test_a_template_that_cannot_be_opened_is_named(
    content: bytes, name: str, yearly: Report, job_of: Callable[..., Job], tmp_path: Path
):
    path = tmp_path / f"{name}.docx"
    path.write_bytes(content)
    found = faults(job_of(yearly, **{name: path}))

    assert [rule for rule, _ in found] == ["TPL-005"]
    assert found[0][1].startswith(f"模板 {name}.docx 打不开：")


def rewritten(path: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Save a package with some parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.pop("word/document.xml"),
        lambda parts: parts.pop("[Content_Types].xml"),
        lambda parts: parts.pop("_rels/.rels"),
        lambda parts: parts.update({"word/document.xml": b"<w:document/>"}),
        lambda parts: parts.update({"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        lambda parts: parts.update({"word/styles.xml": b"<a>"}),
        lambda parts: parts.update({"../strayed.xml": b"<a/>"}),
    ],
)
def test_a_package_that_is_not_whole_is_refused_without_a_traceback(
    change: Callable[[dict[str, bytes]], None], yearly: Report, job_of: Callable[..., Job], tmp_path: Path
):
    shell = rewritten(SHELL, tmp_path / "shell.docx", change)
    assert "TPL-005" in [rule for rule, _ in faults(job_of(yearly, shell=shell))]


def test_a_shell_without_a_place_for_the_sections_or_without_a_style_is_refused(
    yearly: Report, job_of: Callable[..., Job], tmp_path: Path
):
    document = docx.Document(str(SHELL))
    document.paragraphs[-1].text = "各章"
    document.styles["表数"].delete()
    document.save(str(tmp_path / "shell.docx"))

    assert faults(job_of(yearly, shell=tmp_path / "shell.docx")) == [
        ("TPL-004", "外壳模板 shell.docx：没有样式“表数”"),
        ("TPL-004", "外壳模板 shell.docx：没有独占一段的 {{p sections }}，各章无处可放"),
    ]


def test_a_shell_that_reaches_outside_is_refused(yearly: Report, job_of: Callable[..., Job], tmp_path: Path):
    def attach(parts: dict[str, bytes]) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
        link = f'<Relationship Id="rId1" Type="{kind}" Target="file:///C:/x.dotm" TargetMode="External"/>'
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        parts["word/_rels/settings.xml.rels"] = f'<Relationships xmlns="{space}">{link}</Relationships>'.encode()

    shell = rewritten(SHELL, tmp_path / "shell.docx", attach)
    assert faults(job_of(yearly, shell=shell)) == [
        ("TPL-004", "模板 shell.docx（word/settings.xml）：引用了附加的模板 file:///C:/x.dotm")
    ]


def test_a_fault_in_a_footer_of_the_shell_is_named(yearly: Report, job_of: Callable[..., Job], tmp_path: Path):
    document = docx.Document(str(SHELL))
    document.sections[0].footer.paragraphs[0].add_run("{{ report.nobody }}")
    document.save(str(tmp_path / "shell.docx"))

    found = faults(job_of(yearly, shell=tmp_path / "shell.docx"))
    assert [rule for rule, _ in found] == ["TPL-003"]
    assert found[0][1].startswith("模板 shell.docx（word/footer1.xml） 第1段“")
