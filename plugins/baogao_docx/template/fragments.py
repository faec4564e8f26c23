"""Templates as people save them: the shell and the fragments of sections, and what a fragment may not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from baogao.language import Message, listed, say
from baogao.model.findings import Finding, Location
from baogao_docx.ooxml.package import Package, PackageError, read_package
from baogao_docx.ooxml.soundness import damages
from baogao_docx.ooxml.wordml import SPACE, Element, W, parse, q, words
from baogao_docx.template.carrying import carried
from baogao_docx.template.sources import Source

__all__ = [
    "Fragment",
    "Shell",
    "clean",
    "fragment_of",
    "place_of_sections",
    "read_fragment",
    "read_shell",
    "refusals",
    "shell_faults",
    "shell_of",
    "style_ids",
]

STYLES = ("heading 1", "heading 2", "heading 3", "heading 4", "公文正文", "表题", "表头", "表项", "表数")
"""The styles of the shell that drawn sections and narratives are set in."""

REFUSED: Mapping[str, str] = {
    "numPr": "自动编号",
    "footnoteReference": "脚注",
    "endnoteReference": "尾注",
    "headerReference": "页眉",
    "footerReference": "页脚",
    "drawing": "图片",
    "pict": "图片",
    "object": "嵌入对象",
    "hyperlink": "超链接",
    "fldSimple": "域",
    "fldChar": "域",
    "instrText": "域",
    "commentRangeStart": "批注",
    "commentReference": "批注",
    "ins": "修订",
    "del": "修订",
    "moveFrom": "修订",
    "moveTo": "修订",
    "cellIns": "修订",
    "cellDel": "修订",
    "pPrChange": "修订",
    "rPrChange": "修订",
    "tblPrChange": "修订",
    "trPrChange": "修订",
    "tcPrChange": "修订",
    "sdt": "内容控件",
    "altChunk": "外部文件",
    "subDoc": "外部文件",
    "sectPr": "分节符",
    "vanish": "隐藏文字",
}
"""What would have to bring another part along, or say something else than its template does."""

SECTIONS_TAG = re.compile(r"\s*\{\{p\s+sections\s*\}\}\s*")

DROPPED = frozenset({"proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "permStart", "permEnd"})
REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STYLE_TAGS = (q("pStyle"), q("rStyle"), q("tblStyle"))


@dataclass(frozen=True, slots=True)
class Shell:
    """The template all sections are put into."""

    name: str
    package: Package
    root: Element


@dataclass(frozen=True, slots=True)
class Fragment:
    """The template of one section: the names of its styles by id, the words of its headers and footers by reference."""

    name: str
    section: str
    body: Element
    styles: Mapping[str, str] = field(default_factory=dict[str, str])
    edges: Mapping[str, str] = field(default_factory=dict[str, str])


def read_shell(name: str, content: bytes) -> Shell:
    """Return the shell; raise PackageError where it cannot be opened."""
    return shell_of(name, _sound(read_package(content)))


def shell_of(name: str, package: Package) -> Shell:
    """Return the shell that a package is; raise PackageError where it is none."""
    return Shell(name, package, _document(package))


def read_fragment(name: str, content: bytes, section: str) -> Fragment:
    """Return the fragment; raise PackageError where it cannot be opened."""
    return fragment_of(name, _sound(read_package(content)), section)


def fragment_of(name: str, package: Package, section: str) -> Fragment:
    """Return the fragment that a package is; raise PackageError where it is none."""
    body = _document(package).find(q("body"))
    styles = {id_: name for name, id_ in style_ids(package).items()}
    return Fragment(name, section, body, styles, _edges(package))


def _edges(package: Package) -> dict[str, str]:
    """Return the words of headers and footers by the references to them."""
    relations = (relation for relation in package.relations(package.main) if relation.kind in ("header", "footer"))
    return {relation.id: words(parse(package.parts[relation.target])) for relation in relations}


def _sound(package: Package) -> Package:
    """Return a package that hangs together; raise PackageError with all that does not."""
    if found := tuple(dict.fromkeys(damages(package))):
        raise PackageError(listed(found))
    return package


def _document(package: Package) -> Element:
    root = parse(package.parts[package.main])
    if root.nsmap.get("w") != W:
        raise PackageError(say("不是 Word 通常的 .docx（可能是“严格 Open XML”），请另存为 .docx"))
    if root.tag != q("document") or root.find(q("body")) is None:
        raise PackageError(say("其中没有正文"))
    return root


def style_ids(package: Package) -> dict[str, str]:
    """Return the ids of the styles of a package by name; built-in names are known in any case."""
    styles = package.related("styles")
    root = parse(package.parts[styles[0]]) if styles else ()
    named = {style.get(q("styleId"), ""): style.find(q("name")) for style in root if style.tag == q("style")}
    return {_style_name(name.get(q("val"), "")): id_ for id_, name in named.items() if name is not None}


def _style_name(name: str) -> str:
    return name.lower() if name.lower().startswith("heading ") else name


def place_of_sections(root: Element) -> Element | None:
    """Return the paragraph of the shell that the sections take the place of, or None."""
    body = root.find(q("body"))
    places = [part for part in body if part.tag == q("p") and SECTIONS_TAG.fullmatch(words(part))]
    return places[0] if places else None


def shell_faults(shell: Shell) -> Iterator[Finding]:
    """Yield what the shell lacks, and what it would carry into every report."""
    known = style_ids(shell.package)
    for style in STYLES:
        if style not in known:
            yield _shell_fault(shell, say("没有样式“{style}”", style=style))
    if place_of_sections(shell.root) is None:
        yield _shell_fault(shell, say("没有独占一段的 {tag}，各章无处可放", tag="{{p sections }}"))
    yield from carried(shell.name, shell.package)


def _shell_fault(shell: Shell, fault: Message) -> Finding:
    message = say("外壳模板 {file}：{fault}", file=shell.name, fault=fault)
    return Finding(message, rule="TPL-004", location=Location(shell.name))


def refusals(fragment: Fragment, shell: Shell) -> Iterator[Finding]:
    """Yield what the fragment holds that cannot be put into the shell, with its place."""
    source = Source(fragment.name, fragment.body, fragment.section)
    styles, edges = style_ids(shell.package), {"", *_edges(shell.package).values()}
    for element in fragment.body.iterdescendants():
        if element.tag in STYLE_TAGS:
            fault = _style_fault(element, fragment, styles, shell.name)
        else:
            fault = _fault(element, fragment, edges)
        if fault:
            yield source.fault("TPL-004", element, fault)


def _style_fault(element: Element, fragment: Fragment, known: Mapping[str, str], shell: str) -> Message | None:
    style = fragment.styles.get(element.get(q("val")), element.get(q("val")))
    if style in known:
        return None
    return say("外壳 {shell} 里没有样式“{style}”；改用外壳里有的样式，或把它加到外壳里", shell=shell, style=style)


def _fault(element: Element, fragment: Fragment, edges: Set[str]) -> Message | None:
    """Return what cannot be used; `edges` are the words of the shell's own headers and footers."""
    namespace, _, local = element.tag[1:].partition("}")
    if namespace != W:
        return None if _only_looks(element) else say("章节模板里不能有{what}", what=say("图形、公式等嵌入内容"))
    if local not in REFUSED or _is_page(element, fragment):
        return None
    if local in ("headerReference", "footerReference") and fragment.edges.get(element.get(REFERENCE), "") in edges:
        return None
    return say("章节模板里不能有{what}", what=say(REFUSED[local]))


def _only_looks(element: Element) -> bool:
    """Tell whether a newer Word's element only touches the looks, or stands within one already named."""
    above = [parent.tag for parent in element.iterancestors()]
    foreign = any(not tag.startswith(f"{{{W}}}") for tag in above)
    return foreign or not {q("rPr"), q("pPr"), *map(q, ("drawing", "pict", "object"))}.isdisjoint(above)


def _is_page(element: Element, fragment: Fragment) -> bool:
    return element.tag == q("sectPr") and element.getparent() is fragment.body


def clean(body: Element) -> None:
    """Take away what Word notes for itself, such as marks of spelling, and looks that only a newer Word knows."""
    for element in list(body.iterdescendants()):
        namespace, _, local = element.tag[1:].partition("}")
        if namespace != W or local in DROPPED:
            element.getparent().remove(element)
            continue
        for name in element.attrib:
            if name != SPACE and (not name.startswith(f"{{{W}}}") or name.startswith(q("rsid"))):
                del element.attrib[name]
