"""Commands that plugins bring: listed from metadata, imported only when they are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from baogao.cli.speaking import SpeakingContext
from baogao.errors import BaogaoError, InputError, PluginError
from baogao.hooks.discovery import COMMANDS, installed
from baogao.hooks.guarding import Guard, safely
from baogao.hooks.loading import Selection, as_code, load_entry, raised, where
from baogao.hooks.plain import plain_findings
from baogao.language import Message, say
from baogao.model.findings import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from baogao.hooks.discovery import Entry
    from baogao.hooks.loading import LoadedPlugin

__all__ = ["foreign_commands", "load_command", "told_by", "tried_command"]


def foreign_commands(own: Iterable[str], selection: Selection | None = None) -> Mapping[str, Entry]:
    """Return the commands of plugins by the name they are called by; one called like ours is `name@distribution`."""
    selection = selection or Selection.of_environment()
    every = installed(COMMANDS, own)
    return {one.name: one for one in every if not selection.refusal(one.name, "installed", one.distribution)}


def tried_command(entry: Entry) -> tuple[LoadedPlugin, Any]:
    """Return what is known of a command once it is imported, and the command; None where it is broken."""
    plugin, loaded = load_entry(entry)
    if plugin.state == "quarantined" or safely(lambda: isinstance(loaded, click.Command), False):
        return plugin, loaded
    message = say("插件 {plugin} 的命令不是 click 的命令：{value}", plugin=plugin.title, value=as_code(loaded)[:60])
    return plugin.broken("PLG-002", message), None


def load_command(entry: Entry) -> click.Command:
    """Import a command, which from now on writes its help as ours do; raise PluginError where it cannot be used."""
    plugin, loaded = tried_command(entry)
    if loaded is None:
        raise PluginError(replace(problem, hint=_way_out(entry)) for problem in plugin.problems)
    loaded.context_class = SpeakingContext
    return loaded


def told_by(entry: Entry, error: BaseException) -> BaogaoError:
    """Return why a command of a plugin did not come to its end: as it says itself in findings, else that it failed."""
    findings: tuple[Finding, ...] = ()
    if isinstance(error, BaogaoError):
        with Guard(entry.title):
            findings = tuple(plain_findings(error.findings))
    if not findings:
        return _broke(entry, error)
    return InputError(findings) if isinstance(error, InputError) else PluginError(findings)


def _broke(entry: Entry, error: BaseException) -> PluginError:
    """Return the error that a command of a plugin failed while it ran."""
    file, line = where(error)
    message = say("插件 {plugin} 的命令出错：{error}", plugin=entry.title, error=raised(error))
    place = Location(file, line) if file else entry.place
    return PluginError([Finding(message, rule="PLG-003", hint=_way_out(entry), location=place)])


def _way_out(entry: Entry) -> Message:
    return say("把错误告诉插件作者；或用环境变量 BAOGAO_BLOCK={name} 停用", name=entry.name)
