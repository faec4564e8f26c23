"""Rules on what the report says it is: title, year, date of publication."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.sentences import years_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)
PERIOD = re.compile(r"(\d{4})年0?1月0?1日")
PERIOD_END = re.compile(r"(\d{4})年12月31日")
TITLE_YEAR = re.compile(r"(\d{4})年(?:度)?(?:政府信息公开工作)?年度报告")


@rule(
    "META-001",
    title="标题为单位全称、年份和报告名称",
    gate="文字关",
    basis="国办公开办函〔2021〕30号",
    hint="去掉 report.yaml 里的 title，由单位名称、年度和报告名称组成；或改正它",
    forms=FORMS,
    examples=(
        {"passes": True},
        {"title": {"": "区统计局2020年政府信息公开工作年度报告"}, "paths": [""]},
    ),
)
def title_official(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """标题由单位全称、年份和“政府信息公开工作年度报告”组成，不用简称。"""
    if report.title != report.heading:
        message = say("标题是“{title}”，应为“{heading}”", title=report.title, heading=report.heading)
        yield report.finding("", message, expected=report.heading, actual=report.title, key="title")


@rule(
    "META-003",
    title="标题、统计期限和正文中的年度一致",
    gate="文字关",
    basis="条例第四十九条",
    hint="多半是从上一年的报告复制而来；改为本报告年度",
    forms=FORMS,
    examples=(
        {"text": {"preface": "统计期限自{year}年1月1日至{year}年12月31日止。"}, "passes": True},
        {"text": {"preface": "统计期限自2001年1月1日至2001年12月31日止。"}, "paths": ["preface", "preface"]},
    ),
)
def year_agrees(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """标题中的年份、序言中的统计期限、正文中提到的本报告名称，都应是报告年度。"""
    year = str(report.year)
    if f"{year}年" not in report.title:
        message = say("标题中没有报告年度 {year}年", year=year)
        yield report.finding("", message, expected=year, actual=report.title, key="title")
    for section in (section for section, years in years_named(report) if years - {year}):
        patterns = (PERIOD, PERIOD_END, TITLE_YEAR) if section.id == "preface" else (TITLE_YEAR,)
        for found in (found for pattern in patterns for found in pattern.finditer(section.text)):
            if found.group(1) != year:
                message = say("写的是“{words}”，报告年度是 {year}", words=found.group(), year=year)
                yield report.finding(section.id, message, quote=found.group(), expected=year, actual=found.group(1))


@rule(
    "META-009",
    title="公布日期在年度结束之后、不晚于今天",
    gate="文字关",
    basis="条例第四十九条",
    hint="在 report.yaml 里写 date: 2021-01-20 这样的日期",
    forms=FORMS,
    examples=(
        {"date": "2021-01-20", "year": 2020, "passes": True},
        {"date": "2020-12-31", "year": 2020, "paths": [""]},
        {"date": "2999-01-01", "year": 2020, "paths": [""]},
    ),
)
def date_plausible(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """报告要有公布日期；日期在报告年度结束之后，也不能在将来。"""
    if report.date is None:
        yield report.finding("", say("没有公布日期"), key="date")
    elif report.date.year <= report.year:
        message = say("公布日期 {date} 不在 {year} 年度结束之后", date=report.date, year=report.year)
        yield report.finding("", message, key="date", actual=str(report.date))
    elif report.date > date.today():
        message = say("公布日期 {date} 还没有到", date=report.date)
        yield report.finding("", message, key="date", actual=str(report.date))


RULES = (title_official, year_agrees, date_plausible)
