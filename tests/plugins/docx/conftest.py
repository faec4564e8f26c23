"""Reports to print: the real tables of the 2019 edition, and small ones made by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from baogao.definitions.checking import load_shape
from baogao.definitions.schemas import cell_types, read_schema
from baogao.files.yaml import read_yaml
from baogao.model.cells import Cell
from baogao.model.jobs import Job, Output
from baogao.model.report import Block, Report, Run, Section, Unit
from baogao.model.tables import Table, TableSpec

ROOT = Path(__file__).parents[3]
SCHEMAS = ROOT / "schemas" / "disclosure" / "2019"


@dataclass(frozen=True)
class Folder:
    """Templates by name: those of a test, then the bundled ones."""

    templates: Mapping[str, Path] = field(default_factory=dict)

    def find(self, kind: str, name: str, section: str = "") -> Path | None:
        path = self.templates.get(name, ROOT / kind / name)
        return path if path.is_file() else None


def definition(section: str) -> TableSpec:
    """Return the official table of a section in the 2019 edition."""
    types = cell_types(read_yaml(SCHEMAS / "form.yaml", "form.yaml").data["cells"])
    table = read_schema(read_yaml(SCHEMAS / f"{section}.yaml", f"{section}.yaml"), types, load_shape("section")).table
    assert table is not None
    return table


def numbered(spec: TableSpec) -> Table:
    """Return the table with another number in each cell and named sum."""
    cells = {cell.path: Cell(cell.path, cell.type, number) for number, cell in enumerate(spec.cells, 100)}
    sums = (f"{spec.section}.{name}" for name in spec.figures)
    return Table(spec, cells, {path: Cell(path, spec.cell, number) for number, path in enumerate(sums, 900)})


def paragraph(text: str) -> Block:
    return Block("paragraph", (Run(text),))


NARRATIVE = (
    paragraph("2020年，区统计局坚持以人民为中心，全面推进政务公开工作，共公开信息66篇。"),
    Block("heading", (Run("（一）主动公开"),), level=2),
    Block("heading", (Run("1.网站"),), level=3),
    Block("heading", (Run("（1）首页"),), level=4),
    Block("item", (Run("统计数据"), Run("50", strong=True), Run("篇；")), marker="1."),
    Block("grid", rows=(((Run("月份"),), (Run("篇数"),)), ((Run("一月"),), (Run("5"),)))),
    paragraph("全年未收取任何费用。"),
)


def make_report(*sections: Section, **more: Any) -> Report:
    """Return a report of these sections."""
    head: dict[str, Any] = {
        "form": "disclosure",
        "edition": "2019",
        "year": 2020,
        "title": "洛龙区统计局2020年政府信息公开工作年度报告",
        "unit": Unit("洛龙区统计局", "department", extra={"phone": "0379-65511111"}),
        "date": date(2021, 1, 20),
    }
    return Report(**{**head, **more}, sections=sections)


@pytest.fixture(scope="session")
def yearly() -> Report:
    """Return the annual report with its real tables."""
    return make_report(
        Section("preface", "", (paragraph("根据《中华人民共和国政府信息公开条例》的规定，特向社会公布本报告。"),)),
        Section("overview", "一、总体情况", NARRATIVE),
        Section("proactive", "二、主动公开政府信息情况", (numbered(definition("proactive")),)),
        Section("requests", "三、收到和处理政府信息公开申请情况", (numbered(definition("requests")),)),
        Section("disputes", "四、政府信息公开行政复议、行政诉讼情况", (numbered(definition("disputes")),)),
        Section("problems", "五、存在的主要问题及改进情况", (paragraph("公开的形式不够丰富。"),)),
        Section("others", "六、其他需要报告的事项", (paragraph("无。"),)),
    )


@pytest.fixture
def job_of() -> Callable[..., Job]:
    """Return what makes a job of a report, with templates of its own by name."""

    def made(report: Report, *, draft: bool = False, **templates: Path) -> Job:
        named = {f"{name}.docx": path for name, path in templates.items()}
        return Job(report, Output("docx"), Folder(named), "报告", draft)

    return made


@pytest.fixture
def fragment(tmp_path: Path) -> Callable[..., Path]:
    """Return what saves a section's template as Word would, in the styles of the shell."""

    def saved(name: str, *paragraphs: str, edit: Callable[[Any], None] = lambda _document: None) -> Path:
        document = docx.Document(str(ROOT / "templates" / "shell.docx"))
        for element in list(document.element.body)[:-1]:
            document.element.body.remove(element)
        for text in paragraphs:
            document.add_paragraph(text, style="公文正文")
        edit(document)
        document.save(str(tmp_path / f"{name}.docx"))
        return tmp_path / f"{name}.docx"

    return saved


@pytest.fixture(scope="session")
def invalid() -> Callable[[bytes], list[str]]:
    """Return what says why a document is not valid, by the checker that lies beside the checkout."""
    checker = ROOT.parent / "shared" / "tools" / "check_docx.py"
    if not checker.is_file():
        pytest.skip("check_docx.py does not lie beside the checkout")
    spec = importlib.util.spec_from_file_location("check_docx", checker)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda content: [str(finding) for finding in module.check(content) if finding.level == "E"]
