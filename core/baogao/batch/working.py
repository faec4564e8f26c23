"""Do one report: `do` takes a task and returns a result, in this process, in a worker, or on another machine."""

from __future__ import annotations

import contextlib
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from baogao import pipeline
from baogao.batch.hashing import (
    day_that_counts,
    hash_file,
    hash_of_files,
    hash_of_program,
    hash_of_words,
    outside_files,
    report_files,
)
from baogao.batch.pool import titles_of
from baogao.batch.tasks import Known, Result, Settings, State, Task
from baogao.errors import InputError
from baogao.files.json_lines import parse_json
from baogao.files.text import LARGEST, read_bytes
from baogao.hooks.loading import Selection
from baogao.language import say
from baogao.model.findings import Finding, Location, Severity
from baogao.pipeline import Opened, Outcome
from baogao.stages.load import REPORT_FILE, Project, project_of, read_project
from baogao.stages.workshop import Workshop
from baogao.waivers.reading import WAIVERS_FILE, Waivers, read_waivers, waivers_in

__all__ = ["do", "program_of"]


class _Bench:
    """What a worker keeps from one report to the next: the workshop, and the hash of the program."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workshop = Workshop()
        self._usual = ""

    def program(self, selection: Selection) -> str:
        """Return the hash of what reports have in common; of the plugins most of them use, it is kept."""
        if selection != self.settings.selection:
            return hash_of_program(self.workshop.registry(selection), self.settings)
        self._usual = self._usual or hash_of_program(self.workshop.registry(selection), self.settings)
        return self._usual


@lru_cache(maxsize=1)
def _bench(settings: Settings) -> _Bench:
    """Return the bench of this process: the one thing a worker holds, made by the first task of a run."""
    return _Bench(settings)


def program_of(settings: Settings) -> str:
    """Return the hash of what the reports of a run have in common, as it is in this process."""
    return _bench(settings).program(settings.selection)


def do(task: Task) -> Result:
    """Check or build one report and return what came of it; whatever goes wrong stays its own."""
    bench = _bench(task.settings)
    try:
        return _done(task, bench)
    except InputError as error:
        explained = pipeline.explained(error)
        return _unread(task, tuple(_at_home(task, finding) for finding in explained.findings))
    except (Exception, SystemExit) as error:
        # Our own mistake, or a plugin's outside its hooks: what helps to mend it goes to stderr.
        traceback.print_exc()
        message = say("程序出了错，不是数据的问题：{error}", error=f"{type(error).__name__}: {error}")
        return _unread(task, (Finding(message, rule="PLG-003"),), "failed")


def _unread(task: Task, findings: tuple[Finding, ...], state: State = "unreadable") -> Result:
    outputs = _tidied(task, {})
    summary = Counter(finding.severity.value for finding in findings)
    return Result(task.name, state, "", {}, findings, summary, titles_of(findings), outputs)


def _done(task: Task, bench: _Bench) -> Result:
    before = _own_hash(task)
    project, waivers = _read(task)
    settings = task.settings
    selection = project.selection.and_also(settings.selection)
    day = day_that_counts(_texts(task))
    outside = hash_of_files(outside_files(project))
    input_hash = hash_of_words(bench.program(selection), before, outside, day)
    if settings.only_changed and task.known is not None and _holds(task, task.known, input_hash):
        return Result(task.name, "unchanged", input_hash)
    untrusted = tuple(_untrusted(project, settings))
    try:
        opened = _opened(task, project, waivers, bench)
    except InputError as error:
        raise InputError((*error.findings, *untrusted)) from error
    outcome = _outcome(task, opened)
    if untrusted:
        told = pipeline.explained(InputError(untrusted)).findings
        outcome = replace(outcome, findings=(*told, *outcome.findings))
    return _result(task, opened, outcome, input_hash)


def _opened(task: Task, project: Project, waivers: Waivers, bench: _Bench) -> Opened:
    settings, previous = task.settings, None
    if task.previous is not None:
        previous = pipeline.open_previous(task.previous, settings.selection, bench.workshop)
    return pipeline.open_project(project, settings.selection, previous, bench.workshop, waivers)


def _untrusted(project: Project, settings: Settings) -> Iterator[Finding]:
    """Yield what the report brings to be run, and was not."""
    for number, path in enumerate(project.selection.local if settings.selection.without_local else ()):
        message = say("报告自己的插件 {file} 没有运行：没有写 --trust-plugins", file=path.name)
        place = project.document.locate("plugins", "load", number)
        yield Finding(message, rule="PLG-014", severity=Severity.WARNING, location=place)


def _outcome(task: Task, opened: Opened) -> Outcome:
    settings = task.settings
    if not settings.build:
        return pipeline.check(opened, to=settings.to)
    folder, verify = settings.out / task.name, settings.verifies(task.name)
    return pipeline.build(opened, folder, to=settings.to, draft=settings.draft, verify=verify)


def _result(task: Task, opened: Opened, outcome: Outcome, input_hash: str) -> Result:
    head = outcome.report
    written = {path.name: hash_file(path) for path in outcome.written}
    unwritten = any(finding.rule == "OUT-003" for finding in outcome.findings)
    state: State = "failed" if outcome.plugin_failed or unwritten else "passed" if outcome.ok else "found"
    return Result(
        task.name,
        state,
        input_hash,
        {
            "form": head.form,
            "form_title": head.form_title,
            "edition": head.edition,
            "year": head.year,
            "unit": head.unit.name,
        },
        tuple(_at_home(task, finding) for finding in outcome.findings),
        outcome.summary(),
        {finding.rule: _title(opened, finding.rule) for finding in outcome.findings},
        written if unwritten else _tidied(task, written),
        verified=outcome.verified,
        compared=opened.report.previous is not None,
    )


def _title(opened: Opened, rule_id: str) -> str:
    rule = opened.rules.rules.get(rule_id)
    return rule.title if rule else ""


def _tidied(task: Task, written: Mapping[str, str]) -> dict[str, str]:
    """Remove what an earlier run wrote and this one does not, where nobody has changed it since."""
    folder = task.settings.out / task.name
    for name, digest in (task.known.outputs if task.known else {}).items():
        if name not in written and hash_file(folder / name) == digest:
            (folder / name).unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return dict(written)


def _holds(task: Task, known: Known, input_hash: str) -> bool:
    """Tell whether the record of a report still holds: made from the same, and its files are as they were."""
    folder = task.settings.out / task.name
    files = known.outputs.items()
    return known.done and known.input == input_hash and all(hash_file(folder / name) == was for name, was in files)


def _own_hash(task: Task) -> str:
    """Return the hash of the report's own files, and of last year's; taken before any of them is read."""
    out = task.settings.out
    previous = hash_of_files(report_files(task.previous, out)) if task.previous else ""
    if task.line is not None:
        return hash_of_words(_line(task).hex(), previous)
    return hash_of_words(hash_of_files(report_files(task.source, out)), previous)


def _line(task: Task) -> bytes:
    assert task.line is not None
    with task.source.open("rb") as file:
        file.seek(task.line.offset)
        return file.read(task.line.length)


def _read(task: Task) -> tuple[Project, Waivers]:
    """Return the project of a folder or of a line, with its waivers."""
    if task.line is None:
        return read_project(task.source), read_waivers(task.source)
    document = parse_json(_line(task), task.source.name, task.line.number)
    if document.broken:
        raise InputError(document.problems)
    if not isinstance(document.data, Mapping):
        message = say("第 {line} 行不是一份报告：应是一个 JSON 对象，键与 report.yaml 相同", line=task.line.number)
        hint = say("写法见 docs/batch.md 的“一行一份报告”")
        raise InputError([Finding(message, rule="SRC-007", hint=hint, location=document.locate())])
    data: dict[str, Any] = {key: value for key, value in document.data.items() if key != "waivers"}
    project = project_of(task.source.parent, replace(document, data=data), inline=True)
    waivers = waivers_in(document.at("waivers")) if "waivers" in document.data else Waivers()
    return project, waivers


def _texts(task: Task) -> Iterator[bytes]:
    """Yield what is written in the report: its line, or the YAML and Markdown files of its folder."""
    if task.line is not None:
        yield _line(task)
        return
    for _, path in report_files(task.source, task.settings.out):
        if path.suffix in (".yaml", ".md"):
            with contextlib.suppress(OSError):  # whoever needs it says that it cannot be read
                yield read_bytes(path, LARGEST)


def _at_home(task: Task, finding: Finding) -> Finding:
    """Return the finding of a line with its place: whatever is written there is on this line."""
    place = finding.location
    if task.line is None or place is None:
        return finding
    path = Path(place.file)
    ours = {task.source.name, REPORT_FILE, WAIVERS_FILE, f"{finding.section}.yaml", f"{finding.section}.md"}
    if path.name not in ours or len(path.parts) > 1:
        return finding
    return replace(finding, location=Location(task.source.name, task.line.number))
