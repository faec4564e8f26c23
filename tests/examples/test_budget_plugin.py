"""A department's table of any length: its plugin installed beside the program, its tests, and a report that uses it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PLUGIN = EXAMPLES / "dept" / "luolong-budget"
RULES = ("BUD-001", "BUD-002", "BUD-003")

Run = Callable[..., subprocess.CompletedProcess[str]]
Install = Callable[[Path, str, str, Mapping[str, str]], None]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, install: Install) -> Path:
    """Return a folder into which the plugin was installed."""
    target = tmp_path_factory.mktemp("site")
    shutil.copytree(PLUGIN / "luolong_budget", target / "luolong_budget", ignore=shutil.ignore_patterns("__pycache__"))
    install(target, "luolong-budget", "0.1.0", {"luolong_budget": "luolong_budget"})
    return target


def test_the_report_prints_every_level_and_the_total(tmp_path: Path, baogao: Run, installed: Path) -> None:
    done = baogao("build", EXAMPLES / "luolong-2020-with-budget", "-o", tmp_path, path=(installed,))
    assert (done.returncode, "结论：没有发现问题" in done.stdout) == (0, True), done.stdout + done.stderr
    (path,) = tmp_path.glob("*.docx")
    rows = [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[-1].rows]

    assert rows[2] == ["合计", "合计", "15.20", "481.29", "487.68", "353.53", "134.15", "8.80"]
    assert rows[3][:4] == ["201", "一般公共服务支出", "15.20", "412.86"]
    assert [row[0] for row in rows[3:6]] == ["201", "20105", "2010501"]


def test_what_is_found_is_marked_in_the_annotated_copy(tmp_path: Path, baogao: Run, installed: Path) -> None:
    report = tmp_path / "report"
    shutil.copytree(EXAMPLES / "luolong-2020-with-budget", report, ignore=shutil.ignore_patterns("out"))
    table = report / "appropriations.yaml"
    table.write_text(table.read_text("utf-8").replace("received: 412.86", "received: 413.86"), "utf-8")
    done = baogao("build", report, "--annotate", "--draft", "-o", tmp_path / "out", path=(installed,))

    assert done.returncode == 1
    (page,) = (tmp_path / "out").glob("*批注*.html")
    assert "BUD-003" in page.read_text("utf-8")


def test_every_example_of_its_rules_proves_its_rule(baogao: Run, installed: Path) -> None:
    done = baogao("rules", "test", *RULES, path=(installed,))

    assert (done.returncode, "0 个不对" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_plugins_own_tests_pass(python: Run, installed: Path) -> None:
    alone = ("-o", "addopts=", "-p", "no:cacheprovider")
    done = python("-m", "pytest", "-q", *alone, PLUGIN / "tests", path=(installed,))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout
