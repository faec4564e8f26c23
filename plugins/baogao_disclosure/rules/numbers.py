"""Rules on the numbers of the narrative: they agree with the tables, with each other, and with their own sums."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from baogao import (
    Severity,
    State,
    matched_numbers,
    number_text,
    numbers_of,
    parse_expression,
    rule,
    say,
    sentence_around,
    sentences_in,
    zero_statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, FoundNumber, Number, Report

FORMS = ("disclosure",)
ALL_DONE = re.compile(
    r"(?<!未)(?<!没有|未能|不能|没能|无法|未予|并非|不是|尚需)"
    r"(?:全部|均已|都已|已全部)(?:按时|及时|按期|依法)?(?:办结|答复|办理完毕)"
)
NO_APPLICATIONS = re.compile(r"留言|投诉|举报|信访|提案|建议|咨询|工单|热线|来信|来电|复议|诉讼|结转|到期|期限内")
TOTALS = ("共计", "合计", "总计", "累计")
TOTAL_WORDS = re.compile(rf"(?:{'|'.join(TOTALS)})[^，。；\d]{{0,4}}$")
SHARE = "占"
SHARE_WORDS = re.compile(rf"{SHARE}[^占，。；\d]{{0,10}}$")
COUNTS = frozenset("件条篇项次份")
DONE = ("全部", "均已", "都已")
"""One of them begins what ALL_DONE knows."""

PART = "其中"


@rule(
    "NAR-001",
    title="正文中申请、复议、诉讼的件数与表格一致",
    severity=Severity.WARNING,
    basis="国办公开办函〔2021〕30号（内容准确）；实践",
    hint="核对正文和表格，改正错的一处；正文里写 {{ requests.new_received.total }} 可以不再对数",
    forms=FORMS,
    examples=(
        {
            "text": {"overview": "本年收到政府信息公开申请3件。"},
            "set": {"requests.new_received.other": 3},
            "passes": True,
        },
        {"text": {"overview": "本年收到政府信息公开申请三件。"}, "paths": ["overview"]},
        {
            "text": {"overview": "受理申请19件，其中11件办结、8件撤销。"},
            "set": {"requests.new_received.other": 19},
            "passes": True,
        },
        {"text": {"overview": "依申请公开信息数161条。"}, "passes": True},
        {"text": {"overview": "去年收到申请16件，第二季度收到申请5件，办结1件投诉，当面答复3件。"}, "passes": True},
        {
            "text": {"overview": "本年收到申请20件，其中网上收到申请12件，信函收到申请8件。"},
            "set": {"requests.new_received.other": 20},
            "passes": True,
        },
        {"text": {"overview": "收到申请20多件。"}, "set": {"requests.new_received.other": 27}, "passes": True},
        {"text": {"overview": "收到申请1.5万件。"}, "paths": ["overview"]},
    ),
)
def requests_agree(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文里写的新收、结转、办结的申请件数，行政复议、诉讼件数，应与第三、四章表格相同。

    一句里说的是其中一部分、上年或别的年份的，不比较；受理件数可以是新收，也可以是新收加结转。
    """
    return _disagreeing(report, "NAR-001")


@rule(
    "NAR-002",
    title="正文中规章、规范性文件、许可、处罚、强制的件数和收费与表格一致",
    severity=Severity.WARNING,
    basis="国办公开办函〔2021〕30号（内容准确）；实践",
    hint="核对正文和第二章表格，改正错的一处",
    forms=FORMS,
    examples=(
        {"text": {"overview": "作出行政许可决定3件。"}, "set": {"proactive.permits.decisions": 3}, "passes": True},
        {"text": {"overview": "作出行政许可决定3件。"}, "paths": ["overview"]},
        {"text": {"overview": "制定规章3件，行政强制9件。"}, "paths": ["overview", "overview"]},
        {"text": {"overview": "行政处罚案卷3件参加评查，制定规章制度2件。"}, "passes": True},
    ),
)
def decisions_agree(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文里写的规章、规范性文件、行政许可、行政处罚、行政强制件数和收费金额，应与第二章表格相同。"""
    return _disagreeing(report, "NAR-002")


def _disagreeing(report: Report, rule_id: str) -> Iterator[Finding]:
    for number in matched_numbers(report):
        pattern = number.pattern
        if pattern is None or pattern.rule != rule_id:
            continue
        values = [_value(report, source) for source in pattern.cells]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            yield _unassessable(report, number)
        elif not any(map(number.agrees, known)):
            yield _differs(report, number, known[0])


def _value(report: Report, source: str) -> Number | None:
    """Return what an expression over cells gives, None where one of them is blank or is not in this edition."""
    expression = parse_expression(source)
    found = {name: report.cell(name).value for name in expression.names if report.has(name)}
    if len(found) < len(expression.names) or any(not isinstance(value, int | Decimal) for value in found.values()):
        return None
    return expression.value(lambda name: Fraction(str(found[name])))


def _unassessable(report: Report, number: FoundNumber) -> Finding:
    cell = _first_cell(number)
    message = say("正文“{clause}”无法核对：表格里“{cell}”没有填", clause=number.clause, cell=report.label(cell))
    return _on(report, number, message, state=State.UNASSESSABLE, cells=(cell,))


def _on(report: Report, number: FoundNumber, message: str, **more: Any) -> Finding:
    """Return a finding on a number where it stands, with the words around it."""
    return report.finding(number.section, message, quote=number.clause, location=number.location, **more)


def _differs(report: Report, number: FoundNumber, value: Number) -> Finding:
    cell = _first_cell(number)
    expected = number_text(value)
    message = say(
        "正文“{clause}”，表格“{cell}”是 {value}（{place}）",
        clause=number.clause,
        cell=report.label(cell),
        value=expected,
        place=str(report.locate(cell)),
    )
    return _on(report, number, message, cells=(cell,), expected=expected, actual=number.words)


def _first_cell(number: FoundNumber) -> str:
    return parse_expression(number.cell).names[0]


@rule(
    "NAR-003",
    title="“共计”等于前面各项之和",
    severity=Severity.WARNING,
    basis="实践",
    hint="核对各项和总数",
    forms=FORMS,
    examples=(
        {"text": {"overview": "公开动态50篇，统计信息14篇，公报1篇，解读1篇，共计66篇。"}, "passes": True},
        {"text": {"overview": "公开动态50篇，统计信息14篇，公报1篇，解读1篇，共计67篇。"}, "paths": ["overview"]},
        {"text": {"overview": "共计公开126条，网站100条，微信26条，合计126条。"}, "passes": True},
    ),
)
def totals_add_up(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """一句里先列各项、后写“共计”的，总数应等于同一单位的各项之和；前面已经写过的总数不算一项。"""
    for counted in _counted(report, *TOTALS):
        for total, expected in counted.wrong_totals():
            message = say("“{clause}”，前面各项之和是 {total}", clause=total.clause, total=number_text(expected))
            yield _on(report, total, message, expected=number_text(expected), actual=total.words)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A sentence with its numbers."""

    text: str
    start: int
    numbers: tuple[FoundNumber, ...]

    def before(self, number: FoundNumber, most: int = 16) -> str:
        """Return the words of the sentence before a number."""
        end = number.start - self.start
        return self.text[max(end - most, 0) : end]

    def wrong_totals(self) -> Iterator[tuple[FoundNumber, Number]]:
        """Yield each total that the parts before it do not add up to, with their sum."""
        part = self.text.find(PART)
        sums: defaultdict[str, _Sum] = defaultdict(_Sum)
        for number in self.numbers:
            if 0 <= part < number.start - self.start:
                return
            known = sums[number.unit]
            if not TOTAL_WORDS.search(self.before(number)):
                known.add(number)
            else:
                if not known.allows(number):
                    yield number, known.expected
                known.close()


@dataclass(slots=True)
class _Sum:
    """The sum of the parts in one unit: of all of them, and of those since the last total."""

    every: Number = 0
    parts: int = 0
    since: Number = 0
    parts_since: int = 0
    rough: bool = False

    def add(self, number: FoundNumber) -> None:
        """Count a part."""
        self.every += number.value
        self.since += number.value
        self.parts, self.parts_since = self.parts + 1, self.parts_since + 1
        self.rough = self.rough or number.about

    def close(self) -> None:
        """Begin anew after a total."""
        self.since = self.parts_since = 0

    def allows(self, total: FoundNumber) -> bool:
        """Tell whether a total may be right: it is all parts, or those since the last total, or they are unknown."""
        return self.parts < 2 or self.rough or total.agrees(self.every) or total.agrees(self.since)

    @property
    def expected(self) -> Number:
        """Return what a total here should be."""
        return self.since if self.parts_since > 1 else self.every


def _counted(report: Report, *words: str) -> Iterator[_Counted]:
    """Yield the sentences that hold one of these words, of the paragraphs with a number."""
    for _, of_block in groupby(numbers_of(report, *words), key=lambda number: id(number.block)):
        numbers = list(of_block)
        for start, text in sentences_in(numbers[0].block.text):
            if any(map(text.__contains__, words)):
                inside = tuple(number for number in numbers if start <= number.start < start + len(text))
                yield _Counted(text, start, inside)


@rule(
    "NAR-004",
    title="写出的百分比与数字相符",
    severity=Severity.WARNING,
    basis="实践",
    hint="核对分子、分母和百分比；四舍五入的误差不算",
    forms=FORMS,
    examples=(
        {"text": {"overview": "公开信息40条，其中政策文件10条，占25%。"}, "passes": True},
        {"text": {"overview": "公开信息40条，其中政策文件10条，占35%。"}, "paths": ["overview"]},
        {"text": {"overview": "公开信息40条，其中政策文件10条，占百分之三十。"}, "paths": ["overview"]},
        {"text": {"overview": "予以公开10件，占52.6%，部分公开5件，占26.3%。"}, "passes": True},
    ),
)
def shares_agree(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """一句里只有总数、一项和一个“占百分之几”的，百分比应等于这一项除以总数（允许四舍五入）。"""
    for counted in _counted(report, SHARE):
        shares = [number for number in counted.numbers if _share_words(counted, number)]
        counts = [number.value for number in counted.numbers if number.unit in COUNTS and not number.about]
        if len(shares) == 1 and len(counts) == 2 and counts[0] >= counts[1] > 0 and not _is_share(shares[0], *counts):
            words, exact = _share_words(counted, shares[0]), number_text(Fraction(counts[1]) * 100 / counts[0])
            message = say("“{words}”，按所写的数字是 {share}%", words=words, share=exact)
            yield report.finding(
                shares[0].section,
                message,
                quote=words,
                location=shares[0].location,
                expected=exact,
                actual=shares[0].words,
            )


def _share_words(counted: _Counted, number: FoundNumber) -> str:
    """Return the words that give a share, or nothing where the number is none."""
    found = SHARE_WORDS.search(counted.before(number)) if number.unit in {"%", "％"} else None
    sign = "" if found is None or "百分之" in found.group() else number.unit
    return f"{found.group()}{number.words}{sign}" if found else ""


def _is_share(share: FoundNumber, whole: Number, part: Number) -> bool:
    places = len(re.split("[.．点]", share.words)[1]) if re.search("[.．点]", share.words) else 0
    return abs(share.value - Fraction(part) * 100 / whole) <= Fraction(1, 2 * 10**places)


@rule(
    "NAR-005",
    title="说没有的，表格里确实是 0",
    severity=Severity.WARNING,
    basis="国办公开办函〔2021〕30号（内容准确）；实践",
    hint="核对正文和表格，改正错的一处",
    forms=FORMS,
    examples=(
        {"text": {"overview": "本年未收到政府信息公开申请。"}, "passes": True},
        {
            "text": {"overview": "本年未收到政府信息公开申请。"},
            "set": {"requests.new_received.other": 1},
            "paths": ["overview"],
        },
        {"text": {"others": "未发生行政复议。"}, "set": {"disputes.review.upheld": 1}, "paths": ["others"]},
        {"text": {"others": "无行政复议、行政诉讼。"}, "set": {"disputes.review.upheld": 1}, "paths": ["others"]},
        {
            "text": {"overview": "未作出行政许可决定。"},
            "set": {"proactive.permits.decisions": 1},
            "paths": ["overview"],
        },
        {"text": {"overview": "没有行政许可权。"}, "set": {"proactive.permits.decisions": 1}, "passes": True},
    ),
)
def absence_agrees(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文说未收到申请、未发生复议诉讼、未作出许可处罚的，相应的格应当是 0。"""
    for stated in zero_statements(report):
        value = _value(report, stated.pattern.cells[0])
        if value:
            cell, actual = parse_expression(stated.pattern.cells[0]).names[0], number_text(value)
            message = say(
                "正文说“{words}”，表格“{cell}”是 {value}", words=stated.words, cell=report.label(cell), value=actual
            )
            yield report.finding(
                stated.section,
                message,
                quote=stated.words,
                location=stated.location,
                cells=(cell,),
                expected="0",
                actual=actual,
            )


@rule(
    "NAR-006",
    title="说全部办结的，没有结转下年度的申请",
    severity=Severity.WARNING,
    basis="实践",
    hint="核对“四、结转下年度继续办理”，或改正正文",
    forms=FORMS,
    examples=(
        {"text": {"overview": "收到的申请已全部办结。"}, "passes": True},
        {
            "text": {"overview": "收到的申请已全部办结。"},
            "set": {"requests.new_received.other": 1, "requests.carried_forward.other": 1},
            "paths": ["overview"],
        },
        {
            "text": {"overview": "申请未全部办结，网民留言全部答复。"},
            "set": {"requests.new_received.other": 1, "requests.carried_forward.other": 1},
            "passes": True,
        },
    ),
)
def all_done_means_none_left(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文写“全部办结”“均已答复”的，结转下年度继续办理应当是 0。"""
    cell = "requests.carried_forward.total"
    left = _value(report, cell) if any(word in report.text for word in DONE) else None
    for section in report if left else ():
        for block in section.blocks:
            for found in ALL_DONE.finditer(block.text):
                if not NO_APPLICATIONS.search(sentence_around(block.text, *found.span())):
                    count, place = number_text(left or 0), block.place_at(found.start())
                    message = say("正文说“{words}”，表格里还有 {count} 件结转下年度", words=found.group(), count=count)
                    yield report.finding(section.id, message, quote=found.group(), location=place, cells=(cell,))


@rule(
    "NAR-007",
    title="同一数量前后一致",
    severity=Severity.WARNING,
    basis="实践",
    hint="改正其中错的一处",
    forms=FORMS,
    examples=(
        {"text": {"overview": "收到申请3件。", "others": "本年收到申请3件。"}, "passes": True},
        {"text": {"overview": "收到申请3件。", "others": "本年收到申请4件。"}, "paths": ["others"]},
    ),
)
def said_the_same_everywhere(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """同一数量在正文几处出现时，写的数应当相同。"""
    first: dict[str, FoundNumber] = {}
    for number in (number for number in matched_numbers(report) if not number.about):
        known = first.setdefault(number.cell, number)
        if known.value != number.value:
            message = say(
                "这里写“{here}”，前面写“{there}”（{place}）",
                here=number.clause,
                there=known.clause,
                place=str(known.location),
            )
            yield _on(report, number, message, expected=known.words, actual=number.words)


RULES = (
    requests_agree,
    decisions_agree,
    totals_add_up,
    shares_agree,
    absence_agrees,
    all_done_means_none_left,
    said_the_same_everywhere,
)
