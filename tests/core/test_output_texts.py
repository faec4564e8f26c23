"""What report.yaml says beside the chapters is printed too: the rules on words see it, at its own place."""

from pathlib import Path

import pytest

from reports import Edit, Run, Said, sample

OUTPUTS = "outputs: [docx, html]"


def found(run: Run, report: Path, *options: str) -> list[Said]:
    return run("check", report, "--format", "json", *options).findings


def with_outputs(folder: Path, *lines: str) -> Path:
    edit: Edit = (OUTPUTS, "\n".join(["outputs:", *lines]))
    return sample(folder, {"report.yaml": edit})


FILING = "- {renderer: docx, profile: filing, number: 洛统〔2021〕2号, to: 区政府办公室%s}"


@pytest.mark.parametrize(
    ("option", "rule"),
    [
        ("enclosures: ['13812345678']", "PRV-002"),
        ("enclosures: [台账, 证号110101199003070011]", "PRV-001"),
        ("enclosures: [机密★5年]", "SEC-001"),
        ("enclosures: [残废人台账]", "SEN-001"),
        ("enclosures: [政府信息公开的的台账]", "LNG-001"),
        ("enclosures: ['依照国办发[2017]47号']", "LNG-002"),
        ("signature: XX局", "META-008"),
        ("signature: '{{ report.title }}'", "META-008"),
        ("signature: 洛龙区统计局<w:p/>", "META-008"),
        ("signature: 【待填】", "NAR-105"),
    ],
)
def test_what_a_filing_paper_prints_is_judged_at_its_place(run: Run, tmp_path: Path, option: str, rule: str):
    report = with_outputs(tmp_path, FILING % f", {option}")

    assert [(said.rule, said.path) for said in found(run, report)] == [(rule, "")]
    [said] = found(run, report)
    line = (report / "report.yaml").read_text("utf-8").splitlines()[21]
    value = option.partition(": ")[2].strip("[]").rpartition(", ")[2]
    assert said.place == f"report.yaml:22:{line.index(value) + 1}"


def test_the_tags_of_a_page_are_judged_too(run: Run, tmp_path: Path):
    page = "- {renderer: html, column: {description: 机密★}, article: {author: 13812345678, description: 【待填】}}"
    report = with_outputs(tmp_path, "- docx", page)

    assert [said.rule for said in found(run, report)] == ["SEC-001", "PRV-002", "NAR-105"]


def test_the_profile_of_the_unit_is_judged_where_no_chapter_prints_it(run: Run, tmp_path: Path):
    report = sample(tmp_path, {"report.yaml": ("name: 洛龙区人民政府网站", "name: 洛龙区人民政府网站13812345678")})

    assert [(said.rule, said.place) for said in found(run, report)] == [("PRV-002", "report.yaml:12:3")]


def test_only_what_is_asked_for_is_judged(run: Run, tmp_path: Path):
    report = with_outputs(tmp_path, FILING % ", signature: 机密★", "- html")

    assert run("build", report, "--to", "html", "--format", "json").json["summary"]["error"] == 0
    assert run("build", report, "--to", "docx", "--format", "json").json["summary"]["error"] == 1


def test_addresses_and_keywords_are_no_language(run: Run, tmp_path: Path):
    page = "- {renderer: html, column: {keywords: '公开,年报'}, article: {keywords: '公开,年报', url: 'https://a.cn/公开(1)'}}"
    report = with_outputs(tmp_path, "- docx", page)

    assert found(run, report) == []
