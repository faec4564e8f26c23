"""What the rules pass over at a first look at the narrative, a close look at every sentence would not have found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from baogao import Report, Section, sentences_in
from baogao_disclosure import form
from baogao_disclosure.rules import (
    applications,
    identity,
    naming,
    numbering,
    numbers,
    period,
    placeholders,
    powers,
)
from baogao_disclosure.sentences import Sentence, first_sentences, sentences, sentences_with
from plugins.disclosure.conftest import opened, with_cells, with_text

SAMPLE = opened("2021").report
FILLED = with_cells(
    SAMPLE,
    {
        "requests.new_received.natural_person": 20,
        "requests.disclosed.natural_person": 18,
        "requests.carried_forward.natural_person": 2,
        "disputes.review.upheld": 1,
        "proactive.permits.decisions": 41,
        "proactive.fees.amount": Decimal("12.5"),
    },
)
RULES = [rule for rule in form.validation_rules() if rule.scope.covers(SAMPLE) and "previous" not in rule.needs]
NAMES = ["示例县统计局", "安乐镇人民政府", "甲；邻近县统计局", "洛龙区，统局"]
TOPICS = [
    ["由示例县审计局编制", "与邻近县审计局联系", "由我局编制", "某局", "2023年", "政府信息公开工作年度报告", "，"],
    ["邻近县统计局", "邻近县", "我镇", "由我镇", "本街道", "我局限于", "学习", "公开信息", "，", "。", *NAMES],
    ["2023年", "２０２３年", "2025年", "12023年", "2024年", "《2023年条例》", "我局公开信息", "比", "将", "，", "。"],
    ["自2001年1月1日", "至2001年12月31日", "２０２４年1月1日", "2024年度", "2023年年度报告", "2023年度报告", "。"],
    ["收到公开申请3件", "未收到政府信息公开申请", "公开行政许可决定12件", "行政处罚决定", "12件", "去年", "，", "。"],
    ["全部办结", "均已答复", "都已答复", "未", "留言", "申请", "结转", "，", "。"],
    [
        "公开40条",
        "公开40条，10条，占35%",
        "公开9条，3条，共计3条",
        "10条",
        "二十条",
        "共计",
        "合计",
        "累计",
        "50条",
        "占",
        "25%",
        "百分之三十",
        "其中",
        "，",
        "。",
    ],
    ["收费通知", "信息处理费", "385元", "0.5万元", "实际收取", "无", "未发出", "，", "。"],
    ["XX", "x", "×", "_", "＿＿", "○", "待补充", "待填写", "此处填写", "请填写内容", "TODO", "fıxme", "lorem ipsum"],
    ["{{ a }}", "<!-- 甲 -->", "【待填】", "甲"],
    ["\n\n", "\n\n## ", "\n\n### ", "一、", "（一）", "（二）", "1.", "2、", "（1）", "（2）", "甲", "２、"],
]
PHRASES = [phrase for topic in TOPICS for phrase in topic]
TEXTS = [text for rule in RULES for given in rule.examples for text in dict(given.get("text", {})).values()]
PIECES = st.builds(
    lambda text, start, length: text[start : start + length],
    st.sampled_from(TEXTS),
    st.integers(0, 30),
    st.integers(1, 14),
)
TOPIC = (
    st.sampled_from(TOPICS)
    .flatmap(lambda phrases: st.lists(st.sampled_from(phrases), min_size=2, max_size=7))
    .map("".join)
)
SAID = st.lists(TOPIC | PIECES, min_size=1, max_size=3).map("".join)
SECTIONS = ["preface", "overview", "problems", "others"]
NARRATIVES = st.fixed_dictionaries({}, optional=dict.fromkeys(SECTIONS, SAID))
EVERYTHING = re.compile("")


def every_sentence(sections: Iterable[Section], *_words: str) -> Iterator[Sentence]:
    blocks = ((section, block) for section in sections for block in section.blocks if block.kind != "heading")
    return (Sentence(section.id, text) for section, block in blocks for _, text in sentences_in(block.text))


def every_year(report: Report) -> list[tuple[Section, set[str]]]:
    years = {str(year) for year in range(report.year - 9, report.year + 9)}
    return [(section, years) for section in report]


CLOSELY: list[tuple[Any, str, Any]] = [
    *((module, "sentences_with", every_sentence) for module in (naming, applications, powers)),
    *((module, "years_named", every_year) for module in (identity, period)),
    (naming, "TITLE", ""),
    (naming, "_may_name_others", lambda _: True),
    (placeholders, "SIGNS", EVERYTHING),
    (numbering, "BEGINNING", EVERYTHING),
    (numbers, "TOTALS", ("",)),
    (numbers, "SHARE", ""),
    (numbers, "DONE", ("",)),
]


def told(report: Report) -> list[object]:
    return [(rule.id, finding) for rule in RULES for finding in rule.check(report, rule.options)]


@given(st.booleans(), NARRATIVES, st.sampled_from(NAMES), SAID, SAID)
@settings(max_examples=600, deadline=None)
@example(False, dict.fromkeys(SECTIONS, "甲；邻近县统计局公开信息。"), "甲；邻近县统计局", "", "")
@example(False, {"preface": "如有疑问，请与邻近县审计局联系。"}, "示例县统计局", "", "")
@example(False, {"overview": "在２０２３年公开信息。"}, "示例县统计局", "", "")
def test_the_rules_find_the_same_without_a_first_look(
    filled: bool, texts: dict[str, str], name: str, title: str, address: str
):
    sample = FILLED if filled else SAMPLE
    unit = replace(sample.unit, name=name, extra={**sample.unit.extra, "address": address})

    def report() -> Report:
        return replace(with_text(sample, **texts), unit=unit, title=title)

    found = told(report())

    with ExitStack() as stack:
        for looked in CLOSELY:
            stack.enter_context(patch.object(*looked))
        assert told(report()) == found


@given(NARRATIVES, st.lists(PIECES | st.sampled_from(PHRASES), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_the_sentences_with_a_word_and_the_first_ones_are_among_all(texts: dict[str, str], words: list[str]):
    report = with_text(SAMPLE, **texts)
    every = list(sentences(report))

    assert every == list(every_sentence(report))
    assert list(sentences_with(report, *words)) == [
        sentence for sentence in every if any(word in sentence.text for word in words)
    ]
    assert first_sentences(report) == {
        section: next(of_section)
        for section, of_section in ((section.id, sentences(report, section.id)) for section in report)
        if any(sentence.section == section for sentence in every)
    }
