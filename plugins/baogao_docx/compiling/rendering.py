"""Compile a docxtpl template once, and render it many times.

docxtpl opens, patches and parses its template for every document. Here it prepares the XML when the template is
compiled; a render fills in the parts that have tags and splices them into an archive of which the rest is ready.
The document is the one docxtpl makes with autoescape, except where docxtpl loses text or makes an invalid one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Literal, cast

from jinja2 import TemplateError as JinjaError
from jinja2 import Undefined

from baogao.errors import TemplateError
from baogao.language import Message, say, spoken
from baogao.model.findings import Finding, Location
from baogao_docx.compiling.diagnosing import Fault, lost_words, render_fault, syntax_faults, unpaired
from baogao_docx.compiling.environment import Blank, ForbiddenError, Strict, TemplateEnvironment
from baogao_docx.compiling.locating import Original
from baogao_docx.compiling.mending import AS_DOCXTPL, FORBIDDEN
from baogao_docx.compiling.parts import Part, compile_part
from baogao_docx.compiling.preparing import Source, prepare_template
from baogao_docx.compiling.splicing import Deflate, Packing, Splice, fastest_packing
from baogao_docx.ooxml.package import PackageError, read_package
from baogao_docx.ooxml.wordml import XmlError

__all__ = ["CompiledTemplate", "compile_template"]

UNDEFINED: Mapping[str, type[Undefined]] = MappingProxyType({"strict": Strict, "blank": Blank})


def compile_template(
    source: str | PathLike[str] | bytes | IO[bytes],
    *,
    filters: Mapping[str, Callable[..., Any]] | None = None,
    undefined: Literal["strict", "blank"] = "strict",
    deflate: Deflate | None = None,
) -> CompiledTemplate:
    """Return a template ready to be rendered many times; raise TemplateError for one that cannot be used.

    `source` is a path, the bytes of a .docx or an open file. A name without a value is an error, or with
    `undefined="blank"` prints nothing, as with docxtpl. `deflate` compresses the parts that change; without it ISA-L
    does, where it is installed, or else zlib. Raise ValueError for another `undefined`, TypeError for another source.
    """
    if undefined not in UNDEFINED:
        raise ValueError(say('undefined 要写 "strict" 或 "blank"，写的是 {value}', value=repr(undefined)))
    name, content = _content(source)
    try:
        read_package(content)
        prepared = prepare_template(content)
    except PackageError as exc:
        raise TemplateError([Finding(spoken(exc), rule="TPL-005", location=Location(name))]) from exc
    environment = TemplateEnvironment(UNDEFINED[undefined], filters or {})
    parts = tuple(_compiled(name, part, environment) for part in prepared.sources)
    packing = Packing(deflate) if deflate else fastest_packing()
    return CompiledTemplate(name, parts, Splice(prepared.fixed, packing))


def _content(source: str | PathLike[str] | bytes | IO[bytes]) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "template.docx", source
    if isinstance(source, str | PathLike):
        path = Path(fspath(source))
        return path.name, path.read_bytes()
    content: Any = source.read() if hasattr(source, "read") else source
    if not isinstance(content, bytes):
        kind = type(content).__name__
        raise TypeError(say('模板要给路径、bytes 或用 "rb" 打开的文件，给的是 {kind}', kind=kind))
    return Path(str(getattr(source, "name", "template.docx"))).name, content


def _compiled(name: str, source: Source, environment: TemplateEnvironment) -> Part:
    original = Original(source)
    if lost := list(lost_words(original)):
        raise _error(name, original, lost)
    try:
        return compile_part(source, environment, AS_DOCXTPL)
    except JinjaError as exc:
        raise _error(name, original, syntax_faults(original, environment, exc)) from exc


def _error(name: str, original: Original, faults: Iterable[Fault]) -> TemplateError:
    return TemplateError(
        Finding(original.said(fault.paragraph, fault.message), rule=fault.rule, location=Location(name))
        for fault in faults
    )


@dataclass(frozen=True)
class CompiledTemplate:
    """A template compiled once; `render` may be called by many threads."""

    name: str
    parts: tuple[Part, ...] = field(repr=False)
    splice: Splice = field(repr=False)

    def render(self, context: Mapping[str, Any]) -> bytes:
        """Return the .docx; the same context gives the same bytes.

        Raise TemplateError with the part, the paragraph and its text where the template fails, and with the path of
        a value that no document can hold; TypeError for a context that is no mapping.
        """
        return self.splice.archive({part.source.part: self._bytes(part, context) for part in self.parts})

    def _bytes(self, part: Part, context: Mapping[str, Any]) -> bytes:
        try:
            return part.filled(context)
        except Exception as exc:  # a template, a filter and a value may raise anything
            _refuse_other_than_values(context)
            original = Original(part.source)
            raise _error(self.name, original, _faults(part, original, context, exc)) from exc


def _refuse_other_than_values(context: object) -> None:
    if not isinstance(context, Mapping):
        kind = type(context).__name__
        raise TypeError(say("render 要给一个字典：名称和它的值；给的是 {kind}", kind=kind))


def _faults(part: Part, original: Original, context: Mapping[str, Any], error: Exception) -> list[Fault]:
    """Return why a part cannot be rendered: what fails when it is tried again, or tags that do not pair."""
    fault, found = render_fault(original, cast("TemplateEnvironment", part.template.environment), context, error)
    if isinstance(found, XmlError):
        return list(unpaired(original)) or [fault]
    if isinstance(found, ForbiddenError):
        return [Fault(fault.paragraph, "TXT-001", _forbidden(context, found.text) or fault.message)]
    return [fault]


def _forbidden(context: Mapping[str, Any], printed: str) -> Message | None:
    """Name the value of the data that holds what no document can, and is in what was printed."""
    for path, value in _texts(context):
        found = FORBIDDEN.search(value)
        if found and value in printed:
            place, sign = found.start() + 1, f"U+{ord(found[0]):04X}"
            return say("{path} 里有不能写进文档的字符 {sign}（第 {place} 个）", path=path, sign=sign, place=place)
    return None


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of the data with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _texts(item, f"{path}[{number}]")
