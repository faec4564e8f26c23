"""The program: commands, formats and exit codes as a person or another program meets them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest

import baogao
from reports import EXAMPLE, MARK, Run, change, marked_place, sample, tree

NAME = "洛龙区统计局2020年政府信息公开工作年度报告"
FINDING_KEYS = [
    "rule", "severity", "state", "section", "path", "cells", "quote", "message", "expected", "actual", "basis", "hint",
    "waived", "fingerprint", "location",
]  # fmt: skip


def wrong_number(tmp_path: Path) -> tuple[Path, str]:
    """Change one number of requests.yaml; return the report and where it stands."""
    report = sample(tmp_path)
    line = next(
        line
        for line in (report / "requests.yaml").read_text(encoding="utf-8").splitlines()
        if line.startswith("carried_forward")
    )
    change(report, "requests.yaml", line, line.replace("business: 0", f"business: {MARK}4"))
    return report, marked_place(report)


def test_a_clean_report_is_built(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    ran = run("build", report)
    assert ran.code == 0
    assert sorted(path.name for path in (report / "out").iterdir()) == [f"{NAME}.docx", f"{NAME}.html"]
    assert "结论：没有发现问题" in ran.out
    assert f"已写出 {report / 'out' / NAME}.docx" in ran.err


def test_the_current_folder_is_the_report(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(sample(tmp_path))
    assert run("check").code == 0
    assert run("build", "-o", "别处").code == 0
    assert len(list(Path("别处").iterdir())) == 2


def test_one_output_alone_can_be_built(tmp_path: Path, run: Run):
    assert run("build", EXAMPLE, "-o", tmp_path, "--to", "html").code == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}.html"]


def test_two_builds_give_the_same_bytes(tmp_path: Path, run: Run):
    one, other = sample(tmp_path / "一"), sample(tmp_path / "二")
    for path in other.iterdir():
        os.utime(path, (0, 0))
    run("build", one, "-o", tmp_path / "a")
    run("build", other, "-o", tmp_path / "b")
    assert len(tree(tmp_path / "a")) == 2
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    ],
)
def test_other_processes_give_the_same_bytes(tmp_path: Path, environment: dict[str, str]):
    code = [sys.executable, "-m", "baogao", "build", str(EXAMPLE), "-o", str(tmp_path / "out")]
    ran = subprocess.run(code, env={**os.environ, **environment}, capture_output=True, check=True)
    assert "结论：没有发现问题" in ran.stdout.decode("utf-8")
    baogao.build(EXAMPLE, out=tmp_path / "here")
    assert tree(tmp_path / "out") == tree(tmp_path / "here")


def test_one_changed_number_is_found_with_its_rules_paths_and_places(tmp_path: Path, run: Run):
    report, place = wrong_number(tmp_path)
    line = int(place.split(":")[1])
    ran = run("build", report, "--format", "json")
    found = [(said.rule, said.path, said.place) for said in ran.findings]
    assert found == [
        ("T3-001", "requests.total_handled.business", f"requests.yaml:{line - 1}:71"),
        ("T3-003", "requests.carried_forward.total", f"requests.yaml:{line}:154"),
    ]
    assert ran.json["findings"][0]["cells"][-1] == "requests.carried_forward.business"
    assert ran.code == 1
    assert not (report / "out").exists()


def test_the_json_has_exactly_the_keys_of_the_design(tmp_path: Path, run: Run):
    report, _ = wrong_number(tmp_path)
    said = run("check", report, "--format", "json").json
    assert list(said) == ["report", "findings", "summary"]
    assert said["report"] == {"form": "disclosure", "edition": "2019", "year": 2020, "unit": "洛龙区统计局"}
    assert said["summary"] == {"error": 2, "warning": 0, "info": 0, "waived": 0, "unassessable": 0}
    for finding in said["findings"]:
        assert list(finding) == FINDING_KEYS
        assert list(finding["location"]) == ["file", "line", "column"]
    first = said["findings"][0]
    assert {key: first[key] for key in ("severity", "state", "section", "quote", "expected", "actual", "waived")} == {
        "severity": "error", "state": "fail", "section": "requests", "quote": "", "expected": "0", "actual": "4",
        "waived": None,
    }  # fmt: skip
    assert len(first["fingerprint"]) == 16


def test_json_of_a_clean_report_is_all_that_stdout_carries(run: Run):
    ran = run("check", EXAMPLE, "--format", "json")
    assert (ran.json["findings"], ran.err, ran.code) == ([], "", 0)


def test_concise_is_one_line_a_finding_as_editors_read_it(tmp_path: Path, run: Run):
    report, place = wrong_number(tmp_path)
    lines = run("check", report, "--format", "concise").out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"requests.yaml:{place.split(':')[1]}:154: 错误 T3-003 ")


def test_the_table_ends_with_a_line_for_each_gate(tmp_path: Path, run: Run):
    report, _ = wrong_number(tmp_path)
    lines = run("check", report).out.splitlines()
    gates = [
        line.partition("：")[0] for line in lines if line.partition("：")[0] in ("政治关", "文字关", "数据关", "保密关")
    ]
    assert gates == ["政治关", "文字关", "数据关", "保密关"]
    assert lines[-1] == "结论：错误 2 个，不能报送"
    assert "数据关：错误 2 个" in lines


def test_the_table_says_how_to_mend_each_kind_once(tmp_path: Path, run: Run):
    report, _ = wrong_number(tmp_path)
    out = run("check", report).out
    assert out.count("怎么改：先核对本列（七）总计，再核对第四项结转") == 1


def test_a_draft_shows_the_gap_in_docx_and_html(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    line = next(
        line
        for line in (report / "requests.yaml").read_text(encoding="utf-8").splitlines()
        if line.startswith("new_received")
    )
    change(
        report, "requests.yaml", line, line.replace("natural_person: 2", "natural_person: ").replace(", total: 2", "")
    )
    assert run("build", report, "-o", tmp_path / "refused").code == 1
    ran = run("build", report, "-o", tmp_path / "out", "--draft")
    assert ran.code == 1
    assert "草稿" in ran.err
    assert not (tmp_path / "refused").exists()
    document, page = sorted((tmp_path / "out").iterdir())
    assert [document.name, page.name] == [f"{NAME}-草稿.docx", f"{NAME}-草稿.html"]
    cells = docx.Document(str(document)).tables[1].rows[3].cells
    assert [cell.text for cell in cells][3:] == ["【待填】", "0", "0", "0", "0", "0", "【待填】"]
    html = page.read_text(encoding="utf-8")
    assert html.count("【待填】") >= 3  # the cell, its total, the number bound to it
    assert "申请数量【待填】件" in "".join(p.text for p in docx.Document(str(document)).paragraphs)


def test_a_clean_draft_is_marked_and_passes(tmp_path: Path, run: Run):
    ran = run("build", EXAMPLE, "-o", tmp_path, "--draft")
    assert ran.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{NAME}-草稿.docx", f"{NAME}-草稿.html"]


def test_the_figures_of_the_example_are_in_both_files(tmp_path: Path, run: Run):
    run("build", EXAMPLE, "-o", tmp_path)
    table = docx.Document(str(tmp_path / f"{NAME}.docx")).tables[1]
    assert (len(table.rows), len(table.columns)) == (26, 10)
    assert [cell.text for cell in table.rows[24].cells][3:] == ["2", "0", "0", "0", "0", "0", "2"]
    assert zipfile.ZipFile(tmp_path / f"{NAME}.docx").testzip() is None
    html = (tmp_path / f"{NAME}.html").read_text(encoding="utf-8")
    assert "共收到政府信息公开申请数量" in html


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chekc",), "是否想写“check”"),
        (("check", "--fromat", "json"), "是否想写“--format”"),
        (("check", "--format", "xml"), "table、concise、json"),
        (("check", "--fail-on", "fatal"), "error、warning、info"),
        (("check", "a", "b"), "b"),
        (("build", "--to"), "--to"),
        (("build", str(EXAMPLE), "--to", "odt"), "docx、html"),
        (("explain",), "缺少"),
        (("explain", "T3-0001"), "是否想写“T3-001”"),
        (("new",), "缺少"),
        (("new", "x", "--year", "二〇二〇"), "--year"),
        (("check", "--lang", "fr"), "zh、en"),
    ],
)
def test_a_wrong_command_line_is_explained_in_chinese(run: Run, arguments: tuple[str, ...], words: str):
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "用法不对" in ran.err
    assert words in ran.err
    assert "--help" in ran.err


def test_help_says_what_each_command_is_for(run: Run):
    ran = run("--help")
    assert ran.code == 0
    assert [name for name in ("new", "check", "build", "plugins", "rules", "explain") if name not in ran.out] == []
    assert "退出码" in ran.out


@pytest.mark.parametrize("command", ["new", "check", "build", "plugins", "rules", "explain"])
def test_every_command_has_help_in_chinese(run: Run, command: str):
    ran = run(command, "--help")
    assert ran.code == 0
    assert "用法: " in ran.out
    assert "显示这段说明" in ran.out


def test_the_version_is_that_of_the_package(run: Run):
    assert run("--version").out.strip().endswith(baogao.__version__)


def test_python_m_baogao_is_the_same_program(tmp_path: Path):
    report, _ = wrong_number(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "baogao", "check", str(report), "--format", "json"], capture_output=True, check=False
    )
    assert ran.returncode == 1
    assert len(json.loads(ran.stdout)["findings"]) == 2
    assert ran.stderr == b""


def test_chinese_is_written_whatever_the_locale(tmp_path: Path):
    report, _ = wrong_number(tmp_path)
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [sys.executable, "-m", "baogao", "check", str(report)], capture_output=True, env=environment, check=False
    )
    assert ran.returncode == 1
    assert "不能报送" in ran.stdout.decode("utf-8")


def test_a_reader_that_goes_away_early_is_no_error(tmp_path: Path):
    report = sample(tmp_path, {"requests.yaml": ""})
    code = f"{sys.executable} -m baogao check {report} --format concise | head -1"
    ran = subprocess.run(["bash", "-c", f"set -o pipefail; {code}"], capture_output=True, check=False)
    assert b"Traceback" not in ran.stderr
    assert len(ran.stdout.splitlines()) == 1


def test_ctrl_c_exits_with_130(run: Run, monkeypatch: pytest.MonkeyPatch):
    from baogao import pipeline

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "check", interrupted)
    ran = run("check", EXAMPLE)
    assert (ran.code, "已中断" in ran.err) == (130, True)


# new


def test_a_new_report_can_be_filled_in_and_cannot_pass_untouched(tmp_path: Path, run: Run):
    folder = tmp_path / "我的报告"
    made = run("new", folder, "--form", "disclosure", "--year", "2020", "--unit", "某某局")
    assert made.code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "disputes.yaml", "others.md", "overview.md", "proactive.yaml", "problems.md", "report.yaml", "requests.yaml",
    ]  # fmt: skip
    ran = run("check", folder, "--format", "json")
    assert ran.code == 1
    wanted = "META-007 META-009 NAR-008 NAR-102 NAR-105 T2-101 T2-102 T2-103 T3-001 T3-002 T3-003 T4-001 TAB-001"
    assert {said.rule for said in ran.findings} == set(wanted.split())
    blank = [said.path for said in ran.findings if said.rule == "TAB-001"]
    assert len(blank) == len(set(blank)) == 22 + 22 * 6 + 12  # every cell that is not computed


def test_a_new_report_passes_once_it_is_filled_in(tmp_path: Path, run: Run):
    folder = tmp_path / "新"
    run("new", folder, "--form", "disclosure", "--year", "2020", "--unit", "洛龙区统计局", "--kind", "government")
    for name in ("disputes.yaml", "requests.yaml", "proactive.yaml", "overview.md", "problems.md", "others.md"):
        (folder / name).write_bytes((EXAMPLE / name).read_bytes())
    text = (folder / "report.yaml").read_text(encoding="utf-8")
    assert "kind: government" in text
    assert "META-009" in [said.rule for said in run("check", folder, "--format", "json").findings]

    # As the file itself says: the lines that begin with # are filled in by taking it away.
    text = re.sub(r"^  #(?=(short_names|address|postcode|phone|website|powers):)", "  ", text, flags=re.MULTILINE)
    (folder / "report.yaml").write_text(re.sub(r"(?m)^date: +", "date: 2021-01-20 ", text), encoding="utf-8")
    with (folder / "overview.md").open("a", encoding="utf-8") as overview:  # what a government must also say
        overview.write("\n工作考核等次为优秀，社会评议满意；没有责任追究的情形。\n")
    assert run("check", folder, "--format", "json").findings == []
    assert run("build", folder).code == 0


def test_the_files_of_a_new_report_hold_every_row_and_column(tmp_path: Path, run: Run):
    run("new", tmp_path / "新", "--year", "2020", "--unit", "某某局")
    report = baogao.load(tmp_path / "新")
    assert list(report.cells()) == list(baogao.load(EXAMPLE).cells())
    assert report.unit.name == "某某局"
    for row in ("new_received", "carried_forward", "litigation_after_review"):
        assert any(row in path.read_text(encoding="utf-8") for path in (tmp_path / "新").glob("*.yaml"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--year", "2020", "--unit", "局/处"), 2, "/"),
        (("--year", "2008", "--unit", "某某局"), 2, "2008"),
        (("--year", "20", "--unit", "某某局"), 2, "20"),
        (("--year", "2020", "--unit", ""), 2, "unit"),
        (("--year", "2020", "--unit", "某某局", "--form", "disclosre"), 2, "是否想写“disclosure”"),
        (("--year", "2020", "--unit", "某某局", "--kind", "bureau"), 2, "department"),
        (("--year", "2020"), 2, "--unit"),
        (("--unit", "某某局"), 2, "--year"),
    ],
)
def test_a_new_report_that_could_not_be_read_is_not_begun(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], code: int, words: str
):
    ran = run("new", tmp_path / "新", *arguments)
    assert ran.code == code
    assert words in ran.err
    assert not (tmp_path / "新").exists()


@pytest.mark.parametrize("unit", ["#局", "'局'", "局{{ 1 }}", "no", "010", "局 # 注", "- 局", "&局", "!局", "A&B"])
def test_any_unit_that_can_be_named_can_be_begun(tmp_path: Path, run: Run, unit: str):
    assert run("new", tmp_path / "新", "--year", "2020", "--unit", unit).code == 0
    assert baogao.load(tmp_path / "新").unit.name == unit


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, run: Run):
    (tmp_path / "笔记.txt").write_text("我的")
    ran = run("new", tmp_path, "--year", "2020", "--unit", "某某局")
    assert (ran.code, tree(tmp_path)) == (2, {"笔记.txt": "我的".encode()})
    assert "不是空文件夹" in ran.err


def test_a_new_report_where_nothing_can_be_written_says_so(tmp_path: Path, run: Run):
    (tmp_path / "x").write_text("我的")
    ran = run("new", tmp_path / "x" / "新", "--year", "2020", "--unit", "某某局")
    assert ran.code in (1, 2, 3)
    assert "无法写入" in ran.err


# rules, explain, plugins


def test_rules_lists_every_rule_with_the_keys_of_the_design(run: Run):
    rules = run("rules", "--format", "json").json
    keys = ["id", "title", "severity", "gate", "basis", "hint", "forms", "editions", "needs", "waivable", "plugin"]
    assert {tuple(rule) for rule in rules} == {tuple(keys)}
    ids = [rule["id"] for rule in rules]
    assert len(ids) == len(set(ids))
    wanted = "STR-001 STR-002 STR-003 STR-004 STR-005 META-001 META-003 META-009 TAB-001 TAB-002 TAB-005"
    wanted += " T2-001 T2-101 T3-001 T3-002 T3-003 T4-001"
    assert set(wanted.split()) <= set(ids)
    for rule in rules:
        assert rule["severity"] in ("error", "warning", "info")
        assert rule["gate"] in ("政治关", "文字关", "数据关", "保密关")
        assert all(rule[key] for key in ("title", "basis", "hint", "plugin")), rule


@pytest.mark.parametrize("format_", ["table", "md"])
def test_rules_are_listed_for_people(run: Run, format_: str):
    ran = run("rules", "--format", format_)
    assert (ran.code, ran.err) == (0, "")
    assert "T3-001" in ran.out
    assert "收到的申请与处理的申请相等" in ran.out


def test_every_rule_can_be_explained(run: Run):
    for rule in run("rules", "--format", "json").json:
        ran = run("explain", rule["id"])
        assert ran.code == 0
        assert [word for word in (rule["id"], rule["title"], rule["basis"], rule["hint"]) if word not in ran.out] == []


def test_an_explanation_is_found_in_small_letters_too(run: Run):
    assert "收到的申请与处理的申请相等" in run("explain", "t3-001").out


def test_plugins_lists_every_plugin_with_the_keys_of_the_design(run: Run):
    plugins = run("plugins", "--format", "json").json
    keys = ["name", "distribution", "version", "origin", "state", "error", "hooks", "sections", "rules"]
    assert {tuple(plugin) for plugin in plugins} == {(*keys, "file", "line", "problems")}
    bundled = [plugin["name"] for plugin in plugins if plugin["origin"] == "bundled"]
    sections = ["disputes", "others", "overview", "preface", "proactive", "problems", "requests"]
    assert {"disclosure", "docx", "html", *(f"disclosure.{name}" for name in sections)} <= set(bundled)
    assert [plugin["name"] for plugin in plugins][: len(bundled)] == bundled  # our own come first
    assert {plugin["state"] for plugin in plugins} == {"active"}
    requests = next(plugin for plugin in plugins if plugin["name"] == "disclosure.requests")
    assert (requests["hooks"], requests["sections"]) == (["section_providers"], ["requests"])
    assert {"T3-001", "T3-002", "T3-003"} <= set(requests["rules"])


def test_blocked_plugins_are_listed_as_blocked(run: Run):
    plugins = run("plugins", "--format", "json", "--block", "html").json
    assert [plugin["state"] for plugin in plugins if plugin["name"] == "html"] == ["blocked"]
    assert run("plugins", "--check", "--block", "html").code == 0


def test_plugins_are_listed_for_people(run: Run):
    ran = run("plugins")
    assert (ran.code, ran.err) == (0, "")
    assert "disclosure.requests" in ran.out
