"""The whole chain, from the files to the bytes of DOCX and page, against the same made of well-known libraries."""

from __future__ import annotations

import contextlib
import html
import io
import itertools
import re
import tempfile
import time
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cerberus
import yaml
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from jinja2 import Environment

from baogao import pipeline
from baogao.definitions.checking import Shape
from baogao.files.json_lines import parse_json
from baogao.files.yaml import read_yaml
from baogao.hooks.loading import Selection
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Report
from baogao.pipeline import Opened
from baogao.rules.running import run_rules
from baogao.stages.load import project_of
from baogao.stages.outputs import Usable, usable_outputs
from baogao.stages.workshop import Workshop
from baogao.waivers.reading import Waivers
from baogao_docx import compile_template
from benchmarks.rendering import naive
from benchmarks.reports import folders, lines
from benchmarks.tables import Table
from benchmarks.templates import COLUMNS, ROWS, size, word_like
from benchmarks.turns import interleaved, ratio

__all__ = ["measured"]

REPORTS = 20
"""Reports that are done over and over; one of them is read back."""
TURN, PEERS = 5 * REPORTS, 5
"""Reports of a turn, and of a turn of the others: each lasts half a second or more, as a piece of a batch."""
ROUNDS = 7

# Cerberus builds its class with a metaclass that no type checker follows.
Validator: Any = cerberus.Validator

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
{% for text in texts %}<p>{{ text }}</p>
{% endfor %}<table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>
"""

Open = Callable[[int], Opened]
Chain = Callable[[int], object]


@dataclass(slots=True)
class Watch:
    """The seconds of each step."""

    spent: dict[str, float] = field(default_factory=dict[str, float])

    @contextlib.contextmanager
    def __call__(self, step: str) -> Generator[None]:
        """Count the time of what is done within."""
        start = time.process_time()
        yield
        self.spent[step] = self.spent.get(step, 0) + time.process_time() - start

    @property
    def whole(self) -> float:
        """Return the seconds of all steps."""
        return sum(self.spent.values())

    def shares(self) -> dict[str, str]:
        """Return each step with its share of the whole."""
        return {step: f"{seconds / self.whole:.1%}" for step, seconds in self.spent.items()}


# The same values for the same template, whoever fills it in


def values_of(report: Report) -> dict[str, Any]:
    """Return what the Word-like template and the page print of a report."""
    texts = [cell.text() for path, cell in report.cells().items() if path.startswith("requests.")]
    texts = (texts + [""] * ROWS * COLUMNS)[: ROWS * COLUMNS]
    rows = [texts[at : at + COLUMNS] for at in range(0, len(texts), COLUMNS)]
    cells = {f"r{row}": {f"c{column}": text for column, text in enumerate(line)} for row, line in enumerate(rows)}
    counts = {"first": texts[0], "second": texts[1], "third": texts[2]}
    blocks = [block.text for section in report for block in section.blocks]
    return {"title": report.title, **counts, **cells, "texts": blocks, "rows": rows}


def demand_cells(content: bytes, page: str, values: Mapping[str, Any]) -> None:
    """Read back document and page; raise ValueError for a cell that is not printed as it should be."""
    meant = [text for row in values["rows"] for text in row]
    printed = [html.unescape(text) for text in re.findall("<td>(.*?)</td>", page)]
    if cells_in(content) != meant or printed != meant:
        raise ValueError("a cell is not printed as it should be")


def cells_in(content: bytes) -> list[str]:
    """Return what the cells of a document say."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = parse_xml(archive.read("word/document.xml"))
    return ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in body.iter(qn("w:tc"))]


def on_word_like(opened: Open, watch: Watch) -> Chain:
    """Return our chain on the Word-like template."""
    document = compile_template(word_like())
    page = Environment(autoescape=True).from_string(PAGE)

    def do(number: int) -> None:
        with watch("读、成形、组装"):
            report = opened(number)
        with watch("规则"):
            _demand_none(run_rules(report.rules, report.report).findings)
        with watch("DOCX"):
            values = values_of(report.report)
            content = document.render(values)
        with watch("网页"):
            text = page.render(values)
            text.encode()
        with watch("抽样读回"):
            if number % REPORTS == 0:
                demand_cells(content, text, values)

    return do


def on_our_own(opened: Open, watch: Watch, every: int) -> Chain:
    """Return our chain on the templates that come with it; one in `every` documents is read back."""

    def do(number: int) -> None:
        with watch("读、成形、组装"):
            report = opened(number)
        with watch("规则"):
            _demand_none(run_rules(report.rules, report.report).findings)
        made = [(usable, job_of(report, usable)) for usable in outputs_of(report)]
        artifacts: list[Artifact] = []
        for usable, job in made:
            with watch({"docx": "DOCX", "html": "网页"}[usable.given.value.name]):
                artifacts.append(usable.given.value.render(job))
        with watch("抽样读回" if every > 1 else "逐份读回"):
            for (usable, job), artifact in zip(made, artifacts, strict=True):
                if number % every == 0:
                    usable.given.value.read_back(artifact, job)

    return do


def outputs_of(opened: Opened) -> tuple[Usable, ...]:
    """Return the outputs that report.yaml asks for."""
    usable, problems = usable_outputs(opened.project.outputs, opened.registry, opened.project.document)
    _demand_none(problems)
    return usable


def job_of(opened: Opened, usable: Usable) -> Job:
    """Return what a renderer gets."""
    return Job(opened.report, usable.output, opened.plan.search, opened.report.file_title)


def _demand_none(findings: Sequence[object]) -> None:
    if findings:
        raise ValueError(f"the example is not clean: {findings}")


# The same chain of well-known libraries


def of_libraries(
    sources: list[Path], model: Opened, document: bytes, page: str, values: Mapping[str, Any], watch: Watch
) -> Chain:
    """Return the chain of PyYAML, Cerberus, docxtpl and Jinja, each used afresh for every report.

    The model of the report, which the rules need, it gets for nothing.
    """
    schemas = {name: _schema(yaml.safe_load(text)) for name, text in _tables(sources[0])}

    def do(number: int) -> None:
        with watch("PyYAML"):
            read = {name: yaml.safe_load(text) for name, text in _tables(sources[number % len(sources)])}
        with watch("Cerberus"):
            for name, data in read.items():
                if not Validator(schemas[name]).validate(data):
                    raise ValueError(name)
        with watch("规则"):
            _demand_none(run_rules(model.rules, replace(model.report)).findings)
        with watch("docxtpl"):
            naive(document)(values)
        with watch("Jinja"):
            Environment(autoescape=True).from_string(page).render(values).encode()

    return do


def _tables(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.yaml")):
        yield path.name, path.read_text(encoding="utf-8")


def _schema(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of a file, by what stands in it."""
    return {key: _kind(value) for key, value in data.items()}


def _kind(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {"type": "dict", "schema": _schema(value)}
    return {"type": "integer"} if type(value) is int else {"nullable": True}


def as_template(content: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return a document with a tag in the place of every paragraph's text, and the texts."""
    document = Document(io.BytesIO(content))
    texts: dict[str, str] = {}
    for number, paragraph in enumerate(document.element.body.iter(qn("w:p"))):
        marked = [text for text in paragraph.iter(qn("w:t")) if text.text]
        if marked:
            texts[f"p{number}"] = "".join(text.text for text in marked)
            marked[0].text = f"{{{{ p{number} }}}}"
            for text in marked[1:]:
                text.text = ""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue(), texts


def as_page_template(page: str) -> tuple[str, dict[str, str]]:
    """Return a page with a tag in the place of every text of its body, and the texts."""
    head, body = re.split("(?=<body)", page, maxsplit=1)
    texts: dict[str, str] = {}

    def tag(found: re.Match[str]) -> str:
        texts[f"t{len(texts)}"] = html.unescape(found[1])
        return f">{{{{ t{len(texts) - 1} }}}}<"

    return "{% raw %}" + head + "{% endraw %}" + re.sub(r">([^<>]*\S[^<>]*)<", tag, body), texts


# What is measured


def measured() -> Iterator[Table]:
    """Compare the chains on both templates, and say what each step takes."""
    with tempfile.TemporaryDirectory() as folder:
        sources = folders(Path(folder) / "reports", REPORTS)
        rows = lines(Path(folder) / "reports.jsonl", REPORTS).read_bytes().splitlines()
        from_folder, from_line = _opening(sources), _opening_lines(rows, Path(folder))
        yield from _word_like(from_folder, from_line, sources)
        yield from _own(from_folder, from_line, sources)
        yield _reading(sources, from_folder)


def _opening(sources: list[Path]) -> Open:
    workshop, selection = Workshop(), Selection()
    return lambda number: pipeline.open_report(sources[number % REPORTS], selection, workshop=workshop)


def _opening_lines(rows: list[bytes], folder: Path) -> Open:
    workshop, selection = Workshop(), Selection()

    def opened(number: int) -> Opened:
        project = project_of(folder, parse_json(rows[number % REPORTS], "reports.jsonl", 1), inline=True)
        return pipeline.open_project(project, selection, None, workshop, Waivers())

    return opened


def _word_like(from_folder: Open, from_line: Open, sources: list[Path]) -> Iterator[Table]:
    template, values = word_like(), values_of(from_folder(0).report)
    watches = [Watch(), Watch(), Watch()]
    libraries = of_libraries(sources, from_folder(0), template, PAGE, values, watches[2])
    ours = [on_word_like(from_folder, watches[0]), on_word_like(from_line, watches[1])]
    said = f"document.xml {size(template) / 1000:.0f} KB，网页是一个简单的模板，每 {REPORTS} 份读回一份。"
    yield from _compared("整条链，Word 保存的样子的模板", said, ours, libraries, watches)


def _own(from_folder: Open, from_line: Open, sources: list[Path]) -> Iterator[Table]:
    opened = from_folder(0)
    made = {usable.given.value.name: usable.given.value.render(job_of(opened, usable)) for usable in outputs_of(opened)}
    document, texts = as_template(made["docx"].content)
    page, more = as_page_template(made["html"].content.decode())
    watches = [Watch(), Watch(), Watch()]
    libraries = of_libraries(sources, opened, document, page, {**texts, **more}, watches[2])
    ours = [on_our_own(from_folder, watches[0], REPORTS), on_our_own(from_line, watches[1], REPORTS)]
    said = (
        f"做成的 document.xml {size(document) / 1000:.0f} KB，自带的网页，每 {REPORTS} 份读回一份；"
        "对手填的模板，是把做好的文件里的文字换成标记。"
    )
    yield from _compared("整条链，自带的模板", said, ours, libraries, watches)


def _compared(
    title: str, said: str, ours: Sequence[Chain], libraries: Chain, watches: Sequence[Watch]
) -> Iterator[Table]:
    """Yield the ratios, and the shares of the steps."""
    contenders = {"folder": partial(_turn, ours[0], itertools.count(), TURN)}
    contenders["line"] = partial(_turn, ours[1], itertools.count(), TURN)
    contenders["libraries"] = partial(_turn, libraries, itertools.count(), PEERS)
    for timed in contenders.values():
        timed()
    for watch in watches:
        watch.spent.clear()
    times = interleaved(contenders, ROUNDS)
    rows = [
        ["从文件夹", ratio(times["libraries"], times["folder"])],
        ["从 .jsonl", ratio(times["libraries"], times["line"])],
    ]
    against = "对手：PyYAML 读、每份新建 Cerberus 验证器、同样的规则、docxtpl 每次打开、Jinja 每次编译，不读回"
    yield Table(title, f"{said}{against}。{ROUNDS} 轮。", ["baogao 读的是", "快几倍"], rows)
    folder, line, others = (watch.shares() for watch in watches)
    steps = [[step, folder[step], line[step]] for step in folder]
    yield Table(f"{title}：baogao 各步所占", "同一次运行。", ["步骤", "从文件夹", "从 .jsonl"], steps)
    yield Table(f"{title}：对手各步所占", "同一次运行。", ["步骤", "所占"], list(others.items()))


def _turn(chain: Chain, numbers: Iterator[int], count: int) -> float:
    start = time.process_time()
    for number in itertools.islice(numbers, count):
        chain(number)
    return (time.process_time() - start) / count


def _reading(sources: list[Path], opened: Open) -> Table:
    """Return what YAML, Cerberus, and reading back every document cost, each against the whole it is a part of."""
    watch = Watch()
    do = on_our_own(opened, watch, 1)
    yaml_, cerberus_ = Watch(), Watch()
    with _timed(Shape, "faults", cerberus_):
        for number in range(REPORTS):
            do(number)
            with yaml_("YAML"):
                for path in sources[number].glob("*.yaml"):
                    read_yaml(path, path.name)
    opening, reading = watch.spent["读、成形、组装"], watch.spent["逐份读回"]
    rows = [
        ["读 YAML，占“读、成形、组装”的", f"{yaml_.whole / opening:.0%}"],
        ["Cerberus，占“读、成形、组装”的", f"{cerberus_.whole / opening:.0%}"],
        ["每份都读回（DOCX 和网页），比不读回多用", f"{reading / (watch.whole - reading):.0%}"],
    ]
    return Table("细看几步", f"自带的模板，从文件夹，{REPORTS} 份。", ["什么", "多少"], rows)


@contextlib.contextmanager
def _timed(owner: type, name: str, watch: Watch) -> Generator[None]:
    """Count the time of a method for a while."""
    method = getattr(owner, name)

    def counted(*values: Any) -> Any:
        with watch(name):
            return method(*values)

    with patch.object(owner, name, counted):
        yield
