"""Rules on the chapters: all there, in order, once each, under their official titles, in the right edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Severity, listed, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

FORMS = ("disclosure",)


@rule(
    "STR-001",
    title="各章齐全、按顺序、各一次",
    gate="文字关",
    basis="条例第五十条；国办公开办函〔2021〕30号",
    hint="补上缺少的章；正文里不要再写章的标题，标题由格式给出",
    forms=FORMS,
    examples=(
        {"text": {"overview": "本年工作取得新的成效。"}, "passes": True},
        {"text": {"overview": "一、总体情况\n本年工作取得新的成效。"}, "paths": ["overview"]},
    ),
)
def chapters_complete(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """六章必须齐全，按规定的顺序排列，每章只出现一次；正文里重复写章的标题，也算出现两次。"""
    wanted = [chapter for chapter in report.chapters if not chapter.optional]
    present = [section.id for section in report if section.statutory]
    for chapter in wanted:
        if chapter.section not in present:
            yield report.finding(chapter.section, say("缺少“{title}”", title=chapter.title))
    order = [chapter.section for chapter in report.chapters if chapter.section in present]
    if present != order:
        message = say("各章顺序不对，应为：{order}", order=listed(order))
        yield report.finding("", message, expected=listed(order), actual=listed(present))
    yield from _titles_in_text(report)


def _titles_in_text(report: Report) -> Iterator[Finding]:
    titles = {name: chapter.title for chapter in report.chapters for name in (chapter.title, *chapter.aliases) if name}
    for section in report:
        for block in section.blocks:
            if block.text.strip() in titles:
                message = say("正文里又写了一遍章的标题“{title}”", title=block.text.strip())
                yield report.finding(section.id, message, quote=block.text)


@rule(
    "STR-002",
    title="章的标题与规定一致",
    gate="文字关",
    basis="国办公开办函〔2021〕30号",
    hint="去掉 report.yaml 里这一章的 title",
    forms=FORMS,
    examples=(
        {"title": {"problems": "五、存在的主要问题及改进情况"}, "passes": True},
        {"title": {"problems": "五、问题"}, "paths": ["problems"]},
    ),
)
def chapter_titles_official(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """每章的标题用规定的文字。各地习用的别名可以接受，但给出提醒。"""
    official = {chapter.section: chapter for chapter in report.chapters}
    for section in report:
        chapter = official.get(section.id)
        if chapter is None or section.title == chapter.title:
            continue
        severity = Severity.WARNING if section.title in chapter.aliases else Severity.ERROR
        message = say("标题是“{title}”，规定是“{official}”", title=section.title, official=chapter.title)
        yield report.finding(section.id, message, severity=severity, expected=chapter.title, actual=section.title)


@rule(
    "STR-003",
    title="格式版本与报告年度相符",
    gate="文字关",
    basis="国办公开办函〔2019〕60号、〔2021〕30号",
    hint="去掉 report.yaml 里的 edition，由年度决定；或改正 year",
    forms=FORMS,
    examples=(
        {"passes": True},
        {"year": 2018, "paths": [""]},
    ),
)
def edition_fits_year(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """2020 及以前的年度用 2019 版格式，2021 年度起用 2021 版格式。"""
    first, last = report.years
    if not first <= report.year <= last:
        message = say(
            "{year} 年度不能用 {edition} 版格式（用于 {first} 至 {last} 年度）",
            year=report.year,
            edition=report.edition,
            first=first,
            last=last,
        )
        yield report.finding("", message, key="edition", expected=f"{first}–{last}", actual=str(report.year))


RULES = (chapters_complete, chapter_titles_official, edition_fits_year)
