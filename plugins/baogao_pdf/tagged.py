"""Read a tagged PDF: its rows, cells and paragraphs in the order of its structure, and the fonts in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject

from baogao_pdf.parts import Part

__all__ = ["DamagedPdfError", "Tagged"]

INLINE = frozenset({"Span", "Link", "Quote", "Em", "Strong", "Sub", "Code", "Reference", "Annot"})
PRINTED_ONLY = frozenset({"Lbl", "Artifact"})
"""What the DOCX has no words for: the numbers of numbered lists, and what repeats on each page."""

BEGINS = {"TR": "row", "TD": "cell", "TH": "cell"}

ENDS = {"Table": "end"}

HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


class DamagedPdfError(Exception):
    """The file is no PDF, or carries no structure."""


@dataclass(frozen=True, slots=True)
class Font:
    """How the codes of a font are read."""

    width: int
    characters: Mapping[int, str]

    def text(self, codes: bytes) -> str:
        """Return the words; a code without a character is the sign for what cannot be read."""
        steps = range(0, len(codes), self.width)
        return "".join(
            self.characters.get(int.from_bytes(codes[step : step + self.width], "big"), "\ufffd") for step in steps
        )


class Tagged:
    """A tagged PDF that has been read."""

    def __init__(self, content: bytes) -> None:
        """Read the file; raise DamagedPdfError where that cannot be done."""
        try:
            self._reader = PdfReader(io.BytesIO(content))
            known = ((page.indirect_reference, page) for page in self._reader.pages)
            self._pages = {reference.idnum: page for reference, page in known if reference}
            self._root: Any = self._reader.root_object["/StructTreeRoot"]
            self._roles: Any = self._root.get("/RoleMap", {})
            self._marked = {number: _marked(page, self._reader) for number, page in self._pages.items()}
        except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as exc:
            raise DamagedPdfError(str(exc)) from exc

    def parts(self) -> list[Part]:
        """Return rows, cells and paragraphs in order; a paragraph without words is none."""
        return list(_joined(self._walk(self._root.get("/K"), 0)))

    def fonts(self) -> tuple[str, ...]:
        """Return the names of the fonts that are used, without the mark of a subset."""
        found = [font for page in self._pages.values() for font in _fonts(page).values()]
        names = (str(font.get("/BaseFont", "")).lstrip("/") for font in found)
        return tuple(sorted({re.sub(r"^[A-Z]{6}\+", "", name) for name in names if name}))

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


def _fonts(page: Any) -> Mapping[str, Any]:
    fonts = page.get("/Resources", {}).get("/Font", {})
    return {str(name): fonts[name] for name in fonts}


@dataclass
class _Ink:
    """What a page's content shows, as it runs: the marked words by their number."""

    fonts: Mapping[str, Font]
    words: dict[int, str] = field(default_factory=dict[int, str])
    font: Font = field(default_factory=lambda: Font(1, {}))
    open: list[tuple[int | None, str | None]] = field(default_factory=list[tuple[int | None, str | None]])

    def begin(self, properties: Any) -> None:
        """Enter a marked content; one with words of its own (ActualText) shows those."""
        own = properties if isinstance(properties, DictionaryObject) else DictionaryObject()
        number, actual = own.get("/MCID"), own.get("/ActualText")
        self.open.append((None if number is None else int(number), None if actual is None else str(actual)))

    def end(self) -> None:
        """Leave a marked content."""
        _, actual = self.open.pop() if self.open else (None, None)
        if actual is not None:
            self.add(actual)

    def show(self, *strings: Any) -> None:
        """Take what is shown, in the font that is set."""
        if any(actual is not None for _, actual in self.open):
            return
        self.add("".join(self.font.text(_codes(string)) for string in strings if isinstance(string, str | bytes)))

    def add(self, text: str) -> None:
        """Add words to the innermost marked content that has a number."""
        number = next((number for number, _ in reversed(self.open) if number is not None), None)
        if number is not None:
            self.words[number] = self.words.get(number, "") + text


def _codes(string: Any) -> bytes:
    return string if isinstance(string, bytes) else string.original_bytes


def _marked(page: Any, reader: PdfReader) -> dict[int, str]:
    """Return the words of a page's marked contents by their numbers."""
    ink = _Ink({name: _font(font) for name, font in _fonts(page).items()})
    content = page.get("/Contents")
    operations = ContentStream(content.get_object(), reader).operations if content is not None else []
    for operands, operator in operations:
        match operator:
            case b"BDC" | b"BMC":
                ink.begin(_properties(page, operands))
            case b"EMC":
                ink.end()
            case b"Tf":
                ink.font = ink.fonts.get(str(operands[0]), Font(1, {}))
            case b"Tj" | b"'" | b'"':
                ink.show(operands[-1])
            case b"TJ":
                ink.show(*operands[0])
            case _:
                pass
    return ink.words


def _properties(page: Any, operands: list[Any]) -> Any:
    """Return the properties of a marked content, which may be named in the page's resources."""
    last = operands[-1] if len(operands) > 1 else None
    return page["/Resources"].get("/Properties", {}).get(last) if isinstance(last, str) else last


def _font(font: Any) -> Font:
    width = 2 if font.get("/Subtype") == "/Type0" else 1
    return Font(width, dict(_mapped(font["/ToUnicode"].get_data())) if "/ToUnicode" in font else {})


def _mapped(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Yield the characters of a ToUnicode map by their codes."""
    for body in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        codes = [bytes.fromhex(code.decode()) for code, _, _ in HEX.findall(body)]
        for code, character in zip(codes[::2], codes[1::2], strict=False):
            yield int.from_bytes(code, "big"), character.decode("utf-16-be", "replace")
    for body in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        yield from _ranges(body)


def _ranges(body: bytes) -> Iterator[tuple[int, str]]:
    listed = re.findall(rb"<(\w+)>\s*<(\w+)>\s*(?:<(\w+)>|\[(.*?)\])", body, re.DOTALL)
    for low, high, first, several in listed:
        codes = range(int(low, 16), int(high, 16) + 1)
        if first:
            start = bytes.fromhex(first.decode())
            for step, code in enumerate(codes):
                last = int.from_bytes(start[-2:], "big") + step
                yield code, (start[:-2] + last.to_bytes(2, "big")).decode("utf-16-be", "replace")
        else:
            texts = [bytes.fromhex(text.decode()) for text in re.findall(rb"<(\w+)>", several)]
            yield from ((code, text.decode("utf-16-be", "replace")) for code, text in zip(codes, texts, strict=False))
