"""Every kind of bad template is named with its part, its paragraph or cell, and the words there; none ends in a crash."""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import nsdecls
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml ships no types

from baogao import Finding, Severity, TemplateError
from baogao.model.jobs import Job
from baogao.model.report import Report
from baogao_docx.renderer import DocxRenderer

DOCX = DocxRenderer()
SHELL = Path(__file__).parents[4] / "templates" / "shell.docx"
MAIN, RELS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
W = nsdecls("w")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f'xmlns:r="{OFFICE}"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'

SEEDS = 12

Parts = dict[str, bytes]


@dataclass(frozen=True)
class Body:
    """XML to put before the end of the body; `{}` stands for the declarations of namespaces."""

    xml: str


@dataclass(frozen=True)
class Change:
    """A change of the parts of the file."""

    make: Callable[[Parts], object]


def said(xml: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{xml}</w:t></w:r>"


def p(*texts: str) -> Body:
    """Return paragraphs of these words."""
    return Body("".join(f"<w:p>{said(text)}</w:p>" for text in texts))


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc><w:p>{said(cell)}</w:p></w:tc>" for cell in cells) + "</w:tr>"


def table(*rows: str) -> Body:
    return Body(f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{''.join(rows)}</w:tbl><w:p/>")


def replaced(part: str, old: str, new: str) -> Change:
    return Change(lambda parts: parts.update({part: parts[part].replace(old.encode(), new.encode(), 1)}))


def related(kind: str, target: str, *, mode: str = "", part: str = RELS) -> Change:
    """Return a change that adds a relationship."""
    outside = ' TargetMode="External"' if mode else ""
    link = f'<Relationship Id="rIdNew" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def add(parts: Parts) -> None:
        found = parts.get(part, empty)
        parts[part] = found.replace(b"</Relationships>", f"{link}</Relationships>".encode())
        if not mode and f"word/{target}" not in parts and target != "gone.xml":
            parts[f"word/{target}"] = b"<a/>"

    return Change(add)


def part_of(kind: str, name: str, xml: str) -> Change:
    """Return a change that adds a part of a kind, declared as Word declares it."""

    def add(parts: Parts) -> None:
        related(kind, name).make(parts)
        parts[f"word/{name}"] = xml.encode()
        type_ = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        declared = f'<Override PartName="/word/{name}" ContentType="{type_}"/></Types>'
        parts[TYPES] = parts[TYPES].replace(b"</Types>", declared.encode())

    return Change(add)


def footer(xml: str) -> Change:
    return Change(
        lambda parts: parts.update(
            {"word/footer1.xml": parts["word/footer1.xml"].replace(b"</w:ftr>", f"{xml}</w:ftr>".encode())}
        )
    )


def field(code: str) -> Body:
    runs = [f"<w:fldChar w:fldCharType='{kind}'/>" for kind in ("begin", "end")]
    halves = [f"<w:instrText xml:space='preserve'>{half}</w:instrText>" for half in (code[:3], code[3:])]
    return Body("<w:p>" + "".join(f"<w:r>{mark}</w:r>" for mark in (runs[0], *halves, runs[1])) + said("甲") + "</w:p>")


def split(between: str) -> Body:
    return Body(f"<w:p><w:r><w:t>{{{{ report</w:t></w:r>{between}<w:r><w:t>.title }}}}</w:t></w:r></w:p>")


def strict(parts: Parts) -> None:
    old, new = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    for name in parts:
        parts[name] = parts[name].replace(old, new)


COMMENTS = (
    f"<w:comments {W}><w:comment w:id='0' w:author='x'><w:p>{said('{{ report.title }}')}</w:p></w:comment></w:comments>"
)
TRACKED = "<w:ins w:id='9' w:author='x'>" + said("甲") + "</w:ins>"
PICTURE = "<w:r><w:drawing/></w:r>"

# what is in the template: where it is wrong, the words there, what is said of it
TAGS = [
    (p("{{ report.titel }}"), "第1段", "{{ report.titel }}", "是否想写“report.title”"),
    (p("{{ nobody }}"), "第1段", "{{ nobody }}", "没有对应的内容"),
    (p("{{ report.unit.nmae }}"), "第1段", "nmae", "是否想写“report.unit.name”"),
    (p("{{ requests.new_recieved.total }}"), "第1段", "recieved", "是否想写“requests.new_received”"),
    (p("{{ report['nothing'] }}"), "第1段", "nothing", "填不出来"),
    (p("好", "{{ report.title"), "第2段", "{{ report.title", "没有在本段内写完整"),
    (p("report.title }}"), "第1段", "report.title }}", "没有在本段内写完整"),
    (p("{{ report.title", "}}"), "第1段", "{{ report.title", "没有在本段内写完整"),
    (p("｛｛ report.title ｝｝"), "第1段", "｛｛", "全角的括号"),
    (p("｛% if report.date %｝"), "第1段", "｛%", "全角的括号"),
    (p("{｛ report.title ｝}"), "第1段", "{｛", "全角的括号"),
    (p("{% if report.date ％}甲{% endif %}"), "第1段", "％}", "全角的括号"),
    (p("{{ report．title }}"), "第1段", "report．title", "“．”改成“.”"),
    (p("{{ report。title }}"), "第1段", "report。title", "“。”改成“.”"),
    (p("{% if （report.date） %}甲{% endif %}"), "第1段", "（report.date）", "“（”改成“(”"),
    (p("{{ report.date|default（'无'） }}"), "第1段", "（'无'）", "全角的符号"),
    (p("{{\u3000report.title }}"), "第1段", "report.title", "全角的符号"),
    (p("{{ report.\u200btitle }}"), "第1段", "title", "U+200B"),
    (p("{% p if report.date %}", "{%p endif %}"), "第1段", "{% p if", "要紧跟在括号后面"),
    (p("{{ p section.body }}"), "第1段", "{{ p section.body", "要紧跟在括号后面"),
    (p("{%tr if report.date %}"), "第1段", "{%tr", "不在表格里"),
    (p("{%tc if report.date %}"), "第1段", "{%tc", "不在表格里"),
    (p("前{%p if report.date %}", "{%p endif %}"), "第1段", "前{%p", "旁边的文字会丢失"),
    (p("{%p if report.date %}{%p endif %}"), "第1段", "{%p endif", "只能有一个"),
    (p("{{p section.body }}后"), "第1段", "后", "旁边的文字会丢失"),
    (p("{{ section.body }}"), "第1段", "section.body", "独占一段的 {{p section.body }}"),
    (p("{{p report.title }}"), "第1段", "{{p report.title }}", "要印一个值，写 {{ report.title }}"),
    (p("{{r report.title }}"), "第1段", "{{r", "不能使用 r"),
    (p("{%- if report.date %}甲{% endif %}"), "第1段", "{%- if", "“-”“+”要去掉"),
    (p("{{- report.title -}}"), "第1段", "{{-", "“-”“+”要去掉"),
    (p("{% if report.date %}甲"), "第1段", "甲", "没有结束，缺 {% endif %}"),
    (p("甲{% endif %}"), "第1段", "甲", "前面没有与它成对的开头"),
    (p("{% if report.date %}甲{% endfor %}"), "第1段", "endfor", "不成对"),
    (p("{%p if report.date %}", "甲"), "第1段", "{%p if", "缺 {%p endif %}"),
    (p("{% if report.date %}甲", "乙{% endif %}"), "第2段", "乙", "不在同一段"),
    (p("{%p if report.date %}", "{% endif %}"), "第2段", "{% endif %}", "不在同一段"),
    (p("{% fi report.date %}甲{% endif %}"), "第1段", "fi", "没有“fi”这种标记"),
    (p("{% esle %}"), "第1段", "esle", "是否想写“else”"),
    (p("{% set x = 1 %}"), "第1段", "set", "没有“set”这种标记"),
    (p("{% include 'x' %}"), "第1段", "include", "没有“include”这种标记"),
    (p("{% macro m() %}{% endmacro %}"), "第1段", "macro", "没有“macro”这种标记"),
    (p("{% cellbg x %}"), "第1段", "cellbg", "不能使用 cellbg"),
    (p("{% hm %}"), "第1段", "hm", "不能使用 hm"),
    (p("{{ report.title|safe }}"), "第1段", "safe", "过滤器 safe"),
    (p("{{ report.title|uper }}"), "第1段", "uper", "过滤器"),
    (p("{{ range(9) }}"), "第1段", "range(9)", "函数调用"),
    (p("{{ 1 + 1 }}"), "第1段", "1 + 1", "不能使用 算式"),
    (p("{{ ''.__class__ }}"), "第1段", "__class__", "没有“__class__”"),
    (p("{{ report.title is upper }}"), "第1段", "upper", "不能使用测试 upper"),
    (p("{{ }}"), "第1段", "{{ }}", "语法有误"),
    (p("{{ report. }}"), "第1段", "report. ", "语法有误"),
    (p("{% for x in report.title %}{{ x }}{% endfor %}"), "第1段", "for x", "循环只能用于列表"),
    (p("第{{ requests.new_received.total }}0件"), "第1段", "0件", "变成另一个数"),
    (p("{{p section.body }}", "{{p section.body }}"), "第2段", "section.body", "只能放一次"),
    (split("<w:bookmarkStart w:id='1' w:name='甲'/><w:bookmarkEnd w:id='1'/>"), "第1段", "report.title", "夹着书签"),
    (split("<w:r><w:footnoteReference w:id='1'/></w:r>"), "第1段", "report.title", "夹着脚注"),
    (split(PICTURE), "第1段", "report.title", "夹着图片"),
    (split("<w:r><w:fldChar w:fldCharType='begin'/></w:r>"), "第1段", "report.title", "夹着域"),
    (table(row("甲", "{{ nobody }}")), "第1张表第1行第2列", "nobody", "没有对应的内容"),
    (table(row("甲", "乙"), row("{%tr if report.date %}甲", "乙")), "第1张表第2行第1列", "{%tr", "旁边的文字会丢失"),
    (table(row("{%tr if report.date %}", ""), row("甲", "{%tr endfor %}")), "第1张表第2行第1列", "甲", "旁边的文字会丢失"),
    (table(row("{% if report.date %}甲", "乙{% endif %}")), "第1张表第1行第2列", "乙", "不在同一段"),
    (Body("<w:p><w:fldSimple w:instr=' HYPERLINK {{ report.title }} '>" + said("甲") + "</w:fldSimple></w:p>"), "第1段", "甲", "域代码里不能有标记"),
    (field("HYPERLINK {{ report.title }}"), "第1段", "甲", "域代码里不能有标记"),
    (Body(f"<w:p>{said('甲')}<m:oMath {M}><m:r><m:t>{{{{ x }}}}</m:t></m:r></m:oMath></w:p>"), "第1段", "甲", "公式、图形"),
]  # fmt: skip

# further faults of a section's template
SECTION = [
    (Body("<w:p><w:pPr><w:pStyle w:val='Nothing'/></w:pPr>" + said("甲") + "</w:p>"), "第1段", "甲", "没有样式“Nothing”"),
    (Body(f"<w:p>{TRACKED}</w:p>"), "第1段", "甲", "不能有修订"),
    (Body("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t></w:r></w:p>"), "第1段", "甲", "隐藏文字"),
    (Body("<w:p>" + said("甲") + "<w:r><w:object/></w:r></w:p>"), "第1段", "甲", "嵌入对象"),
    (Body("<w:altChunk r:id='rId1'/>"), "第", "", "外部文件"),
    (Body("<w:p><w:commentRangeStart w:id='1'/>" + said("甲") + "</w:p>"), "第1段", "甲", "批注"),
    (Body("<w:tbl><w:tblPr/><w:tblGrid/></w:tbl><w:p/>"), "第", "", "w:tbl 里缺 w:tr"),
    (Body("<w:tbl><w:tblPr/><w:tblGrid/><w:tr/></w:tbl><w:p/>"), "第", "", "w:tr 里缺 w:tc"),
    (Body("<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc/></w:tr></w:tbl><w:p/>"), "第", "", "w:tc 里缺 w:p"),
    (Body("<w:p>" + said("甲") + "<w:p/></w:p>"), "第1段", "甲", "w:p 里不能有 w:p"),
    (related("attachedTemplate", "file:///C:/x.dotm", mode="External", part="word/_rels/settings.xml.rels"), "（word/settings.xml）", "", "附加的模板"),
    (related("vbaProject", "vbaProject.xml"), "", "", "不能有宏"),
    (part_of("comments", "comments.xml", COMMENTS), "", "", "批注"),
]  # fmt: skip

# further faults of a shell
WHOLE = [
    (Body(f"<w:p>{TRACKED}</w:p>"), "第", "甲", "不能有修订"),
    (Body("<w:p><w:pPr><w:rPr><w:ins w:id='9' w:author='x'/></w:rPr></w:pPr>" + said("甲") + "</w:p>"), "第", "甲", "不能有修订"),
    (footer(f"<w:p>{TRACKED}</w:p>"), "（word/footer1.xml） 第2段", "甲", "不能有修订"),
    (footer("<w:p>" + said("{{ nobody }}") + "</w:p>"), "（word/footer1.xml） 第2段", "nobody", "没有对应的内容"),
    (footer("<w:p><w:fldSimple w:instr=' DDEAUTO cmd '/>" + said("甲") + "</w:p>"), "（word/footer1.xml） 第2段", "甲", "域“DDEAUTO cmd”"),
    (field("INCLUDETEXT C:/x"), "第", "甲", "会从别处取内容"),
    (field("INCLUDEPICTURE http://x"), "第", "甲", "会从别处取内容"),
    (field("MACROBUTTON x"), "第", "甲", "会运行程序"),
    (field("DATABASE x"), "第", "甲", "会从别处取内容"),
    (field("HYPERLINK file://x"), "第", "甲", "不是网页或邮箱"),
    (Body("<w:p><w:hyperlink r:id='rIdNew'>" + said("甲") + "</w:hyperlink></w:p>"), "", "", "没有的关系 rIdNew"),
    (Body("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t></w:r></w:p>"), "第", "甲", "隐藏文字"),
    (Body("<w:p>" + said("甲") + "<w:r><w:object/></w:r></w:p>"), "第", "甲", "嵌入对象"),
    (Body("<w:p>" + said("甲") + "<w:r><w:object><w:control/></w:object></w:r></w:p>"), "第", "甲", "不能有控件"),
    (Body("<w:altChunk/>"), "第", "", "外部文件"),
    (Body("<w:p>" + said("甲") + "<w:subDoc/></w:p>"), "第", "甲", "外部文件"),
    (Body("<w:p><w:commentRangeStart w:id='1'/>" + said("甲") + "</w:p>"), "第", "甲", "不能有批注"),
    (Body("<w:sdt><w:sdtPr><w:dataBinding w:xpath='x' w:storeItemID='y'/></w:sdtPr><w:sdtContent><w:p>" + said("甲") + "</w:p></w:sdtContent></w:sdt>"), "第", "", "绑定了数据的内容控件"),
    (Body("<w:p><w:pPr><w:pStyle w:val='Nothing'/></w:pPr>" + said("甲") + "</w:p>"), "第", "甲", "没有样式“Nothing”"),
    (Body("<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc/></w:tr></w:tbl><w:p/>"), "第", "", "w:tc 里缺 w:p"),
    (related("attachedTemplate", "file:///C:/x.dotm", mode="External", part="word/_rels/settings.xml.rels"), "（word/settings.xml）", "", "附加的模板 file:///C:/x.dotm"),
    (related("image", "http://x/y.png", mode="External"), "shell.docx", "", "外部文件 http://x/y.png"),
    (related("hyperlink", "javascript:x", mode="External"), "shell.docx", "", "javascript:x"),
    (related("oleObject", "x.xml"), "shell.docx", "", "嵌入对象"),
    (related("control", "x.xml"), "shell.docx", "", "控件"),
    (related("aFChunk", "x.xml"), "shell.docx", "", "外部文件"),
    (related("vbaProject", "x.xml"), "shell.docx", "", "宏"),
    (part_of("comments", "comments.xml", COMMENTS), "（word/comments.xml）", "{{ report.title }}", "不会填写"),
    (related("chart", "chart.xml"), "", "", None),
    (Change(lambda parts: (related("chart", "chart.xml").make(parts), parts.update({"word/chart.xml": b"<a>{{ report.title }}</a>"}))), "（word/chart.xml）", "{{ report.title }}", "不会填写"),
    (replaced("word/settings.xml", "<w:evenAndOddHeaders/>", "<w:mailMerge/><w:evenAndOddHeaders/>"), "（word/settings.xml）", "", "邮件合并"),
    (replaced("word/settings.xml", "<w:evenAndOddHeaders/>", "<w:trackRevisions/><w:evenAndOddHeaders/>"), "（word/settings.xml）", "", "“修订”开着"),
    (replaced("word/styles.xml", 'w:val="表数"', 'w:val="数"'), "shell.docx", "", "没有样式“表数”"),
    (replaced(MAIN, "{{p sections }}", "{{p section }}"), "shell.docx", "", "各章无处可放"),
]  # fmt: skip

# files that cannot be opened, whatever they are for
FILES = [
    (Change(lambda parts: parts.clear()), "打不开"),
    (Change(lambda parts: parts.pop(MAIN)), "打不开"),
    (Change(lambda parts: parts.pop(TYPES)), "打不开"),
    (Change(lambda parts: parts.pop("word/footer1.xml")), "的关系 rId6 指向没有的 word/footer1.xml"),
    (Change(lambda parts: parts.pop(RELS)), "用到了没有的关系 rId"),
    (Change(lambda parts: parts.update({"word/header1.xml": parts["word/footer1.xml"]})), "word/header1.xml 应是 w:hdr，里面是 ftr"),
    (Change(lambda parts: parts.update({"word/header1.xml": b"<w:hdr"})), "XML 有误"),
    (Change(lambda parts: parts.update({MAIN: b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})), "XML 有误"),
    (Change(lambda parts: parts.update({MAIN: f"<w:document {W}/>".encode()})), "其中没有正文"),
    (Change(lambda parts: parts.update({MAIN: f"<w:hdr {W}/>".encode()})), "其中没有正文"),
    (Change(lambda parts: parts.update({"word/../../x.xml": b"<a/>"})), "文件名有误"),
    (Change(lambda parts: parts.update({f"x{number}.xml": b"<a/>" for number in range(1001)})), "过大"),
    (Change(lambda parts: parts.update({"word/styles.xml": parts["word/styles.xml"] + b" " * (65 << 20)})), "过大"),
    (Change(strict), "严格 Open XML"),
    (replaced(TYPES, "wordprocessingml.document.main", "wordprocessingml.template.main"), ".dotx"),
    (replaced(TYPES, "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "vnd.ms-word.document.macroEnabled.main+xml"), ".docm"),
    (replaced(TYPES, "wordprocessingml.footer+xml", "wordprocessingml.header+xml"), "写明的类型不对"),
    (replaced(MAIN, "<w:document ", '<w:document xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14" '), "前缀“w14”没有声明"),
    (replaced(RELS, 'Id="rId7"', 'Id="rId6"'), "有两个关系都叫 rId6"),
    (related("footer", "gone.xml"), "指向没有的 word/gone.xml"),
    (related("header", "footer1.xml"), "应是 w:hdr"),
]  # fmt: skip


def saved(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def template(bad: Body | Change, *, shell: bool) -> bytes:
    """Return the shell, or the template of a section in its styles, with something bad in it."""
    with zipfile.ZipFile(SHELL) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if not shell:
        head, _, rest = parts[MAIN].partition(b"<w:body>")
        parts[MAIN] = head + b"<w:body>" + rest[rest.rindex(b"<w:sectPr") :]
    if isinstance(bad, Body):
        head, mark, rest = parts[MAIN].rpartition(b"<w:sectPr")
        parts[MAIN] = (
            head.replace(
                b"<w:document ", f"<w:document {R} ".encode() if b"xmlns:r=" not in head else b"<w:document ", 1
            )
            + bad.xml.encode()
            + mark
            + rest
        )
    else:
        bad.make(parts)
    return saved(parts)


def judged(content: bytes, job: Job, section: str) -> list[Finding]:
    return list(DOCX.check_template(content, f"{section or 'shell'}.docx", job, section))


def case(bad: Any, section: str, number: int) -> Any:
    return pytest.param(*bad, section, id=f"{section or 'shell'}-{number}")


CASES = [
    *(case(bad, "others", number) for number, bad in enumerate((*TAGS, *SECTION))),
    *(case(bad, "", number) for number, bad in enumerate(WHOLE)),
]


@pytest.mark.parametrize(("bad", "place", "words", "fault", "section"), CASES)
def test_a_bad_template_is_named_with_its_place(
    bad: Body | Change,
    place: str,
    words: str,
    fault: str | None,
    section: str,
    yearly: Report,
    job_of: Callable[..., Job],
):
    messages = [finding.message for finding in judged(template(bad, shell=not section), job_of(yearly), section)]
    fitting = [said for said in messages if fault and place in said and words in said and fault in said]

    assert fitting if fault is not None else messages == [], messages


@pytest.mark.parametrize("section", ["", "others"])
@pytest.mark.parametrize(("bad", "fault"), FILES)
def test_a_file_that_cannot_be_opened_says_why(
    bad: Change, fault: str, section: str, yearly: Report, job_of: Callable[..., Job]
):
    found = judged(template(bad, shell=not section), job_of(yearly), section)

    assert {finding.rule for finding in found} == {"TPL-005"}
    assert [finding for finding in found if fault in finding.message], found


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", b"\xd0\xcf\x11\xe0" * 200, SHELL.read_bytes()[:3000], SHELL.read_bytes()[99:]]
)
def test_what_is_no_package_is_named(content: bytes, yearly: Report, job_of: Callable[..., Job]):
    assert [finding.rule for finding in judged(content, job_of(yearly), "others")] == ["TPL-005"]


def test_there_are_many_kinds():
    assert len(CASES) + len(FILES) >= 120


def test_all_faults_come_at_once(yearly: Report, job_of: Callable[..., Job]):
    bad = p(
        "{{ nobody }}",
        "{{ report．title }}",
        "{% if report.date %}甲",
        "{{ report.titel }}",
        "｛｛ x ｝｝",
        "{{ a|safe }}",
        "{{ 1 + 1 }}",
    )
    messages = [
        finding.message
        for finding in judged(template(bad, shell=False), job_of(yearly), "others")
        if finding.severity is Severity.ERROR and finding.rule.startswith("TPL-")
    ]

    assert sorted(message[message.index("第") :][:3] for message in messages) == [
        f"第{number}段" for number in range(1, 8)
    ]


def test_smart_quotes_are_a_warning_as_docxtpl_straightens_them(yearly: Report, job_of: Callable[..., Job]):
    found = judged(
        template(p("{{ report.unit.phone|default(“无”) }}", "{{ section.title }}", "{{p section.body }}"), shell=False),
        job_of(yearly),
        "others",
    )

    assert [(finding.rule, finding.severity) for finding in found] == [("TPL-002", Severity.WARNING)]


def test_cells_that_are_not_printed_are_named_by_their_labels(yearly: Report, job_of: Callable[..., Job]):
    cells = [f"{{{{ {path.replace('disputes', 'cells')} }}}}" for path in yearly.cells() if path.startswith("disputes")]
    cells[1] = cells[1].replace("cells.review.corrected", "cells['review']['corrected']")
    found = judged(template(p("{{ section.title }}", *cells[:-1]), shell=False), job_of(yearly), "disputes")

    assert [(finding.rule, finding.path) for finding in found] == [
        ("OUT-001", "disputes.litigation_after_review.total")
    ]
    assert "｜总计”，缺标记 {{ cells.litigation_after_review.total }}" in found[0].message


def test_a_good_template_is_clean(yearly: Report, job_of: Callable[..., Job]):
    good = Body(
        p(
            "{{ section.title }}",
            "{{p section.body }}",
            "{%p if report.date %}",
            "{# 说明 #}{% if report.unit.phone is defined %}{{ report.unit.phone }}{% else %}无{% endif %}",
            "{%p endif %}",
        ).xml
        + table(
            row("{%tr if report.date %}", ""),
            row("{{ report.year }}", "{{ requests.new_received.total }}件"),
            row("{%tr endif %}", ""),
        ).xml
        + "<w:p><w:r><w:t>{</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:t>{ report.ti</w:t></w:r><w:bookmarkStart w:id='1' w:name='_GoBack'/><w:bookmarkEnd w:id='1'/><w:r><w:t>tle }}</w:t></w:r></w:p>"
    )
    assert judged(template(good, shell=False), job_of(yearly), "others") == []
    assert judged(SHELL.read_bytes(), job_of(yearly), "") == []


def test_a_section_there_is_not_is_named(yearly: Report, job_of: Callable[..., Job]):
    found = judged(template(p("甲"), shell=False), job_of(yearly), "nobody")

    assert [(finding.rule, finding.location and finding.location.file) for finding in found] == [
        ("TPL-003", "nobody.docx")
    ]


@pytest.mark.parametrize("section", ["", "requests", "overview"])
def test_what_is_drawn_is_clean_and_prints_the_same(
    section: str, yearly: Report, job_of: Callable[..., Job], tmp_path: Path
):
    job = job_of(yearly)
    drawn = DOCX.new_template(job, section)
    (tmp_path / "own.docx").write_bytes(drawn)
    own = job_of(yearly, **{section or "shell": tmp_path / "own.docx"})

    assert judged(drawn, job, section) == []
    assert DOCX.read_back(DOCX.render(own), own) == DOCX.read_back(DOCX.render(job), job)
    assert DOCX.new_template(job, section) == drawn


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Return the file with a few bits turned over."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def robbed(content: bytes, chance: random.Random) -> bytes:
    """Return the file without a few elements of its parts."""
    return _changed(content, chance, lambda one: one.getparent().remove(one))


def muddled(content: bytes, chance: random.Random) -> bytes:
    """Return the file with nonsense in a few attributes."""
    values = ["", "x", "-1", "rId99", "9" * 30]
    return _changed(
        content, chance, lambda one: [one.set(name, chance.choice(values)) for name in list(one.attrib)[:2]]
    )


def _changed(content: bytes, chance: random.Random, change: Callable[[Any], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([MAIN, MAIN, MAIN, *parts])
        root = etree.fromstring(parts[name])
        inside = list(root.iter())[1:]
        if inside:
            change(chance.choice(inside))
        parts[name] = etree.tostring(root)
    return saved(parts)


@pytest.mark.parametrize("section", ["", "requests", "others"])
@pytest.mark.parametrize("damage", [flipped, robbed, muddled])
def test_any_damage_is_found_or_does_no_harm(
    damage: Callable[[bytes, random.Random], bytes],
    section: str,
    yearly: Report,
    job_of: Callable[..., Job],
    tmp_path: Path,
    invalid: Callable[[bytes], list[str]],
):
    job = job_of(yearly)
    drawn = DOCX.new_template(job, section)
    for seed in range(SEEDS):
        content = damage(drawn, random.Random(seed))
        found = judged(content, job, section)
        (tmp_path / "own.docx").write_bytes(content)
        grave = any(finding.severity is Severity.ERROR for finding in found)
        with contextlib.suppress(TemplateError):
            made = DOCX.render(job_of(yearly, **{section or "shell": tmp_path / "own.docx"}))
            assert grave or damage is muddled or invalid(made.content) == [], seed


def test_paragraphs_are_counted_as_people_see_them_and_every_bad_tag_is_named(
    yearly: Report, job_of: Callable[..., Job]
):
    body = Body(
        p("甲", "{{ section.title }}").xml
        + table(row("一", "二"), row("三", "四")).xml
        + p(
            "{{ report.title is callable }}",
            f"{{{{ {'not ' * 5000}report.title }}}}",
            "{{ report.titel }}",
            "{{ 1 + 1 }}",
            "{{ nobody }}",
        ).xml
    )
    found = judged(template(body, shell=False), job_of(yearly), "others")
    places = [finding.message.partition("：")[0].partition("第")[2][:2] for finding in found if "第" in finding.message]

    assert places == ["4段", "5段", "6段", "7段", "8段"]
