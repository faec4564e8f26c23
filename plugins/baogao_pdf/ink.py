"""What a page of a PDF shows: the words of each marked content, read in the fonts they are set in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject

__all__ = ["fonts_on", "marked_words"]

HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")


def marked_words(page: Any, reader: PdfReader) -> dict[int, str]:
    """Return the words of a page's marked contents by their numbers."""
    ink = _Ink({name: _font(font) for name, font in fonts_on(page).items()})
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


def fonts_on(page: Any) -> Mapping[str, Any]:
    """Return the fonts of a page by the names its content calls them."""
    fonts = page.get("/Resources", {}).get("/Font", {})
    return {str(name): fonts[name] for name in fonts}


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
        codes = [bytes.fromhex(code.decode()) for code in HEX.findall(body)]
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
