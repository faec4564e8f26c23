"""Reading back: what is printed, by place, whatever happened to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import baogao
from baogao.errors import TemplateError
from baogao.files.resources import SearchPath, bundled_folder
from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.findings import Location
from baogao.model.jobs import Job, Output
from baogao.model.report import Section
from baogao.model.tables import Table, TableSpec
from baogao_html.renderer import HtmlRenderer

if TYPE_CHECKING:
    from conftest import MakeJob

NEW = "requests.new_received.total"
OWN = """<h2>申请</h2>
<p>本年收到(件) {{ cells.new_received.total }} 件，其中自然人{{ cells.new_received.natural_person }}件。</p>
{% if cells.disclosed.total == "0" %}<p>未公开</p>{% else %}<p>公开{{ cells.disclosed.total }}</p>{% endif %}
{% if cells.other_handling.total != "0" %}<p>其他处理{{ cells.other_handling.total }}</p>{% endif %}
<ul><li>{{ requests.carried_over.total }}{{ requests.carried_forward.total }}</li></ul>
"""


@pytest.fixture
def job(make_job: MakeJob, seven_sections: Sequence[Section]) -> Job:
    return make_job(*seven_sections)


@pytest.fixture
def own(make_job: MakeJob, seven_sections: Sequence[Section]) -> Job:
    """Return a job in which chapter 三 is laid out by a department, without the drawn table."""
    return make_job(*seven_sections, templates={"requests.html": OWN})


def read(job: Job, change: Callable[[str], str] = str) -> dict[str, str]:
    """Return what is read of the page after a change to it."""
    artifact = HtmlRenderer().render(job)
    changed = change(artifact.content.decode())
    return HtmlRenderer().read_back(replace(artifact, content=changed.encode()), job)


def difference(job: Job, old: str, new: str) -> dict[str, str | None]:
    """Return what is read otherwise once a part of the page is replaced; None is not read at all."""

    def replaced(page: str) -> str:
        assert page.count(old) == 1
        return page.replace(old, new)

    before, after = read(job), read(job, replaced)
    assert not after.keys() - before.keys()
    return {path: after.get(path) for path in before if after.get(path) != before[path]}


def printed(job: Job) -> dict[str, str]:
    paragraphs = {
        f"{section.id}#{number}": block.text for section in job.report for number, block in enumerate(section.blocks, 1)
    }
    cells = {path: cell.text() for path, cell in job.report.cells().items()}
    return {"": job.report.title, **{section.id: section.title for section in job.report}, **cells, **paragraphs}


def test_a_whole_report_is_read_as_it_was_written(job: Job):
    assert read(job) == printed(job)


def test_the_seed_report_is_read_as_it_was_written():
    report = baogao.load(bundled_folder() / "examples" / "luolong-2020")
    job = Job(report, Output("html"), SearchPath(Path(report.folder), report.form, report.edition), "年报")

    assert len(printed(job)) > 22 + 161 + 15
    assert read(job) == printed(job)


def test_a_changed_figure_is_noticed(job: Job):
    assert difference(job, ">2</td>\n</tr>", ">3</td>\n</tr>") == {NEW: "3"}


def test_a_title_of_another_wording_is_noticed(job: Job):
    assert difference(job, "<h1><span>洛龙区统计局", "<h1><span>统计局") == {"": "统计局2020年政府信息公开工作年度报告"}
    assert difference(job, ">六、其他需要报告的事项</h2>", ">六、其他</h2>") == {"others": "六、其他"}


def test_a_title_that_is_gone_is_noticed(job: Job):
    assert difference(job, '<h2 id="others-title">六、其他需要报告的事项</h2>', "") == {"others": ""}


def test_a_heading_within_the_narrative_is_not_taken_for_the_title_of_its_chapter(job: Job):
    assert difference(job, '<h2 id="overview-title">一、总体情况</h2>', "") == {"overview": ""}


def test_titles_are_found_in_a_page_of_another_order(make_job: MakeJob):
    page = "{% for section in report.sections %}<h1>{{ report.title }}</h1><div>{{ section.html }}</div>{% endfor %}"
    job = make_job(Section("others", "六、其他", ()), templates={"page.html": page})

    assert read(job) == printed(job)
    assert difference(job, "六、其他", "五、其他") == {"others": ""}


def test_a_fragment_has_the_titles_of_chapters_and_leaves_that_of_the_report_to_its_page(job: Job):
    found = read(replace(job, output=Output("html", "fragment")))

    assert found == {path: text for path, text in printed(job).items() if path}


def test_a_missing_paragraph_is_noticed(job: Job):
    assert difference(job, "<p>无</p>", "") == {"others#1": None}


def test_a_paragraph_too_many_is_noticed(job: Job):
    after = read(job, lambda page: page.replace("<p>无</p>", "<p>无</p><p>另</p>"))

    assert after["others#2"] == "另"


def test_a_changed_word_in_a_simple_table_is_noticed(job: Job):
    assert difference(job, "<td>50</td>", "<td>5</td>") == {"overview#7": "渠道\t篇\n网站\t5"}


def test_a_figure_under_the_wrong_label_is_not_taken_for_its_own(job: Job):
    found = difference(job, ">（七）总计<", ">（六）其他处理 <")

    assert found == {path: None for path in job.report.cells() if path.startswith("requests.total_handled.")}


def test_a_cell_left_out_of_a_row_is_noticed(job: Job):
    cell = '<td id="requests.disclosed.natural_person"'

    found = difference(job, cell, cell.replace("<td", '<td colspan="2"'))

    assert found["requests.disclosed.natural_person"] is None


def test_a_table_that_is_gone_is_noticed(job: Job):
    found = difference(job, '<table id="disputes"', '<table id="other"')

    assert found == {path: None for path in job.report.cells() if path.startswith("disputes.")}


def test_a_fragment_laid_out_otherwise_is_read_where_its_names_stand(own: Job):
    found = {path: text for path, text in read(own).items() if path.startswith("requests.")}

    assert found == {
        NEW: "2",
        "requests.new_received.natural_person": "2",
        "requests.carried_over.total": "0",
        "requests.carried_forward.total": "0",
    }


def test_a_figure_changed_in_such_a_fragment_is_noticed(own: Job):
    assert difference(own, "本年收到(件) 2 件", "本年收到(件) 12 件") == {NEW: "12"}


def test_words_changed_around_a_figure_are_noticed(own: Job):
    found = difference(own, "其中自然人2件。", "其中自然2件。")

    assert found.keys() == {NEW, "requests.new_received.natural_person"}


def test_a_place_that_is_gone_is_noticed(own: Job):
    assert difference(own, "<li>00</li>", "") == {
        "requests.carried_over.total": "",
        "requests.carried_forward.total": "",
    }


def test_figures_printed_side_by_side_are_told_apart_by_what_they_should_be(own: Job):
    found = difference(own, "<li>00</li>", "<li>01</li>")

    assert set(found) & {"requests.carried_over.total", "requests.carried_forward.total"}


def test_a_condition_on_a_blank_holds_when_places_are_looked_for(make_job: MakeJob):
    note = CellType("note", optional=True)
    columns = (Node("件数", "notices"), Node("备注", "note", type=note))
    spec = TableSpec("fees", (Band(columns, (Node("合计", "all"),)),), CellType("count"))
    cells = (Cell("fees.all.notices", CellType("count"), 3), Cell("fees.all.note", note))
    section = Section("fees", "七、收费", (Table(spec, {cell.path: cell for cell in cells}),))
    source = "{% if cells.all.note %}<p>{{ cells.all.note }}</p>{% endif %}<p>{{ cells.all.notices }}</p>"

    found = read(make_job(section, templates={"fees.html": source}))
    assert {path: text for path, text in found.items() if "." in path} == {"fees.all.notices": "3"}


def test_a_figure_printed_in_two_places_must_be_the_same_in_both(make_job: MakeJob, seven_sections: Sequence[Section]):
    job = make_job(
        *seven_sections,
        templates={
            "requests.html": "<h2>{{ section.title }}</h2><p>收{{ cells.new_received.total }}件</p>{{ section.table }}"
        },
    )

    assert read(job) == printed(job)
    assert difference(job, "<p>收2件</p>", "<p>收3件</p>") == {NEW: "2｜3"}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<h2>题</h2>\n<p>文", 2),
        ("<h2>题</h2>\n\n</div>", 3),
        ("<h2>题</h2>\n<div/>文</div>", 2),
        ("<h2>题</h2>\n<p><b>文</p></b>", 2),
        ("<h2>题</h2>\n{% if report.title %}\n<p>\n<div></div></p>{% endif %}", 4),
        ('<h2 id="a">题</h2>\n<h2 id="a">题</h2>', 2),
    ],
)
def test_markup_that_a_browser_would_have_to_repair_is_found_in_its_template(make_job: MakeJob, source: str, line: int):
    job = make_job(Section("others", "六、其他", ()), templates={"others.html": source})

    with pytest.raises(TemplateError) as caught:
        read(job)

    assert [(finding.rule, finding.location) for finding in caught.value.findings] == [
        ("TPL-002", Location("templates/others.html", line))
    ]


def test_markup_that_no_template_shows_to_be_damaged_is_found_in_the_page(make_job: MakeJob):
    source = '<p>{{ section.body }}</p><h2 id="section-others">题</h2>'
    job = make_job(Section("others", "六、其他", ()), templates={"others.html": source})

    with pytest.raises(TemplateError) as caught:
        read(job)

    (finding,) = caught.value.findings
    assert finding.location
    assert finding.location.file == "年报.html"
