"""Planted numbers are always found, however they are typed; look-alikes are hardly ever taken for one."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao import Report
from baogao.model.lexicons import Word
from baogao_text.lexicon import Lexicon
from growth import LONG, grows_evenly
from plugins.text.told import RULES, plain, report_of

PLANTED = 2000
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
REGIONS = ("110101", "310115", "410311", "440305", "512501", "542200", "650102", "820000", "230522", "371482")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
AROUND = ("", "证号", "电话：", "，", "（", "共2件", "abc ", "“", "2020 ", "）。")


def identity(dice: random.Random) -> str:
    """Return an identity number, made without the code under test."""
    day = date(1900, 1, 1) + timedelta(days=dice.randrange(45000))
    digits = dice.choice(REGIONS) + day.strftime("%Y%m%d") + f"{dice.randrange(1000):03d}"
    return digits + "10X98765432"[sum(int(a) * b for a, b in zip(digits, WEIGHTS, strict=True)) % 11]


def old_identity(dice: random.Random) -> str:
    day = date(1930, 1, 1) + timedelta(days=dice.randrange(25000))
    return dice.choice(REGIONS[:5]) + day.strftime("%y%m%d") + f"{dice.randrange(1, 1000):03d}"


def mobile(dice: random.Random) -> str:
    return f"1{dice.randrange(3, 10)}{dice.randrange(10**9):09d}"


def disguised(digits: str, dice: random.Random) -> str:
    """Return the number as people type it: plain, full-width, parted, emphasised."""
    at = dice.randrange(1, len(digits))
    ways = (
        digits,
        digits.translate(FULL_WIDTH),
        f"{digits[:at]} {digits[at:]}",
        f"{digits[:at]}\u3000{digits[at:]}",
        f"{digits[:at]}\u200b{digits[at:]}",
        f"**{digits[:at]}**{digits[at:]}",
        f"{digits[:at]}**{digits[at:]}**",
        " ".join(digits),
    )
    return dice.choice(ways)


PLANTS = {"new": ("PRV-001", identity), "old": ("PRV-001", old_identity), "mobile": ("PRV-002", mobile)}


@pytest.mark.parametrize("plant", PLANTS)
def test_every_planted_number_is_found(plant: str):
    rule, make = PLANTS[plant]
    dice = random.Random(make.__name__)
    missed = []
    for _ in range(PLANTED):
        text = dice.choice(AROUND) + disguised(make(dice), dice) + dice.choice(("", "。", "，已答复", "）", " 无"))
        if not found(rule, report_of(text)):
            missed.append(text)

    assert missed == []


def found(rule: str, report: Report) -> list[object]:
    return list(RULES[rule].check(report, RULES[rule].options))


def digits_of(length: int, dice: random.Random) -> str:
    return "".join(dice.choice("0123456789") for _ in range(length))


def look_alike(dice: random.Random) -> str:
    """Return a number that a report may hold and that names nobody."""
    wrong = identity(dice)
    wrong = wrong[:17] + dice.choice([sign for sign in "0123456789X" if sign != wrong[17]])
    year = dice.randrange(1990, 2025)
    return dice.choice(
        (
            wrong,
            digits_of(18, dice),
            digits_of(15, dice),
            digits_of(dice.choice((10, 12, 13, 14, 16, 17, 19, 20, 24)), dice),
            f"0{dice.randrange(300, 999)}-{dice.randrange(10**7, 10**8)}",
            f"010-{dice.randrange(10**7, 10**8)}",
            f"400-{dice.randrange(100, 999)}-{dice.randrange(1000, 9999)}",
            f"{digits_of(6, dice)}",
            f"1{dice.choice('012')}{digits_of(9, dice)}",
            f"1{dice.randrange(3, 10)}{digits_of(9, dice)}元",
            f"编号1{dice.randrange(3, 10)}{digits_of(9, dice)}",
            f"91{digits_of(6, dice)}MA{digits_of(7, dice)}X",
            f"{year}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d} {dice.randrange(24):02d}:00",
            f"{year}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}{digits_of(dice.randrange(2, 8), dice)}",
            " ".join(str(dice.randrange(100)) for _ in range(8)),
            f"{year}-{year + 1} {year + 2} {year + 3}",
            f"{digits_of(3, dice)},{digits_of(3, dice)},{digits_of(3, dice)},{digits_of(3, dice)}",
            f"0.{digits_of(11, dice)}",
        )
    )


def test_look_alikes_are_hardly_ever_taken_for_one():
    dice = random.Random("look-alikes")
    texts = [dice.choice(("统计", "共", "为", "：")) + look_alike(dice) + "，已公开。" for _ in range(PLANTED)]
    wrong = [text for text in texts if any(found(rule, plain(text)) for rule in ("PRV-001", "PRV-002", "PRV-003"))]

    assert len(wrong) <= PLANTED // 100, wrong


@given(st.text(max_size=200))
def test_no_text_breaks_a_rule(text: str):
    for rule in RULES:
        for finding in found(rule, plain(text)):
            assert finding.message
            assert finding.location.column <= len(text) + 1


@given(st.text(alphabet="（）《》“”()[]{},.:;绝密★内部文件的了138*xX 一", max_size=60))
def test_no_heap_of_signs_breaks_a_rule(text: str):
    for rule in RULES:
        for finding in found(rule, report_of(text)):
            assert finding.message


@given(st.lists(st.text(alphabet="甲乙丙丁", min_size=2, max_size=4), unique=True), st.text(alphabet="甲乙丙丁。"))
def test_a_lexicon_finds_what_plain_search_finds(words: list[str], text: str):
    hits = list(Lexicon(Word(word) for word in words).hits(text))
    expected, at = [], 0
    while at < len(text):
        here = [word for word in words if text.startswith(word, at)]
        if here:
            expected.append((at, max(here, key=len)))
        at += len(max(here, key=len)) if here else 1

    assert [(start, word.text) for start, word in hits] == expected


def test_the_time_to_look_words_up_grows_with_their_number_and_no_faster():
    dice = random.Random("words")
    hans = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    words = tuple(Word("".join(dice.choices(hans, k=dice.randrange(2, 6)))) for _ in range(LONG))
    text = "\n".join("".join(dice.choices(hans, k=60)) for _ in range(50))

    assert grows_evenly(lambda size: found("SEN-001", report_of(text, words[:size])))


ENDLESS = (
    "患者张",
    "*1",
    "居住在",
    "一",
    "1",
    "1 ",
    "１",
    "一单元",
    "1单元",
    "小区",
    "小区1号楼",
    "家住",
    "患者张三因",
    "1*",
    "1******",
    "《",
    "（",
    "的",
    "内部文件",
    "请勿外传",
    "密级",
    "13812345678，",
    "(",
    "13812345678",
)


@pytest.mark.parametrize("sign", ENDLESS)
def test_the_time_to_judge_a_line_grows_with_its_length_and_no_faster(sign: str):
    assert grows_evenly(lambda size: [found(rule, plain(sign * (size // len(sign)))) for rule in RULES])
