"""The official tables: merges, and labels that speak of the right figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import pytest

import baogao
from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.report import Section
from baogao.model.tables import Table, TableSpec
from baogao_html.renderer import HtmlRenderer

if TYPE_CHECKING:
    from baogao.model.jobs import Job
    from conftest import MakeJob, MakeTable

EXAMPLES = Path(__file__).parents[3] / "examples"
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


@pytest.fixture
def document(make_job: MakeJob, seven_sections: Sequence[Section]) -> lxml.html.HtmlElement:
    content = HtmlRenderer().render(make_job(*seven_sections)).content
    return lxml.html.document_fromstring(content.decode())


def rows_of(document: lxml.html.HtmlElement, section: str) -> list[list[tuple[str, int, int]]]:
    """Return the text, columns and rows spanned by each cell of a table."""
    return [
        [(cell.text_content(), int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))) for cell in row]
        for row in document.get_element_by_id(section).iter("tr")
    ]


def heads_of(document: lxml.html.HtmlElement, path: str) -> list[str]:
    """Return the labels a figure names, in the order they are read aloud."""
    names = document.get_element_by_id(path).get("headers").split()
    return [document.get_element_by_id(name).text_content() for name in names]


def test_chapter_two_has_five_bands_and_merges_the_last_column_of_the_narrow_ones(document: lxml.html.HtmlElement):
    rows = rows_of(document, "proactive")

    assert len(rows) == 18
    assert [row[0][0] for row in rows if row[0][1] == 4] == [f"第二十条第（{n}）项" for n in "一五六八九"]
    assert rows[1] == [("信息内容", 1, 1), ("本年新制作数量", 1, 1), ("本年新公开数量", 1, 1), ("对外公开总数量", 1, 1)]
    assert rows[13] == [("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 2, 1)]
    assert rows[14] == [("行政事业性收费", 1, 1), ("0", 1, 1), ("0", 2, 1)]
    assert rows[17] == [("政府集中采购", 1, 1), ("0", 1, 1), ("0", 2, 1)]


def test_chapter_three_has_three_head_rows_and_labels_merged_over_their_rows(document: lxml.html.HtmlElement):
    rows = rows_of(document, "requests")

    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert len(rows) == 26
    assert rows[0] == [(note, 3, 3), ("申请人情况", 7, 1)]
    assert rows[1] == [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)]
    assert rows[2] == [(name, 1, 1) for name in ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]]
    assert rows[3][0] == ("一、本年新收政府信息公开申请数量", 3, 1)
    assert rows[5][:2] == [("三、本年度办理结果", 1, 20), ("（一）予以公开", 2, 1)]
    assert rows[7][:2] == [("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)]
    assert rows[24][0] == ("（七）总计", 2, 1)
    assert rows[25][0] == ("四、结转下年度继续办理", 3, 1)


def test_chapter_four_groups_fifteen_columns_over_one_row_of_figures(document: lxml.html.HtmlElement):
    rows = rows_of(document, "disputes")

    assert rows[0] == [("行政复议", 5, 1), ("行政诉讼", 10, 1)]
    assert rows[1] == [*((name, 1, 2) for name in OUTCOMES), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)]
    assert rows[2] == [(name, 1, 1) for name in OUTCOMES * 2]
    assert rows[3] == [("0", 1, 1)] * 15
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("proactive.fees.change", ["第二十条第（八）项", "本年增/减", "行政事业性收费"]),
        (
            "requests.refused_state_secret.other",
            ["申请人情况", "法人或其他组织", "其他", "三、本年度办理结果", "（三）不予公开", "1.属于国家秘密"],
        ),
        ("requests.carried_forward.total", ["申请人情况", "总计", "四、结转下年度继续办理"]),
        ("disputes.litigation_after_review.pending", ["行政诉讼", "复议后起诉", "尚未审结"]),
    ],
)
def test_a_figure_names_its_labels_in_both_directions(document: lxml.html.HtmlElement, path: str, labels: list[str]):
    assert heads_of(document, path) == labels


def test_a_label_names_the_labels_over_it_and_beside_it_and_never_itself(document: lxml.html.HtmlElement):
    table = document.get_element_by_id("requests")
    ids = {label.text: label.get("id") for label in table.iter("th")}

    assert heads_of(document, ids["商业企业"]) == ["申请人情况", "法人或其他组织"]
    assert heads_of(document, ids["1.属于国家秘密"]) == ["三、本年度办理结果", "（三）不予公开"]
    assert document.get_element_by_id(ids["申请人情况"]).get("headers") is None


def test_every_figure_stands_under_heads_that_exist_and_have_a_scope(
    document: lxml.html.HtmlElement, seven_sections: Sequence[Section]
):
    paths = [path for section in seven_sections for table in section.tables for path in table.cells]
    cells = [document.get_element_by_id(path) for path in paths]
    heads = [document.get_element_by_id(name) for cell in cells for name in cell.get("headers").split()]

    assert len(paths) == 22 + 161 + 15
    assert {cell.tag for cell in cells} == {"td"}
    assert {head.tag for head in heads} == {"th"}
    assert {head.get("scope") for head in heads} == {"col", "colgroup", "row", "rowgroup"}


def test_groups_of_columns_and_rows_hold_the_spans_within_them(document: lxml.html.HtmlElement):
    """A th of scope colgroup or rowgroup needs a group to stand in, and no span may leave its group of rows."""
    groups = {
        name: [int(group.get("span")) for group in document.get_element_by_id(name).iter("colgroup")]
        for name in ("proactive", "requests", "disputes")
    }

    assert groups == {"proactive": [1, 1, 1, 1], "requests": [3, 7], "disputes": [5, 10]}
    for group in document.iter("thead", "tbody"):
        for left, row in zip(range(len(group), 0, -1), group, strict=True):
            assert max(int(cell.get("rowspan", 1)) for cell in row) <= left


def test_the_row_group_of_a_merged_label_ends_with_it(document: lxml.html.HtmlElement):
    bodies = document.get_element_by_id("requests").findall("tbody")

    assert [len(body) for body in bodies] == [1, 1, 20, 1]


def test_every_table_has_a_caption_and_a_scroll_region_called_by_it(document: lxml.html.HtmlElement):
    regions = document.xpath("//div[@role='region']")

    names = [document.get_element_by_id(region.get("aria-labelledby")) for region in regions]
    assert [(name.tag, name.text_content()) for name in names] == [
        ("caption", "主动公开政府信息情况"),
        ("caption", "收到和处理政府信息公开申请情况"),
        ("caption", "政府信息公开行政复议、行政诉讼情况"),
    ]
    assert {region.get("tabindex") for region in regions} == {"0"}


def test_a_caption_is_shown_only_where_the_title_has_not_just_said_it(make_job: MakeJob, make_table: MakeTable):
    same = Section("requests", "三、收到和处理政府信息公开申请情况", (make_table("requests"),))
    other = Section("disputes", "四、复议和诉讼", (make_table("disputes"),))

    document = render(make_job(same, other))

    shown = [(caption.text[:4], caption.get("class")) for caption in document.iter("caption")]
    assert shown == [("收到和处", "unseen"), ("政府信息", None)]


def test_only_tables_of_many_columns_are_kept_wide_on_a_phone(document: lxml.html.HtmlElement):
    wide = [table.get("id") for table in document.xpath("//table[@class='wide']")]

    assert wide == ["requests", "disputes"]


def test_only_a_label_declared_upright_is_written_downwards(make_job: MakeJob):
    rows = (Node("三、本年度办理结果", children=(Node("（一）予以公开", "disclosed"),), upright=True),)
    table = one_row_table(Band((Node("总计", "total"),), rows), "fees.disclosed.total")

    document = render(make_job(Section("fees", "七、收费", (table,))))

    assert [label.text for label in document.find_class("upright")] == ["三、本年度办理结果"]


def test_a_gap_is_marked_and_an_optional_blank_is_not(make_job: MakeJob):
    optional = CellType("note", optional=True)
    columns = (Node("件数", "notices"), Node("备注", "note", type=optional))
    spec = TableSpec("fees", (Band(columns, (Node("合计", "all"),)),), CellType("count"))
    cells = {
        "fees.all.notices": Cell("fees.all.notices", CellType("count")),
        "fees.all.note": Cell("fees.all.note", optional),
    }

    document = render(make_job(Section("fees", "七、收费", (Table(spec, cells),))))

    printed = [(cell.get("class"), cell.text) for cell in document.iter("td") if cell.get("class") != "corner"]
    assert printed == [("gap", "【待填】"), ("value", None)]


def test_the_key_of_a_list_is_the_label_of_its_row(make_job: MakeJob):
    columns = (Node("乡镇", "town", key=True), Node("件数", "notices"))
    spec = TableSpec("fees", (Band(columns),), CellType("count"))
    cells = {
        f"fees.白马镇.{name}": Cell(f"fees.白马镇.{name}", CellType("count"), value)
        for name, value in {"town": "白马镇", "notices": 3}.items()
    }

    document = render(make_job(Section("fees", "七、收费", (Table(spec, cells),))))

    key = document.get_element_by_id("fees.白马镇.town")
    assert (key.tag, key.get("scope"), key.text) == ("th", "row", "白马镇")
    assert heads_of(document, "fees.白马镇.notices") == ["件数", "白马镇"]


def test_a_list_without_rows_still_prints_its_head(make_job: MakeJob):
    spec = TableSpec("fees", (Band((Node("乡镇", "town", key=True),)),), CellType("count"))

    document = render(make_job(Section("fees", "七、收费", (Table(spec, {}),))))

    assert rows_of(document, "fees") == [[("乡镇", 1, 1)]]


def test_an_id_never_holds_white_space(make_job: MakeJob):
    columns = (Node("乡镇", "town", key=True), Node("件数", "notices"))
    spec = TableSpec("fees", (Band(columns),), CellType("count"))
    cells = {path: Cell(path, CellType("count"), 1) for path in ("fees.白马 镇.town", "fees.白马 镇.notices")}

    document = render(make_job(Section("fees", "七、收费", (Table(spec, cells),))))

    assert [cell.get("id") for cell in document.xpath("//tbody//*[@id]")] == ["fees-r2c1", "fees-r2c2"]


def one_row_table(band: Band, path: str) -> Table:
    count = CellType("count")
    return Table(TableSpec(path.partition(".")[0], (band,), count), {path: Cell(path, count, 1)})


def render(job: Job) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(HtmlRenderer().render(job).content.decode())


@pytest.mark.parametrize("example", ["luolong-2020", "example-2024", "website-2024"])
def test_the_groups_of_columns_are_as_wide_as_the_table(example: str, tmp_path: Path):
    [page] = [path for path in baogao.build(EXAMPLES / example, out=tmp_path).written if path.suffix == ".html"]

    for table in lxml.html.document_fromstring(page.read_text("utf-8")).iter("table"):
        groups = sum(int(group.get("span", 1)) for group in table.iter("colgroup"))
        assert groups == max(sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iter("tr"))
