"""A page fit to be published: read strictly, every figure in its cell, the copies it links; and the fragment of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from baogao import pipeline
from baogao.model.jobs import Artifact, Job, Linker, Output
from baogao.model.report import Section
from baogao_html.renderer import HtmlRenderer, output_profiles
from reports import EXAMPLE, Run, sample

if TYPE_CHECKING:
    from conftest import MakeJob

EXAMPLES = ["luolong-2020", "example-2023", "example-2024"]
WORD = Artifact("局 2020年", "docx", "application/zip", b"w" * 40_000)
PDF = Artifact("局 2020年", "pdf", "application/pdf", b"p" * 100)


def example_job(name: str, profile: str = "public") -> Job:
    opened = pipeline.open_report(EXAMPLE.parent / name)
    return Job(opened.report, Output("html", profile), opened.plan.search, "年报")


@pytest.fixture
def job(make_job: MakeJob, seven_sections: Sequence[Section]) -> Job:
    return make_job(*seven_sections)


def drawn(job: Job) -> str:
    return HtmlRenderer().render(job).content.decode()


def strictly(page: str) -> Element:
    """Return the tree of a page as the HTML standard reads it; raise for whatever is an error there."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("draft", [False, True])
def test_a_page_has_no_error_of_html(name: str, draft: bool):
    strictly(drawn(replace(example_job(name), draft=draft, made={"docx/public": WORD})))


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("draft", [False, True])
def test_a_fragment_has_no_error_of_html(name: str, draft: bool):
    page = drawn(replace(example_job(name, "fragment"), draft=draft))

    html5lib.HTMLParser(strict=True).parseFragment(page)


@pytest.mark.parametrize("profile", ["public", "fragment"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_figure_of_the_three_tables_stands_in_its_cell(name: str, profile: str):
    job = example_job(name, profile)
    root = html5lib.parse(drawn(job), namespaceHTMLElements=False)

    for section in (section for section in job.report if section.tables):
        (table,) = section.tables
        printed = dict(spread(next(found for found in root.iter("table") if found.get("id") == section.id)))
        for slot in table.grid():
            cell = printed[slot.row, slot.column]
            meant = table.cells[slot.path].text() if slot.path else slot.text
            assert (cell.text or "", int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))) == (
                meant,
                slot.height,
                slot.width,
            )
            assert not slot.path or cell.get("id") == slot.path
        assert len(printed) == len(table.grid())
    assert len(job.report.cells()) > 190


def spread(table: Element) -> Iterator[tuple[tuple[int, int], Element]]:
    """Yield every cell with the row and column it begins in, as browsers lay it out."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            yield (row, column), cell
            down, right = range(int(cell.get("rowspan", 1))), range(int(cell.get("colspan", 1)))
            taken.update((row + below, column + beside) for below in down for beside in right)


def test_the_page_waits_for_the_copies_it_links():
    assert isinstance(HtmlRenderer(), Linker)
    assert HtmlRenderer().uses == ("docx", "pdf")


def links(job: Job) -> list[tuple[str | None, str | None]]:
    root = strictly(drawn(job))
    return [(link.get("href"), link.text) for link in root.iter("a") if link.get("download")]


def test_the_copies_are_linked_by_their_escaped_names_with_their_sizes(job: Job):
    made = {"docx/public": WORD, "pdf/public": PDF}

    assert links(replace(job, made=made)) == [
        ("%E5%B1%80%202020%E5%B9%B4.docx", "Word 版（39 KB）"),
        ("%E5%B1%80%202020%E5%B9%B4.pdf", "PDF 版（1 KB）"),
    ]


def test_a_copy_that_is_not_for_the_public_is_not_linked(job: Job):
    assert links(replace(job, made={"docx/filing": WORD})) == []


def tags(job: Job) -> dict[str | None, str | None]:
    return {tag.get("name"): tag.get("content") for tag in strictly(drawn(job)).iter("meta") if tag.get("name")}


def test_an_output_says_what_its_column_and_its_article_are(job: Job):
    options: Mapping[str, Any] = {
        "column": {"name": "年报", "description": "历年年报", "keywords": "公开"},
        "article": {"published": "2021-01-20 09:30", "author": "张三", "url": "https://www.example.gov.cn/1.html"},
    }

    found = tags(replace(job, output=Output("html", options=options)))

    assert {name: found[name] for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")} == {
        "ColumnName": "年报",
        "ColumnDescription": "历年年报",
        "ColumnKeywords": "公开",
        "ColumnType": "信息公开年报",
    }
    assert [found[name] for name in ("PubDate", "Author", "Url")] == [
        "2021-01-20 09:30",
        "张三",
        "https://www.example.gov.cn/1.html",
    ]


def test_the_page_and_the_fragment_take_the_same_options():
    page, fragment = output_profiles()

    assert (page.name, fragment.name, fragment.title) == ("public", "fragment", "片段")
    assert page.options.keys() == fragment.options.keys() == {"column", "article"}


def test_a_slip_in_the_options_is_named(run: Run, tmp_path: Path):
    output = "outputs: [docx, {renderer: html, column: {nane: 年报}}]"
    ran = run("check", sample(tmp_path, {"report.yaml": ("outputs: [docx, html]", output)}), "--format", "json")

    assert [(found.rule, found.place) for found in ran.findings] == [("SRC-008", "report.yaml:21:49")]


# The fragment


def test_a_fragment_holds_what_stays_when_a_cms_strips_styles(make_job: MakeJob, seven_sections: Sequence[Section]):
    page = drawn(replace(make_job(*seven_sections), output=Output("html", "fragment")))

    assert not re.search(r"<(html|head|body|main|h1|style|script|meta|link|nav|img)\b|\sclass=", page)
    assert page.count('<table border="1" cellspacing="0" cellpadding="4"') == page.count("<table") - 3
    assert len(re.findall(r"<table[^>]* border=\"1\"[^>]* style=", page)) == page.count("<table") == 4


def test_a_fragment_begins_with_the_tags_to_fill_in(job: Job):
    job = replace(job, output=Output("html", "fragment", {"column": {"name": "年报--><script>"}}))

    comment, _, rest = drawn(job).partition("-->")

    assert comment.splitlines()[:5] == [
        "<!--",
        "网页标签，请在内容管理系统中照填：",
        "SiteName: 洛龙区人民政府",
        "SiteDomain: www.luolong.gov.cn",
        "SiteIDCode: 4103110001",
    ]
    assert "ColumnName: 年报- -><script>" in comment
    assert rest.lstrip().startswith('<div id="section-preface">')


def test_a_fragment_leaves_no_doubt_that_it_is_a_draft(job: Job):
    assert "草稿：尚未定稿，不得公开" in drawn(replace(job, output=Output("html", "fragment"), draft=True))


def test_damage_in_a_template_of_a_fragment_is_found_as_in_a_page(make_job: MakeJob):
    from baogao.errors import TemplateError

    section = Section("others", "六、其他", ())
    job = make_job(section, templates={"others.html": "<h2>题</h2>\n<p>文"})
    job = replace(job, output=Output("html", "fragment"))
    renderer = HtmlRenderer()

    with pytest.raises(TemplateError) as caught:
        renderer.read_back(renderer.render(job), job)

    assert [str(finding.location) for finding in caught.value.findings] == ["templates/others.html:2"]


def written(folder: Path) -> list[str]:
    title = "洛龙区统计局2020年政府信息公开工作年度报告"
    return sorted(path.name.removeprefix(title) for path in folder.iterdir())


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ((), [".docx", ".html", "（片段）.html"]),
        (("--to", "docx"), [".docx", "（片段）.html"]),
        (("--to", "html"), [".html", "（片段）.html"]),
    ],
)
def test_build_writes_the_fragment_too_when_asked(run: Run, tmp_path: Path, options: Sequence[str], files: list[str]):
    assert run("build", EXAMPLE, "-o", tmp_path, "--fragment", *options).code == 0
    assert written(tmp_path) == files


def test_a_fragment_that_report_yaml_asks_for_is_written_once(run: Run, tmp_path: Path):
    output = "outputs: [{renderer: html, profile: fragment}]"
    report = sample(tmp_path, {"report.yaml": ("outputs: [docx, html]", output)})

    assert run("build", report, "--fragment").code == 0
    assert written(report / "out") == ["（片段）.html"]


def test_the_fragment_has_the_column_of_the_page(run: Run, tmp_path: Path):
    output = "outputs: [{renderer: html, column: {name: 统计局年报}}]"
    report = sample(tmp_path, {"report.yaml": ("outputs: [docx, html]", output)})
    run("build", report, "--fragment")

    (fragment,) = (report / "out").glob("*片段*")
    assert "ColumnName: 统计局年报" in fragment.read_text("utf-8")


def test_the_built_page_links_the_built_word_file(run: Run, tmp_path: Path):
    from urllib.parse import unquote

    run("build", EXAMPLE, "-o", tmp_path)

    (page,) = tmp_path.glob("*.html")
    ((href, text),) = [
        (link.get("href") or "", link.text)
        for link in strictly(page.read_text("utf-8")).iter("a")
        if link.get("download")
    ]
    size = round((tmp_path / unquote(href)).stat().st_size / 1024)
    assert text == f"Word 版（{size} KB）"
