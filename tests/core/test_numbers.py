"""The numbers of a narrative: what is one, what it is worth, where it stands, and how long it takes to find them."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from baogao import Head, Location, Report, Section, Unit
from baogao.model.numbers import NumberPattern
from baogao.narrative import needed_words, numbers
from baogao.narrative.markdown import parse_markdown
from baogao.narrative.numbers import FoundNumber, matched_numbers, numbers_of, value_of, zero_statements
from baogao.narrative.sentences import clause_around, sentence_around, sentences_in
from baogao.testing import try_report
from growth import grows_evenly
from reports import Run, sample

RECEIVED = NumberPattern(
    ("requests.new_received.total",),
    match=(r"收到[^，。；\d]{0,8}申请[^，。；\d]{0,4}{n}\s*件",),
    zero=("未收到申请",),
    never=("信访",),
)


def report_of(text: str, *patterns: NumberPattern) -> Report:
    blocks = parse_markdown(text, "overview", Location("overview.md", 1, 1)).blocks
    head = Head("disclosure", "2021", 2024, "标题", Unit("某局", "department"))
    return Report(**vars(head), sections=(Section("overview", "一、总体情况", blocks),), patterns=patterns)


def found(text: str, *patterns: NumberPattern) -> list[FoundNumber]:
    return list(numbers_of(report_of(text, *patterns)))


def told(text: str, *patterns: NumberPattern) -> list[tuple[str, object, str]]:
    return [(number.words, number.value, number.unit) for number in found(text, *patterns)]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("0", 0),
        ("１，０００", 1000),
        ("1,234.50", Fraction("1234.5")),
        ("2万", 20000),
        ("1.5万", 15000),
        ("0.00001万", Fraction(1, 10)),
        ("十", 10),
        ("十九", 19),
        ("二十", 20),
        ("两百零三", 203),
        ("一千零二十", 1020),
        ("三万零五", 30005),
        ("九千万", 90_000_000),
        ("二〇二〇", 2020),
        ("一九九八", 1998),
        ("三", 3),
        ("九十九点五", Fraction("99.5")),
    ],
)
def test_a_number_is_worth_what_it_says(words: str, value: object):
    assert value_of(words) == value


@pytest.mark.parametrize(
    "words",
    ["", "三四", "七八", "一二三", "一百二", "一千二", "一万二", "十十", "百",
     "千", "万", "万万", "一十百", "百一", "零百",
     "二两", "一百零", "点五", "一" * 17, "一" * 5000, "abc"],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(words: str):
    assert value_of(words) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("收到申请2万件", [("2万", 20000, "件")]),
        ("收费5.37万元", [("5.37", Fraction("5.37"), "万元")]),
        ("收费二十万元", [("二十", 20, "万元")]),
        ("占百分之二十五，占百分之九十九点五", [("二十五", 25, "%"), ("九十九点五", Fraction("99.5"), "%")]),
        ("三四件，一百二件，一二三件", []),
        ("公开" + "一" * 5000 + "件", []),
        ("公开" + "9" * 19 + "件", []),
        ("办结一百二十件", [("一百二十", 120, "件")]),
        ("统一思想，万元户，第一时间", []),
    ],
)
def test_the_numbers_of_a_text(text: str, numbers: list[tuple[str, object, str]]):
    assert told(text) == numbers


@pytest.mark.parametrize(
    ("text", "about"), [("20多件", True), ("20余件", True), ("二十余件", True), ("2万余件", True), ("20件", False)]
)
def test_a_rough_number_is_known_as_one(text: str, about: bool):
    assert [number.about for number in found(f"收到申请{text}", RECEIVED)] == [about]


@pytest.mark.parametrize(
    ("text", "value", "agrees"),
    [
        ("20多件", 20, True),
        ("20多件", 29, True),
        ("20多件", 30, False),
        ("20多件", 19, False),
        ("120余件", 127, True),
        ("120余件", 130, False),
        ("100余件", 150, True),
        ("2万余件", 29999, True),
        ("1.5万余件", 15999, True),
        ("1.5万余件", 16000, False),
        ("20件", 20, True),
        ("20件", 21, False),
    ],
)
def test_a_rough_number_stands_for_all_that_would_be_called_so(text: str, value: int, agrees: bool):
    [number] = found(f"收到申请{text}", RECEIVED)
    assert number.kind == "matched"
    assert number.agrees(value) is agrees


@pytest.mark.parametrize(
    "text",
    [
        "收到申请20件。",
        "收到申请二十件。",
        "收到申请一百二十件。",
        "收到申请2万件。",
        "收到申请1.5万件。",
        "收到申请20多件。",
        "去年收到申请16件，今年收到申请20件。",
        "1月至12月收到申请20件。",
        "2024年1月1日至2024年12月31日收到申请20件。",
        "截至12月底，收到申请20件。",
        "比去年增加，收到申请20件。",
        "收到申请20件（其中网上12件）。",
        "申请量由上年的10件增至本年收到申请20件。",
        "2024年收到申请20件比2023年增加。",
    ],
)
def test_a_total_of_this_year_is_matched(text: str):
    assert [number.words for number in found(text, RECEIVED) if number.kind == "matched"]


@pytest.mark.parametrize(
    "text",
    [
        "收到申请三四件。",
        "收到申请近20件。",
        "收到申请约20件。",
        "收到申请20件左右。",
        "收到申请20件以上。",
        "其中收到申请8件。",
        "新收20件，其中网络12件，信函收到申请8件。",
        "去年收到申请16件。",
        "去年，收到申请16件。",
        "上年收到申请16件。",
        "上一年收到申请16件。",
        "往年收到申请16件。",
        "2023年收到申请16件。",
        "2023年，收到申请16件。",
        "第二季度收到申请5件。",
        "上半年收到申请5件。",
        "1月至6月收到申请8件。",
        "1-6月收到申请8件。",
        "6月份收到申请8件。",
        "6月收到申请8件。",
        "收到申请8件信访。",
    ],
)
def test_a_part_another_period_or_a_guess_is_not_matched(text: str):
    assert [number.words for number in found(text, RECEIVED) if number.kind == "matched"] == []


@pytest.mark.parametrize(("text", "said"), [("未收到申请。", 1), ("去年未收到申请。", 0), ("2023年，未收到申请。", 0)])
def test_a_statement_that_there_was_none_is_of_this_year(text: str, said: int):
    assert len(list(zero_statements(report_of(text, RECEIVED)))) == said


def test_numbers_that_say_the_same_have_each_their_own_place():
    text = "第1批收到申请1件。第1批收到申请1件。"
    places = [(number.location.line, number.location.column) for number in found(text) if number.location]
    assert places == [(1, 2), (1, 8), (1, 12), (1, 18)]


def test_places_count_the_marks_of_the_source():
    [first, second] = found("## （一）**全年** 20件、*又* 3件")
    assert (first.location.column, second.location.column) == (14, 22)


def test_a_number_in_a_simple_table_is_placed_in_its_row():
    numbers = found("| 甲 | 3件 |\n|---|---|\n| 乙 | 4件 |")
    assert [number.location.line for number in numbers] == [1, 3]


def test_a_bound_number_is_placed_where_it_was_bound(tmp_path: Path, run: Run):
    line = "共{{ requests.total_handled.total }}件，第2批{{ requests.new_received.total }}件。\n"
    folder = sample(tmp_path, {"overview.md": line})
    said = run("check", folder, "--format", "json", "--numbers").json["numbers"]
    of_text = [number for number in said if number["location"]["file"] == "overview.md"]
    assert [(number["kind"], number["location"]["column"]) for number in of_text] == [
        ("bound", 2), ("free", 39), ("bound", 41),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "共9件{{ requests.new_received.total }}件。",
        "- 共9件{{ requests.new_received.total }}件。",
        "1. 共9件{{ requests.new_received.total }}件。",
        "## 共9件{{ requests.new_received.total }}件",
        "| 共9件{{ requests.new_received.total }}件 | 无 |\n|---|---|\n| 无 | 无 |",
        "| 无 | 无 |\n|---|---|\n| 无 | 共9件**{{ requests.new_received.total }}件** |",
    ],
    ids=["paragraph", "item", "numbered item", "heading", "head of a table", "table"],
)
def test_only_what_was_bound_is_a_bound_number(line: str):
    numbers = numbers_of(try_report(text={"overview": line}).report)
    told = [(number.words, number.cell) for number in numbers if number.words not in ("1", "2020", "2021")]
    received = try_report().report.cell("requests.new_received.total").text()

    assert told[-2:] == [("9", ""), (received, "requests.new_received.total")]


@pytest.mark.parametrize("flag", [(), ("--numbers",)], ids=["plain", "numbers"])
def test_five_thousand_numerals_break_nothing(tmp_path: Path, run: Run, flag: tuple[str, ...]):
    folder = sample(tmp_path, {"overview.md": "收到申请" + "一" * 5000 + "件。\n"})
    said = run("check", folder, *flag)
    assert said.code in (0, 1)
    assert "PLG-004" not in said.out + said.err


def test_a_clause_and_a_sentence_end_at_their_marks():
    text = "甲。乙，丙3件丁，戊；己"
    assert clause_around(text, 6, 7) == "丙3件丁"
    assert sentence_around(text, 6, 7) == "乙，丙3件丁，戊"
    assert [sentence for _, sentence in sentences_in("甲。乙！\n丙；\t丁")] == ["甲", "乙", "丙", "丁"]
    assert [start for start, _ in sentences_in("甲。乙！\n丙")] == [0, 2, 5]


def test_a_clause_and_a_sentence_without_marks_are_cut():
    text = "一" * 5000
    assert len(clause_around(text, 2000, 2001)) <= 61
    assert len(sentence_around(text, 2000, 2001)) <= 401


ENDLESS = (
    "一",
    "1",
    "九万",
    "1,",
    "占1%",
    "共计1篇",
    "收到申请1件",
    "其中1件",
    "2023年",
    "百分之一",
    "未收到申请",
    "1万",
    "十余",
)


@pytest.mark.parametrize("piece", ENDLESS)
def test_the_time_to_read_a_line_grows_with_its_length_and_no_faster(piece: str):
    def read(size: int) -> None:
        block = parse_markdown(piece * (size // len(piece)), "overview", Location("overview.md", 1, 1)).blocks[0]
        report = Report(**{**vars(report_of("甲", RECEIVED)), "sections": (Section("overview", "一", (block,)),)})
        assert all(number.location and len(number.clause) <= 80 for number in numbers_of(report))
        zero_statements(report)

    assert grows_evenly(read)


SIGNS = (
    *("0", "1", "9", "23", "１", "，", ",", "000", ".", "．", " ", "零", "一", "二", "十", "百"),
    *("千", "万", "两", "点", "余", "多", "左右", "近", "百分之", "%", "件", "宗", "条", "元", "。", "其中"),
    *("去年", "共", "收到", "申请", "收到申请3件", "甲", "\n\n"),
)
SAID = st.lists(st.sampled_from(SIGNS), max_size=14).map("".join)


@given(SAID)
@settings(max_examples=400, deadline=None)
def test_numbers_are_found_the_same_when_they_are_looked_for_everywhere(text: str):
    known = found(text, RECEIVED)

    with patch.object(numbers, "BEGINNING", re.compile("(?s).+")):
        assert found(text, RECEIVED) == known


@given(SAID, st.lists(st.sampled_from(SIGNS), min_size=1, max_size=3))
@settings(max_examples=400, deadline=None)
def test_the_numbers_near_words_and_those_that_are_known_are_among_all(text: str, words: list[str]):
    every = found(text, RECEIVED)

    near = [number for number in every if any(word in number.block.text for word in words)]
    assert list(numbers_of(report_of(text, RECEIVED), *words)) == near
    assert list(matched_numbers(report_of(text, RECEIVED))) == [number for number in every if number.kind == "matched"]


PARTS = st.sampled_from(
    [
        *(
            "收到",
            "申请",
            "共",
            "件",
            "甲",
            "收?",
            "申请*",
            "共+",
            "(?:收到)?",
            "甲{0,2}",
            "申{1,2}",
            "(收到)",
            "(?:共|件)",
        ),
        *(
            r"\s",
            r"\w",
            r"\u5171",
            ".",
            "[收共]",
            "[^，。]",
            "[]申]",
            "(?<!共)",
            "(?!申请)",
            "(?=申)",
            "^",
            "$",
            "(?i:a)",
        ),
    ]
)
SOURCES = st.recursive(
    PARTS,
    lambda inner: (
        st.builds("(?:{}|{})".format, inner, inner)
        | st.builds("{}|{}".format, inner, inner)
        | st.builds("(?:{}){}".format, inner, st.sampled_from(["", "?", "*?", "+", "{0,1}", "{1,2}"]))
        | st.builds("{}{}".format, inner, inner)
    ),
    max_leaves=5,
)


@given(SOURCES, SOURCES, SAID)
@example("(?:收到)?申请", "件", "申请3件")
@example(r"\u7533\u8bf7", "件", "申请3件")
@example("(?i)a", "件", "A3件")
@example("[收共]", "件", "共3件")
@example("[]申]", "件", "]3件")
@example(r"[\]申]", "件", "]3件")
@settings(max_examples=600, deadline=None)
def test_an_expression_fits_the_same_without_a_look_for_the_words_it_needs(before: str, after: str, text: str):
    assume(_compiles(before) and _compiles(before + "1" + after))
    pattern = NumberPattern(("requests.new_received.total",), (f"{before}{{n}}{after}",), (before,))
    known = found(text, pattern), zero_statements(report_of(text, pattern))

    with patch.object(needed_words, "needed_words", lambda _: ((), ())):
        assert (found(text, pattern), zero_statements(report_of(text, pattern))) == known


def _compiles(source: str) -> bool:
    try:
        re.compile(source)
    except re.error:
        return False
    return True
