"""`baogao waive`: record why a finding is accepted, by whom, for which values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baogao.cli import options
from baogao.cli.exits import PASSED
from baogao.cli.speaking import SpeakingCommand, tell
from baogao.language import Message, near, say
from baogao.model.findings import Finding, State, Waiver

if TYPE_CHECKING:
    from baogao.model.report import Report
    from baogao.pipeline import Opened
    from baogao.stages.outcome import Outcome

__all__ = ["command"]

HELP = """说明情况：在报告文件夹的 waivers.yaml 里记下一个问题为什么可以接受，由谁说明、谁批准。

编号（16 位）见 baogao check 的“说明情况”一行，或 --format json 的 fingerprint。
说明只对现在的数有效，数改了要重新说明；问题仍会列出，但不妨碍报送。
合计、勾稽关系等硬性规定和“无法核对”不能说明，只能改正。

  baogao waive 0123456789abcdef 我的报告 --reason 机构改革，职能划转 --author 张三 --approver 李四"""


class _Day(click.ParamType[date]):
    """A date, today or later."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(say("“{value}”不是日期，应写成 2021-01-20 这样", value=value), param, ctx)
        if day < date.today():
            self.fail(say("{day} 已经过去", day=day), param, ctx)
        return day


@click.command("waive", cls=SpeakingCommand, help=HELP, short_help=say("说明情况：记下一个问题为什么可以接受"))
@click.argument("fingerprint", metavar="FINGERPRINT")
@options.folder_argument
@click.option("--reason", required=True, help=say("情况和理由"))
@click.option("--author", required=True, help=say("说明人"))
@click.option("--approver", required=True, help=say("批准人"))
@click.option("--until", type=_Day(), metavar="DATE", help=say("到这一天为止，如 2021-12-31；不写就一直有效"))
@options.previous_option
@options.block_option
@click.pass_context
def command(
    context: click.Context,
    fingerprint: str,
    folder: Path,
    reason: str,
    author: str,
    approver: str,
    until: date | None,
    previous: Path | None,
    block: tuple[str, ...],
) -> int:
    """Add a waiver."""
    from baogao import pipeline

    reason, author, approver = _usable("reason", reason), _usable("author", author), _usable("approver", approver)
    opened = pipeline.open_report(folder, options.selection(block), previous=previous)
    finding = _chosen(context, opened, fingerprint.lower())
    _write(folder, _waiver(opened.report, finding, reason=reason, author=author, approver=approver, until=until))
    what = say("{rule} {message}", rule=finding.rule, message=finding.message)
    tell(context, say("已在 {path} 记下情况说明：{what}", path=str(folder / "waivers.yaml"), what=what))
    return PASSED


def _usable(name: str, text: str) -> str:
    """Return a text that can stand in the file; a blank one or one with control characters is refused."""
    from baogao.narrative.characters import unprintable

    if not text.strip():
        raise click.UsageError(say("--{name} 不能空着", name=name))
    if next(unprintable(text, "", None), None):
        raise click.UsageError(say("--{name} 里有文档不能保存的控制字符", name=name))
    return text.strip()


def _chosen(context: click.Context, opened: Opened, fingerprint: str) -> Finding:
    """Return the finding that is meant; raise UsageError for one that may not be waived."""
    from baogao import pipeline

    outcome = pipeline.check(opened)
    if fingerprint not in {finding.fingerprint for finding in outcome.findings}:
        outcome = pipeline.rehearse(opened)  # it may be a finding on an artifact
    found = [finding for finding in outcome.findings if finding.fingerprint == fingerprint]
    if not found:
        raise click.UsageError(_unknown(context, outcome, fingerprint))
    assessable = [finding for finding in found if finding.state is State.FAIL]
    finding = next((finding for finding in assessable if not finding.waived), [*assessable, *found][0])
    if refusal := _refusal(outcome, finding):
        raise click.UsageError(refusal)
    return finding


def _unknown(context: click.Context, outcome: Outcome, fingerprint: str) -> Message:
    """Say which findings could be waived, and that this is none of them."""
    waivable = {finding.fingerprint: finding for finding in outcome.findings if not _refusal(outcome, finding)}
    if waivable:
        tell(context, say("可以说明情况的有："))
    for known, finding in waivable.items():
        line = say("  {known}  {rule} {message}", known=known, rule=finding.rule, message=finding.message)
        tell(context, line)
    if not waivable:
        tell(context, say("现在没有可以说明情况的问题"))
    return say("没有编号为“{name}”的问题{near}", name=fingerprint, near=near(fingerprint, waivable))


def _refusal(outcome: Outcome, finding: Finding) -> Message | None:
    """Return why a finding may not be waived, or None."""
    rule = outcome.rules.rules.get(finding.rule)
    if rule is None or not rule.waivable:
        return say("{rule} 不能说明情况放行，必须改正：{message}", rule=finding.rule, message=finding.message)
    if finding.state is not State.FAIL:
        return say("{rule} 在这里是“无法核对”，先填好再说：{message}", rule=finding.rule, message=finding.message)
    if finding.waived is not None:
        return say("{rule} 的这一处已经说明过了：{reason}", rule=finding.rule, reason=finding.waived.reason)
    return None


def _waiver(report: Report, finding: Finding, **said: Any) -> Waiver:
    """Return the waiver of a finding, bound to the values of its cells, to its words, or else to what was found."""
    from baogao.waivers.applying import binds, printed_values

    bound = {"values": printed_values(report, finding.cells), "actual": binds(finding)}
    return Waiver(finding.rule, finding.path, date=date.today(), quote=finding.quote, **bound, **said)


def _write(folder: Path, waiver: Waiver) -> None:
    """Add the waiver to the file; one that cannot be read or added to stays as it is."""
    from baogao.errors import OutputError
    from baogao.files.writing import write_all
    from baogao.waivers.reading import WAIVERS_FILE

    path = folder / WAIVERS_FILE
    try:
        content = path.read_bytes() if path.exists() else b""
        write_all(folder, {WAIVERS_FILE: _added(folder, content, waiver)})
    except OSError as error:
        message = say("无法写入 {folder}：{error}", folder=str(folder), error=error.strerror or str(error))
        raise OutputError([Finding(message, rule="OUT-003")]) from error


def _added(folder: Path, content: bytes, waiver: Waiver) -> bytes:
    """Return the file with the waiver; raise InputError where it cannot be read, or nothing can be added."""
    from baogao.errors import InputError
    from baogao.waivers.adding import add_waiver, entry_text
    from baogao.waivers.reading import WAIVERS_FILE, read_waivers

    known = read_waivers(folder)
    if not known.readable:
        raise InputError(known.problems)
    added = add_waiver(content, waiver)
    if added is None:
        entry = "\n".join(entry_text(waiver))
        message = say("{file} 的写法无法自动添加，请手工加上：\n{entry}", file=WAIVERS_FILE, entry=entry)
        raise InputError([Finding(message, rule="WVR-001")])
    return added
