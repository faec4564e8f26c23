"""Every extension point is proven by a plugin: bundled ones, luolong-fees, and one small distribution each."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import baogao as api

EXAMPLES = Path(__file__).parents[2] / "examples"
DEPARTMENT = EXAMPLES / "dept"
REPORT = EXAMPLES / "luolong-2020"
NAMES = ("luolong-cells", "luolong-credit", "luolong-csv", "luolong-text")

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_every_hook_and_the_commands_are_used_by_a_bundled_or_an_example_plugin(
    baogao: Run, extensions: Path, plugin: Path
) -> None:
    listed = json.loads(baogao("plugins", "--format", "json", path=(extensions, plugin)).stdout)
    used = {hook: entry["distribution"] for entry in listed for hook in entry["hooks"]}

    assert used == {
        "report_forms": "baogao",
        "section_providers": "luolong-fees",
        "validation_rules": "luolong-fees",
        "field_types": "luolong-credit",
        "renderers": "luolong-text",
        "output_profiles": "baogao",
        "source_readers": "luolong-csv",
        "baogao.commands": "luolong-cells",
    }
    assert [entry["name"] for entry in listed if entry["problems"]] == []


def test_their_own_tests_pass(python: Run, extensions: Path) -> None:
    plain = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "--import-mode=importlib")
    done = python("-m", "pytest", *plain, *(DEPARTMENT / name / "tests" for name in NAMES), path=(extensions,))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout


def test_the_report_is_written_as_plain_text_beside_the_others(baogao: Run, extensions: Path, tmp_path: Path) -> None:
    done = baogao("build", REPORT, "--to", "txt", "--to", "docx", "-o", tmp_path, path=(extensions,))
    (path,) = tmp_path.glob("*.txt")
    lines = path.read_text("utf-8").splitlines()

    assert done.returncode == 0, done.stdout
    assert lines[0] == "洛龙区统计局2020年政府信息公开工作年度报告"
    assert "一、本年新收政府信息公开申请数量｜自然人：2" in lines
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".docx", ".txt"]


def test_a_table_in_csv_makes_the_same_files_as_in_yaml(baogao: Run, extensions: Path, tmp_path: Path) -> None:
    for name in ("yaml", "csv"):
        shutil.copytree(REPORT, tmp_path / name, ignore=shutil.ignore_patterns("out"))
    disputes = api.load(REPORT).section("disputes")
    assert disputes is not None
    rows = [",".join((*path.split(".")[1:], cell.text())) for path, cell in disputes.tables[0].cells.items()]
    (tmp_path / "csv" / "disputes.yaml").unlink()
    (tmp_path / "csv" / "disputes.csv").write_text("\n".join(["行,列,值", *rows]), "utf-8-sig")

    for name in ("yaml", "csv"):
        done = baogao("build", tmp_path / name, "-o", tmp_path / "out" / name, path=(extensions,))
        assert done.returncode == 0, done.stdout
    one, other = (
        {file.name: file.read_bytes() for file in (tmp_path / "out" / name).iterdir()} for name in ("yaml", "csv")
    )
    assert one == other
    assert len(one) == 2


def test_a_chapter_with_the_cell_type_is_printed(baogao: Run, extensions: Path, tmp_path: Path) -> None:
    report = tmp_path / "report"
    shutil.copytree(REPORT, report, ignore=shutil.ignore_patterns("out"))
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("\nsections: {units: {after: others}}\n")
    (report / "units.yaml").write_text(
        'office: {code: "91350100M000100Y43", staff: 2}\ncentre: {code: "91350100M000100Y43", staff: 1}\n', "utf-8"
    )
    done = baogao("build", report, "--to", "txt", "-o", tmp_path / "out", path=(extensions,))
    (path,) = (tmp_path / "out").glob("*.txt")

    assert done.returncode == 0, done.stdout
    assert path.read_text("utf-8").splitlines()[-4:-2] == [
        "机关｜统一社会信用代码：91350100M000100Y43",
        "机关｜信息公开工作人员数：2",
    ]


def test_the_schemas_for_editors_know_the_cell_type(baogao: Run, extensions: Path, tmp_path: Path) -> None:
    done = baogao("schema", "export", "-o", tmp_path, path=(extensions,))

    assert done.returncode == 0, done.stderr
    assert "统一社会信用代码" in (tmp_path / "disclosure" / "2021" / "units.json").read_text("utf-8")


def test_the_command_is_imported_only_when_it_is_called(python: Run, extensions: Path) -> None:
    call = (
        "import sys; from baogao.cli.main import main\ntry: main(sys.argv[1:])\n"
        "except SystemExit: print('luolong_cells' in sys.modules)"
    )
    helped = python("-c", call, "--help", path=(extensions,))
    called = python("-c", call, "cells", REPORT, "--section", "disputes", path=(extensions,))

    assert helped.stdout.splitlines()[-1] == "False"
    assert called.stdout.splitlines()[-1] == "True"
    assert called.stdout.splitlines()[0] == (
        "disputes.review.upheld\t0\t四、政府信息公开行政复议、行政诉讼情况｜行政复议｜结果维持"
    )


@pytest.mark.parametrize("name", NAMES)
def test_they_need_nothing_but_the_public_api(name: str) -> None:
    package = name.replace("-", "_")
    tree = ast.parse((DEPARTMENT / name / package / "__init__.py").read_text("utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {alias.name for node in nodes if node.module == "baogao" for alias in node.names}
    project = tomllib.loads((DEPARTMENT / name / "pyproject.toml").read_text("utf-8"))["project"]
    others = {str(node.module).partition(".")[0] for node in nodes} - {"baogao"} - set(sys.stdlib_module_names)

    assert names <= set(api.__all__)
    assert others <= set(project["dependencies"])
