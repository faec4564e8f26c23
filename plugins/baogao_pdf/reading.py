"""Compare a PDF with the DOCX it was made from: row by row, cell by cell, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from baogao import Finding, say
from baogao_pdf.document import parts_of
from baogao_pdf.parts import Unit, units
from baogao_pdf.tagged import DamagedPdfError, read_pdf

if TYPE_CHECKING:
    from baogao import Artifact

__all__ = ["differences"]

SHOWN = 20
"""How many differences are named; more of them tell nothing more."""


def differences(artifact: Artifact, document: Artifact) -> Iterator[Finding]:
    """Yield a finding for each place that the PDF prints otherwise than the DOCX."""
    try:
        printed = list(units(read_pdf(artifact.content).parts))
    except DamagedPdfError as exc:
        message = say("文件 {file} 读不出来：{error}", file=artifact.file_name, error=str(exc)[:80])
        yield Finding(message, rule="PDF-002")
        return
    meant = list(units(parts_of(document.content)))
    if printed != meant:
        yield from islice(_apart(meant, printed, artifact.file_name), SHOWN)


def _apart(meant: Sequence[Unit], printed: Sequence[Unit], file: str) -> Iterator[Finding]:
    for same, low, high, start, end in SequenceMatcher(None, meant, printed).get_opcodes():
        if same != "equal":
            for here, there in zip_longest(meant[low:high], printed[start:end]):
                yield Finding(_said(here, there, file), rule="PDF-002", quote=(here or there or Unit(0, "")).text[:40])


def _said(meant: Unit | None, printed: Unit | None, file: str) -> str:
    if printed is None:
        return say("{file} 里没有 DOCX 的{what}", file=file, what=_what(meant))
    if meant is None:
        return say("{file} 里多出{what}", file=file, what=_what(printed))
    return say("{file} 里应是{meant}，印成了{printed}", file=file, meant=_what(meant), printed=_what(printed))


def _what(unit: Unit | None) -> str:
    if unit is None or unit.cell < 0:
        return say("一行")
    if unit.cell == 0:
        return say("“{text}”", text=unit.text[:40])
    return say("第 {cell} 格的“{text}”", cell=unit.cell, text=unit.text[:40])
