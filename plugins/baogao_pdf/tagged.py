"""Read a tagged PDF: its rows, cells and paragraphs in the order of its structure, and the fonts in it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from baogao_pdf.ink import fonts_on, marked_words
from baogao_pdf.parts import Part

__all__ = ["DamagedPdfError", "TaggedPdf", "read_pdf"]

INLINE = frozenset({"Span", "Link", "Quote", "Em", "Strong", "Sub", "Code", "Reference", "Annot"})
PRINTED_ONLY = frozenset({"Lbl", "Artifact"})
"""What the DOCX has no words for: the numbers of numbered lists, and what repeats on each page."""

BEGINS = {"TR": "row", "TD": "cell", "TH": "cell"}

ENDS = {"Table": "end"}

# what pypdf raises on damaged files, and what comes of values that are not of the kind the format asks for
DAMAGE = (PyPdfError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, zlib.error)


class DamagedPdfError(Exception):
    """The file is no PDF, or carries no structure."""


@dataclass(frozen=True, slots=True)
class TaggedPdf:
    """What is printed, in order, and the names of the fonts, without the mark of a subset."""

    parts: tuple[Part, ...]
    fonts: tuple[str, ...]


def read_pdf(content: bytes) -> TaggedPdf:
    """Return what a PDF prints; raise DamagedPdfError where that cannot be read."""
    try:
        reader = PdfReader(io.BytesIO(content))
        return TaggedPdf(tuple(_Structure(reader).parts()), _fonts(reader))
    except DAMAGE as exc:
        raise DamagedPdfError(str(exc)) from exc


def _fonts(reader: PdfReader) -> tuple[str, ...]:
    found = (font for page in reader.pages for font in fonts_on(page).values())
    names = (str(font.get("/BaseFont", "")).lstrip("/") for font in found)
    return tuple(sorted({re.sub(r"^[A-Z]{6}\+", "", name) for name in names if name}))


class _Structure:
    """The tree of tags, and the words that its leaves stand for."""

    def __init__(self, reader: PdfReader) -> None:
        """Read the words of all pages."""
        self._root: Any = reader.root_object["/StructTreeRoot"]
        self._roles: Any = self._root.get("/RoleMap", {})
        known = ((page.indirect_reference, page) for page in reader.pages)
        self._marked = {number.idnum: marked_words(page, reader) for number, page in known if number}

    def parts(self) -> Iterator[Part]:
        """Yield rows, cells and paragraphs; a paragraph without words is none."""
        return _joined(self._walk(self._root.get("/K"), 0))

    def _walk(self, kid: Any, page: int) -> Iterator[Part | str | None]:
        """Yield the marks and words below a node of the structure; None ends a paragraph."""
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, int):
            yield self._marked.get(page, {}).get(int(kid), "")
        elif isinstance(kid, list):
            for each in kid:
                yield from self._walk(each, page)
        elif isinstance(kid, DictionaryObject):
            yield from self._element(kid, _page_of(kid) or page)

    def _element(self, element: Any, page: int) -> Iterator[Part | str | None]:
        role = self._role(element)
        if role in PRINTED_ONLY:
            return
        if "/MCID" in element:
            yield self._marked.get(page, {}).get(int(element["/MCID"]), "")
        if role not in INLINE and "/S" in element:
            yield Part(BEGINS[role]) if role in BEGINS else None
        if "/K" in element:
            yield from self._walk(element.raw_get("/K"), page)
        if role not in INLINE and "/S" in element:
            yield Part(ENDS[role]) if role in ENDS else None

    def _role(self, element: Any) -> str:
        role: Any = element.get("/S", "")
        return str(self._roles.get(role, role)).lstrip("/")


def _joined(stream: Iterator[Part | str | None]) -> Iterator[Part]:
    """Join the words up to the end of each paragraph."""
    words: list[str] = []
    for item in (*stream, None):
        if isinstance(item, str):
            words.append(item)
            continue
        text = "".join(words)
        yield from [Part("words", text)] if text.strip() else []
        yield from [item] if item else []
        words.clear()


def _page_of(element: Any) -> int:
    return element.raw_get("/Pg").idnum if "/Pg" in element else 0
