"""The package: the same bytes for the same report, nothing in it that was not asked for, valid to a second judge."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from baogao.model.cells import Cell
from baogao.model.jobs import Job
from baogao.model.report import Report
from baogao.model.tables import Table
from baogao_docx.renderer import DocxRenderer

ROOT = Path(__file__).parents[4]
CHECKER = ROOT.parent / "shared" / "tools" / "check_docx.py"


def checker() -> Any:
    if not CHECKER.is_file():
        pytest.skip("check_docx.py does not lie beside the checkout")
    spec = importlib.util.spec_from_file_location("check_docx", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blanked(report: Report) -> Report:
    """Return the report with every cell still to be filled in."""
    sections = [
        replace(
            section,
            body=tuple(
                Table(part.spec, {path: Cell(path, cell.type) for path, cell in part.cells.items()})
                if isinstance(part, Table)
                else part
                for part in section.body
            ),
        )
        for section in report
    ]
    return replace(report, sections=tuple(sections))


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("change", [lambda report: report, blanked, lambda report: replace(report, sections=())])
def test_the_document_is_valid_and_fit_to_be_filed(
    draft: bool, change: Callable[[Report], Report], yearly: Report, job_of: Callable[..., Job]
):
    content = DocxRenderer().render(job_of(change(yearly), draft=draft)).content
    assert [finding for finding in checker().check(content) if finding.level in "EP"] == []


def test_a_document_with_fragments_is_valid_too(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    def table(document: Any) -> None:
        made = document.add_table(2, 2, style="Table Grid")
        made.cell(0, 0).merge(made.cell(0, 1)).text = "{{ cells.review.total }}"

    own = fragment("disputes", "{{ section.title }}", edit=table)
    content = DocxRenderer().render(job_of(yearly, disputes=own)).content
    assert [finding for finding in checker().check(content) if finding.level in "EP"] == []


def test_the_same_report_gives_the_same_bytes(yearly: Report, job_of: Callable[..., Job]):
    assert DocxRenderer().render(job_of(yearly)).content == DocxRenderer().render(job_of(yearly)).content


def test_another_number_gives_other_bytes(yearly: Report, job_of: Callable[..., Job]):
    assert DocxRenderer().render(job_of(yearly)).content != DocxRenderer().render(job_of(blanked(yearly))).content


def test_members_have_a_fixed_date_and_order(yearly: Report, job_of: Callable[..., Job]):
    entries, others = (_entries(DocxRenderer().render(job_of(report)).content) for report in (yearly, blanked(yearly)))

    names = [entry.filename for entry in entries]
    assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
    assert names == [entry.filename for entry in others]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr) for entry in entries} == {(3, 0o600 << 16)}


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


def test_the_properties_tell_of_the_report_and_of_no_tool(yearly: Report, job_of: Callable[..., Job]):
    content = DocxRenderer().render(job_of(yearly)).content
    properties = docx.Document(io.BytesIO(content)).core_properties

    assert properties.title == "洛龙区统计局2020年政府信息公开工作年度报告"
    assert (properties.author, properties.last_modified_by) == ("洛龙区统计局", "洛龙区统计局")
    assert str(properties.created) == str(properties.modified) == "2021-01-20 00:00:00+00:00"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).lower()
    assert not any(trace in everything for trace in (b"python", b"docxtpl", b"jinja"))


def test_parts_that_the_document_does_not_need_are_left_out(yearly: Report, job_of: Callable[..., Job], tmp_path: Path):
    document = docx.Document(str(ROOT / "templates" / "shell.docx"))
    document.core_properties.author = "某人"
    document.save(str(tmp_path / "shell.docx"))
    with zipfile.ZipFile(tmp_path / "shell.docx", "a") as archive:
        archive.writestr("docProps/thumbnail.jpeg", b"x")

    content = DocxRenderer().render(job_of(yearly, shell=tmp_path / "shell.docx")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert "某人" not in archive.read("docProps/core.xml").decode()
    assert "docProps/thumbnail.jpeg" not in names
    assert names.count("docProps/core.xml") == 1


def test_the_renderer_is_known_without_loading_what_makes_documents():
    code = "import sys, baogao_docx.renderer; print(sorted({'docxtpl', 'docx', 'lxml', 'jinja2'} & set(sys.modules)))"
    path = [str(ROOT / "core"), str(ROOT / "plugins"), *sys.path]
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"
