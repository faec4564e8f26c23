"""本插件的测试：写一个小报告，检查它，生成它。先安装插件：pip install -e ."""

from __future__ import annotations

import io
import runpy
from pathlib import Path

import docx
import pytest

import baogao

luolong_fees = pytest.importorskip("luolong_fees", reason="插件没有安装：pip install -e .")

HERE = Path(__file__).parents[1]
FIGURES = """
per_piece: {notices: 2, noticed: 300, received: 200}
per_page: {notices: 5, noticed: 490, received: 450}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """返回一个报告文件夹；除了本章，各章都空着。"""
    (tmp_path / "report.yaml").write_text(
        "{form: disclosure, year: 2020, unit: {name: 某某局, kind: department}, sections: {fees: {after: others}}}",
        "utf-8",
    )
    (tmp_path / "fees.yaml").write_text(FIGURES, "utf-8")
    (tmp_path / "fees.md").write_text("实际收取{{ fees.total.received }}元。", "utf-8")
    return tmp_path


def found(folder: Path, **changed: str) -> list[tuple[str, str]]:
    """返回本章的问题：规则和位置；`changed` 按行换掉数字。"""
    lines = {name: f"{name}: {figures}\n" for name, figures in changed.items()}
    kept = [line for line in FIGURES.splitlines(keepends=True) if line.partition(":")[0] not in lines]
    (folder / "fees.yaml").write_text("".join([*kept, *lines.values()]), "utf-8")
    outcome = baogao.check(baogao.load(folder))
    return [(finding.rule, finding.path) for finding in outcome.findings if finding.section == "fees"]


@pytest.mark.baogao("luolong_fees")
def test_the_plugin(baogao_case) -> None:
    """能加载；每条规则的每个例子都成立；这一章印得出，模板没有错。"""
    baogao_case()


def test_good_figures_pass_and_the_total_is_computed(folder: Path) -> None:
    assert found(folder) == []
    assert baogao.load(folder).cell("fees.total.noticed").value == 790


def test_a_notice_without_an_amount_is_a_warning(folder: Path) -> None:
    assert found(folder, per_page="{notices: 5, noticed: 0, received: 0}") == [("FEES-001", "fees.per_page.noticed")]


def test_more_received_than_noticed_is_an_error(folder: Path) -> None:
    wrong = [("FEES-002", "fees.per_page.received"), ("FEES-002", "fees.total.received")]

    assert sorted(found(folder, per_page="{notices: 5, noticed: 490, received: 600}")) == wrong


def test_a_typed_total_must_be_the_sum(folder: Path) -> None:
    assert found(folder, total="{notices: 8, noticed: 790, received: 650}") == [("FEES-003", "fees.total.notices")]


def test_a_blank_is_reported_as_blank_and_not_as_zero(folder: Path) -> None:
    rules = dict(found(folder, per_page="{notices: 5, noticed: , received: 450}"))

    assert rules["TAB-001"] == "fees.per_page.noticed"
    assert "FEES-001" not in rules


def test_both_templates_print_every_figure_in_its_place(folder: Path) -> None:
    outcome = baogao.build(folder, draft=True)  # 别的章空着，只能出草稿；读回的核对照样进行
    word, page = outcome.artifacts

    assert not [finding for finding in outcome.findings if finding.rule.startswith(("OUT-", "TPL-"))]
    table = docx.Document(io.BytesIO(word.content)).tables[-1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["计收方式", "按件计收", "按量计收", "合计"],
        ["收费通知件数", "2", "5", "7"],
        ["通知金额（元）", "300", "490", "790"],
        ["实收金额（元）", "200", "450", "650"],
    ]
    assert '<th class="stub" scope="row">实收金额（元）</th>\n<td class="value">200</td>' in page.content.decode()


def test_the_word_template_is_what_the_script_makes() -> None:
    path = HERE / "luolong_fees" / "templates" / "fees.docx"
    make = runpy.run_path(str(HERE / "make_fragment.py"))["make"]

    # 以现有的文件作外壳，样式自然相同；比较的是内容
    assert docx.Document(str(path)).element.body.xml == make(path).element.body.xml
