"""Many reports in one run: what is meant, what comes out, and that no report harms another."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from baogao.batch.pool import Bench, in_processes
from baogao.batch.tasks import Settings, Task
from baogao.cli import progress
from baogao.cli.main import main
from core.batches import process_of, reports
from reports import EXAMPLE, Edit, Run, change, tree

NAME = "洛龙区统计局2020年政府信息公开工作年度报告"

DYING = """
import os
from baogao import hookimpl, Rule

def die(report, options):
    os._exit(7)

@hookimpl
def validation_rules():
    return [Rule("DIE-001", "死", check=die)]
"""
PLUGIN = "plugins: {load: [die.py]}\n"
TRUST = "--trust-plugins"


def with_plugin(plugin: str) -> dict[str, Edit]:
    text = (EXAMPLE / "report.yaml").read_text(encoding="utf-8")
    return {"report.yaml": text + PLUGIN, "die.py": plugin}


def visible(folder: Path) -> list[str]:
    return sorted(name for name in tree(folder) if not name.startswith(".baogao/"))


def found_in(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good report, one with an error, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("区")
    return reports(folder, {"甲局": {}, "乙局": {"requests.yaml": None}, "丙局": {"report.yaml": "form: disclosure\n"}})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "结果"


def test_one_bad_report_never_stops_the_others(mixed: Path, out: Path, run: Run):
    ran = run("batch", "build", mixed, "-o", out, "--jobs", "2")

    assert ran.code == 1
    assert visible(out) == [
        "findings.jsonl", "summary.html", "summary.json", f"甲局/{NAME}.docx", f"甲局/{NAME}.html",
    ]  # fmt: skip
    said = json.loads((out / "summary.json").read_bytes())
    assert said["states"] == {"passed": 1, "found": 1, "unreadable": 1, "failed": 0, "lost": 0}
    assert [(unit["name"], unit["state"]) for unit in said["units"]] == [
        ("丙局", "unreadable"), ("乙局", "found"), ("甲局", "passed"),
    ]  # fmt: skip


def test_what_is_built_is_what_build_makes_alone(mixed: Path, out: Path, run: Run, tmp_path: Path):
    run("batch", "build", mixed / "甲局", "-o", out)
    run("build", mixed / "甲局", "-o", tmp_path / "alone")

    assert tree(out / "甲局") == tree(tmp_path / "alone")


def test_check_finds_what_check_finds_alone_and_writes_no_report(mixed: Path, out: Path, run: Run):
    ran = run("batch", "check", mixed, "-o", out, "--format", "json")
    alone = run("check", mixed / "乙局", "--format", "json").json["findings"]
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [{k: v for k, v in line.items() if k != "report"} for line in lines if line["report"] == "乙局"] == alone
    assert ran.json == json.loads((out / "summary.json").read_bytes())
    assert visible(out) == ["findings.jsonl", "summary.html", "summary.json"]


def test_concise_names_report_file_line_and_rule(mixed: Path, out: Path, run: Run):
    lines = run("batch", "check", mixed / "丙局", "-o", out, "--format", "concise").out.splitlines()

    assert lines[0].startswith(f"{mixed / '丙局'}/report.yaml:1:1: 错误 SRC-008 ")


def test_the_summary_is_one_accessible_page_without_script(mixed: Path, out: Path, run: Run):
    run("batch", "build", mixed, "-o", out)
    page = (out / "summary.html").read_text(encoding="utf-8")

    assert '<html lang="zh-CN">' in page
    assert re.findall(r"<script|https?://|<img|@import|url\(", page) == []
    assert page.count("<table>") == page.count("<caption>") == 4
    assert page.index("没有通过的报告") < page.index("最常见的问题") < page.index("<details>")
    assert page.count('<td class="t">政府信息公开工作年度报告</td>') == 2
    assert len(re.findall("<th[ >]", page)) == len(re.findall('<th scope="(?:row|col)">', page))
    for link in re.findall('href="([^"]+)"', page):
        from urllib.parse import unquote

        assert (out / unquote(link)).is_file()
    assert page.count("<a href=") == 2


def test_a_page_shows_text_as_text(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"<b>局": {"overview.md": "<script>alert(1)</script>"}})
    run("batch", "check", folder, "-o", out)

    assert "<b>局" not in (page := (out / "summary.html").read_text(encoding="utf-8"))
    assert "&lt;b&gt;局" in page


@pytest.mark.parametrize(
    ("state", "code"),
    [("甲局", 0), ("乙局", 1), ("丙局", 2)],
)
def test_the_exit_code_is_as_everywhere(mixed: Path, out: Path, run: Run, state: str, code: int):
    assert run("batch", "check", mixed / state, "-o", out).code == code


def test_fail_on_counts_warnings_too(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"甲局": {"extra.md": "多出来的一个文件"}})

    assert run("batch", "check", folder, "-o", out).code == 0
    assert run("batch", "check", folder, "-o", out, "--resume", "--fail-on", "warning").code == 1


@pytest.mark.parametrize("how", ["import os\nos._exit(9)\n", DYING, "import os, signal\nos.kill(os.getpid(), 9)\n"])
def test_a_worker_that_dies_loses_only_its_own_report(out: Path, run: Run, tmp_path: Path, how: str):
    folder = reports(tmp_path / "in", {"一": {}, "二": with_plugin(how), "三": {}})
    ran = run("batch", "build", folder, "-o", out, TRUST, "--jobs", "1", "--format", "json")

    assert ran.code == 3
    assert {unit["name"]: unit["state"] for unit in ran.json["units"]} == {"一": "passed", "二": "lost", "三": "passed"}
    assert [(rule["rule"], rule["title"]) for rule in ran.json["rules"]] == [("PLG-003", "插件工作正常")]
    assert "二：处理这份报告的进程中途没了" in ran.err
    shutil.copy(EXAMPLE / "report.yaml", folder / "二")
    (folder / "二" / "die.py").unlink()
    assert run("batch", "build", folder, "-o", out, "--resume").code == 0
    run("batch", "build", folder, "-o", tmp_path / "clean")
    assert tree(out) == tree(tmp_path / "clean")


def test_a_plugin_that_raises_or_prints_is_named_and_stdout_stays_clean(out: Path, tmp_path: Path):
    plugin = DYING.replace("os._exit(7)", "os.write(1, b'noise'); print('noise'); raise ValueError('坏了')")
    folder = reports(tmp_path / "in", {"一": with_plugin(plugin)})
    code = [sys.executable, "-m", "baogao", "batch", "check", str(folder), "-o", str(out), TRUST, "--format", "json"]
    ran = subprocess.run(code, capture_output=True, check=False)

    assert ran.returncode == 3
    assert json.loads(ran.stdout)["states"]["failed"] == 1
    assert "坏了" in (out / "findings.jsonl").read_text(encoding="utf-8")


def test_two_reports_of_one_name_are_refused_before_anything_is_written(out: Path, run: Run, tmp_path: Path):
    one, two = reports(tmp_path / "一-二", {"局": {}}), reports(tmp_path / "一" / "二", {"局": {}})
    ran = run("batch", "build", one, two, "-o", out)

    assert ran.code == 2
    assert str(one / "局") in ran.err
    assert str(two / "局") in ran.err
    assert not out.exists()


def test_folders_of_one_name_are_called_by_their_paths(out: Path, run: Run, tmp_path: Path):
    for county, units in {"东河县": {"民政局": {}, "教育局": {}}, "西河县": {"民政局": {}}}.items():
        reports(tmp_path / "省" / county, units)
    reports(tmp_path / "去年" / "东河县", {"民政局": {"report.yaml": ("year: 2020", "year: 2019")}})
    words = (str(tmp_path / "省/*/*"), "-o", out, "--previous", tmp_path / "去年")
    ran = run("batch", "build", *words, "--format", "json")

    compared = {unit["name"]: unit["compared"] for unit in ran.json["units"]}
    assert compared == {"东河县-教育局": False, "东河县-民政局": True, "西河县-民政局": False}
    assert (out / "西河县-民政局" / f"{NAME}.docx").is_file()
    before = tree(out)
    assert "3 份没有变" in run("batch", "build", *words, "--resume").err
    assert tree(out) == before


def test_reports_a_level_lower_are_hinted_at(out: Path, run: Run, tmp_path: Path):
    reports(tmp_path / "省" / "东河县", {"民政局": {}})
    assert f"写 '{tmp_path / '省'}/*/*'" in run("batch", "check", tmp_path / "省", "-o", out).err

    reports(tmp_path / "省", {"省直": {}})
    assert "下面一层有，要做就把它也写上" in run("batch", "check", tmp_path / "省", "-o", out).err


@pytest.mark.parametrize(("target", "out"), [(".", "."), ("甲局", "."), ("甲局", "甲局"), ("*局", ".")])
def test_results_are_not_put_among_the_reports(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, out: str
):
    folder = reports(tmp_path / "in", {"甲局": {}})
    monkeypatch.chdir(folder)
    before = tree(folder)
    ran = run("batch", "build", target, "-o", out)

    assert (ran.code, tree(folder)) == (2, before)
    assert f"-o 的“{out}”是放报告的文件夹" in ran.err


def test_what_a_number_of_jobs_must_be_is_said(mixed: Path, out: Path, run: Run):
    assert "--jobs 的值应为整数，至少是 1" in run("batch", "check", mixed, "-o", out, "--jobs", "0").err
    assert "sarif" not in run("batch", "check", "--help").out


def test_names_are_in_the_order_of_their_numbers(out: Path, run: Run, tmp_path: Path):
    names = ["2科", "11科", "局", "局1", "局2", "局2甲", "局11", "局甲"]
    folder = reports(tmp_path / "in", {name: {"report.yaml": ""} for name in reversed(names)})
    ran = run("batch", "check", folder, "-o", out, "--format", "json")

    assert [unit["name"] for unit in ran.json["units"]] == names


def test_a_report_named_twice_is_done_once(mixed: Path, out: Path, run: Run):
    ran = run("batch", "check", mixed, mixed / "甲局", str(mixed / "*局"), "-o", out, "--format", "json")

    assert ran.json["reports"] == 3


def test_a_report_with_two_names_is_done_once_by_the_last(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"乙": {"report.yaml": ""}})
    for name in ("丙", "甲"):
        (folder / name).symlink_to("乙")
    ran = run("batch", "check", folder, folder / "乙", "-o", out, "--format", "json")

    assert [unit["name"] for unit in ran.json["units"]] == ["甲"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text here")
def test_a_folder_whose_name_is_no_text_is_a_report_like_any_other(out: Path, run: Run, tmp_path: Path):
    name = os.fsdecode(b"\xff\xe5\xb1\x80")
    folder = reports(tmp_path / "in", {name: {}, "局": {}})
    run("batch", "build", folder, "-o", out)

    assert tree(out / name) == tree(out / "局")
    assert f'href="%FF%E5%B1%80/{quote(NAME)}.docx"' in (out / "summary.html").read_text("utf-8")
    assert "2 份没有变" in run("batch", "build", folder, "-o", out, "--resume").err


@pytest.mark.parametrize("word", ["没有的文件夹", "没有的*", "空"])
def test_a_target_without_a_report_is_refused(out: Path, run: Run, tmp_path: Path, word: str):
    (tmp_path / "空").mkdir()
    ran = run("batch", "check", tmp_path / word, "-o", out)

    assert (ran.code, out.exists()) == (2, False)
    assert f"{word}”里没有报告" in ran.err


def test_a_folder_beside_the_reports_that_is_none_is_named(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"甲": {}, "乙": {}})
    (folder / "乙" / "report.yaml").unlink()

    ran = run("batch", "check", folder, "-o", out)
    assert f"略过 {folder / '乙'}" in ran.err
    assert "略过的文件夹，里面没有 report.yaml：乙\n" in ran.out
    assert json.loads((out / "summary.json").read_bytes())["passed_over"] == ["乙"]
    assert "没有 report.yaml：乙<" in (out / "summary.html").read_text(encoding="utf-8")


def test_a_report_may_not_take_a_name_of_the_summary(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"summary.json": {}})

    assert run("batch", "check", folder, "-o", out).code == 2


def test_only_what_has_changed_is_done_again(out: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = reports(tmp_path / "in", {"一": {}, "二": {}})
    run("batch", "build", folder, "-o", out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.docx")}
    change(folder / "二", "report.yaml", "洛阳市洛龙区示例路1号", "洛阳市洛龙区示例路2号")
    assert run("batch", "build", folder, "-o", out, "--only-changed").code == 0
    after = {path: path.stat().st_mtime_ns for path in out.rglob("*.docx")}

    assert {path.parent.name for path in before if after[path] != before[path]} == {"二"}


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_an_output_that_is_not_as_it_was_written_is_made_again(out: Path, run: Run, tmp_path: Path, harm: str):
    folder = reports(tmp_path / "in", {"一": {}})
    run("batch", "build", folder, "-o", out)
    clean = tree(out)
    page = next(out.rglob("*年*.html"))
    page.unlink() if harm == "removed" else page.write_text("x")
    run("batch", "build", folder, "-o", out, "--resume")

    assert tree(out) == clean


def test_another_template_or_option_makes_everything_again(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"一": {}})
    run("batch", "build", folder, "-o", out)
    (folder / "一" / "templates").mkdir()
    shutil.copy(Path(__file__).parents[2] / "templates" / "page.html", folder / "一" / "templates")
    change(folder / "一", "templates/page.html", "</body>", "<!-- 新 --></body>")
    run("batch", "build", folder, "-o", out, "--resume")
    page = next(out.rglob("*年*.html"))
    assert "<!-- 新 -->" in page.read_text(encoding="utf-8")
    run("batch", "build", folder, "-o", out, "--resume", "--to", "docx")

    assert not page.exists()


def test_what_is_no_longer_made_is_removed_unless_somebody_changed_it(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"一": {}})
    run("batch", "build", folder, "-o", out)
    page = next(out.rglob("*年*.html"))
    page.write_text("改过", encoding="utf-8")
    (folder / "一" / "requests.yaml").unlink()
    assert run("batch", "build", folder, "-o", out).code == 1

    assert visible(out / "一") == [page.name]


def test_last_years_reports_are_found_by_name(out: Path, run: Run, tmp_path: Path):
    now, last = reports(tmp_path / "now", {"一": {}, "二": {}}), reports(tmp_path / "last", {"一": {}})
    change(last / "一", "report.yaml", "year: 2020", "year: 2018")
    run("batch", "check", now, "-o", out, "--previous", last)

    assert [one["report"] for one in found_in(out) if one["rule"] == "SRC-014"] == ["一"]


def test_last_years_folder_must_be_there_and_it_is_said_how_many_were_compared(out: Path, run: Run, tmp_path: Path):
    now, last = reports(tmp_path / "now", {"一": {}, "二": {}}), reports(tmp_path / "last", {"一": {}})
    change(last / "一", "report.yaml", "year: 2020", "year: 2019")
    missing = run("batch", "check", now, "-o", out, "--previous", tmp_path / "没有")
    assert (missing.code, out.exists()) == (2, False)
    assert f"{tmp_path / '没有'}”不是文件夹，或没有这个文件夹" in missing.err

    said = "与上一年的报告比较了 1 份；没有可比的 1 份"
    assert said in run("batch", "check", now, "-o", out, "--previous", last).out
    assert said in (out / "summary.html").read_text(encoding="utf-8")
    summary = json.loads((out / "summary.json").read_bytes())
    assert summary["compared"] == 1
    assert {unit["name"]: unit["compared"] for unit in summary["units"]} == {"一": True, "二": False}
    assert "比较了" not in run("batch", "check", now, "-o", out).out


def test_the_page_shows_what_is_wrong_before_what_could_not_be_assessed(out: Path, run: Run, tmp_path: Path):
    wrong: dict[str, Edit] = {"requests.yaml": None, "problems.md": "一共{{ no.such }}件，【待填】。"}
    run("batch", "check", reports(tmp_path / "in", {"甲": wrong}), "-o", out)
    page = (out / "summary.html").read_text(encoding="utf-8")
    [listed] = re.findall(r'<td class="why".*', page)
    shown = re.findall(r"<li>(\S+)(?: <span class=\"place\">(\S+)</span>)?", listed)

    assert shown[:3] == [
        ("SRC-001", "requests.yaml"),
        ("NAR-101", "problems.md:1"),
        ("NAR-105", "problems.md:1"),
    ]
    assert listed.count("怎么改：") == 5
    vague = json.loads((out / "summary.json").read_bytes())["summary"]["unassessable"]
    assert f"<li>另有 {vague - 2} 条（无法核对）</li>" in listed
    rules = json.loads((out / "summary.json").read_bytes())["rules"]
    only_vague = [rule["findings"] == rule["unassessable"] for rule in rules]
    assert only_vague == sorted(only_vague)
    assert sum(rule["unassessable"] for rule in rules) == vague


def test_two_reports_of_one_unit_and_year_are_named(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"甲": {}, "甲（新）": {}, "乙": {}})
    change(folder / "乙", "report.yaml", "name: 洛龙区统计局", "name: 乙局")
    ran = run("batch", "check", folder, "-o", out)

    assert "同一单位同一年度有 2 份（洛龙区统计局，2020 年度）：甲、甲（新）\n" in ran.out
    [same] = json.loads((out / "summary.json").read_bytes())["same"]
    assert same == {"unit": "洛龙区统计局", "year": 2020, "form": "disclosure", "reports": ["甲", "甲（新）"]}


def test_a_report_that_was_withdrawn_is_named_and_its_files_stay(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"甲": {}, "乙": {}})
    run("batch", "build", folder, "-o", out)
    shutil.rmtree(folder / "乙")
    said = "以前写出的文件还在的报告：乙；"

    assert said in run("batch", "build", folder, "-o", out, "--only-changed").out
    assert said in (out / "summary.html").read_text(encoding="utf-8")
    assert json.loads((out / "summary.json").read_bytes())["left"] == ["乙"]
    assert (out / "乙" / f"{NAME}.docx").is_file()
    shutil.rmtree(out / "乙")
    assert said not in run("batch", "build", folder, "-o", out, "--only-changed").out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
@pytest.mark.parametrize("name", ["overview.md", "report.yaml", "extra.bin"])
def test_a_pipe_in_a_report_is_refused_and_nobody_waits_for_it(out: Path, run: Run, tmp_path: Path, name: str):
    folder = reports(tmp_path / "in", {"一": {name: None}, "二": {}})
    os.mkfifo(folder / "一" / name)
    ran = run("batch", "check", folder, "-o", out, "--format", "json")

    assert ran.json["states"]["passed"] == (2 if name == "extra.bin" else 1)
    told = [f"{one['rule']} {one['message']}：{one['hint']}" for one in found_in(out) if one["rule"] == "SRC-002"]
    assert told == ([] if name == "extra.bin" else [f"SRC-002 无法读取 {name}：不是普通文件：换成普通文件"])


def test_a_link_to_itself_is_a_file_that_cannot_be_read(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"一": {"disputes.yaml": None}})
    (folder / "一" / "disputes.yaml").symlink_to("disputes.yaml")
    run("batch", "check", folder, "-o", out)
    said = json.dumps(found_in(out), ensure_ascii=False)

    assert [one["location"]["file"] for one in found_in(out) if one["rule"] == "SRC-002"] == ["disputes.yaml"]
    assert ("PLG-003" in said, str(tmp_path) in said) == (False, False)


@pytest.mark.parametrize("terminal", [False, True])
def test_a_report_that_takes_long_is_named(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool
):
    monkeypatch.setattr(progress, "PATIENCE", 0.5)
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda stream: terminal and stream is sys.stderr)
    slow = DYING.replace("import os", "import time").replace("os._exit(7)", "time.sleep(2.5)")
    folder = reports(tmp_path / "in", {"一": with_plugin(slow)})
    with pytest.raises(SystemExit):
        main(["batch", "check", str(folder), "-o", str(out), TRUST])
    said = capsys.readouterr().err

    assert re.search(r"还在做：一（已经 \d 秒）", said)
    assert said.count("还在做") < 5


def test_two_runs_into_one_folder_do_not_mix(mixed: Path, out: Path, run: Run):
    from baogao.batch.locks import exclusive

    (out / ".baogao").mkdir(parents=True)
    with exclusive(out / ".baogao" / "run.lock"):
        ran = run("batch", "check", mixed, "-o", out)

    assert ran.code == 3
    assert "另有一次运行没有结束" in ran.err
    assert visible(out) == []


def test_everything_is_said_in_english_too(mixed: Path, out: Path, run: Run):
    ran = run("batch", "check", mixed, "-o", out, "--lang", "en")

    assert "3 reports" in ran.out
    assert '<html lang="en">' in (out / "summary.html").read_text(encoding="utf-8")
    for word in ("batch", "batch check", "batch build"):
        assert "Usage: " in run(*word.split(), "--lang", "en", "--help").out


def test_the_bytes_are_the_same_wherever_and_with_however_many_workers(mixed: Path, run: Run, tmp_path: Path):
    shutil.copytree(mixed, tmp_path / "elsewhere")
    run("batch", "build", mixed, "-o", tmp_path / "a", "--jobs", "1")
    run("batch", "build", tmp_path / "elsewhere", "-o", tmp_path / "b", "--jobs", "3")

    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_an_output_folder_that_cannot_be_made_is_named(mixed: Path, run: Run, tmp_path: Path):
    (tmp_path / "file").write_text("")
    ran = run("batch", "check", mixed, "-o", tmp_path / "file")

    assert ran.code == 3
    assert "无法写入" in ran.err


def test_a_terminal_gets_a_bar_with_rate_and_time_left(mixed: Path, out: Path, monkeypatch, capsys):
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda stream: stream is sys.stderr)
    with pytest.raises(SystemExit):
        main(["batch", "check", str(mixed), "-o", str(out), "--format", "json"])
    said = capsys.readouterr()

    assert "3/3" in said.err
    assert re.search(r"每秒 \d+\.\d 份", said.err)
    assert json.loads(said.out)["reports"] == 3


def leaving(mark: Path) -> str:
    """Return a plugin with a rule that leaves a mark when it is run."""
    return DYING.replace("import os", f"open({str(mark)!r}, 'w')").replace("os._exit(7)", "return []")


def test_a_reports_own_plugin_is_not_run_unless_it_is_trusted(out: Path, run: Run, tmp_path: Path):
    mark = tmp_path / "mark"
    folder = reports(tmp_path / "in", {"一": with_plugin(leaving(mark)), "二": {}})
    ran = run("batch", "check", folder, "-o", out, "--previous", folder)

    assert not mark.exists()
    assert "没有运行（信得过的，加 --trust-plugins）：一\n" in ran.out
    said = json.loads((out / "summary.json").read_bytes())
    assert said["unrun"] == ["一"]
    assert {unit["name"]: unit["rules"].get("PLG-014", 0) for unit in said["units"]} == {"一": 1, "二": 0}
    [told] = [one for one in found_in(out) if one["rule"] == "PLG-014"]
    assert (told["severity"], told["location"]["file"]) == ("warning", "report.yaml")
    assert "--trust-plugins" in told["hint"]

    assert (
        json.loads(run("batch", "check", folder, "-o", out, TRUST, "--resume", "--format", "json").out)["unrun"] == []
    )
    assert mark.exists()


def test_a_report_that_needs_its_own_plugin_does_not_pass_without_it(out: Path, run: Run, tmp_path: Path):
    text = (EXAMPLE / "report.yaml").read_text(encoding="utf-8")
    own: dict[str, Edit] = {"report.yaml": text.replace("[docx, html]", "[liar]") + PLUGIN, "die.py": LIAR}
    unknown = text.replace("form: disclosure", "form: own") + PLUGIN
    folder = reports(tmp_path / "in", {"一": own, "二": {**own, "report.yaml": unknown}})
    ran = run("batch", "build", folder, "-o", out, "--format", "concise")

    assert ran.code == 1
    assert "错误 PLG-007" in ran.out
    assert [one["report"] for one in found_in(out) if one["rule"] == "PLG-014"] == ["一", "二"]
    assert "--trust-plugins" in next(one["hint"] for one in found_in(out) if one["rule"] == "PLG-007")


LIAR = """
from baogao import Artifact, hookimpl

class Liar:
    name, needs, profiles = "liar", (), ("public",)

    def render(self, job):
        return Artifact(job.name, "txt", "text/plain", b"")

    def read_back(self, artifact, job):
        return {}

@hookimpl
def renderers():
    return [Liar()]
"""


def test_a_sample_is_read_back_and_the_rest_is_not(tmp_path: Path, run: Run):
    units = [f"第{number}局" for number in range(40)]
    text = (EXAMPLE / "report.yaml").read_text(encoding="utf-8")
    own: dict[str, Edit] = {"report.yaml": text.replace("[docx, html]", "[liar]") + PLUGIN, "die.py": LIAR}
    folder = reports(tmp_path / "区", dict.fromkeys(units, own))

    ran = [run("batch", "build", folder, "-o", tmp_path / how, TRUST, "--verify", how) for how in ("all", "sample")]

    assert [one.code for one in ran] == [1, 1]
    every, some = (json.loads((tmp_path / how / "summary.json").read_text("utf-8")) for how in ("all", "sample"))
    assert every["verified"] == len(units) == every["states"]["found"]
    assert 0 < some["verified"] < 10
    lied = {unit["name"] for unit in some["units"] if "OUT-001" in unit["rules"]}
    assert lied == {unit["name"] for unit in some["units"] if unit["verified"]}
    assert some["states"] == {**every["states"], "found": some["verified"], "passed": len(units) - some["verified"]}


def test_a_worker_on_a_bench_does_the_next_tasks_and_then_goes_home(tmp_path: Path):
    bench, tasks = Bench(), [Task(name, tmp_path, Settings(tmp_path, build=False)) for name in "甲乙丙"]
    done = [[result.name for result in in_processes(tasks, process_of, 1, bench=bench)] for _ in range(2)]
    [process] = {name for names in done for name in names}
    assert [len(names) for names in done] == [3, 3]

    end = time.monotonic() + 30
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not Path(f"/proc/{process}").exists()
    [[other], [another]] = [[one.name for one in in_processes(tasks[:1], process_of, 1)] for _ in range(2)]
    assert other != another
