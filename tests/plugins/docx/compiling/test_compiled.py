"""Templates compiled once: the same document as docxtpl's, part by part, wherever docxtpl's is right."""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate, InlineImage, Listing, RichText, RichTextParagraph
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from lxml import etree
from markupsafe import Markup, escape

from baogao import TemplateError
from baogao_docx import compile_template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Build = Callable[[Any], None]
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def rich_paragraphs() -> RichTextParagraph:
    made = RichTextParagraph()
    made.add(RichText("第一段", bold=True), parastyle="Normal")
    made.add(RichText("第二段 <&>"))
    return made


VALUES: Mapping[str, Any] = {
    "name": "洛龙区 R&D <统计局>",
    "quote": "A\"b'c",
    "count": 3,
    "share": 2.5,
    "none": None,
    "yes": True,
    "no": False,
    "lines": "第一行\n第二行\t制表",
    "page": "上页\f下页",
    "block": "一段\a又一段",
    "items": [{"a": 1, "b": "甲"}, {"a": 2, "b": "乙&丙"}, {"a": 3, "b": ""}],
    "empty": [],
    "columns": ["一", "二", "三"],
    "rich": RichText("加重", bold=True, color="FF0000"),
    "plain": RichText(""),
    "listing": Listing("甲\n乙\a丙"),
    "tag": "{{ name }} {% if %}",
    "eastern": RichText("仿宋", font="eastAsia:仿宋", size=32),
    "rich_paragraphs": rich_paragraphs(),
}


def template(build: Build) -> bytes:
    document = Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def by_docxtpl(content: bytes, values: Mapping[str, Any] = VALUES) -> bytes:
    made = DocxTemplate(io.BytesIO(content))
    made.render(dict(values), Environment(autoescape=True), autoescape=True)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """Return the members of a .docx, XML in its canonical form."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        members = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: etree.tostring(etree.fromstring(data), method="c14n") if name.endswith((".xml", ".rels")) else data
        for name, data in members.items()
    }


def paragraphs(*texts: str) -> Build:
    return lambda document: [document.add_paragraph(text) for text in texts]


def table(*rows: tuple[str, ...]) -> Build:
    def build(document: Any) -> None:
        made = document.add_table(rows=len(rows), cols=len(rows[0]))
        for cells, row in zip(rows, made.rows, strict=True):
            for text, cell in zip(cells, row.cells, strict=True):
                cell.text = text

    return build


def split(text: str, *, at: int) -> Build:
    """Build a paragraph whose text Word has split into two runs."""

    def build(document: Any) -> None:
        paragraph = document.add_paragraph()
        paragraph.add_run(text[:at]).bold = True
        paragraph.add_run(text[at:])

    return build


def edges(document: Any) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "页眉 {{ name }}"
    section.footer.paragraphs[0].text = "页脚 {% if yes %}{{ count }}{% endif %}"
    document.add_paragraph("{{ name }}")


def properties(document: Any) -> None:
    known = document.core_properties
    known.title, known.author, known.subject = "{{ count }}件", "{{ share }}", "{% if yes %}是{% endif %}"
    known.keywords = "{{ name }}"
    document.add_paragraph("{{ name }}")


def footnotes(document: Any) -> None:
    """Put a part of footnotes beside the document; what refers to it is of no matter here."""
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>注 {{ name }}</w:t></w:r></w:p></w:footnote>'
    blob = f'<w:footnotes xmlns:w="{W[1:-1]}">{note}</w:footnotes>'.encode()
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, blob, document.part.package)
    document.part.relate_to(part, RT.FOOTNOTES)
    document.add_paragraph("{{ name }}")


def spaced(document: Any) -> None:
    run = document.add_paragraph().add_run("甲  {{ name }}  乙 {% if yes %}  丙  {% endif %}")
    run._r.t_lst[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def runs(*texts: str) -> Build:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph()
        for text in texts:
            paragraph.add_run(text)

    return build


def nested(document: Any) -> None:
    """Build a loop of rows, each with a table in it that has a loop of rows."""
    table(("{%tr for i in items %}",), ("{{ i.a }}",), ("{%tr endfor %}",))(document)
    cell = document.tables[-1].rows[1].cells[0]
    inner = cell.add_table(rows=3, cols=1)
    for row, text in zip(inner.rows, ("{%tr for c in columns %}", "{{ c }}", "{%tr endfor %}"), strict=True):
        row.cells[0].text = text
    cell.add_paragraph("尾")


CASES: Mapping[str, Build] = {
    "values": paragraphs("{{ name }}，{{ quote }}，{{ count }}，{{ share }}，{{ none }}，{{ yes }}", "没有标记"),
    "a name that is not there": paragraphs("甲{{ nothing }}乙"),
    "a filter": paragraphs("{{ name|upper }} {{ items|length }} {{ columns|join('、') }}"),
    "if within a line": paragraphs("{% if yes %}是{% else %}否{% endif %}{% if no %}不{% endif %}"),
    "for within a line": paragraphs("{% for i in items %}{{ i.a }}：{{ i.b }}；{% endfor %}"),
    "a comparison": paragraphs("{% if count < 5 %}小{% endif %}{% if count > 5 and yes %}大{% endif %}"),
    "smart quotes": paragraphs("{% if name != “甲” %}不是{% endif %}"),
    "if around paragraphs": paragraphs("{%p if yes %}", "印", "{%p else %}", "不印", "{%p endif %}"),
    "for around paragraphs": paragraphs("{%p for i in items %}", "{{ loop.index }}.{{ i.b }}", "{%p endfor %}"),
    "for within for": paragraphs(
        "{%p for i in items %}", "{%p for c in columns %}", "{{ i.a }}{{ c }}", "{%p endfor %}", "{%p endfor %}"
    ),
    "a loop over nothing": paragraphs("前", "{%p for i in empty %}", "{{ i }}", "{%p endfor %}", "后"),
    "comments": paragraphs("甲{# 不印 #}乙", "{#p 不印 #}", "丙"),
    "blanks taken away": paragraphs("甲 {%- if yes %} 乙{% endif %}", "丙 {% if yes -%}", "丁{% endif %}"),
    "set": paragraphs("{% set x = count + 1 %}{{ x }}", "{%p set y = 'z' %}", "{{ y }}"),
    "rows in a loop": table(("{%tr for i in items %}", "", ""), ("{{ i.a }}", "{{ i.b }}", "尾"), ("{%tr endfor %}", "", "")),
    "a row on a condition": table(("头", "头"), ("{%tr if no %}", ""), ("无", "无"), ("{%tr endif %}", ""), ("尾", "{{ count }}")),
    "columns in a loop": table(("{%tc for c in columns %}", "{{ c }}", "{%tc endfor %}"), ("{%tc for c in columns %}", "1", "{%tc endfor %}")),
    "fewer columns": table(("{%tc if no %}", "无", "{%tc endif %}", "留"), ("{%tc if no %}", "无", "{%tc endif %}", "{{ count }}")),
    "a span": table(("{% colspan count %}{{ name }}", "", ""), ("甲", "乙", "丙")),
    "a background": table(("{% cellbg 'FF0000' %}{{ name }}", "乙"),),
    "cells merged down": table(("{%tr for i in items %}", ""), ("{% vm %}{{ name }}", "{{ i.a }}"), ("{%tr endfor %}", "")),
    "cells merged across": table(("{%tc for c in columns %}", "{% hm %}{{ name }}", "{%tc endfor %}")),
    "line ends and tabs": paragraphs("甲{{ lines }}乙", "没有"),
    "a new paragraph and a new page": paragraphs("甲{{ block }}乙", "{{ page }}"),
    "a listing": paragraphs("{{ listing }}"),
    "rich text": paragraphs("甲{{r rich }}乙", "{{r plain }}", "{% if yes %}{{r rich }}{% endif %}"),
    "tags in the data": paragraphs("{{ tag }}"),
    "header and footer": edges,
    "a tag split by Word": split("甲{{ name }}乙", at=6),
    "a filter split by Word": split("{{ name|upper }}", at=9),
    "nothing to fill in": paragraphs("没有标记"),
    "properties of the file": properties,
    "footnotes": footnotes,
    "blanks that are kept": spaced,
    "paragraphs drawn together": paragraphs("甲{% if yes -%}", "乙{{ name }}", "{%- endif %}丙"),
    "escaped tags": paragraphs("{_{ name }_} {_% if %_}", "{{ name }}"),
    "a remainder": paragraphs("{% if count % 2 == 1 %}单{% endif %}{{ count % 2 }}"),
    "entities": paragraphs("<甲> & \"乙\" 'c' {{ quote }} {% if count < 5 and count > 1 %}&{% endif %}"),
    "a table in a loop": lambda document: [paragraphs("{%p for i in items %}")(document), table(("{{ i.a }}", "{{ i.b }}"))(document), paragraphs("{%p endfor %}")(document)],
    "merged within merged": table(("{%tr for i in items %}", "", ""), ("{% vm %}{{ i.a }}", "{% vm %}{{ name }}", "{{ i.b }}"), ("{%tr endfor %}", "", "")),
    "letters of the East": paragraphs("{{r eastern }}"),
    "loops around runs": runs("前", "{%r for i in items %}", "{{ i.b }}", "{%r endfor %}", "后"),
    "a table in a row": nested,
    "remarks in the place of rows and cells": table(("{#tr 不印 #}", ""), ("{#tc 不印 #}", "{{ name }}"), ("甲", "乙")),
    "macros": paragraphs("{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m(name) }}", "{%p macro n(a) %}", "行{{ a }}", "{%p endmacro %}", "{{p n(name) }}"),
    "rich text or nothing": paragraphs("{{r rich if yes else plain }}{{r nothing }}", "{% for i in items %}{{r rich }}、{% endfor %}"),
    "paragraphs of rich text": paragraphs("前", "{{p rich_paragraphs }}", "后"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_document_is_the_one_docxtpl_makes(name: str):
    content = template(CASES[name])
    compiled = compile_template(content, undefined="blank")
    made = compiled.render(VALUES)

    assert parts(made) == parts(by_docxtpl(content))
    assert compiled.render(VALUES) == made  # the same bytes each time


def test_a_property_prints_a_sign_as_it_is_where_docxtpl_escapes_it_twice():
    def titled(document: Any) -> None:
        document.core_properties.title = "{{ name }}"

    content = template(titled)
    titles = [
        Document(io.BytesIO(made)).core_properties.title
        for made in (compile_template(content).render(VALUES), by_docxtpl(content))
    ]

    assert titles == [VALUES["name"], "洛龙区 R&amp;D &lt;统计局&gt;"]


NAMES = st.sampled_from(["name", "count", "share", "quote"])
WORDS = st.text("甲乙 a&<", min_size=0, max_size=4)
INLINE = st.one_of(
    WORDS,
    NAMES.map(lambda name: f"{{{{ {name} }}}}"),
    st.tuples(st.sampled_from(["yes", "no", "count > 2"]), WORDS).map(
        lambda two: f"{{% if {two[0]} %}}{two[1]}{{% endif %}}"
    ),
    WORDS.map(lambda words: f"{{% for i in items %}}{words}{{{{ i.b }}}}{{% endfor %}}"),
)
LINES = st.lists(INLINE, min_size=1, max_size=4).map("".join)


@st.composite
def documents(draw: st.DrawFn) -> Build:
    """Draw a document of lines, blocks of lines and tables with rows in loops."""
    builds: list[Build] = []
    for kind in draw(st.lists(st.sampled_from(["line", "block", "table", "rows"]), min_size=1, max_size=5)):
        line, width = draw(LINES), draw(st.integers(1, 3))
        if kind == "line":
            at = draw(st.integers(0, len(line)))
            builds.append(split(line, at=at))
        elif kind == "block":
            tag = draw(st.sampled_from(["for i in items", "if yes", "if no"]))
            builds.append(paragraphs(f"{{%p {tag} %}}", line, f"{{%p end{tag.split()[0]} %}}"))
        elif kind == "table":
            builds.append(table(*[tuple(draw(LINES) for _ in range(width)) for _ in range(2)]))
        else:
            rest = ("",) * (width - 1)
            builds.append(
                table(("头",) * width, ("{%tr for i in items %}", *rest), (line,) * width, ("{%tr endfor %}", *rest))
            )
    return lambda document: [build(document) for build in builds]


@settings(max_examples=150)
@given(documents())
def test_random_templates_give_the_document_of_docxtpl(build: Build):
    content = template(build)

    assert parts(compile_template(content, undefined="blank").render(VALUES)) == parts(by_docxtpl(content))


def refused(content: bytes, values: Mapping[str, Any], **options: Any) -> str:
    with pytest.raises(TemplateError) as raised:
        compile_template(content, **options).render(values)
    (finding,) = raised.value.findings
    return str(finding.message)


@pytest.mark.parametrize(
    ("build", "values", "words"),
    [
        (paragraphs("前", "甲{{ nothing }}乙"), {}, ["document.xml", "第2段", "甲{{ nothing }}乙", "nothing"]),
        (table(("{{ x.y }}",)), {"x": {}}, ["第1张表第1行第1列", "{{ x.y }}", "y"]),
        (paragraphs("{{ 1 / count }}"), {"count": 0}, ["第1段", "division"]),
        (paragraphs("{{ name }}"), {"name": "甲\x0b乙"}, ["name", "U+000B", "第 2 个"]),
        (paragraphs("{{ a.b[0] }}"), {"a": {"b": ["\ud800"]}}, ["a.b[0]", "U+D800"]),
        (paragraphs("{{ name }}"), {"name": "甲\uffff"}, ["name", "U+FFFF"]),
        (paragraphs("{{ name.__class__.__mro__ }}"), {"name": ""}, ["第1段", "unsafe"]),
        (paragraphs("{{ items.append(1) }}"), {"items": []}, ["第1段", "unsafe"]),
        (paragraphs("{{ picture }}"), {"picture": InlineImage(DocxTemplate(""), "x.png")}, ["InlineImage"]),
        (paragraphs("甲{{ rich }}乙"), VALUES, ["RichText", "{{r"]),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_named_with_its_place(build: Build, values: Mapping[str, Any], words: list[str]):
    said = refused(template(build), values)

    assert [word for word in words if word not in said] == [], said


@pytest.mark.parametrize(
    "text", ["{{ name", "{% if %}", "{% p if yes %}", "{%tr if yes %}", "{{ 'x' * }}", "{%p if yes %}甲"]
)
def test_a_template_that_is_none_is_refused_when_it_is_compiled(text: str):
    with pytest.raises(TemplateError) as raised:
        compile_template(template(paragraphs(text)))

    assert "document.xml" in str(raised.value.findings[0].message)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", template(paragraphs("x"))[:-30]])
def test_a_file_that_is_no_docx_is_refused(content: bytes):
    with pytest.raises(TemplateError):
        compile_template(content)


@pytest.mark.parametrize(
    "build",
    [
        table(("{%tr for i in empty %}", ""), ("{{ i }}", ""), ("{%tr endfor %}", "")),
        table(("{%tc for c in empty %}", "{{ c }}", "{%tc endfor %}"), ("甲", "乙", "丙")),
        table(("甲", "{%p if no %}"), ("乙", "丙")),
    ],
)
def test_what_prints_empty_stays_a_document(build: Build):
    try:
        content = compile_template(template(build)).render(VALUES)
    except TemplateError:
        return
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))

    assert [
        part.tag
        for part in root.iter(f"{W}tbl", f"{W}tr")
        if part.find(f"{W}tr") is None and part.find(f"{W}tc") is None
    ] == []
    assert [cell for cell in root.iter(f"{W}tc") if len(cell) == 0 or cell[-1].tag != f"{W}p"] == []


def test_any_text_comes_out_exactly_or_is_refused():
    compiled = compile_template(template(paragraphs("{{ value }}")))

    @settings(max_examples=300)
    @given(st.text(st.characters(exclude_characters="\n\t\r\a\f"), max_size=20))
    def comes_out(value: str) -> None:
        try:
            content = compiled.render({"value": value})
        except TemplateError:
            assert any(ord(sign) < 32 or sign in "\ufffe\uffff" or "\ud800" <= sign <= "\udfff" for sign in value)
            return
        assert Document(io.BytesIO(content)).paragraphs[0].text == value

    comes_out()


class Spelt(str):
    """A text of a kind of its own."""


class Shown(Spelt):
    """A text that says itself how it is printed."""

    __slots__ = ()

    def __html__(self) -> str:
        return "&#20070;"


SIGNS = st.text(st.sampled_from("甲a1 &<>'\"；·"), max_size=6)
PRINTED = st.one_of(
    SIGNS,
    st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=20),
    st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.lists(SIGNS, max_size=2)),
    st.builds(Markup, st.just("&amp;甲")),
    SIGNS.map(Spelt),
    SIGNS.map(Shown),
)


def test_values_are_escaped_as_markupsafe_does():
    texts = (
        "{{ value }}",
        "{% set held %}{{ value }}{% endset %}{{ held }}",
        "{% autoescape yes %}{{ value }}{% endautoescape %}",
    )
    compiled = [compile_template(template(paragraphs(f"始{text}终"))) for text in texts]

    @settings(max_examples=300)
    @given(PRINTED)
    def are_escaped(value: Any) -> None:
        values = {"value": value, "yes": True}
        written = [zipfile.ZipFile(io.BytesIO(made.render(values))).read("word/document.xml") for made in compiled]
        assert [re.findall("始(.*)终", text.decode()) for text in written] == [[str(escape(value))]] * len(compiled)

    are_escaped()


def test_a_template_comes_from_a_path_an_open_file_or_bytes(tmp_path: Any):
    content = template(CASES["values"])
    (tmp_path / "my.docx").write_bytes(content)
    sources: list[Any] = [content, tmp_path / "my.docx", str(tmp_path / "my.docx"), io.BytesIO(content)]

    assert len({compile_template(source).render(VALUES) for source in sources}) == 1


def test_filters_may_be_brought_along():
    content = template(paragraphs("{{ count|twice }}"))
    made = compile_template(content, filters={"twice": lambda value: value * 2}).render(VALUES)

    assert Document(io.BytesIO(made)).paragraphs[0].text == "6"


def test_escaped_tags_are_printed_and_never_rewritten_in_data():
    content = template(paragraphs("{_{ name }_} {{ data }}"))
    made = compile_template(content).render({"data": "{_{"})

    assert Document(io.BytesIO(made)).paragraphs[0].text == "{{ name }} {_{"


def test_threads_render_the_same_bytes():
    compiled = compile_template(template(CASES["rows in a loop"]))
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: compiled.render(VALUES), range(200)))

    assert len(made) == 1


@pytest.mark.parametrize("undefined", ["foo", "Blank", None])
def test_what_a_missing_value_does_is_strict_or_blank_and_nothing_else(undefined: Any):
    with pytest.raises(ValueError, match='"strict" 或 "blank"'):
        compile_template(template(paragraphs("{{ name }}")), undefined=undefined)


@pytest.mark.parametrize("source", [None, 3, io.StringIO("文字"), ["t.docx"]])
def test_what_is_no_file_is_refused_with_what_is_wanted(source: Any):
    with pytest.raises(TypeError, match="路径、bytes"):
        compile_template(source)


@pytest.mark.parametrize("context", [None, 3])
def test_what_holds_no_values_is_refused_with_what_is_wanted(context: Any):
    with pytest.raises(TypeError, match="字典"):
        compile_template(template(paragraphs("{{ name }}"))).render(context)


def together(*builds: Build) -> Build:
    return lambda document: [build(document) for build in builds]


LOOPS = ("甲", "{%p if yes %}", "乙", "{%p endif %}", "{%p for i in items %}", "{{ i.a }}", "{%p endfor %}")
ROWS = (("头", "头"), ("{%tr for i in items %}", ""), ("{{ i.a }}", "{{ i.z }}"), ("{%tr endfor %}", ""))


@pytest.mark.parametrize(
    ("build", "place"),
    [
        (paragraphs(*LOOPS, "丙{{ nmae }}"), "第8段“丙{{ nmae }}”"),
        (paragraphs(*LOOPS[:5], "{{ nmae }}", "{%p endfor %}"), "第6段“{{ nmae }}”"),
        (paragraphs(*LOOPS[:4], "{%p for i in nmae %}", "{%p endfor %}"), "第5段“{%p for i in nmae %}”"),
        (together(paragraphs("甲"), table(*ROWS)), "第1张表第3行第2列“{{ i.z }}”"),
        (together(table(*ROWS[:1]), table(("{% colspan 2 %}甲", "", "{{ nmae }}"))), "第2张表第1行第3列“{{ nmae }}”"),
        (together(table(*ROWS[:1]), paragraphs("甲", "{{ nmae }}")), "第2段“{{ nmae }}”"),
        (paragraphs(*LOOPS, "{% if yes -%}", "丙", "{%- endif %}", "{{ nmae }}"), "第11段“{{ nmae }}”"),
    ],
)
def test_a_failure_is_placed_where_people_find_it_in_word(build: Build, place: str):
    assert f"document.xml {place}：" in refused(template(build), VALUES)


def test_each_part_has_paragraphs_of_its_own():
    values = {"name": "甲", "yes": True}

    assert "word/footer1.xml 第1段“页脚 {% if yes %}{{ count }}{% endif %}”：" in refused(template(edges), values)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("甲", "{%tr if yes %}", "乙"), ["第2段", "“{%tr if yes %}”不在表格里；段落用 {%p … %}"]),
        (("甲", "{% p if yes %}", "{%p endif %}"), ["第2段", "的“p”要紧跟在括号后面"]),
        (("甲{{ count|uper }}",), ["第1段", "没有“uper”这个过滤器；是否想写“upper”？", "filters={…}"]),
        (("{% if yes %}{{ count|money }}{% endif %}",), ["第1段", "没有“money”这个过滤器"]),
        (("{% if count is definde %}{% endif %}",), ["第1段", "没有“definde”这个测试；是否想写“defined”？"]),
        (("{% fro i in items %}{% endfor %}",), ["第1段", "没有“fro”这种标记；是否想写“for”？"]),
        (("甲", "{%p for i in items %}", "{{ i.a }}"), ["第2段", "“{%p for i in items %}”没有结束，缺 {%p endfor %}"]),
        (("甲", "{%p endif %}"), ["第2段", "“{%p endif %}”前面没有与它成对的开头"]),
        (("{{ name count }}",), ["第1段", "应为“标记的结尾”，写的是“count”"]),
        (("{%print 1%}", "{{ name count }}"), ["第2段", "应为“标记的结尾”，写的是“count”"]),
        (("{{ name，count }}",), ["第1段", "不认识的字符"]),
        (("甲", "{{ name"), ["第2段", "没有在本段内写完整"]),
        (("{%p if count % 2 %}", "{%p endif %}"), ["第1段", "“{%p if count % 2 %}”中间不能有 %、}"]),
        (("{{ nmae }}",), ["“nmae”没有对应的内容；是否想写“name”？"]),
        (("{{ items[0].aa }}",), ["里面没有“aa”；是否想写“a”？"]),
        (("{{ 1 / (count - 3) }}",), ["ZeroDivisionError"]),
        (("甲", "{{ rich }}"), ["第2段“{{ rich }}”：“rich”是 RichText，要写成 {{r rich }}"]),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(texts: tuple[str, ...], words: list[str]):
    said = refused(template(paragraphs(*texts)), VALUES)

    assert [word for word in words if word not in said] == [], said


def test_a_loop_of_rows_that_ends_in_a_paragraph_is_named():
    build = table(("{%tr for i in items %}", ""), ("{{ i.a }}", ""), ("", "{%p endfor %}"))

    said = refused(template(build), VALUES)

    assert "第1张表第3行第2列“{%p endfor %}”：“{%tr for i in items %}”和“{%p endfor %}”不在同一段" in said


def test_all_wrong_tags_are_named_at_once_and_the_file_once(tmp_path: Any):
    (tmp_path / "my.docx").write_bytes(template(paragraphs("{% p if yes %}", "甲", "{% p endif %}")))

    with pytest.raises(TemplateError) as raised:
        compile_template(tmp_path / "my.docx")

    assert [line.count("my.docx") for line in str(raised.value).splitlines()] == [1, 1]


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            paragraphs("甲", "乙{%p if yes %}", "{%p endif %}"),
            ["第2段", "“{%p if yes %}”要独占一个段落，旁边的文字会丢失"],
        ),
        (paragraphs("{%p if yes %}甲{%p endif %}"), ["第1段", "旁边的文字会丢失"]),
        (paragraphs("{%p if yes %}{%p endif %}"), ["第1段", "一个段落里只能有一个 {%p if yes %}，分成几个"]),
        (paragraphs("甲{#p 不印 #}"), ["第1段", "旁边的文字会丢失"]),
        (paragraphs("甲{{p rich_paragraphs }}"), ["第1段", "旁边的文字会丢失"]),
        (split("{%p if yes %}乙", at=4), ["第1段", "旁边的文字会丢失"]),
        (table(("{%tr for i in items %}", "甲"), ("{%tr endfor %}", "")), ["第1张表第1行第1列", "要独占一个表格行"]),
        (table(("{%tr for i in items %}{{ i.a }}{%tr endfor %}",)), ["第1张表第1行第1列", "要独占一个表格行"]),
        (table(("甲{%tc if yes %}", "乙", "{%tc endif %}")), ["第1张表第1行第1列", "要独占一个单元格"]),
    ],
)
def test_words_that_would_be_lost_beside_a_tag_are_refused_when_compiled(build: Build, words: list[str]):
    with pytest.raises(TemplateError) as raised:
        compile_template(template(build))

    said = str(raised.value.findings[0].message)
    assert [word for word in words if word not in said] == [], said


def test_blanks_and_remarks_beside_a_tag_are_no_loss():
    compile_template(template(paragraphs(" {%p if yes %} {# 说明 #}", "甲", "{%p endif %} ")))


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("甲{{r it }}乙", "文字", "“it”是普通文字“文字”，这样写 Word 不显示；改成 {{ it }}"),
        ("甲{{r it }}乙", 3, "“it”是普通文字“3”"),
        ("甲{{r it }}乙", Listing("一"), "“it”是普通文字“一”"),
        ("{{p it }}", "文字", "“it”是普通文字“文字”"),
        ("{{p it }}", RichText("一"), "“it”是 RichText，要写成 {{r it }}"),
        ("甲{{r it }}乙", rich_paragraphs(), "“it”是整段，要写成独占一段的 {{p it }}"),
    ],
)
def test_what_word_would_not_show_where_it_stands_is_refused(text: str, value: Any, words: str):
    said = refused(template(paragraphs("前", text)), {"it": value})

    assert f"第2段“{text}”：{words}" in said


@pytest.mark.parametrize("value", ["", " ", RichText("")])
def test_rich_text_may_be_empty(value: Any):
    content = template(paragraphs("甲{{r it }}乙"))

    assert parts(compile_template(content).render({"it": value})) == parts(by_docxtpl(content, {"it": value}))


class Person:
    """A value that is no dict."""

    name = "甲\x01"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{r rich }}", "第2段“乙{{r rich }}”：“rich”里有不能写进文档的字符 U+0001"),
        ("{{ listing }}", "“listing”里有不能写进文档的字符 U+0002"),
        ("{{ person.name }}", "“person.name”里有不能写进文档的字符 U+0001"),
        ("{{ word|broken }}", "“word|broken”里有不能写进文档的字符 U+0003"),
        ("{% for one in people %}{{ one.name }}{% endfor %}", "“one.name”里有不能写进文档的字符 U+0001"),
        ("{{ rows[1].word }}", "第2段“乙{{ rows[1].word }}”：rows[1].word 里有不能写进文档的字符 U+0004（第 2 个）"),
        ("{% for word in once %}{{ word }}{% endfor %}", "“甲乙”后面有不能写进文档的字符 U+0005"),
    ],
)
def test_a_character_no_document_can_hold_is_traced_to_its_tag(text: str, words: str):
    values = {
        "rich": RichText("\x01"),
        "listing": Listing("一\x02"),
        "person": Person(),
        "people": [Person()],
        "word": "字",
        "rows": [{"word": "好"}, {"word": "坏\x04"}],
        "once": iter(["\x05"]),
    }
    said = refused(template(paragraphs("甲", f"乙{text}")), values, filters={"broken": lambda word: word + "\x03"})

    assert words in said


def test_a_compiled_template_is_shown_by_its_name():
    assert repr(compile_template(template(paragraphs("{{ name }}")))) == "CompiledTemplate(name='template.docx')"
