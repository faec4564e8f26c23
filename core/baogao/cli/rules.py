"""`baogao rules`: list every rule that is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baogao.cli import options
from baogao.cli.exits import FOUND, PASSED
from baogao.cli.speaking import SpeakingCommand, SpeakingGroup, catalogue_of, tell
from baogao.language import Catalogue, listed, near, say

if TYPE_CHECKING:
    from baogao.cli.surveying import View
    from baogao.stages.survey import ListedRule

__all__ = ["command"]

HELP = """列出所有规则：编号、名称、级别、属于哪一关、适用的报告和版本、来自哪个插件。

  baogao rules
  baogao rules --report 我的报告          连同这份报告自己的规则
  baogao rules --format md > 规则目录.md
  baogao explain T3-001                   看一条规则的依据、说明和怎么改"""


@click.group("rules", cls=SpeakingGroup, invoke_without_command=True, help=HELP, short_help=say("列出所有规则"))
@options.format_option("table", "json", "md")
@options.report_option
@options.block_option
@click.pass_context
def command(context: click.Context, format_: str, report: Path | None, block: tuple[str, ...]) -> int:
    """List the rules, unless a command below it is called."""
    if context.invoked_subcommand is not None:
        return PASSED
    from baogao.cli.surveying import view_of
    from baogao.stages.survey import survey_rules

    view = view_of(report, block)
    rules, problems = survey_rules(view.registry, view.folder)
    catalogue = catalogue_of(context)
    for problem in problems:
        place = f"{problem.location}: " if problem.location else ""
        tell(context, say("{place}{rule} {message}", place=place, rule=problem.rule, message=problem.message))
    if format_ == "json":
        click.echo(json.dumps([as_json(entry, catalogue) for entry in rules], ensure_ascii=False, indent=2))
    elif format_ == "md":
        _show_markdown(rules, catalogue)
    else:
        _show_table(rules, catalogue)
    return PASSED


WRITTEN = ("PLG-008", "SRC-010")
"""What reports rules and definitions that are written wrongly."""

TEST_HELP = """用每条规则自己的例子检验它：该通过的通过，该查出的在该查出的地方查出。

例子是对样本报告（schemas/<报告>/<版本>/sample.yaml）的改动，写在规则旁边。
插件里的、报告文件夹自己的规则也一样检验。

  baogao rules test                       全部规则，约半分钟
  baogao rules test OWN-001               只检验这一条"""


@command.command("test", cls=SpeakingCommand, help=TEST_HELP, short_help=say("用规则自己的例子检验规则"))
@click.argument("ids", metavar="[ID]...", nargs=-1)
@options.report_option
@options.block_option
@click.pass_context
def test_rules(context: click.Context, ids: tuple[str, ...], report: Path | None, block: tuple[str, ...]) -> int:
    """Prove the rules by their examples."""
    from baogao.cli.surveying import view_of
    from baogao.proving import prove_rules

    view = view_of(report, block)
    proofs = tuple(prove_rules(view.registry, view.selection, view.folder, frozenset(map(str.upper, ids))))
    _refuse_untried(ids, {proof.rule.id for proof in proofs})
    catalogue = catalogue_of(context)
    unusable = _unusable(context, view) if not ids else 0
    wrong = [proof for proof in proofs if proof.wrong]
    for proof in wrong:
        place = f"{proof.rule.location}: " if proof.rule.location else ""
        message = say(
            "{place}{rule}（{edition} 版）第 {number} 个例子：{wrong}",
            place=place,
            rule=proof.rule.id,
            edition=proof.edition,
            number=proof.number,
            wrong=proof.wrong,
        )
        click.echo(catalogue.text(message))
    rules = len({proof.rule.id for proof in proofs})
    counted = say(
        "{rules} 条规则的 {examples} 个例子，{wrong} 个不对", rules=rules, examples=len(proofs), wrong=len(wrong)
    )
    click.echo(catalogue.text(counted))
    return FOUND if wrong or unusable else PASSED


def _unusable(context: click.Context, view: View) -> int:
    """Name what is wrong with rules and definitions, so that nothing passes by being left out; return how much."""
    from baogao.cli.showing import line_of
    from baogao.stages.survey import survey_rules

    _, problems = survey_rules(view.registry, view.folder)
    errors = [problem for problem in problems if problem.rule in WRITTEN]
    for problem in errors:
        click.echo(line_of(problem, catalogue_of(context)))
    if errors:
        tell(context, say("上面 {count} 处写得不对，所说的规则、章节没有检验", count=len(errors)))
    return len(errors)


def _refuse_untried(ids: tuple[str, ...], tried: set[str]) -> None:
    for name in ids:
        if name.upper() not in tried:
            raise click.UsageError(
                say("没有规则 {rule}，或它没有例子{near}", rule=name, near=near(name.upper(), tried))
            )


def as_json(entry: ListedRule, catalogue: Catalogue) -> dict[str, Any]:
    """Return a rule in the shape of `--format json`."""
    rule = entry.rule
    return {
        "id": rule.id,
        "title": catalogue.text(rule.title),
        "severity": rule.severity.value,
        "gate": catalogue.text(rule.gate),
        "basis": catalogue.text(rule.basis),
        "hint": catalogue.text(rule.hint),
        "forms": list(entry.forms),
        "editions": list(entry.editions),
        "needs": sorted(rule.needs),
        "waivable": rule.waivable,
        "plugin": rule.plugin,
    }


COLUMNS = ("编号", "名称", "级别", "关", "版本", "插件")


def _rows(rules: tuple[ListedRule, ...], catalogue: Catalogue) -> list[tuple[str, ...]]:
    return [
        (
            entry.rule.id,
            catalogue.text(entry.rule.title),
            entry.rule.severity.value,
            catalogue.text(entry.rule.gate),
            catalogue.text(listed(entry.editions)),
            entry.rule.plugin,
        )
        for entry in rules
    ]


def _show_markdown(rules: tuple[ListedRule, ...], catalogue: Catalogue) -> None:
    heads = [catalogue.text(say(column)) for column in COLUMNS]
    click.echo("| " + " | ".join(heads) + " |")
    click.echo("|" + "---|" * len(heads))
    for row in _rows(rules, catalogue):
        click.echo("| " + " | ".join(row) + " |")


def _show_table(rules: tuple[ListedRule, ...], catalogue: Catalogue) -> None:
    from baogao.cli.tabling import show_table

    show_table([catalogue.text(say(column)) for column in COLUMNS], _rows(rules, catalogue))
