"""Compile a docxtpl template once, and render it many times.

docxtpl opens, patches and parses its template for every document. Here it prepares the XML when the template is
compiled; a render fills in the parts that have tags and splices them into an archive of which the rest is ready.
The document is the one docxtpl makes with autoescape, except where docxtpl loses text or makes an invalid one.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Literal

from docxtpl import InlineImage, RichText
from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.language import Message, say, spoken
from baogao.model.findings import Finding, Location
from baogao_docx.compiling.mending import AS_DOCXTPL, FORBIDDEN, RICH
from baogao_docx.compiling.parts import Part, UnprintableError, compile_part
from baogao_docx.compiling.preparing import Source, prepare_template
from baogao_docx.compiling.splicing import Deflate, Splice, fastest_deflate
from baogao_docx.package import PackageError, read_package
from baogao_docx.wordml import XmlError

__all__ = ["CompiledTemplate", "compile_template"]

PARAGRAPH_START = re.compile(r"<w:p(?=[ >])")
TAGS_OF_XML = re.compile(r"<[^>]+>")
UNDEFINED: Mapping[str, type[Undefined]] = MappingProxyType({"strict": StrictUndefined, "blank": Undefined})
LONGEST = 60
"""Characters of a paragraph that are shown where it fails."""


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
        raise TemplateError([_fault(name, spoken(exc), "TPL-005")]) from exc
    environment = _Environment(UNDEFINED[undefined], filters or {})
    parts = tuple(_compiled(name, part, environment) for part in prepared.sources)
    return CompiledTemplate(name, parts, Splice(prepared.fixed, deflate or fastest_deflate()))


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


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja as docxtpl uses it with autoescape, in a sandbox."""

    def __init__(self, undefined: type[Undefined], filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(autoescape=True, undefined=undefined, finalize=_printable)
        self.filters.update(filters)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a key of the data before an attribute: `{{ row.items }}` is the column, not a method."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _printable(value: Any) -> Any:
    """Refuse what would have to bring another part into the document, and mark rich text."""
    if isinstance(value, str):
        return value
    if isinstance(value, RichText):
        return Markup(f"{RICH}{value}") if str(value) else ""  # noqa: S704  # docxtpl escapes its words
    if isinstance(value, InlineImage) or type(value).__name__ == "Subdoc":
        raise JinjaError(say("{kind} 不能用在编译过的模板里", kind=type(value).__name__))
    return value


def _compiled(name: str, source: Source, environment: _Environment) -> Part:
    try:
        return compile_part(source, environment, AS_DOCXTPL)
    except JinjaError as exc:
        raise TemplateError([_fault(name, _where(source, environment, {}, exc), "TPL-002")]) from exc


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
        except (XmlError, UnicodeEncodeError, UnprintableError) as exc:
            raise TemplateError([self._refused(part, context, spoken(exc))]) from exc
        except Exception as exc:  # a template, a filter and a value may raise anything
            if not isinstance(context, Mapping):
                kind = type(context).__name__
                raise TypeError(say("render 要给一个字典：名称和它的值；给的是 {kind}", kind=kind)) from exc
            where = _where(part.source, part.template.environment, context, exc)
            raise TemplateError([_fault(self.name, where)]) from exc

    def _refused(self, part: Part, context: Mapping[str, Any], otherwise: str) -> Finding:
        """Name the values that hold what no document can; there is none where the template itself is to blame."""
        for path, value in _texts(context):
            found = FORBIDDEN.search(value)
            if found:
                place, sign = found.start() + 1, f"U+{ord(found[0]):04X}"
                message = say(
                    "{path} 里有不能写进文档的字符 {sign}（第 {place} 个）", path=path, sign=sign, place=place
                )
                return _fault(self.name, message, "TXT-001")
        return _fault(self.name, say("{part}：{error}", part=part.source.part, error=otherwise))


def _fault(name: str, message: str, rule: str = "TPL-004") -> Finding:
    return Finding(say("模板 {file}：{fault}", file=name, fault=message), rule=rule, location=Location(name))


def _where(source: Source, environment: Any, context: Mapping[str, Any], error: Exception) -> Message:
    """Say in which paragraph a template fails: it is tried again with a line for each paragraph."""
    lines = PARAGRAPH_START.sub(r"\n\g<0>", source.text)
    line = _failing_line(lines, environment, context)
    text = TAGS_OF_XML.sub("", lines.split("\n")[line - 1])
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return say(
        "{part} 第 {number} 段“{text}”：{error}", part=source.part, number=line - 1, text=shown, error=spoken(error)
    )


def _failing_line(lines: str, environment: Any, context: Mapping[str, Any]) -> int:
    try:
        environment.from_string(lines).render(context)
    except TemplateSyntaxError as exc:
        return exc.lineno
    except Exception as exc:  # whatever a value or a filter raises; it was caught once already
        frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == "<template>"]
        return (frames[-1].lineno or 1) if frames else 1
    return 1


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
