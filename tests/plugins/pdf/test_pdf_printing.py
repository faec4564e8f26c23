"""What LibreOffice prints of our documents is what the report says, seen by our own reader and by poppler's."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from baogao import Table
from baogao_pdf.document import parts_of
from baogao_pdf.office import convert
from baogao_pdf.parts import units
from baogao_pdf.tagged import Tagged
from plugins.pdf.papers import EXAMPLES, PROFILES, Printed, built, edited, with_pdf

Make = Callable[[str, str], Printed]

EVERY = [(example, profile) for example in EXAMPLES for profile in PROFILES]
PAGE_NUMBER = re.compile(r"^\s*—\s*\d+\s*—\s*$", re.MULTILINE)


def seen(pdf: bytes, folder: Path, *options: str) -> str:
    """Return what poppler reads."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (apt install poppler-utils): no second reader of PDF")
    (folder / "seen.pdf").write_bytes(pdf)
    command = ["pdftotext", *options, "-enc", "UTF-8", str(folder / "seen.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")


def rows(table: Table) -> list[list[str]]:
    """Return the texts of the cells of each printed row."""
    found: dict[int, list[str]] = {}
    for slot in table.grid():
        if slot.path:
            found.setdefault(slot.row, []).append(table.cells[slot.path].text())
    return list(found.values())


@pytest.mark.parametrize(("example", "profile"), EVERY)
def test_every_number_of_the_tables_is_in_its_row_in_order(printed: Make, tmp_path: Path, example: str, profile: str):
    made = printed(example, profile)
    lines = iter(seen(made.pdf.content, tmp_path, "-layout").splitlines())
    tables = [table for section in made.report for table in section.tables]
    wanted = [row for table in tables for row in rows(table)]

    assert len(tables) == 3
    # each row is looked for below the one before it
    assert [row for row in wanted if not any(line.split()[-len(row) :] == row for line in lines)] == []


@pytest.mark.parametrize(("example", "profile"), EVERY)
def test_every_cell_is_at_its_place(printed: Make, example: str, profile: str):
    made = printed(example, profile)
    cells = [unit for unit in units(Tagged(made.pdf.content).parts()) if unit.cell]
    wanted = [text for section in made.report for table in section.tables for text in in_print_order(table)]

    assert [unit.text for unit in cells if unit.cell > 0] == wanted


def in_print_order(table: Table) -> Iterator[str]:
    for slot in table.grid():
        text = table.cells[slot.path].text() if slot.path else slot.text
        yield from filter(None, ["".join(text.split())])


@pytest.mark.parametrize(("example", "profile"), EVERY)
def test_every_paragraph_is_printed_in_order(printed: Make, tmp_path: Path, example: str, profile: str):
    made = printed(example, profile)
    text = "".join(PAGE_NUMBER.sub("", seen(made.pdf.content, tmp_path, "-layout")).split())
    place = 0
    for section in made.report:
        for words in (section.title, *(block.text for block in section.blocks if block.kind != "grid")):
            found = text.find("".join(words.split()), place)
            assert found >= 0, words
            place = found


@pytest.mark.parametrize(("example", "profile"), EVERY)
def test_the_pdf_has_the_outline_of_the_report(printed: Make, example: str, profile: str):
    made = printed(example, profile)
    reader = PdfReader(BytesIO(made.pdf.content))
    titles = [item.title for item in reader.outline if not isinstance(item, list)]

    assert reader.metadata is not None
    assert reader.metadata.title == made.report.title
    assert [title for title in titles if title in {section.title for section in made.report}] == [
        section.title for section in made.report if section.title
    ]


def test_wherever_a_page_ends_nothing_is_lost_or_moved(printed: Make):
    document = printed(EXAMPLES[0], "public").docx.content
    line = "<w:p><w:r><w:t>一行</w:t></w:r></w:p>"
    pushed = [edited(document, ("<w:body>", f"<w:body>{line * lines}")) for lines in range(1, 24, 2)]
    made = convert(pushed, timeout=300)

    for docx, pdf in zip(pushed, made, strict=True):
        assert list(units(Tagged(pdf).parts())) == list(units(parts_of(docx)))


# The same bytes


def test_the_same_report_gives_the_same_bytes(printed: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setenv("LC_ALL", "C")
    again = built(with_pdf(tmp_path / "别处"), tmp_path / "out")

    assert again.pdf.content == printed(EXAMPLES[0], "public").pdf.content


def test_many_at_once_print_the_same_as_one_by_one(printed: Make):
    both = [printed(example, "public") for example in EXAMPLES]
    made = convert([one.docx.content for one in both], timeout=120)

    # only a number within some fonts counts on from one document to the next
    assert [drawn(pdf) for pdf in made] == [drawn(one.pdf.content) for one in both]


def drawn(pdf: bytes) -> list[bytes]:
    """Return what is drawn on each page."""
    pages = PdfReader(BytesIO(pdf)).pages
    return [contents.get_data() for page in pages if (contents := page.get_contents())]


# Nothing is fetched, nothing is left


def test_nothing_is_fetched(printed: Make, scratch: Path):
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - names that the server asks for

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/picture.png"
        code = (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
            f' INCLUDEPICTURE "{address}" \\d </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            '<w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        )
        document = edited(printed(EXAMPLES[0], "public").docx.content, ("<w:body>", f"<w:body>{code}"))
        assert len(convert([document], timeout=60)) == 1
    finally:
        server.shutdown()
        server.server_close()

    assert asked == []
    assert list(scratch.iterdir()) == []
