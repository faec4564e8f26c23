"""Tables of any length: which rows are sums, and what formulas, rules and findings make of rows that come with data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import baogao
from baogao.model.levels import Levels
from reports import MARK, Edit, Run, marked_place, sample

PLUGIN = """
from baogao import hookimpl, section

@hookimpl
def section_providers():
    return [section("towns")]
"""
REPORT = (
    "outputs: [docx, html]",
    "plugins: {load: [plugins/mine.py]}\nsections: {towns: {after: others}}\noutputs: [docx, html]",
)
SCHEMA = """\
section: towns
title: 各乡镇
columns:
- {id: town, label: 乡镇, cell: name, key: true}
- {id: cases, label: 件数}
- {id: note, label: 备注, cell: name, optional: true}
rows: list
levels: {total: 全县, rule: TWN-001}
figures: {cases: all_rows.cases, most: "max(top_rows.cases, 3)"}
rules:
- {id: TWN-002, title: 不多于一百件, each: column, assert: all_rows <= 100}
- {id: TWN-003, title: 全县不少于两件, assert: towns.all_rows.cases >= 2}
"""
DATA = "- {town: 白马镇, cases: 2}\n- {town: 李楼镇, cases: 1}\n"
TYPES = """
from baogao import CellType

@hookimpl
def field_types():
    return {"name": CellType("name", {"type": "string", "maxlength": 10}, label="名称")}
"""


def towns(data: str = DATA, schema: str = SCHEMA) -> Mapping[str, Edit]:
    return {
        "plugins/mine.py": PLUGIN + TYPES,
        "report.yaml": REPORT,
        "schemas/towns.yaml": schema,
        "towns.yaml": data,
    }


def found(folder: Path, files: Mapping[str, Edit]) -> list[tuple[str, str]]:
    outcome = baogao.check(baogao.load(sample(folder, files)))
    return [(finding.rule, finding.path) for finding in outcome.findings]


def test_the_total_is_added_and_its_words_are_not_asked_for(tmp_path: Path):
    report = baogao.load(sample(tmp_path, towns()))

    assert [path for path in report.cells() if path.startswith("towns.")] == [
        *("towns.全县.town", "towns.全县.cases"),
        *(f"towns.{town}.{column}" for town in ("白马镇", "李楼镇") for column in ("town", "cases", "note")),
    ]
    assert report.cell("towns.全县.cases").value == 3
    assert [report.cell(f"towns.{name}").value for name in ("cases", "most")] == [3, 3]
    assert baogao.check(report).findings == ()


def test_rows_are_where_they_were_written_although_a_row_was_added(tmp_path: Path, run: Run):
    report = sample(tmp_path, towns(f"- {{town: 白马镇, cases: 2}}\n- {{town: 李楼镇, cases: {MARK}一}}\n"))
    place = marked_place(report)

    assert ("TAB-002", place) in [(said.rule, said.place) for said in run("check", report, "--format", "json").findings]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("- {town: 白马镇, cases: 101}\n", [("TWN-002", "towns.白马镇.cases")]),
        ("- {town: 白马镇, cases: 1}\n", [("TWN-003", "towns.白马镇.cases")]),
        ("- {town: 全县, cases: 4}\n- {town: 白马镇, cases: 3}\n", [("TWN-001", "towns.全县.cases")]),
        ("- {town: 白马镇, cases: 2}\n- {town: 白马镇, cases: 2}\n", [("TAB-005", "towns")]),
        ("- {town: , cases: 2}\n", [("TAB-005", "towns"), ("TAB-001", "towns.#1.town")]),
        ("- {town: 白马 镇, cases: 2}\n", [("TAB-005", "towns")]),
    ],
)
def test_expressions_sum_over_the_rows_and_a_name_that_is_none_is_found(
    tmp_path: Path, data: str, expected: list[tuple[str, str]]
):
    assert sorted(found(tmp_path, towns(data))) == sorted(expected)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rows: list", "rows: [{id: a, label: 甲}]", "levels 只用于行数不定"),
        (", key: true", "", "要有一列写 key: true"),
        ("all_rows.cases,", "all_row.cases,", "是否想写“all_rows.cases”"),
        ("levels: {", "levels: {by: suffix, ", "suffix"),
    ],
)
def test_a_mistake_in_the_schema_of_a_list_is_named(tmp_path: Path, run: Run, old: str, new: str, words: str):
    ran = run("check", sample(tmp_path, towns(schema=SCHEMA.replace(old, new, 1))), "--format", "json")

    assert any(said.rule == "SRC-010" and words in said.words for said in ran.findings), ran.out


@given(st.lists(st.text("12", min_size=1, max_size=4), unique=True, max_size=12), st.booleans())
def test_each_row_is_below_one_other_at_most_and_the_total_holds_the_top(keys: list[str], prefix: bool):
    levels = Levels(prefix, "合计")
    below = levels.below(("合计", *keys))
    parts = [part for rows in below.values() for part in rows]

    assert sorted(parts) == sorted(keys)
    assert below["合计"] == levels.top(tuple(keys))
    assert all(part.startswith(key) for key, rows in below.items() if key != "合计" for part in rows)
    assert prefix or below == {"合计": tuple(keys)}


def test_a_list_that_is_none_is_told_how_to_write_a_row(tmp_path: Path, run: Run):
    report = sample(tmp_path, towns("白马镇: {cases: 2}\n"))
    found = [said.words for said in run("check", report, "--format", "json").findings if said.rule == "TAB-002"]

    assert [words.endswith("\n每一行写成 - {town: …, …}") for words in found] == [True]
