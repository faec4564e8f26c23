"""Waivers: what they accept, what they may not, what becomes of one that no longer fits, and how one is added."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import baogao
from baogao.files.yaml import parse_yaml
from reports import EXAMPLE, MARK, Edit, Ran, Run, change, marked_place, sample, tree

RULES = '''
from baogao import ArtifactRule, Finding, State, hookimpl, rule

NEW, DONE = "requests.new_received.total", "requests.disclosed.total"

@rule("DEP-001", title="新收的申请不超过一件", basis="本局规定", hint="核对")
def few(report, options):
    """新收的申请不超过一件。"""
    if (report.cell(NEW).value or 0) > 1:
        yield report.finding(NEW, "超过一件", cells=(NEW, DONE))

@rule("DEP-002", title="不能放行的规则", waivable=False)
def strict(report, options):
    """总是查出。"""
    yield report.finding(DONE, "不行", cells=(DONE,))

@rule("DEP-003", title="不写“依法”", severity="warning")
def words(report, options):
    """正文里不写“依法”。"""
    if "依法" in report.section("overview").text:
        yield report.finding("overview", "写了“依法”", quote="依法")

@rule("DEP-004", title="撤销的申请要有数", severity="warning")
def unknown(report, options):
    """总是无法核对。"""
    yield report.finding(NEW, "无法核对", state=State.UNASSESSABLE, cells=(NEW,))

@rule("DEP-005", title="新收与上年相同", needs=("previous",))
def same(report, options):
    """新收的申请与上年一样多。"""
    if report.cell(NEW).value != report.cell(f"previous.{NEW}").value:
        yield report.finding(NEW, "与上年不同", cells=(NEW, f"previous.{NEW}"))

@rule("DEP-007", title="不写“办理”", severity="warning")
def each(report, options):
    """正文里的每一处“办理”。"""
    for _ in range(report.section("overview").text.count("办理")):
        yield report.finding("overview", "写了“办理”", quote="办理")

@rule("DEP-008", title="总体情况不长", severity="warning")
def length(report, options):
    """总体情况不超过两个字。"""
    count = len(report.section("overview").text)
    if count > 2:
        yield report.finding("overview", f"有 {count} 个字", expected="2", actual=str(count))

def large(job, artifact):
    if len(artifact.content) > 10:
        yield Finding("文件太大")

@hookimpl
def validation_rules():
    return [ADDED]
'''
ADDED = {
    "few": "few",
    "strict": "strict",
    "words": "words",
    "unknown": "unknown",
    "same": "same",
    "each": "each",
    "length": "length",
    "large": 'ArtifactRule("DEP-006", "文件不大", check=large, renderer="html")',
}
TODAY = date.today()
NEW, DONE = "requests.new_received.total", "requests.disclosed.total"
BOUND = f'{{{NEW}: "2", {DONE}: "2"}}'
SIGNED = f"reason: 机构改革, author: 张三, approver: 李四, date: {TODAY}"
GOOD = f"{{rule: DEP-001, path: {NEW}, values: {BOUND}, {SIGNED}}}"
OPTIONS = ("--reason", "机构改革", "--author", "张三", "--approver", "李四")


def with_rules(folder: Path, *names: str, waivers: Edit = None, **files: Edit) -> Path:
    """Return the example report with some of the rules above, and a waivers.yaml."""
    rules = RULES.replace("ADDED", ", ".join(ADDED[name] for name in names))
    report = sample(folder, {"plugins/mine.py": rules, "waivers.yaml": waivers, **files})
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("\nplugins: {load: [plugins/mine.py]}\n")
    return report


def listed(ran: Ran) -> list[tuple[str, str]]:
    """Return the rules of the findings, each with who accepted it."""
    return [(found["rule"], found["waived"]["author"] if found["waived"] else "") for found in ran.json["findings"]]


def fingerprint(rule: str, path: str, quote: str = "") -> str:
    return baogao.Finding("", path, rule, quote=quote).fingerprint


# What a waiver does


def test_a_waived_finding_stays_visible_and_counts_only_as_waived(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few", waivers=f"- {GOOD}\n")
    ran = run("check", report, "--format", "json", "--fail-on", "info")

    assert ran.json["findings"][0]["waived"] == {
        "reason": "机构改革", "author": "张三", "approver": "李四", "date": TODAY.isoformat(), "until": None,
    }  # fmt: skip
    assert ran.json["summary"] == {"error": 0, "warning": 0, "info": 0, "waived": 1, "unassessable": 0}
    assert ran.code == 0


def test_the_table_shows_who_accepted_a_finding_and_why(tmp_path: Path, run: Run):
    waiver = GOOD.replace(f"date: {TODAY}", f"date: {TODAY}, until: 2999-12-31")
    said = run("check", with_rules(tmp_path, "few", waivers=f"- {waiver}\n")).out

    assert "已说明情况 DEP-001 新收的申请不超过一件" in said
    assert f"情况说明：机构改革（张三说明，李四批准，{TODAY}，至 2999-12-31）" in said
    assert "结论：已说明情况 1 个，可以报送" in said
    assert "数据关：已说明情况 1 个" in said
    assert "怎么改" not in said


def test_the_table_says_where_no_value_binds_a_waiver(tmp_path: Path, run: Run):
    unbound = f"- {{rule: DEP-001, path: {NEW}, {SIGNED}}}\n"

    assert f"{TODAY}，没有记下各格的值）" in run("check", with_rules(tmp_path, "few", waivers=unbound)).out


def test_concise_names_a_waived_finding_as_such(tmp_path: Path, run: Run):
    said = run("check", with_rules(tmp_path, "few", waivers=f"- {GOOD}\n"), "--format", "concise").out

    assert re.fullmatch(r"requests\.yaml:2:\d+: 已说明情况 DEP-001 超过一件\n", said)


def test_build_goes_on_and_writes_the_same_bytes_as_without_the_rule(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few", waivers=f"- {GOOD}\n")
    run("build", EXAMPLE, "-o", tmp_path / "plain")
    ran = run("build", report, "-o", tmp_path / "waived")

    assert ran.code == 0
    assert len(tree(tmp_path / "plain")) == 2
    assert tree(tmp_path / "waived") == tree(tmp_path / "plain")


def test_one_error_that_is_not_waived_still_stops_the_build(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few", "strict", waivers=f"- {GOOD}\n")
    ran = run("build", report, "--format", "json")

    assert sorted(listed(ran)) == [("DEP-001", "张三"), ("DEP-002", "")]
    assert (ran.code, (report / "out").exists()) == (1, False)


def test_a_waiver_for_words_needs_the_same_words(tmp_path: Path, run: Run):
    for_words = f"- {{rule: DEP-003, path: overview, quote: 依法, {SIGNED}}}\n"
    text = "依法公开。"
    waived = with_rules(tmp_path / "a", "words", waivers=for_words, **{"overview.md": text})
    other = with_rules(tmp_path / "b", "words", waivers=for_words.replace("依法", "依法公"), **{"overview.md": text})

    assert ("DEP-003", "张三") in listed(run("check", waived, "--format", "json"))
    assert {("DEP-003", ""), ("WVR-006", "")} <= set(listed(run("check", other, "--format", "json")))


def test_a_waiver_for_a_document_works_when_it_is_built_and_is_left_alone_before(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "large", waivers=f'- {{rule: DEP-006, path: "", {SIGNED}}}\n')

    assert listed(run("check", report, "--format", "json")) == []
    built = run("build", report, "--format", "json")
    assert (built.code, listed(built)) == (0, [("DEP-006", "张三")])
    assert len(tree(report / "out")) == 2


def test_a_waiver_for_a_document_that_matches_nothing_is_found_when_it_is_built(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "large", waivers=f"- {{rule: DEP-006, path: overview, {SIGNED}}}\n")

    assert listed(run("build", report, "--format", "json")) == [("DEP-006", ""), ("WVR-006", "")]


def test_a_rule_that_did_not_run_leaves_its_waivers_alone(tmp_path: Path, run: Run):
    with_values = f'{{previous.{NEW}: "9", {NEW}: "2"}}'
    report = with_rules(
        tmp_path, "same", waivers=f"- {{rule: DEP-005, path: {NEW}, values: {with_values}, {SIGNED}}}\n"
    )

    assert listed(run("check", report, "--format", "json")) == []


@pytest.mark.parametrize(
    ("recorded", "expected"), [("7", [("DEP-005", "张三")]), ("8", [("DEP-005", ""), ("WVR-004", "")])]
)
def test_last_years_values_bind_a_waiver_too(tmp_path: Path, run: Run, recorded: str, expected: list[Any]):
    last = sample(tmp_path / "last", {"report.yaml": ("year: 2020", "year: 2019")})
    change(last, "requests.yaml", "other: 0, total: 2}\ncarried_over", "other: 0, total: 7}\ncarried_over")
    values = f'{{previous.{NEW}: "{recorded}", {NEW}: "2"}}'
    waiver = f"- {{rule: DEP-005, path: {NEW}, values: {values}, {SIGNED}}}\n"
    ran = run("check", with_rules(tmp_path, "same", waivers=waiver), "--previous", last, "--format", "json")

    assert sorted(found for found in listed(ran) if found[0] in ("DEP-005", "WVR-004")) == expected


# How much one waiver takes


FOR_EACH = f"- {{rule: DEP-007, path: overview, quote: 办理, {SIGNED}}}\n"


def test_a_waiver_takes_one_finding_and_says_so_where_there_are_more(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "each", waivers=FOR_EACH, **{"overview.md": "办理。\n\n又办理。\n\n再办理。\n"})
    ran = run("check", report, "--format", "json")
    more = next(said for said in ran.findings if said.rule == "WVR-008")

    assert sorted(author for rule, author in listed(ran) if rule == "DEP-007") == ["", "", "张三"]
    assert ("还有 2 处" in more.words, more.place) == (True, "waivers.yaml:1:10")


def test_each_of_several_findings_alike_can_be_waived_and_no_more(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "each", **{"overview.md": "办理。\n\n又办理。\n"})
    codes = [run("waive", fingerprint("DEP-007", "overview", "办理"), report, *OPTIONS).code for _ in range(3)]
    ran = run("check", report, "--format", "json")

    assert codes == [0, 0, 2]
    assert [found for found in listed(ran) if found[0] != "STR-006"] == [("DEP-007", "张三"), ("DEP-007", "张三")]


def test_a_waiver_is_bound_to_what_was_found_where_no_cell_or_quote_binds_it(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "length", **{"overview.md": "公开了。\n"})
    run("waive", fingerprint("DEP-008", "overview"), report, *OPTIONS)
    entry = parse_yaml((report / "waivers.yaml").read_text("utf-8"), "").data[0]
    waived = run("check", report, "--format", "json")
    (report / "overview.md").write_text("公开了很多。\n", encoding="utf-8")
    ran = run("check", report, "--format", "json")
    changed = next(said for said in ran.findings if said.rule == "WVR-004")

    assert entry["actual"] == "4"
    assert ("DEP-008", "张三") in listed(waived)
    assert ("DEP-008", "") in listed(ran)
    assert ("原来是“4”，现在是“6”" in changed.words, changed.place) == (True, "waivers.yaml:3:11")


def test_a_waiver_that_nothing_binds_does_not_work(tmp_path: Path, run: Run):
    unbound = f"- {{rule: DEP-008, path: overview, {SIGNED}}}\n"
    ran = run("check", with_rules(tmp_path, "length", waivers=unbound), "--format", "json")

    assert {("DEP-008", ""), ("WVR-004", "")} <= set(listed(ran))
    assert any("actual" in said.words for said in ran.findings if said.rule == "WVR-004")


OLD_FORM, WORK = 'edition: "2019"\nyear: ', "推进公开办事。"
BOUND_FACTS = [
    pytest.param(
        "STR-002", "problems", "sections: {problems: {title: 五、问题}}", "问题", "无", id="a chapter's title"
    ),
    pytest.param("STR-003", "", f"{OLD_FORM}2022", "2022", "2023", id="the edition"),
    pytest.param("META-001", "", "title: 洛龙区统计局2020年公开年报", "公开", "信息", id="the title"),
    pytest.param("META-002", "", "title: 甲局2020年公开年报", "甲局", "乙局", id="the unit"),
    pytest.param("META-003", "", "title: 洛龙区统计局年报", "年报", "报告", id="the year"),
    pytest.param("META-007", "", "  postcode: '1'", "'1'", "'2'", id="the postcode"),
    pytest.param("META-009", "", "date: 2020-12-31", "12-31", "01-01", id="the date"),
    pytest.param("PRC-001", "", "date: 2021-02-02", "2021", "2022", id="the deadline"),
]


@pytest.mark.parametrize(("rule", "path", "lines", "old", "new"), BOUND_FACTS)
def test_a_waiver_of_one_of_our_rules_ends_with_the_fact_it_was_given_for(
    tmp_path: Path, run: Run, rule: str, path: str, lines: str, old: str, new: str
):
    report = sample(tmp_path)
    for line in lines.splitlines():
        put_key(report / "report.yaml", line)

    def change_it() -> None:
        change(report, "report.yaml", lines.splitlines()[-1], lines.splitlines()[-1].replace(old, new))

    assert_bound(report, run, fingerprint(rule, path), rule, change_it)


NARRATIVES = [
    pytest.param("STR-008", WORK * 200, WORK * 2000, id="the length"),
    pytest.param("STR-006", "主动公开。管理信息。监督。平台。", "主动公开。", id="what is missing"),
]


@pytest.mark.parametrize(("rule", "first", "second"), NARRATIVES)
def test_a_waiver_of_one_of_our_rules_on_a_text_ends_with_the_fact_it_was_given_for(
    tmp_path: Path, run: Run, rule: str, first: str, second: str
):
    report = tmp_path / "report"
    shutil.copytree(EXAMPLE.with_name("example-2024"), report, ignore=shutil.ignore_patterns("out"))
    (report / "overview.md").write_text(first, encoding="utf-8")

    def change_it() -> None:
        (report / "overview.md").write_text(second, encoding="utf-8")

    assert_bound(report, run, fingerprint(rule, "overview"), rule, change_it)


def put_key(path: Path, line: str) -> None:
    """Write a line of report.yaml, in place of the one with its key; an indented one is the unit's."""
    key = line.partition(":")[0]
    text = re.sub(rf"(?m)^{key}:.*\n?", "", path.read_text("utf-8"))
    inside = text.replace("unit:\n", f"unit:\n{line}\n")
    path.write_text(inside if line.startswith(" ") else f"{text.rstrip()}\n{line}\n", encoding="utf-8")


def assert_bound(report: Path, run: Run, finding: str, rule: str, change_it: Callable[[], None]) -> None:
    """Waive a finding; it must be back when the fact has changed."""
    added = run("waive", finding, report, *OPTIONS)
    waived = run("check", report, "--format", "json")
    change_it()
    ran = run("check", report, "--format", "json")

    assert added.code == 0, added.err
    assert (rule, "张三") in listed(waived)
    assert {(rule, ""), ("WVR-004", "")} <= set(listed(ran))
    assert (rule, "张三") not in listed(ran)


# What becomes of a waiver that does not work


DAY = timedelta(days=1)
SPOILT = [
    pytest.param(f"{MARK}rule: DEP-001\n", "WVR-001", "列表", id="a mapping in place of a list"),
    pytest.param(f"- {{rule: a, path: b{MARK}]}}\n", "WVR-001", "", id="a syntax error"),
    pytest.param(f"- {MARK}DEP-001\n", "WVR-001", "一组", id="an entry that is a word"),
    pytest.param(f"- {MARK}{GOOD.replace('author: 张三, ', '')}\n", "WVR-001", "author", id="no author"),
    pytest.param("- " + GOOD.replace("reason: 机构改革", f'reason: {MARK}" "'), "WVR-001", "reason", id="no reason"),
    pytest.param("- " + GOOD.replace("author: 张三", f"{MARK}author: "), "WVR-001", "author", id="a blank author"),
    pytest.param("- " + GOOD.replace("reason:", f"reasn: {MARK}x, reason:"), "WVR-001", "reason", id="a misspelt key"),
    pytest.param("- " + GOOD.replace(BOUND, f"{MARK}[1]"), "WVR-001", "values", id="values that are a list"),
    pytest.param("- " + GOOD.replace("机构改革", MARK + r'"\e[31m"'), "TXT-001", "U+001B", id="a control character"),
    pytest.param("- " + GOOD.replace("DEP-001", f"{MARK}DEP-010"), "WVR-002", "是否想写", id="an unknown rule"),
    pytest.param("- " + GOOD.replace("DEP-001", f"{MARK}TAB-001"), "WVR-003", "TAB-001", id="a rule that forbids it"),
    pytest.param("- " + GOOD.replace("DEP-001", f"{MARK}WVR-006"), "WVR-003", "WVR-006", id="a waiver of a waiver"),
    pytest.param(
        "- " + GOOD.replace(f'{NEW}: "2"', f'{NEW}: "3"').replace("values: ", f"values: {MARK}"),
        "WVR-004", "原来是“3”，现在是“2”", id="a value that was changed",
    ),
    pytest.param(
        "- " + GOOD.replace(f'{NEW}: "2"', 'requests.a.b: "3"').replace("values: ", f"values: {MARK}"),
        "WVR-004", "没有这一格", id="a cell that is not there",
    ),
    pytest.param(
        "- " + GOOD.replace(f'{NEW}: "2"', f'previous.{NEW}: "3"').replace("values: ", f"values: {MARK}"),
        "WVR-004", f"previous.{NEW}", id="last year's value without last year",
    ),
    pytest.param(
        "- " + GOOD.replace(f"date: {TODAY}", f"date: {TODAY - 9 * DAY}, until: {MARK}{TODAY - DAY}"),
        "WVR-005", "过期", id="lapsed",
    ),
    pytest.param("- " + GOOD.replace(str(TODAY), MARK + str(TODAY + DAY)), "WVR-005", "还没有到", id="in the future"),
    pytest.param(
        "- " + GOOD.replace(f"date: {TODAY}", f"date: {TODAY - DAY}, until: {MARK}{TODAY - 2 * DAY}"),
        "WVR-005", "早于", id="ends before it begins",
    ),
    pytest.param("- " + GOOD.replace(str(TODAY), f"{MARK}2021-02-30"), "WVR-005", "不是日期", id="no such day"),
    pytest.param("- " + GOOD.replace(str(TODAY), f"{MARK}2021年2月3日"), "WVR-005", "不是日期", id="a date in words"),
    pytest.param("- " + GOOD.replace(str(TODAY), f"{MARK}2021023"), "WVR-005", "不是日期", id="too short"),
    pytest.param(
        "- " + GOOD.replace(f"path: {NEW}", f"path: {MARK}requests.new_received.totl"),
        "WVR-006", "是否想写", id="a path that matches nothing",
    ),
    pytest.param(
        "- " + GOOD.replace("values:", f"quote: {MARK}超过, values:"), "WVR-006", "超过", id="other words"
    ),
    pytest.param("- " + GOOD.replace(NEW, f"{MARK}requests.*", 1), "WVR-006", "requests.*", id="a pattern"),
]  # fmt: skip


@pytest.mark.parametrize(("waivers", "rule", "words"), SPOILT)
def test_a_waiver_that_does_not_work_is_found_and_the_finding_is_back(
    tmp_path: Path, run: Run, waivers: str, rule: str, words: str
):
    report = with_rules(tmp_path, "few", waivers=waivers)
    place = marked_place(report)
    ran = run("check", report, "--format", "json")
    spoilt = [said for said in ran.findings if said.rule != "DEP-001"]

    assert ("DEP-001", "") in listed(ran)
    assert [(said.rule, said.place) for said in spoilt] == [(rule, place)]
    assert words in spoilt[0].words
    assert ran.code == 1


def test_the_other_waivers_still_count(tmp_path: Path, run: Run):
    wrong = GOOD.replace("DEP-001", "DEP-009")
    ran = run("check", with_rules(tmp_path, "few", waivers=f"- {wrong}\n- 无\n- {GOOD}\n"), "--format", "json")

    assert sorted(listed(ran)) == [("DEP-001", "张三"), ("WVR-001", ""), ("WVR-002", "")]


def test_a_second_waiver_for_the_same_finding_is_superfluous(tmp_path: Path, run: Run):
    ran = run("check", with_rules(tmp_path, "few", waivers=f"- {GOOD}\n- {GOOD}\n"), "--format", "json")

    assert sorted(listed(ran)) == [("DEP-001", "张三"), ("WVR-007", "")]
    assert [said.place for said in ran.findings if said.rule == "WVR-007"] == ["waivers.yaml:2:10"]
    assert ran.code == 0


def test_a_new_waiver_takes_over_from_one_that_has_lapsed(tmp_path: Path, run: Run):
    lapsed = GOOD.replace(f"date: {TODAY}", "date: 2020-01-01, until: 2020-12-31").replace("张三", "王五")
    ran = run("check", with_rules(tmp_path, "few", waivers=f"- {lapsed}\n- {GOOD}\n"), "--format", "json")

    assert sorted(listed(ran)) == [("DEP-001", "张三"), ("WVR-005", "")]


def test_a_waiver_holds_on_its_last_day(tmp_path: Path, run: Run):
    waiver = GOOD.replace(f"date: {TODAY}", f"date: {TODAY}, until: {TODAY}")

    assert listed(run("check", with_rules(tmp_path, "few", waivers=f"- {waiver}"), "--format", "json")) == [
        ("DEP-001", "张三")
    ]


def test_what_only_grew_old_is_a_warning_and_what_was_never_right_an_error(tmp_path: Path, run: Run):
    old = [
        GOOD.replace(f"date: {TODAY}", "date: 2020-01-01, until: 2020-12-31"),
        GOOD.replace('"2"', '"3"'),
        GOOD.replace(NEW, "overview", 1),
    ]
    never = [
        GOOD.replace("DEP-001", "DEP-009"),
        GOOD.replace("DEP-001", "TAB-001"),
        "无",
        GOOD.replace(str(TODAY), "昨天"),
    ]
    aged = run("check", with_rules(tmp_path / "a", "few", waivers="- " + "\n- ".join(old)), "--format", "json").json
    wrong = run("check", with_rules(tmp_path / "b", "few", waivers="- " + "\n- ".join(never)), "--format", "json").json

    assert aged["summary"] | {"error": 1, "warning": 3} == aged["summary"]
    assert wrong["summary"] | {"error": 5, "warning": 0} == wrong["summary"]


def test_what_could_not_be_assessed_cannot_be_waived(tmp_path: Path, run: Run):
    waiver = f'- {{rule: DEP-004, path: {NEW}, values: {{{NEW}: "2"}}, {SIGNED}}}\n'
    ran = run("check", with_rules(tmp_path, "unknown", waivers=waiver), "--format", "json")

    assert sorted(listed(ran)) == [("DEP-004", ""), ("WVR-003", "")]
    assert ran.json["summary"]["unassessable"] == 1
    assert ran.code == 1


def test_an_untouched_form_cannot_be_waived_through(tmp_path: Path, run: Run):
    report = tmp_path / "r"
    run("new", report, "--year", "2020", "--unit", "某某局")
    found = run("check", report, "--format", "json").json["findings"]
    entries = (f"- {{rule: {f['rule']}, path: '{f['path']}', quote: '{f['quote']}', {SIGNED}}}\n" for f in found)
    (report / "waivers.yaml").write_text("".join(entries), encoding="utf-8")
    ran = run("check", report, "--format", "json")

    assert ran.code == 1
    assert {found["state"] for found in ran.json["findings"] if found["waived"]} <= {"fail"}
    assert not any(
        found["waived"] for found in ran.json["findings"] if found["rule"].startswith(("TAB-", "T3-", "T4-"))
    )


def test_an_empty_file_and_one_of_comments_hold_no_waivers(tmp_path: Path, run: Run):
    for number, text in enumerate(("", "# 情况说明\n", "[]\n", "\ufeff")):
        report = sample(tmp_path / str(number), {"waivers.yaml": text})
        assert {said.rule for said in run("check", report, "--format", "json").findings} <= {"SRC-011"}


def test_what_is_hard_can_never_be_waived(run: Run):
    listed_rules = run("rules", "--format", "json").json
    hard = re.compile(r"TAB-\d+|T3-00[123]|T4-001|SRC-\d+|NAR-1\d\d|OUT-\d+|WVR-\d+|PLG-\d+")

    assert [rule["id"] for rule in listed_rules if hard.fullmatch(rule["id"]) and rule["waivable"]] == []
    assert any(rule["waivable"] for rule in listed_rules)


# baogao waive


def test_waive_records_the_finding_with_its_values_and_the_report_passes(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few")
    said = run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS)

    assert said.code == 0
    assert parse_yaml((report / "waivers.yaml").read_text("utf-8"), "").data == [
        {
            "rule": "DEP-001", "path": NEW, "values": {NEW: "2", DONE: "2"}, "reason": "机构改革", "author": "张三",
            "approver": "李四", "date": TODAY.isoformat(),
        }
    ]  # fmt: skip
    assert listed(run("check", report, "--format", "json")) == [("DEP-001", "张三")]


def test_a_changed_value_ends_what_was_waived(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few")
    run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS)
    row = "legal_service: 0, other: 0, total: {}}}\ncarried_over"
    change(report, "requests.yaml", row.format(2), row.format(3))
    ran = run("check", report, "--format", "json")
    changed = next(said for said in ran.findings if said.rule == "WVR-004")

    assert ("DEP-001", "") in listed(ran)
    assert "原来是“2”，现在是“3”" in changed.words
    assert changed.place == "waivers.yaml:4:5"


WRITTEN = [
    pytest.param(b"# \xe6\xb3\xa8\n", id="a comment"),
    pytest.param(b"- " + GOOD.replace("DEP-001", "DEP-009").encode(), id="no final newline"),
    pytest.param(b"- " + GOOD.replace("DEP-001", "DEP-009").encode() + b"  # x\r\n# y\r\n", id="CRLF and comments"),
    pytest.param(b"  - " + GOOD.replace("DEP-001", "DEP-009").encode() + b"\n\n\n# end\n", id="indented"),
    pytest.param(b"\xef\xbb\xbf- " + GOOD.replace("DEP-001", "DEP-009").encode() + b"\n", id="a byte order mark"),
    pytest.param(b"[]", id="an empty list in brackets"),
    pytest.param(b"# a\n[" + GOOD.replace("DEP-001", "DEP-009").encode() + b", # b\n]  # c\n", id="a list in brackets"),
    pytest.param(
        "[{}]  # 完𠮷\n".format(GOOD.replace("机构改革", "𠮷")).replace("DEP-001", "DEP-009").encode(), id="rare"
    ),
    pytest.param(b"---\n", id="a document mark"),
    pytest.param(b"- x\n", id="an entry that is wrong"),
]


@pytest.mark.parametrize("before", WRITTEN)
def test_every_other_byte_of_the_file_stays(tmp_path: Path, run: Run, before: bytes):
    report = with_rules(tmp_path, "few", waivers=before)
    ran = run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS, "--until", "2999-12-31")
    after = (report / "waivers.yaml").read_bytes()
    head = next(n for n in range(len(before), -1, -1) if after.startswith(before[:n]))

    assert ran.code == 0
    assert after.endswith(before[head:])
    assert len(after) > len(before)
    assert set(re.findall(rb"\r?\n", after)) <= ({b"\r\n"} if b"\r\n" in before else {b"\n"})
    assert ("DEP-001", "张三") in listed(run("check", report, "--format", "json"))


@pytest.mark.parametrize(
    "before", ["- {", "rule: DEP-001\n", "- x\n...\n", b"\xff\xfe", "- &a x\n", "null\n"], ids=repr
)
def test_a_file_that_cannot_be_added_to_stays_as_it_is(tmp_path: Path, run: Run, before: Edit):
    report = with_rules(tmp_path, "few", waivers=before)
    files = tree(report)
    ran = run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS)

    assert ran.code == 2
    assert "WVR-001" in ran.err
    assert tree(report) == files


def test_words_of_any_kind_come_back_as_they_were_given(tmp_path: Path, run: Run):
    reason = "“改革”: 'a' \"b\" \\ # {x} - 𠮷\u3000。\n第二行\t完"
    report = with_rules(tmp_path, "words", **{"overview.md": "依法公开。"})
    run(
        "waive",
        fingerprint("DEP-003", "overview", "依法"),
        report,
        "--reason",
        reason,
        "--author",
        "#1",
        "--approver",
        "null",
    )
    waived = [f["waived"] for f in run("check", report, "--format", "json").json["findings"] if f["rule"] == "DEP-003"]

    assert [(w["reason"], w["author"], w["approver"]) for w in waived] == [(reason, "#1", "null")]


def test_a_finding_on_a_document_can_be_waived(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "large")

    assert run("waive", fingerprint("DEP-006", ""), report, *OPTIONS).code == 0
    assert not (report / "out").exists()
    assert listed(run("build", report, "--format", "json")) == [("DEP-006", "张三")]


REFUSED = [
    pytest.param("few", "0123456789abcdef", (), "没有编号为", id="an unknown fingerprint"),
    pytest.param("strict", fingerprint("DEP-002", DONE), (), "必须改正", id="a rule that may not be waived"),
    pytest.param("unknown", fingerprint("DEP-004", NEW), (), "先填好", id="what could not be assessed"),
    pytest.param("few", fingerprint("DEP-001", NEW), ("--until", "2021-1-1"), "不是日期", id="no date"),
    pytest.param("few", fingerprint("DEP-001", NEW), ("--until", "2021-01-01"), "已经过去", id="a date that is past"),
    pytest.param("few", fingerprint("DEP-001", NEW), ("--reason", " "), "--reason", id="a blank reason"),
    pytest.param("few", fingerprint("DEP-001", NEW), ("--author", "\x1b"), "--author", id="a control character"),
    pytest.param("few", fingerprint("DEP-001", NEW), ("--author", "\udcff"), "--author", id="a lone surrogate"),
]


@pytest.mark.parametrize(("rule", "name", "more", "words"), REFUSED)
def test_what_is_refused_changes_nothing(
    tmp_path: Path, run: Run, rule: str, name: str, more: tuple[str, ...], words: str
):
    report = with_rules(tmp_path, rule)
    files = tree(report)
    ran = run("waive", name, report, *OPTIONS, *more)

    assert (ran.code, tree(report)) == (2, files)
    assert words in ran.err


def test_what_is_waived_already_is_not_waived_twice(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few", waivers=f"- {GOOD}\n")
    files = tree(report)
    ran = run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS)

    assert (ran.code, tree(report)) == (2, files)
    assert "已经说明过了：机构改革" in ran.err


def test_a_misspelt_fingerprint_names_the_one_that_was_meant_and_all_that_can_be_waived(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few", "strict")
    meant = fingerprint("DEP-001", NEW)
    err = run("waive", f"{meant[:-1]}x", report, *OPTIONS).err

    assert f"是否想写“{meant}”" in err
    assert f"  {meant}  DEP-001 超过一件" in err
    assert "DEP-002" not in err


@pytest.mark.parametrize("missing", ["--reason", "--author", "--approver"])
def test_who_says_so_and_why_must_be_given(tmp_path: Path, run: Run, missing: str):
    report = with_rules(tmp_path, "few")
    place = OPTIONS.index(missing)
    ran = run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS[:place], *OPTIONS[place + 2 :])

    assert (ran.code, (report / "waivers.yaml").exists()) == (2, False)
    assert f"缺少 {missing}" in ran.err


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    report = with_rules(tmp_path, "few")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = run("waive", fingerprint("DEP-001", NEW), report, *OPTIONS)

    assert ran.code == 3
    assert "OUT-003" in ran.err
    assert [path.name for path in report.iterdir() if "waivers" in path.name or path.name.startswith(".")] == []


def test_the_table_shows_the_way_to_waive_only_where_there_is_one(tmp_path: Path, run: Run):
    said = run("check", with_rules(tmp_path, "few", "strict", "unknown")).out

    assert said.count("说明情况：baogao waive") == 1
    assert f"  说明情况：baogao waive {fingerprint('DEP-001', NEW)} --reason …\n" in said


# A refused number


REFUSED_CELL = "proactive.permits.decisions"


def with_negative(folder: Path, **files: Edit) -> Path:
    """Return the example report with a number below zero where items are counted."""
    report = sample(folder, files)
    text = (report / "proactive.yaml").read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("permits:"))
    wrong = re.sub(r"decisions: \d+", "decisions: -41", row)
    (report / "proactive.yaml").write_text(text.replace(row, wrong), encoding="utf-8")
    return report


def test_no_waiver_lets_a_blank_cell_through(tmp_path: Path, run: Run):
    waiver = f"- {{rule: T2-001, path: {REFUSED_CELL}, values: {{{REFUSED_CELL}: 【待填】}}, {SIGNED}}}\n"
    report = with_negative(tmp_path, **{"waivers.yaml": waiver})
    refused = run("waive", fingerprint("T2-001", REFUSED_CELL), report, *OPTIONS)
    ran = run("build", report, "--format", "json")

    assert (refused.code, ran.code) == (2, 1)
    assert {("T2-001", ""), ("WVR-003", "")} <= set(listed(ran))
    assert not (report / "out").exists()


def test_no_setting_lets_a_blank_cell_through(tmp_path: Path, run: Run):
    report = with_negative(tmp_path)
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("\nrules: {T2-001: {severity: info}}\n")
    ran = run("build", report, "--format", "json")

    assert (ran.code, (report / "out").exists()) == (1, False)
    assert [f["severity"] for f in ran.json["findings"] if f["rule"] in ("T2-001", "SRC-008")] == ["error", "error"]


def test_a_rule_of_the_report_folder_does_not_report_refused_numbers(tmp_path: Path, run: Run):
    own = "rules:\n- {id: OWN-001, title: 本局的数, reports: number, section: proactive}\n"
    ran = run("check", with_negative(tmp_path, **{"schemas/own.rules.yaml": own}), "--format", "json")

    assert [(said.rule, said.place) for said in ran.findings if said.rule in ("PLG-008", "T2-001", "OWN-001")] == [
        ("PLG-008", "schemas/own.rules.yaml:2:39"),
        ("T2-001", "proactive.yaml:4:72"),
    ]


def test_a_rule_that_reports_refused_numbers_is_always_hard():
    made = baogao.Rule("DEP-001", "数", reports="number")

    assert (made.severity, made.waivable) == (baogao.Severity.ERROR, False)
    with pytest.raises(ValueError, match="DEP-001"):
        baogao.Rule("DEP-001", "数", reports="number", severity=baogao.Severity.INFO)


def test_a_waiver_waits_where_its_chapter_cannot_be_read_or_its_plugin_is_blocked(tmp_path: Path, run: Run):
    report = with_rules(tmp_path, "few", waivers=f"- {GOOD}\n")
    assert listed(run("check", report, "--format", "json")) == [("DEP-001", "张三")]
    assert listed(run("check", report, "--format", "json", "--no-plugins")) == []

    (report / "requests.yaml").write_text("new_received\n", "utf-8")
    found = listed(run("check", report, "--format", "json"))
    assert ("SRC-007", "") in found
    assert [rule for rule, _ in found if rule.startswith("WVR")] == []
