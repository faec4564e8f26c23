"""Grids: the official tables exactly, and any table without a gap or an overlap."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

import baogao
from baogao.model.bands import Band, Node
from baogao.model.grid import Slot, lay_out
from baogao.model.tables import Table
from reports import EXAMPLE


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    report = baogao.load(EXAMPLE)
    return {section.id: section.tables[0] for section in report if section.tables}


def size(slots: Iterable[Slot]) -> tuple[int, int]:
    """Return the rows and columns the slots reach over."""
    found = list(slots)
    return max(slot.row + slot.height for slot in found), max(slot.column + slot.width for slot in found)


def tiles(slots: Iterable[Slot]) -> bool:
    """Tell whether the slots cover their rectangle exactly, each place once."""
    covered = [
        (row, column)
        for slot in slots
        for row in range(slot.row, slot.row + slot.height)
        for column in range(slot.column, slot.column + slot.width)
    ]
    rows, columns = size(slots)
    return sorted(covered) == [(row, column) for row in range(rows) for column in range(columns)]


@pytest.mark.parametrize(
    ("section", "rows", "columns", "cells"),
    [("proactive", 18, 4, 22), ("requests", 26, 10, 161), ("disputes", 4, 15, 15)],
)
def test_the_official_tables_of_2019_have_their_size(
    tables: dict[str, Table], section: str, rows: int, columns: int, cells: int
):
    slots = tables[section].grid()
    assert size(slots) == (rows, columns)
    assert [slot.path for slot in slots if slot.role == "cell"] == list(tables[section].cells)
    assert len(tables[section].cells) == cells
    assert tiles(slots)


def picture(slots: Iterable[Slot]) -> list[str]:
    """Return labels and cells as `row,column height×width text`."""
    return [f"{s.row},{s.column} {s.height}×{s.width} {s.text or s.path}" for s in slots]


def test_the_head_of_table_three_is_merged_as_printed(tables: dict[str, Table]):
    head = [slot for slot in tables["requests"].grid() if slot.role == "head"]
    assert picture(head) == [
        "0,0 3×3 （本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "0,3 1×7 申请人情况",
        "1,3 2×1 自然人",
        "1,4 1×5 法人或其他组织",
        "1,9 2×1 总计",
        "2,4 1×1 商业企业",
        "2,5 1×1 科研机构",
        "2,6 1×1 社会公益组织",
        "2,7 1×1 法律服务机构",
        "2,8 1×1 其他",
    ]


def test_the_rows_of_table_three_are_merged_as_printed(tables: dict[str, Table]):
    stub = [slot for slot in tables["requests"].grid() if slot.role == "stub"]
    assert [line for line in picture(stub) if "×1 1" not in line][:7] == [
        "3,0 1×3 一、本年新收政府信息公开申请数量",
        "4,0 1×3 二、上年结转政府信息公开申请数量",
        "5,0 20×1 三、本年度办理结果",
        "5,1 1×2 （一）予以公开",
        "6,1 1×2 （二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "7,1 8×1 （三）不予公开",
        "8,2 1×1 2.其他法律行政法规禁止公开",
    ]
    assert [slot.text for slot in stub if slot.upright] == ["三、本年度办理结果"]
    assert picture(stub)[-1] == "25,0 1×3 四、结转下年度继续办理"


def test_table_four_prints_its_rows_as_groups_of_columns(tables: dict[str, Table]):
    slots = tables["disputes"].grid()
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    assert picture(slot for slot in slots if slot.row < 3) == [
        "0,0 1×5 行政复议",
        "0,5 1×10 行政诉讼",
        *(f"1,{column} 2×1 {text}" for column, text in enumerate(results)),
        "1,5 1×5 未经复议直接起诉",
        "1,10 1×5 复议后起诉",
        *(f"2,{column} 1×1 {text}" for column, text in enumerate(results * 2, 5)),
    ]
    assert [slot.path for slot in slots if slot.row == 3][4] == "disputes.review.total"


def test_the_last_column_of_a_narrow_band_takes_the_rest_of_table_two(tables: dict[str, Table]):
    slots = [slot for slot in tables["proactive"].grid() if slot.row >= 15]
    assert picture(slots) == [
        "15,0 1×4 第二十条第（九）项",
        "16,0 1×1 信息内容",
        "16,1 1×1 采购项目数量",
        "16,2 1×2 采购总金额（单位：万元）",
        "17,0 1×1 政府集中采购",
        "17,1 1×1 proactive.procurement.projects",
        "17,2 1×2 proactive.procurement.amount",
    ]


def trees(prefix: str) -> st.SearchStrategy[tuple[Node, ...]]:
    """Draw trees of labels, up to four deep; ids are numbered afterwards."""
    node = st.recursive(
        st.just(Node("叶")),
        lambda below: st.lists(below, min_size=1, max_size=3).map(lambda found: Node("枝", children=tuple(found))),
        max_leaves=6,
    )
    return st.lists(node, min_size=1, max_size=4).map(lambda found: numbered(found, prefix))


def numbered(nodes: Iterable[Node], prefix: str) -> tuple[Node, ...]:
    numbers = count()

    def name(node: Node) -> Node:
        children = tuple(map(name, node.children))
        return Node(node.label, "" if children else f"{prefix}{next(numbers)}", children)

    return tuple(map(name, nodes))


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    """Draw a table of one to three bands, each with other rows."""
    return tuple(
        Band(draw(trees("c")), draw(trees(f"r{n}_")), label=draw(st.sampled_from(["", "条"])))
        for n in range(draw(st.integers(1, 3)))
    )


@given(bands())
def test_any_table_tiles_its_rectangle_and_holds_each_cell_once(table: tuple[Band, ...]):
    slots = lay_out("s", table)
    assert tiles(slots)
    wanted = [f"s.{row.id}.{leaf.id}" for band in table for row in band.row_leaves for leaf in band.column_leaves]
    assert [slot.path for slot in slots if slot.path] == wanted


@given(bands())
def test_any_wide_table_tiles_its_rectangle_and_holds_each_cell_once(table: tuple[Band, ...]):
    slots = lay_out("s", table, wide=True)
    assert tiles(slots)
    wanted = [f"s.{row.id}.{leaf.id}" for band in table for row in band.row_leaves for leaf in band.column_leaves]
    assert [slot.path for slot in slots if slot.path] == wanted


@given(trees("c"), st.integers(0, 4))
def test_a_list_grows_with_its_rows(columns: tuple[Node, ...], length: int):
    keys = tuple(f"k{n}" for n in range(length))
    slots = lay_out("s", (Band(columns),), keys=keys)
    leaves = [leaf.id for column in columns for leaf in column.leaves()]
    assert tiles(slots)
    assert [slot.path for slot in slots if slot.path] == [f"s.{key}.{leaf}" for key in keys for leaf in leaves]


def test_rows_beside_each_other_are_pairs_and_columns_without_labels_have_no_head():
    value = (Node("", "v"),)
    grouped = Band(value, (Node("甲", children=(Node("乙", "b"), Node("丙", "c"))),))
    beside = Band(value, (Node("一", "x"), Node("二", "y"), Node("三", "z")), across=2)
    slots = lay_out("s", (grouped, beside))
    assert tiles(slots)
    assert picture(slots) == [
        "0,0 2×1 甲",
        "0,1 1×1 乙",
        "0,2 1×2 s.b.v",
        "1,1 1×1 丙",
        "1,2 1×2 s.c.v",
        "2,0 1×1 一",
        "2,1 1×1 s.x.v",
        "2,2 1×1 二",
        "2,3 1×1 s.y.v",
        "3,0 1×1 三",
        "3,1 1×3 s.z.v",
    ]


def test_labels_are_read_from_left_to_right_and_top_to_bottom():
    nodes = (Node("甲", "a"), Node("乙", children=(Node("丙", "c"), Node("丁", "d"))))
    slots = lay_out("s", (Band(nodes, (Node("行", "r"),)),), corner="角")
    assert picture(slots) == [
        "0,0 2×1 角",
        "0,1 2×1 甲",
        "0,2 1×2 乙",
        "1,2 1×1 丙",
        "1,3 1×1 丁",
        "2,0 1×1 行",
        "2,1 1×1 s.r.a",
        "2,2 1×1 s.r.c",
        "2,3 1×1 s.r.d",
    ]
