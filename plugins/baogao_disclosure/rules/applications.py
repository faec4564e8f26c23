"""Rules on table three as a whole."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.figures import number, option, unassessable
from baogao_disclosure.sentences import sentences_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report
    from baogao_disclosure.sentences import Sentence

FORMS = ("disclosure",)
TOTALS = ("requests.new_received.total", "requests.carried_over.total", "requests.total_handled.total")
SOME = re.compile(
    r"(?:收到|接到|接收|受理|新收|办理|办结|答复)[^，。；]{0,12}?(?:公开的?申请|依申请公开)(?!公开信息|信息)[^，。；\d]{0,8}?"
    r"(?:[1-9]\d*|[一二两三四五六七八九十百]+)\s*[件宗份起]"
)
NONE = re.compile(r"(?:未|没有)(?:收到|接到|接收|受理|产生)[^，。；]{0,15}申请")
APPLICATION = "申请"
"""What both speak of."""

OTHER_YEAR = re.compile(r"上年|去年|上一年|往年|同比|\d{4}年")
OTHERS, HANDLED = "requests.other_else.total", "requests.total_handled.total"
ONE: Mapping[str, int] = MappingProxyType(
    {"requests.new_received.natural_person": 1, "requests.disclosed.natural_person": 1}
)


@rule(
    "T3-004",
    title="表三有没有数，与正文说的一致",
    severity="warning",
    gate="数据关",
    basis="国办公开办函〔2021〕30号：内容准确、全面；按字面判断为推定",
    hint="补填表三，或改正正文",
    forms=FORMS,
    examples=(
        {"set": ONE, "text": {"overview": "本年收到政府信息公开申请1件。"}, "passes": True},
        {"text": {"overview": "依申请公开信息数161条，受理行政许可申请5件。"}, "passes": True},
        {"text": {"overview": "本年收到政府信息公开申请1件。"}, "paths": ["requests"]},
        {"set": ONE, "text": {"overview": "本年未收到政府信息公开申请。"}, "paths": ["requests"]},
    ),
)
def table_and_text(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """表三全为 0，正文不应说收到或办理了申请；表三有数，正文不应说没有收到。按字面判断，可能有误。"""
    said = tuple(sentences_with(report, APPLICATION))
    some, none = _found(said, SOME, report.year), _found(said, NONE, report.year)
    values = [number(report, path) for path in TOTALS]
    if (words := none) and any(values):
        yield report.finding("requests", say("表三有数，正文写“{words}”", words=words), cells=TOTALS)
    elif (words := some) and not any(values) and None not in values:
        yield report.finding("requests", say("表三全为 0，正文写“{words}”", words=words), cells=TOTALS)
    elif (some or none) and not any(values) and None in values:
        yield unassessable(report, "requests", (path for path in TOTALS if number(report, path) is None))


def _found(said: Iterable[Sentence], pattern: re.Pattern[str], year: int) -> str:
    """Return the words about this year that the pattern finds, or nothing."""
    for sentence in said:
        found = pattern.search(sentence.text)
        if found and not OTHER_YEAR.search(sentence.text.replace(f"{year}年", "")):
            return found.group()
    return ""


@rule(
    "T3-005",
    title="“其他”处理结果占比不大",
    severity="info",
    gate="数据关",
    basis="实践：“其他”过多要说明；比例为推定",
    hint="看能否归入具体的一类；不能的在第六章说明",
    forms=FORMS,
    editions=("2021",),
    options={"share": Decimal("0.2")},
    examples=(
        {"set": {**ONE, "requests.other_else.business": 0}, "passes": True},
        {
            "set": {"requests.new_received.business": 1, "requests.other_else.business": 1},
            "paths": ["requests.other_else.total"],
        },
        {
            "set": {"requests.new_received.business": 1, "requests.other_else.business": 1},
            "options": {"share": 1},
            "passes": True,
        },
    ),
)
def share_of_others(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """（六）其他处理中的“3.其他”不超过办理总数的 share（默认 0.2，即两成）；超过的要说明是什么情形。"""
    others, handled, share = number(report, OTHERS), number(report, HANDLED), option(options, "share")
    if others is None or handled is None:
        blanks = (path for path in (OTHERS, HANDLED) if number(report, path) is None)
        yield unassessable(report, OTHERS, blanks)
    elif others > handled * share:
        message = say("“其他”{others} 件，占办理总数 {handled} 件的比例偏大", others=others, handled=handled)
        yield report.finding(OTHERS, message, cells=(OTHERS, HANDLED))


RULES = (table_and_text, share_of_others)
