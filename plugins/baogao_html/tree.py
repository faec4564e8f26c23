"""A page as a tree of elements, read strictly: what a browser would repair in silence is damage here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

from baogao.language import Message, say

__all__ = ["DamageError", "Element", "open_page", "parse_page"]

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
NEVER_IN_PARAGRAPH = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)


class DamageError(ValueError):
    """Markup that a browser would have to guess at; `line` is where."""

    def __init__(self, line: int, message: Message) -> None:
        """Take the place and what is wrong there."""
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(eq=False, slots=True)
class Element:
    """An element; `texts` stand before, between and after its children, so there is one more of them."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    line: int = 0
    children: list[Element] = field(default_factory=list["Element"])
    texts: list[str] = field(default_factory=lambda: [""])

    @property
    def text(self) -> str:
        """Return all words in the element, those of its children included."""
        rest = (child.text + after for child, after in zip(self.children, self.texts[1:], strict=True))
        return self.texts[0] + "".join(rest)

    @property
    def markup(self) -> str:
        """Return the element and all in it as HTML that reads as just this tree."""
        inside = "".join(
            (child.markup if child else "") + self._written(text)
            for child, text in zip([None, *self.children], self.texts, strict=True)
        )
        if not self.tag:
            return inside
        given = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        return f"<{self.tag}{given}>" + ("" if self.tag in VOID else f"{inside}</{self.tag}>")

    def _written(self, text: str) -> str:
        return text if self.tag in ("style", "script") else escape(text, quote=False)

    def insert(self, place: int, child: Element) -> None:
        """Put a child after the text of that number; the text after it is empty."""
        self.children.insert(place, child)
        self.texts.insert(place + 1, "")

    def append(self, child: Element) -> None:
        """Put a child after all that is in the element."""
        self.insert(len(self.children), child)

    def replace(self, place: int, child: Element) -> None:
        """Put the contents of a child in the child's stead."""
        before, after = self.texts[place : place + 2]
        texts = [before + child.texts[0], *child.texts[1:]]
        texts[-1] += after
        self.texts[place : place + 2] = texts
        self.children[place : place + 1] = child.children

    def walk(self) -> Iterator[Element]:
        """Yield the element and all in it, in the order of the page."""
        ahead: list[Element] = [self]
        while ahead:
            element = ahead.pop()
            yield element
            ahead.extend(reversed(element.children))

    def find_all(self, *tags: str) -> Iterator[Element]:
        """Yield the elements of these tags."""
        return (element for element in self.walk() if element.tag in tags)


@lru_cache(maxsize=2)
def open_page(content: bytes) -> Element:
    """Return the root that holds a page as it was made; whoever only looks at it shares it. Raise as `parse_page`."""
    return parse_page(content.decode("utf-8"))


def parse_page(source: str) -> Element:
    """Return the root that holds the page; raise DamageError for the first thing that is not as it should be."""
    reader = _Reader()
    reader.feed(str(source))  # plain text: Markup would escape what is put together from it
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    """Build the tree; every element but a void one must be closed, in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [Element("")]
        self._ids: set[str] = set()

    def finished(self) -> Element:
        if len(self._open) > 1:
            last = self._open[-1]
            raise DamageError(last.line, say("<{tag}> 没有结束标签", tag=last.tag))
        return self._open[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0])
        if tag in NEVER_IN_PARAGRAPH and any(parent.tag == "p" for parent in self._open):
            raise DamageError(element.line, say("<p> 里不能有 <{tag}>", tag=tag))
        self._remember(element)
        self._open[-1].children.append(element)
        self._open[-1].texts.append("")
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            raise DamageError(self.getpos()[0], say("<{tag}/> 应写成开始标签和结束标签", tag=tag))
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) == 1 or self._open[-1].tag != tag:
            raise DamageError(self.getpos()[0], say("</{tag}> 没有对应的开始标签", tag=tag))
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].texts[-1] += data

    def _remember(self, element: Element) -> None:
        name = element.attributes.get("id")
        if name in self._ids:
            raise DamageError(element.line, say("id “{name}”出现了两次", name=name))
        if name is not None:
            self._ids.add(name)
