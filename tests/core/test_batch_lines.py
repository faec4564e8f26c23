"""A line of JSON for a report: what `--to json` writes is read as the report it was written from."""

from __future__ import annotations

import codecs
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import pipeline
from baogao.files.json_lines import parse_json
from baogao.files.yaml import parse_yaml
from baogao.hooks.loading import Selection
from baogao.samples import sample_document
from baogao.stages.load import project_of
from baogao.stages.workshop import Workshop
from baogao_json.renderer import written
from core.batches import reports
from reports import EXAMPLE, Run, sample, tree

WORKSHOP = Workshop()
"""Spares the examples of a property the loading of plugins; it holds nothing of a report."""

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
PLAIN = st.none() | st.integers(-(10**17), 10**17) | TEXT | st.decimals(-1000, 1000, places=2).map(abs)
DATA = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
NAME = "洛龙区统计局2020年政府信息公开工作年度报告"


def line_of(folder: Path, out: Path, run: Run) -> bytes:
    assert run("build", folder, "-o", out, "--to", "json").code == 0
    return next(out.glob("*.json")).read_bytes()


@given(DATA)
def test_what_is_written_is_read_again_with_its_kinds(data):
    read = parse_json(written({"it": data}).encode(), "x.jsonl", 1)

    assert read.problems == ()
    assert repr(read.data) == repr({"it": data})


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), PLAIN, max_size=3))
def test_a_line_reads_as_the_same_yaml_would(data):
    assert repr(parse_json(written(data).encode(), "x", 1).data) == repr(sample_document(data).data or {})


SIGNS = (
    "-0",
    "0",
    "-1",
    "9" * 18,
    "9" * 19,
    f"-{'9' * 18}",
    f"-1{'0' * 18}",
    "-0.0",
    "1.50",
    "1e3",
    "true",
    "null",
    "[-0]",
)
DEEP = tuple("[" * levels + "]" * levels for levels in (49, 50, 51))
LITERAL = st.sampled_from((*SIGNS, *DEEP, '"-0"', '"a\\": -0"', '"文字"', "NaN"))
PAIR = st.tuples(st.sampled_from("abc"), st.sampled_from((":", " : ", ":\t")), LITERAL)


@given(st.lists(PAIR, max_size=3), st.sampled_from(("{{{}}}", '{{"x": {{{}}}}}', '{{"x": [1, {{{}}}]}}')))
def test_an_escape_in_a_line_changes_nothing_else_in_it(pairs, around: str):
    inner = ", ".join(f'"{name}"{colon}{literal}' for name, colon, literal in pairs)
    plain, escaped = (around.format(inner).replace("{", '{"text": ' + text, 1) for text in ('"A", ', '"\\u0041", '))
    one, other = (parse_json(line.replace(", }", "}").encode(), "x", 1) for line in (plain, escaped))

    assert repr(one.data) == repr(other.data)
    assert [(problem.rule, problem.message) for problem in one.problems] == [
        (problem.rule, problem.message) for problem in other.problems
    ]


@pytest.mark.parametrize(
    ("literal", "value"),
    [("1e3", "1e3"), ("-0", "-0"), ("2.50", Decimal("2.50")), ("true", "true"), ("[false]", ["false"]), ("null", None)],
)
def test_a_number_means_what_it_means_in_yaml(literal: str, value):
    read = parse_json(f'{{"a": {literal}}}'.encode(), "x", 1).data["a"]

    assert (read, type(read)) == (value, type(value))
    assert repr(read) == repr(parse_yaml(f"a: {literal}", "x").data["a"])


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (b'{"a": 1,}', "SRC-004", 9), (b'{"a": 1, "a": 2}', "SRC-005", 1), (b'{"a": NaN}', "SRC-004", 1),
        (b'{"a": "\xff"}', "SRC-003", 1), (b'{"a": "\\ud800"}', "TXT-001", 1), (b"[" * 60 + b"]" * 60, "SRC-004", 1),
        (b"[" * 100_000, "SRC-004", 1), (b"", "SRC-004", 1), (b'{"a": "b"} x', "SRC-004", 12),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_says_where_and_why(line: bytes, rule: str, column: int):
    [problem] = parse_json(line, "全区.jsonl", 7).problems

    assert (problem.rule, str(problem.location)) == (rule, f"全区.jsonl:7:{column}")


@settings(max_examples=25)
@given(
    st.fixed_dictionaries({}, optional={
        "new": st.one_of(st.none(), st.integers(0, 9), st.just("2"), st.just(Decimal("1.50"))),
        "text": st.text(st.characters(codec="utf-8"), max_size=30),
    }),
)  # fmt: skip
def test_a_report_and_its_line_have_the_same_findings(edit):
    source = dict(ORIGINAL)
    sections = {name: dict(section) for name, section in source["sections"].items()}
    if "new" in edit:
        row = {**sections["requests"]["data"]["new_received"], "natural_person": edit["new"]}
        sections["requests"]["data"] = {**sections["requests"]["data"], "new_received": row}
    if "text" in edit:
        sections["problems"]["text"] = edit["text"]
    source["sections"] = sections
    one, other = (
        pipeline.open_project(project_of(Path("/nowhere"), document, inline=True), Selection(), workshop=WORKSHOP)
        for document in (sample_document(source), parse_json(written(source).encode(), "report.yaml", 1))
    )

    assert one.report.source == other.report.source
    found = [sorted((f.rule, f.path, f.message) for f in pipeline.check(opened).findings) for opened in (one, other)]
    assert found[0] == found[1]


ORIGINAL = pipeline.open_report(EXAMPLE, Selection()).report.source


def test_reports_written_as_lines_and_read_again_give_the_same_files(tmp_path: Path, run: Run):
    folder = reports(tmp_path / "in", {"甲局": {}, "乙局": {"others.md": "其他情况另行报告。\n"}})
    for name in ("甲局", "乙局"):
        report = folder / name / "report.yaml"
        report.write_text(report.read_text(encoding="utf-8").replace("洛龙区统计局", name), encoding="utf-8")
        overview = folder / name / "overview.md"
        overview.write_text(overview.read_text(encoding="utf-8").replace("洛龙区统计局", name), encoding="utf-8")
    run("batch", "build", folder, "-o", tmp_path / "lines", "--to", "json")
    lines = sorted((tmp_path / "lines").glob("*/*.json"))
    assert len(lines) == 2
    (tmp_path / "全区.jsonl").write_bytes(b"".join(path.read_bytes() for path in lines))
    run("batch", "build", folder, "-o", tmp_path / "one", "--to", "docx", "--to", "html", "--to", "json")
    ran = run(
        "batch",
        "build",
        tmp_path / "全区.jsonl",
        "-o",
        tmp_path / "two",
        "--to",
        "docx",
        "--to",
        "html",
        "--to",
        "json",
    )

    assert ran.code == 0
    assert {name: tree(tmp_path / "one" / name) for name in ("甲局", "乙局")} == {
        name: tree(tmp_path / "two" / f"{name}2020") for name in ("甲局", "乙局")
    }


def test_the_waivers_of_a_report_go_with_its_line(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    text = (report / "problems.md").read_text(encoding="utf-8")
    (report / "problems.md").write_text(f"{text}\n联系电话13812345678。\n", encoding="utf-8")
    found = [f for f in run("check", report, "--format", "json").json["findings"] if f["severity"] == "error"]
    assert found
    for one in found:
        run("waive", one["fingerprint"], report, "--reason", "公开的电话", "--author", "张三", "--approver", "李四")
    (tmp_path / "x.jsonl").write_bytes(line_of(report, tmp_path / "out", run))
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "json")

    assert (ran.code, ran.json["summary"]["waived"]) == (0, len(found))


def test_a_finding_in_a_line_names_file_and_line(tmp_path: Path, run: Run):
    line = json.loads(line_of(EXAMPLE, tmp_path / "out", run))
    line["sections"]["requests"]["data"]["new_received"]["natural_person"] = "2"
    line["sections"]["problems"]["text"] = "有问题。\n\n一共{{ no.such.cell }}件"
    del line["sections"]["disputes"]
    (tmp_path / "x.jsonl").write_text("\n\n" + json.dumps(line), encoding="utf-8")
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "concise")

    assert {row.partition(": ")[0] for row in ran.out.splitlines()} == {f"{tmp_path}/x.jsonl:3"}
    assert {row.split()[3].partition("：")[0] for row in ran.out.splitlines()} == {"洛龙区统计局2020"}
    assert {"TAB-002", "NAR-101", "SRC-001"} - {row.split()[2] for row in ran.out.splitlines()} == set()


def test_files_beside_a_list_of_lines_are_not_its_sections(tmp_path: Path, run: Run):
    line = json.loads(line_of(EXAMPLE, tmp_path / "out", run))
    del line["sections"]["overview"]
    (tmp_path / "x.jsonl").write_text(json.dumps(line), encoding="utf-8")
    (tmp_path / "overview.md").write_text("别处的文字", encoding="utf-8")
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "concise")

    assert "SRC-001" in ran.out
    assert "SRC-009" not in ran.out


def test_bad_lines_are_named_and_the_others_go_on(tmp_path: Path, run: Run):
    good = line_of(EXAMPLE, tmp_path / "out", run)
    (tmp_path / "x.jsonl").write_bytes(b"{\n" + good + b"[1]\n{}\n")
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "json")

    assert {unit["name"]: unit["state"] for unit in ran.json["units"]} == {
        "洛龙区统计局2020": "passed", "第1行": "unreadable", "第3行": "unreadable", "第4行": "unreadable",
    }  # fmt: skip
    assert ran.code == 1


def test_a_mark_at_the_beginning_of_lines_is_skipped_and_told(tmp_path: Path, run: Run):
    good = line_of(EXAMPLE, tmp_path / "out", run)
    (tmp_path / "x.jsonl").write_bytes(codecs.BOM_UTF8 + good)
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "concise")

    assert ran.code == 0
    assert ran.out.startswith(f"{tmp_path}/x.jsonl:1: 提示 SRC-011 洛龙区统计局2020：x.jsonl 开头有字节顺序标记")


@pytest.mark.parametrize("line", ["{", "[1]", '"x"'])
def test_the_hints_of_a_bad_line_are_about_lines(tmp_path: Path, run: Run, line: str):
    (tmp_path / "x.jsonl").write_text(line)
    run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result")
    said = (tmp_path / "result" / "findings.jsonl").read_text(encoding="utf-8")

    assert "JSON" in said
    assert "全角" not in said


def test_two_lines_of_one_unit_and_year_are_refused(tmp_path: Path, run: Run):
    good = line_of(EXAMPLE, tmp_path / "out", run)
    (tmp_path / "x.jsonl").write_bytes(good + good)
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result")

    assert ran.code == 2
    assert f"{tmp_path / 'x.jsonl'}:1、{tmp_path / 'x.jsonl'}:2" in ran.err
    assert "每种报告只能有一行" in ran.err


def test_of_very_many_lines_of_one_unit_and_year_the_first_are_named(tmp_path: Path, run: Run):
    (tmp_path / "x.jsonl").write_text('{"unit": {"name": "局"}, "year": 2020}\n' * 2000, encoding="utf-8")
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result")

    assert ran.code == 2
    assert f"有 2000 份报告都叫“局2020”：{tmp_path / 'x.jsonl'}:1、{tmp_path / 'x.jsonl'}:2、" in ran.err
    assert ran.err.count("x.jsonl") == 20


def test_two_forms_of_one_unit_and_year_have_the_form_in_their_names(tmp_path: Path, run: Run):
    line = json.loads(line_of(EXAMPLE, tmp_path / "out", run))
    lines = [json.dumps({**line, "form": form}) for form in ("disclosure", "a/../b")]
    (tmp_path / "x.jsonl").write_text("\n".join(lines))
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "json")

    names = {unit["name"]: unit["state"] for unit in ran.json["units"]}
    assert names == {"洛龙区统计局2020-disclosure": "passed", "洛龙区统计局2020-a_.._b": "unreadable"}


def test_a_unit_cannot_lead_out_of_the_folder(tmp_path: Path, run: Run):
    line = json.loads(line_of(EXAMPLE, tmp_path / "out", run))
    line["unit"]["name"] = "../../局"
    (tmp_path / "x.jsonl").write_text(json.dumps(line), encoding="utf-8")
    ran = run("batch", "check", tmp_path / "x.jsonl", "-o", tmp_path / "result", "--format", "json")

    assert [unit["name"] for unit in ran.json["units"]] == ["_.._局2020"]


def test_the_first_name_that_is_repeated_is_the_one_that_is_told():
    [problem] = parse_json(b'{"a": 1, "b": 2, "b": 3, "a": 4}', "x.jsonl", 1).problems

    assert "“b”" in problem.message
