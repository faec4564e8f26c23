"""Rules on a page that is to be published: its tags, its tables, its downloads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from baogao.language import Message, listed, say
from baogao.model.findings import Severity
from baogao.model.rules import ArtifactRule, artifact_rule
from baogao_html.judging_tags import gravity, judge_tags

if TYPE_CHECKING:
    from baogao.model.findings import Finding
    from baogao.model.jobs import Artifact, Job
    from baogao_html.tags import Tag
    from baogao_html.tree import Element

__all__ = ["COLUMN_TYPES", "RULES"]

GUIDE = "国办发〔2017〕47号《政府网站发展指引》，网页标签"
PICTURES = ("img", "picture", "svg", "canvas", "object", "embed", "iframe")
COLUMN_TYPES = (
    *("首页", "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件", "信息公开指南", "信息公开目录"),
    *("信息公开年报", "依申请公开", "数据发布", "数据开放", "政策解读", "回应关切", "办事服务", "咨询投诉"),
    *("征集调查", "在线访谈"),
)
"""The types of columns there are."""


def _page(artifact: Artifact) -> Element:
    from baogao_html.tree import open_page

    return open_page(artifact.content)


def _is_page(job: Job) -> bool:
    """Tell whether it is the page that is published as it is; a fragment gets the rest of its page from a CMS."""
    return job.output.profile in ("", "public")


def _in_column(job: Job) -> bool:
    """Tell whether the page goes to a column of a government website, which is what the tags are for."""
    from baogao_html.tags import column_of

    return _is_page(job) and bool(column_of(job))


def _printed_tags(artifact: Artifact) -> dict[str, str]:
    metas = _page(artifact).find_all("meta")
    return {meta.attributes.get("name", ""): meta.attributes.get("content", "").strip() for meta in metas}


@artifact_rule(
    "PUB-001",
    title="网页必选标签齐全",
    renderer="html",
    gate="文字关",
    basis=GUIDE,
    hint="在 report.yaml 的 unit.website 下填网站的 name、domain、id；暂时不知道的，先用 --to docx 只出 Word 文件",
    examples=(
        {"passes": True},
        {"unit": {"website": {"name": "示例县人民政府网站"}}, "paths": [""]},
        {"unit": {"website": {"name": "网站", "domain": "www.example.gov.cn", "id": "123"}}, "paths": [""]},
        {"artifact": {'<meta name="PubDate"': '<meta name="Date"'}, "paths": [""]},
        {"artifact": {'-01-20 00:00">': '-01-20">'}, "paths": [""]},
        {"artifact": {'-01-20 00:00">': '-02-30 00:00">'}, "paths": [""]},
        {"output": {"article": {"url": "javascript:alert(1)"}}, "paths": [""]},
        {"unit": {"website": {"name": "网站", "domain": "https://a.gov.cn/", "id": "0000000000"}}, "paths": [""]},
        {"output": {"profile": "fragment"}, "unit": {"website": {}}, "passes": True},
    ),
)
def mandatory_tags(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """政府网站的网页带有十个必选标签，都有内容：站点名称、域名、标识码，栏目名称、描述、关键词、类别，标题、发布时间、来源。

    发布时间是真有的时间，与网页上的发布日期是同一天；域名只写域名；网址以 http:// 或 https:// 开头。
    """
    from baogao_html.tags import page_tags

    if not _in_column(job):
        return
    printed = _printed_tags(artifact)
    lacking = [tag for tag in page_tags(job) if tag.required and not printed.get(tag.name)]
    yield from _unfilled(job, [tag for tag in lacking if not tag.content])
    yield from _dropped(job, [tag for tag in lacking if tag.content])
    yield from judge_tags(job, printed)


def _unfilled(job: Job, tags: list[Tag]) -> Iterator[Finding]:
    """Yield what report.yaml does not say; the rule's own hint is about the site."""
    if tags:
        keys = listed(tag.key for tag in tags)
        names = listed(tag.name for tag in tags)
        message = say("网页缺少必选标签 {names}：report.yaml 没有填 {keys}", names=names, keys=keys)
        of_site = all(tag.key.startswith("unit.website.") for tag in tags)
        hint = "" if of_site else say("在 report.yaml 里填上 {keys}", keys=keys)
        key = tags[0].key.partition(".")[0]
        yield job.report.finding("", message, key=key, hint=hint, severity=gravity(job))


def _dropped(job: Job, tags: list[Tag]) -> Iterator[Finding]:
    """Yield what report.yaml says and the template leaves out."""
    if tags:
        names = listed(tag.name for tag in tags)
        message = say("网页缺少必选标签 {names}：模板 page.html 没有印", names=names)
        hint = say("照自带的 page.html 补上 report.tags 的循环")
        yield job.report.finding("", message, hint=hint, severity=gravity(job))


@artifact_rule(
    "PUB-002",
    title="表格是真正的表格，不是图片",
    renderer="html",
    gate="文字关",
    basis="WCAG 1.4.5（文字不用图片）；实践：以图片公布的表格，读屏软件读不出，也查不到数",
    hint="自己的章节模板里用 {{ section.table }} 或 <table> 印表，不要放图片",
    examples=(
        {"passes": True},
        {"artifact": {"<table": "<div", "</table>": "</div>"}, "paths": ["disputes", "proactive", "requests"]},
        {"artifact": {"</main>": '<img src="table.png"></main>'}, "paths": [""]},
    ),
)
def real_tables(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """各章的表格用 <table> 印出，网页里没有图片。"""
    from baogao_html.chapters import chapter_division

    root = _page(artifact)
    if picture := next(root.find_all(*PICTURES), None):
        message = say("网页第 {line} 行有图片：<{tag}>", line=picture.line, tag=picture.tag)
        yield job.report.finding("", message, severity=gravity(job))
    for section in job.report:
        division = chapter_division(root, section.id) or root
        if section.tables and section.statutory and not any(division.find_all("table")):
            message = say("“{title}”没有印成表格", title=section.title)
            yield job.report.finding(section.id, message, severity=gravity(job))


@artifact_rule(
    "PUB-003",
    title="网页附有 Word 版供下载",
    renderer="html",
    severity=Severity.WARNING,
    gate="文字关",
    basis="《政府信息公开条例》第二十四条：公开平台具备信息检索、查阅、下载等功能；各地做法是附 Word 版、PDF 版",
    hint="report.yaml 的 outputs 里写上 docx（公开件），与网页一起生成、一起上传",
    examples=(
        {"artifact": {"</h1>": '</h1><p><a href="a.docx">Word</a></p>'}, "passes": True},
        {"output": {"profile": "fragment"}, "passes": True},
        {"paths": [""]},
    ),
)
def downloads(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """网页链接同一次做出的 Word 版；同时做了 PDF 的，也链接 PDF。读者可以下载保存、另作统计。"""
    from baogao_html.page import downloads_of

    if not _is_page(job):
        return
    linked = {link.attributes.get("href", "").rpartition(".")[2].lower() for link in _page(artifact).find_all("a")}
    made = {copy.suffix: title for title, copy in downloads_of(job)}
    for suffix, title in {"docx": "Word 版", **made}.items():
        if suffix in linked:
            continue
        if suffix not in made and _described(job, suffix):
            message = say("网页没有链接可下载的 {title}：这一次没有生成它", title=title)
            hint = say("不写 --to，或加上 --to {name}，与网页一起生成", name=suffix)
            yield job.report.finding("", message, key="outputs", hint=hint)
        else:
            yield job.report.finding("", say("网页没有链接可下载的 {title}", title=title), key="outputs")


def _described(job: Job, name: str) -> bool:
    """Tell whether report.yaml asks for the public copy of an output, whatever this run was asked for."""
    entries: Any = job.report.source.get("outputs", ("docx", "html"))
    plain = ({"renderer": entry} if isinstance(entry, str) else entry for entry in entries)
    return any(entry.get("renderer") == name and entry.get("profile", "public") == "public" for entry in plain)


@artifact_rule(
    "PUB-004",
    title="表格便于读屏软件朗读",
    renderer="html",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 37668—2019；WCAG 1.3.1、3.1.1（H39 表题、H63 scope、H43 headers）",
    hint='自己的模板里：<html lang="zh-CN">，表格写 <caption>，表头用 <th> 并写 scope，数字格写 headers',
    examples=(
        {"passes": True},
        {"artifact": {'<html lang="zh-CN">': "<html>"}, "paths": [""]},
        {
            "artifact": {"<caption": "<!-- <caption", "</caption>": "</caption> -->"},
            "paths": ["disputes", "proactive", "requests"],
        },
        {"artifact": {' scope="rowgroup"': ""}, "paths": ["proactive", "requests"]},
        {"output": {"profile": "fragment"}, "passes": True},
    ),
)
def accessible_tables(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """网页写明语言；每张表有表题，表头写明管哪些行、列。没有这些，读屏软件念出的只是一串数字。"""
    from baogao_html.chapters import chapter_division

    root = _page(artifact)
    language = next((page.attributes.get("lang", "") for page in root.find_all("html")), "")
    if _is_page(job) and not language.lower().startswith("zh"):
        yield job.report.finding("", say('网页没有写明语言 lang="zh-CN"'))
    for section in job.report:
        division = chapter_division(root, section.id)
        if what := listed(_lacking(division) if division else ()):
            yield job.report.finding(section.id, say("“{title}”的表格缺少{what}", title=section.title, what=what))


def _lacking(chapter: Element) -> Iterator[Message]:
    """Yield what the tables of a chapter lack; one within the narrative needs no caption, the words lead to it."""
    from baogao_html.chapters import outside_narrative

    tables = list(chapter.find_all("table"))
    if not all(any(table.find_all("caption")) for table in outside_narrative(chapter, "table")):
        yield say("表题 caption")
    if not all(any(table.find_all("th")) for table in tables):
        yield say("表头 th")
    if not all("scope" in head.attributes for head in chapter.find_all("th")):
        yield say("表头的 scope")
    if not all(_names_heads(table) for table in tables):
        yield say("headers 所指的表头")


def _names_heads(table: Element) -> bool:
    """Tell whether what the cells of a table name as their heads is there."""
    known = {element.attributes.get("id") for element in table.walk()}
    return all(known.issuperset(cell.attributes.get("headers", "").split()) for cell in table.walk())


@artifact_rule(
    "PUB-005",
    title="网页归在年报的栏目",
    renderer="html",
    severity=Severity.WARNING,
    gate="文字关",
    basis=GUIDE,
    hint="report.yaml 的输出里不写 column，就用格式（form.yaml）规定的栏目名称和类别",
    examples=(
        {"passes": True},
        {"output": {"column": {"type": "工作动态"}}, "paths": [""]},
        {"output": {"column": {"type": "年报"}}, "paths": [""]},
        {"output": {"column": {"name": "通知公告"}}, "paths": [""]},
        {"output": {"profile": "fragment", "column": {"name": "通知公告"}}, "passes": True},
    ),
)
def column(job: Job, artifact: Artifact) -> Iterator[Finding]:
    """栏目类别是《指引》所列的一种，与格式规定的相同：政府信息公开年报归在“信息公开年报”类。栏目名称里有“年报”“年度报告”或“年度报表”。"""
    if not _in_column(job):
        return
    printed = _printed_tags(artifact)
    kind, name = printed.get("ColumnType", ""), printed.get("ColumnName", "")
    wanted = job.report.column.get("type", "")
    if kind and kind != wanted and (wanted or kind not in COLUMN_TYPES):
        known = wanted or listed(COLUMN_TYPES)
        message = say("标签 ColumnType 是“{kind}”，应是：{known}", kind=kind, known=known)
        yield job.report.finding("", message, key="outputs")
    if wanted and name and not re.search("年报|年度报[告表]", name):
        message = say("栏目名称“{name}”看不出是年报：应有“年报”“年度报告”或“年度报表”", name=name)
        yield job.report.finding("", message, key="outputs")


RULES: tuple[ArtifactRule, ...] = (mandatory_tags, real_tables, downloads, accessible_tables, column)
