"""The fragment: what a CMS takes that strips styles. Borders and styles stand in the elements themselves.

The page tags go before it as a comment, for the editor to fill into the CMS, which has a head of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao_html.tree import DamageError, Element, parse_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FRAGMENT", "fragment"]

FRAGMENT = "fragment"
BORDERS = {"border": "1", "cellspacing": "0", "cellpadding": "4"}
"""Attributes that draw a grid even where every style is taken away."""

STYLES = {
    "p": "text-indent: 2em",
    "table": "border-collapse: collapse; width: 100%",
    "table-region": "overflow-x: auto; margin: 1em 0",
    "unseen": "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)",
    "wide": "min-width: 50em",
    "value": "text-align: center",
    "gap": "text-align: center; color: #a8071a",
    "stub": "text-align: left; font-weight: normal",
    "band": "text-align: center; background: #f4f4f4",
    "head": "text-align: center; font-weight: normal",
    "corner": "text-align: center; font-weight: normal",
    "upright": "text-align: center; width: 2em",
    "draft": "border: 2px solid #a8071a; padding: .25em 1em; color: #a8071a",
}
"""What the elements and classes of the page look like here."""


def fragment(page: str, tags: Iterable[Mapping[str, str]]) -> str:
    """Return the content with its styles in it, below the tags; damaged markup stays for the reader to name."""
    try:
        root = parse_page(page)
    except DamageError:
        return page
    for element in root.walk():
        _dress(element)
    return f"{_comment(tags)}{root.markup.lstrip()}"


def _dress(element: Element) -> None:
    """Put the looks of an element's classes into the element, and take the classes away."""
    attributes = element.attributes
    looks = [STYLES[name] for name in (element.tag, *attributes.pop("class", "").split()) if name in STYLES]
    if element.tag == "table":
        for name, value in BORDERS.items():
            attributes.setdefault(name, value)
    if looks:
        attributes["style"] = "; ".join(filter(None, (attributes.get("style"), *looks)))


def _comment(tags: Iterable[Mapping[str, str]]) -> str:
    lines = [f"{tag['name']}: {tag['content']}" for tag in tags]
    text = "\n".join(["网页标签，请在内容管理系统中照填：", *lines])
    while "--" in text:  # would end the comment
        text = text.replace("--", "- -")
    return f"<!--\n{text}\n-->\n"
