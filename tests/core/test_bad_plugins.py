"""Plugins that break: each is named with its file and line, and spoils only its own part."""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

import baogao
from reports import Edit, Run, change, sample, tree

FIRST_LINES = "from baogao import *\n"
LOAD = ("outputs: [docx, html]", "plugins: {load: [plugins/mine.py]}\noutputs: [docx, html]")
LOAD_AND_PRINT = ("outputs: [docx, html]", "plugins: {load: [plugins/mine.py]}\noutputs: [docx, html, mine]")


def with_plugin(code: str, output: bool = False, **files: Edit) -> Mapping[str, Edit]:
    """Give the report a plugin of its own, plugins/mine.py."""
    return {
        "plugins/mine.py": textwrap.dedent(code).lstrip("\n"),
        "report.yaml": LOAD_AND_PRINT if output else LOAD,
        **files,
    }


def rule_plugin(body: str, more: str = "") -> Mapping[str, Edit]:
    """Give the report a rule MINE-001 whose check is this code."""
    return with_plugin(
        f"""
from baogao import *
import sys

@rule("MINE-001", title="试验"{more})
def mine(report, options):
{textwrap.indent(textwrap.dedent(body).strip(), "    ")}

@hookimpl
def validation_rules():
    return [mine]
"""
    )


def section_plugin(body: str) -> Mapping[str, Edit]:
    """Give the report a section `fees` whose provide() is this code."""
    plugin = with_plugin(
        f"""
from baogao import *
import sys

class Fees:
    id = "fees"
    forms = ()

    def provide(self, source, schema):
{textwrap.indent(textwrap.dedent(body).strip(), "        ")}

@hookimpl
def section_providers():
    return [Fees()]
"""
    )
    report = (LOAD[0], "sections: {fees: {after: others}}\n" + LOAD[1])
    return {**plugin, "report.yaml": report, "schemas/fees.yaml": "section: fees\ntitle: 收费情况\ntext: {}\n"}


EVERYTHING = """
blocks = {f"{s.id}#{n}": b.text for s in job.report for n, b in enumerate(s.blocks, 1)}
return {path: cell.text() for path, cell in job.report.cells().items()} | blocks
"""
"""Reads back what the model holds, whatever was printed."""


def renderer_plugin(render: str, read_back: str = EVERYTHING, name: str = "mine", more: str = "") -> Mapping[str, Edit]:
    """Give the report an output `mine` whose render() and read_back() are this code."""
    return with_plugin(
        f"""
from baogao import *
import sys

class Mine:
    name = {name!r}
    needs = ()
    profiles = ("public",)
    {more}

    def render(self, job):
        {render}

    def read_back(self, artifact, job):
{textwrap.indent(read_back.strip(), "        ")}

@hookimpl
def renderers():
    return [Mine()]
""",
        output=True,
    )


BROKEN = [
    pytest.param(with_plugin("import nothing_such"), "PLG-001", 1, ("ModuleNotFoundError", "nothing_such"), id="it imports what is not installed"),
    pytest.param(with_plugin("x = 1\ndef f(:\n"), "PLG-001", 2, ("SyntaxError",), id="it is no Python"),
    pytest.param(with_plugin("import sys\nsys.exit(0)"), "PLG-001", 2, ("SystemExit",), id="it ends the program"),
    pytest.param(with_plugin("1 / 0"), "PLG-001", 1, ("ZeroDivisionError",), id="it raises while it loads"),
    pytest.param(with_plugin("def f(): f()\nf()"), "PLG-001", 1, ("RecursionError",), id="it calls itself for ever"),
    pytest.param(with_plugin("raise ValueError('一\\n二')"), "PLG-001", 1, ("ValueError",), id="its error has two lines"),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef validation_rule(): return []"),
        "PLG-002", 2, ("validation_rule", "是否想写“validation_rules"), id="a hook is misspelt",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef validation_rules(): return 1 / 0"),
        "PLG-002", 3, ("validation_rules()", "ZeroDivisionError"), id="a hook raises",
    ),
    pytest.param(
        with_plugin("from baogao import *\nimport sys\n@hookimpl\ndef validation_rules(): sys.exit(0)"),
        "PLG-002", 4, ("validation_rules()", "SystemExit"), id="a hook ends the program",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef validation_rules(): pass"),
        "PLG-002", 2, ("validation_rules()", "：None；"), id="a hook returns nothing",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef validation_rules(): return [print]"),
        "PLG-002", 2, ("validation_rules()", "print"), id="a hook returns a function for a rule",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef section_providers(): return ['fees']"),
        "PLG-002", 2, ("section_providers()", "'fees'"), id="a hook returns a name for a section",
    ),
    pytest.param(
        with_plugin("from baogao import *\nclass A:\n    id = 'a'; forms = (); provide = None\n@hookimpl\ndef section_providers(): return [A]"),
        "PLG-002", 4, ("section_providers()", "A"), id="a hook returns a class for a section",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef field_types(): return {'x': {'type': 'integer'}}"),
        "PLG-002", 2, ("field_types()", "integer"), id="a hook returns a mapping for a cell type",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef renderers(): return [object()]"),
        "PLG-002", 2, ("renderers()", "object"), id="a hook returns something for a renderer",
    ),
    pytest.param(
        with_plugin("from baogao import *\n@hookimpl\ndef report_forms(report): return []"),
        "PLG-002", 2, ("report_forms()", "不带参数"), id="a hook takes what nobody gives",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "rule", "line", "words"), BROKEN)
def test_a_plugin_that_cannot_be_used_is_named_with_its_file_and_line(
    tmp_path: Path, run: Run, files: Mapping[str, Edit], rule: str, line: int | None, words: tuple[str, ...]
):
    ran = run("build", sample(tmp_path, files), "-o", tmp_path / "out", "--format", "json")
    assert [said.rule for said in ran.findings] == [rule]
    [said] = ran.findings
    wanted = "plugins/mine.py" if line is None else f"plugins/mine.py:{line}"
    assert said.place.endswith(wanted), said.place
    assert [word for word in ("插件 mine", "--block", *words) if word not in said.words] == [], said.words
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


def test_the_place_in_a_plugin_of_the_report_is_told_from_the_report_on(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path, with_plugin("1 / 0")), "--format", "json")
    assert [said.place for said in ran.findings] == ["plugins/mine.py:1"]


def test_a_plugin_that_is_not_there_is_named(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path, {"report.yaml": LOAD}), "--format", "json")
    assert [said.rule for said in ran.findings] == ["PLG-001"]
    assert "plugins/mine.py" in ran.findings[0].words
    assert ran.code == 3


def test_the_other_findings_are_shown_beside_a_broken_plugin(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path, {**with_plugin("1 / 0"), "problems.md": "无"}), "--format", "json")
    assert [said.rule for said in ran.findings] == ["PLG-001", "NAR-008", "STR-004"]


def test_a_draft_goes_on_without_the_broken_plugin_and_says_so(tmp_path: Path, run: Run):
    ran = run("build", sample(tmp_path, with_plugin("1 / 0")), "-o", tmp_path / "out", "--draft")
    assert ran.code == 3
    assert "PLG-001" in ran.out
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".docx", ".html"]


def test_what_a_plugin_prints_does_not_mix_with_the_findings(tmp_path: Path, run: Run):
    files = rule_plugin("print('规则在跑')\nreturn []")
    loud = "print('加载')\n" + str(files["plugins/mine.py"])
    ran = run("check", sample(tmp_path, {**files, "plugins/mine.py": loud}), "--format", "json")
    assert ran.json["findings"] == []
    assert ran.err.splitlines() == [
        "[mine] 加载",
        "[mine] 规则在跑",
        "提示：插件 mine 在加载时往标准输出打印“加载”",
    ]


def test_a_plugin_of_the_report_may_use_dataclasses(tmp_path: Path):
    code = """
    from __future__ import annotations
    from dataclasses import dataclass
    from baogao import *

    @dataclass
    class Fees:
        id: str = "fees"
        forms: tuple[str, ...] = ()

        def provide(self, source, schema):
            return Content()

    @hookimpl
    def section_providers():
        return [Fees()]
    """
    assert baogao.load(sample(tmp_path, with_plugin(code))).input_findings == ()
    assert baogao.check(baogao.load(tmp_path / "report")).findings == ()


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        pytest.param("return 1 / 0", 6, ("MINE-001", "ZeroDivisionError"), id="it raises"),
        pytest.param("sys.exit(0)", 6, ("MINE-001", "SystemExit"), id="it ends the program"),
        pytest.param("return None", 4, ("MINE-001", "返回了 None", "yield report.finding"), id="it returns nothing"),
        pytest.param(
            "return report.finding('', '一')", 4, ("返回了 Finding(", "不写 return"), id="it returns a finding"
        ),
        pytest.param(
            "yield report.finding('requests.new_recieved', '一')",
            4,
            ("“requests.new_recieved”这个位置；是否想写“requests.",),
            id="a row there is not",
        ),
        pytest.param(
            "yield report.finding('request', '一')",
            4,
            ("“request”这个位置；是否想写“requests”",),
            id="a section there is not",
        ),
        pytest.param("yield '错了'", 4, ("MINE-001", "不是 Finding", "错了"), id="it yields a text"),
        pytest.param(
            "yield report.cell('requests.x.y')", 6, ("MINE-001", "KeyError"), id="it names a cell there is not"
        ),
    ],
)
def test_a_rule_that_breaks_is_a_finding_about_the_rule(
    tmp_path: Path, run: Run, body: str, line: int | None, words: tuple[str, ...]
):
    ran = run("build", sample(tmp_path, rule_plugin(body)), "-o", tmp_path / "out", "--format", "json")
    [said] = ran.findings
    assert said.rule == "PLG-004"
    assert [word for word in ("插件 mine", *words) if word not in said.words] == [], said.words
    assert line is None or said.place.endswith(f"plugins/mine.py:{line}")
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


@pytest.mark.parametrize(
    "path",
    [
        *("", "requests", "requests.new_received", "requests.new_received.total", "requests.total", "overview#1"),
        *("previous.requests.new_received", "preface"),
    ],
)
def test_a_finding_may_be_at_every_place_there_is(tmp_path: Path, run: Run, path: str):
    ran = run("check", sample(tmp_path, rule_plugin(f"yield report.finding('{path}', '一')")), "--format", "json")
    assert [(said.rule, said.path) for said in ran.findings] == [("MINE-001", path)]


def test_a_check_without_its_two_parameters_says_which_they_are(tmp_path: Path, run: Run):
    files = rule_plugin("yield report.finding('', '一')")
    code = str(files["plugins/mine.py"]).replace("mine(report, options)", "mine(report)")
    [said] = run("check", sample(tmp_path, {**files, "plugins/mine.py": code}), "--format", "json").findings
    assert (said.rule, said.place) == ("PLG-004", "plugins/mine.py:4")
    assert "它的函数要收两个参数：report, options\n自己写的，改正所指的地方" in said.words


def test_a_severity_there_is_not_is_told_with_those_there_are(tmp_path: Path, run: Run):
    files = rule_plugin("yield report.finding('', '一')", ", severity='warn'")
    [said] = run("check", sample(tmp_path, files), "--format", "json").findings
    assert said.rule == "PLG-001"
    assert "没有“warn”这一级；是否想写“warning”？；severity 可以是：error、warning、info" in said.words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("__import__('os').chdir('/'); return []", "os.chdir", id="the folder"),
        pytest.param("__import__('os').umask(0o777); return []", "os.umask", id="the rights of files"),
    ],
)
def test_a_rule_that_changes_what_belongs_to_the_program_is_named(tmp_path: Path, run: Run, body: str, words: str):
    before = Path.cwd()
    ran = run("check", sample(tmp_path, rule_plugin(body)), "--format", "json")
    assert [(said.rule, words in said.words, "插件 mine" in said.words) for said in ran.findings] == [
        ("PLG-004", True, True)
    ]
    assert Path.cwd() == before
    (tmp_path / "new").touch()
    assert (tmp_path / "new").stat().st_mode & 0o600 == 0o600


@pytest.mark.parametrize("body", ["while True: yield Finding('又一条')", "yield from [Finding('又一条')] * 200_000"])
def test_a_rule_without_end_is_ended(tmp_path: Path, run: Run, body: str):
    ran = run("check", sample(tmp_path, rule_plugin(body)), "--format", "json")
    assert [said.words.partition("\n")[0] for said in ran.findings if said.rule == "PLG-004"] == [
        "规则 MINE-001（插件 mine）自己出错：10000 样以上，没有尽头"
    ]
    assert ran.code == 3


def test_signs_that_a_terminal_obeys_are_shown_and_forge_no_line(tmp_path: Path, run: Run):
    body = "yield Finding('一\\x1b[2J\\x07\\n错误 T3-001 假的', quote='\\x1b')\nyield Finding('长' * 3_000_000)"
    ran = run("check", sample(tmp_path, rule_plugin(body)), "--format", "concise")
    assert "一␛[2J␇␊错误 T3-001 假的" in ran.out
    assert "\x1b" not in ran.out + ran.err
    assert len(ran.out) < 100_000


def test_what_programs_started_by_a_rule_write_does_not_mix_with_the_findings(tmp_path: Path):
    body = "import os, subprocess\nos.write(1, b'RAW')\nsubprocess.run([sys.executable, '-c', 'print(1)'])\nreturn []"
    command = [sys.executable, "-m", "baogao", "check", str(sample(tmp_path, rule_plugin(body))), "--format", "json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["findings"] == []
    assert "RAW" in ran.stderr


def test_a_link_to_itself_is_a_file_that_cannot_be_read(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"requests.yaml": None})
    (report / "requests.yaml").symlink_to("requests.yaml")
    ran = run("check", report, "--format", "json")
    assert {(said.rule, said.place) for said in ran.findings if said.rule in ("SRC-002", "PLG-003")} == {
        ("SRC-002", "requests.yaml")
    }
    assert str(tmp_path) not in ran.out


def test_a_pipe_for_a_plugin_keeps_nobody_waiting(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"report.yaml": LOAD})
    (report / "plugins").mkdir()
    os.mkfifo(report / "plugins" / "mine.py")
    ran = run("check", report, "--format", "json")
    assert [(said.rule, "不是普通文件" in said.words) for said in ran.findings] == [("PLG-001", True)]


def test_a_pipe_for_what_a_plugin_reads_keeps_nobody_waiting(tmp_path: Path, run: Run):
    reader = "class R:\n    suffixes = ('.csv',)\n    def read(self, file, content): return {}\n"
    code = f"from baogao import *\n{reader}@hookimpl\ndef source_readers(): return [R()]\n"
    report = sample(tmp_path, {**with_plugin(code), "requests.yaml": None})
    os.mkfifo(report / "requests.csv")
    ran = run("check", report, "--format", "json")
    assert [(said.rule, said.place) for said in ran.findings if said.rule == "SRC-002"] == [("SRC-002", "requests.csv")]


def test_two_files_that_one_system_takes_for_one_are_refused(tmp_path: Path, run: Run):
    files = renderer_plugin("return Artifact(job.name, 'DOCX', 'text/plain', b'x')")
    ran = run("build", sample(tmp_path, files), "-o", tmp_path / "out", "--format", "json")
    assert "SRC-008" in [said.rule for said in ran.findings]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("body", "state"),
    [
        pytest.param(
            "class T(str): pass\nyield Finding(T('m'))", "found", id="it gives a text that no other process knows"
        ),
        pytest.param("__import__('os').chdir('/')\nreturn []", "failed", id="it goes elsewhere"),
        pytest.param("__import__('os').umask(0o777)\nreturn []", "failed", id="it forbids new files"),
    ],
)
def test_a_rule_of_one_report_of_a_batch_harms_no_other(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, body: str, state: str
):
    (tmp_path / "all").mkdir()
    sample(tmp_path, rule_plugin(body)).rename(tmp_path / "all" / "bad")
    sample(tmp_path).rename(tmp_path / "all" / "good")
    monkeypatch.chdir(tmp_path)
    run("batch", "check", "all", "-o", "result", "--jobs", 1, "--trust-plugins", "--format", "json")
    units = json.loads((tmp_path / "result" / "summary.json").read_text(encoding="utf-8"))["units"]

    assert [(unit["name"], unit["state"]) for unit in units] == [("bad", state), ("good", "passed")]


def test_what_a_rule_found_before_it_broke_still_counts(tmp_path: Path, run: Run):
    files = rule_plugin("yield report.finding('requests', '一件事')\nraise ValueError")
    ran = run("check", sample(tmp_path, files), "--format", "json")
    assert sorted(said.rule for said in ran.findings) == ["MINE-001", "PLG-004"]


@pytest.mark.parametrize(
    ("body", "more"),
    [
        pytest.param("yield report.finding('', '事', severity='warning')", "", id="of a finding"),
        pytest.param("yield report.finding('', '事')", ", severity='warning'", id="of a rule"),
    ],
)
def test_a_severity_given_as_a_word_counts_as_that_severity(tmp_path: Path, run: Run, body: str, more: str):
    ran = run("check", sample(tmp_path, rule_plugin(body, more)), "--format", "json")
    assert [(said["rule"], said["severity"]) for said in ran.json["findings"]] == [("MINE-001", "warning")]
    assert ran.code == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("yield Finding(message='事', path=None)", id="no path"),
        pytest.param("yield Finding(message='事', severity='fatal')", id="an unknown severity"),
        pytest.param("yield Finding(message='事', location='overview.md')", id="a text for a place"),
        pytest.param("yield Finding(message=5)", id="a number for a message"),
        pytest.param("yield Finding(message='事', path='requests.' + '\\ud800')", id="a lone surrogate"),
        pytest.param("yield Finding(message='事', expected=2, actual=3)", id="numbers for what was expected"),
        pytest.param("yield Finding(message='事', location=Location('x', '3'))", id="a word for a line"),
        pytest.param(
            "yield Finding(message='事', location=Location(__import__('pathlib').Path('x'), 3))", id="a path for a file"
        ),
        pytest.param("yield Finding(message='事', location=Location(None))", id="nothing for a file"),
        pytest.param("yield Finding(message='事', cells=(object(),))", id="an object for a cell"),
        pytest.param("yield Finding(message='事', cells=(1,))", id="a number for a cell"),
        pytest.param("yield Finding(message='事', cells=([],))", id="a list for a cell"),
        pytest.param("yield Finding(message='\\ud800')", id="half a sign in a message"),
        pytest.param("yield Finding(message='事', waived=True)", id="it waives itself"),
        pytest.param(
            "yield Finding(type('T', (str,), {'__str__': lambda s: 1 / 0, '__hash__': None})('m'))",
            id="a text of its own making",
        ),
    ],
)
@pytest.mark.parametrize("format_", ["table", "json", "sarif"])
def test_a_finding_that_is_not_well_made_does_not_end_the_program(tmp_path: Path, run: Run, body: str, format_: str):
    ran = run("check", sample(tmp_path, rule_plugin(body)), "--format", format_)
    assert ran.code in (1, 3)
    assert "MINE-001" in ran.out
    assert "已说明情况" not in ran.out


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        pytest.param("return 1 / 0", 9, ("ZeroDivisionError",), id="it raises"),
        pytest.param("sys.exit(0)", 9, ("SystemExit",), id="it ends the program"),
        pytest.param("return None", None, ("Content", "None"), id="it returns nothing"),
        pytest.param("return {'a': 1}", None, ("Content",), id="it returns a mapping"),
        pytest.param("return Content(data=5)", None, ("Content",), id="its data is a number"),
        pytest.param("return Content(text=['一'])", None, ("Content",), id="its text is a list"),
        pytest.param("return Content(data={'r1': {'value': 10**5000}})", None, ("太大",), id="a number without end"),
        pytest.param("return Content(data={'r1': {'value': object()}})", None, ("object",), id="an object for a value"),
        pytest.param(
            "d = {}; d['d'] = d; return Content(data=d)", None, ("RecursionError",), id="data within themselves"
        ),
        pytest.param(
            "return Content(data=type('D', (dict,), {'__iter__': lambda s: 1 / 0})(a=1))",
            None,
            ("ZeroDivisionError",),
            id="a mapping of its own making",
        ),
        pytest.param(
            "__import__('os').chdir('/'); return Content(text='文字')", None, ("os.chdir",), id="it goes elsewhere"
        ),
    ],
)
def test_a_section_that_breaks_is_named_and_the_others_go_on(
    tmp_path: Path, run: Run, body: str, line: int | None, words: tuple[str, ...]
):
    ran = run("build", sample(tmp_path, section_plugin(body)), "-o", tmp_path / "out", "--format", "json")
    [said] = ran.findings
    assert (said.rule, said.path) == ("PLG-003", "fees")
    assert [word for word in ("插件 mine", *words) if word not in said.words] == [], said.words
    assert line is None or said.place.endswith(f"plugins/mine.py:{line}")
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


@pytest.mark.parametrize(
    ("render", "read_back", "words"),
    [
        pytest.param("return 1 / 0", EVERYTHING, ("ZeroDivisionError",), id="it raises"),
        pytest.param("sys.exit(0)", EVERYTHING, ("SystemExit",), id="it ends the program"),
        pytest.param("return b'x'", EVERYTHING, ("Artifact", "b'x'"), id="it returns bytes"),
        pytest.param("return Artifact(job.name, 'x', 'text/plain', '文字')", EVERYTHING, ("bytes",), id="its content is a text"),
        pytest.param("return Artifact(job.name, 'x', 'text/plain', b'x')", "1 / 0", ("ZeroDivisionError",), id="reading back raises"),
        pytest.param("return Artifact(job.name, 'x', 'text/plain', b'x')", "pass", ("read_back",), id="reading back returns nothing"),
        pytest.param("return Artifact('../' + job.name, 'x', 'text/plain', b'x')", EVERYTHING, ("../",), id="its name leaves the folder"),
        pytest.param("return Artifact('/' + job.name, 'x', 'text/plain', b'x')", EVERYTHING, ("/",), id="its name is a path of the machine"),
        pytest.param("return Artifact(job.name, '/../../x', 'text/plain', b'x')", EVERYTHING, ("/../../x",), id="its suffix leaves the folder"),
        pytest.param("return Artifact('a*?<>|', 'txt', 'text/plain', b'x')", EVERYTHING, ("a*?<>|",), id="its name is none on Windows"),
        pytest.param("return Artifact('a', 'txt.', 'text/plain', b'x')", EVERYTHING, ("a.txt.",), id="its name ends with a full stop"),
        pytest.param("return Artifact(job.name, 'x', 'text/plain', b'x')", "return {5: '五'}", ("read_back",), id="reading back gives numbers"),
        pytest.param("raise TemplateError([Finding('只是看看', severity='info')])", EVERYTHING, ("TemplateError", "只是看看"), id="it gives up with a hint"),
        pytest.param("raise TemplateError([])", EVERYTHING, ("TemplateError",), id="it gives up and says nothing"),
        pytest.param("raise TemplateError([Finding('某', location=Location(5))])", EVERYTHING, ("TemplateError",), id="it gives up at no place"),
        pytest.param("__import__('os').chdir('/'); return Artifact(job.name, 'x', 'text/plain', b'x')", EVERYTHING, ("os.chdir",), id="it goes elsewhere"),
    ],
)  # fmt: skip
def test_a_renderer_that_breaks_is_named_and_nothing_is_written(
    tmp_path: Path, run: Run, render: str, read_back: str, words: tuple[str, ...]
):
    report = sample(tmp_path, renderer_plugin(render, read_back))
    before = tree(tmp_path)
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    broken = [said for said in ran.findings if said.rule == "PLG-003"]
    assert len(broken) == 1, ran.findings[:3]
    assert [word for word in ("插件 mine", "mine", *words) if word not in broken[0].words] == [], broken[0].words
    assert ran.code == 3
    assert tree(tmp_path) == before


@pytest.mark.parametrize("more", ["profiles = None", "needs = None", "profiles = 5"])
def test_a_renderer_that_does_not_say_what_it_makes_is_named(tmp_path: Path, run: Run, more: str):
    ran = run(
        "build", sample(tmp_path, renderer_plugin("return None", more=more)), "-o", tmp_path / "out", "--format", "json"
    )
    assert {said.rule for said in ran.findings} <= {"PLG-002", "PLG-003", "PLG-007"}
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


def test_renderers_run_after_those_they_need(tmp_path: Path):
    code = """
    from baogao import *

    class Chain:
        profiles = ("public",)

        def __init__(self, name, *needs):
            self.name, self.needs = name, needs

        def render(self, job):
            made = sorted(key.partition("/")[0] for key in job.made)
            assert set(self.needs) <= set(made), (self.name, made)
            return Artifact(job.name, self.name, "text/plain", ",".join(made).encode())

        def read_back(self, artifact, job):
            blocks = {f"{s.id}#{n}": b.text for s in job.report for n, b in enumerate(s.blocks, 1)}
            return {path: cell.text() for path, cell in job.report.cells().items()} | blocks

    @hookimpl
    def renderers():
        return [Chain("last", "middle"), Chain("middle", "first", "html"), Chain("first")]
    """
    report = sample(tmp_path, with_plugin(code))
    change(report, "report.yaml", "[docx, html]", "[last, middle, first, html]")
    outcome = baogao.build(report, out=tmp_path / "out")
    assert [finding.rule for finding in outcome.findings] == ["PUB-003"]  # a page without a document to link
    assert {artifact.suffix for artifact in outcome.artifacts} == {"last", "middle", "first", "html"}

    change(report, "report.yaml", "[last, middle, first, html]", "[last]")
    outcome = baogao.build(report, out=tmp_path / "alone")
    assert [path.suffix for path in outcome.written] == [".last"]  # what it needs is made, and not written


PROFILES = """
from baogao import *

class Copy:
    name, needs, profiles = "copy", (), ("plain",)

    def render(self, job):
        return Artifact(job.name, "copy", "text/plain", repr(sorted(job.output.options.items())).encode())

    def read_back(self, artifact, job):
        blocks = {f"{s.id}#{n}": b.text for s in job.report for n, b in enumerate(s.blocks, 1)}
        return {path: cell.text() for path, cell in job.report.cells().items()} | blocks | READ

    def annotate(self, artifact, job):
        content = artifact.content + "".join(finding.rule for finding in job.annotations).encode()
        return Artifact(artifact.name, artifact.suffix, artifact.media_type, content)

READ = {}

@hookimpl
def renderers():
    return [Copy()]

@hookimpl
def output_profiles():
    return [Profile("marked", "copy", title="标记件", options={"number": {"type": "string", "regex": "[0-9]+"}})]
"""


FIRST_TOTAL = "legal_service: 0, other: 0, total: 2}\ncarried_over"


def copying(folder: Path, output: str, code: str = PROFILES) -> Path:
    report = sample(folder, with_plugin(code))
    change(report, "report.yaml", "[docx, html]", f"[{output}]")
    return report


def test_a_plugin_adds_a_profile_with_options_of_its_own(tmp_path: Path):
    report = copying(tmp_path, "{renderer: copy, profile: marked, number: '12'}")
    outcome = baogao.build(report, out=tmp_path / "out")

    assert [path.name for path in outcome.written] == ["洛龙区统计局2020年政府信息公开工作年度报告（标记件）.copy"]
    assert outcome.written[0].read_text() == "[('number', '12')]"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("{renderer: copy, profile: markd}", "是否想写“marked”"),
        ("{renderer: copy, profile: marked, nmber: '12'}", "是否想写“number”"),
        ("{renderer: copy, profile: marked, number: 甲}", "number"),
    ],
)
def test_a_wrong_option_of_a_profile_is_named_before_anything_is_made(tmp_path: Path, output: str, words: str):
    findings = baogao.check(baogao.load(copying(tmp_path, output))).findings

    assert [(finding.rule, words in finding.message) for finding in findings] == [("SRC-008", True)]


def test_options_of_a_profile_that_are_no_cerberus_rules_are_named(tmp_path: Path, run: Run):
    code = PROFILES.replace('"regex": "[0-9]+"', '"type": "nosuch"')
    report = copying(tmp_path, "{renderer: copy, profile: marked, number: '12'}", code)
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")

    assert [(said.rule, "copy/marked" in said.words) for said in ran.findings] == [("PLG-002", True)]
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


def test_an_annotated_copy_is_written_beside_the_report_even_where_errors_forbid_it(tmp_path: Path):
    report = copying(tmp_path, "copy")
    clean = baogao.build(report, out=tmp_path / "clean", annotate=True)
    change(report, "requests.yaml", FIRST_TOTAL, FIRST_TOTAL.replace("total: 2", "total: 3"))
    wrong = baogao.build(report, out=tmp_path / "wrong", annotate=True)

    name = "洛龙区统计局2020年政府信息公开工作年度报告"
    assert [path.name for path in clean.written] == [f"{name}.copy", f"{name}-批注.copy"]
    assert [path.name for path in wrong.written] == [f"{name}-草稿-批注.copy"]
    assert "T3-003" in wrong.written[0].read_text()


def test_titles_that_a_renderer_reads_back_are_compared(tmp_path: Path):
    code = PROFILES.replace("READ = {}", 'READ = {"": "别的题目", "overview": ""}')
    outcome = baogao.build(copying(tmp_path, "copy", code), out=tmp_path / "out")

    assert [(finding.rule, finding.path) for finding in outcome.findings] == [("OUT-004", ""), ("OUT-004", "overview")]
    assert not outcome.written


OWN_REQUESTS = """
from baogao import *

@hookimpl
def section_providers():
    return [section("requests")]
"""


def test_two_plugins_with_one_section_are_named_with_the_line_that_settles_it(tmp_path: Path, run: Run):
    report = sample(tmp_path, with_plugin(OWN_REQUESTS))
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    [said] = ran.findings
    assert (said.rule, said.path) == ("PLG-005", "requests")
    assert "disclosure.requests (baogao" in said.words
    assert "mine" in said.words
    assert "plugins: {block: [mine]}" in said.words
    assert "plugins: {block: [disclosure.requests]}" in said.words
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


@pytest.mark.parametrize("blocked", ["mine", "disclosure.requests"])
def test_the_line_that_settles_a_conflict_does(tmp_path: Path, run: Run, blocked: str):
    report = sample(tmp_path, with_plugin(OWN_REQUESTS))
    change(report, "report.yaml", "{load: [plugins/mine.py]}", f"{{load: [plugins/mine.py], block: [{blocked}]}}")
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    assert (ran.code, ran.findings) == (0, [])


def test_two_plugins_with_one_output_are_named(tmp_path: Path, run: Run):
    files = {**renderer_plugin("return None", name="html"), "report.yaml": LOAD}
    ran = run("build", sample(tmp_path, files), "-o", tmp_path / "out", "--format", "json")
    assert [said.rule for said in ran.findings] == ["PLG-005"]
    assert "plugins: {block: [html]}" in ran.findings[0].words
    assert (ran.code, (tmp_path / "out").exists()) == (3, False)


def test_two_rules_with_one_id_are_named_with_both_places(tmp_path: Path, run: Run):
    files = rule_plugin("return []")
    code = str(files["plugins/mine.py"]).replace("MINE-001", "T3-001")
    ran = run("check", sample(tmp_path, {**files, "plugins/mine.py": code}), "--format", "json")
    assert [said.rule for said in ran.findings] == ["PLG-005"]
    assert "T3-001" in ran.findings[0].words
    assert "requests.yaml" in ran.findings[0].words
    assert "mine.py:4" in ran.findings[0].words
    assert ran.code == 3


@pytest.mark.parametrize(
    ("blocked", "rule", "words"),
    [
        pytest.param("disclosure.requests", "PLG-006", "章节“requests”没有插件提供", id="a section"),
        pytest.param("docx", "PLG-007", "没有名为“docx”的输出", id="an output"),
    ],
)
@pytest.mark.parametrize("how", ["option", "environment", "report.yaml"])
def test_a_blocked_plugin_the_report_needs_is_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, blocked: str, rule: str, words: str, how: str
):
    report = sample(tmp_path)
    options = ["--block", blocked] if how == "option" else []
    if how == "environment":
        monkeypatch.setenv("BAOGAO_BLOCK", f"none, {blocked}")
    if how == "report.yaml":
        change(
            report, "report.yaml", "outputs: [docx, html]", f"plugins: {{block: [{blocked}]}}\noutputs: [docx, html]"
        )
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json", *options)
    found = [said for said in ran.findings if said.rule == rule]
    assert len(found) == 1
    assert words in found[0].words
    assert blocked in found[0].words
    assert ran.code in (1, 3)
    assert not (tmp_path / "out").exists()


def test_a_blocked_form_the_report_needs_is_named(tmp_path: Path, run: Run):
    ran = run("build", sample(tmp_path), "-o", tmp_path / "out", "--block", "disclosure")
    assert ran.code != 0
    assert "disclosure" in ran.out + ran.err
    assert not (tmp_path / "out").exists()


def test_python_callers_see_what_the_environment_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BAOGAO_BLOCK", "disclosure.requests")
    found = baogao.build(sample(tmp_path), out=tmp_path / "out").findings
    assert "PLG-006" in [finding.rule for finding in found]


def test_a_draft_leaves_out_a_section_nobody_supplies_and_says_so(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"report.yaml": ("outputs:", "sections: {fees: {after: others}}\noutputs:")})
    ran = run("build", report, "-o", tmp_path / "out", "--draft", "--format", "json")
    assert [(said.rule, said.path) for said in ran.findings] == [("PLG-006", "fees")]
    assert "安装" in ran.findings[0].words
    assert ran.code == 1
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_failure_of_the_program_itself_exits_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from baogao import pipeline
    from baogao.cli.main import main

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(pipeline, "check", broken)
    with pytest.raises(SystemExit) as left:
        main(["check", str(sample(tmp_path))])
    assert left.value.code == 3
    assert "ours" in capsys.readouterr().err


def test_rules_on_outputs_that_nobody_asked_for_are_not_said_to_be_skipped(tmp_path: Path, run: Run):
    said = run("check", sample(tmp_path, {"report.yaml": ("[docx, html]", "[html]")})).out

    assert "PUB-001" in said
    assert "FMT-001" not in said
