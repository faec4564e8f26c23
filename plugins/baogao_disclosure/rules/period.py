"""Rules on the period the report is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.sentences import clause, sentences, years_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report
    from baogao_disclosure.sentences import Sentence

FORMS = ("disclosure",)
PERIOD = re.compile(r"\d{4}年0?1月0?1日(?:0时)?起?\s*(?:[至到—–\-－~～]+|起至)\s*(?:\d{4}年|当年|同年)?12月31日")
YEAR = re.compile(r"(?<!\d)(\d{4})年(?:度)?(\d{1,2}月)?")
TITLES = re.compile(r"《[^》]*》|“[^”]*”")
NOT_WORK = re.compile(
    "新?修订|修正|版|以来|起|[之以]?前|[之以]?后|底|末|初|[^，。；]{0,12}(?:印发|出台|发布|制定|公布|施行)的"
    "|[^，。；]{0,12}(?:决算|预算|计划|要点|规划|年报|年度报告|公报|年鉴|总结|考核|评估)"
)
COMPARED = re.compile(
    r"(?:比|较|同|与|和|跟)(?:上|去|往|\d{4})年|相比|对比|同比|同期|增长|下降|减少|持平|增幅|上年|去年|往年|历年|结转|遗留"
    "|针对|整改|考核|评估|评比|表彰|荣获|被评|授予|通报"
)
PLANNED = re.compile("将|拟|计划|规划|下一步|下一年|下年|明年|今后|力争|继续|进一步|打算|目标|决算|预算|截至")
LAW = re.compile("施行|修订|修正|公布|通过|印发|成立|条例|办法|法》")


@rule(
    "META-004",
    title="写明统计期限",
    severity="warning",
    gate="文字关",
    basis="条例第四十九条；写在序言里是各地的实践",
    hint="写上“统计期限自某年1月1日至12月31日止”；不写 preface.md 时序言自动生成",
    forms=FORMS,
    examples=(
        {"passes": True},
        {"text": {"preface": "本报告所列数据的统计期限为{year}年1月1日—12月31日。"}, "passes": True},
        {"text": {"preface": "根据条例规定，编制本报告。"}, "paths": ["preface"]},
    ),
)
def period_stated(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """报告要写明统计期限是当年 1 月 1 日至 12 月 31 日，一般写在序言里。年份对不对由 META-003 判断。"""
    if not any(PERIOD.search(section.text) for section in report):
        yield report.finding("preface", say("没有写明统计期限（1月1日至12月31日）"))


@rule(
    "META-005",
    title="正文写的是本年度的工作",
    severity="warning",
    gate="文字关",
    basis="条例第四十九条；实践：多为照抄上一年的报告",
    hint="改为本报告年度；确实在说别的年份的，写明是比较还是计划",
    forms=FORMS,
    examples=(
        {"year": 2020, "text": {"overview": "与2019年相比，公开的信息有所增加。"}, "passes": True},
        {"year": 2020, "text": {"problems": "2021年，我局将丰富解读形式，建立更新台账。"}, "passes": True},
        {"year": 2020, "text": {"overview": "2019年，我局在政府网站公开信息。"}, "paths": ["overview"]},
        {"year": 2020, "text": {"overview": "2021年，我局在政府网站公开信息。"}, "paths": ["overview"]},
    ),
)
def no_foreign_year(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """讲本单位工作的句子里，不应出现上一年或下一年；与上年比较、文件名称、决算、计划除外。按字面判断，可能有误。"""
    sections = [
        section.id for section, years in years_named(report) if section.id != "preface" and _near(years, report)
    ]
    for sentence in sentences(report, *sections) if sections else ():
        for words, year in _foreign_years(sentence, report.year):
            message = say("写的是 {year} 年，报告年度是 {own}", year=year, own=report.year)
            yield report.finding(sentence.section, message, quote=words, expected=str(report.year), actual=str(year))


def _near(years: Iterable[str], report: Report) -> bool:
    """Tell whether one of these years is the report's last or next."""
    return any(abs(int(year) - report.year) == 1 for year in years)


def _foreign_years(sentence: Sentence, own: int) -> Iterator[tuple[str, int]]:
    """Yield the words that name last year or next year as the time of work done, with the year."""
    bare = TITLES.sub(lambda title: "＿" * len(title.group()), sentence.text)
    if f"{own}年" in bare:
        return
    for found in YEAR.finditer(bare):
        year = int(found.group(1))
        told = bare[found.end() :]
        if NOT_WORK.match(told) or (found.group(2) and (year > own or LAW.search(bare))):
            continue
        if year == own - 1 and not COMPARED.search(bare):
            yield clause(sentence.text, found.start()), year
        if year == own + 1 and sentence.section != "problems" and not PLANNED.search(bare):
            yield clause(sentence.text, found.start()), year


RULES = (period_stated, no_foreign_year)
