"""SARIF: valid by its schema, in step with the JSON, and stable when lines move; results written to a file."""

# ruff: noqa: E501 - reports and what is said of them stand in one line

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from reports import EXAMPLE, Run, change, sample, tree

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
WAIVER = """
- {rule: STR-008, path: others, reason: 不作要求, author: 张三, approver: 李四, date: 2021-01-01}
- {rule: META-009, path: "", actual: 2019-01-20, reason: 另有“规定” <x>, author: 张三, approver: 李四, date: 2021-01-01, until: 2999-01-01}
"""


def faults(log: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(log)]


def spoilt(folder: Path) -> Path:
    """Return a report with findings of every kind: in a cell, a row, a text, the head; waived; not assessable."""
    report = sample(folder, {"overview.md": "# 一、总体情况\n<b>{{ requests.nothing }}</b>\n", "waivers.yaml": WAIVER})
    change(report, "report.yaml", "date: 2021-01-20", "date: 2019-01-20")
    change(report, "requests.yaml", "legal_service: 0, other: 0, total: 2}\ncarried_over", "total: 2}\ncarried_ovre")
    change(report, "disputes.yaml", "pending: 0, total: 0}   # 行政复议", "pending: 1, total: 0}   # 行政复议")
    return report


def test_the_log_is_valid_and_says_what_the_json_says(tmp_path: Path, run: Run):
    report = spoilt(tmp_path)
    log = run("check", report, "--format", "sarif").json
    said = run("check", report, "--format", "json").json
    results = log["runs"][0]["results"]
    levels = {"error": "error", "warning": "warning", "info": "note"}

    assert faults(log) == []
    assert len({finding["rule"] for finding in said["findings"]}) > 5
    assert [
        (r["ruleId"], r["level"], r["message"]["text"], r["partialFingerprints"]["baogao/v1"], r["properties"]["state"])
        for r in results
    ] == [(f["rule"], levels[f["severity"]], f["message"], f["fingerprint"], f["state"]) for f in said["findings"]]


def test_a_place_is_the_file_of_the_report_with_line_and_column_in_characters(tmp_path: Path, run: Run):
    report = spoilt(tmp_path)
    run_ = run("check", report, "--format", "sarif").json["runs"][0]
    said = run("check", report, "--format", "json").json["findings"]
    physical = [result["locations"][0]["physicalLocation"] for result in run_["results"]]
    places = [
        {"file": p["artifactLocation"]["uri"], "line": p["region"]["startLine"], "column": p["region"]["startColumn"]}
        for p in physical
    ]

    assert run_["columnKind"] == "unicodeCodePoints"
    assert places == [finding["location"] for finding in said]


def test_the_rule_of_a_result_is_the_one_its_index_names(tmp_path: Path, run: Run):
    log = run("check", spoilt(tmp_path), "--format", "sarif").json["runs"][0]
    rules = log["tool"]["driver"]["rules"]

    assert [rules[r["ruleIndex"]]["id"] for r in log["results"]] == [r["ruleId"] for r in log["results"]]
    tab = next(rule for rule in rules if rule["id"] == "TAB-001")
    assert (tab["name"], tab["shortDescription"]["text"]) == ("各格都已填写", "各格都已填写")
    assert "没有的填 0" in tab["help"]["text"]


def test_a_waived_result_is_suppressed_and_every_other_says_that_it_is_not(tmp_path: Path, run: Run):
    results = run("check", spoilt(tmp_path), "--format", "sarif").json["runs"][0]["results"]
    waived = [result for result in results if result["suppressions"]]

    assert [(result["ruleId"], result["suppressions"]) for result in waived] == [
        (
            "META-009",
            [
                {
                    "kind": "external", "status": "accepted", "justification": "另有“规定” <x>",
                    "properties": {
                        "author": "张三", "approver": "李四", "date": "2021-01-01", "until": "2999-01-01",
                    },
                }
            ],
        )
    ]  # fmt: skip
    assert all("suppressions" in result for result in results)


def test_fingerprints_stay_when_lines_move(tmp_path: Path, run: Run):
    report = spoilt(tmp_path)

    def identities() -> list[Any]:
        results = run("check", report, "--format", "sarif").json["runs"][0]["results"]
        return sorted((result["ruleId"], *result["partialFingerprints"].values()) for result in results)

    before = identities()
    for path in report.glob("*.yaml"):
        path.write_text("# 移下来\n\n" + path.read_text("utf-8"), encoding="utf-8")

    assert identities() == before


def test_the_name_of_a_file_is_percent_encoded(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"多 余#?:1%.yaml": "x: 1\n"})
    result = run("check", report, "--format", "sarif").json["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]

    assert uri.isascii()
    assert not set("# ?:") & set(uri)
    assert unquote(uri) == "多 余#?:1%.yaml"


def test_a_file_outside_the_report_is_a_whole_uri_and_the_run_says_that_a_rule_failed(tmp_path: Path, run: Run):
    plugin = "from baogao import hookimpl, rule\n@rule('DEP-001', title='x')\ndef broken(report, options):\n    1 / 0\n"
    (tmp_path / "别处").mkdir()
    (tmp_path / "别处" / "help.py").write_text("def fail():\n    1 / 0\n", encoding="utf-8")
    plugin = (
        f"import sys\nsys.path.insert(0, {str(tmp_path / '别处')!r})\n"
        + plugin.replace("1 / 0", "import help; help.fail()")
    ) + "@hookimpl\ndef validation_rules():\n    return [broken]\n"
    report = sample(tmp_path, {"plugins/mine.py": plugin})
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("\nplugins: {load: [plugins/mine.py]}\n")
    ran = run("check", report, "--format", "sarif")
    (result,) = ran.json["runs"][0]["results"]

    assert faults(ran.json) == []
    assert (ran.code, ran.json["runs"][0]["invocations"][0]["executionSuccessful"]) == (3, False)
    assert result["ruleId"] == "PLG-004"
    outside = (tmp_path / "别处" / "help.py").as_uri()
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == outside


def test_a_clean_report_is_a_valid_log_without_results(run: Run):
    ran = run("check", EXAMPLE, "--format", "sarif")

    assert faults(ran.json) == []
    assert (ran.json["runs"][0]["results"], ran.code) == ([], 0)


def test_build_gives_a_valid_log_too(tmp_path: Path, run: Run):
    ran = run("build", spoilt(tmp_path), "--draft", "--format", "sarif")

    assert faults(ran.json) == []
    assert ran.code == 1


def test_the_language_of_the_log_is_that_of_the_call(run: Run):
    log = run("check", EXAMPLE, "--format", "sarif").json["runs"][0]

    english = run("check", EXAMPLE, "--lang", "en", "--format", "sarif").json["runs"][0]
    rules = {rule["id"]: rule["name"] for rule in english["tool"]["driver"]["rules"]}

    assert (log["language"], log["tool"]["driver"]["language"]) == ("zh-CN", "zh-CN")
    assert (english["language"], rules["WVR-007"]) == ("en-US", "A finding has one waiver")


WRONG = [
    pytest.param(("runs", 0, "results", 0, "level"), "info", id="a level there is not"),
    pytest.param(("runs", 0, "results", 0, "hint"), "x", id="a property there is not"),
    pytest.param(("runs", 0, "results", 0, "message"), {}, id="no message"),
    pytest.param(("runs", 0, "results", 0, "partialFingerprints"), {"a": 1}, id="a fingerprint that is a number"),
    pytest.param(("runs", 0, "columnKind"), "characters", id="columns counted otherwise"),
    pytest.param(("version",), "2.0", id="another version"),
    pytest.param(("runs", 0, "tool"), {}, id="no tool"),
    pytest.param(
        ("runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"), "多 余", id="no URI"
    ),
    pytest.param(
        ("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region"), {"startLine": 0}, id="line 0"
    ),
]


@pytest.mark.parametrize(("keys", "value"), WRONG)
def test_the_schema_of_this_test_refuses_what_sarif_refuses(
    tmp_path: Path, run: Run, keys: tuple[str | int, ...], value: Any
):
    log = copy.deepcopy(run("check", spoilt(tmp_path), "--format", "sarif").json)
    place: Any = log
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value

    assert faults(log) != []


# --output-file


@pytest.mark.parametrize("format_", ["table", "concise", "json", "sarif"])
def test_a_result_goes_to_a_file_as_it_would_to_stdout(tmp_path: Path, run: Run, format_: str):
    report, file = spoilt(tmp_path), tmp_path / "新的" / "结果.txt"
    plain = run("check", report, "--format", format_)
    ran = run("check", report, "--format", format_, "--output-file", file)

    assert (ran.out, ran.code) == ("", plain.code)
    assert file.read_text(encoding="utf-8") == plain.out
    assert f"结果已写到 {file}" in ran.err


def test_build_writes_its_result_to_a_file_too(tmp_path: Path, run: Run):
    file = tmp_path / "结果.json"
    ran = run("build", EXAMPLE, "-o", tmp_path / "out", "--format", "json", "--output-file", file)

    assert (ran.code, ran.out) == (0, "")
    assert json.loads(file.read_text("utf-8"))["findings"] == []
    assert len(tree(tmp_path / "out")) == 2


def test_a_result_that_cannot_be_written_leaves_what_was_there(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "结果.json"
    file.write_text("旧", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = run("check", EXAMPLE, "--format", "json", "--output-file", file)

    assert ran.code == 3
    assert "OUT-003" in ran.err
    assert tree(tmp_path) == {"结果.json": "旧".encode()}


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("name", ["report.yaml", "requests.yaml", "overview.md", "waivers.yaml", "templates/page.txt"])
def test_what_a_report_is_made_from_is_never_written_over(tmp_path: Path, run: Run, command: str, name: str):
    report = spoilt(tmp_path)
    (report / "templates").mkdir()
    (report / "templates" / "page.txt").write_text("", "utf-8")
    (report / "waivers.yaml").write_text("[]", "utf-8")
    before = tree(report)

    ran = run(command, report, "--format", "json", "--output-file", report / "templates" / ".." / name)
    assert (ran.code, ran.out) == (2, "")
    assert f"{Path(name).name} 是报告自己的文件，结果不能写在上面；换一个文件名" in ran.err
    assert tree(report) == before


def test_last_years_report_is_not_written_over_either_and_an_earlier_result_is(tmp_path: Path, run: Run):
    report, result = spoilt(tmp_path), tmp_path / "report" / "结果.json"
    refused = run("check", EXAMPLE, "--previous", report, "--output-file", report / "report.yaml")

    assert refused.code == 2
    assert [run("check", report, "--format", "json", "--output-file", result).code for _ in range(2)] == [1, 1]


def test_no_name_at_all_is_no_folder_to_write_to(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    report = spoilt(tmp_path)
    monkeypatch.chdir(tmp_path)
    for arguments in (["build", report, "-o", ""], ["check", ""], ["check", report, "--output-file", ""]):
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "没有写名称" in ran.err
    assert {name.partition("/")[0] for name in tree(tmp_path)} == {"report"}


def test_a_folder_is_no_file_to_write_to(tmp_path: Path, run: Run):
    ran = run("check", EXAMPLE, "--output-file", tmp_path)

    assert ran.code == 2
    assert "是文件夹" in ran.err
