"""How fast a DOCX is rendered: `python benchmarks/rendering.py` prints ratios measured in one interleaved run.

A figure alone says little on a shared machine; the ratio of two programs that take turns says much.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment
from templates import COLUMNS, PARAGRAPHS, ROWS, lean, values, word_like

from baogao_docx import compile_template
from baogao_docx.compiling.splicing import deflate, fastest_deflate

Contender = Callable[[Mapping[str, Any]], bytes]
ROUNDS = 15
SHORTEST = 0.05
"""Seconds that one measurement lasts at least."""


def naive(template: bytes) -> Contender:
    """Docxtpl as its documentation shows it: open, render, save."""

    def render(context: Mapping[str, Any]) -> bytes:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(context), Environment(autoescape=True), autoescape=True)
        return _saved(document)

    return render


def reused(template: bytes) -> Contender:
    """Docxtpl as well as its interface allows: one object and one environment, rendered again and again."""
    document = DocxTemplate(io.BytesIO(template))
    environment = Environment(autoescape=True)

    def render(context: Mapping[str, Any]) -> bytes:
        document.render(dict(context), environment, autoescape=True)
        return _saved(document)

    return render


def by_cell(template: bytes) -> Contender:
    """python-docx: open, write each cell and paragraph by place, save."""

    def render(context: Mapping[str, Any]) -> bytes:
        document = Document(io.BytesIO(template))
        for paragraph in document.paragraphs[1 : PARAGRAPHS + 1]:
            paragraph.runs[0].text = context["first"]
        cells = document.tables[0]._cells  # noqa: SLF001  # its public access is quadratic
        for row in range(ROWS):
            for column in range(COLUMNS):
                cells[row * COLUMNS + column].paragraphs[0].runs[0].text = context[f"r{row}"][f"c{column}"]
        return _saved(document)

    return render


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def seconds(render: Contender) -> float:
    """Return the time of one rendering, the mean of as many as fill the shortest time."""
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SHORTEST or not count:
        render(values(count))
        count += 1
    return spent / count


def compare(name: str, template: bytes) -> None:
    """Print how many times faster the compiled template is than each contender."""
    contenders = {
        "docxtpl": naive(template),
        "docxtpl, reused": reused(template),
        "python-docx, by cell": by_cell(template),
    }
    ours = {"zlib": compile_template(template, deflate=deflate).render}
    if fastest_deflate() is not deflate:
        ours["isal"] = compile_template(template, deflate=fastest_deflate()).render
    times: dict[str, list[float]] = {label: [] for label in (*contenders, *ours)}
    for _ in range(ROUNDS):
        for label, render in {**contenders, **ours}.items():
            times[label].append(seconds(render))
    print(f"\n{name}: document.xml {_size(template) / 1000:.0f} kB, {ROUNDS} interleaved rounds")
    for label in contenders:
        ratios = {mine: [a / b for a, b in zip(times[label], times[mine], strict=True)] for mine in ours}
        shown = "; ".join(
            f"{mine} {statistics.median(found):.0f} × ({min(found):.0f}–{max(found):.0f})"
            for mine, found in ratios.items()
        )
        print(f"  {label:22} {statistics.median(times[label]) * 1000:7.2f} ms   compiled: {shown}")


def _size(template: bytes) -> int:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        return archive.getinfo("word/document.xml").file_size


def main() -> None:
    """Compare on both templates."""
    compare("Word-like", word_like())
    compare("lean", lean())


if __name__ == "__main__":
    sys.exit(main())
