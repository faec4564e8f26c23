"""Whether a package hangs together: a document made from one that does not would not open in Word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from baogao.language import Message, say
from baogao_docx.ooxml.package import Package
from baogao_docx.ooxml.wordml import Element, W, XmlError, local_name, parse, q

__all__ = ["damages", "misshapen"]

ROOTS: Mapping[str, str] = {
    "officeDocument": "document",
    "header": "hdr",
    "footer": "ftr",
    "styles": "styles",
    "settings": "settings",
    "webSettings": "webSettings",
    "fontTable": "fonts",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
}
"""The root element of a part, by the kind of relationship that leads to it."""

WML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PREFIXES = (f"{MC}Ignorable", f"{MC}ProcessContent", f"{MC}MustUnderstand")
STRICT = "{http://purl.oclc.org/ooxml/"
MOST_XML = 5 * 1024 * 1024

BLOCKS = frozenset({"p", "tbl", "sdt", "customXml", "altChunk"})
MARKS = frozenset(
    {"bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd"}
    | {"ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart"}
    | {"moveToRangeEnd"}
)
RUNS = frozenset({"r", "hyperlink", "fldSimple", "sdt", "smartTag", "customXml", "subDoc", "dir", "bdo"})

CHILDREN: Mapping[str, frozenset[str]] = {
    "body": BLOCKS | MARKS | {"sectPr"},
    "hdr": BLOCKS | MARKS,
    "ftr": BLOCKS | MARKS,
    "tbl": MARKS | {"tblPr", "tblGrid", "tr", "sdt", "customXml"},
    "tr": MARKS | {"tblPrEx", "trPr", "tc", "sdt", "customXml"},
    "tc": BLOCKS | MARKS | {"tcPr"},
    "p": RUNS | MARKS | {"pPr"},
}
"""What may stand in what, of the elements that carry the words."""

NEEDED: Mapping[str, tuple[str, ...]] = {"tbl": ("tblPr", "tblGrid", "tr"), "tr": ("tc",), "tc": ("p",)}
"""Without these Word does not open the document."""


def damages(package: Package) -> Iterator[Message]:
    """Yield what does not hang together, each with its part; what the document does not need is left out of it."""
    if parse(package.parts[package.main]).tag.startswith(STRICT):
        yield say("不是 Word 通常的 .docx（可能是“严格 Open XML”），请另存为 .docx")
        return
    types, needed = package.all_types(), package.reachable()
    for part in (part for part in package.parts if part in needed):
        if not types.get(part):
            yield say("{part} 没有写明类型", part=part)
        yield from _dangling(package, part)
        if part.endswith(".xml") and len(package.parts[part]) > MOST_XML:
            yield say("{part} 过大", part=part)
        elif part.endswith(".xml"):
            root = parse(package.parts[part])
            yield from _undeclared(part, root)
            yield from _unrelated(part, root, {relation.id for relation in package.relations(part)})


def _undeclared(part: str, root: Element) -> Iterator[Message]:
    """Find prefixes that are to be ignored, but stand for nothing: Word refuses the file."""
    for element in root.iter():
        for name in PREFIXES:
            for prefix in element.get(name, "").split():
                if prefix.partition(":")[0] not in element.nsmap:
                    yield say("{part} 里的前缀“{prefix}”没有声明", part=part, prefix=prefix)


def _dangling(package: Package, part: str) -> Iterator[Message]:
    """Find relationships that lead nowhere, or to a part of another kind."""
    seen: set[str] = set()
    for relation in package.relations(part):
        if relation.id in seen:
            yield say("{part} 有两个关系都叫 {id}", part=part, id=relation.id)
        seen.add(relation.id)
        if relation.external:
            continue
        if relation.target not in package.parts:
            yield say("{part} 的关系 {id} 指向没有的 {target}", part=part, id=relation.id, target=relation.target)
        elif relation.kind in ROOTS:
            yield from _other_kind(package, relation.target, ROOTS[relation.kind], relation.kind)


def _other_kind(package: Package, part: str, wanted: str, kind: str) -> Iterator[Message]:
    try:
        root = parse(package.parts[part])
    except (XmlError, ValueError):
        yield say("{part} 不是合格的 XML", part=part)
        return
    if root.tag != q(wanted):
        yield say("{part} 应是 {wanted}，里面是 {found}", part=part, wanted=f"w:{wanted}", found=local_name(root))
    type_ = package.all_types().get(part, "")
    if kind != "officeDocument" and type_ != f"{WML}{kind}+xml":
        yield say("{part} 写明的类型不对：{type}", part=part, type=type_)


def _unrelated(part: str, root: Element, known: set[str]) -> Iterator[Message]:
    """Find references to relationships that are not there."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.startswith(OFFICE) and value and value not in known:
                yield say("{part} 用到了没有的关系 {id}", part=part, id=value)


def misshapen(root: Element) -> Iterator[tuple[Element, Message]]:
    """Yield the elements that stand where they may not, and those that lack what they need."""
    for element in root.iter(*map(q, CHILDREN)):
        name = local_name(element)
        inside = [local_name(part) for part in element if part.tag.startswith(f"{{{W}}}")]
        for other in dict.fromkeys(part for part in inside if part not in CHILDREN[name]):
            yield element, say("结构坏了：{one} 里不能有 {other}", one=f"w:{name}", other=f"w:{other}")
        for needed in NEEDED.get(name, ()):
            if needed not in inside and "sdt" not in inside:
                yield element, say("结构坏了：{one} 里缺 {other}", one=f"w:{name}", other=f"w:{needed}")
        if name == "tc" and [part for part in inside if part not in MARKS][-1:] == ["tbl"]:
            yield element, say("结构坏了：{one} 里缺 {other}", one="w:tc", other="w:p")
        if "sectPr" in inside[:-1]:
            yield element, say("结构坏了：{one} 里缺 {other}", one="w:body", other="w:sectPr")
        if name in ("hdr", "ftr") and not BLOCKS.intersection(inside):
            yield element, say("结构坏了：{one} 里缺 {other}", one=f"w:{name}", other="w:p")
