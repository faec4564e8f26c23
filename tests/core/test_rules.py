"""Rules: the official equations judged against arithmetic of our own, and what the engine does with rules."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import baogao
from baogao import pipeline
from baogao.definitions.checking import load_shape
from baogao.files.yaml import Document, read_yaml
from baogao.model.findings import State
from baogao.model.report import Report, Section
from baogao.rules.declarative import read_rules
from baogao.rules.equations import Assertion, ComputedCheck, Place
from baogao.rules.ruleset import RuleSet
from baogao.rules.running import run_rules
from baogao.stages.compute import compute
from baogao.stages.shape import shape_table
from reports import EXAMPLE, MARK, Edit, Run, marked_place, sample

# The official tables, written down again by hand: the oracle must not read the definitions it judges.
KINDS = ("natural_person", "business", "research_institution", "public_interest", "legal_service", "other")
COMMON_RESULTS = (
    "disclosed", "partly_disclosed", "refused_state_secret", "refused_other_law",
    "refused_three_securities_one_stability", "refused_third_party", "refused_internal_affairs",
    "refused_process_information", "refused_enforcement_file", "refused_administrative_enquiry",
    "unavailable_not_held", "unavailable_must_be_made", "unavailable_unclear_after_correction",
    "not_handled_petition", "not_handled_repeat", "not_handled_publication", "not_handled_mass_repeat",
    "not_handled_confirm_or_reissue",
)  # fmt: skip
RESULTS = {
    "2019": (*COMMON_RESULTS, "other_handling"),
    "2021": (*COMMON_RESULTS, "other_overdue_correction", "other_overdue_fee", "other_else"),
}
REPORTS = {"2019": EXAMPLE, "2021": EXAMPLE.with_name("example-2024")}
OUTCOMES = ("upheld", "corrected", "other_result", "pending")
CASES = ("review", "litigation_direct", "litigation_after_review")

Grid = dict[str, dict[str, int | None]]
Verdicts = dict[tuple[str, str], tuple[str, str | None, str | None]]
"""By rule and path: the state, what was expected, what is there."""


def added(parts: list[int | None]) -> int | None:
    """Return the sum, or None where a part is blank."""
    return None if None in parts else sum(part for part in parts if part is not None)


def judge(verdicts: Verdicts, rule: str, path: str, expected: int | None, actual: int | None) -> None:
    if expected is None or actual is None:
        verdicts[rule, path] = ("unassessable", None, None)
    elif expected != actual:
        verdicts[rule, path] = ("fail", str(expected), str(actual))


def rows_of(edition: str) -> tuple[str, ...]:
    return ("new_received", "carried_over", *RESULTS[edition], "total_handled", "carried_forward")


def completed(edition: str, grid: Grid) -> Grid:
    """Fill in the totals of table three that were left out, each row's own first."""
    full = {row: dict(grid[row]) for row in rows_of(edition)}
    for kind in KINDS:
        if full["total_handled"][kind] is None:
            full["total_handled"][kind] = added([full[row][kind] for row in RESULTS[edition]])
    for cells in full.values():
        if cells["total"] is None:
            cells["total"] = added([cells[kind] for kind in KINDS])
    if full["total_handled"]["total"] is None:
        full["total_handled"]["total"] = added([full[row]["total"] for row in RESULTS[edition]])
    return full


def verdicts_on_table_three(edition: str, grid: Grid) -> Verdicts:
    """Judge the equations of table three by arithmetic of our own."""
    full = completed(edition, grid)
    verdicts: Verdicts = {}
    for row in full:
        judge(
            verdicts, "T3-003", f"requests.{row}.total", added([full[row][kind] for kind in KINDS]), full[row]["total"]
        )
    for column in (*KINDS, "total"):
        path = f"requests.total_handled.{column}"
        received = added([full["new_received"][column], full["carried_over"][column]])
        handled = added([full["total_handled"][column], full["carried_forward"][column]])
        judge(verdicts, "T3-001", path, received, handled)
        results = added([full[row][column] for row in RESULTS[edition]])
        judge(verdicts, "T3-002", path, results, full["total_handled"][column])
    return verdicts


def verdicts_on_table_four(grid: Grid) -> Verdicts:
    verdicts: Verdicts = {}
    for row in CASES:
        parts = added([grid[row][column] for column in OUTCOMES])
        total = parts if grid[row]["total"] is None else grid[row]["total"]
        judge(verdicts, "T4-001", f"disputes.{row}.total", parts, total)
    return verdicts


def consistent_table_three(edition: str, chance: random.Random) -> Grid:
    """Return a table in which every equation holds."""
    grid: Grid = {row: {kind: chance.choice((0, 0, 1, 7, 120)) for kind in KINDS} for row in RESULTS[edition]}
    grid["carried_over"] = {kind: chance.randint(0, 3) for kind in KINDS}
    grid["total_handled"] = {kind: sum(grid[row][kind] or 0 for row in RESULTS[edition]) for kind in KINDS}
    grid["carried_forward"] = {kind: grid["carried_over"][kind] for kind in KINDS}
    grid["new_received"] = dict(grid["total_handled"])
    return {row: {**grid[row], "total": sum(grid[row][kind] or 0 for kind in KINDS)} for row in rows_of(edition)}


def consistent_table_four(chance: random.Random) -> Grid:
    grid: Grid = {row: {column: chance.choice((0, 0, 1, 9)) for column in OUTCOMES} for row in CASES}
    return {row: {**grid[row], "total": sum(value or 0 for value in grid[row].values())} for row in CASES}


def spoilt(grid: Grid, chance: random.Random) -> Grid:
    """Change or blank a few cells; totals more often than others, since they alone can be left out."""
    totals = [(row, column) for row in grid for column in grid[row] if "total" in (row[:5], column)]
    cells = [(row, column) for row in grid for column in grid[row]]
    for _ in range(chance.choice((0, 1, 1, 2, 4, 12))):
        row, column = chance.choice(chance.choice((totals, cells)))
        grid[row][column] = chance.choice((None, 0, (grid[row][column] or 0) + chance.randint(1, 5)))
    return grid


def written(grid: Grid, chance: random.Random) -> dict[str, dict[str, int]]:
    """Write a blank as nothing at all, or as null."""
    return {
        row: {column: value for column, value in cells.items() if value is not None or chance.random() < 0.5}
        for row, cells in grid.items()
    }  # pyright: ignore[reportReturnType]


@cache
def opened(edition: str) -> pipeline.Opened:
    return pipeline.open_report(REPORTS[edition])


@cache
def equations(edition: str) -> RuleSet:
    rules = opened(edition).rules.rules
    return RuleSet({name: rules[name] for name in ("T3-001", "T3-002", "T3-003", "T4-001")})


def with_table(report: Report, section_id: str, data: Mapping[str, Any]) -> Report:
    """Return the report with other figures, shaped and computed as the engine does."""

    def changed(section: Section) -> Section:
        if section.id != section_id:
            return section
        shaped = shape_table(section.tables[0].spec, data, Document(f"{section_id}.yaml", data))
        return replace(section, body=(compute(shaped.table).table,))

    return replace(report, sections=tuple(map(changed, report.sections)))


def reported(report: Report) -> Verdicts:
    found = run_rules(equations(report.edition), report).findings
    verdicts = {(f.rule, f.path): (f.state.value, f.expected, f.actual) for f in found}
    assert len(verdicts) == len(found)
    return verdicts


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("edition", list(REPORTS))
def test_the_equations_reported_are_exactly_those_that_do_not_hold(edition: str, seed: int):
    chance = random.Random(seed)
    seen: set[tuple[str, str]] = set()
    for _ in range(500):
        three = spoilt(consistent_table_three(edition, chance), chance)
        four = spoilt(consistent_table_four(chance), chance)
        report = with_table(opened(edition).report, "requests", written(three, chance))
        report = with_table(report, "disputes", written(four, chance))
        wanted = verdicts_on_table_three(edition, three) | verdicts_on_table_four(four)
        assert reported(report) == wanted, (three, four)
        seen |= {(rule, state) for (rule, _), (state, _, _) in wanted.items()}
    assert len(seen) == 8  # each rule was broken, and could not be assessed, at least once


OWN = """
rules:
- {{id: OWN-001, title: 一, section: proactive, assert: permits.decisions >= penalties.decisions, tolerance: 2}}
- {{id: OWN-002, title: 二, assert: "{0} == {1}", when: "{1} > 1", at: requests.total_handled.total}}
- {{id: OWN-003, title: 三, assert: "{0} / {1} <= 3 or not {0} > 1", message: 太多}}
- {{id: OWN-004, title: 四, assert: "max({0}, {1}) - 1 == abs({1})", tolerance: 0.5}}
- {{id: OWN-005, title: 五, assert: "{0} == disputes.review.nothing"}}
- {{id: OWN-006, title: 六, assert: "{0} == {0}", when: "{1} / ({0} - {0}) > 1"}}
"""
CELLS = ("requests.new_received.business", "requests.disclosed.total")


@pytest.mark.parametrize("edition", list(REPORTS))
def test_equations_looked_at_closely_are_judged_alike(edition: str, tmp_path: Path):
    chance = random.Random(edition)
    (tmp_path / "own.rules.yaml").write_text(OWN.format(*CELLS), "utf-8")
    own = read_rules(read_yaml(tmp_path / "own.rules.yaml", "own.rules.yaml"), load_shape("rules"), plugin="")
    assert not own.problems
    known = opened(edition).rules.rules
    equations = {name: rule for name, rule in known.items() if isinstance(rule.check, Assertion | ComputedCheck)}
    rules = RuleSet({**equations, **{rule.id: rule for rule in own.rules}})
    seen: set[str] = set()
    for _ in range(200):
        grid = spoilt(consistent_table_three(edition, chance), chance)
        for path in CELLS:
            _, row, column = path.split(".")
            grid[row][column] = chance.choice((None, 0, 1, 2, 3, 9))
        proactive = {
            row: {name: chance.choice((0, 1, 4, -2, None)) for name in cells}
            for row, cells in opened(edition).report.section("proactive").tables[0].rows().items()
        }
        report = with_table(opened(edition).report, "requests", written(grid, chance))
        report = with_table(report, "proactive", proactive)
        found = run_rules(rules, report).findings
        with patch.object(Place, "plainly_holds", lambda *_: False):
            assert run_rules(rules, replace(report)).findings == found
        seen |= {finding.rule for finding in found}
    assert {"OWN-001", "OWN-002", "OWN-003", "OWN-004", "PLG-004"} <= seen


@pytest.mark.parametrize("edition", list(REPORTS))
def test_nothing_is_reported_of_tables_in_which_every_equation_holds(edition: str):
    chance = random.Random(edition)
    for _ in range(200):
        report = with_table(opened(edition).report, "requests", consistent_table_three(edition, chance))
        assert reported(with_table(report, "disputes", consistent_table_four(chance))) == {}


def test_the_tables_judged_here_are_those_of_both_editions():
    for edition in REPORTS:
        report = opened(edition).report
        assert report.edition == edition
        assert {path for path in report.cells() if path.startswith(("requests.", "disputes."))} == {
            *(f"requests.{row}.{column}" for row in rows_of(edition) for column in (*KINDS, "total")),
            *(f"disputes.{row}.{column}" for row in CASES for column in (*OUTCOMES, "total")),
        }


def cell(row: str, values: str) -> Mapping[str, Edit]:
    """Write another row into requests.yaml, its columns in the official order."""
    return {"requests.yaml": (row_of(row), f"{row}: {{{values}}}\n")}


def row_of(row: str) -> str:
    lines = (EXAMPLE / "requests.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    return next(line for line in lines if line.startswith(f"{row}:"))


def columns(*values: object) -> str:
    return ", ".join(f"{name}: {value}" for name, value in zip((*KINDS, "total"), values, strict=True))


def test_one_wrong_number_breaks_its_column_and_its_row(tmp_path: Path):
    report = baogao.load(sample(tmp_path, cell("new_received", columns(3, 0, 0, 0, 0, 0, 2))))
    found = [(f.rule, f.path, f.expected, f.actual, str(f.location)) for f in baogao.check(report).findings]
    assert found == [
        ("T3-003", "requests.new_received.total", "3", "2", "requests.yaml:2:128"),
        ("T3-001", "requests.total_handled.natural_person", "3", "2", "requests.yaml:23:58"),
    ]


def test_a_finding_names_both_sides_of_its_equation(tmp_path: Path):
    report = baogao.load(sample(tmp_path, cell("carried_forward", columns(1, 0, 0, 0, 0, 0, 1))))
    [first, second] = baogao.check(report).findings
    assert first.cells == (
        "requests.new_received.natural_person",
        "requests.carried_over.natural_person",
        "requests.total_handled.natural_person",
        "requests.carried_forward.natural_person",
    )
    for words in (
        "自然人",
        "一、本年新收政府信息公开申请数量（2）",
        "二、上年结转政府信息公开申请数量（0）",
        "（七）总计（2）",
        "四、结转下年度继续办理（1）",
        "＝3",
    ):
        assert words in first.message
    assert "先核对本列" in first.hint
    assert first.basis.startswith("国办公开办函〔2019〕60号")
    assert second.path == "requests.total_handled.total"


def test_a_total_left_out_is_computed_and_printed(tmp_path: Path):
    text = (EXAMPLE / "requests.yaml").read_text(encoding="utf-8")
    without = "".join(
        line
        for line in text.replace(", total: 2}", "}").replace(", total: 0}", "}").splitlines(keepends=True)
        if not line.startswith("total_handled")
    )
    outcome = baogao.build(sample(tmp_path, {"requests.yaml": without}), out=tmp_path / "out")
    assert outcome.findings == ()
    cells = [outcome.report.cell(f"requests.total_handled.{column}") for column in ("natural_person", "other", "total")]
    assert [(cell.value, cell.origin, cell.text()) for cell in cells] == [
        (2, "computed", "2"),
        (0, "computed", "0"),
        (2, "computed", "2"),
    ]


def test_a_typed_total_is_kept_even_where_it_is_wrong(tmp_path: Path):
    report = baogao.load(sample(tmp_path, cell("disclosed", columns(2, 0, 0, 0, 0, 0, 5))))
    assert report.cell("requests.disclosed.total").value == 5
    assert [f.path for f in baogao.check(report).findings if f.rule == "T3-003"] == ["requests.disclosed.total"]


@pytest.mark.parametrize("value", ["", "无", "x", "1.5", "-2"])
def test_a_blank_or_unusable_cell_is_never_counted_as_zero(tmp_path: Path, value: str):
    report = baogao.load(sample(tmp_path, cell("carried_over", columns(0, value, 0, 0, 0, 0, 0))))
    found = [
        (f.rule, f.path, f.expected, f.actual) for f in baogao.check(report).findings if f.state is State.UNASSESSABLE
    ]
    assert sorted(found) == [
        ("T3-001", "requests.total_handled.business", None, None),
        ("T3-003", "requests.carried_over.total", None, None),
    ]


def test_what_cannot_be_assessed_is_counted_apart_and_fails(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path, cell("carried_over", columns(0, "", 0, 0, 0, 0, 0))), "--format", "json")
    assert ran.json["summary"] == {"error": 1, "warning": 0, "info": 0, "waived": 0, "unassessable": 2}
    assert ran.code == 1


def test_the_change_of_a_number_keeps_the_fingerprint(tmp_path: Path):
    def fingerprints(name: str, values: str) -> list[str]:
        report = baogao.load(sample(tmp_path / name, cell("disclosed", values)))
        return [f.fingerprint for f in baogao.check(report).findings if f.rule == "T3-003"]

    [one], [other] = fingerprints("a", columns(2, 0, 0, 0, 0, 0, 5)), fingerprints("b", columns(2, 0, 0, 0, 0, 0, 6))
    assert one == other


def test_a_fingerprint_is_made_of_rule_path_and_quote():
    from hashlib import sha256

    finding = baogao.Finding("事", "requests.disclosed.total", "T3-003", quote="词")
    assert finding.fingerprint == sha256("T3-003\nrequests.disclosed.total\n词".encode()).hexdigest()[:16]


def test_findings_come_in_the_order_of_the_report(tmp_path: Path, run: Run):
    report = sample(
        tmp_path,
        {
            "disputes.yaml": "review: {upheld: 1, corrected: 0, other_result: 0, pending: 0, total: 0}\n"
            "litigation_direct: {upheld: 1, corrected: 0, other_result: 0, pending: 0, total: 0}\n"
            "litigation_after_review: {upheld: 0, corrected: 0, other_result: 0, pending: 0, total: 0}\n",
            "overview.md": "情况。\n一、总体情况\n",
            "problems.md": "无",
            "others.md": "",
            **cell("disclosed", columns(2, 0, 0, 0, 0, 0, 5)),
        },
    )
    places = [said.place for said in run("check", report, "--format", "json").findings]
    assert [place.partition(".")[0] for place in places] == [
        "overview",
        *["requests"] * 2,
        "disputes",
        "disputes",
        *["problems"] * 2,
        "others",
    ]


RULE_FILE = """\
rules:
- id: MINE-001
  title: 本年新收不超过一件
  severity: {severity}
  assert: {equation}
"""


def own_rule(equation: str, severity: str = "warning", more: str = "") -> Mapping[str, Edit]:
    return {"schemas/mine.rules.yaml": RULE_FILE.format(equation=equation, severity=severity) + more}


def test_a_rule_in_the_report_folder_is_eleven_words_of_yaml(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path, own_rule("requests.new_received.total <= 1")), "--format", "json")
    [finding] = ran.json["findings"]
    assert (finding["rule"], finding["severity"], finding["path"]) == (
        "MINE-001",
        "warning",
        "requests.new_received.total",
    )
    assert (finding["expected"], finding["actual"]) == ("2", "1")
    assert ran.code == 0


def test_fail_on_draws_the_line_lower(tmp_path: Path, run: Run):
    report = sample(tmp_path, own_rule("requests.new_received.total <= 1"))
    assert [run("check", report, "--fail-on", level).code for level in ("error", "warning", "info")] == [0, 1, 1]


@pytest.mark.parametrize(
    ("more", "runs"),
    [
        ("  years: {from: 2021}\n", False),
        ("  years: {to: 2020}\n", True),
        ("  editions: ['2021']\n", False),
        ("  forms: [disclosure]\n", True),
        ("  kinds: [township]\n", False),
        ("  kinds: [township, department]\n", True),
        ("  section: requests\n", True),
    ],
)
def test_a_rule_runs_in_its_scope_only(tmp_path: Path, run: Run, more: str, runs: bool):
    ran = run("check", sample(tmp_path, own_rule("requests.new_received.total <= 1", more=more)), "--format", "json")
    assert [said.rule for said in ran.findings] == (["MINE-001"] if runs else [])


def test_a_rule_that_needs_last_year_is_listed_as_not_run(tmp_path: Path, run: Run):
    report = sample(tmp_path, own_rule("requests.new_received.total <= 1", more="  needs: [previous]\n"))
    ran = run("check", report)
    assert ran.code == 0
    assert re.search("没有查：.*MINE-001.*——没有上一年的报告", ran.out)
    assert ("MINE-001", "previous") in [(skip.rule, skip.lacks) for skip in baogao.check(baogao.load(report)).skipped]


def test_the_name_of_a_group_means_its_leaves_in_a_full_path_too(tmp_path: Path, run: Run):
    files = own_rule("requests.new_received.organisations == 0 and requests.refused.total == 1")
    ran = run("check", sample(tmp_path, files), "--format", "json")
    assert [(said.rule, said.path) for said in ran.findings] == [("MINE-001", "requests.new_received.business")]


def test_a_tolerance_lets_a_small_difference_pass(tmp_path: Path, run: Run):
    near = own_rule("requests.new_received.total == 2.5", more="  tolerance: 0.5\n")
    far = own_rule("requests.new_received.total == 2.51", more="  tolerance: 0.5\n")
    assert run("check", sample(tmp_path / "near", near), "--format", "json").findings == []
    assert [said.rule for said in run("check", sample(tmp_path / "far", far), "--format", "json").findings] == [
        "MINE-001"
    ]


@pytest.mark.parametrize(
    ("equation", "holds"),
    [("<= 1", False), ("<= 1.5", True), (">= 2.5", True), (">= 2.51", False), ("<= 1.49", False)],
)
def test_a_tolerance_widens_a_bound_too(tmp_path: Path, run: Run, equation: str, holds: bool):
    files = own_rule(f"requests.new_received.total {equation}", more="  tolerance: 0.5\n")
    found = run("check", sample(tmp_path, files), "--format", "json").findings

    assert [said.rule for said in found] == ([] if holds else ["MINE-001"])


def test_an_equation_may_stand_on_several_lines(tmp_path: Path, run: Run):
    files = own_rule("|\n    requests.new_received.total\n    == 3")
    found = run("check", sample(tmp_path, files), "--format", "json").findings

    assert [said.rule for said in found] == ["MINE-001"]
    assert "写法有误" not in found[0].words


@pytest.mark.parametrize("scope", [{"years": (2025, 2021)}, {"kinds": ("departmant",)}])
def test_a_scope_that_no_report_is_in_is_refused(scope: dict[str, Any]):
    with pytest.raises(ValueError, match=r"2025|departmant"):
        baogao.rule("DEP-001", title="一", **scope)


def test_report_yaml_changes_the_severity_of_a_rule_that_is_not_law(tmp_path: Path, run: Run):
    files = {
        **own_rule("requests.new_received.total <= 1"),
        "report.yaml": ("outputs:", "rules: {MINE-001: {severity: error}}\noutputs:"),
    }
    ran = run("check", sample(tmp_path, files), "--format", "json")
    assert [finding["severity"] for finding in ran.json["findings"]] == ["error"]
    assert ran.code == 1


def test_report_yaml_gives_a_rule_its_options(tmp_path: Path, run: Run):
    code = """
from baogao import hookimpl, rule

@rule("MINE-001", title="字数", options={"limit": 9})
def mine(report, options):
    yield report.finding("", f"不超过 {options['limit']} 字")

@hookimpl
def validation_rules():
    return [mine]
"""
    report = ("outputs:", "plugins: {load: [plugins/mine.py]}\nrules: {MINE-001: {limit: 1500}}\noutputs:")
    ran = run("check", sample(tmp_path, {"plugins/mine.py": code, "report.yaml": report}), "--format", "json")
    assert [said.words.splitlines()[0] for said in ran.findings] == ["不超过 1500 字"]


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("META-004: {limit: 9}", "没有参数"),
        ("STR-008: {limit: 很多}", "一个数"),
        ("LNG-001: {demonstration: 不要}", "true 或 false"),
        ("PRC-001: {deadline: [01-26]}", "文字"),
        ("STR-008: {limit: 900}", ""),
        ("LNG-001: {demonstration: false}", ""),
        ("PRC-001: {deadline: 01-26}", ""),
    ],
)
def test_a_setting_of_another_kind_than_the_rule_takes_is_refused(tmp_path: Path, run: Run, setting: str, wanted: str):
    report = sample(tmp_path)
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write(f"rules:\n  {setting}\n")

    found = [
        finding.words for finding in run("check", report, "--format", "json").findings if finding.rule == "SRC-008"
    ]

    assert [wanted in message for message in found] == ([True] if wanted else [])


def test_items_in_force_may_not_fall_below_zero(tmp_path: Path, run: Run):
    edit = (
        "permits:                   {items_last_year: 1, change: -1",
        f"permits:                   {{items_last_year: 1, change: {MARK}-2",
    )
    report = sample(tmp_path, {"proactive.yaml": edit})
    place = marked_place(report)
    ran = run("check", report, "--format", "json")
    assert [(said.rule, said.path, said.place) for said in ran.findings] == [
        ("T2-101", "proactive.permits.change", place)
    ]


@pytest.mark.parametrize(
    ("files", "rule", "path"),
    [
        (
            {"report.yaml": ("year: 2020\n", "year: 2020\ntitle: 区统计局2020年政府信息公开工作年度报告\n")},
            "META-001",
            "",
        ),
        ({"preface.md": "统计期限自2019年1月1日至2020年12月31日止。"}, "META-003", "preface"),
        ({"report.yaml": ("date: 2021-01-20", "date: 2020-12-31")}, "META-009", ""),
        ({"report.yaml": ("date: 2021-01-20", "date: 2999-01-01")}, "META-009", ""),
        ({"report.yaml": ("date: 2021-01-20", "#")}, "META-009", ""),
        ({"overview.md": "二、主动公开政府信息情况\n正文。"}, "STR-001", "overview"),
        (
            {"report.yaml": ("outputs:", "sections: {problems: {title: 五、存在问题及改进情况}}\noutputs:")},
            "STR-002",
            "problems",
        ),
        ({"report.yaml": ("outputs:", "sections: {problems: {title: 五、问题}}\noutputs:")}, "STR-002", "problems"),
        ({"report.yaml": ("year: 2020\n", 'year: 2022\nedition: "2019"\n')}, "STR-003", ""),
        ({"problems.md": "正在改进。"}, "STR-004", "problems"),
        ({"others.md": ""}, "STR-005", "others"),
    ],
)
def test_the_rules_of_the_annual_report(tmp_path: Path, run: Run, files: Mapping[str, Edit], rule: str, path: str):
    ran = run("check", sample(tmp_path, files), "--format", "json")
    assert (rule, path) in [(said.rule, said.path) for said in ran.findings]
    assert all(said.words.split("\n")[1] for said in ran.findings)


def test_an_alias_of_a_chapter_is_a_warning_only(tmp_path: Path, run: Run):
    files = {"report.yaml": ("outputs:", "sections: {problems: {title: 五、存在问题及改进情况}}\noutputs:")}
    ran = run("check", sample(tmp_path, files), "--format", "json")
    assert [(finding["rule"], finding["severity"]) for finding in ran.json["findings"]] == [("STR-002", "warning")]
    assert ran.code == 0


def test_the_example_has_no_findings():
    assert baogao.check(baogao.load(EXAMPLE)).findings == ()


# Rules in Python


def test_a_decorator_makes_rules_of_as_many_functions_as_it_is_put_on():
    made = baogao.rule("TRY-001", title="试验", explanation="说明", needs="previous", forms="disclosure")
    rules = [made(lambda report, options: ()), made(lambda report, options: ())]

    assert [rule.explanation for rule in rules] == ["说明", "说明"]
    assert [rule.needs for rule in rules] == [{"previous"}, {"previous"}]
    assert [rule.scope for rule in rules] == [baogao.Scope(forms=("disclosure",))] * 2


def test_a_rule_on_artifacts_says_what_its_function_says():
    def small(job: baogao.Job, artifact: baogao.Artifact):
        """文件
        不大。"""
        return ()

    made = baogao.artifact_rule("TRY-001", title="试验", renderer="html", severity="info", section="fees")(small)

    assert made.location is not None
    assert (made.location.file, made.location.line) == (__file__, small.__code__.co_firstlineno)
    assert made == baogao.ArtifactRule(
        "TRY-001",
        "试验",
        baogao.Severity.INFO,
        check=small,
        explanation="文件 不大。",
        scope=baogao.Scope(section="fees"),
        needs=frozenset({"artifact"}),
        location=made.location,
        renderer="html",
    )


@pytest.mark.parametrize(
    ("maker", "more"),
    [
        ("rule", "hnt='改'"),
        ("rule", "forms='disclosure', hnt='改'"),
        ("artifact_rule", "renderer='html', hnt='改'"),
    ],
)
def test_a_misspelt_parameter_is_named_with_the_one_that_was_meant(tmp_path: Path, run: Run, maker: str, more: str):
    plugin = (
        f"from baogao import {maker}\n\n@{maker}('TRY-001', title='试验', {more})\ndef found(*given):\n    return ()\n"
    )
    load = ("outputs: [docx, html]", "plugins: {load: [plugins/mine.py]}\noutputs: [docx, html]")
    [found] = run(
        "check", sample(tmp_path, {"plugins/mine.py": plugin, "report.yaml": load}), "--format", "json"
    ).findings

    assert (found.rule, Path(found.place.rpartition(":")[0]).name) == ("PLG-001", "mine.py")
    assert "规则 TRY-001：没有名为 hnt 的参数；是否想写“hint”？" in found.words


@pytest.mark.parametrize("name", ["needs", "options", "reports"])
def test_a_rule_on_artifacts_has_no_parameters_that_only_rules_on_reports_have(name: str):
    unused: dict[str, Any] = {name: ()}

    with pytest.raises(TypeError, match=f"没有名为 {name} 的参数"):
        baogao.artifact_rule("TRY-001", title="试验", renderer="html", **unused)
