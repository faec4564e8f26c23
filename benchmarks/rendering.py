"""How fast a DOCX is rendered: a compiled template against what else fills the same template."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment

from baogao_docx import compile_template
from baogao_docx.compiling.splicing import Packing, deflate, fastest_packing
from benchmarks.node import ENGINES, installed, started
from benchmarks.tables import Table
from benchmarks.templates import COLUMNS, PARAGRAPHS, ROWS, Tag, jinja, lean, sentence, size, values, word_like
from benchmarks.turns import Timed, interleaved, ratio, seconds

__all__ = ["measured", "naive", "read_text"]

Render = Callable[[Mapping[str, Any]], bytes]
ROUNDS = 15


def naive(template: bytes) -> Render:
    """Docxtpl as its documentation shows it: open, render, save."""

    def render(context: Mapping[str, Any]) -> bytes:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(context), Environment(autoescape=True), autoescape=True)
        return _saved(document)

    return render


def reused(template: bytes) -> Render:
    """Docxtpl as well as its interface allows: one object and one environment, rendered again and again."""
    document = DocxTemplate(io.BytesIO(template))
    environment = Environment(autoescape=True)

    def render(context: Mapping[str, Any]) -> bytes:
        document.render(dict(context), environment, autoescape=True)
        return _saved(document)

    return render


def by_cell(template: bytes) -> Render:
    """python-docx: open, write each cell and paragraph by place, save."""

    def render(context: Mapping[str, Any]) -> bytes:
        document = Document(io.BytesIO(template))
        document.paragraphs[0].runs[0].text = context["title"]
        for paragraph in document.paragraphs[1 : PARAGRAPHS + 1]:
            first, *others = paragraph.runs
            first.text = sentence(context)
            for run in others:
                run.text = ""
        table: Any = document.tables[0]
        cells = table._cells  # noqa: SLF001  # its public access is quadratic
        for row in range(ROWS):
            for column in range(COLUMNS):
                cells[row * COLUMNS + column].paragraphs[0].runs[0].text = context[f"r{row}"][f"c{column}"]
        return _saved(document)

    return render


PYTHON: Mapping[str, Callable[[bytes], Render]] = {
    "docxtpl，每次打开": naive,
    "docxtpl，重复用一个对象": reused,
    "python-docx 逐格填写": by_cell,
}


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def ours(template: bytes) -> dict[str, Render]:
    """Return our renderings, with zlib and, where it is there, with ISA-L."""
    made = {"zlib": compile_template(template, deflate=deflate).render}
    if fastest_packing() != Packing():
        made["isal"] = compile_template(template).render
    return made


def measured() -> Iterator[Table]:
    """Compare on both templates."""
    with tempfile.TemporaryDirectory() as folder:
        lacking = installed(Path(folder))
        yield _compared("Word 保存的样子的模板", word_like, Path(folder), lacking)
        yield _compared("精简的模板", lean, Path(folder), lacking)


def _compared(name: str, template: Callable[[Tag], bytes], folder: Path, lacking: str) -> Table:
    """Return the ratios on one template."""
    plain = template(jinja)
    mine = ours(plain)
    meant = read_text(mine["zlib"](values(0)))
    contenders: dict[str, Timed] = {}
    with ExitStack() as stack:
        for label, render in {**{label: make(plain) for label, make in PYTHON.items()}, **mine}.items():
            _demand(label, read_text(render(values(0))), meant)
            contenders[label] = partial(seconds, lambda count, render=render: render(values(count)))
        for engine, tag in {} if lacking else ENGINES.items():
            file = folder / f"{engine}.docx"
            file.write_bytes(template(tag))
            peer = stack.enter_context(started(engine, folder, file, values(0)))
            peer.timed(folder / "made.docx")
            _demand(engine, read_text((folder / "made.docx").read_bytes()), meant)
            contenders[engine] = peer.timed
        times = interleaved(contenders, ROUNDS)
    rows = [[label, *(ratio(times[label], times[made]) for made in mine)] for label in contenders if label not in mine]
    without = f"；没有与 Node 的三个比：{lacking}" if lacking else ""
    said = f"document.xml {size(plain) / 1000:.0f} KB，{ROUNDS} 轮{without}。"
    columns = ["对手", *(f"是 compile_template（{made}）用时的几倍" for made in mine)]
    return Table(name, said, columns, rows)


def read_text(content: bytes) -> list[str]:
    """Return what a document says, paragraph by paragraph and cell by cell."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def _demand(name: str, made: list[str], meant: list[str]) -> None:
    """Compare only what says the same."""
    if made != meant:
        raise ValueError(f"{name} made another document")
