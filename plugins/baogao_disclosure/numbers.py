"""Rules on the numbers of the narrative: they agree with the tables, with each other, and with their own sums."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from baogao import Severity, State, listed, rule, say
from baogao.expressions import number_text, parse_expression
from baogao.narrative.numbers import numbers_of, sentence_around, value_of, zero_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report
    from baogao.expressions import Number
    from baogao.narrative.numbers import FoundNumber

FORMS = ("disclosure",)
ALL_DONE = re.compile(r"(?:全部|均已|都已|已全部)(?:按时|及时|按期|依法)?(?:办结|答复|办理完毕)")
PROBLEM_WORDS = re.compile(r"问题|不足|不够|有待|薄弱|短板|差距|欠缺|单一|滞后")
MEASURE_WORDS = re.compile(r"下一步|改进|措施|将[^，。；]{1,}|加强|完善|健全|提高|推进|丰富|建立")
TOTAL_WORDS = re.compile(r"(?:共计|合计|总计|累计)[^，。；\d]{0,4}$")
SHARE = re.compile(r"占[^，。；\d]{0,10}(?P<n>[0-9]{1,9}(?:\.[0-9]{1,9})?)[%％]")
COUNTED = re.compile(r"(?<![0-9])([0-9]{1,18})\s*(?:件|条|篇|项|次|份)")


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
    ),
)
def requests_agree(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文里写的新收、结转、办结的申请件数，行政复议、诉讼件数，应与第三、四章表格相同。

    一句里说的是其中一部分、上年或别的年份的，不比较；受理件数可以是新收，也可以是新收加结转。
    """
    return _disagreeing(report, "NAR-001")


@rule(
    "NAR-002",
    title="正文中规范性文件、许可、处罚的件数与表格一致",
    severity=Severity.WARNING,
    basis="国办公开办函〔2021〕30号（内容准确）；实践",
    hint="核对正文和第二章表格，改正错的一处",
    forms=FORMS,
    examples=(
        {"text": {"overview": "作出行政许可决定3件。"}, "set": {"proactive.permits.decisions": 3}, "passes": True},
        {"text": {"overview": "作出行政许可决定3件。"}, "paths": ["overview"]},
    ),
)
def decisions_agree(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文里写的规范性文件、行政许可、行政处罚件数，应与第二章表格相同。"""
    return _disagreeing(report, "NAR-002")


def _disagreeing(report: Report, rule_id: str) -> Iterator[Finding]:
    for number in numbers_of(report):
        pattern = number.pattern
        if pattern is None or pattern.rule != rule_id:
            continue
        values = {source: _value(report, source) for source in pattern.cells}
        if None in values.values():
            yield _unassessable(report, number)
        elif number.value not in values.values():
            yield _differs(report, number, values[pattern.cells[0]])


def _value(report: Report, source: str) -> Number | None:
    """Return what an expression over cells gives, None where one of them is blank or is not in this edition."""
    expression = parse_expression(source)
    found = {name: report.cell(name).value for name in expression.names if report.has(name)}
    if len(found) < len(expression.names) or any(not isinstance(value, int) for value in found.values()):
        return None
    return expression.value(lambda name: Fraction(str(found[name])))


def _unassessable(report: Report, number: FoundNumber) -> Finding:
    cell = _first_cell(number)
    message = say("正文“{clause}”无法核对：表格里“{cell}”没有填", clause=number.clause, cell=report.label(cell))
    return report.finding(number.section, message, state=State.UNASSESSABLE, quote=number.clause, cells=(cell,))


def _differs(report: Report, number: FoundNumber, value: Number | None) -> Finding:
    cell = _first_cell(number)
    expected = number_text(value or 0)
    message = say(
        "正文“{clause}”，表格“{cell}”是 {value}（{place}）",
        clause=number.clause,
        cell=report.label(cell),
        value=expected,
        place=str(report.locate(cell)),
    )
    return report.finding(
        number.section, message, quote=number.clause, cells=(cell,), expected=expected, actual=number.words
    )


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
    ),
)
def totals_add_up(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """一句里先列各项、后写“共计”的，总数应等于同一单位的各项之和。"""
    for number, before in _with_those_before(report):
        sentence = _sentence_up_to(number)
        head = sentence[: sentence.rfind(number.words)]
        if not TOTAL_WORDS.search(head) or "其中" in head:
            continue
        first = number.end - len(sentence)
        parts = [other for other in before if first <= other.start and other.unit == number.unit]
        total = sum((part.value for part in parts), start=Fraction(0))
        if len(parts) > 1 and total != number.value:
            message = say("“{clause}”，前面各项之和是 {total}", clause=number.clause, total=number_text(total))
            yield report.finding(
                number.section, message, quote=number.clause, expected=number_text(total), actual=number.words
            )


def _with_those_before(report: Report) -> Iterator[tuple[FoundNumber, list[FoundNumber]]]:
    """Yield each number with those before it in its paragraph."""
    for _, numbers in groupby(numbers_of(report), key=lambda number: id(number.block)):
        before: list[FoundNumber] = []
        for number in numbers:
            yield number, before
            before.append(number)


def _sentence_up_to(number: FoundNumber) -> str:
    text = number.block.text
    sentence = sentence_around(text, number.start, number.end)
    return text[text.find(sentence) : number.end]


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
    ),
)
def shares_agree(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """一句里只有总数、一项和“占百分之几”的，百分比应等于这一项除以总数（允许四舍五入）。"""
    for section in report:
        for block in section.blocks:
            for found in SHARE.finditer(block.text):
                sentence = sentence_around(block.text, found.start(), found.end())
                counts = [value_of(n) for n in COUNTED.findall(sentence)]
                if len(counts) == 2 and counts[0] >= counts[1] > 0 and not _is_share(found["n"], *counts):
                    share = number_text(Fraction(counts[1]) * 100 / counts[0])
                    message = say("“{words}”，按所写的数字是 {share}%", words=found.group(), share=share)
                    yield report.finding(section.id, message, quote=found.group(), expected=share, actual=found["n"])


def _is_share(written: str, whole: Number, part: Number) -> bool:
    places = len(written.partition(".")[2])
    return abs(Fraction(written) - Fraction(part) * 100 / whole) <= Fraction(1, 2 * 10**places)


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
    ),
)
def absence_agrees(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文说未收到申请、未发生复议诉讼的，相应的格应当是 0。"""
    for stated in zero_statements(report):
        value = _value(report, stated.pattern.cells[0])
        if value:
            cell = parse_expression(stated.pattern.cells[0]).names[0]
            message = say(
                "正文说“{words}”，表格“{cell}”是 {value}",
                words=stated.words,
                cell=report.label(cell),
                value=number_text(value),
            )
            yield report.finding(
                stated.section, message, quote=stated.words, cells=(cell,), expected="0", actual=number_text(value)
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
    ),
)
def all_done_means_none_left(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文写“全部办结”“均已答复”的，结转下年度继续办理应当是 0。"""
    cell = "requests.carried_forward.total"
    left = _value(report, cell)
    for section in report if left else ():
        for found in ALL_DONE.finditer(section.text):
            message = say(
                "正文说“{words}”，表格里还有 {count} 件结转下年度", words=found.group(), count=number_text(left or 0)
            )
            yield report.finding(section.id, message, quote=found.group(), cells=(cell,))


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
    for number in (number for number in numbers_of(report) if number.kind == "matched"):
        known = first.setdefault(number.cell, number)
        if known.value != number.value:
            message = say(
                "这里写“{here}”，前面写“{there}”（{place}）",
                here=number.clause,
                there=known.clause,
                place=str(known.location),
            )
            yield report.finding(
                number.section, message, quote=number.clause, expected=known.words, actual=number.words
            )


@rule(
    "NAR-008",
    title="第五章既有问题，也有改进措施",
    severity=Severity.WARNING,
    gate="文字关",
    basis="条例第五十条；国办公开办函〔2021〕30号",
    hint="逐条写问题，再逐条写改进措施",
    forms=FORMS,
    examples=(
        {"text": {"problems": "一是信息更新不够及时。下一步加强督促检查。"}, "passes": True},
        {"text": {"problems": "一年来各项工作顺利，取得了很好的成绩。"}, "paths": ["problems"]},
    ),
)
def problems_with_measures(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """第五章应写明存在的主要问题和改进情况，两者缺一不可。"""
    section = report.section("problems")
    text = section.text if section else ""
    lacking = [
        words
        for words, pattern in ((say("问题"), PROBLEM_WORDS), (say("改进措施"), MEASURE_WORDS))
        if not pattern.search(text)
    ]
    if text and lacking:
        yield report.finding("problems", say("看不出写了{what}", what=listed(lacking)))


RULES = (
    requests_agree,
    decisions_agree,
    totals_add_up,
    shares_agree,
    absence_agrees,
    all_done_means_none_left,
    said_the_same_everywhere,
    problems_with_measures,
)
