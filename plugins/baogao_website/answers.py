"""The rules on answers that are words: what a no, or a missing name, means for the figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Severity, rule, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Cell, Finding, Report

BASIS = "国办函〔2018〕12号（由行名推定）"
NO = "否"
MEANT: Mapping[str, tuple[str, ...]] = {
    "has_catalogue": ("services", "services_online"),
    "has_media": ("weibo_posts", "weibo_readers", "wechat_posts", "wechat_readers"),
}
"""The figures that are 0 where the answer is no."""
NAMED: Mapping[str, tuple[str, ...]] = {
    "weibo": ("weibo_posts", "weibo_readers"),
    "wechat": ("wechat_posts", "wechat_readers"),
}
"""The figures that are 0 where there is no name."""


@rule(
    "WEB-003",
    title="答“否”的，相应的数为零",
    severity=Severity.WARNING,
    basis=BASIS,
    hint="改正“是否”一行，或把数改为 0；口径不同的写情况说明",
    section="site",
    forms=("website",),
    examples=(
        {"set": {"site.has_media.value": "否", "site.weibo.value": None}, "passes": True},
        {"set": {"site.has_catalogue.value": "否", "site.services.value": 3}, "paths": ["site.services.value"]},
        {"set": {"site.has_media.value": "否", "site.wechat_posts.value": 2}, "paths": ["site.wechat_posts.value"]},
    ),
)
def zero_after_no(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """没有发布服务事项目录的，政务服务事项数量为 0；没有移动新媒体的，微博、微信各项为 0。空着的格另有规则报告。"""
    for question, figures in MEANT.items():
        answer = _cell(report, question)
        if answer.value == NO:
            yield from _not_zero(report, answer, figures)


@rule(
    "WEB-004",
    title="没有名称的新媒体，相应的数为零",
    severity=Severity.WARNING,
    basis=BASIS,
    hint="写上名称，或把数改为 0",
    section="site",
    forms=("website",),
    examples=(
        {"set": {"site.weibo.value": "示例县发布", "site.weibo_posts.value": 2}, "passes": True},
        {"set": {"site.weibo.value": None, "site.weibo_posts.value": 2}, "paths": ["site.weibo_posts.value"]},
        {"set": {"site.wechat.value": "无", "site.wechat_readers.value": 9}, "paths": ["site.wechat_readers.value"]},
    ),
)
def named_before_counted(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """微博、微信的名称空着或写“无”的，信息发布量、关注量、订阅数应为 0。"""
    for name, figures in NAMED.items():
        cell = _cell(report, name)
        if cell.value in (None, "", "无"):
            yield from _not_zero(report, cell, figures)


def _cell(report: Report, row: str) -> Cell:
    return report.cell(f"site.{row}.value")


def _not_zero(report: Report, answer: Cell, rows: tuple[str, ...]) -> Iterator[Finding]:
    for cell in (_cell(report, row) for row in rows):
        if cell.value:
            message = say(
                "“{question}”填的是“{answer}”，“{label}”却是 {value}",
                question=report.cell_label(answer.path),
                answer=answer.typed or "",
                label=report.cell_label(cell.path),
                value=cell.text(),
            )
            yield report.finding(cell.path, message, cells=(answer.path, cell.path), expected="0", actual=cell.text())


RULES = (zero_after_no, named_before_counted)
