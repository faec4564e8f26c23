"""Where enclosures, signature and date stand (GB/T 9704—2012, 7.3.4 and 7.3.5), by how wide they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from baogao_docx.drawing.titles import break_title, width_of
from baogao_docx.ooxml.wordml import Element, node, q, words

__all__ = ["closing_indents", "enclosure_indents", "lay_out_closing", "signed_name"]

LINE = 28
"""How many characters a line holds."""

LONGEST_NAME = 24
"""A longer name is broken into lines."""

TWIPS = 315
"""The width of a character of 三号 as the text is set, in twips."""

TAGS = {
    "signature": ("落款", re.compile(r"\s*\{\{\s*shell\.signature\s*\}\}\s*")),
    "date": ("落款", re.compile(r"\s*\{\{\s*(?:report|shell)\.date\s*\}\}\s*")),
    "enclosures": ("附件说明", re.compile(r"\s*\{\{\s*\w+\s*\}\}\s*")),
}
"""The style and the words of the paragraphs that are laid out here."""
PLAIN = {q(tag) for tag in ("pStyle", "keepNext", "keepLines", "snapToGrid", "spacing", "rPr")}
"""What a paragraph of the closing may say of itself and still be laid out here."""


def signed_name(name: str) -> str:
    """Return the name that signs, in lines where it is long."""
    return break_title(name, name, LONGEST_NAME)


def closing_indents(name: str, date: str, *, sealed: bool) -> dict[str, dict[str, str]]:
    """Return how signature and date are set: their alignment, and what is free at their sides.

    With a seal the date stands four characters from the right and the name is centred over it. Without one the name
    stands two characters from the right and the date begins two characters after it; a date that is too long for
    that stands two characters from the right itself, and the name is moved.
    """
    name_width = max(map(width_of, name.split("\n")))
    date_width = width_of(date)
    if sealed:
        middle = max(4 + date_width / 2, name_width / 2 + 0.25)
        centred = _set("center", left=LINE - 2 * middle)
        return {"signature": centred, "date": centred}
    after = max(name_width - date_width, 2.0)
    before = after + date_width + 2 - name_width
    return {"signature": _set("right", right=before), "date": _set("right", right=after)}


def enclosure_indents(lines: Sequence[str]) -> dict[str, str]:
    """Return how the list of enclosures is set: a long name goes on under its own first character."""
    head = 3 + (width_of("1. ") if len(lines) > 1 else 0)
    return _set("both", left=2 + head, hanging=head)


def _set(align: str, *, left: float = 0, right: float = 0, hanging: float = 0) -> dict[str, str]:
    sides = {"left": max(left, 0), "right": right, "hanging": hanging}
    characters = {f"{side}Chars": str(round(free * 100)) for side, free in sides.items()}
    return {"align": align, **characters, **{side: str(round(free * TWIPS)) for side, free in sides.items()}}


def lay_out_closing(root: Element, styles: Mapping[str, str]) -> None:
    """Let enclosures, signature and date be set by their widths, where the shell has them just in their styles."""
    for paragraph in list(root.iter(q("p"))):
        properties = paragraph.find(q("pPr"))
        found = [name for name, (_, tag) in TAGS.items() if tag.fullmatch(words(paragraph))]
        for name in found if properties is not None else ():
            if _is_plain(properties, styles.get(TAGS[name][0], "")):
                _lay_out(properties, name)


def _is_plain(properties: Element, style: str) -> bool:
    named = properties.find(q("pStyle"))
    return named is not None and named.get(q("val")) == style and all(part.tag in PLAIN for part in properties)


def _lay_out(properties: Element, name: str) -> None:
    """Put tags where the indents and the alignment of a paragraph stand."""
    sides = ("leftChars", "left", "rightChars", "right", "hangingChars", "hanging")
    indents = node("ind", **{side: f"{{{{ _closing.{name}.{side} }}}}" for side in sides})
    lettering = properties.find(q("rPr"))
    place = len(properties) if lettering is None else properties.index(lettering)
    properties[place:place] = [indents, node("jc", val=f"{{{{ _closing.{name}.align }}}}")]
