"""A PDF that prints something else than its DOCX is refused, with every place; fonts that were replaced are named."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from baogao import Artifact, Job, Output, TemplateError
from baogao_pdf.document import fonts_of
from baogao_pdf.fonts import substituted
from baogao_pdf.parts import Part, Unit, units
from baogao_pdf.renderer import PdfRenderer
from baogao_pdf.rules import RULES
from baogao_pdf.stable import fixed
from plugins.pdf.papers import EXAMPLES, Printed, edited

Make = Callable[[str, str], Printed]


@pytest.fixture
def made(printed: Make) -> Printed:
    return printed(EXAMPLES[0], "public")


def job(made: Printed, docx: bytes | None = None, profile: str = "public") -> Job:
    document = replace(made.docx, content=docx or made.docx.content)
    read = {"docx/public": {path: cell.text() for path, cell in made.report.cells().items()}}
    return Job(
        made.report, Output("pdf", profile), _Nothing(), made.pdf.name, made={"docx/public": document}, printed=read
    )


class _Nothing:
    def find(self, kind: str, name: str, section: str = "") -> None:
        return None


def told(made: Printed, docx: bytes | None = None, pdf: bytes | None = None) -> list[tuple[str, str]]:
    """Return what reading back finds wrong."""
    artifact = replace(made.pdf, content=made.pdf.content if pdf is None else pdf)
    with pytest.raises(TemplateError) as caught:
        PdfRenderer().read_back(artifact, job(made, docx))
    return [(finding.rule, str(finding.message)) for finding in caught.value.findings]


# Reading back


def test_the_texts_of_the_report_are_read_back(made: Printed):
    read = PdfRenderer().read_back(made.pdf, job(made))

    assert read == {path: cell.text() for path, cell in made.report.cells().items()}


def test_another_number_is_named_with_its_cell(made: Printed):
    name = made.pdf.file_name
    assert told(made, edited(made.docx.content, (">22<", ">23<"))) == [
        ("PDF-002", f"{name} 里应是第 2 格的“23”，印成了第 2 格的“22”")
    ]


def test_a_number_in_the_next_cell_is_noticed_even_where_that_is_blank(made: Printed):
    name = made.pdf.file_name
    moved = edited(made.docx.content, (">22<", "><"), (">-4<", ">22<"))
    assert told(made, moved) == [
        ("PDF-002", f"{name} 里应是第 3 格的“22”，印成了第 2 格的“22”"),
        ("PDF-002", f"{name} 里多出第 3 格的“-4”"),
    ]


def test_a_paragraph_that_is_missing_and_one_too_many_are_named(made: Printed):
    line = "<w:p><w:r><w:t>这一段没有印出</w:t></w:r></w:p>"
    [(rule, message)] = told(made, edited(made.docx.content, ("<w:body>", f"<w:body>{line}")))
    assert (rule, message) == ("PDF-002", f"{made.pdf.file_name} 里没有 DOCX 的“这一段没有印出”")

    [(rule, message)] = told(made, edited(made.docx.content, (">无<", "><")))
    assert (rule, message) == ("PDF-002", f"{made.pdf.file_name} 里多出“无”")


def test_hidden_words_are_not_missed(made: Printed):
    line = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r></w:p>"

    assert PdfRenderer().read_back(made.pdf, job(made, edited(made.docx.content, ("<w:body>", f"<w:body>{line}"))))


@pytest.mark.parametrize("pdf", [b"", b"junk", b"%PDF-1.6 %%EOF", b"%PDF-1.6\n1 0 obj\n<<>>\nendobj\n%%EOF"])
def test_a_file_that_cannot_be_read_is_refused(made: Printed, pdf: bytes):
    [(rule, message)] = told(made, pdf=pdf)

    assert rule == "PDF-002"
    assert f"文件 {made.pdf.file_name} 读不出来" in message


def test_a_damaged_pdf_is_refused_or_reads_the_same(made: Printed):
    chance = random.Random(2020)
    content = made.pdf.content
    for _ in range(40):
        damaged = bytearray(content[: chance.choice((len(content), chance.randrange(len(content))))])
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            PdfRenderer().read_back(replace(made.pdf, content=bytes(damaged)), job(made))
        except TemplateError as error:
            assert {finding.rule for finding in error.findings} == {"PDF-002"}  # noqa: PT017 - reading it is right too


def test_only_the_docx_of_its_own_profile_is_made_a_pdf_of(made: Printed):
    with pytest.raises(TemplateError) as caught:
        PdfRenderer().render(job(made, profile="filing"))
    [finding] = caught.value.findings

    assert (finding.rule, str(finding.message)) == ("PDF-003", "没有可以转成 PDF 的 DOCX（filing）")
    assert "{renderer: docx, profile: filing}" in finding.hint


def test_blank_cells_count_and_blank_rows_do_not():
    parts = [
        *(Part("row"), Part("cell"), Part("cell"), Part("words", " 1\n2 "), Part("cell"), Part("end")),
        *(Part("row"), Part("cell"), Part("end")),
        Part("words", "后"),
    ]

    assert list(units(parts)) == [Unit(-1, ""), Unit(2, "12"), Unit(0, "后")]


# Fonts


def test_the_fonts_that_words_are_set_in_are_found(made: Printed):
    fonts = fonts_of(made.docx.content)

    assert set(fonts) >= {"仿宋_GB2312", "黑体"}
    assert "仿宋" in fonts["仿宋_GB2312"]


def test_replaced_fonts_are_named(made: Printed):
    line = '<w:p><w:r><w:rPr><w:rFonts w:eastAsia="没有的字体"/></w:rPr><w:t>字</w:t></w:r></w:p>'
    strange = edited(made.docx.content, ("<w:body>", f"<w:body>{line}"))
    [rule] = [rule for rule in RULES if rule.checks]
    [finding] = rule.check(job(made, strange), made.pdf)  # type: ignore[arg-type]

    assert "没有的字体" in finding.message
    assert made.pdf.file_name in finding.message


@pytest.mark.parametrize(
    ("wanted", "embedded", "lost"),
    [
        ({"仿宋_GB2312": ()}, ["FangSong_GB2312"], []),
        ({"仿宋_GB2312": ()}, ["FangSong"], ["仿宋_GB2312"]),
        ({"仿宋_GB2312": ("仿宋",)}, ["FangSong"], []),
        ({"方正小标宋简体": ()}, ["FZXBSJW--GB1-0"], []),
        ({"宋体": (), "黑体": ()}, ["SimSun", "DejaVuSans"], ["黑体"]),
        ({"Times New Roman": ()}, ["TimesNewRomanPSMT"], []),
        ({"Times New Roman": ()}, ["LiberationSerif"], ["Times New Roman"]),
        ({"Noto Serif CJK SC": ()}, ["NotoSerifCJKjp-Regular-VKana"], []),
        ({"Noto Serif CJK SC": ()}, ["NotoSansCJKjp-Regular-VKana"], ["Noto Serif CJK SC"]),
        ({"Arial": ()}, ["Arial-BoldMT"], []),
    ],
)
def test_a_font_is_known_by_all_its_names(wanted: dict[str, tuple[str, ...]], embedded: list[str], lost: list[str]):
    assert substituted(wanted.items(), embedded) == lost


# The same bytes


TRAILER = b"trailer\n<</Size 9/Root 8 0 R\n/ID [ <%b>\n<%b> ]\n/DocChecksum /%b\n>>\nstartxref\n9\n%%%%EOF\n"


def test_times_and_identifiers_are_those_of_the_report():
    def pdf(second: bytes, mark: bytes, words: bytes = b"words") -> bytes:
        return b"%%PDF-1.6\n<</CreationDate(D:202611231204%bZ')>> %b\n" % (second, words) + TRAILER % ((mark * 32,) * 3)

    one, other = (fixed(pdf(second, mark), date(2021, 1, 20)) for second, mark in ((b"48", b"A"), (b"49", b"B")))

    assert one == other
    assert b"/CreationDate(D:20210120000000Z')" in one
    assert len(one) == len(pdf(b"48", b"A"))
    assert fixed(pdf(b"48", b"A", b"others"), date(2021, 1, 20))[-150:] != one[-150:]


def test_a_report_without_a_date_has_fixed_times_too():
    assert fixed(b"/CreationDate(D:20261123120448Z)", None) == b"/CreationDate(D:19800101000000Z)"


def test_the_dates_of_newer_versions_are_fixed_too():
    xmp = b"<xmp:CreateDate>2026-11-23T12:04:48Z</xmp:CreateDate>"

    assert fixed(xmp, date(2021, 1, 20)) == b"<xmp:CreateDate>2021-01-20T00:00:00Z</xmp:CreateDate>"


def test_an_artifact_is_a_pdf(made: Printed):
    assert (made.pdf.suffix, made.pdf.media_type) == ("pdf", "application/pdf")
    assert isinstance(made.pdf, Artifact)
