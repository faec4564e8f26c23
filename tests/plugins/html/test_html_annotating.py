"""The annotated copy: each finding at its place, linked to the list and back; what is printed stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.model.findings import Finding, Location, Severity, State, Waiver
from baogao.model.jobs import Annotator, Job, Output
from baogao.model.report import Block, Run, Section
from baogao_html.renderer import HtmlRenderer

if TYPE_CHECKING:
    from conftest import MakeJob

RENDERER = HtmlRenderer()
TEXT = (
    Block(
        "paragraph",
        (
            Run("共收到申请"),
            Run("2", cell="requests.new_received.total"),
            Run("件，"),
            Run("均已", True),
            Run("答复。"),
        ),
        location=Location("overview.md", 3, 1),
        source="共收到申请{{ requests.new_received.total }}件，**均已**答复。",
    ),
    Block(
        "paragraph",
        (Run("手机13812345678，手机13812345678。"),),
        location=Location("overview.md", 5, 1),
        source="手机13812345678，手机13812345678。",
    ),
    Block(
        "grid",
        rows=(((Run("渠道"),), (Run("篇"),)), ((Run("网站"),), (Run("50"),))),
        location=Location("overview.md", 7, 1),
    ),
)


@pytest.fixture
def job(make_job: MakeJob, seven_sections: Sequence[Section]) -> Job:
    sections = [Section("overview", "一、总体情况", TEXT) if part.id == "overview" else part for part in seven_sections]
    return make_job(*sections)


def annotated(job: Job, *findings: Finding) -> lxml.html.HtmlElement:
    """Return the annotated copy; what is read from it is what was read before."""
    job = replace(job, annotations=findings)
    artifact = RENDERER.render(job)
    marked = RENDERER.annotate(artifact, job)
    assert RENDERER.read_back(marked, job) == RENDERER.read_back(artifact, job)
    return lxml.html.document_fromstring(marked.content.decode())


def place_of(document: lxml.html.HtmlElement, number: int = 1) -> lxml.html.HtmlElement:
    """Return the element a note stands in."""
    return document.get_element_by_id(f"note-{number}-place").getparent().getparent()


def marked(document: lxml.html.HtmlElement) -> list[str]:
    return [mark.text for mark in document.iter("mark")]


def test_the_renderer_can_annotate():
    assert isinstance(RENDERER, Annotator)


def test_a_page_without_findings_stays_as_it_is(job: Job):
    artifact = RENDERER.render(job)

    assert RENDERER.annotate(artifact, job) == artifact


def test_a_finding_on_a_cell_stands_in_the_cell(job: Job):
    document = annotated(job, Finding("不等", "requests.disclosed.total", "T3-001"))

    assert place_of(document).get("id") == "requests.disclosed.total"


def test_a_finding_on_a_row_stands_at_its_label(job: Job):
    document = annotated(job, Finding("不等", "requests.disclosed", "T3-001"))

    assert (place_of(document).tag, place_of(document).text) == ("th", "（一）予以公开")


def test_a_finding_that_names_cells_stands_at_the_first(job: Job):
    document = annotated(job, Finding("不等", "requests", cells=("requests.new_received.total",)))

    assert place_of(document).get("id") == "requests.new_received.total"


def test_quoted_words_are_marked_through_bound_numbers_and_strong_words(job: Job):
    document = annotated(job, Finding("句号", "overview", quote="申请2件，均已答"))

    assert marked(document) == ["申请", "2", "件，", "均已", "答"]
    assert document.find_class("note")[0].getprevious().text == "答"


def test_of_words_that_stand_twice_those_at_the_finding_are_marked(job: Job):
    place = Location("overview.md", 5, 17)
    document = annotated(job, Finding("手机号", "overview", quote="13812345678", location=place))

    (mark,) = document.iter("mark")
    assert mark.getprevious() is None
    assert mark.getparent().text == "手机13812345678，手机"


def test_words_that_are_masked_in_the_finding_are_marked_too(job: Job):
    document = annotated(job, Finding("手机号", "overview", quote="138****5678"))

    assert marked(document) == ["13812345678"]


def test_marks_may_overlap(job: Job):
    findings = [Finding("一", "overview", quote=quote) for quote in ("申请2件", "2件，均已", "2")]

    document = annotated(job, *findings)

    assert {"申请", "均已"} <= set(marked(document))
    assert len(document.xpath("//*[@id='section-overview']//sup")) == 3


def test_words_in_a_simple_table_are_marked_in_its_cell(job: Job):
    document = annotated(job, Finding("数", "overview", quote="50"))

    assert (marked(document), place_of(document).tag) == (["50"], "td")


def test_without_its_words_a_finding_stands_at_the_paragraph_of_its_line(job: Job):
    document = annotated(job, Finding("长", "overview", location=Location("overview.md", 6)))

    assert place_of(document).text_content().startswith("手机13812345678")


@pytest.mark.parametrize("quote", ["", "没有这些字"])
def test_a_finding_on_a_chapter_stands_at_its_title(job: Job, quote: str):
    document = annotated(job, Finding("缺章", "problems", quote=quote))

    assert place_of(document).get("id") == "problems-title"


def test_words_of_a_title_are_marked_in_it(job: Job):
    document = annotated(job, Finding("改", "problems", quote="存在的主要问题"))

    assert marked(document) == ["存在的主要问题"]


def test_a_finding_on_a_chapter_without_a_title_stands_at_its_top(job: Job):
    document = annotated(job, Finding("缺", "preface"))

    assert place_of(document).get("id") == "section-preface"


def test_a_finding_on_the_report_stands_below_its_title(job: Job):
    document = annotated(job, Finding("迟", location=Location("report.yaml", 7)), Finding("别处", "nowhere.a.b"))

    (overall,) = document.find_class("overall")
    assert overall.getprevious().tag == "h1"
    assert [link.text for link in overall.iterfind("sup/a")] == ["1", "2"]


def test_a_cell_that_a_template_prints_itself_has_its_note_beside_it(
    make_job: MakeJob, seven_sections: Sequence[Section]
):
    source = "<h2>{{ section.title }}</h2><ul><li>收到{{ cells.new_received.total }}件</li></ul>{{ section.body }}"
    job = make_job(*seven_sections, templates={"requests.html": source})

    document = annotated(
        job,
        Finding("一", "requests.new_received.total"),
        Finding("二", "disputes.review.total"),
        Finding("三", "others"),
    )

    assert [place_of(document, number).tag for number in (1, 2, 3)] == ["li", "td", "h2"]


WAIVER = Waiver("PRC-001", "", "机构改革", "张三", "李四", date(2021, 1, 20))


def test_the_list_says_all_that_is_known_and_leads_back(job: Job):
    finding = Finding(
        "晚于<期限>",
        rule="PRC-001",
        severity=Severity.WARNING,
        hint="改正 date",
        basis="条例第四十九条",
        location=Location("report.yaml", 7, 3),
        waived=WAIVER,
    )
    document = annotated(job, finding)

    (item,) = document.get_element_by_id("notes").iter("li")
    assert [line.text_content() for line in item] == [
        "警告，已说明\u3000PRC-001\u3000晚于<期限>",
        "怎么改：改正 date",
        "依据：条例第四十九条",
        "位置：report.yaml:7:3",
        "情况说明：机构改革（张三填写，李四批准，2021-01-20）",
        "回到批注1的原处",
    ]
    assert item.find(".//a").get("href") == "#note-1-place"


def test_every_note_leads_to_its_entry_and_says_how_grave_it_is(job: Job):
    findings = [
        Finding("一", "requests.disclosed.total"),
        Finding("二", "requests.disclosed.total", severity=Severity.INFO),
        Finding("三", "requests.disclosed.total", state=State.UNASSESSABLE),
    ]
    document = annotated(job, *findings)

    notes = document.get_element_by_id("requests.disclosed.total").findall("sup/a")
    assert [(note.text, note.get("href"), note.get("aria-label")) for note in notes] == [
        ("1", "#note-1", "批注1：错误"),
        ("2", "#note-2", "批注2：提示"),
        ("3", "#note-3", "批注3：无法判断"),
    ]
    assert all(document.get_element_by_id(note.get("href")[1:]).tag == "li" for note in notes)


def test_a_copy_is_kept_from_search_engines(job: Job):
    document = annotated(job, Finding("一"))

    assert document.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert RENDERER.annotate(RENDERER.render(job), replace(job, annotations=(Finding("一"),))).content.startswith(
        b'<!doctype html>\n<html lang="zh-CN">'
    )


def test_a_fragment_keeps_its_tags_and_needs_no_styles(job: Job):
    job = replace(job, output=Output("html", "fragment"), annotations=(Finding("一", "overview", quote="手机"),))
    copy = RENDERER.annotate(RENDERER.render(job), job).content.decode()

    assert copy.startswith("<!--\n网页标签")
    assert copy.index("批注稿，不得公开") < copy.index("section-preface")
    assert "<style" not in copy


QUOTES = st.sampled_from(["", "申请", "2件", "手机13812345678", "均已答复。", "50", "渠道", "没有"])
PATHS = st.sampled_from(
    ["", "overview", "requests", "requests.disclosed", "requests.disclosed.total", "problems", "x.y.z"]
)
LINES = st.none() | st.builds(Location, st.just("overview.md"), st.integers(1, 9), st.none() | st.integers(1, 30))


@settings(max_examples=30)  # each draws, marks and reads a whole report
@given(findings=st.lists(st.builds(Finding, st.text(max_size=5), PATHS, quote=QUOTES, location=LINES), max_size=8))
def test_whatever_is_found_every_finding_has_one_place_and_nothing_printed_changes(
    make_job: MakeJob, seven_sections: Sequence[Section], findings: list[Finding]
):
    sections = [Section("overview", "一、总体情况", TEXT) if part.id == "overview" else part for part in seven_sections]

    document = annotated(make_job(*sections), *findings)

    numbers = sorted(int(note.text) for note in document.xpath("//sup[@data-note]/a"))
    assert numbers == list(range(1, len(findings) + 1))
