"""Jobs to render: reports made by hand over the real definitions, with templates of their own where a test asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest

from baogao.definitions.checking import load_shape
from baogao.definitions.schemas import cell_types, read_schema
from baogao.files.resources import SearchPath, bundled_folder
from baogao.files.yaml import read_yaml
from baogao.model.cells import Cell, Value
from baogao.model.jobs import Job, Output
from baogao.model.report import Block, Report, Run, Section, Unit
from baogao.model.tables import Table

COLUMN = {
    "name": "政府信息公开年报",
    "type": "信息公开年报",
    "description": "公布洛龙区统计局历年政府信息公开工作年度报告",
    "keywords": "政府信息公开,政府信息公开年报,年度报告",
}
WEBSITE = {"name": "洛龙区人民政府", "domain": "www.luolong.gov.cn", "id": "4103110001"}


class MakeTable(Protocol):
    def __call__(self, section: str, values: Mapping[str, Value] = ...) -> Table: ...


class MakeJob(Protocol):
    def __call__(
        self,
        *sections: Section,
        templates: Mapping[str, str | bytes] = ...,
        draft: bool = ...,
        extra: Mapping[str, Any] = ...,
        form: str = ...,
    ) -> Job: ...


@pytest.fixture(scope="session")
def make_table() -> MakeTable:
    """Return a table of the 2019 edition; a cell without a value is 0, and None leaves it blank."""

    def make(section: str, values: Mapping[str, Value] = {}) -> Table:
        folder = bundled_folder() / "schemas" / "disclosure" / "2019"
        types = cell_types(read_yaml(folder / "form.yaml", "form.yaml").data["cells"])
        schema = read_schema(read_yaml(folder / f"{section}.yaml", section), types, load_shape("section"))
        assert schema.table is not None
        cells = (Cell(spec.path, spec.type, values.get(spec.path, 0)) for spec in schema.table.cells)
        return Table(schema.table, {cell.path: cell for cell in cells})

    return make


@pytest.fixture(scope="session")
def make_job(tmp_path_factory: pytest.TempPathFactory) -> MakeJob:
    """Return a job of 洛龙区统计局; `templates` lie in the report's folder."""

    def make(
        *sections: Section,
        templates: Mapping[str, str | bytes] = {},
        draft: bool = False,
        extra: Mapping[str, Any] = {"website": WEBSITE},
        form: str = "disclosure",
    ) -> Job:
        folder = tmp_path_factory.mktemp("report")
        write(folder / "templates", templates)
        unit = Unit("洛龙区统计局", "department", extra=extra)
        report = Report(
            form,
            "2019",
            2020,
            "洛龙区统计局2020年政府信息公开工作年度报告",
            unit,
            date(2021, 1, 20),
            form_title="政府信息公开工作年度报告",
            column=COLUMN if form == "disclosure" else {},
            sections=sections,
            folder=str(folder),
        )
        return Job(report, Output("html"), SearchPath(folder, form, "2019"), "年报", draft)

    return make


def write(folder: Path, templates: Mapping[str, str | bytes]) -> None:
    folder.mkdir()
    for name, source in templates.items():
        (folder / name).write_bytes(source if isinstance(source, bytes) else source.encode())


@pytest.fixture(scope="session")
def seven_sections(make_table: MakeTable) -> Sequence[Section]:
    """Return a whole report, with one block of each kind in its first chapter."""
    values: Mapping[str, Value] = {
        "requests.new_received.natural_person": 2,
        "requests.new_received.total": 2,
        "proactive.permits.change": -1,
    }
    return (
        Section("preface", "", (Block("paragraph", (Run("根据条例编制本报告。"),)),)),
        Section("overview", "一、总体情况", OVERVIEW),
        Section("proactive", "二、主动公开政府信息情况", (make_table("proactive", values),)),
        Section("requests", "三、收到和处理政府信息公开申请情况", (make_table("requests", values),)),
        Section("disputes", "四、政府信息公开行政复议、行政诉讼情况", (make_table("disputes"),)),
        Section("problems", "五、存在的主要问题及改进情况", (Block("paragraph", (Run("问题一。"),)),)),
        Section("others", "六、其他需要报告的事项", (Block("paragraph", (Run("无"),)),)),
    )


OVERVIEW = (
    Block("heading", (Run("（一）主动公开情况"),), level=2),
    Block("heading", (Run("1.渠道"),), level=3),
    Block("heading", (Run("（1）网站"),), level=4),
    Block(
        "paragraph", (Run("共收到申请"), Run("2", cell="requests.new_received.total"), Run("件，"), Run("均已", True))
    ),
    Block("item", (Run("网站"),), marker="1. "),
    Block("item", (Run("微信", emphasis=True),), marker="2. "),
    Block("grid", rows=(((Run("渠道"),), (Run("篇"),)), ((Run("网站"),), (Run("50"),)))),
)
