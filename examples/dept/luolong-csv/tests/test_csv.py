"""本插件的测试：同样的数写在 YAML 里和 CSV 里，读出来是一份报告。先安装插件：pip install -e ."""

from __future__ import annotations

from pathlib import Path

import pytest

import baogao

luolong_csv = pytest.importorskip("luolong_csv", reason="插件没有安装：pip install -e .")

CELLS = """行,列,值,说明
review,upheld,1,结果维持
review,corrected,0,结果纠正
review,other_result,0,其他结果
review,pending,2,尚未审结
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """返回一个报告文件夹；复议诉讼的表写在 CSV 里，只填了行政复议一行。"""
    (tmp_path / "report.yaml").write_text(
        "{form: disclosure, year: 2020, unit: {name: 某某局, kind: department}}", "utf-8"
    )
    (tmp_path / "disputes.csv").write_text(CELLS, "utf-8-sig")
    return tmp_path


def found(folder: Path, text: str | bytes) -> list[tuple[str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "disputes.csv").write_bytes(content)
    report = baogao.load(folder)
    return [(finding.rule, str(finding.message)) for finding in report.input_findings if finding.section == "disputes"]


def test_the_cells_are_read_and_the_total_is_computed(folder: Path) -> None:
    report = baogao.load(folder)

    assert [report.cell(f"disputes.review.{name}").value for name in ("upheld", "pending", "total")] == [1, 2, 3]
    assert report.cell("disputes.litigation_direct.upheld").blank


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CELLS.encode("gbk"), "CSV UTF-8"),
        ("a,b,c\n", "第一行应是：行,列,值"),
        (CELLS + "review\n", "第 6 行不足三列"),
        (CELLS + "review,upheld,2\n", "第 6 行：review.upheld 前面已经写过"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(folder: Path, text: str | bytes, words: str) -> None:
    rules = found(folder, text)

    assert rules[0][0] == "SRC-002"
    assert words in rules[0][1]


@pytest.mark.parametrize("value", ["二", "01", "-1", "1.5"])
def test_a_value_that_does_not_fit_is_found_by_the_engine(folder: Path, value: str) -> None:
    assert "TAB-002" in dict(found(folder, CELLS.replace("upheld,1", f"upheld,{value}")))
