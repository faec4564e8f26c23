"""What a template would fetch or run: scripts, pictures, styles from elsewhere, and a policy that would allow them.

A template is read as browsers read it: entities and escapes of CSS do not hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from baogao.language import Message, say

__all__ = ["outside_things"]

FORBIDDEN = frozenset(
    {"script", "img", "iframe", "frame", "object", "embed", "link", "base", "form"}
    | {"video", "audio", "source", "picture", "svg", "applet", "portal"}
)
FETCHING = frozenset({"src", "srcset", "background", "poster", "data", "action", "formaction", "ping", "manifest"})
ACTIVE = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
IN_STYLE = re.compile(r"@import\b|\b(?:url|src|image-set|image)\s*\((?!\s*[\"']?#)[^)]*", re.IGNORECASE)
CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
POLICY = "default-src 'none'"
PRINTING = re.compile(r"\{\{.*?\}\}", re.DOTALL)
OTHER_TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def outside_things(source: str) -> Iterator[tuple[int, Message]]:
    """Yield what a template may not hold, with its line; a page must keep its policy too."""
    seeker = _Seeker()
    seeker.feed(OTHER_TAGS.sub(lambda tag: "\n" * tag[0].count("\n"), PRINTING.sub(_printed, source)))
    seeker.close()
    for line, words in seeker.found:
        yield line, say("网页里不能有脚本、图片和外部文件：{words}", words=words)
    if seeker.head and not seeker.has_policy:
        policy = '<meta http-equiv="Content-Security-Policy" …>'
        yield seeker.head, say("网页要有 {policy}，其中写 {value}", policy=policy, value=POLICY)


def _printed(tag: re.Match[str]) -> str:
    return "x" + "\n" * tag[0].count("\n")


class _Seeker(HTMLParser):
    """Go through a template; `head` is the line of the page's head, 0 where it has none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.head = 0
        self.has_policy = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        self.head = self.head or (line if tag == "head" else 0)
        if tag in FORBIDDEN:
            self.found.append((line, f"<{tag}"))
        self.found.extend((line, words) for name, value in attrs for words in _in_attribute(name, value or ""))
        if tag == "meta":
            self._meta(line, {name: value or "" for name, value in attrs})

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self.found.extend((self.getpos()[0] + data[:at].count("\n"), words) for at, words in _in_style(data))

    def _meta(self, line: int, attributes: dict[str, str]) -> None:
        purpose = attributes.get("http-equiv", "").strip().lower()
        if purpose in ("refresh", "set-cookie"):
            self.found.append((line, f'http-equiv="{purpose}"'))
        self.has_policy |= purpose == "content-security-policy" and POLICY in attributes.get("content", "")


def _in_attribute(name: str, value: str) -> Iterator[str]:
    """Yield what an attribute would run or fetch; browsers leave blanks out of addresses."""
    if name.startswith("on"):
        yield f"{name}="
    if name in FETCHING and value:
        yield f'{name}="{value}"'
    if ACTIVE.match(re.sub(r"[\x00-\x20]", "", value)):
        yield f'{name}="{value}"'
    if name == "style":
        yield from (words for _, words in _in_style(value))


def _in_style(text: str) -> Iterator[tuple[int, str]]:
    """Yield what a style sheet would fetch, with where it stands."""
    plain = CSS_ESCAPE.sub(lambda sign: chr(min(int(sign[1], 16), 0x10FFFF)), text)
    yield from ((found.start(), found[0]) for found in IN_STYLE.finditer(plain))
