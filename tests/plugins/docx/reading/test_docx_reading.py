"""Reading back: what is printed where, so that a changed or missing text is noticed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baogao import TemplateError
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Report
from baogao_docx.renderer import DocxRenderer


def expected(report: Report) -> dict[str, str]:
    """Return what the report says, by the names read_back uses."""
    titles = {"": report.title, **{section.id: section.title for section in report}}
    cells = {path: cell.text() for path, cell in report.cells().items()}
    blocks = {
        f"{section.id}#{number}": block.text for section in report for number, block in enumerate(section.blocks, 1)
    }
    return {**titles, **cells, **blocks}


def damaged(made: Artifact, *changes: tuple[str, str]) -> Artifact:
    """Return the artifact with words of its document replaced."""
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    parts["word/document.xml"] = text.encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return replace(made, content=stream.getvalue())


def differences(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    return {
        name: (one.get(name), other.get(name)) for name in one.keys() | other.keys() if one.get(name) != other.get(name)
    }


def test_everything_that_was_printed_is_read_back(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    assert DocxRenderer().read_back(DocxRenderer().render(job), job) == expected(yearly)


def test_a_changed_cell_is_noticed_at_its_own_path(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    changed = damaged(DocxRenderer().render(job), (">203<", ">302<"))

    found = differences(expected(yearly), DocxRenderer().read_back(changed, job))
    assert found == {next(path for path, cell in yearly.cells().items() if cell.value == 203): ("203", "302")}


def test_a_number_hidden_by_a_merge_with_the_cell_above_is_not_read(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    made = DocxRenderer().render(job)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        text = archive.read("word/document.xml").decode()
    number = text.index(">203<")
    cell = text[text.rindex("<w:tcPr>", 0, number) : number]
    hidden = damaged(made, (f"{cell}>203<", cell.replace("<w:vAlign", "<w:vMerge/><w:vAlign") + ">203<"))

    found = differences(expected(yearly), DocxRenderer().read_back(hidden, job))
    assert list(found.values()) == [("203", None)]


def test_two_numbers_that_changed_places_are_noticed(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    swapped = damaged(DocxRenderer().render(job), (">150<", ">@<"), (">151<", ">150<"), (">@<", ">151<"))

    found = differences(expected(yearly), DocxRenderer().read_back(swapped, job))
    assert sorted(found.values()) == [("150", "151"), ("151", "150")]


def test_a_missing_paragraph_is_noticed(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    made = DocxRenderer().render(job)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        text = archive.read("word/document.xml").decode()
    words = text.index("全年未收取任何费用。")
    start, end = text.rindex("<w:p>", 0, words), text.index("</w:p>", words) + len("</w:p>")

    found = differences(expected(yearly), DocxRenderer().read_back(damaged(made, (text[start:end], "")), job))
    assert found == {"overview#7": ("全年未收取任何费用。", None)}


def test_a_table_that_lost_its_name_is_read_where_the_template_has_it(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    nameless = damaged(DocxRenderer().render(job), ('<w:tblCaption w:val="disputes"/>', ""))
    assert DocxRenderer().read_back(nameless, job) == expected(yearly)


def test_a_table_that_is_gone_leaves_its_cells_unread(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    made = DocxRenderer().render(job)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        text = archive.read("word/document.xml").decode()
    caption = text.index('<w:tblCaption w:val="disputes"/>')
    table = text[text.rindex("<w:tbl>", 0, caption) : text.index("</w:tbl>", caption) + len("</w:tbl>")]

    found = differences(expected(yearly), DocxRenderer().read_back(damaged(made, (table, "")), job))
    assert len(found) == 15
    assert {path.partition(".")[0] for path in found} == {"disputes"}


def test_cells_in_a_fragment_laid_out_otherwise_are_read_by_the_place_of_their_tags(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def table(document: Any) -> None:
        made = document.add_table(1, 2)
        made.cell(0, 0).text = "{{ cells.litigation_direct.upheld }}"
        made.cell(0, 1).text = "合计：{{ cells.litigation_direct.total }}"

    own = fragment("disputes", "复议共{{ cells.review.total }}件，维持{{ cells.review.upheld }}件。", edit=table)
    job = job_of(yearly, disputes=own)
    made = DocxRenderer().render(job)

    printed = {path: text for path, text in DocxRenderer().read_back(made, job).items() if path.startswith("disputes.")}
    assert printed == {
        "disputes.review.total": "104",
        "disputes.review.upheld": "100",
        "disputes.litigation_direct.upheld": "105",
        "disputes.litigation_direct.total": "109",
    }
    changed = damaged(made, ("共104件", "共105件"), ("合计：109", "合计：9"))
    found = differences(DocxRenderer().read_back(made, job), DocxRenderer().read_back(changed, job))
    assert found == {"disputes.review.total": ("104", "105"), "disputes.litigation_direct.total": ("109", "9")}


def test_a_fragment_may_name_a_sum_beside_its_cells(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("disputes", "诉讼{{ cells.litigation.total }}件，复议{{ cells.review.total }}件")
    job = job_of(yearly, disputes=own)
    printed = DocxRenderer().read_back(DocxRenderer().render(job), job)

    assert {path: text for path, text in printed.items() if path.startswith("disputes.")} == {
        "disputes.review.total": "104"
    }


def test_a_cell_that_is_printed_twice_must_say_the_same_twice(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    own = fragment("disputes", "甲{{ cells.review.total }}", "乙{{ cells.review.total }}")
    job = job_of(yearly, disputes=own)
    changed = damaged(DocxRenderer().render(job), ("乙104", "乙401"))

    assert DocxRenderer().read_back(changed, job)["disputes.review.total"] == "104／401"


@pytest.mark.parametrize("size", [0, 100, 4000])
def test_a_document_that_is_cut_off_is_named(size: int, yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    made = DocxRenderer().render(job)
    with pytest.raises(TemplateError, match=r"报告\.docx 打不开"):
        DocxRenderer().read_back(replace(made, content=made.content[:size]), job)
