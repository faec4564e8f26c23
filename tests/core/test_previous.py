"""Last year's report: which one may be compared with, and how its cells are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import baogao
from reports import ROOT, Edit, Run, change, sample

NOW = ROOT / "examples" / "example-2024"
LAST = ROOT / "examples" / "example-2023"

YEAR = (
    "year: 2020",
    "year: 2019",
)
UNIT = ("name: 洛龙区统计局", "name: 洛龙区调查局")


def test_a_report_of_the_year_before_is_compared_without_a_word():
    assert baogao.check(baogao.load(NOW, previous=LAST)).findings == ()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, [("error", "2020 年度")]),
        ({"report.yaml": YEAR}, []),
        ({"report.yaml": UNIT}, [("error", "2020 年度"), ("warning", "洛龙区调查局")]),
    ],
)
def test_another_year_or_unit_is_named(
    tmp_path: Path, run: Run, changes: dict[str, Edit], found: list[tuple[str, str]]
):
    last = sample(tmp_path, changes)

    ran = run("check", ROOT / "examples" / "luolong-2020", "--previous", last, "--format", "json")

    said = [finding for finding in ran.json["findings"] if finding["rule"] == "SRC-014"]
    assert [finding["severity"] for finding in said] == [severity for severity, _ in found]
    assert all(words in finding["message"] for finding, (_, words) in zip(said, found, strict=True))


def test_a_cell_of_last_year_is_called_so():
    report = baogao.load(NOW, previous=LAST)

    assert report.label("previous.requests.carried_forward.total").startswith("上一年｜三、")
    assert report.cell_label("previous.requests.carried_forward.total").startswith("上一年｜四、结转")


def test_a_report_that_cannot_be_compared_is_not_compared(tmp_path: Path):
    report = baogao.load(NOW, previous=sample(tmp_path))
    outcome = baogao.check(report)

    assert report.previous is None
    assert {found.rule for found in outcome.findings} == {"SRC-014"}
    assert {"XY-001", "DUP-001"} <= {skipped.rule for skipped in outcome.skipped if skipped.lacks == "previous"}


def last_year(folder: Path, files: dict[str, Edit]) -> Path:
    """Return a copy of the example of the year before, with these files changed."""
    shutil.copytree(LAST, folder / "last", ignore=shutil.ignore_patterns("out"))
    for name, edit in files.items():
        path = folder / "last" / name
        if edit is None:
            path.unlink()
        elif isinstance(edit, tuple):
            change(folder / "last", name, *edit)
        else:
            path.write_text(str(edit), encoding="utf-8")
    return folder / "last"


@pytest.mark.parametrize(
    ("files", "place", "words"),
    [
        ({"requests.yaml": None}, "/requests.yaml", "SRC-001"),
        ({"requests.yaml": "a: [\n"}, "/requests.yaml:2:1", "SRC-004"),
        ({"overview.md": None}, "/overview.md", "SRC-001"),
    ],
)
def test_what_is_wrong_in_last_years_folder_is_named_with_its_folder(
    tmp_path: Path, run: Run, files: dict[str, Edit], place: str, words: str
):
    last = last_year(tmp_path, files)
    ran = run("check", NOW, "--previous", last, "--format", "json")
    said = [finding for finding in ran.findings if finding.rule == "SRC-014"]

    assert ran.code == 1
    assert all(found.place.startswith(f"{last}/") for found in said)
    assert [found.place for found in said if words in found.words] == [f"{last}{place}"]


def test_bindings_of_last_years_text_to_the_year_before_it_are_no_fault(tmp_path: Path, run: Run):
    text = (LAST / "others.md").read_text("utf-8") + "\n上年结转{{ previous.requests.carried_forward.total }}件。\n"
    ran = run("check", NOW, "--previous", last_year(tmp_path, {"others.md": text}), "--format", "json")

    assert [found.rule for found in ran.findings] == []


def test_last_years_folder_that_cannot_be_read_is_named(tmp_path: Path, run: Run):
    last = last_year(tmp_path, {"report.yaml": ("form: disclosure", "form: other")})
    ran = run("check", NOW, "--previous", last)

    assert ran.code == 2
    assert f"{last}/report.yaml:" in ran.err
    assert "上一年" in ran.err
