"""Installed plugins: loaded one by one from their entry points, so that a broken one harms no other."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from reports import EXAMPLE, sample, tree, with_path


def install(folder: Path, distribution: str, entries: dict[str, str], **modules: str) -> None:
    """Install a distribution into a folder of the search path: entry points and the modules they name."""
    folder.mkdir(exist_ok=True)
    for name, code in modules.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(code), encoding="utf-8")
    info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    lines = "".join(f"{name} = {target}\n" for name, target in entries.items())
    (info / "entry_points.txt").write_text(f"[baogao]\n{lines}")


class Program:
    """Run the program in a process of its own, with the distributions of one folder installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", "-m", "baogao", *map(str, arguments)]
        environment = {**with_path(self.folder), **variables}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert "Traceback" not in ran.stderr
        return ran

    def plugins(self) -> dict[str, Any]:
        listed = json.loads(self("plugins", "--format", "json").stdout)
        return {plugin["name"]: plugin for plugin in listed if plugin["origin"] == "installed"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def program(site: Path) -> Program:
    return Program(site)


GOOD = """
from baogao import Severity, hookimpl, rule, section

@rule("GOOD-001", title="只是看看", severity=Severity.WARNING)
def look(report, options):
    '''看一看。'''
    yield report.finding("", "看过了")

@hookimpl
def section_providers():
    return [section("fees")]

@hookimpl
def validation_rules():
    return [look]
"""


def test_an_installed_plugin_is_listed_with_what_it_gives(site: Path, program: Program):
    install(site, "dept-fees", {"fees": "dept_fees"}, dept_fees=GOOD)
    (site / "schemas").mkdir()
    (site / "schemas" / "fees.yaml").write_text("section: fees\ntitle: 收费情况\ntext: {}\n", encoding="utf-8")
    assert program.plugins() == {
        "fees": {
            "name": "fees",
            "distribution": "dept-fees",
            "version": "1.0",
            "origin": "installed",
            "state": "active",
            "error": "",
            "hooks": ["section_providers", "validation_rules"],
            "sections": ["fees"],
            "rules": ["GOOD-001"],
            "file": str(site / "dept_fees.py"),
            "line": None,
            "problems": [],
        }
    }


def test_the_rules_of_an_installed_plugin_run_and_its_sections_wait_to_be_named(site: Path, program: Program):
    install(site, "dept-fees", {"fees": "dept_fees"}, dept_fees=GOOD)
    ran = program("check", EXAMPLE, "--format", "json")
    assert [finding["rule"] for finding in json.loads(ran.stdout)["findings"]] == ["GOOD-001"]
    assert ran.returncode == 0


BROKEN = {
    "no-module": ({"broken": "nothing_such"}, "", "ModuleNotFoundError"),
    "no-attribute": ({"broken": "broken_one:plugin"}, "", "AttributeError"),
    "bad-syntax": ({"broken": "broken_one"}, "def f(:\n", "SyntaxError"),
    "leaves": ({"broken": "broken_one"}, "import sys; sys.exit(0)\n", "SystemExit"),
    "raises": ({"broken": "broken_one"}, "1 / 0\n", "ZeroDivisionError"),
    "misspelt": (
        {"broken": "broken_one"},
        "from baogao import hookimpl\n@hookimpl\ndef renderer(): return []\n",
        "是否想写“renderers",
    ),
    "wrong-type": (
        {"broken": "broken_one"},
        "from baogao import hookimpl\n@hookimpl\ndef renderers(): return [1]\n",
        "renderers()",
    ),
    "hook-raises": (
        {"broken": "broken_one"},
        "from baogao import hookimpl\n@hookimpl\ndef renderers(): 1 / 0\n",
        "ZeroDivisionError",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_the_report_does_not_use_is_a_note(tmp_path: Path, site: Path, program: Program, kind: str):
    entries, code, error = BROKEN[kind]
    install(site, "broken", entries, broken_one=code)
    install(site, "dept-fees", {"fees": "dept_fees"}, dept_fees=GOOD)
    ran = program("build", EXAMPLE, "-o", tmp_path / "out")
    assert ran.returncode == 0
    assert "broken (broken 1.0)" in ran.stderr
    assert error in ran.stderr
    assert "GOOD-001" in ran.stdout
    assert len(tree(tmp_path / "out")) == 2


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_listed_with_its_error_and_check_exits_with_3(site: Path, program: Program, kind: str):
    entries, code, error = BROKEN[kind]
    install(site, "broken", entries, broken_one=code)
    listed = program.plugins()["broken"]
    assert (listed["state"], error in listed["error"]) == ("quarantined", True)
    if code and kind != "no-attribute":
        assert listed["file"] == str(site / "broken_one.py")
    assert program("plugins").returncode == 0
    assert program("plugins", "--check").returncode == 3
    assert program("plugins", "--check", "--block", "broken").returncode == 0


def test_a_broken_plugin_the_report_uses_stops_the_build_and_not_the_draft(
    tmp_path: Path, site: Path, program: Program
):
    install(site, "broken", {"fees": "broken_one"}, broken_one="1 / 0\n")
    report = sample(tmp_path, {"report.yaml": ("outputs:", "sections: {fees: {after: others}}\noutputs:")})
    ran = program("build", report, "-o", tmp_path / "out", "--format", "json")
    found = {finding["rule"]: finding for finding in json.loads(ran.stdout)["findings"]}
    assert set(found) == {"PLG-001", "PLG-006"}
    assert "fees (broken 1.0)" in found["PLG-006"]["hint"]
    assert (ran.returncode, (tmp_path / "out").exists()) == (3, False)
    draft = program("build", report, "-o", tmp_path / "out", "--draft")
    assert draft.returncode == 3
    assert len(tree(tmp_path / "out")) == 2


def test_a_second_distribution_with_a_taken_name_is_shown_with_its_own(site: Path, program: Program):
    install(site, "zeta", {"docx": "zeta_one"}, zeta_one=GOOD)
    install(site, "alpha", {"fees": "alpha_one"}, alpha_one="")
    install(site, "beta", {"fees": "beta_one"}, beta_one="")
    assert sorted(program.plugins()) == ["docx@zeta", "fees", "fees@beta"]
    blocked = json.loads(program("plugins", "--format", "json", "--block", "docx@zeta").stdout)
    assert [plugin["name"] for plugin in blocked if plugin["state"] == "blocked"] == ["docx@zeta"]


def test_the_order_in_which_plugins_are_found_changes_nothing(tmp_path: Path):
    outputs: list[tuple[str, dict[str, bytes]]] = []
    for order in (("one", "two"), ("two", "one")):
        site = tmp_path / "-".join(order)
        for name in order:
            code = GOOD.replace("GOOD-001", f"{name.upper()}-001").replace('"fees"', f'"{name}"')
            install(site, f"dept-{name}", {name: f"dept_{name}"}, **{f"dept_{name}": code})
        ran = Program(site)("build", EXAMPLE, "-o", site / "out", "--format", "json")
        outputs.append((ran.stdout, tree(site / "out")))
    assert outputs[0] == outputs[1]


def test_an_installed_plugin_nobody_names_changes_no_byte(tmp_path: Path, site: Path, program: Program):
    install(site, "dept-fees", {"fees": "dept_fees"}, dept_fees=GOOD)
    program("build", EXAMPLE, "-o", tmp_path / "with")
    program("build", EXAMPLE, "-o", tmp_path / "without", "--block", "fees")
    assert len(tree(tmp_path / "with")) == 2
    assert tree(tmp_path / "with") == tree(tmp_path / "without")


def test_a_blocked_plugin_is_not_imported(tmp_path: Path, site: Path, program: Program):
    install(site, "loud", {"loud": "loud_one"}, loud_one=f"open({str(tmp_path / 'loaded')!r}, 'w').close()\n")
    program("check", EXAMPLE, "--block", "loud")
    assert not (tmp_path / "loaded").exists()
    program("check", EXAMPLE)
    assert (tmp_path / "loaded").exists()


def test_a_plugin_brings_schemas_beside_its_file(tmp_path: Path, site: Path, program: Program):
    install(
        site,
        "dept-fees",
        {"fees": "dept_fees"},
        dept_fees=GOOD.replace('yield report.finding("", "看过了")', "return []"),
    )
    (site / "schemas").mkdir()
    (site / "schemas" / "fees.yaml").write_text("section: fees\ntitle: 收费情况\ntext: {}\n", encoding="utf-8")
    report = sample(
        tmp_path,
        {"fees.md": "没有收费。\n", "report.yaml": ("outputs:", "sections: {fees: {after: others}}\noutputs:")},
    )
    ran = program("build", report, "-o", tmp_path / "out", "--format", "json")
    assert (ran.returncode, json.loads(ran.stdout)["findings"]) == (0, [])
    [page] = (tmp_path / "out").glob("*.html")
    assert "七、收费情况" in page.read_text(encoding="utf-8")


def test_only_the_plugins_that_are_allowed_load(tmp_path: Path, site: Path, program: Program):
    install(site, "dept-fees", {"fees": "dept_fees"}, dept_fees=GOOD)
    install(site, "dept-other", {"other": "dept_other"}, dept_other=GOOD.replace("GOOD-001", "OTHER-001"))
    local = GOOD.replace("GOOD-001", "LOCAL-001").replace('"fees"', '"local"')
    allowed = ("outputs:", "plugins: {load: [plugins/mine.py], allow: [other]}\noutputs:")
    report = sample(tmp_path, {"plugins/mine.py": local, "report.yaml": allowed})

    def rules(*options: str, **variables: str) -> list[str]:
        ran = program("check", report, "--format", "json", *options, **variables)
        return [finding["rule"] for finding in json.loads(ran.stdout)["findings"]]

    assert rules() == ["LOCAL-001", "OTHER-001"]
    assert rules(BAOGAO_ALLOW="other,fees") == ["OTHER-001"]
    assert rules("--no-plugins") == []


def test_a_plugin_that_brings_a_form_is_found_beside_its_file(tmp_path: Path, site: Path, program: Program):
    code = """
    from baogao import Form, hookimpl, section

    @hookimpl
    def report_forms():
        return [Form("notes")]

    @hookimpl
    def section_providers():
        return [section("notes_text")]
    """
    install(site, "dept-notes", {"notes": "dept_notes"}, dept_notes=code)
    folder = site / "schemas" / "notes" / "1"
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(
        'form: notes\nedition: "1"\nyears: {from: 2000}\ntitle: 说明\nheading: "{{ unit.name }}{{ title }}"\n'
        "chapters:\n- {section: notes_text, title: 一、说明}\n",
        encoding="utf-8",
    )
    (folder / "notes_text.yaml").write_text("section: notes_text\ntext: {}\n", encoding="utf-8")
    report = tmp_path / "notes"
    report.mkdir()
    (report / "report.yaml").write_text(
        "form: notes\nyear: 2020\nunit: {name: 局, kind: department}\n", encoding="utf-8"
    )
    (report / "notes_text.md").write_text("正文。\n", encoding="utf-8")
    assert program("build", report, "-o", tmp_path / "out").returncode == 0
    assert sorted(tree(tmp_path / "out")) == ["局2020年说明.docx", "局2020年说明.html"]
    assert program("build", report, "-o", tmp_path / "out", "--block", "notes").returncode == 2


TYPE = """
from baogao import *

@hookimpl
def field_types():
    return {{"code": CellType("code", {{"type": "string", "check_with": check}})}}

def check(field, value, error):
    {body}
"""

READER = """
from baogao import *

class Reader:
    suffixes = (".csv",)

    def read(self, file, content):
        return {{"one": {{"a": {value}}}}}

@hookimpl
def source_readers():
    return [Reader()]
"""

SECTION = """
from baogao import *

@hookimpl
def section_providers():
    return [section("fees")]
"""


def with_fees(folder: Path, site: Path, cell: str, **files: str) -> Path:
    """Return a report with a chapter `fees`, a table of one cell of this type."""
    install(site, "dept-fees", {"fees": "dept_fees"}, dept_fees=SECTION)
    (site / "schemas").mkdir()
    (site / "schemas" / "fees.yaml").write_text(
        f"section: fees\ntitle: 收费情况\ncell: {cell}\ncorner: 项目\ncolumns: [{{id: a, label: 甲}}]\n"
        "rows: [{id: one, label: 一}]\n",
        encoding="utf-8",
    )
    named = ("outputs:", "sections: {fees: {after: others}}\noutputs:")
    return sample(folder, {"report.yaml": named, **{name.replace("_", "."): text for name, text in files.items()}})


def said(ran: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {finding["rule"]: finding for finding in json.loads(ran.stdout)["findings"]}


def test_two_plugins_with_one_cell_type_are_named_where_it_is_used(tmp_path: Path, site: Path, program: Program):
    for name in ("one", "two"):
        install(site, f"dept-{name}", {name: f"dept_{name}"}, **{f"dept_{name}": TYPE.format(body="pass")})
    report = with_fees(tmp_path, site, "code", fees_yaml="one: {a: 甲}\n")
    ran = program("build", report, "-o", tmp_path / "out", "--format", "json")

    assert (ran.returncode, list(said(ran))) == (3, ["PLG-005"])
    assert "one (dept-one 1.0) 与 two (dept-two 1.0)" in said(ran)["PLG-005"]["message"]
    assert "plugins: {block: [two]}" in said(ran)["PLG-005"]["hint"]
    assert not (tmp_path / "out").exists()
    assert program("build", report, "-o", tmp_path / "out", "--block", "two").returncode == 0


def test_two_plugins_that_read_one_kind_of_file_are_named_where_one_is_read(
    tmp_path: Path, site: Path, program: Program
):
    for name, value in (("one", 1), ("two", 2)):
        install(site, f"dept-{name}", {name: f"dept_{name}"}, **{f"dept_{name}": READER.format(value=value)})
    report = with_fees(tmp_path, site, "count", fees_csv="甲")
    ran = program("check", report, "--format", "json")

    assert (ran.returncode, list(said(ran))) == (3, ["PLG-005"])
    assert "文件的读法“.csv”：one (dept-one 1.0) 与 two (dept-two 1.0)" in said(ran)["PLG-005"]["message"]
    assert program("check", report, "--block", "one").returncode == 0


@pytest.mark.parametrize("body", ["1 / 0", "raise SystemExit"])
def test_a_cell_type_whose_check_breaks_spoils_only_its_cell(tmp_path: Path, site: Path, program: Program, body: str):
    install(site, "dept-code", {"code": "dept_code"}, dept_code=TYPE.format(body=body))
    report = with_fees(tmp_path, site, "code", fees_yaml="one: {a: 甲}\n")
    ran = program("build", report, "-o", tmp_path / "out", "--format", "json")
    finding = said(ran)["PLG-003"]

    assert (ran.returncode, list(said(ran)), finding["path"]) == (3, ["PLG-003"], "fees.one.a")
    assert [word for word in ("code (dept-code 1.0)", "dept_code.py:9") if word not in finding["message"]] == []
    assert not (tmp_path / "out").exists()


COMMAND = """
import click

@click.command()
@click.argument("what")
def command(what):
    if what == "breaks":
        return {}["x"]
    if what == "leaves":
        raise SystemExit(5)
    return int(what)
"""


@pytest.mark.parametrize(("what", "code"), [("breaks", 3), ("leaves", 5), ("0", 0), ("1", 1)])
def test_a_command_of_a_plugin_has_its_own_exit_code_or_is_named(site: Path, program: Program, what: str, code: int):
    install(site, "dept-does", {}, dept_does=COMMAND)
    entries = site / "dept_does-1.0.dist-info" / "entry_points.txt"
    entries.write_text("[baogao.commands]\ndo = dept_does:command\ncheck = dept_does:command\n")
    ran = program("do", what)

    assert ran.returncode == code
    assert ("do (dept-does 1.0)" in ran.stderr) == (what == "breaks")
    assert ("dept_does.py:8" in ran.stderr) == (what == "breaks")
    assert ("BAOGAO_BLOCK=do" in ran.stderr) == (what == "breaks")
    assert program("do", "--help").stdout.startswith("用法")
    assert program("check@dept-does", "1").returncode == 1
    assert program("do", "1", BAOGAO_BLOCK="do").returncode == 2


def test_what_a_program_started_by_a_plugin_prints_stays_out_of_the_result(site: Path, program: Program):
    install(site, "loud", {"loud": "loud_one"}, loud_one="import os\nos.system('echo loud')\n" + SECTION)
    ran = program("check", EXAMPLE, "--format", "json")

    assert json.loads(ran.stdout)["findings"] == []
    assert "loud" in ran.stderr


def test_the_plugins_of_a_report_are_listed_with_it(tmp_path: Path, program: Program):
    load = ("outputs:", "plugins: {load: [plugins/mine.py]}\noutputs:")
    report = sample(tmp_path, {"plugins/mine.py": "1 / 0\n", "report.yaml": load})
    ran = program("plugins", "--format", "json", "--report", report)
    listed = {plugin["name"]: plugin for plugin in json.loads(ran.stdout)}["mine"]

    assert (listed["origin"], listed["state"], listed["line"]) == ("local", "quarantined", 1)
    assert program("plugins", "--check", "--report", report).returncode == 3


@pytest.mark.parametrize(
    ("options", "variables", "why"),
    [
        (("--no-plugins",), {}, "写了 --no-plugins"),
        (("--block", "Dept.Fees"), {}, "的 block 写了它"),
        ((), {"BAOGAO_BLOCK": "fees"}, "的 block 写了它"),
        ((), {"BAOGAO_ALLOW": "other"}, "的 allow 里没有它"),
    ],
)
def test_a_chapter_whose_plugin_is_blocked_says_what_blocks_it(
    tmp_path: Path, site: Path, program: Program, options: tuple[str, ...], variables: dict[str, str], why: str
):
    report = with_fees(tmp_path, site, "count", fees_yaml="one: {a: 1}\n")
    assert program("check", report).returncode == 0
    ran = program("check", report, "--format", "json", *options, **variables)
    missing = said(ran)["PLG-006"]

    assert (missing["message"], why in missing["hint"]) == ("章节“fees”没有插件提供", True)
    assert ("没有名为“Dept.Fees”" in ran.stderr, "fees (dept-fees 1.0)" in missing["hint"]) == (False, True)
