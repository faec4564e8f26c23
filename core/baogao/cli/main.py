"""The entry point: `baogao COMMAND`. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import click

from baogao import __version__
from baogao.cli.exits import FAILED, FOUND, INTERRUPTED, USAGE
from baogao.cli.foreign import foreign_commands, load_command, told_by
from baogao.cli.speaking import LANGUAGES, SpeakingGroup, explain_usage, tell
from baogao.errors import BaogaoError, InputError
from baogao.hooks.discovery import Entry
from baogao.language import say

__all__ = ["cli", "main"]

OWN_COMMANDS = (
    *("new", "check", "build", "batch", "waive"),
    *("plugins", "plugin", "install", "uninstall"),
    *("rules", "explain", "schema", "template"),
)


LEAVING = (KeyboardInterrupt, SystemExit)
"""What ends a program on purpose, a plugin's command too."""


class _Commands(SpeakingGroup):
    """Our commands, then those that plugins bring; a plugin's is imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return [*OWN_COMMANDS, *sorted(self._foreign)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        if cmd_name in OWN_COMMANDS:
            return importlib.import_module(f"baogao.cli.{cmd_name}").command
        entry = self._foreign.get(cmd_name)
        return load_command(entry) if entry is not None else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what one of a plugin's raises is told as the plugin's."""
        try:
            done = super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError, *LEAVING):
            raise
        except BaseException as exc:
            entry = self._foreign.get(ctx.invoked_subcommand or "")
            if entry is None:
                raise
            raise told_by(entry, exc) from exc
        return done if isinstance(done, int) else 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows: list[tuple[str, str]] = []
        for name in OWN_COMMANDS:
            command = self.get_command(ctx, name)
            rows.append((name, (command.short_help or "") if command else ""))
        rows.extend(
            (name, say("来自插件 {plugin}", plugin=entry.distribution or entry.value))
            for name, entry in sorted(self._foreign.items())
        )
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    @property
    def _foreign(self) -> Mapping[str, Entry]:
        return foreign_commands(OWN_COMMANDS)


HELP = """报告：按官方格式汇编年度报告，检查数据，生成 DOCX 和网页。

第一次使用：
  baogao new 我的报告 --form disclosure --year 2020 --unit 某某局
  （按文件里的提示填写）
  baogao check 我的报告      检查，逐条说明哪里不对、怎么改
  baogao build 我的报告      检查通过后写出 DOCX 和 HTML

退出码：0 通过；1 有错误；2 用法不对或读不到报告；3 插件或程序出错；130 中断。
每个命令后面加 --help 可看它的用法。"""


@click.group(cls=_Commands, name="baogao", help=HELP, no_args_is_help=True)
@click.version_option(__version__, prog_name="baogao")
def cli() -> None:
    """Hold the commands together."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and exit with its code."""
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    _use_utf8()
    context = _spoken(arguments)
    try:
        return cli.main(arguments, prog_name="baogao", standalone_mode=False) or 0
    except click.UsageError as error:
        return _misused(error, context)
    except InputError as error:
        _tell_findings(error, context)
        return USAGE
    except BaogaoError as error:
        _tell_findings(error, context)
        return FAILED
    except (KeyboardInterrupt, click.Abort) as error:
        tell(context, say("已中断"))
        for plugin in _at_work(error):
            tell(context, say("当时在等插件 {plugin}；总是等不到的，用 --block 或 BAOGAO_BLOCK 停用它", plugin=plugin))
        return INTERRUPTED
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`; say nothing more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except OSError as error:
        with contextlib.suppress(OSError):
            tell(context, say("无法输出：{error}", error=error.strerror or str(error)))
        return FAILED
    except Exception:
        # Our own mistake, not the user's: say so, with all that helps to mend it.
        traceback.print_exc()
        tell(context, say("程序出了错，不是数据的问题；请把以上内容告诉维护者"))
        return FAILED


def _at_work(error: BaseException) -> Iterator[str]:
    """Yield the plugin that was at work when Ctrl-C came."""
    told = error if isinstance(error, KeyboardInterrupt) else error.__cause__ or error
    yield from getattr(told, "__notes__", ())


def _spoken(arguments: list[str]) -> click.Context:
    """Return a context that speaks the language of the command line, for what is said after a command has failed."""
    context = click.Context(cli)
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        language = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if language in LANGUAGES:
            context.meta["language"] = language
    return context


def _misused(error: click.UsageError, context: click.Context) -> int:
    named = error.ctx or context
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(named.get_help(), err=True)
        return USAGE
    tell(context, say("用法不对：{message}", message=explain_usage(error)))
    tell(context, say("看用法：{command} --help", command=named.command_path))
    return USAGE


def _tell_findings(error: BaogaoError, context: click.Context) -> None:
    for finding in error.findings:
        place = f"{finding.location}: " if finding.location else ""
        rule = f"{finding.rule} " if finding.rule else ""
        tell(context, say("{place}{rule}{message}", place=place, rule=rule, message=finding.message))
        if finding.hint:
            tell(context, say("  怎么改：{hint}", hint=finding.hint))


def _use_utf8() -> None:
    """Write UTF-8 whatever the locale says: a Windows console or LC_ALL=C must not stop a Chinese message."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
