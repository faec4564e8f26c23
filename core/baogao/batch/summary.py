"""The summary of a batch: units and their states, what was found most often; no times, so that its bytes are fixed."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from baogao.batch.journal import Record
from baogao.batch.lists import Lists, few
from baogao.files.writing import write_stream
from baogao.language import Message, say

__all__ = ["COUNTS", "STATES", "Beside", "Summary", "notes", "summed_up", "write_summary"]

STATES = {
    "passed": say("通过"),
    "found": say("有错误"),
    "unreadable": say("读不到"),
    "failed": say("插件或程序出错"),
    "lost": say("进程中断"),
}
COUNTS = {
    "error": say("错误"),
    "warning": say("警告"),
    "info": say("提示"),
    "waived": say("已说明情况"),
    "unassessable": say("无法核对"),
}
Say = Callable[[str], str]
NOT_RUN = "PLG-014"
"""The rule that says that a report's own plugin was not run."""
UNRUN, LEFT = ("unrun",), ("left",)
"""The lists of reports whose own plugin was not run, and of those of earlier runs whose files are still there."""
MOST_SHOWN = 5
"""Errors of a report that the page shows."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What of a run stands in no record: whether it had last year's, and folders among the reports that are none."""

    previous: bool = False
    passed_over: tuple[str, ...] = ()


@dataclass(slots=True)
class Summary:
    """What is summed up: states, counts, and for each rule its title, its findings and the reports that have them.

    `units` lists the reports of each unit, year and form; `noted` those that are named beside the sums.
    """

    beside: Beside = field(default_factory=Beside)
    states: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    gravest: Counter[int] = field(default_factory=Counter[int])
    findings: Counter[str] = field(default_factory=Counter[str])
    unassessable: Counter[str] = field(default_factory=Counter[str])
    reports: Counter[str] = field(default_factory=Counter[str])
    titles: dict[str, str] = field(default_factory=dict[str, str])
    verified: int = 0
    compared: int = 0
    units: Lists = field(default_factory=Lists)
    noted: Lists = field(default_factory=Lists)

    @property
    def total(self) -> int:
        """Return how many reports there are."""
        return self.states.total()

    def rules(self) -> list[dict[str, Any]]:
        """Return the rules, those first that the most reports break; what could only not be assessed comes last."""
        order = sorted(self.reports, key=self._rank)
        return [
            {
                "rule": rule,
                "title": self.titles[rule],
                "reports": self.reports[rule],
                "findings": self.findings[rule],
                "unassessable": self.unassessable[rule],
            }
            for rule in order
        ]

    def _rank(self, rule: str) -> tuple[bool, int, int, str]:
        broken = self.findings[rule] - self.unassessable[rule]
        return broken == 0, -self.reports[rule], -broken, rule

    def same(self) -> Iterator[dict[str, Any]]:
        """Yield the units that have more than one report of a form and a year, with the names of these."""
        for unit, year, form in self.units.keys(least=2):
            names = list(self.units.names((unit, year, form)))
            yield {"unit": unit, "year": year, "form": form, "reports": names}


def summed_up(records: Iterable[Record], left: Iterable[str], beside: Beside) -> Summary:
    """Return the sums over all records; `left` are reports of earlier runs whose files are still there."""
    summary = Summary(beside)
    for record in records:
        summary.states[record["state"]] += 1
        summary.verified += record["verified"]
        summary.compared += record["compared"]
        summary.counts.update(record["summary"])
        summary.gravest.update([] if record["gravest"] is None else [record["gravest"]])
        for rule, found in record["rules"].items():
            summary.reports[rule] += 1
            summary.findings[rule] += found["count"]
            summary.unassessable[rule] += found["unassessable"]
            summary.titles[rule] = found["title"]
        if NOT_RUN in record["rules"]:
            summary.noted.add(UNRUN, record["name"])
        if head := record["report"]:
            summary.units.add((head["unit"], head["year"], head["form"]), record["name"])
    for name in left:
        summary.noted.add(LEFT, name)
    return summary


def notes(summary: Summary) -> Iterator[Message]:
    """Yield what whoever runs the batch must know beside the states and the sums."""
    beside, compared, noted = summary.beside, summary.compared, summary.noted
    if beside.previous:
        without = summary.total - compared
        yield say("与上一年的报告比较了 {compared} 份；没有可比的 {without} 份", compared=compared, without=without)
    if count := noted.count(UNRUN):
        names = few(noted.names(UNRUN), count)
        yield say("报告自己的插件没有运行（信得过的，加 --trust-plugins）：{names}", names=names)
    for same in summary.same():
        whose, count = {"unit": same["unit"], "year": same["year"]}, len(same["reports"])
        names = few(same["reports"], count)
        yield say("同一单位同一年度有 {count} 份（{unit}，{year} 年度）：{names}", **whose, count=count, names=names)
    if beside.passed_over:
        names = few(beside.passed_over, len(beside.passed_over))
        yield say("略过的文件夹，里面没有 report.yaml：{names}", names=names)
    if count := noted.count(LEFT):
        names = few(noted.names(LEFT), count)
        yield say("这一次没有、以前写出的文件还在的报告：{names}；不要了的自己删", names=names)


def write_summary(
    out: Path, summary: Summary, records: Callable[[], Iterable[Record]], *, build: bool, language: str, said: Say
) -> None:
    """Write summary.json, summary.html and findings.jsonl, each whole; `records` may be read again and again."""
    write_stream(out / "summary.json", _encoded(json_chunks(summary, records(), build=build)))
    write_stream(out / "summary.html", _encoded(_page(summary, records, build=build, language=language, said=said)))
    write_stream(out / "findings.jsonl", _encoded(_finding_lines(records())))


def _encoded(chunks: Iterable[str]) -> Iterator[bytes]:
    return (chunk.encode("utf-8", "replace") for chunk in chunks)


def json_chunks(summary: Summary, records: Iterable[Record], *, build: bool) -> Iterator[str]:
    """Yield the summary as JSON, an entry of its lists at a time."""
    head = {
        "command": "build" if build else "check",
        "reports": summary.total,
        "states": {state: summary.states[state] for state in STATES},
        "verified": summary.verified,
        "summary": {name: summary.counts[name] for name in COUNTS},
        "rules": summary.rules(),
        "compared": summary.compared,
    }
    yield json.dumps(head, ensure_ascii=False, indent=2)[:-2]
    yield from _entries("unrun", summary.noted.names(UNRUN))
    yield from _entries("same", summary.same())
    yield from _entries("passed_over", summary.beside.passed_over)
    yield from _entries("left", summary.noted.names(LEFT))
    yield from _entries("units", map(_unit, records))
    yield "\n}\n"


def _entries(key: str, entries: Iterable[object]) -> Iterator[str]:
    """Yield a list that comes after others, an entry on each line."""
    yield f',\n  "{key}": ['
    parted = "\n    "
    for entry in entries:
        yield parted + json.dumps(entry, ensure_ascii=False)
        parted = ",\n    "
    yield "]" if parted.startswith("\n") else "\n  ]"


def _unit(record: Record) -> dict[str, Any]:
    counts = {name: record["summary"].get(name, 0) for name in COUNTS}
    rules = {rule: found["count"] for rule, found in record["rules"].items()}
    base = {"name": record["name"], "state": record["state"], **record["report"], **counts}
    more = {key: record[key] for key in ("outputs", "verified", "compared")}
    return {**base, "rules": rules, **more}


def _finding_lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        for finding in record["findings"]:
            yield json.dumps({"report": record["name"], **finding}, ensure_ascii=False) + "\n"


def _page(
    summary: Summary, records: Callable[[], Iterable[Record]], *, build: bool, language: str, said: Say
) -> Iterator[str]:
    """Yield the page piece by piece."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(Path(__file__).with_name("summary.html").read_text(encoding="utf-8"))
    yield from template.generate(
        lang="zh-CN" if language == "zh" else language,
        words={name: said(word) for name, word in _words(build=build).items()},
        states={name: said(word) for name, word in STATES.items()},
        counts={name: said(word) for name, word in COUNTS.items()},
        summary=summary,
        notes=map(said, notes(summary)),
        amiss=(_row(record, said) for record in records() if record["state"] != "passed"),
        passed=(_row(record, said) for record in records() if record["state"] == "passed"),
    )


def _row(record: Record, said: Say) -> Mapping[str, Any]:
    name = record["name"]
    links = [{"href": quote(os.fsencode(f"{name}/{file}")), "text": file} for file in record["outputs"]]
    errors = [finding for finding in record["findings"] if finding["severity"] == "error" and not finding["waived"]]
    errors.sort(key=_how_telling)
    more = said(_more(errors[MOST_SHOWN:])) if errors[MOST_SHOWN:] else ""
    return {**record, "links": links, "errors": [_shown(one) for one in errors[:MOST_SHOWN]], "more": more}


def _how_telling(finding: Record) -> tuple[bool, bool]:
    """Sort what is wrong before what could not be assessed because of it, and a file before what is in it."""
    return finding["state"] == "unassessable", not finding["rule"].startswith("SRC-")


def _shown(finding: Record) -> Mapping[str, Any]:
    place = finding["location"] or {}
    return {**finding, "place": ":".join(str(place[key]) for key in ("file", "line") if place.get(key) is not None)}


def _more(findings: Sequence[Record]) -> Message:
    """Say how many findings are not shown."""
    count, vague = len(findings), sum(finding["state"] == "unassessable" for finding in findings)
    if vague == count:
        return say("另有 {count} 条（无法核对）", count=count)
    return say("另有 {count} 条，其中无法核对 {vague} 条", count=count, vague=vague)


def _words(*, build: bool) -> dict[str, str]:
    return {
        "title": say("批量生成的结果") if build else say("批量检查的结果"),
        "overview": say("总览"),
        "state": say("状态"),
        "reports": say("报告数"),
        "amiss": say("没有通过的报告"),
        "passed": say("通过的报告"),
        "form": say("报告种类"),
        "notes": say("请留意"),
        "name": say("名称"),
        "unit": say("单位"),
        "year": say("年度"),
        "outputs": say("文件"),
        "rules": say("最常见的问题"),
        "rule": say("规则"),
        "rule_title": say("要求"),
        "findings": say("条数"),
        "total": say("合计"),
        "verified": say("其中读回核对") if build else "",
        "details": say("错误的内容"),
        "hint": say("怎么改"),
        "unassessable": say("其中无法核对"),
        "none": say("没有发现问题"),
    }
