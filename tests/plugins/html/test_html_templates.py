"""Templates: whoever edits one is told the file, the line and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from baogao.errors import TemplateError
from baogao.model.findings import Location
from baogao.model.jobs import Job
from baogao.model.report import Block, Run, Section
from baogao_html.renderer import HtmlRenderer

if TYPE_CHECKING:
    from pathlib import Path

    from baogao.model.jobs import ResourceKind
    from conftest import MakeJob, MakeTable

SECTION = Section("overview", "一、总体情况", (Block("paragraph", (Run("正文。"),)),))


class Nowhere:
    """Resources without a single template."""

    def find(self, kind: ResourceKind, name: str, section: str = "") -> Path | None:
        return None


def faults(job: Job) -> list[tuple[str, Location | None]]:
    with pytest.raises(TemplateError) as caught:
        HtmlRenderer().render(job)
    return [(finding.rule, finding.location) for finding in caught.value.findings]


def test_a_template_that_is_nowhere_is_named(make_job: MakeJob):
    lost = replace(make_job(SECTION), resources=Nowhere())

    assert faults(lost) == [("TPL-001", Location("page.html")), ("TPL-001", Location("section.html"))]


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        ("<p>\n{% if report.title %}", "TPL-002", 2),
        ("\n\n{{ report.title.upper() }}", "TPL-002", 3),
        ("\n{% include 'x' %}", "TPL-002", 2),
        ("\n{{ report.tilte }}", "TPL-003", 2),
        ("{{ section.title }}\n\n{{ section.boby }}", "TPL-003", 3),
        ("\n{{ cells.new_received.total }}", "TPL-003", 2),
        ("\n{{ requests.new_received.total }}", "TPL-003", 2),
    ],
)
def test_a_fault_that_can_be_seen_beforehand_is_found_at_its_line(make_job: MakeJob, source: str, rule: str, line: int):
    job = make_job(SECTION, templates={"overview.html": source})

    assert faults(job) == [(rule, Location("templates/overview.html", line))]


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        ("\n{% for part in section.parts %}\n{{ part.colour }}{% endfor %}", "TPL-003", 3),
        ("\n\n{{ section['colour'] }}", "TPL-003", 3),
        ("\n{{ section.parts }}", "TPL-002", 2),
        ("\n{% if section.title < section.parts %}{% endif %}", "TPL-002", 2),
    ],
)
def test_a_fault_that_only_shows_in_use_is_found_at_its_line(make_job: MakeJob, source: str, rule: str, line: int):
    job = make_job(SECTION, templates={"overview.html": source})

    assert faults(job) == [(rule, Location("templates/overview.html", line))]


def test_a_template_in_another_encoding_is_refused_at_its_line(make_job: MakeJob):
    ((rule, place),) = faults(make_job(SECTION, templates={"overview.html": "\n统计局".encode("gbk")}))

    assert (rule, place and place.file, place and place.line) == ("TPL-005", "templates/overview.html", 2)


def test_a_mark_at_the_start_left_by_notepad_does_no_harm(make_job: MakeJob):
    source = "\ufeff<h2>总体</h2>{{ section.body }}"

    page = HtmlRenderer().render(make_job(SECTION, templates={"overview.html": source})).content.decode()

    assert '<section id="section-overview">\n<h2>总体</h2>' in page


def test_the_faults_of_all_templates_are_told_at_once(make_job: MakeJob, make_table: MakeTable):
    templates = {
        "page.html": "{{ report.tilte }}",
        "section.html": "{{ section.boby }}",
        "table.html": "{{ table.captoin }}",
        "overview.html": "{% block x %}",
    }
    requests = Section("requests", "三、申请", (make_table("requests"),))

    found = faults(make_job(SECTION, requests, templates=templates))

    assert found == [
        ("TPL-003", Location("templates/page.html", 1)),
        ("TPL-002", Location("templates/overview.html", 1)),
        ("TPL-003", Location("templates/section.html", 1)),
        ("TPL-003", Location("templates/table.html", 1)),
    ]


def test_the_message_names_file_line_and_the_name_that_was_meant(make_job: MakeJob):
    job = make_job(SECTION, templates={"overview.html": "\n{{ section.boby }}"})

    with pytest.raises(TemplateError) as caught:
        HtmlRenderer().render(job)

    (finding,) = caught.value.findings
    assert finding.message.startswith("模板 templates/overview.html 第 2 行：")
    assert "section.body" in finding.message


def test_a_section_may_have_a_fragment_of_its_own(make_job: MakeJob, seven_sections: Sequence[Section]):
    source = (
        "<h2>申请</h2><p>{{ report.unit.name }}收到{{ cells.new_received.total }}件，{{ requests.disclosed.total }}</p>"
    )

    page = HtmlRenderer().render(make_job(*seven_sections, templates={"requests.html": source})).content.decode()

    assert '<section id="section-requests">\n<h2>申请</h2><p>洛龙区统计局收到2件，0</p>\n</section>' in page
    assert '<table id="disputes"' in page


def test_a_value_cannot_bring_markup_into_a_fragment(make_job: MakeJob):
    section = Section("overview", "<script>alert(1)</script>", ())

    page = HtmlRenderer().render(make_job(section)).content.decode()

    assert "<script" not in page
    assert "&lt;script&gt;" in page
