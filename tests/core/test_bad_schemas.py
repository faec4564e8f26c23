"""Schemas and rule files that are wrong: each mistake is named with its place, and the other chapters go on."""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

import baogao
from reports import MARK, Edit, Run, marked_place, sample

PLUGIN = """
from baogao import hookimpl, section

@hookimpl
def section_providers():
    return [section("fees")]
"""
REPORT = (
    "outputs: [docx, html]",
    "plugins: {load: [plugins/mine.py]}\nsections: {fees: {after: others}}\noutputs: [docx, html]",
)
TABLE = """\
section: fees
title: 收费情况
columns: [{id: notices, label: 通知件数}, {id: amount, label: 金额, cell: money_10k}]
rows: [{id: first, label: 上半年}, {id: second, label: 下半年}]
"""
DATA = "first: {notices: 1, amount: 2.50}\nsecond: {notices: 0, amount: 0}\n"


def fees(schema: str, data: str = DATA) -> Mapping[str, Edit]:
    """Give the report a section `fees` with this schema and this data."""
    return {
        "plugins/mine.py": PLUGIN,
        "report.yaml": REPORT,
        "schemas/fees.yaml": textwrap.dedent(schema),
        "fees.yaml": data,
    }


def changed(old: str, new: str) -> Mapping[str, Edit]:
    assert TABLE.count(old) == 1
    return fees(TABLE.replace(old, new))


def rules(text: str) -> Mapping[str, Edit]:
    """Add rules to the schema."""
    return fees(TABLE + "rules:\n" + text)


def bad(name: str, files: Mapping[str, Edit], rule: str, *words: str, code: int = 1, place: str = "") -> ParameterSet:
    return pytest.param(files, rule, words, code, place, id=name)


def test_a_section_with_a_schema_of_its_own_is_printed(tmp_path: Path, run: Run):
    ran = run("build", sample(tmp_path, fees(TABLE)), "-o", tmp_path / "out", "--format", "json")
    assert (ran.code, ran.findings) == (0, [])
    assert "七、收费情况" in next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")


SCHEMAS = (
    bad("an unknown cell type", changed("cell: money_10k", f"cell: {MARK}money_100k"), "SRC-010", "没有名为“money_100k”的单元格类型", "是否想写“money_10k”", "现有：change、count、money_10k"),
    bad("a column id twice", changed("id: amount", f"id: {MARK}notices"), "SRC-010", "id “notices”用了 2 次"),
    bad("a row id twice", changed("id: second", f"id: {MARK}first"), "SRC-010", "id “first”用了 2 次"),
    bad("an id in capitals", changed("id: second", f"id: {MARK}Second"), "SRC-010", "“Second”", "小写字母"),
    bad("an id with a dash", changed("id: second", f"id: {MARK}second-half"), "SRC-010", "“second-half”", "小写字母"),
    bad("a reserved id", changed("id: second", f"id: {MARK}items"), "SRC-010", "“items”是保留字"),
    bad("a Python keyword", changed("id: second", f"id: {MARK}import"), "SRC-010", "“import”是保留字"),
    bad("a leaf without an id", changed("{id: second, ", MARK + "{"), "SRC-010", "“下半年”缺少 id"),
    bad("a row without a label", changed("{id: second, label: 下半年}", f"{MARK}{{id: second}}"), "SRC-010", "缺少“rows 第 2 项的 label”"),
    bad("a misspelt key", changed("label: 下半年", f"lable: {MARK}下半年, label: 下"), "SRC-010", "不认识“lable”", "是否想写“label”"),
    bad("a computed cell that names nothing", changed("id: amount, label: 金额, cell: money_10k", f"id: {MARK}amount, label: 金额, computed: notices + notcies"), "SRC-010", "“notcies”", "是否想写“notices”"),
    bad("a computed cell with a slip", changed("id: amount, label: 金额, cell: money_10k", f"id: {MARK}amount, label: 金额, computed: notices +"), "SRC-010", "写法有误"),
    bad("a computed cell that calls Python", changed("id: amount, label: 金额, cell: money_10k", f"id: {MARK}amount, label: 金额, computed: \"__import__('os').getcwd()\""), "SRC-010", "不能写"),
    bad("a computed cell that asks a question", changed("id: amount, label: 金额, cell: money_10k", f"id: {MARK}amount, label: 金额, computed: notices == 1"), "SRC-010", "比较"),
    bad("a computed cell that sums a question", changed("id: amount, label: 金额, cell: money_10k", f"id: {MARK}amount, label: 金额, computed: sum(notices == 1)"), "SRC-010", "比较"),
    bad("a computed cell that rests on itself", changed("id: amount, label: 金额, cell: money_10k", f"id: {MARK}amount, label: 金额, computed: notices + amount"), "SRC-010", "amount"),
    bad("a figure that names nothing", fees(TABLE + f"figures: {{all: {MARK}first.notices + third.notices}}\n"), "SRC-010", "“third.notices”", "是否想写“first.notices”"),
    bad("an unknown layout", fees(TABLE + f"layout: {MARK}tall\n"), "SRC-010", "“tall”", "wide"),
    bad("columns that are no list", changed("[{id: notices, label: 通知件数}, {id: amount, label: 金额, cell: money_10k}]", f"{MARK}notices"), "SRC-010", "“columns”应为一个列表"),
    bad("rows without columns", fees(f"{MARK}section: fees\nrows: [{{id: first, label: 上}}]\n"), "SRC-010", "columns"),
    bad("neither table nor text", fees(f"{MARK}section: fees\ntitle: 收费情况\n"), "SRC-010", "columns"),
    bad("another section's schema", fees(TABLE.replace("section: fees", f"section: {MARK}requests")), "SRC-010", "requests", "fees"),
    bad("lists among fixed rows", fees(f"section: fees\nbands:\n- columns: [{{id: a, label: 甲}}]\n  rows: [{{id: x, label: 子}}]\n- columns: [{{id: b, label: 乙}}]\n  rows: {MARK}list\n"), "SRC-010", "list"),
    bad("rows beside each other with two columns", fees(f"section: fees\nbands:\n- across: {MARK}2\n  columns: [{{id: a, label: 甲}}, {{id: b, label: 乙}}]\n  rows: [{{id: x, label: 子}}, {{id: y, label: 丑}}]\n"), "SRC-010", "只能有一列"),
    bad("rows beside each other in groups", fees(f"section: fees\nbands:\n- across: {MARK}2\n  columns: [{{id: a, label: 甲}}]\n  rows: [{{label: 子, rows: [{{id: y, label: 丑}}]}}]\n"), "SRC-010", "不能再分组"),
    bad("too many rows beside each other", fees(f"section: fees\nbands:\n- across: {MARK}7\n  columns: [{{id: a, label: 甲}}]\n  rows: [{{id: y, label: 丑}}]\n"), "SRC-010", "across"),
    bad("an unknown rule for a text", fees(f"section: fees\ntext: {{check: {{minlenght: {MARK}10}}}}\n"), "SRC-010", "minlenght"),
    bad("a pattern that is none", fees(f"section: fees\ntext: {{check: {{regex: {MARK}'['}}}}\n"), "SRC-010", "regex"),
    bad("a tag in the default text", {**fees(f"section: fees\ntext: {{default: {MARK}'{{{{ unit.nmae }}}}'}}\n"), "fees.yaml": None}, "SRC-010", "nmae"),
    bad("a computed cell whose rule has no number", changed("id: amount, label: 金额, cell: money_10k", f"id: amount, label: 金额, computed: notices, rule: {MARK}day1"), "SRC-010", "day1"),
    bad("a total that cannot be a row", fees(f"section: fees\ncolumns: [{{id: code, label: 代码, key: \"true\"}}, {{id: n, label: 数}}]\nrows: list\nlevels: {{total: {MARK}a.b}}\n"), "SRC-010", "a.b"),
    bad("a label with a control character", changed("label: 下半年", f'label: {MARK}"下\\u0007半年"'), "SRC-010", "U+0007"),
    bad("a schema that is a list", fees(f"{MARK}- section\n"), "SRC-010", "名称: 值"),
    bad("an empty schema", fees(""), "SRC-010", "名称: 值", place="schemas/fees.yaml:1:1"),
    bad("a schema with a full-width colon", fees(f"section{MARK}：fees\na: 1\n"), "SRC-004", "全角"),
    bad("a schema in GBK", {**fees(""), "schemas/fees.yaml": "# 收费\n".encode("gbk")}, "SRC-003", "GBK", place="schemas/fees.yaml:1:3"),
    bad("no schema", {**fees(""), "schemas/fees.yaml": None}, "SRC-010", "找不到章节“fees”的定义", "schemas/fees.yaml", place="report.yaml:22:18"),
)  # fmt: skip

RULE = "- id: FEES-001\n  title: 有通知就有金额\n"
RULES = (
    bad("a rule without a title", rules(f"- {MARK}id: FEES-001\n"), "PLG-008", "title", code=1),
    bad("a rule with an id in small letters", rules(f"- id: {MARK}fees-1\n  title: 一\n"), "PLG-008", "fees-1"),
    bad("a rule with a misspelt key", rules(RULE + f"  asert: {MARK}notices == 1\n"), "PLG-008", "不认识“asert”", "是否想写“assert”"),
    bad("a rule with an unknown severity", rules(RULE + f"  severity: {MARK}fatal\n"), "PLG-008", "“fatal”", "warning"),
    bad("a rule with an unknown gate", rules(RULE + f"  gate: {MARK}数字关\n"), "PLG-008", "“数字关”", "数据关"),
    bad("an equation that names no column", rules(RULE + f"  each: row\n  assert: {MARK}notice <= amount\n"), "PLG-008", "FEES-001", "“notice”", "是否想写“notices”"),
    bad("an equation with one equals sign", rules(RULE + f"  each: row\n  assert: {MARK}notices = amount\n"), "PLG-008", "写法有误"),
    bad("rows in an equation for each row", rules(RULE + f"  each: row\n  assert: {MARK}first <= amount\n"), "PLG-008", "“first”是行的名称；each: row 时写列的名称，或改成 each: column"),
    bad("columns in an equation for each column", rules(RULE + f"  each: column\n  assert: {MARK}notices <= first\n"), "PLG-008", "“notices”是列的名称；each: column 时写行的名称，或改成 each: row"),
    bad("an equation that is a sum", rules(RULE + f"  each: row\n  assert: {MARK}notices + amount\n"), "PLG-008", "比较"),
    bad("an equation with full-width signs", rules(RULE + f"  each: row\n  assert: {MARK}notices ＝ amount\n"), "PLG-008", "写法有误"),
    bad("an equation of numbers", rules(RULE + f"  assert: {MARK}1 == 1\n"), "PLG-008", "FEES-001"),
    bad("an equation over a cell there is not", rules(f"- {MARK}id: FEES-001\n  title: 一\n  assert: fees.first.notices == fees.third.notices\n"), "PLG-004", "FEES-001", "fees.third.notices", "是否想写", code=3),
    bad("a place that is no row", rules(RULE + f"  each: column\n  at: {MARK}third\n  assert: first == second\n"), "PLG-008", "“third”"),
    bad("a rule that is a text", rules(f"- {MARK}FEES-001\n"), "SRC-010", "名称: 值"),
    bad("rules that are no list", fees(TABLE + f"rules: {MARK}{{id: FEES-001}}\n"), "SRC-010", "“rules”应为一个列表"),
    bad("a rule file without rules", {"schemas/mine.rules.yaml": f"{MARK}- id: MINE-001\n"}, "PLG-008", "rules:"),
    bad("a rule file with a slip", {"schemas/mine.rules.yaml": "rules: [{id: MINE-001\n"}, "SRC-004", "花括号", place="schemas/mine.rules.yaml:2:1"),
    bad("a rule file with a bad rule", {"schemas/mine.rules.yaml": f"rules:\n- id: MINE-001\n  title: 一\n  asert: {MARK}x\n"}, "PLG-008", "不认识“asert”"),
    bad("a rule file over rows", {"schemas/mine.rules.yaml": f"rules:\n- id: MINE-001\n  title: 一\n  each: {MARK}row\n  assert: a == b\n"}, "PLG-008", "each: 只能用在章节定义里"),
    bad("a condition that is none", {"schemas/mine.rules.yaml": f"rules:\n- id: MINE-001\n  title: 一\n  when: {MARK}requests.new_received.total\n  assert: requests.new_received.total == 2\n"}, "PLG-008", "when", "比较"),
)  # fmt: skip


@pytest.mark.parametrize(("files", "rule", "words", "code", "place"), [*SCHEMAS, *RULES])
def test_a_mistake_in_a_schema_is_named_with_its_place(
    tmp_path: Path, run: Run, files: Mapping[str, Edit], rule: str, words: tuple[str, ...], code: int, place: str
):
    report = sample(tmp_path, files)
    place = marked_place(report) or place
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    named = [said for said in ran.findings if said.rule == rule and said.place == place]
    assert len(named) == 1, [f"{said.rule} {said.place} {said.words}" for said in ran.findings]
    assert [word for word in words if word not in named[0].words] == [], named[0].words
    assert (ran.code, (tmp_path / "out").exists()) == (code, False)


def test_a_broken_schema_spoils_its_own_chapter_only(tmp_path: Path, run: Run):
    ran = run(
        "build", sample(tmp_path, {**changed("id: second", "id: first"), "problems.md": "无"}), "--format", "json"
    )
    assert sorted(said.rule for said in ran.findings) == ["NAR-008", "SRC-010", "STR-004"]


def test_all_mistakes_of_a_schema_are_named_at_once(tmp_path: Path, run: Run):
    schema = """\
        section: fees
        columns:
        - {id: a, label: 甲, cell: cuont}
        - {id: a, label: 乙}
        - {id: b, label: 丙, computed: a + x}
        - {label: 丁}
        rows: [{id: r, label: 行}]
        figures: {f: r.q}
        """
    ran = run("check", sample(tmp_path, fees(schema)), "--format", "json")
    found = sorted(said.place for said in ran.findings if said.rule == "SRC-010")
    assert found == [f"schemas/fees.yaml:{place}" for place in ("3:27", "4:8", "5:8", "6:3", "8:14")]


def test_a_schema_of_the_report_that_replaces_an_official_one_is_a_warning(tmp_path: Path, run: Run):
    official = Path(baogao.__file__).parents[2] / "schemas" / "disclosure" / "2019" / "disputes.yaml"
    own = official.read_text(encoding="utf-8") if official.is_file() else ""
    report = sample(tmp_path, {"schemas/disclosure/2019/disputes.yaml": own})
    ran = run("check", report, "--format", "json")
    assert [(said.rule, said.place) for said in ran.findings] == [("SRC-012", "schemas/disclosure/2019/disputes.yaml")]
    assert ran.code == 0


def test_a_formula_that_divides_by_zero_leaves_a_blank_with_a_finding(tmp_path: Path, run: Run):
    files = fees(
        TABLE.replace("label: 金额, cell: money_10k", "label: 每件, computed: 10 / notices, cell: money_10k"),
        "first: {notices: 4}\nsecond: {notices: 0}\n",
    )
    ran = run("build", sample(tmp_path, files), "-o", tmp_path / "out", "--format", "json")
    assert [said.path for said in ran.findings] == ["fees.second.amount"]
    assert "除数为 0" in ran.findings[0].words
    assert (ran.code, (tmp_path / "out").exists()) == (1, False)


def test_a_thousand_formulas_may_rest_on_one_another_in_any_order(tmp_path: Path):
    rows = [f"{{id: r{n}, label: 行, computed: r{n - 1} + 1}}" for n in range(1500, 0, -1)]
    schema = f"section: fees\ntitle: 收费\ncolumns: [{{id: n, label: 数}}]\nrows: [{', '.join(rows)}, {{id: r0, label: 始}}]\n"
    report = baogao.load(sample(tmp_path, fees(schema, "r0: {n: 7}\n")))

    assert report.cell("fees.r1500.n").value == 1507


def test_what_is_computed_must_fit_its_cell_too(tmp_path: Path, run: Run):
    files = fees(
        TABLE.replace("label: 金额, cell: money_10k", "label: 剩余, computed: 3 - notices"),
        "first: {notices: 1}\nsecond: {notices: 5}\n",
    )
    ran = run("build", sample(tmp_path, files), "-o", tmp_path / "out", "--format", "json")
    assert [(said.rule, said.path) for said in ran.findings] == [("TAB-002", "fees.second.amount")]
    assert "“-2”" in ran.findings[0].words
    assert (ran.code, (tmp_path / "out").exists()) == (1, False)


def test_a_gap_is_never_printed_without_a_finding(tmp_path: Path, run: Run):
    schema = TABLE.replace("label: 通知件数}", 'label: 通知件数, optional: "true"}').replace(
        "label: 金额, cell: money_10k", "label: 合计, computed: sum(notices)"
    )
    ran = run(
        "build",
        sample(tmp_path, fees(schema, "first: {notices: 1}\nsecond: {}\n")),
        "-o",
        tmp_path / "out",
        "--format",
        "json",
    )
    printed = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.html"))
    assert ("【待填】" in printed, bool(ran.findings)) != (True, False)


FORM = """\
form: notes
edition: "1"
years: {from: 2000}
title: 工作说明
heading: "{{ unit.name }}{{ title }}"
chapters:
- {section: others, title: 一、事项}
cells:
  few: {type: integer, min: 0, max: 9}
"""
OTHERS = """\
section: others
cell: few
columns: [{id: done, label: 已办}]
rows: [{id: first, label: 上半年}]
"""


def form(old: str = "", new: str = "") -> Mapping[str, Edit]:
    """Make the report one of a form that lies in its own folder."""
    assert not old or FORM.count(old) == 1
    provider = PLUGIN.replace('"fees"', '"others"')
    return {
        "report.yaml": (
            "form: disclosure",
            "plugins: {load: [plugins/mine.py], block: [disclosure.others]}\nform: notes",
        ),
        "plugins/mine.py": provider,
        "schemas/notes/1/form.yaml": FORM.replace(old, new) if old else FORM,
        "schemas/notes/1/others.yaml": OTHERS,
        "others.yaml": "first: {done: 1}\n",
    }


def test_a_report_folder_may_bring_a_form_of_its_own(tmp_path: Path):
    outcome = baogao.build(sample(tmp_path, form()), out=tmp_path / "out")
    assert outcome.report.title == "洛龙区统计局工作说明"
    assert [section.id for section in outcome.report] == ["others"]
    assert [path.name for path in outcome.written] == [
        "洛龙区统计局2020年工作说明.docx",
        "洛龙区统计局2020年工作说明.html",
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param(form("years: {from: 2000}", "years: {from: 2000, until: 2030}"), "until", id="a misspelt year"),
        pytest.param(form("title: 工作说明\n", ""), "缺少“title”", id="no title"),
        pytest.param(form("chapters:\n- {section: others, title: 一、事项}\n", "chapters: []\n"), "“chapters”没有填", id="no chapters"),
        pytest.param(form("{section: others,", "{section: Others,"), "“Others”", id="a chapter that cannot be one"),
        pytest.param(form("type: integer", "type: integr"), "integr", id="an unknown Cerberus type"),
        pytest.param(form("max: 9}", "max: 9, meta: null}"), "meta", id="a cell type that says nothing of itself"),
        pytest.param(form("max: 9}", "max: 9, meta: 5}"), "meta", id="a cell type that says a number of itself"),
        pytest.param(form("type: integer", "type: null"), "type", id="no Cerberus type"),
        pytest.param(form("max: 9", "allowed: [1, [2]]"), "allowed", id="a list among what is allowed"),
        pytest.param(form("max: 9", "max: [1, {a: b}]"), "max", id="a bound that is a list"),
        pytest.param(form("max: 9", "maximum: 9"), "maximum", id="an unknown Cerberus rule"),
        pytest.param(form("{{ title }}", "{{ titel }}"), "titel", id="a heading that names nothing"),
        pytest.param(form("{{ title }}", "{% title %}"), "heading", id="a heading with a slip"),
        pytest.param(form("title: 工作说明", "title: ../../工作说明"), "title", id="a title that leaves the folder"),
        pytest.param(form("form: notes", "form: other"), "other", id="another form's file"),
        pytest.param(form('edition: "1"', 'edition: "2"'), "“2”", id="another edition's file"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_form_stops_the_report_and_is_named(
    tmp_path: Path, run: Run, files: Mapping[str, Edit], words: str
):
    ran = run("build", sample(tmp_path, files), "-o", tmp_path / "out")
    assert ran.code == 2
    assert "schemas/notes/1/form.yaml:" in ran.err
    assert "SRC-010" in ran.err
    assert words in ran.err
    assert not (tmp_path / "out").exists()
