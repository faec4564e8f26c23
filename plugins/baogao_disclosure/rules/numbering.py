"""The rule on the numerals of headings: （一）, 1., （1）, each level without gaps or doubles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Block, Finding, Message, Report

FORMS = ("disclosure",)
DIGITS = "零一二三四五六七八九"
NUMERALS: Mapping[int, re.Pattern[str]] = {
    1: re.compile(r"([一二三四五六七八九十]{1,3})、(?![一二三四五六七八九十]{1,3}(?:[、和至到级类期产层楼]|$))"),
    2: re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]"),
    3: re.compile(r"(\d{1,2})[.．、](?!\d)"),
    4: re.compile(r"[（(](\d{1,2})[）)]"),
}
BEGINNING = re.compile(r"[一二三四五六七八九十（(\d]")
"""What every numeral begins with."""

WRITTEN: Mapping[int, str] = {1: "一、", 2: "（一）", 3: "1.", 4: "（1）"}


@rule(
    "STR-009",
    title="序号逐级使用、连续、不重复",
    severity="warning",
    gate="文字关",
    basis="GB/T 9704—2012 7.3.3",
    hint="按 一、（章）→（一）→ 1. →（1）的次序编号，补上缺的、改正重的",
    forms=FORMS,
    examples=(
        {
            "text": {"overview": "## （一）主动公开\n公开信息。\n## （二）依申请公开\n### 1.受理\n### 2.答复"},
            "passes": True,
        },
        {
            "text": {"problems": "存在的问题：\n1.时效不强。\n2.解读不多。\n改进措施：\n1.建立台账。\n2.丰富形式。"},
            "passes": True,
        },
        {"text": {"overview": "一、二、三级响应各启动1次。"}, "passes": True},
        {
            "text": {"overview": "1.及时\n2.准确\n1.问答\n2.图表\n## （一）平台\n1.网站\n### 1.专栏"},
            "passes": True,
        },
        {"text": {"overview": "1.及时\n1.准确"}, "paths": ["overview"]},
        {"text": {"overview": "## （一）主动公开\n公开信息。\n## （三）依申请公开\n按时答复。"}, "paths": ["overview"]},
        {"text": {"overview": "## （一）主动公开\n公开信息。\n## （一）依申请公开\n按时答复。"}, "paths": ["overview"]},
        {"text": {"overview": "## （一）主动公开\n#### （1）公开信息\n每周更新。"}, "paths": ["overview"]},
    ),
)
def numerals_continuous(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """章以下的层次依次用（一）、1.、（1）编号：同一层从一开始，连续，不重复；小标题不越级。"""
    titles = {chapter.title for chapter in report.chapters}
    for section in report:
        blocks = [block for block in section.blocks if block.kind != "grid" and block.text.strip() not in titles]
        for block, message in _Counter().faults(blocks) if blocks else ():
            yield report.finding(section.id, message, quote=block.text[:20])


class _Counter:
    """Count the numerals of one section, level by level; headings go on from headings, whatever lists are between."""

    def __init__(self) -> None:
        self.last: dict[int, int] = {}
        self.headings: dict[int, int] = {}
        self.listing = False

    def faults(self, blocks: list[Block]) -> Iterator[tuple[Block, Message]]:
        """Yield what is wrong with the numerals, with the block they stand before."""
        for block in blocks:
            found = _numeral(block.text)
            if found is None:
                self._pass(block)
            else:
                for message in self._judge(block, *found):
                    yield block, message
                self.listing = block.kind != "heading"

    def _pass(self, block: Block) -> None:
        """Take a block without a numeral; after it a list may begin anew, below a heading every level."""
        self.listing = False
        if block.kind == "heading":
            self._open(block.level, self.last.get(block.level, 0))
            self.headings = _opened(self.headings, block.level, self.headings.get(block.level, 0))

    def _judge(self, block: Block, level: int, number: int) -> Iterator[Message]:
        heading = block.kind == "heading"
        if level == 1:
            yield say("“一、”这一级是章的序号，正文里从（一）起")
        elif heading and level != block.level:
            yield say("这一级小标题的序号应写成“{form}”这样", form=WRITTEN[block.level])
        elif heading and level > 2 and level - 1 not in self.last:
            yield say("小标题越级：前面没有“{form}”这一级", form=WRITTEN[level - 1])
        elif not self._follows(level, number, heading=heading):
            wanted = self.last.get(level, 0) + 1
            yield say("序号不连续或重复：这里应是第 {wanted} 个，写的是第 {number} 个", wanted=wanted, number=number)
        self._open(level, number)
        if heading:
            self.headings = _opened(self.headings, level, number)

    def _follows(self, level: int, number: int, *, heading: bool) -> bool:
        """Tell whether a number goes on from the last one, or begins: a list anew after words or a longer list."""
        last = self.last.get(level, 0)
        if number == last + 1:
            return True
        if heading:
            return number == self.headings.get(level, 0) + 1
        return number == 1 and (not self.listing or last > 1)

    def _open(self, level: int, number: int) -> None:
        self.last = _opened(self.last, level, number)


def _opened(last: Mapping[int, int], level: int, number: int) -> dict[int, int]:
    """Return the last numbers with this one; those of lower levels are forgotten."""
    opened = {known: count for known, count in last.items() if known < level}
    opened[level] = number
    return opened


def _numeral(text: str) -> tuple[int, int] | None:
    """Return the level and the number a text begins with."""
    begin = text.lstrip()
    for level, pattern in NUMERALS.items() if BEGINNING.match(begin) else ():
        if found := pattern.match(begin):
            return level, _value(found.group(1))
    return None


def _value(numeral: str) -> int:
    """Return what a numeral up to 99 stands for."""
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.find(tens) if tens else 1) * 10 * bool(ten) + (DIGITS.find(ones) if ones else 0)


RULES = (numerals_continuous,)
