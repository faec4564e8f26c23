"""RENDER and READ BACK: one job per output; what was printed is compared with what was meant."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from baogao.definitions.checks import is_file_name
from baogao.errors import PluginError, TemplateError
from baogao.files.resources import SearchPath, bundled_folder
from baogao.hooks.guarding import Guard
from baogao.hooks.loading import as_code, raised, where
from baogao.hooks.plain import one_line, plain_findings
from baogao.hooks.registry import Given
from baogao.language import Message, as_typed, listed, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.jobs import Annotator, Artifact, Job, Renderer, TemplateKeeper
from baogao.model.report import Report
from baogao.rules.ruleset import RuleSet
from baogao.rules.running import run_artifact_rules
from baogao.stages.outputs import Usable

__all__ = ["Rendered", "annotate_outputs", "judge_output", "redrawing", "rehearse_output", "render_outputs"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The artifacts of a run that are to be written, what is wrong with them, and what was read back of each.

    `unmade` says of every output that could not be made that it failed, whatever its renderer says of it.
    """

    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]
    unmade: tuple[Finding, ...] = ()
    printed: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


@dataclass(frozen=True, slots=True)
class _Done:
    """An output that was made, and what was read back of it."""

    usable: Usable
    artifact: Artifact
    printed: Mapping[str, str]


def render_outputs(
    report: Report,
    outputs: tuple[Usable, ...],
    search: SearchPath,
    rules: RuleSet,
    *,
    draft: bool,
    verify: bool = True,
) -> Rendered:
    """Render every output, read it back, and run the rules on it.

    Without `verify` only those are read back that another output is made from.
    """
    done: list[_Done] = []
    findings: list[Finding] = []
    unmade: list[Finding] = []
    needed = {name for usable in outputs for name in usable.given.value.needs}
    for usable in outputs:
        job = _job(report, usable, search, done, draft=draft)
        read = verify or usable.output.renderer in needed
        artifact, printed = _tried(usable.given, job, findings, unmade, read=read)
        if artifact is None:
            continue
        done.append(_Done(usable, artifact, printed))
        findings.extend(_judged(usable.given, job, printed, artifact.file_name) if read else ())
        findings.extend(run_artifact_rules(rules, job, artifact))
    findings.extend(_disagreeing(report, done))
    written = [one for one in done if one.usable.written]
    printed = {one.usable.key: one.printed for one in written}
    return Rendered(tuple(one.artifact for one in written), tuple(findings), tuple(unmade), printed)


def rehearse_output(given: Given[Renderer], job: Job, rules: RuleSet) -> tuple[Finding, ...]:
    """Return what is wrong with an output that is made, read back and judged, and then thrown away."""
    findings: list[Finding] = []
    artifact, printed = _tried(given, job, findings, findings)
    if artifact is not None:
        findings.extend(_judged(given, job, printed, artifact.file_name))
        findings.extend(run_artifact_rules(rules, job, artifact))
    return tuple(findings)


def _job(report: Report, usable: Usable, search: SearchPath, done: list[_Done], *, draft: bool) -> Job:
    """Return the job of one output; of what was made before it sees what is written, and what it needs."""
    needs = usable.given.value.needs
    seen = [one for one in done if one.usable.written or one.usable.output.renderer in needs]
    return Job(
        report,
        usable.output,
        search,
        _name(report, usable, draft=draft),
        draft,
        made={one.usable.key: one.artifact for one in seen},
        printed={one.usable.key: one.printed for one in seen},
    )


def annotate_outputs(
    report: Report, outputs: tuple[Usable, ...], search: SearchPath, findings: tuple[Finding, ...], *, draft: bool
) -> Rendered:
    """Render a copy of every output with the findings at their places, where its renderer can mark them."""
    artifacts: list[Artifact] = []
    problems: list[Finding] = []
    for usable in outputs:
        renderer = usable.given.value
        if not usable.written or not isinstance(renderer, Annotator):
            continue
        name = f"{_name(report, usable, draft=draft)}-批注"
        job = Job(report, usable.output, search, name, draft, {}, findings)
        artifact, printed = _tried(usable.given, job, problems, problems)
        marked = _marked(usable.given, renderer, artifact, job, printed, problems) if artifact else None
        artifacts.extend([marked] if marked else [])
    return Rendered(tuple(artifacts), tuple(problems))


def judge_output(
    report: Report, usable: Usable, search: SearchPath, rules: RuleSet, changes: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return what the rules find in an artifact with some text changed.

    Raise ValueError for a text it lacks, PluginError where there is no artifact.
    """
    job = Job(report, usable.output, search, _name(report, usable, draft=False))
    problems: list[Finding] = []
    artifact, _ = _tried(usable.given, job, problems, problems, read=False)
    if artifact is None:
        raise PluginError(problems)
    return run_artifact_rules(rules, job, replace(artifact, content=_changed(artifact.content, changes)))


def _changed(content: bytes, changes: Mapping[str, str]) -> bytes:
    """Return bytes with texts changed; in a ZIP archive, in whichever member has them."""
    for old, new in changes.items():
        content, before = _replaced(content, old.encode(), new.encode()), content
        if content == before:
            raise ValueError(say("例子要改的“{text}”不在成品里", text=old))
    return content


def _replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.replace(old, new)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        members = {member: source.read(member) for member in source.infolist()}
        if not any(old in data for data in members.values()):
            return content
        for member, data in members.items():
            target.writestr(member, data.replace(old, new))
    return buffer.getvalue()


def _marked(
    given: Given[Renderer],
    annotator: Annotator,
    artifact: Artifact,
    job: Job,
    printed: Mapping[str, str],
    problems: list[Finding],
) -> Artifact | None:
    """Return the copy with its marks; one that prints something else than it did before is refused."""
    marked: Artifact | None = None
    same = False
    with Guard(given.plugin.title) as guard:
        marked = _checked(annotator.annotate(artifact, job))
        same = _texts(given.value.read_back(marked, job)) == printed
    if guard.error is not None:
        problems.append(_failed(given, guard.error))
        return None
    if same:
        return marked
    message = say("{file} 加上批注以后与原来印的不同，没有采用", file=artifact.file_name)
    problems.append(Finding(message, rule="OUT-001"))
    return None


def _tried(
    given: Given[Renderer], job: Job, findings: list[Finding], unmade: list[Finding], *, read: bool = True
) -> tuple[Artifact | None, Mapping[str, str]]:
    """Return the artifact and what is printed in it; where there is none, the findings say why.

    That it was not made at all goes to `unmade`; to the findings themselves, only where nothing in them is an error.
    """
    artifact: Artifact | None = None
    printed: Mapping[str, str] = {}
    with Guard(given.plugin.title) as guard:
        artifact = _checked(given.value.render(job))
        printed = _texts(given.value.read_back(artifact, job)) if read else {}
    error = guard.error
    if error is None:
        return artifact, printed
    told = _told(given, error)
    findings.extend(told)
    if unmade is not findings or not any(one.severity is Severity.ERROR for one in told):
        unmade.append(_failed(given, error))
    return None, {}


def _told(given: Given[Renderer], error: BaseException) -> tuple[Finding, ...]:
    """Return the findings that a renderer raised, as far as they are well made."""
    told: list[Finding] = []
    if isinstance(error, TemplateError):
        with Guard(given.plugin.title):
            told.extend(plain_findings(error.findings))
    return tuple(told)


def _checked(artifact: Any) -> Artifact:
    """Return an artifact in plain values; raise TypeError where a plugin gives something else."""
    if not isinstance(artifact, Artifact) or not isinstance(cast("Any", artifact.content), bytes):
        raise TypeError(say("render() 没有返回内容为 bytes 的 Artifact：{value}", value=as_code(artifact)[:60]))
    name, suffix, media_type = map(str.__str__, (artifact.name, artifact.suffix, artifact.media_type))
    made = Artifact(name, suffix, media_type, b"".join((artifact.content,)))
    if not is_file_name(made.file_name) or made.file_name.startswith("."):
        raise TypeError(say("Artifact 的文件名“{name}”不在输出文件夹里，或不能作文件名", name=one_line(made.file_name)))
    return made


def _texts(printed: Any) -> Mapping[str, str]:
    """Return what was read back as plain texts; raise TypeError where a plugin gives something else."""
    if not isinstance(printed, Mapping):
        raise TypeError(say("read_back() 没有返回“路径: 文字”：{value}", value=as_code(printed)[:60]))
    texts = cast("Mapping[Any, Any]", printed)
    if not all(isinstance(word, str) for entry in texts.items() for word in entry):
        raise TypeError(say("read_back() 给出的不都是文字"))
    return {str.__str__(path): str.__str__(text) for path, text in texts.items()}


def _failed(given: Given[Renderer], exc: BaseException) -> Finding:
    plugin = given.plugin
    file, line = where(exc)
    message = say(
        "插件 {plugin} 生成“{name}”时出错：{error}", plugin=plugin.title, name=given.value.name, error=raised(exc)
    )
    return Finding(message, rule="PLG-003", location=Location(file or plugin.file, line))


def _name(report: Report, usable: Usable, *, draft: bool) -> str:
    """Return the file's name without suffix: unit, year, title, and what kind of copy it is."""
    kind = f"（{usable.profile.title}）" if usable.profile.title else ""
    return f"{report.file_title}{kind}{'-草稿' if draft else ''}"


def _judged(given: Given[Renderer], job: Job, printed: Mapping[str, str], file: str) -> Iterator[Finding]:
    """Yield everything that is not printed as the model has it, with whose it is to mend."""
    for finding in _compared(job.report, printed, file):
        yield replace(finding, hint=_mending(given, job, finding))


def _mending(given: Given[Renderer], job: Job, finding: Finding) -> str:
    """Say what to mend: a renderer without templates, or the template of the chapter; "" where neither is to blame."""
    keeper = given.value
    if not isinstance(keeper, TemplateKeeper):
        who = {"name": given.value.name, "plugin": given.plugin.title}
        return say("告诉插件 {plugin} 的作者：输出 {name} 漏印了，或它的 read_back() 读得不对", **who)
    name = next(iter(keeper.template_files(job.output.profile, finding.section)), "")
    path = job.resources.find("templates", name, finding.section) if name and finding.rule == "OUT-001" else None
    is_own = path is not None and not path.is_relative_to(bundled_folder())
    return redrawing(job.report, path, finding.section) if path and is_own else ""


def redrawing(report: Report, path: Path, section: str) -> Message:
    """Say how to mend a chapter's template in which a cell is missing or misplaced."""
    folder = Path(report.folder)
    place = f" --report {as_typed(folder)}" if path.absolute().is_relative_to(folder) else ""
    command = f"baogao template new {section} {as_typed(path)}{place} --force"
    return say(
        "检查模板 {file} 里这一格的标签；表格的定义改过，就重新画：{command}（原来的会没有）",
        file=path.name,
        command=command,
    )


def _compared(report: Report, printed: Mapping[str, str], file: str) -> Iterator[Finding]:
    """Yield a finding for every title, cell and paragraph that is not printed as the model has it."""
    for path, title in (("", report.title), *((section.id, section.title) for section in report)):
        if path in printed:
            yield from _difference(report, path, title, printed[path], "OUT-004", file)
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
    shown = say("印成了“{printed}”", printed=printed[:40]) if printed else say("没有印出")
    label = say("标题") if rule == "OUT-004" else report.label(path)
    message = say("{file} 里“{label}”应为“{meant}”，{shown}", file=file, label=label, meant=meant[:40], shown=shown)
    cells = (path,) if rule == "OUT-001" else ()
    quote = "" if rule == "OUT-001" else meant[:40]
    yield report.finding(path, message, rule=rule, cells=cells, quote=quote, expected=meant, actual=printed)


def _disagreeing(report: Report, done: list[_Done]) -> Iterator[Finding]:
    """Yield a finding for every cell that is not printed the same in all files of the run."""
    for path in report.cells():
        printed = {one.artifact.file_name: one.printed[path] for one in done if path in one.printed}
        if len(set(printed.values())) > 1:
            shown = listed(say("{file} 是“{text}”", file=file, text=text[:40]) for file, text in printed.items())
            message = say("“{label}”各文件印得不一样：{shown}", label=report.label(path), shown=shown)
            yield report.finding(path, message, rule="FMT-004", cells=(path,))


def _surplus(file: str, words: str) -> Message:
    return say("{file} 里多印了一段“{words}”", file=file, words=words[:40])
