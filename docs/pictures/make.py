#!/usr/bin/env python3
"""Make the pictures of docs/gallery.md again, from examples/luolong-2020 as the program prints it now.

Needs LibreOffice, poppler (pdftoppm), fontconfig, chromium, and pypdf and Pillow beside baogao:

    python docs/pictures/make.py

The fonts of official documents need a licence. A private configuration of fontconfig puts free ones in their place, so
the shapes of the characters are not those that an office sees; sizes, lines and grids are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

import baogao
from baogao_pdf.office import convert

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "examples" / "luolong-2020"
LARGEST = 150_000
OUTPUTS = """outputs:
- docx
- {renderer: docx, profile: filing, number: 洛统〔2021〕2号, to: 洛龙区人民政府}
- html
"""

FONTS = {
    "仿宋_GB2312": ("FandolFang", "AR PL SungtiL GB", "AR PL UMing CN", "Noto Serif CJK SC"),
    "楷体_GB2312": ("FandolKai", "AR PL KaitiM GB", "AR PL UKai CN", "Noto Serif CJK SC"),
    "方正小标宋简体": ("Noto Serif CJK SC",),
    "宋体": ("Noto Serif CJK SC",),
    "黑体": ("Noto Sans CJK SC",),
}
"""What stands in for each font: the first that is installed."""

PAGES = {
    "public-1": ("public", "编制本报告"),
    "public-table": ("public", "（一）予以公开"),
    "filing-1": ("filing", "洛统〔2021〕"),
    "filing-end": ("filing", "六、其他需要报告的事项"),
}
"""Which page of which DOCX is shown under which name: the first with these words."""

SCREENS = {"page-1100": (1100, 1000, ""), "page-table": (1100, 760, "#section-requests"), "page-360": (360, 780, "")}
"""How wide and how high a part of the page is shown, and where it begins."""


def main() -> None:
    """Build the report, draw its pages and put the pictures beside this script."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["FONTCONFIG_FILE"] = str(configured(folder))
        papers, page = built(folder)
        for picture, (profile, words) in PAGES.items():
            kept(drawn(papers[profile], words, folder), picture)
        for picture, (width, height, place) in SCREENS.items():
            kept(shot(page.as_uri() + place, width, height, folder), picture)


def configured(folder: Path) -> Path:
    """Write the configuration of fontconfig that maps the fonts."""
    listed = ran("fc-list", ":", "family")
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(font)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{escape(known)}</string></edit></match>'
        for font, choices in FONTS.items()
        for known in [next((choice for choice in choices if choice in listed), choices[-1])]
    )
    file = folder / "fonts.conf"
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    file.write_text(f"{head}<fontconfig>{system}<cachedir>{folder}/cache</cachedir>{rules}</fontconfig>", "utf-8")
    return file


def built(folder: Path) -> tuple[dict[str, Path], Path]:
    """Build both profiles and the page; return the PDF of each profile, and the page."""
    report = folder / "report"
    shutil.copytree(EXAMPLE, report, ignore=shutil.ignore_patterns("out"))
    settings = report / "report.yaml"
    lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("outputs:")]
    settings.write_text("\n".join([*lines, OUTPUTS]), "utf-8")
    outcome = baogao.build(report, out=folder / "out")
    if not outcome.written:
        sys.exit("\n".join(str(finding.message) for finding in outcome.findings))
    *documents, page = sorted(outcome.written, key=lambda path: (path.suffix, "报送件" in path.name))
    papers = {"public": folder / "public.pdf", "filing": folder / "filing.pdf"}
    made = convert([file.read_bytes() for file in documents], timeout=120)
    for path, content in zip(papers.values(), made, strict=True):
        path.write_bytes(content)
    return papers, page


def drawn(paper: Path, words: str, folder: Path) -> Image.Image:
    """Return the page of a PDF that has these words."""
    pages = ran("pdftotext", paper, "-").split("\f")
    number = next(number for number, page in enumerate(pages, 1) if words in "".join(page.split()))
    ran("pdftoppm", "-r", "80", "-gray", "-png", "-singlefile", "-f", number, "-l", number, paper, folder / "drawn")
    return Image.open(folder / "drawn.png").copy()


def shot(address: str, width: int, height: int, folder: Path) -> Image.Image:
    """Return what a browser shows, in a frame: a window itself cannot be as narrow as a phone."""
    frame = folder / "frame.html"
    style = f"border:0;width:{width}px;height:{height}px"
    frame.write_text(f'<body style="margin:0"><iframe style="{style}" src="{address}"></iframe>', "utf-8")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files"]
    flags += [f"--window-size={max(width, 600)},{height + 200}", f"--user-data-dir={folder / 'browser'}"]
    ran(browser, *flags, f"--screenshot={folder / 'shot.png'}", frame.as_uri())
    return Image.open(folder / "shot.png").crop((0, 0, width, height))


def kept(picture: Image.Image, name: str) -> None:
    """Save a picture in few colours, and in a thin frame; it may not be large."""
    framed = Image.new("RGB", (picture.width + 2, picture.height + 2), "#999999")
    framed.paste(picture.convert("RGB"), (1, 1))
    file = HERE / f"{name}.png"
    framed.quantize(16, dither=Image.Dither.NONE).save(file, optimize=True)
    sys.stdout.write(f"{file.name} {file.stat().st_size}\n")
    if file.stat().st_size > LARGEST:
        sys.exit(f"{file.name} is larger than {LARGEST} bytes")


def ran(*command: object) -> str:
    """Run a program and return what it says."""
    done = subprocess.run([str(word) for word in command], capture_output=True, check=True)  # noqa: S603 - ours
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
