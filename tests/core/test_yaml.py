"""YAML: what each way of writing means, where each value stands, and what is refused in plain Chinese."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.files.yaml import Document, parse_yaml


def data(text: str) -> Any:
    document = parse_yaml(text, "a.yaml")
    assert document.problems == ()
    return document.data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("2.50", Decimal("2.50")),
        ("-0.5", Decimal("-0.5")),
        ("999999999999999999", 999999999999999999),
        ("", None),
        ("~", None),
        ("null", None),
        ("# 待填", None),
        ('"2"', "2"),
        ("'2'", "2"),
        ('""', ""),
        ("010", "010"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("1.", "1."),
        ("+1", "+1"),
        ("-0", "-0"),
        ("1000000000000000000000", "1000000000000000000000"),
        ("NULL", "NULL"),
        ("true", "true"),
        ("no", "no"),
        (".inf", ".inf"),
        ("22:22", "22:22"),
        ("2020-01-01", "2020-01-01"),
        ("１２", "１２"),
        ("/", "/"),
        ("[1, 2.0]", [1, Decimal("2.0")]),
        ("{a: 1}", {"a": 1}),
        ("[]", []),
        ("{}", {}),
        ("|\n  一\n  二\n", "一\n二\n"),
        (">\n  一\n  二\n", "一 二\n"),
    ],
)
def test_a_plain_value_means_what_a_clerk_would_say(written: str, value: Any):
    read = data(f"a: {written}\n")["a"]
    assert (read, type(read)) == (value, type(value))


def test_a_decimal_keeps_the_digits_as_typed():
    assert str(data("a: 2.50")["a"]) == "2.50"


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "\n\n", "---\n"])
def test_a_file_that_says_nothing_is_blank(text: str):
    assert data(text) is None


def places(document: Document, keys: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], str]:
    spot = document.spot
    for key in keys:
        spot = spot.children[key]
    found = {keys: f"{spot.line}:{spot.column}"}
    for key in spot.children:
        found |= places(document, (*keys, key))
    return found


def test_every_value_has_its_place_counted_in_characters():
    text = '# 注释\n甲: 1\n乙:\n  "丙": {丁: 二, 戊: [3, "四"]}\n  己:\n  庚: |\n    文\n'
    assert places(parse_yaml(text, "a.yaml")) == {
        (): "2:1",
        ("甲",): "2:4",
        ("乙",): "4:3",
        ("乙", "丙"): "4:8",
        ("乙", "丙", "丁"): "4:12",
        ("乙", "丙", "戊"): "4:18",
        ("乙", "丙", "戊", 0): "4:19",
        ("乙", "丙", "戊", 1): "4:22",
        ("乙", "己"): "5:3",  # a blank is where its name is
        ("乙", "庚"): "7:1",  # the text of a block begins on the next line
    }


def test_the_place_of_a_value_that_is_not_there_is_the_nearest_around_it():
    document = parse_yaml("a:\n  b: {c: 1}\n", "a.yaml")
    assert [
        str(document.locate(*keys)) for keys in (("a", "b", "c"), ("a", "b", "x"), ("a", "x", "c"), ("x",), ())
    ] == [
        "a.yaml:2:10",
        "a.yaml:2:6",
        "a.yaml:2:3",
        "a.yaml:1:1",
        "a.yaml:1:1",
    ]


def problems(text: str) -> list[tuple[str, str]]:
    document = parse_yaml(text, "a.yaml")
    assert document.data is None
    assert document.broken
    return [(finding.rule, f"{finding.location.line}:{finding.location.column}") for finding in document.problems]


def test_everything_refused_is_named_at_once():
    text = "a: &x 1\nb: *x\nc: !!str 2\nd:\n  <<: {}\na: 3\n"
    assert problems(text) == [
        ("SRC-006", "1:4"),
        ("SRC-006", "2:4"),
        ("SRC-006", "3:4"),
        ("SRC-006", "5:3"),
        ("SRC-005", "6:1"),
    ]


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert {rule for rule, _ in problems("\n".join(lines))} == {"SRC-006"}


def test_fifty_levels_are_read_and_more_are_refused():
    assert data("[" * 50 + "]" * 50) is not None
    assert problems("[" * 60 + "]" * 60) == [("SRC-004", "1:52")]


SLIPS = {
    "a colon without a blank in braces": "a: {b:, c: 1}",
    "a bare dash": "a: -\n",
    "a bracket too many": "a: ]\n",
    "a brace too many": "a: {b: 1}}\n",
    "an ampersand alone": "a: &\n",
    "a star alone": "a: *\n",
    "a backslash in quotes": 'a: "C:\\公文"\n',
    "a half escape": 'a: "\\x4"\n',
    "a lone surrogate": 'a: "\\ud800"\n',
    "words after a block sign": "a: |说明\n",
    "a percent sign first": "%年报\na: 1\n",
    "a percent sign": "a: %1\n",
    "a backtick": "a: `1`\n",
    "an at sign": "a: @1\n",
    "words after a quote": "a: '一' 二\n",
    "a quote left open": "a: '一\n",
    "a list under a value": "a: 1\n- b\n",
    "a name under a list": "- a\nb: 1\n",
    "deeper under a value": "a: 1\n b: 2\n",
    "a line without a colon": "a\nb: 1\n",
    "two documents": "---\n...\nx: 1\n",
    "an unknown tag": "a: !x!y z\n",
    "a tag left open": "a: !<x\n",
    "a tab": "a:\n\tb: 1\n",
    "full-width braces": "a: ｛b: 1｝\n",
    "a control character": "a: \x01\n",
    "a nul": "a: \0\n",
}


@pytest.mark.parametrize("text", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_explained_in_chinese_with_its_place(text: str):
    [finding] = parse_yaml(text, "a.yaml").problems
    assert finding.rule in ("SRC-004", "SRC-006")
    assert finding.location.line is not None
    assert re.findall(r"[A-Za-z]{3,}(?:\s+[A-Za-z]{3,})+", finding.message) == []


@given(st.text(alphabet="ab:{}[]-,#&*!|>'\"%@` \n\t：“”0.\\\x01\ufffe", max_size=40))
def test_no_text_ends_the_program(text: str):
    document = parse_yaml(text, "a.yaml")
    assert document.broken or document.problems == ()
    assert all(finding.location and finding.message for finding in document.problems)


@given(st.text(alphabet="ab:{}[]-,#'\" \n", max_size=30))
def test_what_is_read_is_what_pyyaml_reads(text: str):
    document = parse_yaml(text, "a.yaml")
    if document.problems:
        return
    assert _blanks(document.data) == _blanks(yaml.load(text, Loader=yaml.BaseLoader))


def _blanks(value: Any) -> Any:
    """Take "" and None for the same, since only the place of a quote tells them apart."""
    if isinstance(value, dict):
        return {key: _blanks(item) for key, item in value.items()}
    return [_blanks(item) for item in value] if isinstance(value, list) else value or None


ROWS = st.sampled_from(
    [
        *("a", "b_1", "null", "true", "A", "", "-", "#", "# 共 3 项", "#\x07", "甲", '"a"', "<<"),
        *(": ", ":", ":  ", " : ", "{", "}", "{a: 1}", "{a: 1, b: -2}", "{a: 1, a: 2}", "{a: 1,b: 2}", "{a: {b: 1}}"),
        *("0", "-1", "-0", "01", "1.5", "1e3", "+1", "1_0", "1" * 18, "1" * 19, " ", "\t", "，"),
    ]
)


@given(st.lists(st.lists(ROWS, max_size=5).map("".join), max_size=4))
@settings(max_examples=600)
def test_rows_that_need_no_parser_are_read_as_the_parser_reads_them(lines: list[str]):
    text = "\n".join(lines)
    with patch("baogao.files.yaml.plain_rows", lambda _: None):
        wanted = parse_yaml(text, "a.yaml")

    assert parse_yaml(text, "a.yaml") == wanted
    assert repr(parse_yaml(text, "a.yaml").data) == repr(wanted.data)


def test_the_table_of_a_report_needs_no_parser(monkeypatch: pytest.MonkeyPatch):
    text = "# 三、申请\nreceived: {person: 2, total: 2}  # 新收\n\nforward:  0\n"
    places = parse_yaml(text, "a.yaml").spot.children["received"].children["total"]

    monkeypatch.setattr("baogao.files.yaml._Reader", None)

    assert parse_yaml(text, "a.yaml").data == {"received": {"person": 2, "total": 2}, "forward": 0}
    assert (places.line, places.column) == (2, 30)


def test_the_parser_written_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert data("a: {b: 1.50}\n") == {"a": {"b": Decimal("1.50")}}
    assert problems("a: \x01\n") == [("SRC-004", "1:4")]
    assert problems("a: 1\na: 2\n") == [("SRC-005", "2:1")]
