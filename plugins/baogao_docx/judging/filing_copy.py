"""Rules on the letter a report is filed by: its number and to whom it goes (GB/T 9704—2012, 7.2.5 and 7.3.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao.language import listed, say
from baogao.model.findings import Severity
from baogao.model.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao.language import Message
    from baogao.model.findings import Finding
    from baogao.model.report import PlannedOutput, Report

__all__ = ["RULES"]

YEAR = re.compile(r"〔([0-9]{4})〕")


def _output(**options: str) -> dict[str, Any]:
    """Return the change of an example: a filing paper with these options."""
    return {"outputs": [{"renderer": "docx", "profile": "filing", **options}]}


@rule(
    "FMT-007",
    title="报送件有发文字号和主送机关",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 9704—2012，7.2.5、7.3.2",
    hint="在 outputs 的这一项里写 number: 某统〔2021〕2号, to: 某某区人民政府办公室；报送时不用的，写情况说明",
    examples=(
        {"report": _output(number="示统〔2021〕2号", to="示例县人民政府"), "passes": True},
        {"report": {"outputs": ["docx"]}, "passes": True},
        {"report": _output(to="示例县人民政府"), "paths": [""]},
        {"report": _output(), "paths": [""]},
    ),
)
def addressed(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """报送件是发给主管部门的公文，应有发文字号，写明主送机关。没有写的，印出来就没有这两行。"""
    for letter in _letters(report):
        if lacking := listed(_lacking(letter.output.options)):
            message = say("报送件没有写{names}", names=lacking)
            yield report.finding("", message, location=letter.location)


def _lacking(options: Mapping[str, Any]) -> Iterator[Message]:
    if not str(options.get("number", "")).strip():
        yield say("发文字号（number）")
    if not str(options.get("to", "")).strip(" 　：:"):
        yield say("主送机关（to）")


@rule(
    "FMT-008",
    title="发文字号的年份是成文的年份",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 9704—2012，7.2.5：年份、发文顺序号",
    hint="核对 outputs 里的 number 和 date：次年成文的，用次年的号",
    examples=(
        {"date": "2021-01-20", "year": 2020, "report": _output(number="示统〔2021〕2号", to="县政府"), "passes": True},
        {"date": "2021-01-20", "year": 2020, "report": _output(number="示统〔2019〕2号", to="县政府"), "paths": [""]},
    ),
)
def numbered_in_its_year(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """报告在次年成文，发文字号是成文那一年的，不是报告年度的。没有写日期的，由 META-009 报告。"""
    for letter in _letters(report):
        number = str(letter.output.options.get("number", ""))
        found = YEAR.search(number)
        if found and report.date and int(found[1]) != report.date.year:
            signed = report.date.year
            message = say(
                "“{number}”是 {year} 年的号，成文日期在 {signed} 年", number=number, year=found[1], signed=signed
            )
            place = letter.locate("number")
            yield report.finding("", message, location=place, expected=str(signed), actual=found[1])


def _letters(report: Report) -> Iterator[PlannedOutput]:
    return (made for made in report.outputs if (made.output.renderer, made.output.profile) == ("docx", "filing"))


RULES = (addressed, numbered_in_its_year)
