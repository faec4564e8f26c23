"""The page: self-contained, tagged as government websites must be, the same each time."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import lxml.html
import pytest

from baogao.model.jobs import Job, Renderer
from baogao.model.report import Section
from baogao_html.renderer import HtmlRenderer, renderers

if TYPE_CHECKING:
    from conftest import MakeJob


@pytest.fixture
def job(make_job: MakeJob, seven_sections: Sequence[Section]) -> Job:
    return make_job(*seven_sections)


def page(job: Job) -> str:
    return HtmlRenderer().render(job).content.decode()


def tags(job: Job) -> dict[str, str]:
    document = lxml.html.document_fromstring(page(job))
    return {tag.get("name"): tag.get("content") for tag in document.iter("meta") if tag.get("name")}


def test_the_plugin_brings_one_renderer_that_needs_no_other():
    (renderer,) = renderers()

    assert isinstance(renderer, Renderer)
    assert (renderer.name, renderer.needs, renderer.profiles) == ("html", (), ("public",))


def test_the_plugin_loads_without_jinja_and_lxml():
    code = "import sys, baogao_html.renderer; print(sorted({'jinja2', 'lxml', 'markupsafe'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


def test_the_artifact_is_called_as_the_job_says(job: Job):
    artifact = HtmlRenderer().render(job)

    assert (artifact.file_name, artifact.media_type) == ("年报.html", "text/html; charset=utf-8")


def test_the_same_report_gives_the_same_bytes(job: Job):
    assert HtmlRenderer().render(job).content == HtmlRenderer().render(job).content


def test_the_page_holds_no_script_and_no_outside_address(job: Job):
    html = page(job)
    document = lxml.html.document_fromstring(html)

    links = [link for _, _, link, _ in document.iterlinks()]
    handlers = [name for element in document.iter() for name in element.attrib if str(name).startswith("on")]
    assert links
    assert all(link == "#report" or link.startswith("#section-") for link in links)
    assert not handlers
    assert not re.search(r"<(script|link|img|iframe|object|embed|base|form)\b|url\(|@import|https?:|//", html)


def test_the_page_forbids_whatever_an_edited_template_might_bring_in(job: Job):
    policy = lxml.html.document_fromstring(page(job)).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_page_says_its_language_and_its_characters(job: Job):
    assert page(job).startswith('<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">')


def test_the_tags_of_government_websites_are_filled_from_the_unit(job: Job):
    assert tags(job) == {
        "viewport": "width=device-width, initial-scale=1",
        "SiteName": "洛龙区人民政府",
        "SiteDomain": "www.luolong.gov.cn",
        "SiteIDCode": "4103110001",
        "ColumnName": "政府信息公开年报",
        "ColumnDescription": "公布洛龙区统计局历年政府信息公开工作年度报告",
        "ColumnKeywords": "政府信息公开,政府信息公开年报,年度报告",
        "ColumnType": "信息公开年报",
        "ArticleTitle": "洛龙区统计局2020年政府信息公开工作年度报告",
        "PubDate": "2021-01-20 00:00",
        "ContentSource": "洛龙区统计局",
        "Keywords": "政府信息公开工作年度报告,洛龙区统计局,2020年",
    }


def test_a_tag_is_left_out_only_where_the_profile_lacks_its_value(make_job: MakeJob, job: Job):
    lacking = make_job(extra={"website": {"name": "洛龙区人民政府"}})

    assert tags(job).keys() - tags(lacking).keys() == {"SiteDomain", "SiteIDCode"}


def test_a_site_id_written_as_a_number_is_printed_as_written(make_job: MakeJob):
    assert tags(make_job(extra={"website": {"id": 4103110001}}))["SiteIDCode"] == "4103110001"


def test_another_form_does_not_stand_in_the_column_of_this_one(make_job: MakeJob):
    assert not [name for name in tags(make_job(form="rule_of_law")) if name.startswith("Column")]


def test_the_contents_lead_to_every_chapter_in_order(job: Job):
    document = lxml.html.document_fromstring(page(job))

    links = [
        (link.text, document.get_element_by_id(link.get("href")[1:]).find("h2").text)
        for link in document.xpath("//nav//a")
    ]
    titles = [section.title for section in job.report if section.title]
    assert links == [(title, title) for title in titles]


def test_no_id_stands_twice(job: Job):
    ids = Counter(lxml.html.document_fromstring(page(job)).xpath("//@id"))

    assert ids.most_common(1)[0][1] == 1


def test_only_a_draft_is_marked(make_job: MakeJob):
    draft, final = (lxml.html.document_fromstring(page(make_job(draft=draft))) for draft in (True, False))

    assert [mark.text_content() for mark in draft.find_class("draft")] == ["草稿：尚未定稿，不得公开"]
    assert "草稿" in draft.findtext(".//title")
    assert not final.find_class("draft")
    assert "草稿" not in final.text_content()


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_words_is_readable_on_the_darkest_ground(job: Job):
    """WCAG 1.4.3 asks for 4.5 : 1; the darkest ground is that of a band."""
    colours = dict(re.findall(r"--(ink|soft|link|mark): (#[0-9a-f]{6})", page(job)))

    assert len(colours) == 4
    for colour in colours.values():
        assert (luminance("#f4f4f4") + 0.05) / (luminance(colour) + 0.05) >= 4.5
