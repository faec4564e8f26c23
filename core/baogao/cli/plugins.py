"""`baogao plugins`: list what is installed, what it gives, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from baogao.cli import options
from baogao.cli.exits import FAILED, PASSED
from baogao.cli.speaking import SpeakingCommand, catalogue_of, tell
from baogao.hooks.discovery import COMMANDS
from baogao.hooks.loading import LoadedPlugin
from baogao.language import Catalogue, Message, listed, say
from baogao.model.findings import Finding, Severity

if TYPE_CHECKING:
    from baogao.cli.surveying import View
    from baogao.hooks.loading import Selection
    from baogao.hooks.registry import Registry

__all__ = ["command"]

HELP = """列出已安装的插件：名称、版本、来源、状态，交出什么，提供哪些章节和规则。

出错的插件已隔离，这里说明原因和位置。--check 时只要有一个出错，退出码就是 3。"""

STATES = {"active": "可用", "blocked": "已停用", "quarantined": "出错，已隔离"}
ORIGINS = {"bundled": "自带", "installed": "另装", "local": "报告文件夹"}
COLUMNS = ("名称", "发行包", "版本", "来源", "状态", "交出", "章节", "规则数")
HOOKS: Mapping[str, str] = MappingProxyType(
    {
        "report_forms": "报告种类",
        "section_providers": "章节",
        "validation_rules": "规则",
        "field_types": "单元格类型",
        "renderers": "输出",
        "output_profiles": "样式",
        "source_readers": "文件的读法",
        COMMANDS: "命令",
    }
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A plugin with the rules it brings, and everything that is wrong with it."""

    plugin: LoadedPlugin
    rules: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def sections(self) -> list[str]:
        return [provider.id for provider in self.plugin.given.get("section_providers", ())]

    @property
    def broken(self) -> bool:
        """Tell whether something is wrong that makes a report fail; the rest are reminders."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@click.command("plugins", cls=SpeakingCommand, help=HELP, short_help=say("列出插件及其状态"))
@options.format_option("table", "json")
@click.option("--check", is_flag=True, help=say("有插件出错时以退出码 3 结束"))
@options.report_option
@options.block_option
@click.pass_context
def command(context: click.Context, format_: str, check: bool, report: Path | None, block: tuple[str, ...]) -> int:
    """List the plugins."""
    from baogao.cli.surveying import view_of

    view = view_of(report, block)
    plugins = tuple(_listed(view))
    catalogue = catalogue_of(context)
    if format_ == "json":
        click.echo(json.dumps([as_json(one, catalogue) for one in plugins], ensure_ascii=False, indent=2))
    else:
        _show(plugins, catalogue)
    if not check:
        return PASSED
    bad_templates = _bad_templates(context, view.registry, view.selection)
    return FAILED if bad_templates or any(one.broken for one in plugins) else PASSED


def _listed(view: View) -> Iterable[_Listed]:
    """Yield the plugins, then the commands, each with what is wrong with it."""
    from baogao.stages.survey import survey_rules

    registry = view.registry
    rules, problems = survey_rules(registry, view.folder)
    problems = tuple(dict.fromkeys((*problems, *(conflict.finding for conflict in registry.conflicts))))
    owned: dict[str, list[str]] = {}
    for entry in rules:
        owned.setdefault(entry.rule.plugin, []).append(entry.rule.id)
    for plugin in registry.plugins:
        concerned = (problem for problem in problems if _concerns(problem, plugin, registry))
        own = tuple(dict.fromkeys((*plugin.problems, *concerned)))
        yield _Listed(plugin, tuple(owned.get(plugin.name, ())), own)
    for plugin in _commands(view.selection):
        yield _Listed(plugin, (), plugin.problems)


def _concerns(problem: Finding, plugin: LoadedPlugin, registry: Registry) -> bool:
    """Tell whether a problem names a plugin, or is of a definition of what it gives."""
    if problem.rule in ("SRC-010", "PLG-008") and _defines(plugin, problem, registry):
        return True
    values = problem.message.values.values() if isinstance(problem.message, Message) else ()
    return plugin.title in values


def _defines(plugin: LoadedPlugin, problem: Finding, registry: Registry) -> bool:
    """Tell whether a definition that is wrong lies beside the plugin, or is of a section or a form that it gives."""
    file = problem.location.file if problem.location else ""
    if plugin.folder is not None and Path(file).is_relative_to(plugin.folder / "schemas"):
        return True
    places = tuple(f"schemas/{form.id}/" for form in plugin.given.get("report_forms", ()))
    return file.startswith(places) or any(given.plugin is plugin for given in registry.sections(problem.section))


def _commands(selection: Selection) -> Iterable[LoadedPlugin]:
    """Yield the commands of plugins, imported to see whether they can be; blocked ones are not."""
    from baogao.cli.foreign import foreign_commands, tried_command
    from baogao.cli.main import OWN_COMMANDS

    for entry in foreign_commands(OWN_COMMANDS, selection).values():
        yield replace(tried_command(entry)[0], hooks=(COMMANDS,))


def _bad_templates(context: click.Context, registry: Registry, selection: Selection) -> bool:
    """Tell whether a template that a plugin brings is wrong, and say what is."""
    from baogao.cli.showing import line_of
    from baogao.designing import judged_plugins

    found = list(judged_plugins(registry, selection))
    for finding in found:
        tell(context, line_of(finding, catalogue_of(context)))
    return any(finding.severity is Severity.ERROR for finding in found)


def as_json(listed: _Listed, catalogue: Catalogue) -> dict[str, Any]:
    """Return a plugin in the shape of `--format json`."""
    plugin = listed.plugin
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "origin": plugin.origin,
        "state": plugin.state,
        "error": catalogue.text(plugin.error),
        "hooks": list(plugin.hooks),
        "sections": listed.sections,
        "rules": list(listed.rules),
        "file": plugin.file,
        "line": plugin.line,
        "problems": [_problem_json(problem, catalogue) for problem in listed.problems],
    }


def _problem_json(problem: Finding, catalogue: Catalogue) -> dict[str, Any]:
    place = problem.location
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": catalogue.text(problem.message),
        "hint": catalogue.text(problem.hint),
        "location": place and {"file": place.file, "line": place.line, "column": place.column},
    }


def _show(plugins: tuple[_Listed, ...], catalogue: Catalogue) -> None:
    from baogao.cli.showing import line_of
    from baogao.cli.tabling import show_table

    rows = [
        (
            one.plugin.name,
            one.plugin.distribution,
            one.plugin.version,
            catalogue.text(say(ORIGINS[one.plugin.origin])),
            catalogue.text(_state(one)),
            catalogue.text(listed(say(HOOKS[hook]) for hook in one.plugin.hooks)),
            str(listed(one.sections)),
            str(len(one.rules) or ""),
        )
        for one in plugins
    ]
    show_table([catalogue.text(say(column)) for column in COLUMNS], rows)
    for plugin, problems in _told_once(plugins):
        click.secho(plugin.title, bold=True)
        for problem in problems:
            colour = "red" if problem.severity is Severity.ERROR else "yellow"
            click.secho(f"  {line_of(problem, catalogue)}", fg=colour)
            if problem.hint:
                click.secho(f"  {catalogue.text(say('  怎么改：{hint}', hint=problem.hint))}", dim=True)


def _told_once(plugins: tuple[_Listed, ...]) -> Iterable[tuple[LoadedPlugin, list[Finding]]]:
    """Yield the plugins that have problems; what two share, such as a conflict, is told of the one that loads later."""
    owners = {problem: one.plugin for one in plugins for problem in one.problems}
    for one in plugins:
        problems = [problem for problem in one.problems if owners[problem] is one.plugin]
        if problems:
            yield one.plugin, problems


def _state(one: _Listed) -> Message:
    if one.problems and one.plugin.state == "active":
        return say("有错，见下") if one.broken else say("可用，有提醒")
    return say(STATES[one.plugin.state])
