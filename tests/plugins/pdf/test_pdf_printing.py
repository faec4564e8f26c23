"""What LibreOffice prints of our documents is what the report says, seen by our own reader and by poppler's."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from baogao import Table
from baogao_pdf import office
from baogao_pdf.document import parts_of
from baogao_pdf.office import convert
from baogao_pdf.parts import units
from baogao_pdf.tagged import read_pdf
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
    cells = [unit for unit in units(read_pdf(made.pdf.content).parts) if unit.cell]
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
        assert list(units(read_pdf(pdf).parts)) == list(units(parts_of(docx)))


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


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_linked_picture(document: bytes, address: str) -> bytes:
    """Return a DOCX with a picture that lies at an address: nothing of ours has one."""
    relation = f'<Relationship Id="far" Type="{RELATIONS}/image" Target="{address}" TargetMode="External"/>'
    picture = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing"><wp:extent cx="9000" cy="9000"/>'
        f'<wp:docPr id="99" name="x"/><a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="9" name="x"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{RELATIONS}" r:link="far"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    linked = edited(document, ("</Relationships>", f"{relation}</Relationships>"), part="word/_rels/document.xml.rels")
    return edited(linked, ("<w:body>", f"<w:body>{picture}"))


@contextmanager
def web() -> Generator[tuple[str, list[str]]]:
    """Yield the address of a server on this machine, and what it has been asked for."""
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
        yield f"http://127.0.0.1:{server.server_port}/picture.png", asked
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_is_fetched_and_nothing_is_left(printed: Make, scratch: Path):
    with web() as (address, asked):
        document = with_linked_picture(printed(EXAMPLES[0], "public").docx.content, address)
        assert len(convert([document], timeout=60)) == 1

    assert asked == []
    assert list(scratch.iterdir()) == []


def test_the_measure_itself_notices_what_is_fetched(printed: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(office, "SETTINGS", ())
    with web() as (address, asked):
        convert([with_linked_picture(printed(EXAMPLES[0], "public").docx.content, address)], timeout=60)

    assert set(asked) == {"/picture.png"}
