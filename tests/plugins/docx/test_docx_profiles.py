"""公开件 and 报送件: what each prints and where, and how further kinds of copies come about."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

import baogao
from baogao.files.yaml import Document
from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.model.jobs import Job, Output
from baogao.model.report import Report
from baogao.stages.outputs import usable_outputs
from baogao_docx.judging.rules import RULES
from baogao_docx.renderer import DocxRenderer

ROOT = Path(__file__).parents[3]
CHECKER = ROOT.parent / "shared" / "tools" / "check_docx.py"
LETTER = {
    "number": "洛统〔2021〕2号",
    "to": "洛龙区人民政府办公室",
    "enclosures": ["数据表", "情况说明"],
}
Jobs = Callable[..., Job]


def filed(job: Job, **options: Any) -> Job:
    """Return the job of a 报送件."""
    return replace(job, output=Output("docx", "filing", options))


def lines(job: Job) -> list[tuple[str, str]]:
    """Return the style and the words of each paragraph that is not empty."""
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job).content))
    return [(one.style.name, one.text) for one in document.paragraphs if one.text]


def test_a_paper_to_be_filed_begins_with_number_title_and_addressee(yearly: Report, job_of: Jobs):
    assert lines(filed(job_of(yearly), **LETTER))[:3] == [
        ("发文字号", "洛统〔2021〕2号"),
        ("Title", "洛龙区统计局\n2020年政府信息公开工作年度报告"),
        ("主送机关", "洛龙区人民政府办公室："),
    ]


def test_it_ends_with_enclosures_signature_and_date(yearly: Report, job_of: Jobs):
    assert lines(filed(job_of(yearly), **LETTER))[-5:] == [
        ("公文正文", "无。"),
        ("附件说明", "附件：1. 数据表"),
        ("附件说明", "　　　2. 情况说明"),
        ("落款", "洛龙区统计局"),
        ("落款", "2021年1月20日"),
    ]


def test_one_enclosure_has_no_number_and_the_signature_may_be_another(yearly: Report, job_of: Jobs):
    job = filed(job_of(yearly), enclosures=["数据表"], signature="洛阳市洛龙区统计局")
    assert lines(job)[-3:-1] == [("附件说明", "附件：数据表"), ("落款", "洛阳市洛龙区统计局")]


def test_what_is_not_given_is_not_printed(yearly: Report, job_of: Jobs):
    printed = lines(filed(job_of(replace(yearly, date=None))))
    assert printed[0][0] == "Title"
    assert {"发文字号", "主送机关", "附件说明"}.isdisjoint(style for style, _ in printed)
    assert printed[-1] == ("落款", "洛龙区统计局")


def test_the_public_copy_has_its_date_below_the_title_and_nothing_of_a_letter(yearly: Report, job_of: Jobs):
    printed = lines(job_of(yearly))
    assert printed[1] == ("Subtitle", "（2021年1月20日）")
    assert {"发文字号", "主送机关", "附件说明", "落款"}.isdisjoint(style for style, _ in printed)


def test_signature_and_date_stand_four_characters_from_the_right_on_a_page_with_text(yearly: Report, job_of: Jobs):
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(filed(job_of(yearly), **LETTER)).content))
    layout = document.styles["落款"].element.pPr
    last = next(one for one in document.paragraphs if one.text == "无。")

    assert (layout.xpath("string(w:jc/@w:val)"), layout.xpath("string(w:ind/@w:rightChars)")) == ("right", "400")
    assert last.paragraph_format.keep_with_next
    assert all(document.styles[name].paragraph_format.keep_with_next for name in ("落款", "附件说明"))


def test_titles_cells_and_text_are_read_back_from_each_profile(yearly: Report, job_of: Jobs):
    for job in (job_of(yearly), filed(job_of(yearly), **LETTER)):
        printed = DocxRenderer().read_back(DocxRenderer().render(job), job)
        assert printed[""] == yearly.title
        assert [printed[section.id] for section in yearly] == [section.title for section in yearly]
        assert {path: printed[path] for path in yearly.cells()} == {
            path: cell.text() for path, cell in yearly.cells().items()
        }


def test_titles_that_a_template_has_not_are_read_as_nothing(
    yearly: Report, job_of: Jobs, fragment: Callable[..., Path]
):
    job = job_of(yearly, others=fragment("others", "其他", "{{p section.body }}"))
    assert DocxRenderer().read_back(DocxRenderer().render(job), job)["others"] == ""


def test_a_title_beside_other_words_is_found(yearly: Report, job_of: Jobs, fragment: Callable[..., Path]):
    job = job_of(yearly, others=fragment("others", "（{{ section.title }}）", "{{p section.body }}"))
    assert DocxRenderer().read_back(DocxRenderer().render(job), job)["others"] == "六、其他需要报告的事项"


@pytest.mark.parametrize("name", ["luolong-2020", "example-2024"])
@pytest.mark.parametrize("profile", ["public", "filing"])
@pytest.mark.parametrize("looks", [{}, {"contents": "true", "landscape": "true", "fonts": {"仿宋": "仿宋"}}])
def test_every_example_is_valid_in_every_profile_and_always_the_same(
    name: str, profile: str, looks: dict[str, Any], job_of: Jobs
):
    if not CHECKER.is_file():
        pytest.skip("check_docx.py does not lie beside the checkout")
    spec = importlib.util.spec_from_file_location("check_docx", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    checker: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    options = {**(LETTER if profile == "filing" else {}), **looks}
    job = replace(job_of(baogao.load(ROOT / "examples" / name)), output=Output("docx", profile, options))

    content = DocxRenderer().render(job).content
    assert [finding for finding in checker.check(content) if finding.level in "EP"] == []
    assert DocxRenderer().render(job).content == content


def test_a_shell_without_a_place_for_what_is_given_is_named(yearly: Report, job_of: Jobs):
    job = replace(job_of(yearly), output=Output("docx", "public", {"number": "洛统〔2021〕2号"}))
    made = DocxRenderer().render(job)
    check = next(rule.check for rule in RULES if rule.id == "FMT-005")

    assert [found.message for found in check(job, made)] == ["没有印出发文字号“洛统〔2021〕2号”"]


def test_a_further_profile_takes_a_shell_of_its_name_or_else_the_common_one(
    yearly: Report, job_of: Jobs, tmp_path: Path
):
    document: Any = docx.Document(str(ROOT / "templates" / "shell.docx"))
    document.paragraphs[0].insert_paragraph_before("内部件", style="Subtitle")
    document.save(str(tmp_path / "shell.inner.docx"))
    job = replace(job_of(yearly, **{"shell.inner": tmp_path / "shell.inner.docx"}), output=Output("docx", "inner"))

    assert lines(job)[0] == ("Subtitle", "内部件")
    assert lines(replace(job, output=Output("docx", "unknown"))) == lines(job_of(yearly))


def problems(output: Output) -> list[str]:
    """Return what is said of an entry of `outputs:`."""
    registry = open_registry(Selection())
    return [finding.message for finding in usable_outputs((output,), registry, Document("report.yaml"))[1]]


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (LETTER, []),
        ({"number": "洛统[2021]2号"}, ["number"]),
        ({"nummer": "x"}, ["nummer"]),
        ({"contents": "ja"}, ["contents"]),
        ({"fonts": {"隶书": "隶书"}}, ["fonts"]),
        ({"enclosures": []}, ["enclosures"]),
    ],
)
def test_options_are_checked_before_anything_is_made(options: dict[str, Any], wrong: list[str]):
    found = problems(Output("docx", "filing", options))
    assert len(found) == len(wrong)
    assert all(name in message for name, message in zip(wrong, found, strict=True))


def test_a_letter_has_no_place_in_the_public_copy():
    assert len(problems(Output("docx", "public", {"number": "洛统〔2021〕2号"}))) == 1


def indents(job: Job, *texts: str) -> list[tuple[str, dict[str, float]]]:
    """Return how the paragraphs with these words are set: alignment, and what is free at their sides in characters."""
    document: Any = docx.Document(io.BytesIO(DocxRenderer().render(job).content))
    found = [next(one for one in document.paragraphs if one.text == text)._p.pPr for text in texts]
    sides = ("left", "right", "hanging")
    return [
        (
            one.xpath("string(w:jc/@w:val)"),
            {side: int(one.xpath(f"string(w:ind/@w:{side}Chars)")) / 100 for side in sides},
        )
        for one in found
    ]


def free(left: float = 0, right: float = 0, hanging: float = 0) -> dict[str, float]:
    return {"left": left, "right": right, "hanging": hanging}


DATE = "2021年1月20日"
"""As wide as six and a half characters."""


@pytest.mark.parametrize(
    ("seal", "name", "signature", "date"),
    [
        ("true", "洛龙区统计局", ("center", free(left=13.5)), ("center", free(left=13.5))),
        ("true", "洛阳市洛龙区人民政府办公室和统计局", ("center", free(left=10.5)), ("center", free(left=10.5))),
        ("false", "洛阳市洛龙区人民政府", ("right", free(right=2)), ("right", free(right=3.5))),
        ("false", "统计局", ("right", free(right=7.5)), ("right", free(right=2))),
    ],
)
def test_signature_and_date_stand_where_the_standard_puts_them(
    seal: str, name: str, signature: Any, date: Any, yearly: Report, job_of: Jobs
):
    job = filed(job_of(yearly), seal=seal, signature=name)
    assert indents(job, name, DATE) == [signature, date]


def test_a_very_long_signature_is_broken_between_words(yearly: Report, job_of: Jobs):
    name = "洛阳市洛龙区人民政府办公室、洛阳市洛龙区发展和改革委员会、洛阳市洛龙区统计局"
    printed = [text for style, text in lines(filed(job_of(yearly), signature=name)) if style == "落款"]

    assert printed[0].replace("\n", "") == name
    assert printed[0].split("\n") == [
        "洛阳市洛龙区人民政府办公室、",
        "洛阳市洛龙区发展和改革委员会、洛阳市洛龙区统计局",
    ]


def test_a_long_name_of_an_enclosure_goes_on_under_its_first_character(yearly: Report, job_of: Jobs):
    several = filed(job_of(yearly), enclosures=["数据表", "情况说明"])
    one = filed(job_of(yearly), enclosures=["数据表"])

    assert indents(several, "附件：1. 数据表", "　　　2. 情况说明") == [("both", free(left=6.5, hanging=4.5))] * 2
    assert indents(one, "附件：数据表") == [("both", free(left=5, hanging=3))]


def test_a_name_of_an_enclosure_that_ends_in_punctuation_is_named_and_printed_as_it_is(yearly: Report, job_of: Jobs):
    job = filed(job_of(yearly), enclosures=["数据表。"])
    check = next(rule.check for rule in RULES if rule.id == "FMT-006")

    assert [found.message for found in check(job, DocxRenderer().render(job))] == ["附件名称“数据表。”后面不加标点"]
    assert ("附件说明", "附件：数据表。") in lines(job)
