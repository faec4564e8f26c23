"""The tags of a page say what is possible and true, and what is wrong in them is told where it is written."""

from pathlib import Path

import pytest

from reports import Run, Said, sample

DATE = "date: 2021-01-20"
OUTPUTS = "outputs: [docx, html]"


def told(run: Run, folder: Path, *edits: tuple[str, str]) -> list[Said]:
    """Return what PUB-001 says of the example with report.yaml changed."""
    report = sample(folder)
    path = report / "report.yaml"
    text = path.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return [said for said in run("build", report, "--format", "json").findings if said.rule == "PUB-001"]


def article(words: str) -> tuple[str, str]:
    return OUTPUTS, f"outputs: [docx, {{renderer: html, article: {{{words}}}}}]"


@pytest.mark.parametrize(
    ("published", "message"),
    [
        ("2021-02-30 09:00", "标签 PubDate 应写成“年-月-日 时:分”，如 2021-01-20 09:00：2021-02-30 09:00"),
        ("2021-01-20 25:00", "标签 PubDate 应写成“年-月-日 时:分”，如 2021-01-20 09:00：2021-01-20 25:00"),
        ("2099-01-01 09:00", "标签 PubDate 的 2099-01-01 还没有到"),
        ("2020-01-01 00:00", "标签 PubDate 的 2020-01-01 不在 2020 年度结束之后"),
        ("2021-02-19 09:00", "标签 PubDate 是 2021-02-19，网页上的发布日期是 2021-01-20"),
        ("2021-01-20 09:00", ""),
    ],
)
def test_the_time_of_publication_is_possible_and_that_of_the_page(
    run: Run, tmp_path: Path, published: str, message: str
):
    found = told(run, tmp_path, article(f'published: "{published}"'))

    assert [said.words.splitlines()[0] for said in found] == [message] * bool(message)
    assert {said.place for said in found} <= {"report.yaml:21:55"}


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ('url: "javascript:alert(1)"', "Url"),
        ("url: example", "Url"),
        ('image: "data:text/html,x"', "Image"),
        ("url: https://www.example.gov.cn/a.html", ""),
        ("image: /images/a.png", ""),
    ],
)
def test_addresses_are_those_of_pages(run: Run, tmp_path: Path, words: str, tag: str):
    found = told(run, tmp_path, article(words))

    assert [said.words.partition(" 应")[0] for said in found] == [f"标签 {tag}"] * bool(tag)
    assert all(said.place.startswith("report.yaml:21:") for said in found)


@pytest.mark.parametrize("domain", ["https://www.example.gov.cn/", "www.example.gov.cn/a", "example gov"])
def test_the_domain_is_a_domain_and_nothing_more(run: Run, tmp_path: Path, domain: str):
    [said] = told(run, tmp_path, ("domain: www.example.gov.cn", f'domain: "{domain}"'))

    assert said.words.startswith("标签 SiteDomain 只写域名")
    assert said.place == "report.yaml:12:3"


def test_a_page_alone_says_why_it_links_no_document(run: Run, tmp_path: Path):
    report = sample(tmp_path)

    [alone] = run("build", report, "--to", "html", "--format", "json").findings
    assert alone.words.splitlines() == [
        "网页没有链接可下载的 Word 版：这一次没有生成它",
        "不写 --to，或加上 --to docx，与网页一起生成",
    ]
    assert run("build", report, "--to", "docx", "--to", "docx", "--format", "json").findings == []


def test_what_is_missing_gets_the_hint_that_helps(run: Run, tmp_path: Path):
    report = sample(tmp_path, {"report.yaml": (DATE, "#")})

    found = run("build", report, "--draft", "--to", "html", "--format", "json").findings
    [said] = [said for said in found if said.rule == "PUB-001"]
    assert said.words == "网页缺少必选标签 PubDate：report.yaml 没有填 date\n在 report.yaml 里填上 date"
