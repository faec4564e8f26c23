"""Narratives: every line end is a paragraph, no visible character is lost, and what cannot be printed is named."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from baogao.model.cells import GAP, Cell, CellType
from baogao.model.findings import Finding, Location
from baogao.model.report import Block
from baogao.narrative.binding import bind
from baogao.narrative.markdown import Parsed, parse_markdown


def parse(text: str, line: int = 1, column: int = 1) -> Parsed:
    return parse_markdown(text, "overview", Location("overview.md", line, column))


def shown(block: Block) -> str:
    """Return a block as `kind text`, headings with their level, strong words between stars."""
    level = str(block.level or "")
    words = "".join(
        f"*{run.text}*" if run.strong else f"/{run.text}/" if run.emphasis else run.text for run in block.runs
    )
    return f"{block.kind[0]}{level} {block.marker}{words}"


def blocks(text: str) -> list[str]:
    parsed = parse(text)
    assert parsed.findings == ()
    return list(map(shown, parsed.blocks))


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.rule, f"{finding.location.line}:{finding.location.column}") for finding in parse(text).findings]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一\n二", ["p 一", "p 二"]),
        ("一\n\n\n二\n", ["p 一", "p 二"]),
        ("　　一\n  二\n\t三\n        四", ["p 一", "p 二", "p 三", "p 四"]),
        ("一  \n二\\\n三", ["p 一", "p 二\\", "p 三"]),
        (
            "## （一）甲\n正文\n### 1.乙\n#### （1）丙\n正文",
            ["h2 （一）甲", "p 正文", "h3 1.乙", "h4 （1）丙", "p 正文"],
        ),
        ("正文\n## （一）甲", ["p 正文", "h2 （一）甲"]),
        ("一\n===\n二\n==", ["p 一", "p ===", "p 二", "p =="]),
        ("1. 甲\n2. 乙\n7. 丙", ["i 1.甲", "i 2.乙", "i 7.丙"]),
        ("1.甲\n2.乙", ["p 1.甲", "p 2.乙"]),
        ("3) 甲", ["i 3)甲"]),
        ("- 甲\n- 乙\n后文", ["i · 甲", "i · 乙", "p 后文"]),
        ("- 甲\n  - 乙\n    - 丙", ["i · 甲", "i · 乙", "i · 丙"]),
        ("前**重点**后", ["p 前*重点*后"]),
        ("前*强调*后", ["p 前/强调/后"]),
        ("2020. 年", ["i 2020.年"]),
        ("2020年1月1日—12月31日", ["p 2020年1月1日—12月31日"]),
        ("a &amp; b &lt; c &#60;", ["p a &amp; b &lt; c &#60;"]),
        ("a < b > c & d", ["p a < b > c & d"]),
        ("情况<w:p/>。", ["p 情况<w:p/>。"]),
        ("[文字] (括号) [甲]：乙", ["p [文字] (括号) [甲]：乙"]),
        ("[甲]: 乙", ["p [甲]: 乙"]),
        ("#标签 ##无空格", ["p #标签 ##无空格"]),
        ("C:\\目录\\文件", ["p C:\\目录\\文件"]),
        ("\\# 不是标题\n\\- 不是列表\n\\<b>", ["p # 不是标题", "p - 不是列表", "p <b>"]),
        ("\\*\\*不是重点\\*\\*", ["p **不是重点**"]),
        ("姓名\\_\\_\\_\\_", ["p 姓名____"]),
        ("电话138****1234，139****5678。", ["p 电话138****1234，139****5678。"]),
        ("规格5*3*2，证号11****。", ["p 规格5*3*2，证号11****。"]),
        ("a_b_c 与 ~~删~~ 与 ^上^", ["p a_b_c 与 ~~删~~ 与 ^上^"]),
        ("}} 与 %} 与 { 与 { {", ["p }} 与 %} 与 { 与 { {"]),
        ("http://www.example.gov.cn/?a=1&b=2", ["p http://www.example.gov.cn/?a=1&b=2"]),
        ("", []),
        ("　\n \n", []),
    ],
)
def test_a_text_becomes_these_blocks(text: str, wanted: list[str]):
    assert blocks(text) == wanted


def test_a_simple_table_keeps_its_cells():
    [grid] = parse("| 甲 | 乙 |\n|---|---|\n| 1 | **2** |\n| | 3 |").blocks
    assert grid.kind == "grid"
    assert grid.text == "甲\t乙\n1\t2\n\t3"


@pytest.mark.parametrize("row", ["| 1 | 2 | 三 |", "| 1 | 2 | 三 | 四 |"])
def test_a_table_row_with_too_many_cells_loses_nothing_unseen(row: str):
    parsed = parse(f"| 甲 | 乙 |\n|---|---|\n{row}")
    assert parsed.findings or "三" in parsed.blocks[0].text


def test_every_block_has_its_place():
    text = "一\n\n　　二\n## 三\n- 四\n五\n\n| 六 | 七 |\n|---|---|\n| 八 | 九 |\n"
    assert [f"{block.location.line}:{block.location.column}" for block in parse(text).blocks] == [
        "1:1", "3:3", "4:1", "5:1", "6:1", "8:1",
    ]  # fmt: skip


def test_places_are_counted_in_the_file_the_text_came_from():
    parsed = parse_markdown("一{% x %}\n{% y %}", "overview", Location("report.yaml", 7, 12))
    assert [str(finding.location) for finding in parsed.findings] == ["report.yaml:7:13", "report.yaml:8:1"]


@pytest.mark.parametrize("text", ["-\n下文", "1.\n下文", "- \n\n下文", "*\n\n下文"])
def test_a_list_sign_without_words_does_not_move_to_the_next_paragraph(text: str):
    assert shown(parse(text).blocks[-1]) == "p 下文"


@pytest.mark.parametrize("text", ["##", "##\n下文", "## \n下文", "-", "1.", "下文\n-\n"])
def test_a_sign_without_words_is_printed_or_named(text: str):
    parsed = parse(text)
    sign = text.split("\n")[0 if text[0] in "#-1" else 1].strip()
    assert parsed.findings or any(sign in shown(block) for block in parsed.blocks)


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("甲`乙`", "NAR-103", "1:2"),
        ("甲[乙](丙)", "NAR-103", "1:2"),
        ("甲![乙](丙)", "NAR-103", "1:2"),
        ("甲<http://x.cn>", "NAR-103", "1:2"),
        ("甲<b>乙", "NAR-103", "1:2"),
        ("甲<!-- 乙 -->", "NAR-103", "1:2"),
        ("<div>\n甲\n</div>", "NAR-103", "1:1"),
        ("```\n甲", "NAR-103", "1:1"),
        ("甲\n\n***", "NAR-103", "3:1"),
        ("甲**乙", "NAR-103", "1:2"),
        ("**甲\n乙**", "NAR-103", "1:1"),
        ("**甲\n乙**", "NAR-103", "2:2"),
        ("是**“重点”**的", "NAR-103", "1:2"),
        ("# 甲", "NAR-106", "1:1"),
        ("甲\n　##### 乙", "NAR-106", "2:2"),
        ("甲【待填】", "NAR-105", "1:2"),
        ("甲{{ 1 + 1 }}", "NAR-104", "1:2"),
        ("甲{{ requests['a'] }}", "NAR-104", "1:2"),
        ("甲{{ requests.a | safe }}", "NAR-104", "1:2"),
        ("甲{{}}", "NAR-104", "1:2"),
        ("甲{{", "NAR-104", "1:2"),
        ("甲{%- raw -%}", "NAR-104", "1:2"),
        ("甲｛｛ a.b.c ｝｝", "NAR-104", "1:2"),
        ("一\n甲{{ A.b.c }}", "NAR-104", "2:2"),
        ("甲\x00", "TXT-001", "1:2"),
        ("一\n　甲\x1b", "TXT-001", "2:3"),
        ("甲\ud800", "TXT-001", "1:2"),
        ("甲\ufffe", "TXT-001", "1:2"),
    ],
)
def test_what_cannot_be_printed_is_named_with_its_place(text: str, rule: str, place: str):
    assert (rule, place) in found(text)


def test_one_slip_is_one_finding():
    assert [rule for rule, _ in found("甲{{ 1 + 1 }}\n乙{% x %}\n丙`丁`\n```\n戊\n```")] == [
        "NAR-104", "NAR-104", "NAR-103", "NAR-103",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "piece", ["{{", "{{ a.b.c }}", "{% x %}", "｛", "**甲 ", "`甲", "<甲 ", "[甲", "【待填】", "甲\n"]
)
def test_a_text_four_times_as_long_takes_about_four_times_the_work(piece: str):
    assert calls(piece * 2000) < 5 * calls(piece * 500)


def calls(text: str) -> int:
    """Count the calls made to read a text: unlike seconds they are the same on every machine."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        parse(text)
    finally:
        sys.setprofile(None)
    return count


def visible(text: str) -> str:
    return re.sub(r"\s", "", text)


MARKUP = "\\`*_{}[]<>#+-!|~>\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"


@pytest.mark.parametrize("sign", "\u200b\u200c\u200d\u2060\u3164\u115f\u00ad\ufeff\u202e\u2800\uffa0")
def test_a_character_that_nobody_sees_is_named(sign: str):
    assert [finding.rule for finding in parse(f"政府{sign}信息").findings] == ["TXT-002"]


plain = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=MARKUP + "【】\ufffd｛｝"), max_size=30
).filter(lambda line: not re.match(r"\s*[0-9]{1,9}[.)](\s|$)", line))


@given(st.lists(plain, max_size=6))
@settings(max_examples=400)
@example(["　　一", "", "二  "])
@example(["===", "二"])
@example(["&amp;", "a & b"])
@example(["\u00a0一", "\u2003二"])
@example([":--", "一：二"])
def test_a_plain_text_is_printed_line_by_line_with_every_character(lines: list[str]):
    text = "\n".join(lines)
    parsed = parse(text)
    noncharacters = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
    assert all(finding.rule in ("TXT-001", "TXT-002") for finding in parsed.findings)
    refused = [finding for finding in parsed.findings if finding.rule == "TXT-001"]
    assert len(refused) == len(noncharacters.findall(text))
    wanted = [visible(noncharacters.sub("\ufffd", line)) for line in lines]
    assert [visible(block.text) for block in parsed.blocks] == [line for line in wanted if line]
    assert {block.kind for block in parsed.blocks} <= {"paragraph"}


@given(st.text(alphabet="一二 *_`#-+>|![](){}%<>/\\&;:.1\n\t　=~\"'a", max_size=60))
@settings(max_examples=1500)
def test_no_letter_of_any_text_is_lost_unless_something_is_named(text: str):
    parsed = parse(text)
    printed = "".join(block.text for block in parsed.blocks)
    lost = len(re.findall("[一二a1]", text)) - len(re.findall("[一二a1]", printed))
    assert lost == 0 or parsed.findings
    assert all(1 <= finding.location.line <= text.count("\n") + 1 for finding in parsed.findings)
    assert all(1 <= block.location.line <= text.count("\n") + 1 for block in parsed.blocks)


@given(st.text(max_size=200))
@settings(max_examples=500)
def test_no_text_at_all_ends_the_program(text: str):
    for block in parse(text).blocks:
        assert not re.search("[\x00-\x08\x0e-\x1f\ud800-\udfff]", block.text)


COUNT = CellType("count")
CELLS = {
    "requests.new_received.total": Cell("requests.new_received.total", COUNT, 12),
    "requests.new_received.other": Cell("requests.new_received.other", COUNT),
}


def lookup(path: str) -> Cell:
    if path not in CELLS:
        raise KeyError(f"没有“{path}”")
    return CELLS[path]


def bound(text: str, find: Callable[[str], Cell] = lookup) -> tuple[str, list[tuple[str, str, str]]]:
    filled = bind(parse(text).blocks, "overview", find)

    def told(finding: Finding) -> tuple[str, str, str]:
        return (finding.rule, finding.state.value, f"{finding.location.line}:{finding.location.column}")

    return "\n".join(block.text for block in filled.blocks), list(map(told, filled.findings))


@pytest.mark.parametrize(
    "tag", ["{{ requests.new_received.total }}", "{{requests.new_received.total}}", "{{  requests.new_received.total}}"]
)
def test_a_bound_number_is_filled_in_and_remembers_its_cell(tag: str):
    filled = bind(parse(f"共{tag}件").blocks, "overview", lookup)
    assert filled.findings == ()
    runs = [(run.text, run.cell) for run in filled.blocks[0].runs]
    assert runs == [("共", ""), ("12", "requests.new_received.total"), ("件", "")]


def test_numbers_are_filled_in_headings_lists_tables_and_strong_words():
    tag = "{{ requests.new_received.total }}"
    text, findings = bound(f"## 共{tag}件\n- **{tag}**\n\n| {tag} | 乙 |\n|---|---|\n| 1 | {tag} |")
    assert text == "共12件\n· 12\n12\t乙\n1\t12"
    assert findings == []


def test_a_blank_cell_leaves_a_gap_that_cannot_be_assessed():
    assert bound("一\n共{{ requests.new_received.other }}件") == (
        f"一\n共{GAP}件",
        [("NAR-102", "unassessable", "2:2")],
    )


def test_an_unknown_cell_leaves_a_gap_and_fails():
    assert bound("共{{ requests.nothing.total }}件") == (f"共{GAP}件", [("NAR-101", "fail", "1:2")])


def test_each_of_several_bad_bindings_on_a_line_has_its_own_place():
    assert bound("共{{ a.b.c }}件、{{ a.b.c }}件、{{ a.b.d }}件")[1] == [
        ("NAR-101", "fail", "1:2"),
        ("NAR-101", "fail", "1:15"),
        ("NAR-101", "fail", "1:28"),
    ]


def test_a_value_that_looks_like_markup_stays_as_it_is():
    cell = Cell("a.b.c", CellType("text"), "**甲** {{ a.b.c }} <b>&amp;")
    assert bound("值：{{ a.b.c }}", lambda _: cell) == ("值：**甲** {{ a.b.c }} <b>&amp;", [])


PIECES = (
    *(
        "公开",
        "3件",
        "{{ requests.new_received.total }}",
        "{{a.b}}",
        "，",
        "1.",
        " ",
        "（一）",
        "a_b",
        "*",
        "3*5",
        "\\",
    ),
    *(
        "- ",
        "#",
        "## ",
        "#### （一）",
        "|",
        "&",
        "<",
        "{",
        "}}",
        ":",
        "-",
        "\t",
        "[一](",
        "１",
        "\u3000",
        "【待填】",
        "｛{a.b}",
    ),
    *("\x85", "\x1c", "\u2028", "\u200b", "\ue000"),
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=4))
@settings(max_examples=400)
def test_a_line_that_means_what_it_says_is_read_as_the_parser_of_markdown_reads_it(lines: list[str]):
    text = "\n".join(lines)
    nothing, anything = re.compile(r"(?!)"), re.compile("")
    closely = {"PLAIN_LINE": nothing, "NOTABLE": anything, "plain_blocks": lambda *_: None}
    with patch.multiple("baogao.narrative.markdown", **closely):
        wanted = parse(text, 4, 7)

    assert parse(text, 4, 7) == wanted
