"""Rule files that are wrong: each mistake is named with its place as the rule's own, and the other rules still run."""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from baogao.definitions.checking import load_shape
from baogao.files.yaml import parse_yaml
from baogao.rules.declarative import read_rules
from reports import MARK, Edit, Run, marked_place, sample

HEAD = "- id: MINE-001\n  title: 一\n"
GOOD = "- id: MINE-002\n  title: 二\n  assert: requests.new_received.total == 99\n"
NEW = "requests.new_received.total"


def bad(name: str, text: str | bytes, rule: str, *words: str, code: int = 1, goes_on: bool = True) -> ParameterSet:
    """Make a case of the rule file that holds this text before a good rule; `goes_on` tells whether that rule runs."""
    return pytest.param(text, rule, words, code, goes_on, id=name)


def asserted(equation: str, more: str = "") -> str:
    return f"{HEAD}{more}  assert: {MARK}{equation}\n"


def keyed(key: str, value: str) -> str:
    return f"{HEAD}  {key}: {MARK}{value}\n  assert: {NEW} == 2\n"


CASES = (
    # The file
    bad("a bracket that is not closed", f"- {{id: MINE-001, title: [一{MARK}}}\n", "SRC-004", goes_on=False),
    bad("a tabulator", f"{HEAD}{MARK}\tassert: a == b\n", "SRC-004", "制表符", goes_on=False),
    bad("a full-width colon", f"- id{MARK}：MINE-001\n  title: 一\n", "SRC-004", "全角", goes_on=False),
    bad("a key twice", f"{HEAD}  {MARK}title: 二\n", "SRC-005", "title", goes_on=False),
    bad("an anchor", f"- id: {MARK}&a MINE-001\n  title: 一\n", "SRC-006", goes_on=False),
    bad("a tag that would run Python", f"- id: {MARK}!!python/object/apply:os.getcwd []\n  title: 一\n", "SRC-006", goes_on=False),
    bad("GBK", HEAD.replace("一", "收费").encode("gbk"), "SRC-003", "UTF-8", goes_on=False),
    # The keys
    bad("no id", f"- {MARK}title: 一\n", "PLG-008", "id"),
    bad("no title", f"- {MARK}id: MINE-001\n", "PLG-008", "title"),
    bad("an id that is none", f"- id: {MARK}mine1\n  title: 一\n", "PLG-008", "mine1"),
    bad("an id that is a number", f"- id: {MARK}1\n  title: 一\n", "PLG-008", "id"),
    bad("a title that is blank", f"- id: MINE-001\n  {MARK}title:\n", "PLG-008", "title"),
    bad("an unknown key", keyed("severty", "error"), "PLG-008", "severty", "severity"),
    bad("an unknown severity", keyed("severity", "fatal"), "PLG-008", "fatal", "warning"),
    bad("an unknown gate", keyed("gate", "质量关"), "PLG-008", "质量关", "数据关"),
    bad("a tolerance below zero", keyed("tolerance", "-1"), "PLG-008", "tolerance"),
    bad("a tolerance in words", keyed("tolerance", "半"), "PLG-008", "tolerance"),
    bad("years that are a list", keyed("years", "[2019, 2020]"), "PLG-008", "years", "写的是“[2019, 2020]”"),
    bad("a year in words", keyed("years", f"{{from: {MARK}二〇二〇}}").replace(MARK, "", 1), "PLG-008", "二〇二〇"),
    bad("a misspelt year", keyed("years", f"{{until: {MARK}2020}}").replace(MARK, "", 1), "PLG-008", "until"),
    bad("an edition that is no list", keyed("editions", "2019"), "PLG-008", "editions"),
    bad("an unknown need", keyed("needs", f"[{MARK}internet]").replace(MARK, "", 1), "PLG-008", "internet"),
    bad("a yes for waivable", keyed("waivable", "yes"), "PLG-008", "yes", "true"),
    bad("refused numbers in a rule of the report", f"{HEAD}  reports: {MARK}number\n", "PLG-008", "报告文件夹"),
    bad("options that are a list", keyed("options", "[1]"), "PLG-008", "options"),
    bad("options, which an equation does not read", f"{HEAD}  options: {MARK}{{limit: 9}}\n  assert: {NEW} == 2\n", "PLG-008", "options"),
    bad("a need of artifacts", keyed("needs", f"[{MARK}artifact]").replace(MARK, "", 1), "PLG-008", "artifact", "previous"),
    bad("years that end before they begin", keyed("years", "{from: 2025, to: 2021}"), "PLG-008", "2025", "2021"),
    bad("a kind of unit that there is not", keyed("kinds", f"[{MARK}departmant]").replace(MARK, "", 1), "PLG-008", "departmant", "department"),
    bad("a misspelt form", f"- {MARK}id: MINE-001\n  title: 一\n  forms: [discolsure]\n  assert: {NEW} == 3\n", "PLG-008", "是否想写“disclosure”"),
    bad("an edition that there is not", f"- {MARK}id: MINE-001\n  title: 一\n  editions: ['2022']\n  assert: {NEW} == 3\n", "PLG-008", "2022", "版本"),
    bad("a misspelt section", f"- {MARK}id: MINE-001\n  title: 一\n  section: reqeusts\n  assert: {NEW} == 3\n", "PLG-008", "是否想写“requests”"),
    bad("a tolerance that says nothing", f"{HEAD}  tolerance: {MARK}1\n  assert: {NEW} < 3\n", "PLG-008", "tolerance"),
    bad("a tolerance with two points", keyed("tolerance", "0.5.5"), "PLG-008", "应为数，", "0.5.5"),
    bad("an example that is a text", keyed("examples", f"[{MARK}通过]").replace(MARK, "", 1), "PLG-008", "examples"),
    bad("a rule that is a text", f"- {MARK}MINE-001\n", "PLG-008"),
    bad("an id twice", f"{HEAD}  assert: {NEW} == 2\n- {MARK}id: MINE-001\n  title: 又一\n  assert: {NEW} == 2\n", "PLG-005", "MINE-001", "没有采用", code=3),
    bad("an id of ours", f"- {MARK}id: T3-001\n  title: 我的\n  assert: {NEW} == 2\n", "PLG-005", "T3-001", "没有采用", code=3),
    # What must be mentioned
    bad("a pattern that is none", f"{HEAD}  mentions: {{奖励: {MARK}(奖励}}\n", "PLG-008", "正则表达式"),
    bad("a pattern without a name", f"{HEAD}  mentions: {MARK}奖励\n", "PLG-008", "mentions"),
    bad("nothing to be mentioned", f"{HEAD}  mentions: {MARK}{{}}\n", "PLG-008", "mentions"),
    bad("mentions and an equation", f"{HEAD}  mentions: {MARK}{{奖励: 奖励}}\n  assert: {NEW} == 2\n", "PLG-008", "assert"),
    bad("braces that stand for nothing", f"{HEAD}  mentions: {{奖励: 奖励}}\n  message: {MARK}没有{{奖励}}\n", "PLG-008", "花括号"),
    # The equation
    bad("an equation with a slip", asserted(f"{NEW} =="), "PLG-008", "写法有误"),
    bad("one equals sign", asserted(f"{NEW} = 2"), "PLG-008", "写法有误"),
    bad("a full-width sign", asserted(f"{NEW} ＜ 2"), "PLG-008", "写法有误"),
    bad("an equation that compares nothing", asserted(f"{NEW} + 1"), "PLG-008", "比较"),
    bad("an equation without a cell", asserted("1 == 1"), "PLG-008", "没有任何一格"),
    bad("a number in a comparison of comparisons", asserted(f"({NEW} == 2) + 1 == 2"), "PLG-008", "比较的结果"),
    bad("an unknown function", asserted(f"avg({NEW}) == 2"), "PLG-008", "avg", "sum"),
    bad("a function with too much", asserted(f"abs({NEW}, 1) == 2"), "PLG-008", "不能写"),
    bad("a power", asserted(f"{NEW} ** 9 == 2"), "PLG-008", "不能写"),
    bad("a power of a power", asserted(f"{NEW} == 9**9**9**9"), "PLG-008", "不能写"),
    bad("a text in an equation", asserted(f"'{NEW} == \"2\"'"), "PLG-008", "不能写"),
    bad("an import", asserted("\"__import__('os').system('true') == 0\""), "PLG-008", "不能写"),
    bad("a class", asserted(f"{NEW}.__class__ == 2"), "PLG-008", "不能写"),
    bad("a lambda", asserted(f"'(lambda: {NEW})() == 2'"), "PLG-008", "不能写"),
    bad("a list that never ends", asserted(f"'sum([{NEW} for a in b]) == 2'"), "PLG-008", "不能写"),
    bad("too many digits", asserted(f"{NEW} == {'9' * 19}"), "PLG-008", "不是可以用的数"),
    bad("too many characters", asserted(f"{NEW}{'+1' * 1000} == 2"), "PLG-008", "太长"),
    bad("too deep", asserted(f"{'abs(' * 100}{NEW}{')' * 100} == 2"), "PLG-008"),
    bad("a condition with a slip", f"{HEAD}  when: {MARK}{NEW} >\n  assert: {NEW} == 2\n", "PLG-008", "写法有误"),
    bad("a condition that compares nothing", f"{HEAD}  when: {MARK}{NEW}\n  assert: {NEW} == 2\n", "PLG-008", "when"),
    bad("each column without a table", f"{HEAD}  each: {MARK}column\n  assert: a == b\n", "PLG-008", "章节定义"),
    bad("each cell", keyed("each", "cell"), "PLG-008", "cell", "column"),
    # What shows only when it runs
    bad("an unknown section", f"- {MARK}id: MINE-001\n  title: 一\n  assert: request.new_received.total == 2\n", "PLG-004", "request.new_received.total", code=3),
    bad("an unknown row", f"- {MARK}id: MINE-001\n  title: 一\n  assert: requests.new_recieved.total == 2\n", "PLG-004", "MINE-001", "new_recieved", "是否想写", code=3),
    bad("an unknown column", f"- {MARK}id: MINE-001\n  title: 一\n  assert: requests.new_received.sum == 2\n", "PLG-004", "new_received.sum", code=3),
    bad("an unknown place", f"- {MARK}id: MINE-001\n  title: 一\n  at: requests.nothing.total\n  assert: {NEW} == 3\n", "PLG-004", "requests.nothing.total", code=3),
    bad("a division by zero", f"- {MARK}id: MINE-001\n  title: 一\n  assert: {NEW} / requests.carried_over.total == 2\n", "PLG-004", "MINE-001", "除数为 0", code=3),
    bad("a division by zero in its condition", f"- {MARK}id: MINE-001\n  title: 一\n  when: 1 / requests.carried_over.total > 0\n  assert: {NEW} == 3\n", "PLG-004", "除数为 0", code=3),
    bad("a condition over a cell there is not", f"- {MARK}id: MINE-001\n  title: 一\n  when: requests.nothing.total > 0\n  assert: {NEW} == 3\n", "PLG-004", "requests.nothing.total", code=3),
)  # fmt: skip


def rule_file(text: str | bytes) -> Edit:
    head, tail = b"rules:\n", GOOD.encode()
    return head + (text if isinstance(text, bytes) else text.encode()) + tail


@pytest.mark.parametrize(("text", "rule", "words", "code", "goes_on"), CASES)
def test_a_mistake_in_a_rule_file_is_named_and_the_other_rules_run(
    tmp_path: Path, run: Run, text: str | bytes, rule: str, words: tuple[str, ...], code: int, goes_on: bool
):
    report = sample(tmp_path, {"schemas/mine.rules.yaml": rule_file(text), "others.md": ""})
    place = marked_place(report) or "schemas/mine.rules.yaml:3:10"
    ran = run("check", report, "--format", "json")
    named = [said for said in ran.findings if said.rule == rule and said.place == place]

    assert len(named) == 1, [f"{said.rule} {said.place} {said.words}" for said in ran.findings]
    assert [word for word in words if word not in named[0].words] == [], named[0].words
    assert [said.rule for said in ran.findings if said.rule not in ("STR-005", "MINE-002")] == [rule]
    assert "STR-005" in [said.rule for said in ran.findings]
    assert ("MINE-002" in [said.rule for said in ran.findings]) is goes_on
    assert ran.code == code


def test_an_official_rule_is_not_displaced_by_one_of_its_name(tmp_path: Path, run: Run):
    rules = f"rules:\n- id: T3-003\n  title: 我的\n  assert: {NEW} == 2\n"
    row = "carried_over:                           {natural_person: "
    report = sample(tmp_path, {"schemas/mine.rules.yaml": rules, "requests.yaml": (f"{row}0", f"{row}3")})
    ran = run("check", report, "--format", "json")

    assert ("T3-003", "requests.carried_over.total") in [(said.rule, said.path) for said in ran.findings]


def test_there_are_enough_kinds_of_mistakes():
    assert len({case.id for case in CASES}) == len(CASES) > 50


def test_a_message_is_said_as_it_was_written(tmp_path: Path, run: Run):
    """A message is no template: braces in it stand for themselves."""
    rules = f"rules:\n- id: MINE-001\n  title: 一\n  message: 见{{附表}}{{0}}%s\n  assert: {NEW} == 3\n"
    ran = run("check", sample(tmp_path, {"schemas/mine.rules.yaml": rules}), "--format", "json")

    assert [(said.rule, said.words.splitlines()[0]) for said in ran.findings] == [("MINE-001", "见{附表}{0}%s")]


@pytest.mark.parametrize(
    ("key", "words"), [("severity: info", "级别只能是 error"), ("waivable: 'true'", "不能说明情况放行")]
)
def test_a_rule_of_refused_numbers_cannot_be_made_lenient(key: str, words: str):
    text = f"rules:\n- id: MINE-001\n  title: 一\n  reports: number\n  {key}\n"
    read = read_rules(parse_yaml(text, "mine.rules.yaml"), load_shape("rules"), plugin="mine")

    assert read.rules == ()
    assert [(found.rule, str(found.location)) for found in read.problems] == [("PLG-008", "mine.rules.yaml:5:13")]
    assert words in read.problems[0].message


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        pytest.param(f"- cell: requests.new_received.total\n  match: [{MARK}'收到({{n}}件']", ("正则",), id="a pattern that is none"),
        pytest.param(f"- cell: requests.new_received.total\n  match: [{MARK}'收到申请']", ("{n}",), id="a pattern without a number"),
        pytest.param(f"- cell: requests.new_received.total\n  zero: [{MARK}'未收到(']", ("正则",), id="words for none that are no pattern"),
        pytest.param(f"- cell: {MARK}requests.new_received.total +\n  match: ['收到{{n}}件']", ("写法有误",), id="an expression with a slip"),
        pytest.param(f"- cell: requests.new_received.total\n  mtach: {MARK}['收到{{n}}件']", ("mtach", "match"), id="a misspelt key"),
        pytest.param(f"- {MARK}match: ['收到{{n}}件']", ("cell",), id="no cell"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_patterns_of_numbers_is_named(tmp_path: Path, run: Run, numbers: str, words: tuple[str, ...]):
    schema = f"section: overview\ntext:\n  rule: STR-004\nnumbers:\n{numbers}\n"
    report = sample(tmp_path, {"schemas/disclosure/2019/overview.yaml": schema, "others.md": ""})
    place = marked_place(report)
    ran = run("check", report, "--format", "json")
    named = [said for said in ran.findings if said.rule == "SRC-010" and said.place == place]

    assert len(named) == 1, [f"{said.rule} {said.place} {said.words}" for said in ran.findings]
    assert [word for word in words if word not in named[0].words] == [], named[0].words
    assert "STR-005" in [said.rule for said in ran.findings]
    assert ran.code == 1
