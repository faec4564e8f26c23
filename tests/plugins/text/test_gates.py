"""What one look at the whole text passes over, a close look at every passage would not have found."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from baogao import Report, Rule
from baogao.narrative import numbers
from baogao_disclosure.rules import naming, placeholders
from baogao_text import privacy
from baogao_text.lexicon import Lexicon
from baogao_text.passages import Whole
from plugins.text.told import RULES, report_of

LOCAL = {rule.id: rule for rule in (*naming.RULES, *placeholders.RULES)}
EVERYTHING = re.compile("")


def _texts(rule: Rule) -> list[str]:
    return [text for example in rule.examples for text in dict(example.get("text", {})).values()]


TEXTS = [text for rule in (*RULES.values(), *LOCAL.values()) for text in _texts(rule)]
SIGNS = sorted(set(chain.from_iterable(TEXTS)))
PIECES = st.builds(
    lambda text, start, length: text[start : start + length],
    st.sampled_from(TEXTS),
    st.integers(0, 30),
    st.integers(1, 14),
)
LINES = st.lists(PIECES | st.sampled_from(SIGNS), min_size=1, max_size=6).map("".join)
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3)


def told(rules: dict[str, Rule], report: Report) -> list[object]:
    return [(name, finding) for name, rule in rules.items() for finding in rule.check(report, rule.options)]


@given(PARAGRAPHS)
@example(["我局做好各项工作.", "一"])
@example(["认真执行中华人民共和国行政许可法", "一"])
@example(["(", "一"])
@settings(max_examples=400, deadline=None)
def test_the_rules_on_the_text_find_the_same_without_a_look_at_the_whole(lines: list[str]):
    found = told(RULES, report_of("\n\n".join(lines)))

    with (
        patch.object(Whole, "has", lambda *_: True),
        patch.object(Lexicon, "may_hit", lambda *_: True),
        patch.object(privacy, "has_long_number", lambda _: True),
    ):
        assert told(RULES, report_of("\n\n".join(lines))) == found


@given(PARAGRAPHS)
@settings(max_examples=200, deadline=None)
def test_names_and_gaps_are_found_the_same_without_a_look_at_their_signs(lines: list[str]):
    found = told(LOCAL, report_of("\n\n".join(lines)))

    with patch.object(naming, "TITLE", ""), patch.object(placeholders, "SIGNS", EVERYTHING):
        assert told(LOCAL, report_of("\n\n".join(lines))) == found


SAID = st.lists(
    st.sampled_from(["没有", "无", "申请", "收到", "共", "3件", "三件", "。", "，", " ", "办结"]), max_size=6
)
SOURCES = [
    *("收到申请{n}件", "(?<!办)收到申请{n}件", "(?<![^。])共{n}件", r"(?<!\s)共{n}件", "^共{n}件", "共{n}件$"),
    *(r"\A共{n}件", "共{n}件(?=。|$)", "共{n}件(?![^，])", "[^，]*+共{n}件", r"共\s*{n}件", "(?s)共.{n}件"),
    *(r"\b共{n}件", "共(?!(?:[^3])){n}件"),
]


@pytest.mark.parametrize("source", SOURCES)
@given(lines=st.lists(SAID.map("".join), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_pattern_fits_the_same_numbers_without_a_look_at_the_whole(source: str, lines: list[str]):
    pattern = numbers.NumberPattern(("requests.new_received.total",), (source,), (source.replace("{n}件", "申请"),))
    report = replace(report_of("\n\n".join(line or "一" for line in lines)), patterns=(pattern,))
    found = numbers.numbers_of(report), numbers.zero_statements(report)

    with patch.object(numbers, "_sees_edges", lambda _: True):
        again = replace(report_of("\n\n".join(line or "一" for line in lines)), patterns=(pattern,))
        assert (numbers.numbers_of(again), numbers.zero_statements(again)) == found
