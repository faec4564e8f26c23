"""A department's plugin, installed as a distribution of its own, extends a report without touching the engine."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import lxml.html
import pytest

import baogao as api

EXAMPLES = Path(__file__).parents[2] / "examples"
PLUGIN = EXAMPLES / "dept" / "luolong-fees"
PLAIN = EXAMPLES / "luolong-2020"
EXTENDED = EXAMPLES / "luolong-2020-with-dept"
CHECK_DOCX = EXAMPLES.parents[1] / "shared" / "tools" / "check_docx.py"

TITLE = "七、信息处理费收取情况"
TABLE = [
    ["计收方式", "按件计收", "按量计收", "合计"],
    ["收费通知件数", "0", "1", "1"],
    ["通知金额（元）", "0", "150", "150"],
    ["实收金额（元）", "0", "150", "150"],
]

Run = Callable[..., subprocess.CompletedProcess[str]]


def made(folder: Path, suffix: str) -> Path:
    """Return the one file of this kind that was written."""
    (path,) = folder.glob(f"*{suffix}")
    return path


def document(folder: Path) -> Any:
    return docx.Document(str(made(folder, ".docx")))


def chapters(folder: Path) -> list[str]:
    return [paragraph.text for paragraph in document(folder).paragraphs if paragraph.style.name == "Heading 1"]


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory, baogao: Run, plugin: Path) -> Path:
    """Return the folder with the files of the extended report."""
    out = tmp_path_factory.mktemp("extended")
    done = baogao("build", EXTENDED, "-o", out, path=(plugin,))
    assert (done.returncode, "结论：没有发现问题" in done.stdout) == (0, True), done.stdout + done.stderr
    return out


def test_the_document_has_the_chapter_after_the_statutory_ones(extended: Path) -> None:
    assert chapters(extended)[-2:] == ["六、其他需要报告的事项", TITLE]


def test_the_document_prints_the_figures_as_the_plugins_own_template_lays_them_out(extended: Path) -> None:
    *official, own = document(extended).tables

    assert [(len(table.rows), len(table.columns)) for table in official] == [(18, 4), (26, 10), (4, 15)]
    assert [[cell.text for cell in row.cells] for row in own.rows] == TABLE
    assert own.rows[1].cells[1].paragraphs[0].style.name == "表数"


def test_the_narrative_prints_what_was_computed(extended: Path) -> None:
    told = "2020年，我局发出信息处理费收费通知1件，通知金额150元，实际收取150元，已按规定上缴国库。"

    assert told in [paragraph.text for paragraph in document(extended).paragraphs]


def test_the_page_prints_the_same_under_headers_with_scope(extended: Path) -> None:
    page = lxml.html.parse(str(made(extended, ".html")), lxml.html.HTMLParser(encoding="utf-8")).getroot()
    (section,) = page.xpath("//section[@id='section-fees']")
    rows = [[cell.text_content() for cell in row.xpath("th|td")] for row in section.xpath(".//table//tr")]

    assert section.xpath("string(h2)") == TITLE
    assert page.xpath("string(//nav//li[last()])") == TITLE
    assert rows == TABLE
    assert [th.get("scope") for th in section.xpath(".//thead//th")] == ["row", "col", "col", "col"]
    assert section.xpath(".//tbody//th/@scope") == ["row"] * 3
    assert "实际收取150元" in section.xpath("string(.//p)")


@pytest.mark.skipif(not CHECK_DOCX.is_file(), reason=f"{CHECK_DOCX.name} is not beside the checkout")
def test_the_document_is_sound(extended: Path, python: Run) -> None:
    done = python(CHECK_DOCX, made(extended, ".docx"))

    assert done.returncode == 0, done.stdout


WITHOUT: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "not installed": ((), {}, "先安装插件 luolong-fees"),
    "blocked by option": (("--block", "luolong_fees"), {}, "luolong_fees (luolong-fees 0.1.0)"),
    "blocked by variable": ((), {"BAOGAO_BLOCK": "luolong_fees"}, "luolong_fees (luolong-fees 0.1.0)"),
}


@pytest.fixture(params=WITHOUT)
def lacking(request: pytest.FixtureRequest, baogao: Run, plugin: Path) -> tuple[Run, str]:
    """Return what runs the program without the plugin, and words that say how to get it."""
    options, variables, remedy = WITHOUT[request.param]
    path = () if request.param == "not installed" else (plugin,)

    def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
        return baogao(*arguments, *options, path=path, **variables)

    return ran, remedy


def test_without_it_the_report_is_refused_by_name_and_nothing_is_written(
    lacking: tuple[Run, str], tmp_path: Path
) -> None:
    without, remedy = lacking
    done = without("build", EXTENDED, "-o", tmp_path / "out")

    assert done.returncode == 1, done.stderr
    assert "PLG-006" in done.stdout
    line, column = _place(EXTENDED / "report.yaml", "{after: others, plugin: luolong-fees}")
    assert f"report.yaml:{line}:{column}  章节“fees”" in done.stdout
    assert remedy in done.stdout
    assert not (tmp_path / "out").exists()


def test_without_it_a_draft_leaves_the_chapter_out_and_says_so(lacking: tuple[Run, str], tmp_path: Path) -> None:
    without, _ = lacking
    done = without("build", EXTENDED, "-o", tmp_path, "--draft")

    assert done.returncode == 1, done.stderr
    assert "“fees”" in done.stdout
    assert "草稿" in made(tmp_path, ".docx").name
    assert chapters(tmp_path)[-1] == "六、其他需要报告的事项"
    assert "信息处理费" not in made(tmp_path, ".html").read_text("utf-8")


def test_a_report_that_does_not_name_the_section_is_the_same_to_the_byte(
    baogao: Run, plugin: Path, tmp_path: Path
) -> None:
    for name, path in (("with", (plugin,)), ("without", ())):
        assert baogao("build", PLAIN, "-o", tmp_path / name, path=path).returncode == 0

    one, other = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("with", "without")
    )
    assert one == other
    assert len(one) == 2


def test_the_program_lists_it_and_its_rules(baogao: Run, plugin: Path) -> None:
    plugins, rules = (
        json.loads(baogao(name, "--format", "json", path=(plugin,)).stdout) for name in ("plugins", "rules")
    )
    (listed,) = (entry for entry in plugins if entry["name"] == "luolong_fees")

    assert (listed["distribution"], listed["origin"], listed["state"]) == ("luolong-fees", "installed", "active")
    assert listed["sections"] == ["fees"]
    assert [rule["id"] for rule in rules if rule["plugin"] == "luolong_fees"] == ["FEES-001", "FEES-002", "FEES-003"]


PROVEN = """
from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.proving import prove_rules
selection = Selection(block=frozenset({"text", "docx", "html"}))
for proof in prove_rules(open_registry(selection), selection):
    if proof.rule.plugin == "luolong_fees":
        print(proof.rule.id, proof.edition, proof.number, proof.wrong or "")
"""


def test_its_rules_are_proven_by_their_own_examples(python: Run, plugin: Path) -> None:
    done = python("-c", PROVEN, path=(plugin,))

    assert sorted(line.strip() for line in done.stdout.splitlines()) == [
        f"FEES-00{rule} {edition} {number}" for rule in (1, 2, 3) for edition in (2019, 2021) for number in (1, 2)
    ], done.stderr


def test_nothing_is_found_in_the_report_that_uses_it(baogao: Run, plugin: Path) -> None:
    done = baogao("check", EXTENDED, "--format", "json", "--fail-on", "info", path=(plugin,))

    assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, [])


RAN = """
import sys
from pathlib import Path
from baogao import pipeline
outcome = pipeline.check(pipeline.open_report(Path(sys.argv[1])))
print(*(rule for rule in outcome.ran if rule.startswith("FEES-")))
"""


def test_its_rules_run_where_its_section_is_and_nowhere_else(python: Run, plugin: Path) -> None:
    with_section, without = (python("-c", RAN, folder, path=(plugin,)) for folder in (EXTENDED, PLAIN))

    assert with_section.stdout.split() == ["FEES-002", "FEES-003", "FEES-001"], with_section.stderr
    assert without.stdout.split() == [], without.stderr


def test_a_wrong_figure_is_found_in_its_place(baogao: Run, plugin: Path, tmp_path: Path) -> None:
    shutil.copytree(EXTENDED, tmp_path / "report", ignore=shutil.ignore_patterns("out"))
    figures = tmp_path / "report" / "fees.yaml"
    figures.write_text(figures.read_text("utf-8").replace("received: 150", "received: 200"), "utf-8")

    done = baogao("build", tmp_path / "report", "--format", "json", path=(plugin,))

    assert done.returncode == 1
    found = [(item["rule"], item["path"], item["location"]) for item in json.loads(done.stdout)["findings"]]
    line, column = _place(figures, "200")
    assert ("FEES-002", "fees.per_page.received", {"file": "fees.yaml", "line": line, "column": column}) in found
    assert [path for _, path, _ in found] == ["fees.total.received", "fees.per_page.received"]
    assert not (tmp_path / "report" / "out").exists()


def _place(file: Path, words: str) -> tuple[int, int]:
    lines = file.read_text("utf-8").splitlines()
    (number,) = (number for number, line in enumerate(lines) if words in line)
    return number + 1, lines[number].index(words) + 1


HELP = """
import sys
from baogao.cli.main import main
try:
    main(["--help"])
except SystemExit as exit:
    assert exit.code == 0, exit.code
heavy = {"jinja2", "docx", "docxtpl", "lxml", "cerberus", "rich", "heavy", "luolong_fees"}
print("\\nLOADED", *sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""


def test_help_loads_nothing_heavy_whatever_is_installed(python: Run, plugin: Path, heavy: Path) -> None:
    done = python("-c", HELP, path=(plugin, heavy))

    assert done.returncode == 0, done.stderr
    assert "build" in done.stdout
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


def test_a_heavy_plugin_that_is_used_is_loaded(python: Run, heavy: Path) -> None:
    """Show that the plugin of the test above would be seen, had it been loaded."""
    done = python("-c", RAN + "print('docxtpl' in sys.modules)", PLAIN, path=(heavy,))

    assert done.stdout.splitlines()[-1] == "True", done.stderr


def test_the_plugins_own_tests_pass(python: Run, plugin: Path) -> None:
    done = python("-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", PLUGIN / "tests", path=(plugin,))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout


def test_the_plugin_needs_nothing_but_the_public_api() -> None:
    tree = ast.parse((PLUGIN / "luolong_fees" / "__init__.py").read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    ours = [node for node in imports if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("baogao")]
    others = {node.module for node in imports if isinstance(node, ast.ImportFrom)} - {node.module for node in ours}

    assert {node.module for node in ours} == {"baogao"}
    assert {alias.name for node in ours for alias in node.names} <= set(api.__all__)
    assert {str(module).partition(".")[0] for module in others} <= set(sys.stdlib_module_names)


def test_the_extended_report_is_the_plain_one_and_a_chapter_more() -> None:
    def files(folder: Path) -> dict[str, str]:
        paths = (path for path in folder.iterdir() if path.is_file() and path.name != "README.md")
        return {path.name: path.read_text("utf-8") for path in paths}

    plain, extended = files(PLAIN), files(EXTENDED)
    assert extended.keys() - plain.keys() == {"fees.yaml", "fees.md"}
    assert [name for name in plain if plain[name] != extended[name]] == ["report.yaml"]
    assert _settings(extended["report.yaml"]) == [
        *_settings(plain["report.yaml"]),
        "sections:",
        "  fees: {after: others, plugin: luolong-fees}",
    ]


def _settings(text: str) -> list[str]:
    """Return the lines without comments."""
    return [line.partition(" #")[0].rstrip() for line in text.splitlines() if not line.startswith("#")]
