"""`baogao build`: check a report and write its files, all of them or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baogao.cli import options
from baogao.cli.speaking import SpeakingCommand, tell
from baogao.language import listed, say
from baogao.model.findings import Finding, Severity

if TYPE_CHECKING:
    from baogao.hooks.registry import Registry
    from baogao.pipeline import Opened
    from baogao.stages.outcome import Outcome

__all__ = ["command"]

FRAGMENT = "fragment"
"""The profile that `--fragment` is named after; a renderer that has it makes a part for a page of a CMS."""

HELP = """检查报告文件夹 DIR（默认当前文件夹），通过后写出 report.yaml 里 outputs 所列的文件。

有错误就什么也不写；写的时候要么全部写成，要么一个也不动。
写出之前逐格、逐段读回，与数据比较。

  baogao build 我的报告                 写到 我的报告/out/
  baogao build 我的报告 -o 上报         写到别的文件夹
  baogao build 我的报告 --to docx       只要 DOCX
  baogao build 我的报告 --draft         有错误也先出草稿，没填的地方印作【待填】
  baogao build 我的报告 --annotate      另写一份批注稿，问题标在所在的格和句子上
  baogao build 我的报告 --fragment      另写一份网页片段，供粘贴到内容管理系统"""


@click.command("build", cls=SpeakingCommand, help=HELP, short_help=say("检查通过后写出 DOCX、网页等文件"))
@options.folder_argument
@click.option("-o", "--output", type=options.NamedPath(), metavar="OUT", help=say("写到哪个文件夹；默认 DIR/out"))
@click.option("--to", multiple=True, metavar="NAME", help=say("只写这种输出（可写多次），如 docx、html"))
@click.option("--draft", is_flag=True, help=say("有错误也写出草稿，缺处印作【待填】"))
@click.option("--annotate", is_flag=True, help=say("另写一份批注稿，问题标在所在的地方"))
@click.option("--fragment", is_flag=True, help=say("另写一份网页片段，没有样式表，供粘贴到内容管理系统"))
@options.format_option(*options.FORMATS)
@options.output_file_option
@options.fail_on_option
@options.previous_option
@options.block_option
@click.pass_context
def command(  # noqa: PLR0913, PLR0917  # one parameter an option
    context: click.Context,
    folder: Path,
    output: Path | None,
    to: tuple[str, ...],
    draft: bool,
    annotate: bool,
    fragment: bool,
    format_: str,
    output_file: Path | None,
    fail_on: str,
    previous: Path | None,
    block: tuple[str, ...],
) -> int:
    """Build a report."""
    from baogao import pipeline
    from baogao.cli.showing import finish, show_outcome, show_written

    options.refuse_sources(output_file, folder, previous)
    opened = pipeline.open_report(folder, options.selection(block), previous=previous)
    _refuse_unknown(to, opened.registry.renderer_names())
    opened, to = (_with_fragment(opened, to), ()) if fragment else (opened, to)
    outcome = pipeline.build(opened, output or folder / "out", to=to, draft=draft, annotate=annotate)
    show_outcome(context, outcome, format_, output_file)
    show_written(context, outcome, draft=draft)
    hopeless = any(_stops_a_draft(finding, outcome, opened.registry) for finding in outcome.findings)
    if not outcome.artifacts and not draft and not hopeless:
        tell(context, say("想先看看样子：加 --draft 写出草稿"))
    return finish(context, outcome, fail_on)


def _stops_a_draft(finding: Finding, outcome: Outcome, registry: Registry) -> bool:
    """Tell whether a finding keeps even a draft from being made: templates, plugins, what is read back."""
    mended = finding.rule.startswith(("TPL-", "OUT-", "PLG-", "FMT-004")) or _is_of_renderer(finding, outcome, registry)
    return mended and finding.severity is Severity.ERROR and not finding.waived


def _is_of_renderer(finding: Finding, outcome: Outcome, registry: Registry) -> bool:
    """Tell whether a renderer itself reported a finding: its plugin describes the rule, and nothing checks it."""
    rule = outcome.rules.rules.get(finding.rule)
    return rule is not None and not rule.checks and registry.brings_renderers(rule.plugin)


def _with_fragment(opened: Opened, to: tuple[str, ...]) -> Opened:
    """Return the report with fragments among its outputs; those that `--to` does not name are left out."""
    from baogao.stages.outputs import with_profile

    if not opened.registry.renderers_with(FRAGMENT):
        raise click.UsageError(say("没有哪个输出做得出网页片段（样式 {profile}）", profile=FRAGMENT))
    return replace(opened, project=with_profile(opened.project, opened.registry, FRAGMENT, to))


def _refuse_unknown(names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise click.UsageError(say("没有名为“{name}”的输出；可用：{known}", name=name, known=listed(known)))
