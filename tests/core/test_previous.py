"""Last year's report: which one may be compared with, and how its cells are named."""

from __future__ import annotations

from pathlib import Path

import pytest

import baogao
from reports import ROOT, Edit, Run, sample

NOW = ROOT / "examples" / "example-2024"
LAST = ROOT / "examples" / "example-2023"

YEAR = (
    "year: 2020",
    "year: 2019",
)
UNIT = ("name: 洛龙区统计局", "name: 洛龙区调查局")


def test_a_report_of_the_year_before_is_compared_without_a_word():
    assert baogao.check(baogao.load(NOW, previous=LAST)).findings == ()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, [("error", "2020 年度")]),
        ({"report.yaml": YEAR}, []),
        ({"report.yaml": UNIT}, [("error", "2020 年度"), ("warning", "洛龙区调查局")]),
    ],
)
def test_another_year_or_unit_is_named(
    tmp_path: Path, run: Run, changes: dict[str, Edit], found: list[tuple[str, str]]
):
    last = sample(tmp_path, changes)

    ran = run("check", ROOT / "examples" / "luolong-2020", "--previous", last, "--format", "json")

    said = [finding for finding in ran.json["findings"] if finding["rule"] == "SRC-014"]
    assert [finding["severity"] for finding in said] == [severity for severity, _ in found]
    assert all(words in finding["message"] for finding, (_, words) in zip(said, found, strict=True))


def test_a_cell_of_last_year_is_called_so():
    report = baogao.load(NOW, previous=LAST)

    assert report.label("previous.requests.carried_forward.total").startswith("上一年｜三、")
    assert report.cell_label("previous.requests.carried_forward.total").startswith("上一年｜四、结转")
