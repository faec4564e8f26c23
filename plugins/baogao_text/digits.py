"""Numbers that name a person: identity cards, mobile phones, bank cards; found however they are typed.

Full-width digits, blanks, hyphens, invisible characters and emphasis do not hide a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Plain",
    "Typed",
    "bank_cards",
    "has_long_number",
    "identity_numbers",
    "masked",
    "may_name_somebody",
    "mobile_numbers",
    "old_identity_numbers",
    "typed_plainly",
]

INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
LONG = re.compile(r"\d(?:[^\w，。；、：（）()《》“”]{0,3}[\dXxＸｘ*＊]){9}")
"""What might hold such a number: nothing else need be looked at closely."""

USUAL = r"\0-/:-\x7f·×\u2010-\u2046\u2500-\u26ff\u3000-\u303f\u4e00-\u9fff！-／：-～"
"""Characters that are no digits and hold none: the other ones of ASCII, Chinese characters and signs."""

BETWEEN = r"[^\w\n，。；、：（）()《》“”]*+"
TELLING = re.compile(
    rf"[^{USUAL}](?:(?<![0-9])|(?<![0-9][0-9])(?:{BETWEEN}[0-9]){{14}}|(?<=1){BETWEEN}[3-9](?:{BETWEEN}[0-9]){{9}})"
)
"""What is unusual, or what every such number holds: fifteen digits, or the eleven of a mobile phone."""

GAP = r"[ \t\-‐‑‒–—―−·]{0,2}"
IDENTITY = re.compile(rf"(?<!\d)(?<!\D0\.)(?<!^0\.)(?=((?:\d{GAP}){{17}}[\dXx])(?!\d))")
OLD_IDENTITY = re.compile(
    rf"(?<!\d)(?:(?<![A-Za-z])|(?<=[Ii][Dd])|(?<=[Nn][Oo]))"
    rf"(?=((?:\d{GAP}){{14}}\d)(?![\dA-Za-z]))"
)
CARD = re.compile(rf"(?<!\d)(?<!\D0\.)(?<!^0\.)(?=((?:\d{GAP}){{15,18}}\d)(?!\d))")
MOBILE = re.compile(
    r"""(?<!\d)(?<!\D0\.)(?<!^0\.)(?<!\d[\-‐‑‒–—―−])             # no later part of the number of a paper
    (?:(?:\+|00)?86[ \-]?|0)?                                # from abroad, or from another town
    (?!19\d\d[ \-](?:19|20)\d\d[ \-])                         # two years
    (?=(1[3-9]\d{9}                                           # in one piece
    |1[3-9]\d[\-.· ]\d{4}[\-.· ]\d{4}|1[3-9]\d[\-.·]\d{8}
    |1[3-9]\d[\-.· ]\d{3}[\-.· ]\d{5}|1[3-9]\d\d[\-.· ]\d{3}[\-.· ]\d{4}|1[3-9]\d{5}[\-.·]\d{4}
    |1[ ]{0,2}[3-9](?:[ ]?\d){9}                              # parted by blanks, at most twice or everywhere
    )(?!\d|\.\d))""",
    re.VERBOSE,
)
MEASURED = re.compile(r"\s?(?:元|万|亿|美元|[%％‰件人次吨户]|平方|公里|千瓦|字节)")
OF_A_PAPER = re.compile(r"\s?号(?![码机])")
NUMBERED = re.compile(
    r"(?:编号|单号|案号|文号|代码|流水号|序号|订单号?|条码|条形码|档案号|卷号|案卷|科目|凭证|合同|项目|证书号|许可证号?"
    r"|决定书|通知书|告知书|[Nn][Oo]|№)[.：:为是 ]{0,3}$"
)
PHONE_WORDS = re.compile(r"电话|手机|联系|致电|拨打|微信")
PERSON_WORDS = re.compile(r"身份|公民")
LETTERS = re.compile(r"[A-Za-z_]+$")
BEFORE_PHONES = frozenset({"tel", "telephone", "phone", "mobile", "mob", "cell", "cellphone", "wechat", "vx", "wx"})
CARD_WORDS = re.compile(r"卡|[账帐][号户]|开户|银行|收款|汇款")
CARD_PREFIXES = re.compile(r"62|60|4|5[1-5]|3\d|9558")

PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
FIRST_YEAR = 1880
OLD_LENGTH = 15
KEPT: Mapping[str, tuple[int, int]] = MappingProxyType({"mobile": (3, 4), "identity": (2, 3), "card": (4, 4)})
"""How many digits the usual masks show at either end."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A number found in a text: where, and its digits without what parted them."""

    start: int
    end: int
    digits: str


@dataclass(frozen=True)
class Plain:
    """A text after NFKC, without invisible characters; `places` says where each character came from."""

    text: str
    places: tuple[int, ...]

    def typed(self, start: int, end: int) -> Typed:
        """Return the number that stands there."""
        digits = re.sub(r"[^\dX]", "", self.text[start:end].upper())
        return Typed(self.places[start], self.places[end - 1] + 1, digits)

    @cached_property
    def identities(self) -> tuple[Typed, ...]:
        """Return the identity numbers: 18 digits with date and check digit, or 15 with region and date."""
        new = [self.typed(*found.span(1)) for found in IDENTITY.finditer(self.text)]
        found = [typed for typed in new if _is_identity(typed.digits)]
        taken = _places_of(found)
        for match in OLD_IDENTITY.finditer(self.text):
            typed = self.typed(*match.span(1))
            likely = _is_old_identity(typed.digits) and _in_one_piece(self.text, *match.span(1))
            if likely and not _of_a_paper(self.text, match.start(1)) and _is_free(typed, taken):
                found.append(typed)
                taken |= _places_of([typed])
        return tuple(found)


def has_long_number(text: str) -> bool:
    """Tell whether a number in the text is long enough to be anybody's."""
    return bool(LONG.search(text))


def may_name_somebody(text: str) -> bool:
    """Tell whether any number in the text can be a person's: that of an office's phone cannot."""
    return bool(TELLING.search(text))


def typed_plainly(text: str) -> Plain:
    """Return the text in plain characters."""
    shown = {character: normalize("NFKC", character) for character in set(text) - INVISIBLE}
    pairs = [(plain, place) for place, character in enumerate(text) for plain in shown.get(character, "")]
    return Plain("".join(plain for plain, _ in pairs), tuple(place for _, place in pairs))


def identity_numbers(plain: Plain) -> list[Typed]:
    """Return the identity numbers of eighteen digits."""
    return [typed for typed in plain.identities if len(typed.digits) > OLD_LENGTH]


def old_identity_numbers(plain: Plain) -> list[Typed]:
    """Return those of fifteen digits: without a check digit they are likely, never sure."""
    return [typed for typed in plain.identities if len(typed.digits) == OLD_LENGTH]


def _of_a_paper(text: str, start: int) -> bool:
    before = text[max(start - 12, 0) : start]
    return bool(NUMBERED.search(before)) and not PERSON_WORDS.search(before)


def mobile_numbers(plain: Plain) -> list[Typed]:
    """Return the mobile numbers, but not amounts and the numbers of papers."""
    taken = _places_of(plain.identities)
    found: list[Typed] = []
    for match in MOBILE.finditer(plain.text):
        start, end = match.span(1)
        typed = plain.typed(start, end)
        if _is_mobile(plain.text, match.start(), start, end) and _is_free(typed, taken):
            found.append(typed)
            taken |= _places_of([typed])
    return found


def bank_cards(plain: Plain) -> list[Typed]:
    """Return the card numbers: prefix and check digit of a card, and a word that speaks of one nearby."""
    taken = _places_of(plain.identities)
    found: list[Typed] = []
    for match in CARD.finditer(plain.text):
        start, end = match.span(1)
        typed = plain.typed(start, end)
        nearby = plain.text[max(start - 16, 0) : start] + "\n" + plain.text[end : end + 8]
        wanted = CARD_PREFIXES.match(typed.digits) and _luhn(typed.digits) and CARD_WORDS.search(nearby)
        if wanted and _is_free(typed, taken):
            found.append(typed)
            taken |= _places_of([typed])
    return found


def masked(digits: str, kind: str) -> str:
    """Return a number with its middle hidden, as practice hides it."""
    first, last = KEPT[kind]
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]


def _places_of(found: Iterable[Typed]) -> set[int]:
    return {place for typed in found for place in range(typed.start, typed.end)}


def _is_free(typed: Typed, taken: set[int]) -> bool:
    """Tell whether no number found before holds a digit of this one."""
    return taken.isdisjoint(range(typed.start, typed.end))


def _is_mobile(text: str, first: int, start: int, end: int) -> bool:
    """Tell whether eleven digits are a phone number where they stand."""
    before = text[max(first - 12, 0) : first]
    if (letters := LETTERS.search(before)) and letters.group().lower() not in BEFORE_PHONES:
        return False
    measured = MEASURED.match(text, end) or NUMBERED.search(before)
    paper = OF_A_PAPER.match(text, end) and not PHONE_WORDS.search(before)
    return not measured and not paper and _in_one_piece(text, start, end)


def _in_one_piece(text: str, start: int, end: int) -> bool:
    """Tell whether digits are parted twice at most, or each from the next, as nothing else around them is."""
    groups = re.findall(r"\d+", text[start:end])
    if len(groups) <= 3:
        return True
    alone = not re.search(r"(?<!\d)\d $", text[max(start - 3, 0) : start]) and not re.match(r" \d(?!\d)", text[end:])
    return alone and set(map(len, groups)) == {1}


def _is_identity(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], WEIGHTS, strict=True))
    return (
        bool(PROVINCES.match(digits))
        and _is_birthday(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
        and CHECK_DIGITS[total % 11] == digits[17]
    )


def _is_old_identity(digits: str) -> bool:
    """Tell whether fifteen digits are an identity number; without a check digit the region must be likely too."""
    city, county = int(digits[2:4]), int(digits[4:6])
    return (
        bool(PROVINCES.match(digits))
        and (1 <= city <= 70 or city == 90)
        and (1 <= county <= 39 or county >= 81)
        and digits[12:] != "000"
        and _is_birthday(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    )


def _is_birthday(year: int, month: int, day: int) -> bool:
    try:
        return year >= FIRST_YEAR and date(year, month, day) <= date.today()
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if number % 2 else 1) for number, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
