"""`baogao plugin new`: begin a plugin, as a distribution of its own or as one file of a report folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baogao.cli import options
from baogao.cli.exits import PASSED, USAGE
from baogao.cli.speaking import SpeakingCommand, SpeakingGroup, catalogue_of, tell
from baogao.errors import OutputError
from baogao.language import Message, as_typed, listed, say
from baogao.model.findings import Finding

if TYPE_CHECKING:
    from baogao.hooks.registry import Registry
    from baogao.kit import NewPlugin

__all__ = ["command"]

HELP = """插件：给报告加章节、规则、样子。

  baogao plugin new luolong-training            新建一个插件（可以安装、交给别人）
  baogao plugin new 我的报告/plugins/training.py --single    只给一份报告用，不用安装"""

NEW_HELP = say(
    """新建插件：在文件夹 DIR 里写好章节、规则、模板、测试、样例报告，马上能用，照着改就行。

没有写的选项，在终端里会逐项询问；不在终端里，或加 --yes，就用默认的。已有的文件一个也不动。

  baogao plugin new luolong-training
  baogao plugin new luolong-training --title 政务公开培训情况 --yes
  baogao plugin new 我的报告/plugins/training.py --single    只给这份报告用，一个文件，不用安装"""
)


@click.group("plugin", cls=SpeakingGroup, help=HELP, short_help=say("新建插件"))
def command() -> None:
    """Hold the commands on one's own plugins."""


@command.command("new", cls=SpeakingCommand, help=NEW_HELP, short_help=say("新建插件：章节、规则、模板、测试"))
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help=say("发行包的名称，如 luolong-training；最后一个词是章节的名字"))
@click.option("--title", metavar="TITLE", help=say("这一章的标题，不写序号"))
@click.option("--single", is_flag=True, help=say("写成报告文件夹里的一个文件，DIR 写文件名，如 plugins/training.py"))
@click.option("--yes", is_flag=True, help=say("不问，没有写的用默认的"))
@options.block_option
@click.pass_context
def new(
    context: click.Context,
    target: Path,
    name: str | None,
    title: str | None,
    single: bool,
    yes: bool,
    block: tuple[str, ...],
) -> int:
    """Write a new plugin."""
    from baogao.hooks.registry import open_registry
    from baogao.kit import NewPlugin, draw_distribution, draw_single

    if single and name not in (None, target.stem):
        raise click.UsageError(say("--single 时名称就是文件名 {name}，不用写 --name", name=target.stem), context)
    folder = _report_of(context, target) if single else target
    if not single and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        tell(context, say("{folder} 已经存在，而且不是空文件夹；换一个名称", folder=str(folder)))
        return USAGE
    selection = options.selection(block)
    registry = open_registry(selection)
    of_name, of_title = _questions(target, registry, single=single)
    asks = sys.stdin.isatty() and not yes
    if not (asks or single or name) and (wrong := of_name.fault(_called(target))):
        tell(context, wrong)
        tell(context, say("名称用 {name}；要别的，加 --name", name=of_name.default))
    name = _answered(context, of_name, target.stem if single else name, asks=asks)
    begun = NewPlugin(name, _answered(context, of_title, title, asks=asks))
    files = draw_single(begun) if single else draw_distribution(begun, registry, selection)
    if taken := [file for file in files if (folder / file).exists()]:
        tell(context, say("{files} 已经有了，什么也没有写；换一个名称", files=listed(taken)))
        return USAGE
    _write(folder, files)
    for file in sorted(files):
        tell(context, say("已写出 {path}", path=str(folder / file)))
    _tell_next(context, folder, begun, single=single)
    return PASSED


def _report_of(context: click.Context, file: Path) -> Path:
    """Return the report folder a single file is for; raise UsageError where there is none."""
    folder = file.parent.parent
    if file.parent.name == "plugins" and not (folder / "report.yaml").is_file():
        raise click.UsageError(say("{folder} 里没有 report.yaml，不是报告文件夹", folder=str(folder)), context)
    in_report = file.parent.name == "plugins" and (folder / "report.yaml").is_file()
    if not in_report or file.suffix != ".py" or "-" in file.stem:
        raise click.UsageError(
            say("--single 时写报告文件夹里的 plugins/名称.py，名称用小写字母和数字，如 我的报告/plugins/training.py"),
            context,
        )
    return folder


@dataclass(frozen=True, slots=True)
class _Question:
    """Something to be asked for: its default, and what says why an answer cannot be."""

    words: Message
    default: str
    fault: Callable[[str], Message | None]


def _questions(target: Path, registry: Registry, *, single: bool) -> tuple[_Question, _Question]:
    """Return the questions for the name and the title; the folder's name is the default where it can be one."""
    from baogao.kit import DEFAULT_NAME, DEFAULT_TITLE, name_fault, title_fault

    def fault(name: str) -> Message | None:
        return name_fault(name, registry, single=single)

    name = _called(target)
    words = say("插件的名称（小写字母、数字、连字符；最后一个词是章节的名字）")
    return (
        _Question(words, DEFAULT_NAME if fault(name) else name, fault),
        _Question(say("这一章的标题，不写序号"), DEFAULT_TITLE, title_fault),
    )


def _called(target: Path) -> str:
    """Return the name that a folder's own name stands for."""
    return target.absolute().name.lower().replace("_", "-")


def _answered(context: click.Context, question: _Question, given: str | None, *, asks: bool) -> str:
    """Return what was given, or the answer, or the default; in a terminal a wrong answer is asked for again."""
    if given is None and asks:
        text = _prompted(context, question)
        while wrong := question.fault(text):
            tell(context, wrong)
            text = _prompted(context, question)
        return text
    text = question.default if given is None else given
    if wrong := question.fault(text):
        raise click.UsageError(wrong, context)
    return text


def _prompted(context: click.Context, question: _Question) -> str:
    return click.prompt(catalogue_of(context).text(question.words), default=question.default)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    from baogao.files.writing import write_all

    try:
        for parent in {(folder / name).parent for name in files}:
            parent.mkdir(parents=True, exist_ok=True)
        write_all(folder, files)
    except OSError as error:
        message = say("无法写入 {folder}：{error}", folder=str(folder), error=error.strerror or str(error))
        raise OutputError([Finding(message, rule="OUT-003")]) from error


def _tell_next(context: click.Context, folder: Path, begun: NewPlugin, *, single: bool) -> None:
    if single:
        tell(
            context,
            say("下一步：在 {file} 末尾加上（已有 sections、plugins 的，并进去）：", file=str(folder / "report.yaml")),
        )
        tell(context, f"sections: {{{begun.section}: {{}}}}\nplugins: {{load: [plugins/{begun.section}.py]}}")
        tell(context, say("再运行 baogao check {folder}，baogao rules test --report {folder}", folder=as_typed(folder)))
        return
    tell(context, say("下一步：装上它，测试，看样例"))
    own, sample = as_typed(folder), as_typed(folder / "sample")
    for line in (f"baogao install --editable {own}", f"pytest {own}", f"baogao build {sample}"):
        tell(context, f"  {line}")
