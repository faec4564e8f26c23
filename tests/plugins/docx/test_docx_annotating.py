"""The annotated copy: each finding is a comment at its very cell or words, and nothing else changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import Finding, Location, Severity
from baogao.model.findings import State, Waiver
from baogao.model.jobs import Artifact, Job
from baogao.model.report import Block, Report, Run, Section
from baogao_docx.renderer import DocxRenderer

DOCX = DocxRenderer()


def annotated(job: Job, *findings: Finding) -> Artifact:
    """Return the marked copy; what is printed in it is what was printed before."""
    job = replace(job, annotations=findings)
    artifact = DOCX.render(job)
    marked = DOCX.annotate(artifact, job)

    assert DOCX.read_back(marked, job) == DOCX.read_back(artifact, job)
    return marked


def opened(artifact: Artifact) -> Any:
    return docx.Document(io.BytesIO(artifact.content))


def words_of_comments(artifact: Artifact) -> list[str]:
    return [comment.text for comment in opened(artifact).comments]


def marked_words(artifact: Artifact) -> list[str]:
    """Return the words each comment is put around, in the order of the findings."""
    inside: dict[str, list[str]] = {}
    around: set[str] = set()
    for part in opened(artifact).element.body.iter():
        name = part.get(qn("w:id"))
        if part.tag == qn("w:commentRangeStart"):
            around.add(name)
            inside[name] = []
        elif part.tag == qn("w:commentRangeEnd"):
            around.remove(name)
        for open_comment in around if part.tag == qn("w:t") else ():
            inside[open_comment].append(part.text)
    assert not around
    return ["".join(inside[str(number)]) for number in range(len(inside))]


CELL = Finding("合计不对", "requests.new_received.total", "T3-001", hint="改正合计")
PLACES = [
    pytest.param(CELL, "106", id="a cell"),
    pytest.param(Finding("x", "disputes.review.total"), "104", id="a cell of another table"),
    pytest.param(Finding("x", "requests.new_received"), "100", id="a row: its first cell"),
    pytest.param(Finding("x", "requests", cells=("requests.new_received.business",)), "101", id="a cell it speaks of"),
    pytest.param(Finding("x", "overview", quote="坚持以人民为中心"), "坚持以人民为中心", id="words"),
    pytest.param(Finding("x", "overview", quote="2020年，区统计局"), "2020年，区统计局", id="words at the beginning"),
    pytest.param(Finding("x", "overview", quote="66篇。"), "66篇。", id="words at the end"),
    pytest.param(
        Finding("x", "overview", quote="全年未收取任何费用。"), "全年未收取任何费用。", id="a whole paragraph"
    ),
    pytest.param(Finding("x", "overview", quote="数据50篇"), "数据50篇", id="words over runs"),
    pytest.param(Finding("x", "overview", quote="篇数"), "篇数", id="words in a simple table"),
    pytest.param(Finding("x", "overview", quote="没有这句话"), "一、总体情况", id="words that are not there"),
    pytest.param(Finding("x", "overview"), "一、总体情况", id="a chapter"),
    pytest.param(Finding("x", "problems.nothing.total"), "五、存在的主要问题及改进情况", id="a cell there is not"),
    pytest.param(
        Finding("x", "preface"), "根据《中华人民共和国政府信息公开条例》的规定，特向社会公布本报告。", id="no title"
    ),
    pytest.param(Finding("x"), "洛龙区统计局2020年政府信息公开工作年度报告", id="the report"),
    pytest.param(Finding("x", "nowhere.at.all"), "洛龙区统计局2020年政府信息公开工作年度报告", id="no such section"),
]


@pytest.mark.parametrize(("finding", "words"), PLACES)
def test_a_comment_stands_at_its_place(finding: Finding, words: str, yearly: Report, job_of: Callable[..., Job]):
    assert marked_words(annotated(job_of(yearly), finding)) == [words]


def test_all_places_at_once_do_not_disturb_each_other(yearly: Report, job_of: Callable[..., Job]):
    findings, words = zip(*(case.values for case in PLACES), strict=True)

    assert marked_words(annotated(job_of(yearly), *findings)) == list(words)


def test_a_finding_without_words_stands_at_the_paragraph_of_its_line(yearly: Report, job_of: Callable[..., Job]):
    blocks = [
        Block("grid", rows=(((Run("甲"),),),), location=Location("x.md", 1)),
        Block("paragraph", (Run("乙"),), location=Location("x.md", 5)),
    ]
    report = replace(yearly, sections=(Section("overview", "一、总体情况", tuple(blocks)),))
    first, second = (Finding("x", "overview", location=Location("x.md", line)) for line in (1, 5))

    assert marked_words(annotated(job_of(report), first, second)) == ["甲", "乙"]


def test_a_cell_of_a_layout_of_ones_own_is_found(
    yearly: Report, job_of: Callable[..., Job], fragment: Callable[..., Path]
):
    cells = [f"{path}{{{{ {path.replace('requests', 'cells')} }}}}" for path in yearly.cells() if "requests" in path]
    job = job_of(yearly, requests=fragment("requests", "{{ section.title }}", *cells))

    assert marked_words(annotated(job, CELL)) == ["requests.new_received.total106"]


def test_a_comment_says_how_grave_which_rule_what_and_how_to_mend_it(yearly: Report, job_of: Callable[..., Job]):
    waiver = Waiver("T3-001", "", "系统故障", "张三", "李四", date(2021, 1, 2))
    marked = annotated(
        job_of(yearly),
        replace(CELL, location=Location("requests.yaml", 3, 18)),
        replace(CELL, severity=Severity.WARNING, waived=waiver),
        Finding("无法判断", "overview", "T3-002", state=State.UNASSESSABLE),
        Finding("坏字符\ud800\x00", "overview", severity=Severity.INFO),
    )

    assert words_of_comments(marked) == [
        "错误 T3-001\n合计不对\n怎么改：改正合计\n位置：requests.yaml:3:18",
        "已说明情况 T3-001\n合计不对\n怎么改：改正合计\n情况说明：系统故障（张三填写，李四批准）",
        "无法核对 T3-002\n无法判断",
        "提示\n坏字符\ufffd\ufffd",
    ]


def test_comments_are_by_the_program_at_the_date_of_the_report(yearly: Report, job_of: Callable[..., Job]):
    comment = next(iter(opened(annotated(job_of(yearly), CELL)).comments))

    assert (comment.author, comment.initials, str(comment.timestamp)) == ("baogao", "bg", "2021-01-20 00:00:00+00:00")


def test_many_findings_at_one_place_are_as_many_comments(yearly: Report, job_of: Callable[..., Job]):
    same = [Finding(f"第{number}个", "overview", quote="以人民为中心") for number in range(30)]
    marked = annotated(job_of(yearly), *same, *[CELL] * 30)

    assert marked_words(marked) == ["以人民为中心"] * 30 + ["106"] * 30
    assert len(words_of_comments(marked)) == 60


@pytest.mark.parametrize("draft", [False, True])
def test_the_copy_is_valid_and_always_the_same_bytes(
    draft: bool, yearly: Report, job_of: Callable[..., Job], invalid: Callable[[bytes], list[str]]
):
    findings: Any = [case.values[0] for case in PLACES]
    marked, again = (annotated(job_of(yearly, draft=draft), *findings) for _ in range(2))

    assert marked.content == again.content
    assert invalid(marked.content) == []


def test_a_copy_without_findings_is_the_document(yearly: Report, job_of: Callable[..., Job]):
    job = job_of(yearly)
    artifact = DOCX.render(job)

    assert DOCX.annotate(artifact, job) == artifact


def test_a_report_without_any_section_takes_the_comment_at_its_title(yearly: Report, job_of: Callable[..., Job]):
    empty = replace(yearly, sections=())

    assert marked_words(annotated(job_of(empty), Finding("x", "overview"))) == [yearly.title]


TEXT = st.text(st.sampled_from("甲乙2\t\n &<>"), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(runs=st.lists(TEXT, min_size=1, max_size=4), spans=st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9))))
def test_any_words_of_any_paragraph_are_marked_exactly(
    runs: list[str], spans: list[tuple[int, int]], yearly: Report, job_of: Callable[..., Job]
):
    block = Block("paragraph", tuple(Run(text, strong=number % 2 == 1) for number, text in enumerate(runs)))
    job = job_of(replace(yearly, sections=(Section("others", "六、其他", (block,)),)))
    quotes = [quote for start, length in spans if (quote := block.text[start : start + length])]
    marked = annotated(job, *(Finding("x", "others", quote=quote) for quote in quotes))

    assert [words.replace(" ", "") for words in marked_words(marked)] == [
        "".join(quote.replace("\t", "").replace("\n", "").split(" ")) for quote in quotes
    ]
