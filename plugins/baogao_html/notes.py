"""Notes in an annotated copy: numbered links beside what they speak of, which a reader of the page passes over."""

from __future__ import annotations

from collections.abc import Iterator

from baogao_html.tree import Element

__all__ = ["NOTE", "OWN", "mark_words", "take_notes_away", "words_of"]

NOTE = "data-note"
OWN, WORDS = "own", "words"
"""An element that is all note; and a mark around words of the page."""


def take_notes_away(element: Element) -> None:
    """Make the tree again what it was before it was annotated."""
    for place in reversed(range(len(element.children))):
        child = element.children[place]
        kind = child.attributes.get(NOTE)
        take_notes_away(child)
        if kind:
            element.replace(place, child if kind == WORDS else Element(""))


def words_of(element: Element) -> str:
    """Return the words of an element without its notes."""
    return "".join(holder.texts[number] for holder, number in _texts(element))


def mark_words(element: Element, start: int, end: int, note: Element) -> None:
    """Mark the words from one character of an element to another, and put the note after them."""
    places = list(_overlapping(element, start, end))
    last = places[-1]
    for place in reversed(places):  # from behind, so that the places before stay where they are
        holder, number, first, after = place
        text = holder.texts[number]
        mark = Element("mark", {NOTE: WORDS}, texts=[text[first:after]])
        holder.texts[number : number + 1] = [text[:first], text[after:]]
        holder.children[number:number] = [mark, note] if place is last else [mark]
        if place is last:
            holder.texts.insert(number + 1, "")


def _overlapping(element: Element, start: int, end: int) -> Iterator[tuple[Element, int, int, int]]:
    """Yield the texts that hold some of these words: the element, the text's number, and from where to where."""
    offset = 0
    for holder, number in _texts(element):
        length = len(holder.texts[number])
        first, after = max(start - offset, 0), min(end - offset, length)
        if first < after:
            yield holder, number, first, after
        offset += length


def _texts(element: Element) -> Iterator[tuple[Element, int]]:
    """Yield all texts of an element in the order they are read, but those of notes."""
    for number in range(len(element.texts)):
        if number and element.children[number - 1].attributes.get(NOTE) != OWN:
            yield from _texts(element.children[number - 1])
        yield element, number
