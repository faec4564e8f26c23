"""Commands that speak the user's language: help, errors and messages go through one catalogue."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from baogao.language import Catalogue, Message, listed, near, say

__all__ = [
    "LANGUAGES",
    "SpeakingCommand",
    "SpeakingContext",
    "SpeakingGroup",
    "catalogue_for",
    "catalogue_of",
    "explain_usage",
    "language_of",
    "tell",
]

LANGUAGES = ("zh", "en")
LANG_VARIABLE = "BAOGAO_LANG"

CLICK_WORDS = {
    "Options": say("选项"),
    "Commands": say("命令"),
    "Arguments": say("参数"),
    "Usage": say("用法"),
    "[OPTIONS]": say("[选项]"),
    "COMMAND": say("命令"),
    "[ARGS]": say("[参数]"),
    "Show this message and exit.": say("显示这段说明"),
    "Show the version and exit.": say("显示版本号"),
}


def catalogue_for(language: str) -> Catalogue:
    """Return the catalogue of a language; Chinese needs none."""
    if language == "zh":
        return Catalogue({})
    from baogao.files.yaml import read_yaml

    path = Path(__file__).parents[1] / "language" / f"{language}.yaml"
    return Catalogue(read_yaml(path, path.name).data)


def language_of(context: click.Context) -> str:
    """Return the language of this call."""
    language = context.find_root().meta.get("language") or os.environ.get(LANG_VARIABLE, "zh")
    return language if language in LANGUAGES else "zh"


def catalogue_of(context: click.Context) -> Catalogue:
    """Return the catalogue of this call."""
    root = context.find_root()
    if "catalogue" not in root.meta:
        root.meta["catalogue"] = catalogue_for(language_of(context))
    return root.meta["catalogue"]


def tell(context: click.Context, message: str, *, err: bool = True) -> None:
    """Say something in the user's language, by default on stderr, where it does not mix with a format."""
    click.echo(catalogue_of(context).text(message), err=err)


def _set_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        root = context.find_root()
        root.meta["language"] = value
        root.meta.pop("catalogue", None)


def _language_option() -> click.Option:
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        is_eager=True,
        expose_value=False,
        callback=_set_language,
        help=say("说明和消息用的语言：zh 中文（默认），en 英文"),
    )


class _Formatter(click.HelpFormatter):
    """Write help in the language of the call."""

    def __init__(self, catalogue: Catalogue, **more: Any) -> None:
        super().__init__(**more)
        self.catalogue = catalogue

    def _said(self, text: str) -> str:
        """Say our own words through the catalogue, and click's in Chinese where Chinese is spoken."""
        return self.catalogue.text(text) if self.catalogue.speaks else CLICK_WORDS.get(text, text)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for word in ("[OPTIONS]", "COMMAND", "[ARGS]"):
            args = args.replace(word, self._said(word))
        super().write_usage(prog, args, prefix or f"{self._said('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(self._said(heading))

    def write_text(self, text: str) -> None:
        super().write_text(self._said(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, self._described(text)) for term, text in rows], col_max, col_spacing)

    def _described(self, text: str) -> str:
        """Say an option's help, leaving what click adds in brackets as it is."""
        words, bracket, rest = text.partition("  [")
        return self._said(words) + bracket + rest


class SpeakingContext(click.Context):
    """A context whose help is written in the language of the call."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return what writes the help."""
        return _Formatter(catalogue_of(self), width=self.terminal_width, max_width=self.max_content_width)


class SpeakingCommand(click.Command):
    """A command whose help and messages follow `--lang`."""

    context_class = SpeakingContext

    def __init__(self, *args: Any, **more: Any) -> None:
        """Give every command the option to choose its language."""
        super().__init__(*args, **more)
        self.params.append(_language_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; an error in them knows its command."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help paragraph by paragraph, each said in the language of the call."""
        _write_help(self.help or "", ctx, formatter)


def _write_help(text: str, context: click.Context, formatter: click.HelpFormatter) -> None:
    said = catalogue_of(context).text(text)
    formatter.write_paragraph()
    with formatter.indentation():
        for line in said.strip("\n").split("\n"):
            formatter.write(" " * formatter.current_indent + line + "\n" if line else "\n")


class SpeakingGroup(click.Group):
    """A group whose commands load when they are called, and whose help follows `--lang`."""

    context_class = SpeakingContext
    command_class = SpeakingCommand

    def __init__(self, *args: Any, **more: Any) -> None:
        """Give the group the option to choose its language."""
        super().__init__(*args, **more)
        self.params.append(_language_option())

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help as it stands, in the language of the call."""
        _write_help(self.help or "", ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown one say which was meant."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = near(args[0], self.list_commands(ctx))
            raise click.UsageError(say("没有命令 {name}{near}", name=args[0], near=known), ctx)
        return super().resolve_command(ctx, args)


def explain_usage(error: click.UsageError) -> Message | str:
    """Return what is wrong with a command line."""
    match error:
        case click.NoSuchOption():
            return say(
                "没有选项 {name}{near}", name=error.option_name, near=near(error.option_name, error.possibilities or ())
            )
        case click.MissingParameter():
            return say("缺少 {name}", name=_name(error.param))
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            return say("{name} 的值不对；可用：{choices}", name=_name(param), choices=listed(map(str, choices)))
        case click.BadParameter(param=click.Parameter(type=click.IntRange(min=int(least))) as param):
            return say("{name} 的值应为整数，至少是 {least}", name=_name(param), least=least)
        case click.BadParameter(param=click.Parameter(type=click.types.IntParamType()) as param):
            return say("{name} 的值应为整数", name=_name(param))
        case click.BadParameter():
            return say("{name} 的值不对：{message}", name=_name(error.param), message=error.message)
        case click.BadOptionUsage():
            return say("{name} 后面要写一个值", name=error.option_name)
        case _:
            return _of_click(error.message)


def _of_click(message: str) -> Message | str:
    """Say what click itself says in plain words only."""
    if found := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", message):
        return say("多写了 {words}", words=found[1])
    return say("没有写命令") if message == "Missing command." else message


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
