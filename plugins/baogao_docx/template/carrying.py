"""What a shell would carry into every report made with it, and must not: it would change, fetch, run or betray."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity
from baogao_docx.compiling.report_template import filled_parts
from baogao_docx.ooxml.package import Package, Relation
from baogao_docx.ooxml.soundness import misshapen
from baogao_docx.ooxml.wordml import Element, local_name, parse, q
from baogao_docx.template.sources import Source

__all__ = ["carried", "is_hidden", "loose_tags", "outside_links", "tracked"]

TRACKED = (
    *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "pPrChange", "rPrChange", "sectPrChange"),
    *("tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange", "tblGridChange", "numberingChange"),
)
FORBIDDEN = {
    "commentRangeStart": say("批注"),
    "commentReference": say("批注"),
    "object": say("嵌入对象"),
    "control": say("控件"),
    "altChunk": say("外部文件"),
    "subDoc": say("外部文件"),
    "dataBinding": say("绑定了数据的内容控件"),
}
KINDS = {
    "vbaProject": say("宏"),
    "wordVbaData": say("宏"),
    "keyMapCustomizations": say("宏"),
    "oleObject": say("嵌入对象"),
    "package": say("嵌入对象"),
    "control": say("控件"),
    "activeXControlBinary": say("控件"),
    "aFChunk": say("外部文件"),
    "subDocument": say("外部文件"),
    "mailMergeSource": say("邮件合并"),
    "mailMergeHeaderSource": say("邮件合并"),
    "comments": say("批注"),
    "commentsExtended": say("批注"),
    "commentsIds": say("批注"),
    "commentsExtensible": say("批注"),
}
FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "REF", "PAGEREF", "NOTEREF", "SEQ", "STYLEREF", "HYPERLINK"}
    | {"DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TITLE", "SUBJECT", "AUTHOR", "NUMWORDS", "NUMCHARS"}
    | {"QUOTE", "IF", "SYMBOL", "EQ", "TC", "XE", "INDEX", "ADVANCE"}
)
"""The fields that take what they print from the document itself."""

OPENING = re.compile(r"\{[{%#]|｛[｛%％]")
LINKS = ("http://", "https://", "mailto:", "#")


def carried(name: str, package: Package) -> Iterator[Finding]:
    """Yield everything a shell may not carry, each with its part and its paragraph or cell."""
    filled = filled_parts(package)
    yield from outside_links(name, package)
    yield from _kinds(name, package)
    yield from _settings(name, package)
    yield from loose_tags(name, package, filled)
    for part in filled:
        root = parse(package.parts[part])
        source = Source(name, root, part="" if part == package.main else part)
        yield from (source.fault("TPL-004", element, fault) for element, fault in _contents(root))


def _contents(root: Element) -> Iterator[tuple[Element, Message]]:
    yield from misshapen(root)
    yield from tracked(root)
    yield from _fields(root)
    for element in root.iter(*map(q, FORBIDDEN)):
        yield element, say("不能有{what}", what=FORBIDDEN[local_name(element)])
    for element in root.iter(q("vanish"), q("webHidden")):
        if is_hidden(element):
            yield element, say("不能有{what}", what=say("隐藏文字"))


def tracked(root: Element) -> Iterator[tuple[Element, Message]]:
    """Yield the tracked changes, one for each paragraph."""
    seen: set[int] = set()
    for element in root.iter(*map(q, TRACKED)):
        place = next((part for part in (element, *element.iterancestors()) if part.tag == q("p")), element)
        if id(place) not in seen:
            seen.add(id(place))
            yield element, say("不能有{what}", what=say("修订"))


def is_hidden(element: Element) -> bool:
    """Tell whether a mark hides words: it is not switched off, and not that of the end of a paragraph."""
    off = element.get(q("val"), "true") in ("0", "false", "off")
    return not off and element.getparent().getparent().tag != q("pPr")


def outside_links(name: str, package: Package, severity: Severity = Severity.ERROR) -> Iterator[Finding]:
    """Yield the relationships that lead out of the document, except links a reader may follow without harm."""
    for part in package.parts:
        for relation in package.relations(part):
            if relation.external and not _is_plain_link(relation):
                what = say("附加的模板") if relation.kind == "attachedTemplate" else say("外部文件")
                fault = say("引用了{what} {target}", what=what, target=relation.target)
                yield _at_relation(name, package, part, relation, fault, severity)


def _kinds(name: str, package: Package) -> Iterator[Finding]:
    for part in package.parts:
        for relation in package.relations(part):
            if relation.kind in KINDS and not relation.external:
                fault = say("不能有{what}", what=KINDS[relation.kind])
                yield _at_relation(name, package, part, relation, fault, Severity.ERROR)


def _is_plain_link(relation: Relation) -> bool:
    return relation.kind == "hyperlink" and relation.target.lower().startswith(LINKS)


def _at_relation(
    name: str, package: Package, part: str, relation: Relation, fault: Message, severity: Severity
) -> Finding:
    """Return the finding at the place that uses a relationship, or at the whole part."""
    if part in filled_parts(package):
        root = parse(package.parts[part])
        users = (element for element in root.iter() if relation.id in element.attrib.values())
        user = next(users, None)
        if user is not None:
            source = Source(name, root, part="" if part == package.main else part)
            return source.fault("TPL-004", user, fault, severity)
    return _of_part(name, "" if part == package.main else part, fault, severity)


def _of_part(name: str, part: str, fault: Message, severity: Severity = Severity.ERROR) -> Finding:
    file = say("{name}（{part}）", name=name, part=part) if part else name
    message = say("模板 {file}：{fault}", file=file, fault=fault)
    return Finding(message, "", "TPL-004", severity, location=Location(name))


def _settings(name: str, package: Package) -> Iterator[Finding]:
    for part in package.related("settings"):
        root = parse(package.parts[part])
        if root.find(q("mailMerge")) is not None:
            yield _of_part(name, part, say("不能有{what}", what=say("邮件合并")))
        track = root.find(q("trackRevisions"))
        if track is not None and track.get(q("val"), "true") not in ("0", "false", "off"):
            fault = say("“修订”开着：在 Word 的“审阅”里关掉再保存")
            yield _of_part(name, part, fault, Severity.WARNING)


def loose_tags(name: str, package: Package, filled: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the parts that hold tags, and are not filled: comments, charts, drawings, properties."""
    for part in package.parts:
        if part in filled or not part.endswith(".xml"):
            continue
        texts = [text for text in parse(package.parts[part]).itertext() if OPENING.search(text)]
        if texts:
            yield _of_part(name, part, say("“{text}”：这一部分里的标记不会填写", text=texts[0].strip()[:40]))


def _fields(root: Element) -> Iterator[tuple[Element, Message]]:
    """Find fields that would fetch something when the document is opened, or lead to a dangerous address."""
    for element, code in _field_codes(root):
        word, *rest = code.split() or [""]
        if not code.strip() or word.upper().startswith("="):
            continue
        if word.upper() not in FIELDS:
            yield element, say("域“{code}”会从别处取内容，或会运行程序", code=code.strip()[:40])
        elif word.upper() == "HYPERLINK" and not _leads_somewhere_plain(rest):
            yield element, say("域“{code}”的地址不是网页或邮箱", code=code.strip()[:40])


def _leads_somewhere_plain(rest: list[str]) -> bool:
    target = rest[0].strip('"“”').lower() if rest else ""
    return target.startswith((*LINKS, "\\"))


def _field_codes(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield the instructions of the fields: of simple ones, and of those made of several runs."""
    for field in root.iter(q("fldSimple")):
        yield field, field.get(q("instr"), "")
    open_: list[tuple[Element, list[str]]] = []
    for mark in root.iter(q("fldChar"), q("instrText")):
        kind = mark.get(q("fldCharType"))
        if kind == "begin":
            open_.append((mark, []))
        elif kind == "end" and open_:
            begin, code = open_.pop()
            yield begin, "".join(code)
        elif mark.tag == q("instrText"):
            open_ = open_ or [(mark, [])]
            open_[-1][1].append(mark.text or "")
    yield from ((begin, "".join(code)) for begin, code in open_)
