"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from baogao.hooks.loading import Selection
from baogao.language import say

__all__ = [
    "FORMATS",
    "NamedPath",
    "block_option",
    "fail_on_option",
    "folder_argument",
    "form_option",
    "format_option",
    "output_file_option",
    "previous_option",
    "refuse_sources",
    "report_option",
    "selection",
]

F = TypeVar("F", bound=Callable[..., Any])
BUNDLED_ONLY = "bundled_only"
FORMATS = ("table", "concise", "json", "sarif")
RESULTS = frozenset({".json", ".sarif", ".txt", ".log"})
"""The suffixes of results: an earlier one in the report's folder may be written over."""

PARTS = frozenset({"plugins", "schemas", "templates"})


class NamedPath(click.Path):
    """A path; "" is none, for it would mean the current folder."""

    def __init__(self) -> None:
        """Take any path, there or not."""
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; refuse an empty name, which a variable without a value leaves in a script."""
        if value == "":
            name = param.make_metavar(ctx) if isinstance(param, click.Argument) and ctx else param and param.opts[-1]
            raise click.UsageError(say("{name} 没有写名称；当前文件夹写 .", name=str(name)), ctx)
        return super().convert(value, param, ctx)


def folder_argument(function: F) -> F:
    """Take the report's folder, by default the current one."""
    return click.argument("folder", metavar="[DIR]", type=NamedPath(), default=Path())(function)


def form_option(function: F) -> F:
    """Take the kind of report."""
    text = say("报告种类；默认 disclosure")
    return click.option("--form", callback=_usual_form, help=text)(function)


def _usual_form(_context: click.Context, _parameter: click.Parameter, form: str | None) -> str:
    from baogao.definitions.defaults import read_defaults

    return read_defaults().form if form is None else form


def format_option(*formats: str) -> Callable[[F], F]:
    """Take the format of what goes to stdout."""
    text = say("结果的格式：table 给人看，json 给程序用")
    if "concise" in formats:
        text = say("结果的格式：table 给人看，concise 一行一条，json 给程序用")
    if "sarif" in formats:
        text = say("结果的格式：table 给人看，concise 一行一条，json 给程序用，sarif 给代码审查平台和编辑器用")
    return click.option(
        "--format", "format_", type=click.Choice(formats), default=formats[0], show_default=True, help=text
    )


def output_file_option(function: F) -> F:
    """Take the file that gets the result in place of stdout."""
    text = say("结果写到这个文件，不写到标准输出")
    return click.option("--output-file", type=NamedPath(), metavar="FILE", help=text, callback=_no_folder)(function)


def _no_folder(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.is_dir():
        raise click.UsageError(say("“{path}”是文件夹；--output-file 要写文件名", path=str(path)))
    return path


def refuse_sources(file: Path | None, *folders: Path | None) -> None:
    """Raise UsageError where a result would be written over what a report in one of the folders is made from."""
    for folder in filter(None, folders):
        if file is not None and file.exists() and _is_source(file.resolve(), folder.resolve()):
            message = say("{file} 是报告自己的文件，结果不能写在上面；换一个文件名，如 结果.json", file=file.name)
            raise click.UsageError(message)


def _is_source(file: Path, folder: Path) -> bool:
    if not file.is_relative_to(folder):
        return False
    return file.suffix.lower() not in RESULTS or file.relative_to(folder).parts[0] in PARTS


def fail_on_option(function: F) -> F:
    """Take the severity from which on a finding makes the program exit with 1."""
    text = say("从哪一级起算不通过")
    severities = click.Choice(["error", "warning", "info"])
    return click.option("--fail-on", type=severities, default="error", show_default=True, help=text)(function)


def previous_option(function: F) -> F:
    """Take the folder of last year's report."""
    text = say("上一年的报告文件夹；跨年的规则要用它")
    return click.option("--previous", type=NamedPath(), metavar="DIR", help=text)(function)


def block_option(function: F) -> F:
    """Take the names of plugins not to load, or that none but our own are to be."""
    text = say("不加载这个插件（可写多次）；也可用环境变量 BAOGAO_BLOCK，用逗号隔开")
    none = say("只用自带的插件：另装的、报告文件夹里的都不加载")
    blocked = click.option("--block", multiple=True, metavar="NAME", help=text)(function)
    return click.option("--no-plugins", is_flag=True, expose_value=False, callback=_bundled_only, help=none)(blocked)


def _bundled_only(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        context.meta[BUNDLED_ONLY] = True


def report_option(function: F) -> F:
    """Take the report folder whose own rules and plugins count too."""
    text = say("连同这个报告文件夹自己的规则和插件；默认当前文件夹，如果它是报告文件夹")
    return click.option("--report", type=NamedPath(), metavar="DIR", help=text)(function)


def selection(block: tuple[str, ...]) -> Selection:
    """Return which plugins to load, by the command line and the environment."""
    context = click.get_current_context(silent=True)
    bundled_only = bool(context and context.meta.get(BUNDLED_ONLY))
    return Selection(frozenset(block), bundled_only=bundled_only).and_also(Selection.of_environment())
