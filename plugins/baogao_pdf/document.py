"""Read the DOCX that is converted: its rows, cells and paragraphs, and the fonts its words are set in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml has no types

from baogao_pdf.parts import Part

__all__ = ["fonts_of", "parts_of"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def _tree(content: bytes, part: str) -> Any:
    """Return a part of the package as a tree."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read(part), parser)


def parts_of(content: bytes) -> list[Part]:
    """Return rows, cells and paragraphs in order; a paragraph without words is none."""
    return list(_parts(_tree(content, "word/document.xml").find(f"{W}body")))


def _parts(parent: Any) -> Iterator[Part]:
    for element in parent.iterchildren(tag=etree.Element):
        if element.tag == f"{W}p":
            text = "".join(map(_text, element.iter(f"{W}r")))
            yield from [Part("words", text)] if text.strip() else []
        elif element.tag == f"{W}tc":
            yield from [] if _continued(element) else [Part("cell"), *_parts(element)]
        elif element.tag == f"{W}tr":
            yield from (Part("row"), *_parts(element))
        else:
            yield from _parts(element)
            yield from [Part("end")] if element.tag == f"{W}tbl" else []


def _continued(cell: Any) -> bool:
    """Tell whether a cell is merged with the one above it."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"


def _text(run: Any) -> str:
    """Return the words of a run; hidden ones are not printed."""
    if run.find(f"{W}rPr/{W}vanish") is not None or next(run.iterancestors(FALLBACK), None) is not None:
        return ""
    return "".join(child.text or "" if child.tag == f"{W}t" else SIGNS.get(child.tag, "") for child in run)


def fonts_of(content: bytes) -> dict[str, frozenset[str]]:
    """Return each font that words are set in, with the names that may stand in for it (w:altName)."""
    styles = _Styles.read(_tree(content, "word/styles.xml"))
    used = {name for run in _tree(content, "word/document.xml").iter(f"{W}r") for name in styles.fonts(run)}
    stand_ins = _stand_ins(content)
    return {name: frozenset(stand_ins.get(name, ())) for name in sorted(used)}


def _stand_ins(content: bytes) -> dict[str, tuple[str, ...]]:
    try:
        table = _tree(content, "word/fontTable.xml")
    except KeyError:
        return {}
    return {
        font.get(f"{W}name", ""): tuple(alternative.get(f"{W}val", "").split(","))
        for font in table.iter(f"{W}font")
        for alternative in font.iterchildren(f"{W}altName")
    }


@dataclass(frozen=True, slots=True)
class _Styles:
    """The fonts of each style by its id, what it is based on, and which style is the default."""

    fonts_by_id: Mapping[str, Mapping[str, str]]
    based_on: Mapping[str, str]
    default: str
    defaults: Mapping[str, str]

    @classmethod
    def read(cls, tree: Any) -> _Styles:
        styles = {style.get(f"{W}styleId", ""): style for style in tree.iter(f"{W}style")}
        default = (
            name
            for name, style in styles.items()
            if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph"
        )
        return cls(
            {name: _set(style) for name, style in styles.items()},
            {name: _value(style, "basedOn") for name, style in styles.items()},
            next(default, ""),
            _set(tree.find(f"{W}docDefaults/{W}rPrDefault")),
        )

    def fonts(self, run: Any) -> Iterator[str]:
        """Yield the fonts of a run's words: one for Chinese characters, one for digits and letters."""
        text = _text(run)
        paragraph = next(run.iterancestors(f"{W}p"))
        settings = {**self.defaults, **self._of(_value(paragraph, "pPr", "pStyle") or self.default)}
        settings |= {**self._of(_value(run, "rPr", "rStyle")), **_set(run)}
        if any(character >= "\u2e80" for character in text):
            yield from filter(None, [settings.get("eastAsia")])
        if any(character.isascii() and character.isalnum() for character in text):
            yield from filter(None, [settings.get("ascii")])

    def _of(self, style: str) -> Mapping[str, str]:
        """Return the fonts of a style and of those it is based on; a circle ends where it began."""
        chain: list[str] = []
        while style and style not in chain:
            chain.append(style)
            style = self.based_on.get(style, "")
        return {script: font for name in reversed(chain) for script, font in self.fonts_by_id.get(name, {}).items()}


def _set(element: Any) -> Mapping[str, str]:
    """Return the fonts that an element's own properties set, by script."""
    fonts = element.find(f"{W}rPr/{W}rFonts") if element is not None else None
    return {} if fonts is None else {name.removeprefix(W): font for name, font in fonts.attrib.items()}


def _value(element: Any, *names: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in names))
    return "" if found is None else found.get(f"{W}val", "")
