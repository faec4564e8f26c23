"""本插件的测试：写一个小报告，检查它，生成它。先安装插件：pip install -e ."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest

import baogao

pytest.importorskip("luolong_budget", reason="插件没有安装：pip install -e .")

ROWS = """
- {code: 201, name: 一般公共服务支出}
- {code: 20105, name: 统计信息事务}
- {code: 2010501, name: 行政运行, opening: 3.20, received: 286.45, basic: 285.10, projects: 0, closing: 4.55}
- {code: 2010505, name: 专项统计业务, opening: 0, received: 64, basic: 0, projects: 64.0, closing: 0}
- {code: 208, name: 社会保障和就业支出, opening: 0, received: 34.69, basic: 34.69, projects: 0, closing: 0}
"""
UNIT = "{{name: 某某局, kind: department}}"
REPORT = f"{{{{form: disclosure, year: 2020, unit: {UNIT}, sections: {{{{appropriations: {{{{}}}}}}}}{{more}}}}}}"
RECEIVED = [("BUD-003", f"appropriations.{key}.received") for key in ("20105", "合计")]
UNBALANCED = [("BUD-001", f"appropriations.{key}.closing") for key in ("201", "20105", "合计")]
AMOUNTS = "opening: 0, received: 1.10, basic: 1.10, projects: 0, closing: 0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """返回一个报告文件夹；除了本章，各章都空着。"""
    (tmp_path / "report.yaml").write_text(REPORT.format(more=""), "utf-8")
    (tmp_path / "appropriations.yaml").write_text(ROWS, "utf-8")
    return tmp_path


def found(folder: Path, old: str = "", new: str = "") -> list[tuple[str, str]]:
    """返回本章的问题：规则和位置；`old` 换成 `new`。"""
    assert old in ROWS
    (folder / "appropriations.yaml").write_text(ROWS.replace(old, new) if old else ROWS, "utf-8")
    outcome = baogao.check(baogao.load(folder))
    return [(finding.rule, finding.path) for finding in outcome.findings if finding.section == "appropriations"]


def test_what_is_left_out_is_computed_level_by_level_and_nothing_is_added_twice(folder: Path) -> None:
    assert found(folder) == []
    report = baogao.load(folder)
    received = {key: report.cell(f"appropriations.{key}.received").text() for key in ("合计", "201", "20105", "208")}
    assert received == {"合计": "385.14", "201": "350.45", "20105": "350.45", "208": "34.69"}
    assert report.cell("appropriations.合计.spent").text() == "383.79"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: 统计信息事务", "name: 统计信息事务, received: 350.47", []),
        ("name: 统计信息事务", "name: 统计信息事务, received: 350.51", [*UNBALANCED, RECEIVED[0]]),
        ("basic: 285.10,", "basic: 285.10, spent: 285.11,", []),
        ("basic: 285.10,", "basic: 285.10, spent: 285.12,", [("BUD-002", "appropriations.2010501.spent")]),
        ("\n- {code: 201,", "\n- {code: 合计, received: 385.16}\n- {code: 201,", []),
        ("\n- {code: 201,", "\n- {code: 合计, received: 385.00}\n- {code: 201,", [UNBALANCED[-1], RECEIVED[1]]),
        ("\n- {code: 201,", "\n- {code: 合计, name: 全部}\n- {code: 201,", [("TAB-005", "appropriations.合计.name")]),
        ("code: 208", "code: 2010505", [("TAB-005", "appropriations")]),
        ("code: 208", "code: 20", [("TAB-002", "appropriations.20.code")]),
        ("received: 34.69", "received: 34.695", [("TAB-002", "appropriations.208.received")]),
        ("received: 34.69", "received: 34.69万元", [("TAB-002", "appropriations.208.received")]),
        ("received: 34.69", "recieved: 34.69", [("TAB-005", "appropriations.recieved")]),
    ],
)  # fmt: skip
def test_a_difference_beyond_the_tolerance_and_a_slip_are_found(
    folder: Path, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    found_now = found(folder, old, new)
    if expected and expected[0][0].startswith("TAB"):  # 这一格不能用了，别的规则跟着无法核对
        assert expected[0] in found_now
    else:
        assert sorted(found_now) == expected


def test_a_blank_part_leaves_the_sums_blank_and_is_never_zero(folder: Path) -> None:
    rules = found(folder, "received: 34.69, ", "")

    assert ("TAB-001", "appropriations.208.received") in rules
    assert baogao.load(folder).cell("appropriations.合计.received").blank


def test_the_tolerance_can_be_widened_in_the_report(folder: Path) -> None:
    wrong = ("name: 统计信息事务", "name: 统计信息事务, received: 350.51")
    beyond = ("BUD-003", "appropriations.20105.received")
    assert beyond in found(folder, *wrong)
    (folder / "report.yaml").write_text(REPORT.format(more=", rules: {BUD-003: {tolerance: 0.1}}"), "utf-8")

    assert beyond not in found(folder, *wrong)


def test_an_empty_list_is_an_answer_and_an_empty_file_is_not(folder: Path) -> None:
    (folder / "appropriations.yaml").write_text("[]\n", "utf-8")
    outcome = baogao.build(folder, draft=True)
    table = docx.Document(io.BytesIO(outcome.artifacts[0].content)).tables[-1]

    assert [finding for finding in outcome.findings if finding.section == "appropriations"] == []
    assert [cell.text for cell in table.rows[-1].cells] == ["合计", "合计", *["0.00"] * 6]

    (folder / "appropriations.yaml").write_text("# 还没有填\n", "utf-8")
    rules = [item.rule for item in baogao.check(baogao.load(folder)).findings if item.section == "appropriations"]
    assert rules == ["TAB-001"]


def test_a_long_table_repeats_its_head_and_every_figure_is_read_back(folder: Path) -> None:
    codes = [f"{code}" for code in range(2010101, 2010100 + 120)]
    lines = (f"- {{code: {code}, name: 第{code}项, {AMOUNTS}}}\n" for code in codes)
    (folder / "appropriations.yaml").write_text("".join(lines), "utf-8")
    (folder / "appropriations.md").write_text("第一项支出{{ appropriations.2010101.spent }}万元。", "utf-8")
    outcome = baogao.build(folder, draft=True)
    word, page = outcome.artifacts
    table = docx.Document(io.BytesIO(word.content)).tables[-1]

    assert not [finding for finding in outcome.findings if finding.rule.startswith(("OUT-", "TPL-", "FMT-003"))]
    assert len(table.rows) == 2 + 1 + len(codes)
    assert ["w:tblHeader" in row for row in table._tbl.xml.split("<w:tr>")[1:]] == [  # noqa: SLF001
        *(True, True),
        *[False] * (1 + len(codes)),
    ]
    assert [cell.text for cell in table.rows[3].cells] == [
        "2010101",
        "第2010101项",
        "0.00",
        "1.10",
        "1.10",
        "1.10",
        "0.00",
        "0.00",
    ]
    assert re.search(r'<td id="appropriations\.合计\.spent"[^>]*>130\.90</td>', page.content.decode())
    assert re.search(r"第一项支出(<[^>]*>)*1\.10(<[^>]*>)*万元。", page.content.decode())


def test_a_binding_to_a_subject_there_is_not_is_found(folder: Path) -> None:
    (folder / "appropriations.md").write_text("支出{{ appropriations.2010502.spent }}万元。", "utf-8")

    assert [rule for rule, _ in found(folder)] == ["NAR-101"]
