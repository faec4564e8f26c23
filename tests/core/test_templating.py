"""The sandbox of templates: bounded in all it does, and what it refuses is said in words people know."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import TemplateError

from baogao.templating import LONGEST, ReportEnvironment, bounded, faults

VALUES: dict[str, Any] = {
    "report": {"title": "年度报告", "sections": [{"id": str(number), "html": "字" * 5000} for number in range(100)]}
}


def printed(source: str) -> str:
    return ReportEnvironment().from_string(source).render(VALUES)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ report.title" + "|join(report.title)" * 30 + " }}", "join 只能用于列表，不能用于文字"),
        ("{{ report.sections|join(report.title|join(report.title)) }}", "join 只能用于列表，不能用于文字"),
        (
            "{% for a in report.sections %}{% for b in report.sections %}{{ b.html }}{% endfor %}{% endfor %}",
            f"印出的文字太多，超过 {LONGEST} 个字",
        ),
        (
            "{% for a in report.sections %}" * 3 + "x" + "{% endfor %}" * 3,
            "循环的次数太多，超过 200000 次",
        ),
        (
            (
                "{% for a in report.sections %}{% with b=report.sections|join(a.html) %}"
                "{% with c=report.sections|join(b) %}{{ c }}{% endwith %}{% endwith %}{% endfor %}"
            ),
            f"印出的文字太多，超过 {LONGEST} 个字",
        ),
    ],
)
def test_no_template_prints_or_loops_without_end(source: str, words: str):
    with pytest.raises(TemplateError, match=words):
        printed(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ report.titel }}",
        "{{ report.titel|upper }}",
        "{{ report.author|default(report.titel) }}",
        "{% for one in report.sections if one.id == report.titel %}{% endfor %}",
        "{% for one in report.sections %}{% else %}{{ report.titel }}{% endfor %}",
        "{% with one=report.titel %}{% endwith %}",
        "{% if report.titel %}{% endif %}",
        "{% if report.title %}{% else %}{{ report.titel }}{% endif %}",
    ],
)
def test_a_name_that_is_not_there_is_found_before_the_template_is_filled_in(source: str):
    assert [(fault.rule, "report.title" in fault.message) for fault in faults(source, VALUES)] == [("TPL-003", True)]


def test_what_is_printed_is_counted_piece_by_piece():
    endless = (piece for piece in iter(lambda: "字" * 1024, ""))
    with pytest.raises(TemplateError, match="印出的文字太多"):
        bounded(endless)


def test_a_list_is_joined_and_a_text_escaped():
    environment = ReportEnvironment()
    assert environment.from_string("{{ names|join('、') }}").render(names=["甲", "<乙>"]) == "甲、&lt;乙&gt;"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ 2 * 3 }}", "模板中不能使用 算式"),
        ("{{ report.title ~ 'x' }}", "模板中不能使用 连接文字的 ~"),
        ("{{ -1 }}", "模板中不能使用 算式"),
        ("{{ report.title.upper() }}", "模板中不能使用 函数调用"),
        ("{{ ['x'] }}", "模板中不能使用 列表的写法"),
        ("{% set x = 1 %}", "模板中不能使用 赋值（set）"),
        ("{% include 'x' %}", "模板中不能使用 别的模板"),
        ('{{ "".__class__ }}', "没有“__class__”这样的名称"),
        ("{{ report.title is callable }}", "模板中不能使用测试 callable；可用：defined"),
        ("{{ }}", "少了名称或值，写的是“标记的结尾”"),
        ("{{ report.title report.year }}", "应为“标记的结尾”，写的是“report”"),
        ("{{ report.title ! }}", "不认识的字符 '!'"),
        ("{% fi x %}", "没有“fi”这种标记，或与前面的标记不成对"),
        ("{% if report.title %}", "没有写完，缺结束的标记"),
    ],
)
def test_what_is_refused_is_said_in_chinese(source: str, words: str):
    assert [fault.message for fault in faults(source, VALUES)] == [f"模板语法有误：{words}"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ report.title.upper }}", "“upper”没有对应的内容"),
        ("{{ report.title|length }}", "这里不是可以打印的文字：个数"),
        ("{{ report.sections }}", "这里不是可以打印的文字：列表"),
        ("{{ report }}", "这里不是可以打印的文字：一组名称"),
        ("{{ report.titel }}", "“titel”没有对应的内容"),
    ],
)
def test_what_fails_when_it_is_filled_is_said_in_chinese(source: str, words: str):
    with pytest.raises(TemplateError) as failed:
        printed(source)
    assert failed.value.message == words
