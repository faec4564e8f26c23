"""Fonts by name: what a report.yaml asks for instead of those of the shell. Nothing is ever embedded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from baogao_docx.drawing.shell import style_sheet
from baogao_docx.ooxml.package import Package
from baogao_docx.ooxml.wordml import Element, node, parse, q, serialise

__all__ = ["chosen_fonts", "font_names", "renamed", "with_fonts"]

_ATTRIBUTES = tuple(map(q, ("ascii", "hAnsi", "eastAsia", "cs")))


def chosen_fonts(wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names that report.yaml gives for each kind, the first choice first."""
    return {kind: [names] if isinstance(names, str) else list(names) for kind, names in wanted.items()}


def font_names(wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names to use instead, the first choice and then the others, by each name of the shell's."""
    chosen = chosen_fonts(wanted)
    chains: dict[str, list[str]] = style_sheet()["fonts"]
    return {name: chosen[kind] for kind in chosen for name in chains[kind]}


def renamed(root: Element, names: Mapping[str, list[str]]) -> None:
    """Change the names of fonts in a part."""
    for fonts in root.iter(q("rFonts")):
        for attribute in _ATTRIBUTES:
            if fonts.get(attribute) in names:
                fonts.set(attribute, names[fonts.get(attribute)][0])


def with_fonts(package: Package, names: Mapping[str, list[str]]) -> Package:
    """Return the package with other fonts in its styles, headers and footers, and in its table of fonts."""
    if not names:
        return package
    parts: dict[str, bytes] = {}
    for name in _lettered(package):
        root = parse(package.parts[name])
        renamed(root, names)
        parts[name] = serialise(root)
    for name in package.related("fontTable"):
        parts[name] = serialise(_font_table(parse(package.parts[name]), names))
    return package.replaced(parts)


def _lettered(package: Package) -> Iterator[str]:
    for kind in ("styles", "numbering", "header", "footer", "footnotes", "endnotes"):
        yield from package.related(kind)


def _font_table(root: Element, names: Mapping[str, list[str]]) -> Element:
    """Replace the entries of fonts no longer used by those that are."""
    for font in list(root):
        if font.get(q("name")) in names:
            root.remove(font)
    known = {font.get(q("name")) for font in root}
    for first, *others in {chosen[0]: chosen for chosen in names.values()}.values():
        if first not in known:
            root.append(node("font", *(node("altName", val=other) for other in others[:1]), name=first))
    return root
