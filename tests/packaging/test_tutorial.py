"""The tutorial and the page on deployment, followed to the letter in environments that hold nothing of ours."""

from __future__ import annotations

from pathlib import Path

import docx

from contracts.documents import DOCS, text_of
from following import amiss, follow, lines_of

DEPLOYMENT = DOCS / "deployment.md"
TUTORIAL = DOCS / "tutorial.md"


def test_baogao_is_installed_from_the_wheels_as_the_page_says(offline: Path) -> None:
    done = follow(offline, DEPLOYMENT, lines=lines_of(DEPLOYMENT, "安装"))

    assert len(done) == 4
    assert amiss(done) == []


def test_the_tutorial_followed_to_the_letter_makes_a_plugin(offline: Path) -> None:
    done = follow(offline, TUTORIAL)

    assert amiss(done) == []
    assert len(done) == text_of(TUTORIAL).count("\n$ ")
    made = {path.suffix: path for path in (offline / "luolong-training" / "sample" / "out").iterdir()}
    assert sorted(made) == [".docx", ".html"]
    own = docx.Document(str(made[".docx"])).tables[-1]
    assert [[cell.text for cell in row.cells] for row in own.rows] == [
        ["培训对象", "场次", "人次"],
        ["局机关", "2", "64"],
        ["所属单位", "3", "105"],
        ["社会公众", "1", "40"],
        ["合计", "6", "209"],
    ]
    page = made[".html"].read_text("utf-8")
    assert "七、政务公开培训情况" in page
    assert 'data-cell="training.total.people">209</span>人次参加。' in page
