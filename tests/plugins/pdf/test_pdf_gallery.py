"""The gallery is true: its pictures are there and small, and the program says what it shows."""

from __future__ import annotations

import re
from pathlib import Path

from reports import Run, sample

DOCS = Path(__file__).parents[3] / "docs"
GALLERY = (DOCS / "gallery.md").read_text("utf-8")
ROW = "new_received:                           {natural_person: 2,"


def test_every_picture_is_shown_with_words_for_those_who_cannot_see_it():
    shown = dict(re.findall(r"!\[(.*?)\]\(pictures/(.*?)\)", GALLERY))

    assert sorted(shown.values()) == sorted(path.name for path in (DOCS / "pictures").glob("*.png"))
    assert all(shown)


def test_the_pictures_are_small():
    sizes = [path.stat().st_size for path in (DOCS / "pictures").glob("*.png")]

    assert max(sizes) <= 150_000
    assert sum(sizes) <= 1_500_000


def test_the_program_says_what_is_shown(run: Run, tmp_path: Path):
    [shown] = re.findall(r"```console\n\$ baogao check .*?\n(.*?)```", GALLERY, re.DOTALL)
    said = run("check", sample(tmp_path, {"requests.yaml": (ROW, ROW.replace("2,", "3,"))}))

    assert said.code == 1
    assert [line for line in shown.splitlines() if line not in said.out.splitlines()] == []
