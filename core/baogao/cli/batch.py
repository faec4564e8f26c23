"""`baogao batch`: check or build many reports in one run."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from baogao.cli import options
from baogao.cli.exits import FAILED, FOUND, INTERRUPTED, PASSED, USAGE
from baogao.cli.speaking import SpeakingCommand, SpeakingGroup, catalogue_of, language_of, tell
from baogao.language import listed, say
from baogao.model.findings import Severity

if TYPE_CHECKING:
    from baogao.batch.journal import Journal, Record
    from baogao.batch.running import Batch
    from baogao.batch.summary import Summary
    from baogao.batch.targets import Target

__all__ = ["command"]

F = TypeVar("F", bound=Callable[..., Any])

HELP = """一次检查或生成许多份报告。TARGET 可以是报告文件夹、装着许多报告文件夹的文件夹、
带 * 的路径（加引号）、.jsonl 文件（一行一份，由 --to json 写出）。

一份出错不影响别的；结果汇总在 OUT 的 summary.html、summary.json、findings.jsonl。

  baogao batch check 全区 -o 结果              检查 全区/ 下的每一份
  baogao batch build '全区/*局' -o 上报        检查并生成，写到 上报/<报告文件夹名>/
  baogao batch build 全区 -o 上报 --resume     接着做：没做完的、改过的才做
  baogao batch check 全区.jsonl -o 结果        一行一份报告"""

CHECK_HELP = """检查许多份报告，不生成文件；每份的错误、警告数和最常见的问题写在 OUT/summary.html。

  baogao batch check 全区 -o 结果
  baogao batch check 全区 -o 结果 --previous 去年    去年/ 下有同名的文件夹，跨年的规则一起查
  baogao batch check 全区 -o 结果 --format concise   一行一条，全部列出"""

BUILD_HELP = """检查许多份报告，通过的写出文件，放在 OUT/<报告文件夹名>/；有错误的什么也不写。

  baogao batch build 全区 -o 上报
  baogao batch build 全区 -o 上报 --jobs 4            同时做四份
  baogao batch build 全区 -o 上报 --only-changed      只做改过的
  baogao batch build 全区 -o 行 --to json             每份写成一行 JSON
  cat 行/*/*.json > 全区.jsonl                        合成一个文件，可以再交给 batch"""


@click.group("batch", cls=SpeakingGroup, help=HELP, short_help=say("一次检查或生成许多份报告"))
def command() -> None:
    """Hold the two commands together."""


def _shared(function: F) -> F:
    """Take what both commands take."""
    made: Any = function
    for option in reversed(
        (
            click.argument("targets", metavar="TARGET...", nargs=-1, required=True),
            click.option(
                "-o",
                "--output",
                type=options.NamedPath(),
                metavar="OUT",
                required=True,
                help=say("结果放在这个文件夹"),
            ),
            click.option(
                "--jobs", type=click.IntRange(min=1), metavar="N", help=say("同时做几份；默认与处理器核数相同")
            ),
            click.option(
                "--cluster",
                metavar="ADDRESS",
                help=say("交给 Dask 集群做：调度程序的地址，如 tls://10.0.0.5:8786；local 在本机启动一个"),
            ),
            click.option(
                "--resume", "--only-changed", "resume", is_flag=True, help=say("接着做：上次做完、此后没有改过的不再做")
            ),
            options.format_option("table", "concise", "json"),
            options.fail_on_option,
            click.option(
                "--previous",
                type=options.NamedPath(),
                metavar="DIR",
                help=say("装着上一年同名报告文件夹的文件夹"),
            ),
            options.block_option,
            click.option("--trust-plugins", is_flag=True, help=say("报告自己的插件也运行；只在信得过每一份报告时用")),
            click.pass_context,
        )
    ):
        made = option(made)
    return made


@command.command("check", cls=SpeakingCommand, help=CHECK_HELP, short_help=say("检查许多份报告"))
@_shared
def check(context: click.Context, **given: Any) -> int:
    """Check many reports."""
    return _run(context, given)


@command.command("build", cls=SpeakingCommand, help=BUILD_HELP, short_help=say("检查许多份报告，通过的写出文件"))
@_shared
@click.option("--to", multiple=True, metavar="NAME", help=say("只写这种输出（可写多次），如 docx、html"))
@click.option("--draft", is_flag=True, help=say("有错误也写出草稿，缺处印作【待填】"))
@click.option(
    "--verify",
    type=click.Choice(["all", "sample"]),
    default="all",
    metavar="all|sample",
    help=say("写出的文件读回来逐格核对：all 每一份（默认），sample 抽二十分之一"),
)
def build(context: click.Context, **given: Any) -> int:
    """Build many reports."""
    return _run(context, given, build=True)


def _run(context: click.Context, given: dict[str, Any], *, build: bool = False) -> int:
    from baogao.batch.journal import record_of
    from baogao.batch.running import run_batch
    from baogao.cli.progress import progress_of
    from baogao.cli.showing import finding_json

    catalogue = catalogue_of(context)
    batch = _batch(context, given, build=build)
    codes: list[int] = []
    with progress_of(context, len(batch.targets)) as progress, _polite(context) as stopping:
        whole = run_batch(
            batch,
            lambda result: record_of(result, catalogue.text, lambda finding: finding_json(finding, catalogue)),
            lambda journal: codes.append(_summed(context, batch, journal, given)),
            progress=progress,
            stopping=stopping,
        )
    if not whole:
        tell(context, say("已中断；做完的都已记下，加 --resume 再运行一次，接着做剩下的"))
    return codes[0] if whole else INTERRUPTED


def _batch(context: click.Context, given: dict[str, Any], *, build: bool) -> Batch:
    """Return what the command line asks for."""
    from baogao.batch.cluster import LOCAL, is_address
    from baogao.batch.running import Batch
    from baogao.batch.searching import deeper, find_targets
    from baogao.batch.tasks import Settings

    previous = given["previous"]
    if previous is not None and not previous.is_dir():
        raise click.UsageError(say("--previous 的“{folder}”不是文件夹，或没有这个文件夹", folder=str(previous)))
    if given["cluster"] is not None and not is_address(given["cluster"]):
        message = say("--cluster 的“{address}”不是地址；写 tls://主机:端口，或 local", address=given["cluster"])
        raise click.UsageError(message)
    if given["jobs"] and given["cluster"] not in (None, LOCAL):
        raise click.UsageError(say("--jobs 只用于本机；集群同时做几份，看它有几个工作进程"))
    selection = replace(options.selection(given["block"]), without_local=not given["trust_plugins"])
    to = tuple(given.get("to", ()))
    if to:
        _refuse_unknown(to, selection)
    found = find_targets(given["targets"])
    for folder in found.passed_over:
        below = say("；下面一层有，要做就把它也写上") if deeper(folder, "*") else ""
        tell(context, say("略过 {folder}：里面没有 report.yaml{below}", folder=str(folder), below=below))
    _refuse_on_top(given["output"], found.reports, given["targets"])
    settings = Settings(
        given["output"].absolute(),
        build,
        to,
        draft=given.get("draft", False),
        selection=selection,
        language=language_of(context),
        only_changed=given["resume"],
        verify=given.get("verify", "all"),
    )
    jobs = given["jobs"] or os.cpu_count() or 1
    return Batch(found.reports, settings, jobs, given["previous"], given["cluster"] or "", found.names_passed_over)


def _refuse_on_top(out: Path, reports: Iterable[Target], words: Iterable[str]) -> None:
    """Raise UsageError where results would be written among what the reports are made from."""
    there = out.resolve()
    folders = (report.source.resolve() for report in reports if report.line is None)
    among = any(there in (folder, folder.parent) for folder in folders)
    if among or any(there == Path(word).resolve() for word in words):
        raise click.UsageError(say("-o 的“{folder}”是放报告的文件夹；结果放在另一个文件夹里", folder=str(out)))


def _refuse_unknown(names: tuple[str, ...], selection: Any) -> None:
    from baogao.hooks.registry import open_registry

    known = open_registry(selection).renderer_names()
    for name in names:
        if name not in known:
            raise click.UsageError(say("没有名为“{name}”的输出；可用：{known}", name=name, known=listed(known)))


@contextlib.contextmanager
def _polite(context: click.Context) -> Generator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop; a second one stops at once."""
    wishes: list[int] = []

    def wish(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as `signal` calls it
        if wishes:
            raise KeyboardInterrupt
        wishes.append(number)

    told: list[str] = []

    def stopping() -> bool:
        if wishes and not told:
            told.append(say("正在做完手里的几份……再按一次 Ctrl-C 立即停止"))
            tell(context, told[0])
        return bool(wishes)

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield stopping
    finally:
        signal.signal(signal.SIGINT, before)


def _summed(context: click.Context, batch: Batch, journal: Journal, given: dict[str, Any]) -> int:
    """Write the summary, show the result, and return the exit code."""
    from baogao.batch.summary import Beside, summed_up, write_summary
    from baogao.cli.batch_showing import Shown, show_batch

    settings, catalogue = batch.settings, catalogue_of(context)

    def records() -> Iterator[Record]:
        return journal.records(batch.targets.names())

    beside = Beside(batch.previous is not None, batch.passed_over)
    summary = summed_up(records(), _left(batch, journal), beside)
    language, said = settings.language, catalogue.text
    write_summary(settings.out, summary, records, build=settings.build, language=language, said=said)
    shown = Shown(batch.targets, records, summary)
    show_batch(settings.out, shown, given["format_"], catalogue)
    tell(context, say("汇总在 {path}", path=str(given["output"] / "summary.html")))
    return _code(summary, Severity(given["fail_on"]))


def _left(batch: Batch, journal: Journal) -> Iterator[str]:
    """Yield the reports of earlier runs that this one does not do, and whose files are still there."""
    for record in journal.others(batch.targets):
        if any((batch.settings.out / record["name"] / file).exists() for file in record["outputs"]):
            yield record["name"]


def _code(summary: Summary, fail_on: Severity) -> int:
    """Return the exit code: what failed comes before what was found; 2 where no report at all could be read."""
    if summary.states["failed"] or summary.states["lost"]:
        return FAILED
    if summary.states["unreadable"] == summary.total:
        return USAGE
    found = any(count for rank, count in summary.gravest.items() if rank <= fail_on.rank)
    return FOUND if found else PASSED
