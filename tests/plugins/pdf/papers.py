"""Reports that ask for a PDF, what is made of them, and a DOCX with some of its text changed."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from baogao import Artifact, Report
from baogao.pipeline import build, open_report

__all__ = ["EXAMPLES", "PROFILES", "Printed", "built", "edited", "with_pdf"]

ROOT = Path(__file__).parents[3]
EXAMPLES = ("luolong-2020", "example-2024")
PROFILES = ("public", "filing")


@dataclass(frozen=True)
class Printed:
    """A report, and the files made of it."""

    report: Report
    docx: Artifact
    pdf: Artifact


def with_pdf(folder: Path, example: str = EXAMPLES[0], profile: str = "public") -> Path:
    """Return a copy of an example that asks for DOCX and PDF in one profile."""
    shutil.copytree(ROOT / "examples" / example, folder, ignore=shutil.ignore_patterns("out"))
    year = 2021 if example == EXAMPLES[0] else 2025
    letter = f", number: 示例〔{year}〕2号, to: 上级机关" if profile == "filing" else ""
    wanted = (f"- {{renderer: docx, profile: {profile}{letter}}}", f"- {{renderer: pdf, profile: {profile}}}")
    report = folder / "report.yaml"
    lines = [line for line in report.read_text("utf-8").splitlines() if not line.startswith("outputs:")]
    report.write_text("\n".join([*lines, "outputs:", *wanted, ""]), "utf-8")
    return folder


def built(folder: Path, out: Path) -> Printed:
    outcome = build(open_report(folder), out)
    assert [finding for finding in outcome.findings if finding.rule != "PDF-001"] == []
    docx, pdf = outcome.artifacts
    return Printed(outcome.report, docx, pdf)


def edited(content: bytes, *changes: tuple[str, str], part: str = "word/document.xml") -> bytes:
    """Return a DOCX with the first of each text in a part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for member in source.infolist():
            text = source.read(member)
            for old, new in changes if member.filename == part else ():
                assert old.encode() in text, old
                text = text.replace(old.encode(), new.encode(), 1)
            target.writestr(member, text)
    return buffer.getvalue()
