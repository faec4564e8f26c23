"""A department's table of any length: its plugin budget beside the program, its tests, and a report that uses it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx

EXAMPLES = Path(__file__).parents[2] / "examples"
PLUGIN = EXAMPLES / "dept" / "luolong-budget"
RULES = ("BUD-001", "BUD-002", "BUD-003")

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_report_prints_every_level_and_the_total(tmp_path: Path, baogao: Run, budget: Path) -> None:
    done = baogao("build", EXAMPLES / "luolong-2020-with-budget", "-o", tmp_path, path=(budget,))
    assert (done.returncode, "结论：没有发现问题" in done.stdout) == (0, True), done.stdout + done.stderr
    (path,) = tmp_path.glob("*.docx")
    rows = [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[-1].rows]

    assert rows[2] == ["合计", "合计", "15.20", "481.29", "487.68", "353.53", "134.15", "8.80"]
    assert rows[3][:4] == ["201", "一般公共服务支出", "15.20", "412.86"]
    assert [row[0] for row in rows[3:6]] == ["201", "20105", "2010501"]


def test_what_is_found_is_marked_in_the_annotated_copy(tmp_path: Path, baogao: Run, budget: Path) -> None:
    report = tmp_path / "report"
    shutil.copytree(EXAMPLES / "luolong-2020-with-budget", report, ignore=shutil.ignore_patterns("out"))
    table = report / "appropriations.yaml"
    table.write_text(table.read_text("utf-8").replace("received: 412.86", "received: 413.86"), "utf-8")
    done = baogao("build", report, "--annotate", "--draft", "-o", tmp_path / "out", path=(budget,))

    assert done.returncode == 1
    (page,) = (tmp_path / "out").glob("*批注*.html")
    assert "BUD-003" in page.read_text("utf-8")


def test_every_example_of_its_rules_proves_its_rule(baogao: Run, budget: Path) -> None:
    done = baogao("rules", "test", *RULES, path=(budget,))

    assert (done.returncode, "0 个不对" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_plugins_own_tests_pass(python: Run, budget: Path) -> None:
    alone = ("-o", "addopts=", "-p", "no:cacheprovider")
    done = python("-m", "pytest", "-q", *alone, PLUGIN / "tests", path=(budget,))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout
