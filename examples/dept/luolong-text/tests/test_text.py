"""本插件的测试：生成纯文本，改坏一处，看读回时查不查得出。先安装插件：pip install -e ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import baogao

luolong_text = pytest.importorskip("luolong_text", reason="插件没有安装：pip install -e .")

REPORT = """
form: disclosure
year: 2020
unit: {name: 某某局, kind: department}
outputs: [txt]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """返回一个报告文件夹；只写了总体情况，别的都空着。"""
    (tmp_path / "report.yaml").write_text(REPORT, "utf-8")
    (tmp_path / "overview.md").write_text("第一段。\n\n|甲|乙|\n|--|--|\n|1|2|\n\n第二段。\n", "utf-8")
    return tmp_path


def test_a_draft_is_written_line_by_line(folder: Path) -> None:
    outcome = baogao.build(folder, draft=True)
    (path,) = outcome.written
    lines = path.read_text("utf-8").splitlines()

    assert path.name == "某某局2020年政府信息公开工作年度报告-草稿.txt"
    assert lines[1] == "（草稿，不能报送）"
    first = lines.index("一、总体情况")
    assert lines[first + 1 : first + 5] == ["第一段。", "甲\t乙", "1\t2", "第二段。"]
    assert "一、本年新收政府信息公开申请数量｜自然人：【待填】" in lines
    assert not [finding for finding in outcome.findings if finding.rule.startswith("OUT-")]


def test_what_is_printed_wrong_is_found_when_it_is_read_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render = luolong_text.TextRenderer.render

    def careless(self: object, job: baogao.Job) -> baogao.Artifact:
        artifact = render(self, job)
        return replace(artifact, content=artifact.content.replace("第二段。".encode(), "第三段。".encode()))

    monkeypatch.setattr(luolong_text.TextRenderer, "render", careless)
    outcome = baogao.build(folder, draft=True)

    assert [finding.path for finding in outcome.findings if finding.rule == "OUT-002"] == ["overview"]
    assert not outcome.written
