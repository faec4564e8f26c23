"""The summary of a batch: units and their states, what was found most often; no times, so that its bytes are fixed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from baogao.batch.journal import Record
from baogao.files.writing import write_stream
from baogao.language import Message, listed, say

__all__ = ["COUNTS", "STATES", "Summary", "notes", "summed_up", "write_summary"]

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
MOST_NAMED = 20


@dataclass(slots=True)
class Summary:
    """What is summed up: states, counts, and for each rule its title, its findings and the reports that have them."""

    states: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    gravest: Counter[int] = field(default_factory=Counter[int])
    findings: Counter[str] = field(default_factory=Counter[str])
    reports: Counter[str] = field(default_factory=Counter[str])
    titles: dict[str, str] = field(default_factory=dict[str, str])
    verified: int = 0
    unrun: list[str] = field(default_factory=list[str])

    @property
    def total(self) -> int:
        """Return how many reports there are."""
        return self.states.total()

    def rules(self) -> list[dict[str, Any]]:
        """Return the rules, those first that the most reports break."""
        order = sorted(self.reports, key=lambda rule: (-self.reports[rule], -self.findings[rule], rule))
        return [
            {"rule": rule, "title": self.titles[rule], "reports": self.reports[rule], "findings": self.findings[rule]}
            for rule in order
        ]


def summed_up(records: Iterable[Record]) -> Summary:
    """Return the sums over all records."""
    summary = Summary()
    for record in records:
        summary.states[record["state"]] += 1
        summary.verified += record["verified"]
        summary.counts.update(record["summary"])
        summary.gravest.update([] if record["gravest"] is None else [record["gravest"]])
        for rule, found in record["rules"].items():
            summary.reports[rule] += 1
            summary.findings[rule] += found["count"]
            summary.titles[rule] = found["title"]
        if NOT_RUN in record["rules"]:
            summary.unrun.append(record["name"])
    return summary


def notes(summary: Summary) -> Iterator[Message]:
    """Yield what whoever runs the batch must know beside the states and the sums."""
    if summary.unrun:
        yield say("报告自己的插件没有运行（信得过的，加 --trust-plugins）：{names}", names=_few(summary.unrun))


def _few(names: Sequence[str]) -> Message:
    """Return the names as one message, the first of them where there are many."""
    first = listed(names[:MOST_NAMED])
    return first if len(names) <= MOST_NAMED else say("{first}……共 {count} 份", first=first, count=len(names))


def write_summary(out: Path, records: Callable[[], Iterable[Record]], *, build: bool, language: str, said: Say) -> None:
    """Write summary.json, summary.html and findings.jsonl, each whole; `records` may be read again and again."""
    summary = summed_up(records())
    write_stream(out / "summary.json", _encoded(json_chunks(summary, records(), build=build)))
    write_stream(out / "summary.html", _encoded(_page(summary, records(), build=build, language=language, said=said)))
    write_stream(out / "findings.jsonl", _encoded(_finding_lines(records())))


def _encoded(chunks: Iterable[str]) -> Iterator[bytes]:
    return (chunk.encode("utf-8", "replace") for chunk in chunks)


def json_chunks(summary: Summary, records: Iterable[Record], *, build: bool) -> Iterator[str]:
    """Yield the summary as JSON, a unit at a time."""
    head = {
        "command": "build" if build else "check",
        "reports": summary.total,
        "states": {state: summary.states[state] for state in STATES},
        "verified": summary.verified,
        "summary": {name: summary.counts[name] for name in COUNTS},
        "rules": summary.rules(),
        "unrun": summary.unrun,
    }
    yield json.dumps(head, ensure_ascii=False, indent=2)[:-2] + ',\n  "units": ['
    for number, record in enumerate(records):
        yield ("," if number else "") + "\n    " + json.dumps(_unit(record), ensure_ascii=False)
    yield "\n  ]\n}\n"


def _unit(record: Record) -> dict[str, Any]:
    counts = {name: record["summary"].get(name, 0) for name in COUNTS}
    rules = {rule: found["count"] for rule, found in record["rules"].items()}
    base = {"name": record["name"], "state": record["state"], **record["report"], **counts}
    return {**base, "rules": rules, "outputs": record["outputs"], "verified": record["verified"]}


def _finding_lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        for finding in record["findings"]:
            yield json.dumps({"report": record["name"], **finding}, ensure_ascii=False) + "\n"


def _page(summary: Summary, records: Iterable[Record], *, build: bool, language: str, said: Say) -> Iterator[str]:
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
        notes=[said(note) for note in notes(summary)],
        rows=(_row(record) for record in records),
    )


def _row(record: Record) -> Mapping[str, Any]:
    name = record["name"]
    links = [{"href": quote(f"{name}/{file}"), "text": file} for file in record["outputs"]]
    findings = [finding for finding in record["findings"] if finding["severity"] == "error" and not finding["waived"]]
    return {**record, "links": links, "errors": findings[:5], "more": max(len(findings) - 5, 0)}


def _words(*, build: bool) -> dict[str, str]:
    return {
        "title": say("批量生成的结果") if build else say("批量检查的结果"),
        "overview": say("总览"),
        "state": say("状态"),
        "reports": say("报告数"),
        "units": say("各份报告"),
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
        "more": say("另有"),
        "none": say("没有发现问题"),
    }
