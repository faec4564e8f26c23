"""Judge a template when it is registered: all that is wrong with it at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from markupsafe import Markup

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.jobs import Job
from baogao.model.report import Section
from baogao.templating import ReportEnvironment
from baogao_docx.compiling.report_template import filled_parts
from baogao_docx.document import template_values
from baogao_docx.drawing.sections import draw_section
from baogao_docx.judging.letters import unprinted
from baogao_docx.ooxml.package import Package, PackageError, read_package, write_package
from baogao_docx.ooxml.soundness import damages, misshapen
from baogao_docx.ooxml.wordml import parse, q, serialise
from baogao_docx.template.carrying import KINDS, loose_tags, outside_links
from baogao_docx.template.checking import Checked
from baogao_docx.template.collecting import open_shell
from baogao_docx.template.fragments import (
    STYLE_TAGS,
    Fragment,
    Shell,
    fragment_of,
    refusals,
    shell_faults,
    shell_of,
    style_ids,
)
from baogao_docx.template.recipes import find_shell_file, unopened
from baogao_docx.template.sources import Source
from baogao_docx.template.tags import BODY_TAG, own_words

__all__ = ["inspect_template", "new_template"]


def inspect_template(content: bytes, file: str, job: Job, section: str) -> Iterator[Finding]:
    """Yield everything that is wrong with a template; `section` is "" for a shell."""
    try:
        package = read_package(content)
    except PackageError as exc:
        yield unopened(file, exc.args[0], section)
        return
    if found := tuple(dict.fromkeys(damages(package))):
        yield from (unopened(file, damage, section) for damage in found)
        return
    try:
        template = fragment_of(file, package, section) if section else shell_of(file, package)
    except PackageError as exc:
        yield unopened(file, exc.args[0], section)
        return
    judged = _fragment(template, package, job) if isinstance(template, Fragment) else _shell(template, job)
    yield from dict.fromkeys(judged)


def _shell(shell: Shell, job: Job) -> Iterator[Finding]:
    found = list(_faults_of(shell, job))
    yield from found
    if not any(finding.severity is Severity.ERROR for finding in found):
        yield from unprinted(shell, job)


def _faults_of(shell: Shell, job: Job) -> Iterator[Finding]:
    values = {**template_values(job), "_sections": {}, "sections": Markup("")}
    yield from shell_faults(shell)
    for part in filled_parts(shell.package):
        root = parse(shell.package.parts[part])
        is_main = part == shell.package.main
        checked = Checked(shell.name, root, values, part="" if is_main else part)
        yield from _checked(checked)
        yield from _unstyled(checked, set(style_ids(shell.package).values()))


def _checked(checked: Checked) -> Iterator[Finding]:
    """Yield what is wrong with the tags of a part, and where none is, what fails when it is filled."""
    found = list(checked.findings())
    yield from found
    if not any(finding.severity is Severity.ERROR for finding in found):
        failure = checked.failure()
        yield from [failure] if failure else []


def _unstyled(checked: Checked, known: set[str]) -> Iterator[Finding]:
    for element in checked.root.iter(*STYLE_TAGS):
        style = element.get(q("val"), "")
        if style not in known:
            fault = say("没有样式“{style}”", style=style)
            yield checked.place.fault("TPL-006", element, fault, Severity.WARNING)


def _fragment(fragment: Fragment, package: Package, job: Job) -> Iterator[Finding]:
    section = job.report.section(fragment.section)
    if section is None:
        fault = say("报告里没有“{section}”这一章", section=fragment.section)
        message = say("模板 {file}：{fault}", file=fragment.name, fault=fault)
        yield Finding(message, "", "TPL-003", location=Location(fragment.name))
        return
    shell = _shell_in_use(job)
    yield from refusals(fragment, shell) if shell else ()
    source = Source(fragment.name, fragment.body, fragment.section)
    yield from (source.fault("TPL-004", element, fault) for element, fault in misshapen(fragment.body))
    yield from _left_behind(fragment, package)
    names = template_values(job)
    own = {"section": {"id": section.id, "title": section.title, "body": Markup("")}, "cells": names[section.id]}
    checked = Checked(fragment.name, fragment.body, {**names, **own}, section.id)
    yield from _checked(checked)
    yield from _unused(checked, section)


def _shell_in_use(job: Job) -> Shell | None:
    file = find_shell_file(job, [])
    return open_shell(file, []) if file else None


def _left_behind(fragment: Fragment, package: Package) -> Iterator[Finding]:
    """Yield what stands in the file of a fragment and does not come along into the report."""
    read = (*filled_parts(package), *(name for name in package.parts if name.startswith("docProps/")))
    yield from loose_tags(fragment.name, package, read)
    attached = {part: package.relations(part) for part in package.parts}
    yield from outside_links(fragment.name, package, Severity.WARNING)
    for relation in (relation for relations in attached.values() for relation in relations):
        if relation.kind in KINDS:
            fault = say("不能有{what}", what=KINDS[relation.kind])
            message = say("模板 {file}：{fault}", file=fragment.name, fault=fault)
            yield Finding(message, fragment.section, "TPL-004", location=Location(fragment.name))


def _unused(checked: Checked, section: Section) -> Iterator[Finding]:
    """Yield the cells that the template does not print, and the narrative where it has no place for it."""
    tags = " ".join(tag.text for tag in checked.tags)
    used = _used(checked, section.id)
    cells = [path for table in section.tables for path in table.cells]
    missing = [] if used is None else [path for path in cells if tuple(path.split(".")[1:]) not in used]
    if cells and len(missing) == len(cells):
        fault = say("这一章的表没有印出来：{count} 格都没有标记", count=len(cells))
        yield _unprinted(checked, "OUT-001", section.id, fault)
        missing = []
    labels = section.tables[0].spec.labels if section.tables else {}
    for path in missing:
        label = "｜".join(labels.get(name, name) for name in path.split(".")[1:])
        tag = f"{{{{ {path.replace(section.id, 'cells', 1)} }}}}"
        yield _unprinted(checked, "OUT-001", path, say("没有印出“{label}”，缺标记 {tag}", label=label, tag=tag))
    if section.blocks and not any(BODY_TAG.fullmatch(own_words(part)) for part in checked.paragraphs):
        yield _unprinted(
            checked, "OUT-002", section.id, say("没有 {tag}，这一章的正文印不出来", tag="{{p section.body }}")
        )
    if section.title and "section.title" not in tags:
        yield _unprinted(checked, "OUT-004", section.id, say("没有 {tag}，标题印不出来", tag="{{ section.title }}"))


def _unprinted(checked: Checked, rule: str, path: str, fault: Message) -> Finding:
    message = say("模板 {file}：{fault}", file=checked.name, fault=fault)
    return Finding(message, path, rule, location=Location(checked.name))


def _used(checked: Checked, section: str) -> set[tuple[str, ...]] | None:
    """Return the rows and columns the tags name, or None where the template goes through the cells in a loop."""
    used: set[tuple[str, ...]] = set()
    for tag in checked.tags:
        try:
            tree = ReportEnvironment().parse(tag.piece)
        except (TemplateSyntaxError, RecursionError):
            continue
        for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name)):
            keys = _keys(node)
            if keys and keys[0] in ("cells", section):
                used.add(keys[1:])
        if any(_keys(looped)[:1] in (("cells",), (section,)) for looped in _looped(tree)):
            return None
    return used


def _looped(tree: nodes.Template) -> Iterator[nodes.Node | None]:
    """Yield what loops go through; the environment has put a filter around it."""
    for loop in tree.find_all(nodes.For):
        yield loop.iter.node if isinstance(loop.iter, nodes.Filter) else loop.iter


def _keys(node: Any) -> tuple[str, ...]:
    """Return the names of `a.b["c"]`, empty for anything else."""
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            return (*before, node.attr) if (before := _keys(node.node)) else ()
        case nodes.Getitem(arg=nodes.Const(value=key)):
            return (*before, str(key)) if (before := _keys(node.node)) else ()
        case _:
            return ()


def new_template(job: Job, section: str) -> bytes:
    """Return the shell in use, or the fragment that would be drawn for a section, in the styles of that shell."""
    shell = _shell_in_use(job)
    drawn = job.report.section(section)
    if shell is None or (section and drawn is None):
        raise ValueError(say("没有“{section}”这一章", section=section or "shell"))
    if drawn is None:
        return write_package(shell.package)
    package = shell.package
    root = parse(package.parts[package.main])
    body = root.find(q("body"))
    for element in list(body):
        if element.tag != q("sectPr"):
            body.remove(element)
    names: Mapping[str, str] = style_ids(package)
    for number, element in enumerate(draw_section(drawn)):
        for reference in element.iter(*STYLE_TAGS):
            reference.set(q("val"), names[reference.get(q("val"))])
        body.insert(number, element)
    return write_package(package.replaced({package.main: serialise(root)}))
