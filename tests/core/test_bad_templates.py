"""Templates that are wrong: each fault is named with its template and place, and nothing is written."""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest

from baogao.files import resources
from reports import Edit, Run, sample, tree


def fragment(*paragraphs: str, style: str = "") -> bytes:
    """Return a DOCX fragment with these paragraphs, the last of them in a style of its own."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if style:
        document.styles.add_style(style, 1)
        document.paragraphs[-1].style = style
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


PAGE = '<!DOCTYPE html>\n<html lang="zh-CN">\n<body>{}</body>\n</html>\n'

FAULTS = [
    pytest.param({"templates/page.html": PAGE.format("{{ report.titel }}")}, "TPL-003", ("page.html", "report.titel", "是否想写“report.title”"), id="a page names nothing"),
    pytest.param({"templates/page.html": PAGE.format("\n{% if x %}")}, "TPL-002", ("page.html",), id="a page with an open tag"),
    pytest.param({"templates/page.html": PAGE.format("{{ ''.__class__ }}")}, "TPL-002", ("page.html",), id="a page that looks into Python"),
    pytest.param({"templates/page.html": PAGE.format("{{ range(9) }}")}, "TPL-002", ("page.html",), id="a page that calls"),
    pytest.param({"templates/page.html": PAGE.format("{% include 'x' %}")}, "TPL-002", ("page.html",), id="a page that includes"),
    pytest.param({"templates/page.html": PAGE.format("年报").encode("gbk")}, "TPL-005", ("page.html", "UTF-8"), id="a page in GBK"),
    pytest.param({"templates/page.html": ""}, "OUT-002", (), id="an empty page"),
    pytest.param({"templates/overview.html": "{{ section.titel }}"}, "TPL-003", ("overview.html", "titel"), id="a section's page names nothing"),
    pytest.param({"templates/shell.docx": b"PK"}, "TPL-005", ("shell.docx",), id="a shell that is no document"),
    pytest.param({"templates/shell.docx": fragment("{{ report.title }}")}, "TPL-004", ("shell.docx",), id="a shell without a place for the chapters"),
    pytest.param({"templates/overview.docx": b""}, "TPL-005", ("overview.docx",), id="an empty fragment"),
    pytest.param({"templates/overview.docx": fragment("{{ section.titel }}", "{{p section.body }}")}, "TPL-003", ("overview.docx", "titel"), id="a fragment names nothing"),
    pytest.param({"templates/overview.docx": fragment("{{ section.title", "{{p section.body }}")}, "TPL-002", ("overview.docx",), id="a fragment with an open tag"),
    pytest.param({"templates/overview.docx": fragment("{{p section.body }}", "落款", style="花体字")}, "TPL-004", ("overview.docx", "花体字"), id="a fragment with a style the shell lacks"),
    pytest.param({"templates/overview.docx": fragment("没有正文")}, "OUT-002", ("overview", "正文印不出来"), id="a fragment without the narrative"),
    pytest.param({"templates/requests.docx": fragment("没有表格")}, "OUT-001", (), id="a fragment without the table"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "rule", "words"), FAULTS)
def test_a_fault_in_a_template_is_named_and_nothing_is_written(
    tmp_path: Path, run: Run, files: Mapping[str, Edit], rule: str, words: tuple[str, ...]
):
    report = sample(tmp_path, files)
    before = tree(tmp_path)
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    named = [said for said in ran.findings if said.rule == rule]
    assert named, [f"{said.rule} {said.words}" for said in ran.findings]
    shown = f"{named[0].path} {named[0].place} {named[0].words}"
    assert [word for word in words if word not in shown] == [], shown
    assert ran.code == 1
    assert tree(tmp_path) == before


@pytest.mark.parametrize("draft", [(), ("--draft",)])
def test_faults_of_all_templates_are_named_at_once(tmp_path: Path, run: Run, draft: tuple[str, ...]):
    report = sample(
        tmp_path,
        {
            "templates/page.html": PAGE.format("{{ report.titel }}{{ sections }}"),
            "templates/overview.docx": fragment("{{ section.titel }}", "{{p section.body }}"),
            "templates/problems.docx": fragment("{{ report.yaer }}", "{{p section.body }}"),
        },
    )
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json", *draft)
    words = "".join(said.words for said in ran.findings)
    assert [name for name in ("report.titel", "section.titel", "report.yaer") if name not in words] == []
    assert (ran.code, (tmp_path / "out").exists()) == (1, False)


@pytest.mark.parametrize(("missing", "words"), [("shell.docx", "shell.docx"), ("page.html", "page.html")])
def test_a_missing_template_is_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, missing: str, words: str
):
    bundled = resources.bundled_folder()
    bare = tmp_path / "bundled"
    (bare / "templates").mkdir(parents=True)
    (bare / "schemas").symlink_to(bundled / "schemas", target_is_directory=True)
    for path in (bundled / "templates").iterdir():
        if path.name != missing:
            (bare / "templates" / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(resources, "bundled_folder", lambda: bare)
    ran = run("build", sample(tmp_path), "-o", tmp_path / "out", "--format", "json")
    # without a document the page has nothing to link
    follows = ["PUB-003"] if missing == "shell.docx" else []
    assert [said.rule for said in ran.findings] == ["TPL-001", *follows]
    assert words in ran.findings[0].words
    assert (ran.code, (tmp_path / "out").exists()) == (1, False)


def test_a_template_that_misses_a_cell_is_to_be_drawn_anew(tmp_path: Path, run: Run):
    report = sample(tmp_path / "我的 报告", {"templates/requests.docx": fragment("没有表格")})
    hints = {said.words for said in run("check", report, "--format", "json").findings if said.rule == "OUT-001"}
    template = report / "templates" / "requests.docx"
    command = f'baogao template new requests "{template}" --report "{report}" --force'

    assert [command in hint for hint in hints] == [True]
    assert run("template", "new", "requests", template, "--report", report, "--force").code == 0
    assert run("check", report).code == 0


SILENT = """
from baogao import Artifact, hookimpl

class Csv:
    name, needs, profiles = "csv", (), ("public",)
    def render(self, job): return Artifact(job.name, "csv", "text/csv", b"")
    def read_back(self, artifact, job): return {}

@hookimpl
def renderers():
    return [Csv()]
"""


def test_an_output_without_templates_that_misses_a_cell_is_its_plugins_to_mend(tmp_path: Path, run: Run):
    more = "plugins: {load: [plugins/csv_out.py]}\noutputs: [csv]"
    report = sample(tmp_path, {"plugins/csv_out.py": SILENT, "report.yaml": ("outputs: [docx, html]", more)})
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    words = [said.words for said in ran.findings if said.rule in ("OUT-001", "OUT-002")]

    assert words
    assert all("插件 csv_out 的作者：输出 csv" in said and "模板" not in said for said in words)
