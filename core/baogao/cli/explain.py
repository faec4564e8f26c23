"""`baogao explain`: say what one rule asks, on what basis, and how to mend what it finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from baogao.cli import options
from baogao.cli.exits import PASSED
from baogao.cli.speaking import SpeakingCommand, catalogue_of
from baogao.language import Catalogue, Message, listed, near, say
from baogao.model.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from baogao.model.rules import AnyRule
    from baogao.stages.survey import ListedRule

__all__ = ["command"]

HELP = """说明一条规则：要求什么、依据是什么、查出来怎么改、能不能说明情况后放行。

  baogao explain T3-001"""

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}


@click.command("explain", cls=SpeakingCommand, help=HELP, short_help=say("说明一条规则"))
@click.argument("rule_id", metavar="ID")
@options.report_option
@options.block_option
@click.pass_context
def command(context: click.Context, rule_id: str, report: Path | None, block: tuple[str, ...]) -> int:
    """Explain a rule."""
    from baogao.cli.surveying import view_of
    from baogao.stages.survey import NOWHERE, survey_rules

    view = view_of(report, block)
    rules, _ = survey_rules(view.registry, view.folder)
    known = {entry.rule.id: entry for entry in rules}
    found = known.get(rule_id.upper())
    if found is None:
        message = say("没有规则 {rule}{near}", rule=rule_id, near=near(rule_id.upper(), known))
        own = say("{message}；报告自己的规则，加 --report 报告文件夹", message=message)
        raise click.UsageError(own if view.folder == NOWHERE else message, context)
    _show(found, catalogue_of(context))
    return PASSED


def _show(entry: ListedRule, catalogue: Catalogue) -> None:
    rule = entry.rule
    click.secho(f"{rule.id} {catalogue.text(rule.title)}", bold=True)
    editions = (say("{edition} 版", edition=edition) for edition in entry.editions)
    section = (say("章节 {section}", section=rule.scope.section),) if rule.scope.section else ()
    scope = catalogue.text(listed((*entry.forms, *editions, *section)))
    lines = (
        ("级别", say(SEVERITIES[rule.severity])),
        ("关", say(rule.gate)),
        ("适用", scope or say("所有报告")),
        *_by_edition("依据", entry, lambda one: one.basis),
        *_by_edition("说明", entry, lambda one: one.explanation),
        *_by_edition("怎么改", entry, lambda one: one.hint),
        ("可改的参数", listed(_option(name, value) for name, value in rule.options.items())),
        ("情况说明", say("可以说明情况后放行") if rule.waivable else say("不能放行，必须改正")),
        ("来自", rule.plugin),
        ("位置", str(rule.location or "")),
    )
    for name, value in lines:
        if value:
            named = name if isinstance(name, Message) else say(name)
            click.echo(catalogue.text(say("{name}：{value}", name=named, value=value)))


def _option(name: str, value: object) -> Message:
    return say("{name}（默认 {value}）", name=name, value=value)


def _by_edition(name: str, entry: ListedRule, of: Callable[[AnyRule], str]) -> list[tuple[str, Message]]:
    """Return what a rule says of itself: once, or for each edition that says something else."""
    said = {edition: of(variant) for edition, variant in entry.variants}
    if len(set(said.values())) <= 1:
        return [(name, say(of(entry.rule)))]
    heads = {edition: say("{name}（{edition} 版）", name=say(name), edition=edition) for edition in said}
    return [(heads[edition], say(text)) for edition, text in said.items()]
