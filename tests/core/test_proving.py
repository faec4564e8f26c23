"""Rules are proven by their examples: every rule has some, and an example that says nothing proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.model.rules import Rule
from baogao.proving import prove_rules
from baogao.samples import faults_of
from baogao.stages.load import read_project
from baogao.stages.survey import survey_rules
from reports import Run, sample

NEW = "requests.new_received.other"
LOADED = "plugins: {load: [plugins/own.py]}\noutputs:"
WITHOUT = Selection(block=frozenset({"text", "docx", "html", "pdf"}))
NEED_FILES = ("SRC", "PLG", "TPL", "OUT", "WVR", "FMT", "PDF")
"""What these rules speak of are files, plugins and waivers, or what LibreOffice made: no example shows it."""
NO_SUCH_CELL = ("TAB-009",)
"""Every computed cell of the forms names its own rule."""


def proven(folder: Path, example: str) -> list[str]:
    """Return what is wrong with an example of a rule in a report folder, "" where nothing is, in edition 2021."""
    rule = f"rules:\n- id: OWN-001\n  title: 一\n  editions: ['2021']\n  assert: {NEW} <= 1\n  examples: [{example}]\n"
    report = sample(folder, {"schemas/own.rules.yaml": rule})
    proofs = prove_rules(open_registry(WITHOUT), WITHOUT, report, frozenset({"OWN-001"}))
    return [proof.wrong or "" for proof in proofs]


@pytest.mark.parametrize(
    "example",
    [
        f"{{set: {{{NEW}: 1, requests.disclosed.other: 1}}, passes: true}}",
        f"{{set: {{{NEW}: 2}}, paths: [{NEW}]}}",
        "{text: {overview: 公开。}, unit: {kind: government}, date: 2022-01-20, previous: {}, passes: true}",
    ],
)
def test_an_example_that_holds_proves_its_rule(tmp_path: Path, example: str):
    assert proven(tmp_path, example) == [""]


BREAKS = """
from baogao import Finding, hookimpl, rule


@rule("OWN-002", title="一", basis="二", examples=({"passes": True}, {"paths": ["requests"]}))
def breaks(report, options):
    BODY


@hookimpl
def validation_rules():
    return [breaks]
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("yield report.finding('requests', report.cell('requests.new_recieved.other').text())", "是否想写"),
        ("raise SystemExit(0)", "SystemExit"),
        ("yield 'requests'", "给出的不是 Finding"),
    ],
)  # fmt: skip
def test_a_rule_that_breaks_passes_no_example(tmp_path: Path, body: str, words: str):
    files = {"plugins/own.py": BREAKS.replace("BODY", body), "report.yaml": ("outputs:", LOADED)}
    report = sample(tmp_path, files)
    selection = read_project(report).selection.and_also(WITHOUT)
    proofs = list(prove_rules(open_registry(selection), selection, report, frozenset({"OWN-002"})))

    assert len(proofs) == 4
    assert [proof.wrong for proof in proofs if words not in (proof.wrong or "") or "own.py" not in proof.wrong] == []


WRONG = [
    pytest.param("{passes: false}", "passes", id="passes false"),
    pytest.param("{passes: yes}", "passes", id="passes yes"),
    pytest.param("{}", "passes", id="no verdict"),
    pytest.param("{passes: true, paths: []}", "passes", id="both verdicts"),
    pytest.param("{typo: 1, passes: true}", "typo", id="an unknown key"),
    pytest.param("{set: {a: 1}, passes: true}", "“a”", id="a name that is no cell"),
    pytest.param("{set: [a], passes: true}", "set", id="cells that are a list"),
    pytest.param("{set: {requests.new_received: 5}, passes: true}", "requests.new_received", id="a row"),
    pytest.param("{set: {requests.new_recieved.other: 5}, passes: true}", "是否想写", id="a misspelt row"),
    pytest.param("{set: {overview.a.b: 5}, passes: true}", "overview.a.b", id="a cell where there is no table"),
    pytest.param("{set: {requests.new_received.other.x: 5}, passes: true}", "other.x", id="too long a path"),
    pytest.param("{text: x, passes: true}", "text", id="a text for no section"),
    pytest.param("{text: {nope: x}, passes: true}", "nope", id="a section that there is not"),
    pytest.param("{text: {overview: [x]}, passes: true}", "overview", id="a text that is a list"),
    pytest.param("{title: {nope: x}, passes: true}", "nope", id="the title of no section"),
    pytest.param("{paths: overview}", "paths", id="paths that are a word"),
    pytest.param("{paths: null}", "paths", id="paths that are blank"),
    pytest.param("{unit: x, passes: true}", "unit", id="a unit that is a word"),
    pytest.param("{unit: {kind: nope}, passes: true}", "nope", id="a unit of no kind"),
    pytest.param("{year: abc, passes: true}", "year", id="a year that is a word"),
    pytest.param("{report: x, passes: true}", "report", id="a report that is a word"),
    pytest.param("{report: {form: nope}, passes: true}", "nope", id="another form"),
    pytest.param("{options: {x: 1}, passes: true}", "x", id="an option that there is not"),
    pytest.param("{previous: 3, passes: true}", "previous", id="a year before that is a number"),
    pytest.param("{previous: {typo: 1}, passes: true}", "typo", id="an unknown key in the year before"),
    pytest.param("{previous: {passes: true}, passes: true}", "passes", id="a verdict in the year before"),
    pytest.param("{previous: {set: {requests.nope.other: 1}}, passes: true}", "nope", id="no cell in the year before"),
]


@pytest.mark.parametrize(("example", "words"), WRONG)
def test_an_example_that_is_wrong_itself_proves_nothing_and_ends_nothing(tmp_path: Path, example: str, words: str):
    [wrong] = proven(tmp_path, example)

    assert words in wrong
    assert "实际在" not in wrong


def test_an_example_of_a_plugin_that_is_no_mapping_is_named():
    for example in (5, None, "x"):
        assert faults_of(example)


def all_rules() -> list[Rule]:
    rules, _ = survey_rules(open_registry(Selection()))
    return [listed.rule for listed in rules]


def test_every_rule_has_an_example_that_passes_and_one_that_does_not():
    rules = [rule for rule in all_rules() if rule.id.partition("-")[0] not in NEED_FILES]
    lacking = [rule.id for rule in rules if {"passes" in example for example in rule.examples} != {True, False}]

    assert lacking == list(NO_SUCH_CELL)


def test_a_rule_that_is_written_wrongly_fails_the_test_of_all_rules(tmp_path: Path, run: Run):
    rules = f"rules:\n- id: OWN-001\n  title: 一\n  assert: {NEW} <= nope\n"
    report = sample(tmp_path, {"schemas/own.rules.yaml": f"{rules}- id: OWN-002\n  title: 二\n  assert: {NEW} <\n"})
    ran = run("rules", "test", "--report", report, "--block", "text", "--block", "docx", "--block", "html")

    assert (ran.code, "own.rules.yaml:7:11: 错误 PLG-008" in ran.out) == (1, True), ran.out
