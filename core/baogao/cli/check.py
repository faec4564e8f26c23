"""`baogao check`: say what does not hold in a report, where, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import click

from baogao.cli import options
from baogao.cli.speaking import SpeakingCommand
from baogao.language import say

__all__ = ["command"]

HELP = """检查报告文件夹 DIR（默认当前文件夹），不写任何文件。

每一条都说明：哪条规则、在哪个文件第几行第几列、哪一行哪一列、怎么改。
最后按政治关、文字关、数据关、保密关各给一行结论。

  baogao check 我的报告
  baogao check 我的报告 --format concise      一行一条，便于在编辑器里跳转
  baogao check 我的报告 --previous 去年的报告  跨年的规则也一起查
  baogao check 我的报告 --numbers             列出正文里的每个数：绑定、对上、没有对应
  baogao explain T3-001                       看一条规则的依据和说明"""


@click.command("check", cls=SpeakingCommand, help=HELP, short_help=say("检查报告，逐条说明哪里不对、怎么改"))
@options.folder_argument
@options.format_option(*options.FORMATS)
@options.output_file_option
@options.fail_on_option
@options.previous_option
@click.option("--numbers", is_flag=True, help=say("另外列出正文里的每个数，是绑定的、对得上表格的，还是没有对应的"))
@options.block_option
@click.pass_context
def command(
    context: click.Context,
    folder: Path,
    format_: str,
    output_file: Path | None,
    fail_on: str,
    previous: Path | None,
    numbers: bool,
    block: tuple[str, ...],
) -> int:
    """Check a report."""
    from baogao import pipeline
    from baogao.cli.showing import finish, show_outcome

    options.refuse_sources(output_file, folder, previous)
    outcome = pipeline.check(pipeline.open_report(folder, options.selection(block), previous=previous))
    show_outcome(context, outcome, format_, output_file, numbers=numbers)
    return finish(context, outcome, fail_on)
