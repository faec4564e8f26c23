"""What one look at the whole text passes over, a close look at every passage would not have found."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain
from unicodedata import normalize
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from baogao import Finding, Report, Rule
from baogao.model.lexicons import Word
from baogao.narrative import numbers
from baogao_disclosure.rules import naming, placeholders
from baogao_text import language, passages, privacy, secrecy
from baogao_text.digits import BETWEEN, GAP, INVISIBLE, USUAL
from baogao_text.lexicon import demonstration
from baogao_text.passages import Whole
from baogao_text.repeats import may_repeat
from plugins.text.told import RULES, plain, report_of

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


def told(rules: dict[str, Rule], report: Report) -> list[tuple[str, Finding]]:
    return [(name, finding) for name, rule in rules.items() for finding in rule.check(report, rule.options)]


def yes(*_: object) -> bool:
    return True


LOOKS = {"has": Whole, "says": Whole, "may_hold": Whole, "may_name_somebody": privacy}


@contextmanager
def close_looks_only() -> Iterator[None]:
    """Let every look at the whole tell that there may be something."""
    with ExitStack() as stack:
        for name, owner in LOOKS.items():
            stack.enter_context(patch.object(owner, name, yes))
        stack.enter_context(patch.object(language, "JUDGES", dict.fromkeys(language.JUDGES, yes)))
        yield


@given(PARAGRAPHS)
@example(["我局做好各项工作.", "一"])
@example(["认真执行中华人民共和国行政许可法", "一"])
@example(["(", "一"])
@settings(max_examples=400, deadline=None)
def test_the_rules_on_the_text_find_the_same_without_a_look_at_the_whole(lines: list[str]):
    found = told(RULES, report_of("\n\n".join(lines)))

    with close_looks_only(), patch.object(privacy, "has_long_number", yes):
        assert told(RULES, report_of("\n\n".join(lines))) == found


SPOKEN = {
    "identity and cards": [
        *("110101199003070011", "110101900307001", "银行卡6222021234567890128", "1101", "0119900307001", "1"),
        *("０", "１１０１", "①", "⑽", "٣", "½", " ", "-", "——", "\u3000", "\u200b", "-\n", "、", "号"),
    ],
    "mobile phones": [
        *("13812345678", "138", "1234", "5678", "1", "3", "8", "１", "３", "①", "🄂", "\u2074", "𝟏", "٣"),
        *(" ", "  ", "-", "·", "．", "\u200b", "\ufeff\ufeff", "+86", "0379-", "电话", "年", "\n"),
    ],
    "masks": ["138", "1", "*", "****", "×", "●●", "x", "X", "＊＊", "1234", "﹡﹡", "电话", "\n"],
    "homes": ["家", "住", "家住", "住址", "籍", "户籍地", "幸福小区", "3号楼", "2单元", "单元", "301室", "，"],
    "illnesses": ["患者", "村民", "张三", "张", "，男", "因", "确诊", "身患", "残疾", "病", "癌", "结核", "。", "，"],
    "brackets": ["1）", "（一）", "《（）》", *"（）《》“”〔〕【】「」〈〉[]{}()［］｛｝，。、： \n一十ivx1a"],
    "twice over": ["工作", "通过", "目的", "甲乙丙", "甲乙丙丁戊", *"的了和及是并但被也甲乙丙丁，。、；：0a㐀가𠀀\n"],
    "secret": ["机密", "内部", "文件", "资料", "2024〕3号", *"绝机秘密级发电函字〔[（(★：公开此本不予得宜 ，。\n"],
    "orders": ["此件", "不得公开", "请勿", "外传", "注意保存", "仅供", "内部", "使用", "阅后", "即焚", "，", "。"],
}


@pytest.mark.parametrize("kind", SPOKEN)
@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_what_a_rule_looks_for_is_found_the_same_without_a_look_at_the_whole(kind: str, data: st.DataObject):
    words = st.sampled_from(SPOKEN[kind])
    lines = data.draw(st.lists(st.lists(words, max_size=12).map("".join), min_size=1, max_size=3))
    found = told(RULES, plain(*lines))

    with close_looks_only():
        assert told(RULES, plain(*lines)) == found


DOUBLED = ["工作", "推进", "甲乙丙", "甲乙丙丁", "甲乙丙丁戊", "甲乙丙丁戊己"]
ILL = ["患了感冒", "确诊", "残疾", "癌", "肿瘤", "白血病", "尿毒症", "肝炎", "结核", "艾滋病", "抑郁症", "重病"]
SEEN = {
    "PRV-001": ["110101199003070011", "1101-0119-9003-0700-11", "１１０１０１199003070011", "110101900307001"],
    "PRV-002": ["13812345678", "１3812345678", "①3812345678", "138-1234-5678", "19912345678", "1 3 8 1 2 3 4 5 6 7 8"],
    "PRV-003": ["银行卡6222021234567890128", "银行卡6222\u30000212\u30003456\u30007890\u3000128"],
    "PRV-004": [
        *(f"{lives}城关镇5号" for lives in ("家住", "住址为", "现住于", "居住在", "户籍地为")),
        *("幸福小区3号楼2单元", "幸福小区3栋2单元", "3单元301室", *(f"村民张三因{ill}" for ill in ILL)),
    ],
    "PRV-005": ["1381239****", "1380000●●●●", "13800＊＊＊＊＊5", "1380000XXXX"],
    "SEC-001": [
        *("绝密★", "机密★", "秘 \u3000密★", "密级：内部", "某局密电〔2020〕3号", "某密发(2020)3号", "内部资料"),
        *(f"（{order}）" for order in secrecy.ORDERS),
        *(f"{this}{far}不予公开" for this in ("此件", "本文件", "本报告", "此稿") for far in ("", "甲", "甲乙丙丁")),
    ],
    "LNG-001": [
        *("a(x中y)b", "做好工作.", "位:元", "（甲", "乙）", "（甲〕", "［甲", "（甲，1）", "（甲 1）", "（甲\txiii）"),
        *(f"继续{words}{words}情况" for words in (*"的了和及是并但被也", *DOUBLED)),
        *(f"公开{one}{other}答复" for one in "，。、；：" for other in "，。、；："),
    ],
    "LNG-002": ["国办发[2017]47号", "国办发〔17〕47号", "认真执行中华人民共和国行政许可法", "“关于推进政务公开的意见”"],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in SEEN.items() for text in texts])
def test_nothing_hides_in_a_text_that_says_nothing_else(rule: str, text: str):
    assert list(RULES[rule].check(plain("无", text, "无"), RULES[rule].options))


@pytest.mark.parametrize("word", [word.text for word in demonstration()])
def test_no_word_of_our_own_list_hides(word: str):
    assert [name for name, finding in told(RULES, plain("无", word, "无")) if f"“{word}”应改为" in finding.message]


@pytest.mark.parametrize("lines", [("（甲", "乙）"), ("1）甲", "（乙，", "2）丙"), ("（甲\n乙", "丙）")])
def test_a_bracket_has_no_partner_in_another_line(lines: tuple[str, ...]):
    assert list(RULES["LNG-001"].check(plain(*lines), RULES["LNG-001"].options))


@pytest.mark.parametrize("few", [0, 100])
@given(words=st.sets(st.text("甲乙丙丁𠀀", min_size=2, max_size=4), min_size=1), text=st.text("甲乙丙丁戊𠀀\n"))
def test_many_words_and_few_are_found_the_same_without_a_look_at_the_whole(few: int, words: set[str], text: str):
    lexicon = tuple(map(Word, words))
    with patch.object(passages, "FEW", few):
        found = told(RULES, plain(text, lexicon=lexicon))

    with close_looks_only():
        assert told(RULES, plain(text, lexicon=lexicon)) == found


@given(st.text("甲乙", max_size=3), st.text("甲乙丙丁", min_size=1, max_size=7), st.text("甲乙，1", max_size=3))
def test_characters_that_stand_twice_over_are_never_missed(before: str, words: str, after: str):
    assert may_repeat(before + words * 2 + after, [len(words)])


@pytest.mark.parametrize("text", ["", "甲", "甲乙", "甲乙丙甲乙", "00000000", "、、、、", "甲乙\n甲乙", "甲\0甲\0"])
def test_what_does_not_stand_twice_over_is_seen_not_to(text: str):
    assert not may_repeat(text, [2, 3, 4])


def test_a_usual_character_is_a_digit_of_ascii_or_none_and_nothing_in_a_number_is_taken_for_a_word():
    usual, between, gap = re.compile(f"[{USUAL}0-9]"), re.compile(BETWEEN), re.compile(GAP + r"|\.")
    everything = list(filter(usual.match, map(chr, range(sys.maxunicode + 1))))
    shown = {character: normalize("NFKC", character) for character in everything}

    assert {character for character, plainly in shown.items() if re.search(r"\d", plainly)} == set("0123456789")
    assert all(between.fullmatch(sign) for sign, plainly in shown.items() if gap.fullmatch(plainly))
    assert not any(map(usual.match, INVISIBLE))


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

    with patch.object(numbers, "sees_edges", lambda _: True):
        again = replace(report_of("\n\n".join(line or "一" for line in lines)), patterns=(pattern,))
        assert (numbers.numbers_of(again), numbers.zero_statements(again)) == found
