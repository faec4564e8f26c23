"""`baogao uninstall`: take a plugin out of the environment that runs this program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from baogao.cli.exits import PASSED
from baogao.cli.install import confirmed, tell_failure
from baogao.cli.speaking import SpeakingCommand, tell
from baogao.language import listed, near, say

if TYPE_CHECKING:
    from importlib.metadata import Distribution

__all__ = ["command"]

HELP = """卸载插件。NAME 是发行包的名称，或 baogao plugins 里的插件名称。

不在终端里时要写 --yes。只卸载 baogao 的插件，不卸载 baogao 自己和别的程序。

  baogao uninstall luolong-fees"""


@click.command("uninstall", cls=SpeakingCommand, help=HELP, short_help=say("卸载插件"))
@click.argument("name", metavar="NAME")
@click.option("--yes", is_flag=True, help=say("不问"))
@click.pass_context
def command(context: click.Context, name: str, yes: bool) -> int:
    """Uninstall a plugin."""
    from baogao.installing import InstallError, plugins_of, uninstall

    found = _found(context, name)
    if not yes and not sys.stdin.isatty():
        raise click.UsageError(say("不在终端里，不能问；确定要卸载 {name}，加 --yes", name=found.name), context)
    # What a distribution says of itself is read when it is asked for: afterwards there is nothing left to read.
    told = {"name": found.name, "version": found.version, "plugins": listed(plugins_of(found))}
    question = say("从 {folder} 卸载 {name} {version}，继续吗？", folder=sys.prefix, **told)
    if not yes and not confirmed(context, question, default=False):
        tell(context, say("没有卸载"))
        return PASSED
    try:
        uninstall(found.name)
    except InstallError as error:
        return tell_failure(context, error)
    tell(context, say("已卸载 {name} {version}（插件 {plugins}）", **told))
    return PASSED


def _found(context: click.Context, name: str) -> Distribution:
    """Return the distribution that is meant; raise UsageError for one that is no plugin's."""
    from importlib.metadata import distributions

    from baogao.hooks.markers import PROJECT
    from baogao.installing import distribution_of, plugins_of

    found = distribution_of(name)
    if found is None:
        known = [other.name for other in distributions() if plugins_of(other) and other.name != PROJECT]
        raise click.UsageError(say("没有安装 {name}{near}", name=name, near=near(name, known)), context)
    if found.name == PROJECT:
        raise click.UsageError(say("{name} 是 baogao 自己的，不能这样卸载", name=name), context)
    if not plugins_of(found):
        raise click.UsageError(say("{name} 不是 baogao 的插件，没有动它；用 pip uninstall", name=name), context)
    return found
