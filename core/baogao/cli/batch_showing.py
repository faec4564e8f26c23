"""Show what came of a batch on stdout: a table, a line for each finding, or JSON."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import click

from baogao.batch.journal import Record
from baogao.batch.summary import COUNTS, STATES, Summary, notes
from baogao.batch.targets import Target, Targets
from baogao.language import Catalogue, say

__all__ = ["Shown", "show_batch"]

MOST_SHOWN = 50
MOST_RULES = 10
KINDS = {"error": say("错误"), "warning": say("警告"), "info": say("提示")}


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show: the reports that were meant, what is recorded of them, and the sums."""

    targets: Targets
    records: Callable[[], Iterable[Record]]
    summary: Summary


def show_batch(out: Path, shown: Shown, format_: str, catalogue: Catalogue) -> None:
    """Write the result in one format."""
    if format_ == "json":
        with (out / "summary.json").open(encoding="utf-8") as file:
            shutil.copyfileobj(file, sys.stdout)
    elif format_ == "concise":
        for record in shown.records():
            _show_lines(record, shown.targets[record["name"]], catalogue)
    else:
        _show_tables(shown, catalogue)


def _show_lines(record: Record, target: Target, catalogue: Catalogue) -> None:
    """Write a line for each finding, its file by the path from here; that of a line also names the report."""
    folder = target.source.parent if target.line else target.source
    for finding in record["findings"]:
        kind = "已说明情况" if finding["waived"] else "无法核对" if finding["state"] == "unassessable" else ""
        kind = catalogue.text(say(kind) if kind else KINDS[finding["severity"]])
        place = finding["location"] or {}
        shown = ":".join(str(place[key]) for key in ("file", "line", "column") if place.get(key) is not None)
        message = finding["message"]
        if target.line:
            message = catalogue.text(say("{name}：{message}", name=record["name"], message=message))
        click.echo(f"{folder / shown if shown else target.place}: {kind} {finding['rule']} {message}")


def _show_tables(shown: Shown, catalogue: Catalogue) -> None:
    """Show the reports that did not pass, the most frequent rules, and the sums."""
    from baogao.cli.tabling import show_table

    text, records, summary = catalogue.text, shown.records, shown.summary
    failing = (record for record in records() if record["state"] != "passed")
    amiss = chain(failing, (record for record in records() if record["state"] == "passed" and record["findings"]))
    rows = [
        [record["name"], text(STATES[record["state"]]), *(str(record["summary"].get(name, 0)) for name in COUNTS)]
        for record in islice(amiss, MOST_SHOWN)
    ]
    if rows:
        show_table([text(say("名称")), text(say("状态")), *(text(word) for word in COUNTS.values())], rows)
    if next(amiss, None):
        click.echo(text(say("…… 其余的见 summary.html")))
    rules = [
        [rule["rule"], rule["title"], *(str(rule[key]) for key in ("reports", "findings", "unassessable"))]
        for rule in summary.rules()[:MOST_RULES]
    ]
    if rules:
        show_table([text(say(word)) for word in ("规则", "要求", "报告数", "条数", "其中无法核对")], rules)
    for state, title in STATES.items():
        if summary.states[state]:
            click.echo(text(say("{state} {count} 份", state=title, count=summary.states[state])))
    click.echo(text(say("共 {count} 份", count=summary.total)))
    for note in notes(summary):
        click.echo(text(note))
