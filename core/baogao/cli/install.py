"""`baogao install`: put plugins into the environment that runs this program, and say what they bring."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baogao.cli.exits import FAILED, PASSED
from baogao.cli.speaking import SpeakingCommand, catalogue_of, tell
from baogao.language import listed, say

if TYPE_CHECKING:
    from baogao.installing import InstallError, Target

__all__ = ["command", "confirmed", "tell_failure"]

HELP = """安装插件，装到运行 baogao 的这个环境里。PLUGIN 是插件的名称、文件夹，或安装包（.whl 文件）。

没有网络：把 PLUGIN 和它要的安装包放在一个文件夹里，用 --wheels 指明。
装完说明装上了什么、提供哪些章节和规则；插件加载时出错，也在这里说。

  baogao install luolong-fees-0.1.0-py3-none-any.whl
  baogao install luolong-fees --wheels 安装包     没有网络，从这个文件夹里装
  baogao install --editable luolong-training      正在开发的插件，改了不用重装"""


@click.command("install", cls=SpeakingCommand, help=HELP, short_help=say("安装插件"))
@click.argument("plugins", metavar="PLUGIN...", nargs=-1, required=True)
@click.option(
    "--wheels",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=say("不用网络，只从这个文件夹里的安装包装"),
)
@click.option("-e", "--editable", is_flag=True, help=say("文件留在原处，改了不用重装；PLUGIN 要是文件夹"))
@click.option("--yes", is_flag=True, help=say("不问"))
@click.pass_context
def command(context: click.Context, plugins: tuple[str, ...], wheels: Path | None, editable: bool, yes: bool) -> int:
    """Install plugins."""
    from baogao.installing import InstallError, install

    if wheels and not any(wheels.glob("*.whl")):
        message = say("--wheels 的 {folder} 不是装着安装包（.whl 文件）的文件夹", folder=str(wheels))
        raise click.UsageError(message, context)
    targets = _targets(context, plugins, editable=editable)
    names = listed(target.written for target in targets)
    question = say("把 {names} 装到 {folder}，继续吗？", names=names, folder=sys.prefix)
    if not yes and not confirmed(context, question, default=True):
        tell(context, say("没有安装"))
        return PASSED
    tell(context, say("正在安装 {names}……", names=names))
    try:
        install(targets, wheels=wheels, editable=editable)
    except InstallError as error:
        return tell_failure(context, error)
    return max(_tell_installed(context, target) for target in targets)


def _targets(context: click.Context, plugins: tuple[str, ...], *, editable: bool) -> list[Target]:
    from baogao.hooks.markers import PROJECT
    from baogao.installing import read_target

    try:
        targets = [read_target(written) for written in plugins]
    except ValueError as error:
        raise click.UsageError(error.args[0], context) from error
    for target in targets:
        if target.name == PROJECT:
            raise click.UsageError(say("baogao 不是插件；要换版本，用 pip install"), context)
        if editable and not target.is_folder:
            raise click.UsageError(say("{written} 不是文件夹，不能用 --editable", written=target.written), context)
        if others := _needed(target):
            words = {"name": target.name, "others": listed(others)}
            raise click.UsageError(say("{name} 不是插件，是 {others} 要用的；没有动它", **words), context)
    return targets


def _needed(target: Target) -> tuple[str, ...]:
    """Return what would not work without the target, where it is installed and is no plugin."""
    from baogao.installing import distribution_of, needed_by, plugins_of

    known = distribution_of(target.name) if target.name else None
    return needed_by(target.name) if known and not plugins_of(known) else ()


def confirmed(context: click.Context, question: str, *, default: bool) -> bool:
    """Ask in a terminal; elsewhere the answer is yes."""
    return not sys.stdin.isatty() or click.confirm(catalogue_of(context).text(question), default=default, err=True)


def tell_failure(context: click.Context, error: InstallError) -> int:
    """Say what the installer said, and what to do; return the exit code."""
    if error.said:
        click.echo(error.said, err=True)
    tell(context, error.message)
    tell(context, say("  怎么改：{hint}", hint=error.hint))
    return FAILED


def _tell_installed(context: click.Context, target: Target) -> int:
    """Say what was installed and what it brings; a plugin that fails to load makes the program fail."""
    from baogao.installing import distribution_of, installed_plugins, plugins_of

    distribution = distribution_of(target.name) if target.name else None
    if distribution is None:
        tell(context, say("已安装 {written}；用 baogao plugins 看装上了什么", written=target.written))
        return PASSED
    tell(context, say("已安装 {name} {version}", name=distribution.name, version=distribution.version))
    if not plugins_of(distribution):
        out = say("。不要的话：pip uninstall {name}", name=target.name) if not _needed(target) else say("")
        tell(context, say("  它不是 baogao 的插件：没有 baogao 的入口点{out}", out=out))
        return FAILED
    found = list(installed_plugins(frozenset({target.name})))
    for plugin in found:
        _tell_plugin(context, plugin)
    return PASSED if not any(map(_is_broken, found)) else FAILED


def _is_broken(plugin: dict[str, Any]) -> bool:
    """Tell whether a plugin is of no use, or something it brings is."""
    return plugin["state"] != "active" or any(problem["severity"] == "error" for problem in plugin["problems"])


def _tell_plugin(context: click.Context, plugin: dict[str, Any]) -> None:
    name = plugin["name"]
    if plugin["state"] == "quarantined":
        place = f"{plugin['file']}:{plugin['line']}: " if plugin["file"] and plugin["line"] else ""
        tell(context, say("  插件 {name} 出错，已隔离：{place}{error}", name=name, place=place, error=plugin["error"]))
    elif plugin["state"] == "blocked":
        tell(context, say("  插件 {name} 已停用（BAOGAO_BLOCK）", name=name))
    else:
        tell(context, say("  插件 {name} 可用，钩子：{hooks}", name=name, hooks=listed(plugin["hooks"])))
        for problem in plugin["problems"]:
            place = "{file}:{line}: ".format(**problem["location"]) if problem["location"] else ""
            tell(context, say("  {place}{message}", place=place, message=problem["message"]))
        if plugin["sections"]:
            tell(
                context,
                say(
                    "  章节：{sections}（在 report.yaml 的 sections 里写上才出现）", sections=listed(plugin["sections"])
                ),
            )
        if plugin["rules"]:
            tell(context, say("  规则：{rules}（装上就查）", rules=listed(plugin["rules"])))
