"""The rules on a page, as a clerk meets them; their examples are tried with those of all rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from baogao.model.findings import Finding, Severity
from baogao.model.jobs import Artifact, Job, Output
from baogao.model.report import Section
from baogao_html.renderer import HtmlRenderer
from baogao_html.rules import COLUMN_TYPES, RULES
from reports import EXAMPLE, Run, sample

if TYPE_CHECKING:
    from conftest import MakeJob

SITE = '  website: {name: 洛龙区人民政府网站, domain: www.example.gov.cn, id: "0000000000"}'
WORD = Artifact("年报", "docx", "application/zip", b"w")
PDF = Artifact("年报", "pdf", "application/pdf", b"p")


@pytest.fixture
def job(make_job: MakeJob, seven_sections: Sequence[Section]) -> Job:
    return replace(make_job(*seven_sections), made={"docx/public": WORD})


def found(job: Job, *changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Return what the rules find in the page after some changes to it."""
    artifact = HtmlRenderer().render(job)
    for old, new in changes:
        assert old.encode() in artifact.content
        artifact = replace(artifact, content=artifact.content.replace(old.encode(), new.encode()))
    findings: list[tuple[str, Finding]] = [(rule.id, found) for rule in RULES for found in rule.check(job, artifact)]
    return [(rule, finding.path, str(finding.message)) for rule, finding in findings]


def test_each_rule_says_what_it_is_and_why():
    assert [rule.id for rule in RULES] == [f"PUB-00{number}" for number in range(1, 6)]
    for rule in RULES:
        assert rule.renderer == "html"
        assert all((rule.title, rule.basis, rule.explanation, rule.hint, rule.examples))


@pytest.mark.parametrize("profile", ["public", "fragment"])
def test_a_page_and_a_fragment_of_ours_are_as_they_should_be(job: Job, profile: str):
    assert found(replace(job, output=Output("html", profile))) == []


def test_a_report_without_a_website_is_not_published_and_is_told_what_to_fill_in(run: Run, tmp_path: Path):
    report = sample(tmp_path, {"report.yaml": (SITE, "  website: {name: 洛龙区人民政府网站}")})
    ran = run("build", report, "--format", "json")

    (lack,) = [found for found in ran.findings if found.rule == "PUB-001"]
    assert ran.code == 1
    assert not (report / "out").exists()
    assert lack.place == "report.yaml:12:3"
    assert lack.words.startswith(
        "网页缺少必选标签 SiteDomain、SiteIDCode：report.yaml 没有填 unit.website.domain、unit.website.id\n"
        "在 report.yaml 的 unit.website 下填网站的 name、domain、id"
    )


@pytest.mark.parametrize("options", [("--to", "docx"), ("--draft",), ("--to", "docx", "--fragment")])
def test_without_a_website_there_is_still_word_a_draft_and_a_fragment(
    run: Run, tmp_path: Path, options: tuple[str, ...]
):
    report = sample(tmp_path, {"report.yaml": (SITE, "")})
    run("build", report, *options)

    assert list((report / "out").iterdir())


def test_a_template_that_drops_the_tags_is_told_from_a_report_that_lacks_them(job: Job):
    assert found(
        job, ('<meta name="SiteName"', '<meta name="Site"'), ('<meta name="PubDate"', '<meta name="Date"')
    ) == [("PUB-001", "", "网页缺少必选标签 SiteName、PubDate：模板 page.html 没有印")]


def test_a_report_without_a_date_has_no_time_of_publication(job: Job):
    undated = replace(job, report=replace(job.report, date=None))

    assert found(undated) == [("PUB-001", "", "网页缺少必选标签 PubDate：report.yaml 没有填 date")]


def test_a_site_id_of_another_length_is_a_warning(make_job: MakeJob):
    job = make_job(extra={"website": {"name": "网站", "domain": "www.example.gov.cn", "id": "41031"}})
    (finding,) = RULES[0].check(job, HtmlRenderer().render(job))

    assert (finding.severity, str(finding.message)) == (
        Severity.WARNING,
        "标签 SiteIDCode 是 10 位的政府网站标识码：41031",
    )


def test_a_form_without_a_column_of_its_own_needs_no_tags_until_it_names_one(make_job: MakeJob):
    job = make_job(form="rule_of_law", extra={})
    named = replace(job, output=Output("html", options={"column": {"name": "法治政府建设"}}))

    assert [rule for rule, _, _ in found(job)] == ["PUB-003"]
    keys = ("unit.website.name", "unit.website.domain", "unit.website.id", "description", "keywords", "type")
    (lack,) = [words for rule, _, words in found(named) if rule == "PUB-001"]
    assert lack.endswith("、".join(key if "." in key else f"outputs.column.{key}" for key in keys))


def test_a_picture_is_found_with_its_line(job: Job):
    ((rule, _, words),) = found(job, ("<!doctype html>", '<!doctype html>\n<img alt="表" src="a.png">'))

    assert (rule, words) == ("PUB-002", "网页第 2 行有图片：<img>")


def test_a_table_that_is_no_table_is_found(job: Job):
    assert ("PUB-002", "disputes", "“四、政府信息公开行政复议、行政诉讼情况”没有印成表格") in found(
        job, ("<table", "<div"), ("</table>", "</div>")
    )


def test_what_is_made_must_be_linked(job: Job):
    assert found(replace(job, made={})) == [("PUB-003", "", "网页没有链接可下载的 Word 版：这一次没有生成它")]
    both = replace(job, made={"docx/public": WORD, "pdf/public": PDF})
    assert found(both) == []
    assert found(both, ("年报.pdf", "年报"), ("%E5%B9%B4%E6%8A%A5.pdf", "b")) == [
        ("PUB-003", "", "网页没有链接可下载的 PDF 版")
    ]


def test_no_one_is_warned_of_a_missing_pdf_that_was_not_asked_for(run: Run, tmp_path: Path):
    assert "PUB-003" not in run("build", EXAMPLE, "-o", tmp_path).out


def test_a_table_that_cannot_be_read_aloud_is_found(job: Job):
    changes = [(' scope="rowgroup"', ""), ('id="disputes-r1c1"', 'id="other"')]

    assert found(job, *changes) == [
        ("PUB-004", "proactive", "“二、主动公开政府信息情况”的表格缺少表头的 scope"),
        ("PUB-004", "requests", "“三、收到和处理政府信息公开申请情况”的表格缺少表头的 scope"),
        ("PUB-004", "disputes", "“四、政府信息公开行政复议、行政诉讼情况”的表格缺少headers 所指的表头"),
    ]


def test_the_column_is_of_a_type_there_is(job: Job):
    assert "信息公开年报" in COLUMN_TYPES
    assert len(COLUMN_TYPES) == 18
    options = {"column": {"name": "公告", "type": "工作动态"}}
    assert found(replace(job, output=Output("html", options=options))) == [
        ("PUB-005", "", "标签 ColumnType 是“工作动态”，应是：信息公开年报"),
        ("PUB-005", "", "栏目名称“公告”看不出是年报：应有“年报”“年度报告”或“年度报表”"),
    ]
