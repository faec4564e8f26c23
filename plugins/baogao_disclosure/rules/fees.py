"""Rules on what chapter six says of charges for handling applications (信息处理费)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.figures import number, unassessable
from baogao_disclosure.sentences import clause, sentences_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report
    from baogao_disclosure.sentences import Sentence

FORMS = ("disclosure",)
EDITIONS = ("2021",)
UNPAID = "requests.other_overdue_fee.total"
FEES = "proactive.fees.amount"
UNPAID_ONE: Mapping[str, int] = MappingProxyType(
    {"requests.new_received.business": 1, "requests.other_overdue_fee.business": 1}
)
CHARGE = ("信息处理费", "收费通知")
NOTHING = re.compile(r"(?:本年度?)?(?:无|没有)(?:其他)?(?:需要)?(?:报告)?的?(?:事项|情况)?")
CHARGED = re.compile(r"(?:信息处理费|收费通知)[^。；]{0,15}?(?<![\d.])([1-9]\d*(?:\.\d+)?)\s*(?:万元|元|[件份笔])")
NO_NOTICE = re.compile(r"(?:未|没有)(?:向申请人)?发出[^，。；]{0,6}收费通知|收费通知书?0\s*[件份]")
AMOUNT = re.compile(r"(?<![\d.,])(\d[\d,]{0,15}(?:\.\d{1,6})?)\s*(万元|元)")
RECEIVED = re.compile("实际|实收|已收|已缴")
BASIS = "国办函〔2020〕109号；每年写明为各地实践（推定）"


@rule(
    "FEE-002",
    title="有收费的，第六章不能写“无”",
    severity="warning",
    gate="数据关",
    basis=BASIS,
    hint="在第六章写明收费通知的件数、金额；或改正表三“逾期未缴纳费用”、正文",
    forms=FORMS,
    editions=EDITIONS,
    examples=(
        {"text": {"others": "无"}, "passes": True},
        {"set": UNPAID_ONE, "text": {"others": "本年度发出收费通知1件，金额100元，实际收取0元。"}, "passes": True},
        {"set": UNPAID_ONE, "text": {"others": "无。"}, "paths": ["others"]},
        {"set": UNPAID_ONE, "text": {"others": "本年度未发出收费通知。"}, "paths": ["others"]},
        {"text": {"overview": "收取信息处理费100元。", "others": "无"}, "paths": ["others"]},
    ),
)
def charges_not_denied(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """表三有“逾期未按收费通知要求缴纳费用”的，或正文说收了信息处理费的，第六章不能写“无”或“未发出收费通知”。"""
    text = _others(report)
    nothing, unsent = bool(NOTHING.fullmatch(text)), NO_NOTICE.search(text)
    unpaid = number(report, UNPAID)
    charged = next((found.group() for found in map(_charged, sentences_with(report, *CHARGE)) if found), "")
    if unpaid and (nothing or unsent):
        message = say("表三有 {count} 件逾期未缴纳费用，这里却写没有", count=unpaid)
        yield report.finding("others", message, cells=(UNPAID,), quote=unsent.group() if unsent else "")
    elif nothing and charged:
        yield report.finding("others", say("正文写“{words}”，第六章却写没有", words=charged), actual=charged)
    elif (nothing or unsent) and unpaid is None:
        yield unassessable(report, "others", [UNPAID])


def _charged(sentence: Sentence) -> re.Match[str] | None:
    return CHARGED.search(sentence.text)


def _others(report: Report) -> str:
    """Return chapter six without stops at its end."""
    section = report.section("others")
    return "".join(section.text.split()).strip("。．.！!；;") if section else ""


@rule(
    "FEE-003",
    title="信息处理费的金额合理",
    severity="info",
    gate="数据关",
    basis="国办函〔2020〕109号的收费标准：应为 10 元的整倍数（推定）",
    hint="核对收费通知；金额以元为单位",
    forms=FORMS,
    editions=EDITIONS,
    examples=(
        {"text": {"others": "发出收费通知2件，总金额780元，实际收取信息处理费400元。"}, "passes": True},
        {"text": {"others": "收取信息处理费385元。"}, "paths": ["others"]},
        {"text": {"others": "发出收费通知2件，总金额400元，实际收取信息处理费780元。"}, "paths": ["others"]},
        {"text": {"others": "收取信息处理费0.04万元。"}, "paths": ["others"]},
    ),
)
def charges_plausible(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """按件、按量计收的标准都是 10 元的整倍数；金额以元为单位；实际收取的不多于通知收取的。"""
    for sentence in sentences_with(report, *CHARGE):
        charges = tuple(_charges(sentence))
        for charge in charges:
            if charge.unit != "元":
                yield report.finding(sentence.section, say("应以元为单位"), quote=charge.words)
            elif charge.amount % 10:
                message = say("{amount} 元不是 10 元的整倍数", amount=charge.amount)
                yield report.finding(sentence.section, message, quote=charge.words)
        yield from _too_much(report, sentence.section, [charge for charge in charges if charge.unit == "元"])


def _too_much(report: Report, section: str, charges: list[_Charge]) -> Iterator[Finding]:
    """Find more received than was asked for."""
    notified = [charge.amount for charge in charges if not charge.received]
    for charge in (charge for charge in charges if charge.received and notified and charge.amount > sum(notified)):
        message = say("实际收取 {amount} 元，多于通知的 {notified} 元", amount=charge.amount, notified=sum(notified))
        yield report.finding(section, message, quote=charge.words)


@dataclass(frozen=True, slots=True)
class _Charge:
    """An amount in a sentence on charges; `received` tells whether it was paid."""

    words: str
    amount: Decimal
    unit: str
    received: bool


def _charges(sentence: Sentence) -> Iterator[_Charge]:
    text = sentence.text
    for found in AMOUNT.finditer(text):
        before = re.split("[，、,：]", text[: found.start()])[-1]
        amount = Decimal(found.group(1).replace(",", ""))
        words = clause(text, found.start() - len(before), 40)
        yield _Charge(words, amount, found.group(2), bool(RECEIVED.search(before)))


@rule(
    "FEE-004",
    title="表二有收费的，第六章最好说明",
    severity="warning",
    gate="数据关",
    basis="实践：有的主管部门这样核对；行政事业性收费不只是信息处理费",
    hint="在第六章写明其中有没有信息处理费",
    forms=FORMS,
    editions=EDITIONS,
    examples=(
        {"set": {FEES: 5}, "passes": True},
        {"text": {"others": "无"}, "passes": True},
        {"set": {FEES: 5}, "text": {"others": "无。"}, "paths": ["others"]},
    ),
)
def fees_explained(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """表二行政事业性收费大于 0，第六章却只写“无”的，容易被当成漏报。"""
    if not NOTHING.fullmatch(_others(report)):
        return
    amount = number(report, FEES)
    if amount is None:
        yield unassessable(report, "others", [FEES])
    elif amount > 0:
        message = say("表二收费 {amount} 万元，第六章只写“无”", amount=amount)
        yield report.finding("others", message, cells=(FEES,))


RULES = (charges_not_denied, charges_plausible, fees_explained)
