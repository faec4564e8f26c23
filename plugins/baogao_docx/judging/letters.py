"""What stands round the chapters of a letter: number, addressee, enclosures, signature, date; is it printed?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.jobs import Artifact, Job
from baogao_docx.compiling.report_template import DocumentEnvironment, filled_parts, prepare
from baogao_docx.document import template_values
from baogao_docx.ooxml.wordml import Element, parse, q, words, xml_text
from baogao_docx.profiles import LETTER, is_letter
from baogao_docx.reading.places import between
from baogao_docx.reading.printed import Printed, open_printed
from baogao_docx.template.composing import TITLE_MARK
from baogao_docx.template.fragments import Shell

__all__ = ["judge_enclosures", "judge_letter", "unprinted"]

NAMES: Mapping[str, Message] = {
    "number": say("发文字号"),
    "to": say("主送机关"),
    "signature": say("署名"),
    "enclosures": say("附件说明"),
    "date": say("日期"),
}
TAGS = {name: f"shell.{name}" for name in LETTER} | {"date": "report.date"}
CLOSING = "。，、；：．.,;:"
SIGN = "\ue000{}\ue001"
"""Stands for a value in a trial print, in characters no report uses."""


def unprinted(shell: Shell, job: Job) -> Iterator[Finding]:
    """Yield what a shell has no place for: found by filling it with a sign for each, whatever its conditions ask."""
    printed = "".join(_filled(shell, job))
    given = dict(_meant(job))
    wanted = NAMES if is_letter(job) else {**given, "date": ""}
    for name in (name for name in wanted if printed and SIGN.format(name) not in printed):
        fault = say("没有印出{what}的标记 {tag}", what=NAMES[name], tag=f"{{{{ {TAGS[name]} }}}}")
        message = say("外壳模板 {file}：{fault}", file=shell.name, fault=fault)
        rule, severity = ("FMT-005", Severity.ERROR) if name in given else ("TPL-006", Severity.WARNING)
        yield Finding(message, "", rule, severity, location=Location(shell.name))


def _filled(shell: Shell, job: Job) -> Iterator[str]:
    """Yield the parts of a shell filled with signs; nothing of one that cannot be filled."""
    values: dict[str, Any] = template_values(job)
    signs: dict[str, Any] = {name: SIGN.format(name) for name in NAMES}
    date = {"date": signs["date"]}
    letter = {**values["shell"], **signs, "enclosures": [signs["enclosures"]]}
    values = {
        **values,
        "shell": letter,
        "report": {**values["report"], **date},
        "_sections": {},
        "sections": Markup(""),
    }
    for part in filled_parts(shell.package):
        source = prepare(xml_text(parse(shell.package.parts[part])))
        try:
            yield DocumentEnvironment().from_string(source).render(values)
        except JinjaError:
            return


def judge_letter(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield what report.yaml says of the letter and the document does not print outside its chapters and title."""
    printed = open_printed(artifact.content)
    texts = "\n".join(_around(printed, job)).replace("\n", "")
    for name, value in _meant(job):
        if value.replace("\n", "") not in texts:
            message = say("没有印出{what}“{value}”", what=NAMES[name], value=value)
            yield job.report.finding("", message, expected=value)


def judge_enclosures(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """Yield the names of enclosures that end in punctuation, which none has (7.3.4)."""
    del artifact
    for name in map(str, job.output.options.get("enclosures", ())):
        if name.rstrip()[-1:] in CLOSING:
            message = say("附件名称“{name}”后面不加标点", name=name)
            yield job.report.finding("", message, quote=name, expected=name.rstrip().rstrip(CLOSING), actual=name)


def _meant(job: Job) -> Iterator[tuple[str, str]]:
    """Yield what is to be printed, by its name."""
    shell = template_values(job)["shell"]
    for name in ("number", "to", "signature", "date"):
        if shell[name] and (name in job.output.options or name == "date" or is_letter(job)):
            yield name, shell[name]
    yield from (("enclosures", str(name)) for name in job.output.options.get("enclosures", ()))


def _around(printed: Printed, job: Job) -> Iterator[str]:
    """Yield the words of the body outside the title and the chapters, of headers and of footers."""
    inside = {part for name in (TITLE_MARK, *(one.id for one in job.report)) for part in between(printed.root, name)}
    body: Element = printed.root.find(q("body"))
    yield from (words(part) for part in body if part not in inside)
    names = (name for kind in ("header", "footer") for name in printed.package.related(kind))
    yield from (words(parse(printed.package.parts[name])) for name in names)
