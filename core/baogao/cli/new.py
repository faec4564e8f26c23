"""`baogao new`: begin a report with files that only need to be filled in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from baogao.cli import options
from baogao.cli.exits import PASSED, USAGE
from baogao.cli.speaking import SpeakingCommand, catalogue_of, tell
from baogao.errors import InputError, OutputError
from baogao.language import as_typed, say
from baogao.model.findings import Finding

__all__ = ["command"]

HELP = """新建报告文件夹 DIR，写好各章的空白文件，照提示填写即可。

没有写的选项，在终端里会逐项询问。

  baogao new 我的报告 --form disclosure --year 2020 --unit 某某局"""

KINDS = ("department", "government", "township", "other")


@click.command("new", cls=SpeakingCommand, help=HELP, short_help=say("新建一个报告文件夹"))
@click.argument("folder", metavar="DIR", type=options.NamedPath())
@options.form_option
@click.option("--year", type=int, help=say("报告年度，如 2020"))
@click.option("--unit", help=say("单位全称"))
@click.option("--kind", type=click.Choice(KINDS), default="department", show_default=True, help=say("单位类别"))
@options.block_option
@click.pass_context
def command(
    context: click.Context,
    folder: Path,
    form: str,
    year: int | None,
    unit: str | None,
    kind: str,
    block: tuple[str, ...],
) -> int:
    """Write a new report folder."""
    from baogao.files.writing import write_all
    from baogao.hooks.registry import open_registry
    from baogao.scaffold import NewReport, draw_files

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        tell(context, say("{folder} 已经存在，而且不是空文件夹；换一个名称", folder=str(folder)))
        return USAGE
    year = int(_asked(context, "--year", say("报告年度"), click.INT)) if year is None else year
    unit = str(_asked(context, "--unit", say("单位全称"), click.STRING)) if unit is None else unit
    registry = open_registry(options.selection(block))
    try:
        files = draw_files(NewReport(form, year, unit, kind), folder, registry)
        write_all(folder, {name: text.encode("utf-8") for name, text in files.items()})
    except InputError as error:
        raise click.UsageError(error.findings[0].message, context) from error
    except OSError as error:
        message = say("无法写入 {folder}：{error}", folder=str(folder), error=error.strerror or str(error))
        raise OutputError([Finding(message, rule="OUT-003")]) from error
    for name in files:
        tell(context, say("已写出 {path}", path=str(folder / name)))
    tell(context, say("下一步：填好这些文件，再运行 baogao check {folder}", folder=as_typed(folder)))
    return PASSED


def _asked(context: click.Context, option: str, question: str, kind: Any) -> Any:
    """Ask in a terminal; elsewhere the option is missing."""
    if not sys.stdin.isatty():
        raise click.UsageError(say("缺少 {name}", name=option), context)
    return click.prompt(catalogue_of(context).text(question), type=kind)
