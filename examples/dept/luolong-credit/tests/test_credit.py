"""本插件的测试：校验码，和用它的一格。先安装插件：pip install -e ."""

from __future__ import annotations

from pathlib import Path

import pytest

import baogao

luolong_credit = pytest.importorskip("luolong_credit", reason="插件没有安装：pip install -e .")

CODE = "91350100M000100Y43"  # GB 32100—2015 里的例子
CENTRE = "{code: '91350100M000100Y43', staff: 1}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """返回一个报告文件夹，带着 units 这一章。"""
    (tmp_path / "report.yaml").write_text(
        "{form: disclosure, year: 2020, unit: {name: 某某局, kind: department}, sections: {units: {after: others}}}",
        "utf-8",
    )
    return tmp_path


def found(folder: Path, code: str) -> list[tuple[str, str]]:
    (folder / "units.yaml").write_text(f"office: {{code: {code}, staff: 2}}\ncentre: {CENTRE}\n", "utf-8")
    found = baogao.check(baogao.load(folder)).findings
    return [(finding.rule, str(finding.message)) for finding in found if finding.section == "units"]


def test_the_check_character_is_that_of_the_standard() -> None:
    assert luolong_credit.check_character(CODE[:-1]) == CODE[-1]


def test_every_single_slip_is_found() -> None:
    slips = [
        CODE[:place] + other + CODE[place + 1 :]
        for place in range(len(CODE))
        for other in luolong_credit.CHARACTERS
        if other != CODE[place]
    ]
    assert [code for code in slips if luolong_credit.check_character(code[:-1]) == code[-1]] == []


def test_a_right_code_passes(folder: Path) -> None:
    assert found(folder, f"'{CODE}'") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("'91350100M000100Y4'", "应是 18 位"),
        ("'91350100M00010OY43'", "没有“O”这个字符"),
        ("'91350100M000100Y34'", "校验码不对"),
        ("911", "18 位统一社会信用代码"),
    ],
)
def test_a_wrong_code_is_found_with_the_reason(folder: Path, code: str, words: str) -> None:
    ((rule, message),) = found(folder, code)

    assert rule == "TAB-002"
    assert words in message
