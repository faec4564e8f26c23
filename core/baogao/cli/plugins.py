"""`baogao plugins`: list what is installed, what it gives, and what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from baogao.cli import options
from baogao.cli.exits import FAILED, PASSED
from baogao.cli.speaking import SpeakingCommand, catalogue_of, tell
from baogao.hooks.loading import LoadedPlugin
from baogao.language import Catalogue, listed, say

if TYPE_CHECKING:
    from baogao.hooks.registry import Registry

__all__ = ["command"]

HELP = """列出已安装的插件：名称、版本、来源、状态，提供哪些章节和规则。

出错的插件已隔离，这里说明原因和位置。--check 时只要有一个出错，退出码就是 3。"""

STATES = {"active": "可用", "blocked": "已停用", "quarantined": "出错，已隔离"}
ORIGINS = {"bundled": "自带", "installed": "另装", "local": "报告文件夹"}
COLUMNS = ("名称", "发行包", "版本", "来源", "状态", "章节", "规则数")


@click.command("plugins", cls=SpeakingCommand, help=HELP, short_help=say("列出插件及其状态"))
@options.format_option("table", "json")
@click.option("--check", is_flag=True, help=say("有插件出错时以退出码 3 结束"))
@options.block_option
@click.pass_context
def command(context: click.Context, format_: str, check: bool, block: tuple[str, ...]) -> int:
    """List the plugins."""
    from baogao.hooks.registry import open_registry
    from baogao.stages.survey import survey_rules

    registry = open_registry(options.selection(block))
    rules, _ = survey_rules(registry)
    owned: dict[str, list[str]] = {}
    for entry in rules:
        owned.setdefault(entry.rule.plugin, []).append(entry.rule.id)
    catalogue = catalogue_of(context)
    if format_ == "json":
        listing = [as_json(plugin, owned.get(plugin.name, []), catalogue) for plugin in registry.plugins]
        click.echo(json.dumps(listing, ensure_ascii=False, indent=2))
    else:
        _show(registry.plugins, owned, catalogue)
    return FAILED if check and (_bad_templates(context, registry, block) or registry.quarantined) else PASSED


def _bad_templates(context: click.Context, registry: Registry, block: tuple[str, ...]) -> bool:
    """Tell whether a template that a plugin brings is wrong, and say what is."""
    from baogao.cli.showing import line_of
    from baogao.designing import judged_plugins

    found = list(judged_plugins(registry, options.selection(block)))
    for finding in found:
        tell(context, line_of(finding, catalogue_of(context)))
    return any(finding.severity.value == "error" for finding in found)


def as_json(plugin: LoadedPlugin, rules: list[str], catalogue: Catalogue) -> dict[str, Any]:
    """Return a plugin in the shape of `--format json`."""
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "origin": plugin.origin,
        "state": plugin.state,
        "error": catalogue.text(plugin.error),
        "hooks": list(plugin.hooks),
        "sections": _sections(plugin),
        "rules": rules,
        "file": plugin.file,
        "line": plugin.line,
    }


def _sections(plugin: LoadedPlugin) -> list[str]:
    return [provider.id for provider in plugin.given.get("section_providers", ())]


def _show(plugins: tuple[LoadedPlugin, ...], owned: dict[str, list[str]], catalogue: Catalogue) -> None:
    from baogao.cli.tabling import show_table

    rows = [
        (
            plugin.name,
            plugin.distribution,
            plugin.version,
            catalogue.text(say(ORIGINS[plugin.origin])),
            catalogue.text(say(STATES[plugin.state])),
            str(listed(_sections(plugin))),
            str(len(owned.get(plugin.name, [])) or ""),
        )
        for plugin in plugins
    ]
    show_table([catalogue.text(say(column)) for column in COLUMNS], rows)
    for problem in (problem for plugin in plugins for problem in plugin.problems):
        place = f"{problem.location}: " if problem.location else ""
        click.secho(f"{place}{problem.rule} {catalogue.text(problem.message)}", fg="red")
