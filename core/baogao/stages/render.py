"""RENDER and READ BACK: one job per output; what was printed is compared with what was meant."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from baogao.errors import TemplateError
from baogao.files.resources import SearchPath
from baogao.files.yaml import Document
from baogao.hooks.loading import raised, where
from baogao.hooks.registry import Given, Registry, conflict
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Artifact, Job, Output, Renderer
from baogao.model.report import Report
from baogao.rules.ruleset import RuleSet
from baogao.rules.running import run_artifact_rules

__all__ = ["Rendered", "Usable", "render_outputs", "usable_outputs"]

Usable = tuple[Output, Given[Renderer]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The artifacts of a run, and what is wrong with them."""

    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]


def usable_outputs(
    outputs: tuple[Output, ...], registry: Registry, document: Document
) -> tuple[tuple[Usable, ...], tuple[Finding, ...]]:
    """Return the outputs with their renderers, those first that others need; and the outputs nobody makes."""
    usable: list[Usable] = []
    problems: list[Finding] = []
    for number, output in enumerate(outputs):
        place = document.locate("outputs", number)
        found = registry.renderers(output.renderer)
        if not found:
            problems.append(registry.missing_renderer(output.renderer, place))
        elif output.profile not in found[0].value.profiles:
            problems.append(_no_profile(output, found[0].value, place))
        else:
            usable.append((output, found[0]))
        if len(found) > 1:
            problems.append(conflict("输出", output.renderer, found))
        problems.extend(_misspelt(output, document, number))
    return _in_order(usable), tuple(problems)


def _misspelt(output: Output, document: Document, number: int) -> Iterator[Finding]:
    """Yield a finding for an option that looks like a slip for one every output has."""
    for name in output.options:
        meant = near(name, ("renderer", "profile"))
        if meant:
            message = say("不认识“{key}”{near}", key=name, near=meant)
            yield Finding(message, rule="SRC-008", location=document.locate("outputs", number, name))


def _in_order(usable: list[Usable]) -> tuple[Usable, ...]:
    """Put each output after those its renderer needs; a circle of needs stays as it is written."""
    waiting, ordered = list(usable), list[Usable]()
    while waiting:
        missing = {output.renderer for output, _ in waiting}
        ready = [entry for entry in waiting if not missing.intersection(entry[1].value.needs)] or waiting
        ordered.extend(ready)
        waiting = [entry for entry in waiting if entry not in ready]
    return tuple(ordered)


def _no_profile(output: Output, renderer: Renderer, place: Location) -> Finding:
    known = listed(renderer.profiles)
    message = say(
        "输出“{name}”没有 {profile} 这种样式；可用：{known}", name=output.renderer, profile=output.profile, known=known
    )
    return Finding(message, rule="SRC-008", location=place)


def render_outputs(
    report: Report, outputs: tuple[Usable, ...], search: SearchPath, rules: RuleSet, *, draft: bool
) -> Rendered:
    """Render every output, read it back, and run the rules on it."""
    made: dict[str, Artifact] = {}
    artifacts: list[Artifact] = []
    findings: list[Finding] = []
    for output, given in outputs:
        job = Job(report, output, search, _name(report, output, draft=draft), draft, dict(made))
        try:
            artifact, printed = _rendered(given, job)
        except TemplateError as exc:
            findings.extend(exc.findings or (_failed(given, exc),))
            continue
        except (Exception, SystemExit) as exc:
            findings.append(_failed(given, exc))
            continue
        made[given.value.name] = artifact
        artifacts.append(artifact)
        findings.extend(_compared(report, printed, artifact.file_name))
        findings.extend(run_artifact_rules(rules, job, artifact))
    return Rendered(tuple(artifacts), tuple(findings))


def _rendered(given: Given[Renderer], job: Job) -> tuple[Artifact, Mapping[str, str]]:
    """Return the artifact and what is printed in it; raise TypeError where a plugin gives something else."""
    with contextlib.redirect_stdout(sys.stderr):
        artifact: Any = given.value.render(job)
        if not isinstance(artifact, Artifact) or not isinstance(cast("Any", artifact.content), bytes):
            raise TypeError(say("render() 没有返回内容为 bytes 的 Artifact：{value}", value=repr(artifact)[:60]))
        if not re.fullmatch(r"[^/\\:\x00-\x1f]+", artifact.file_name) or artifact.file_name.startswith("."):
            raise TypeError(say("Artifact 的文件名“{name}”不在输出文件夹里", name=artifact.file_name))
        printed: Any = given.value.read_back(artifact, job)
        if not isinstance(printed, Mapping):
            raise TypeError(say("read_back() 没有返回“路径: 文字”：{value}", value=repr(printed)[:60]))
        if not all(isinstance(text, str) for text in printed.values()):
            raise TypeError(say("read_back() 给出的不都是文字"))
    return artifact, printed


def _failed(given: Given[Renderer], exc: BaseException) -> Finding:
    plugin = given.plugin
    file, line = where(exc)
    message = say(
        "插件 {plugin} 生成“{name}”时出错：{error}", plugin=plugin.title, name=given.value.name, error=raised(exc)
    )
    return Finding(message, rule="PLG-003", location=Location(file or plugin.file, line))


def _name(report: Report, output: Output, *, draft: bool) -> str:
    """Return the file's name without suffix: unit, year, title, and what kind of copy it is."""
    kind = "（报送件）" if output.profile == "filing" else ""
    return f"{report.file_title}{kind}{'-草稿' if draft else ''}"


def _compared(report: Report, printed: Mapping[str, str], file: str) -> Iterator[Finding]:
    """Yield a finding for every cell and paragraph that is not printed as the model has it."""
    for path, cell in report.cells().items():
        yield from _difference(report, path, cell.text(), printed.get(path), "OUT-001", file)
    for section in report:
        for number, block in enumerate(section.blocks, 1):
            path = f"{section.id}#{number}"
            found = _difference(report, section.id, block.text, printed.get(path), "OUT-002", file)
            yield from (replace(finding, location=block.location) for finding in found)
        extra = f"{section.id}#{len(section.blocks) + 1}"
        if extra in printed:
            yield report.finding(section.id, _surplus(file, printed[extra]), rule="OUT-002", quote=printed[extra][:40])


def _difference(report: Report, path: str, meant: str, printed: str | None, rule: str, file: str) -> Iterator[Finding]:
    if printed == meant:
        return
    shown = say("没有印出") if printed is None else say("印成了“{printed}”", printed=printed[:40])
    message = say(
        "{file} 里“{label}”应为“{meant}”，{shown}", file=file, label=report.label(path), meant=meant[:40], shown=shown
    )
    cells = (path,) if rule == "OUT-001" else ()
    quote = "" if rule == "OUT-001" else meant[:40]
    yield report.finding(path, message, rule=rule, cells=cells, quote=quote, expected=meant, actual=printed)


def _surplus(file: str, words: str) -> Message:
    return say("{file} 里多印了一段“{words}”", file=file, words=words[:40])
