"""本插件的测试：像在终端里那样运行 baogao cells。先安装插件：pip install -e ."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("luolong_cells", reason="插件没有安装：pip install -e .")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """返回一个报告文件夹；只填了复议诉讼的一行。"""
    (tmp_path / "report.yaml").write_text(
        "{form: disclosure, year: 2020, unit: {name: 某某局, kind: department}}", "utf-8"
    )
    (tmp_path / "disputes.yaml").write_text("review: {upheld: 1, corrected: 0, other_result: 0, pending: 2}\n", "utf-8")
    return tmp_path


def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "baogao", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_cells_of_a_section_are_listed(folder: Path) -> None:
    done = ran("cells", folder, "--section", "disputes")

    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[:2] for line in lines][:5] == [
        ["disputes.review.upheld", "1"],
        ["disputes.review.corrected", "0"],
        ["disputes.review.other_result", "0"],
        ["disputes.review.pending", "2"],
        ["disputes.review.total", "3"],
    ]
    assert {len(line) for line in lines} == {3}


def test_a_section_there_is_not_is_wrong_usage(folder: Path) -> None:
    done = ran("cells", folder, "--section", "dispute")

    assert (done.returncode, done.stdout) == (2, "")
    assert "没有“dispute”这一章" in done.stderr


def test_a_folder_that_is_no_report_is_told_as_by_our_own_commands(tmp_path: Path) -> None:
    assert ran("cells", tmp_path).returncode == 2


def test_the_command_is_listed_in_the_help() -> None:
    assert "来自插件 luolong-cells" in ran("--help").stdout
