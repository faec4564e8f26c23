"""Drafts: what is still to be filled in is printed as 【待填】, wherever it would stand."""

from __future__ import annotations

import zipfile
from pathlib import Path

from reports import Run, change, sample

OUTPUTS = "outputs: [docx, {renderer: docx, profile: filing}, html]"


def test_a_date_and_a_chapter_that_are_missing_are_printed_as_gaps(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"others.md": None})
    change(report, "report.yaml", "date: 2021-01-20 ", "# ")
    change(report, "report.yaml", "outputs: [docx, html]", OUTPUTS)
    ran = run("build", report, "--draft", "-o", tmp_path / "out")

    title = "洛龙区统计局2020年政府信息公开工作年度报告"
    printed = {path.name.removeprefix(title): path for path in (tmp_path / "out").iterdir()}
    assert set(printed) == {"-草稿.docx", "（报送件）-草稿.docx", "-草稿.html"}, ran.out
    assert {name: text_of(path).count("【待填】") for name, path in printed.items()} == dict.fromkeys(printed, 2)


def text_of(path: Path) -> str:
    """Return what is in a page, or in the body of a document."""
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode()


def test_what_is_missing_is_an_error_as_before(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"others.md": None})
    change(report, "report.yaml", "date: 2021-01-20 ", "# ")
    found = {(said.rule, said.path) for said in run("check", report, "--format", "json").findings}

    assert found == {("META-009", ""), ("SRC-001", "others")}
