"""The package of a .docx: its parts, read within limits, and written the same bytes for the same parts."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from baogao.language import Message, say
from baogao_docx.ooxml.wordml import Element, XmlError, parse, serialise

__all__ = [
    "CORE",
    "PARTS_OF_SHELL",
    "Package",
    "PackageError",
    "Relation",
    "in_order",
    "new_package",
    "read_package",
    "with_core",
    "with_part",
    "write_package",
]

MOST_PARTS = 1000
MOST_BYTES = 64 * 1024 * 1024

TYPES = "[Content_Types].xml"
CORE = "docProps/core.xml"
_COMPOUND = b"\xd0\xcf\x11\xe0"
_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE_REL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN_TYPE = f"{_WML}document.main+xml"

_OTHER_MAIN: Mapping[str, Message] = {
    "application/vnd.ms-word.document.macroEnabled.main+xml": say("是带宏的 .docm"),
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": say("是带宏的 .dotm"),
    f"{_WML}template.main+xml": say("是 Word 自己的模板 .dotx"),
}

PARTS_OF_SHELL: Mapping[str, str] = MappingProxyType(
    {
        "styles.xml": "rId1",
        "settings.xml": "rId2",
        "fontTable.xml": "rId3",
        "header1.xml": "rId4",
        "header2.xml": "rId5",
        "footer1.xml": "rId6",
        "footer2.xml": "rId7",
    }
)
"""The parts that belong to the document of the drawn shell, with the ids of their relationships."""


class PackageError(ValueError):
    """The file is not a .docx that can be used; the argument is a message that says why."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part; `target` is the name of a part, or an address when `external`."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a .docx by name."""

    parts: Mapping[str, bytes]

    @property
    def main(self) -> str:
        """Return the name of the document part."""
        for relation in self.relations(""):
            kind = self.content_types().get(relation.target, "")
            if relation.kind == "officeDocument" and kind == _MAIN_TYPE and relation.target in self.parts:
                return relation.target
            if relation.kind == "officeDocument" and kind in _OTHER_MAIN:
                raise PackageError(_OTHER_MAIN[kind])
        raise PackageError(say("其中没有 Word 文档"))

    def all_types(self) -> dict[str, str]:
        """Return the content type of every part that has one, of its own or by its suffix."""
        root = parse(self.parts.get(TYPES, b""))
        by_suffix = {
            entry.get("Extension", "").lower(): entry.get("ContentType", "") for entry in root.iter(f"{{{_CT}}}Default")
        }
        found = {part: by_suffix.get(part.rpartition(".")[2].lower(), "") for part in self.parts}
        return {**found, **self.content_types()}

    def content_types(self) -> dict[str, str]:
        """Return the content type of each part that has one of its own."""
        root = parse(self.parts.get(TYPES, b""))
        return {part.get("PartName", "")[1:]: part.get("ContentType", "") for part in root.iter(f"{{{_CT}}}Override")}

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Return the relationships of a part, of the whole package for ""."""
        content = self.parts.get(relations_name(part))
        return tuple(_relation(part, entry) for entry in parse(content)) if content else ()

    def related(self, kind: str) -> tuple[str, ...]:
        """Return the parts of one kind that belong to the document, in the order of their names."""
        return tuple(sorted(relation.target for relation in self.relations(self.main) if relation.kind == kind))

    def reachable(self) -> set[str]:
        """Return the parts the document needs, with those that hold their relationships."""
        return _reachable(self, self.main, set())

    def replaced(self, parts: Mapping[str, bytes]) -> Package:
        """Return the package with some parts changed."""
        return Package({**self.parts, **parts})


def relations_name(part: str) -> str:
    """Return the name of the part that holds the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(part: str, entry: Element) -> Relation:
    external = entry.get("TargetMode") == "External"
    target = entry.get("Target", "")
    if not external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
    return Relation(entry.get("Id", ""), entry.get("Type", "").rpartition("/")[2], target, external)


def new_package(parts: Mapping[str, bytes]) -> Package:
    """Return a package of a document and the parts of `PARTS_OF_SHELL`."""
    overrides = {f"word/{name}": f"{_WML}{_kind(name)}+xml" for name in PARTS_OF_SHELL}
    links = {name: (f"{_OFFICE}/{_kind(name)}", link) for name, link in PARTS_OF_SHELL.items()}
    added = {
        TYPES: _content_types({"word/document.xml": _MAIN_TYPE, **overrides}),
        relations_name(""): _relations({"word/document.xml": (f"{_OFFICE}/officeDocument", "rId1")}),
        relations_name("word/document.xml"): _relations(links),
    }
    return Package({**added, **parts})


def _kind(name: str) -> str:
    return name.removesuffix(".xml").rstrip("0123456789")


def _content_types(overrides: Mapping[str, str]) -> bytes:
    root = parse(f'<Types xmlns="{_CT}"/>')
    for suffix, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        _add(root, "Default", Extension=suffix, ContentType=kind)
    for name, kind in overrides.items():
        _add(root, "Override", PartName=f"/{name}", ContentType=kind)
    return serialise(root)


def _add(root: Element, tag: str, **attributes: str) -> None:
    root.append(root.makeelement(f"{{{root.nsmap[None]}}}{tag}", attributes))


def _relations(links: Mapping[str, tuple[str, str]]) -> bytes:
    root = parse(f'<Relationships xmlns="{_REL}"/>')
    for target, (kind, link) in links.items():
        _add(root, "Relationship", Id=link, Type=kind, Target=target)
    return serialise(root)


def with_core(package: Package, core: bytes) -> Package:
    """Return the package with only the parts its document needs, and these core properties."""
    kept = package.reachable()
    root_links = {package.main: (f"{_OFFICE}/officeDocument", "rId1"), CORE: (_CORE_REL, "rId2")}
    return Package(
        {
            TYPES: _kept_types(package, kept),
            relations_name(""): _relations(root_links),
            CORE: core,
            **{name: content for name, content in package.parts.items() if name in kept},
        }
    )


def with_part(package: Package, name: str, content: bytes, kind: str) -> Package:
    """Return the package with one more part that belongs to the document."""
    types = parse(package.parts[TYPES])
    _add(types, "Override", PartName=f"/{name}", ContentType=f"{_WML}{kind}+xml")
    links = relations_name(package.main)
    root = parse(package.parts.get(links, f'<Relationships xmlns="{_REL}"/>'))
    taken = {entry.get("Id") for entry in root}
    link = next(f"rId{number}" for number in count(1) if f"rId{number}" not in taken)
    target = posixpath.relpath(name, posixpath.dirname(package.main))
    _add(root, "Relationship", Id=link, Type=f"{_OFFICE}/{kind}", Target=target)
    return package.replaced({TYPES: serialise(types), links: serialise(root), name: content})


def _kept_types(package: Package, kept: set[str]) -> bytes:
    root = parse(package.parts[TYPES])
    for entry in list(root.iter(f"{{{_CT}}}Override")):
        if entry.get("PartName", "")[1:] not in kept:
            root.remove(entry)
    _add(root, "Override", PartName=f"/{CORE}", ContentType=_CORE_TYPE)
    return serialise(root)


def _reachable(package: Package, part: str, seen: set[str]) -> set[str]:
    """Add the part to those seen, with all it needs."""
    seen |= {part, relations_name(part)}
    for relation in package.relations(part):
        if not relation.external and relation.target not in seen:
            _reachable(package, relation.target, seen)
    return seen


def read_package(content: bytes) -> Package:
    """Return the parts; raise PackageError for what is not a whole, plain .docx of sane size."""
    if content.startswith(_COMPOUND):
        raise PackageError(say("是旧的 .doc，或加了密码"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = Package(_members(archive))
        for name in filter(_is_xml, package.parts):
            parse(package.parts[name])
        _ = package.main
    except PackageError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as exc:
        raise PackageError(say("不是完整的 .docx 文件（{error}）", error=str(exc))) from exc
    except (XmlError, ValueError) as exc:
        raise PackageError(say("其中的 XML 有误（{error}）", error=str(exc))) from exc
    return package


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise PackageError(say("解压后过大"))
    if len(set(names)) < len(names) or any(_strays(name) for name in names):
        raise PackageError(say("其中的文件名有误"))
    return {entry.filename: _member(archive, entry) for entry in entries}


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _strays(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise PackageError(say("解压后过大"))
    return content


def write_package(package: Package) -> bytes:
    """Return the .docx: members in fixed order, with a fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in in_order(package).items():
            archive.writestr(_entry(name), content, compresslevel=6)
    return stream.getvalue()


def in_order(package: Package) -> dict[str, bytes]:
    """Return the parts in the order they are written in: what says what the others are comes first."""
    return {name: package.parts[name] for name in sorted(package.parts, key=_rank)}


def _rank(name: str) -> tuple[int, str]:
    return (0 if name == TYPES else 1 if name == relations_name("") else 2, name)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry
