"""Show what a run found: as a table for people, one line each for editors, or JSON for programs."""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from baogao.cli.exits import FAILED, FOUND, PASSED
from baogao.cli.speaking import catalogue_of, tell
from baogao.errors import OutputError
from baogao.files.writing import write_all
from baogao.language import Catalogue, Message, listed, say
from baogao.model.findings import Finding, Severity, State, Waiver
from baogao.narrative.numbers import numbers_of
from baogao.stages.outcome import Outcome

__all__ = ["finding_json", "finish", "line_of", "show_outcome", "show_written"]

GATES = ("政治关", "文字关", "数据关", "保密关")
SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
MOST_ALIKE = 6
GAPS = "TAB-001"
UNREADABLE = frozenset({"SRC-001", "SRC-002", "SRC-003", "SRC-004", "SRC-005", "SRC-006", "SRC-007"})


def show_outcome(
    context: click.Context, outcome: Outcome, format_: str, file: Path | None = None, *, numbers: bool = False
) -> None:
    """Write the findings to stdout, or to a file, in one format, and what else is worth knowing to stderr."""
    for note in outcome.notes:
        tell(context, say("提示：{message}", message=note.message))
    if file is None:
        _show(outcome, format_, catalogue_of(context), numbers=numbers)
        return
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        _show(outcome, format_, catalogue_of(context), numbers=numbers)
    _write(file, shown.getvalue())
    tell(context, say("结果已写到 {path}", path=str(file)))


def _show(outcome: Outcome, format_: str, catalogue: Catalogue, *, numbers: bool) -> None:
    if format_ == "json":
        more = {"numbers": list(_numbers_json(outcome))} if numbers else {}
        click.echo(json.dumps({**as_json(outcome, catalogue), **more}, ensure_ascii=False, indent=2))
    elif format_ == "sarif":
        from baogao.cli.sarif import as_sarif

        click.echo(json.dumps(as_sarif(outcome, catalogue), ensure_ascii=False, indent=2))
    elif format_ == "concise":
        for finding in outcome.findings:
            click.echo(line_of(finding, catalogue))
    else:
        _Table(outcome, catalogue).show()
    if numbers and format_ not in ("json", "sarif"):
        _show_numbers(outcome, catalogue)


def _write(file: Path, text: str) -> None:
    """Write the file whole, or leave what was there; raise OutputError where it cannot be written."""
    try:
        write_all(file.parent, {file.name: text.encode("utf-8", "replace")})
    except OSError as error:
        message = say("无法写入 {folder}：{error}", folder=str(file), error=error.strerror or str(error))
        raise OutputError([Finding(message, rule="OUT-003")]) from error


NUMBER_KINDS = {"bound": say("绑定"), "matched": say("对应"), "free": say("没有对应")}


def _show_numbers(outcome: Outcome, catalogue: Catalogue) -> None:
    """List every number of the narrative with its place, its kind and its cell."""
    for number in numbers_of(outcome.report):
        kind = catalogue.text(NUMBER_KINDS[number.kind])
        click.echo("\t".join((str(number.location or ""), kind, f"{number.words}{number.unit}", number.cell)).rstrip())


def _numbers_json(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for number in numbers_of(outcome.report):
        place = number.location
        yield {
            "section": number.section,
            "kind": number.kind,
            "words": number.words,
            "unit": number.unit,
            "cell": number.cell,
            "location": place and {"file": place.file, "line": place.line, "column": place.column},
        }


def as_json(outcome: Outcome, catalogue: Catalogue) -> dict[str, Any]:
    """Return the outcome in the shape of `--format json`."""
    report = outcome.report
    return {
        "report": {"form": report.form, "edition": report.edition, "year": report.year, "unit": report.unit.name},
        "findings": [finding_json(finding, catalogue) for finding in outcome.findings],
        "summary": outcome.summary(),
    }


def finding_json(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    """Return a finding in the shape of `--format json`."""
    place = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "state": finding.state.value,
        "section": finding.section,
        "path": finding.path,
        "cells": list(finding.cells),
        "quote": finding.quote,
        "message": catalogue.text(finding.message),
        "expected": finding.expected if finding.expected is None else catalogue.text(finding.expected),
        "actual": finding.actual if finding.actual is None else catalogue.text(finding.actual),
        "basis": catalogue.text(finding.basis),
        "hint": catalogue.text(finding.hint),
        "waived": finding.waived and _waiver_json(finding.waived),
        "fingerprint": finding.fingerprint,
        "location": place and {"file": place.file, "line": place.line, "column": place.column},
    }


def _waiver_json(waiver: Waiver) -> dict[str, str | None]:
    return {
        "reason": waiver.reason,
        "author": waiver.author,
        "approver": waiver.approver,
        "date": waiver.date.isoformat(),
        "until": waiver.until and waiver.until.isoformat(),
    }


def line_of(finding: Finding, catalogue: Catalogue) -> str:
    """Return a finding in one line."""
    place = f"{finding.location}: " if finding.location else ""
    return f"{place}{catalogue.text(_kind(finding))} {finding.rule} {catalogue.text(finding.message)}"


def _kind(finding: Finding) -> Message:
    """Say how grave a finding is, or why it does not count by its gravity."""
    if finding.waived:
        return say("已说明情况")
    return say("无法核对") if finding.state is State.UNASSESSABLE else say(SEVERITIES[finding.severity])


class _Table:
    """Show the findings to a person; colour only adds to what the words say."""

    def __init__(self, outcome: Outcome, catalogue: Catalogue) -> None:
        self.outcome = outcome
        self.catalogue = catalogue

    def show(self) -> None:
        """Write the title, the findings by section, a line per gate, and the conclusion."""
        report = self.outcome.report
        self._say(
            say("{title}（{form} {edition} 版）", title=report.title, form=report.form, edition=report.edition),
            bold=True,
        )
        for _, findings in groupby(self.outcome.findings, key=lambda finding: finding.section):
            self._section(list(findings))
        click.echo()
        for gate in GATES:
            self._gate(gate)
        self._skipped()
        self._conclusion()

    def _say(self, message: str, **style: Any) -> None:
        click.secho(self.catalogue.text(message), **style)

    def _section(self, findings: list[Finding]) -> None:
        section = self.outcome.report.section(findings[0].section)
        title = section.title or section.id if section else findings[0].section or say("全篇")
        click.echo()
        self._say(say("── {title}", title=title), bold=True)
        found = {finding.rule for finding in findings}
        unread, gaps = bool(UNREADABLE & found), GAPS in found
        waiting = [finding for finding in findings if (unread or gaps) and finding.state is State.UNASSESSABLE]
        findings = [finding for finding in findings if finding not in waiting]
        alike: dict[tuple[str, str, bool], list[Finding]] = {}
        # What could not be assessed mostly follows from what is blank or wrong: the cause comes first.
        for finding in sorted(findings, key=lambda finding: finding.state is State.UNASSESSABLE):
            key = (finding.rule, _template(finding.message), finding.waived is not None)
            alike.setdefault(key, []).append(finding)
        for group in alike.values():
            self._alike(group)
        if waiting and unread:
            self._say(say("  …… 另有 {count} 条要等上面的文件改好才能核对", count=len(waiting)))
        elif waiting:
            self._say(say("  …… 另有 {count} 条要等空着的格填好才能核对", count=len(waiting)))

    def _alike(self, findings: list[Finding]) -> None:
        """Show findings of one kind, each with its place; very many are cut, with the way to see them all."""
        first = findings[0]
        colour = "green" if first.waived else COLOURS[first.severity]
        known = self.outcome.rules.rules.get(first.rule)
        title = known.title if known else ""
        head = say("{kind} {rule} {title}", kind=_kind(first), rule=first.rule, title=title)
        self._say(head, fg=colour)
        for finding in findings[:MOST_ALIKE]:
            place = str(finding.location or "")
            self._say(say("  {place}  {message}", place=place, message=finding.message))
            self._reason(finding)
        if len(findings) > MOST_ALIKE:
            rest = len(findings) - MOST_ALIKE
            self._say(say("  …… 同类还有 {count} 条，用 --format concise 全部列出", count=rest))
        if first.waived:
            return
        for hint in dict.fromkeys(finding.hint for finding in findings[:MOST_ALIKE] if finding.hint):
            self._say(say("  怎么改：{hint}", hint=hint), dim=True)
        self._way_to_waive(findings[:MOST_ALIKE])

    def _reason(self, finding: Finding) -> None:
        """Show why a finding is accepted, by whom, and how long."""
        waiver = finding.waived
        if waiver is None:
            return
        until = say("，至 {until}", until=waiver.until) if waiver.until else say("")
        unbound = say("，没有记下各格的值") if finding.cells and not waiver.values else say("")
        text = say(
            "    情况说明：{reason}（{author}说明，{approver}批准，{date}{until}{unbound}）",
            reason=waiver.reason,
            author=waiver.author,
            approver=waiver.approver,
            date=waiver.date,
            until=until,
            unbound=unbound,
        )
        self._say(text, dim=True)

    def _way_to_waive(self, findings: list[Finding]) -> None:
        """Show how to record a reason, where that may take the place of mending: one line for findings of a kind."""
        known = self.outcome.rules.rules.get(findings[0].rule)
        if known is None or not known.waivable or findings[0].state is not State.FAIL:
            return
        first, *others = dict.fromkeys(finding.fingerprint for finding in findings)
        rest = say("；其余各条的编号：{others}", others=listed(others)) if others else say("")
        self._say(say("  说明情况：baogao waive {first} --reason …{rest}", first=first, rest=rest), dim=True)

    def _gate(self, gate: str) -> None:
        rules = self.outcome.rules.rules
        found = [
            finding for finding in self.outcome.findings if finding.rule in rules and rules[finding.rule].gate == gate
        ]
        ran = sum(1 for rule_id in self.outcome.ran if rules[rule_id].gate == gate)
        if found:
            verdict = say("{count}", count=_counted(found))
            self._say(say("{gate}：{verdict}", gate=say(gate), verdict=verdict), fg=_colour(found))
        elif ran:
            self._say(say("{gate}：通过（查了 {count} 条规则）", gate=say(gate), count=ran), fg="green")
        else:
            self._say(say("{gate}：没有适用的规则，请人工把关", gate=say(gate)))

    def _skipped(self) -> None:
        lacking = {"previous": say("没有上一年的报告（--previous）"), "artifact": say("要在 build 时检查生成的文件")}
        for lacks, rules in groupby(
            sorted(self.outcome.skipped, key=lambda skip: skip.lacks), key=lambda skip: skip.lacks
        ):
            names = listed(skip.rule for skip in rules)
            self._say(say("没有查：{rules}——{why}", rules=names, why=lacking[lacks]), dim=True)

    def _conclusion(self) -> None:
        if not self.outcome.findings:
            self._say(say("结论：没有发现问题"), fg="green", bold=True)
            return
        verdict = say("可以报送") if self.outcome.ok else say("不能报送")
        self._say(say("结论：{count}，{verdict}", count=_counted(self.outcome.findings), verdict=verdict), bold=True)


def _template(message: str) -> str:
    return message.template if isinstance(message, Message) else message


def _colour(findings: Iterable[Finding]) -> str:
    """Return the colour of the gravest finding that is not waived."""
    grave = [finding.severity for finding in findings if not finding.waived]
    return COLOURS[min(grave, key=lambda severity: severity.rank)] if grave else "green"


def _counted(findings: Iterable[Finding]) -> Message:
    """Return the findings in numbers: errors, what could not be assessed, warnings, what is waived."""
    counts = Counter(str(_kind(finding)) for finding in findings)
    kinds = ("错误", "无法核对", "警告", "提示", "已说明情况")
    return _joined([(kind, counts[kind]) for kind in kinds if counts[kind]])


def _joined(parts: list[tuple[str, int]]) -> Message:
    if len(parts) == 1:
        return say("{kind} {count} 个", kind=say(parts[0][0]), count=parts[0][1])
    kind, count = parts[0]
    return say("{kind} {count} 个，{rest}", kind=say(kind), count=count, rest=_joined(parts[1:]))


def show_written(context: click.Context, outcome: Outcome, *, draft: bool) -> None:
    """Name the files that were written, or say that none was."""
    for path, artifact in zip(outcome.written, outcome.artifacts, strict=True) if outcome.written else ():
        size = len(artifact.content) / 1024
        tell(context, say("已写出 {path}（{size} KB）", path=str(path), size=f"{size:.0f}"))
    if not outcome.written:
        tell(context, say("没有写出任何文件"))
    elif draft:
        for finding in outcome.findings:
            if finding.rule == "PLG-006":
                tell(context, say("草稿里没有“{section}”这一章：没有插件提供它", section=finding.section))
        tell(context, say("这是草稿，不能报送"))


def finish(context: click.Context, outcome: Outcome, fail_on: str) -> int:
    """Return the exit code: a failed plugin before findings, findings before success."""
    if outcome.plugin_failed:
        tell(context, say("有插件或规则没有正常工作；详见上面的 PLG 各条，或运行 baogao plugins"))
        return FAILED
    if not outcome.fails_on(Severity(fail_on)):
        return PASSED
    if outcome.ok:
        tell(context, say("按 --fail-on {severity}，有这一级的问题也不算通过", severity=fail_on))
    return FOUND
