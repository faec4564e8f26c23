"""Jinja as docxtpl uses it with autoescape, in a sandbox that knows where in the XML each value is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docxtpl import InlineImage, RichText
from jinja2 import StrictUndefined, Undefined, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.compiler import CodeGenerator, Frame
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup, escape

from baogao.language import Message, near, say
from baogao_docx.compiling.mending import FORBIDDEN, RICH
from baogao_docx.compiling.parts import UnprintableError

__all__ = ["Blank", "ForbiddenError", "Strict", "TemplateEnvironment"]

CHECKED = "baogao checked"
"""The filter that checks what is printed; its name cannot be written in a template."""
IN_RUNS = re.compile(r"</w:(?:r|pPr|hyperlink)>|<w:pPr/>|<w:(?:p|hyperlink)[ >]")
IN_BLOCKS = re.compile(r"</w:(?:p|tbl|tcPr|sectPr)>|<w:(?:body|tc|hdr|ftr|footnote)[ >]")
SPECIAL = re.compile("[&<>'\"]")
RUN = re.compile(r"<w:(?:r|hyperlink)[ >/]")
BLOCK = re.compile(r"<w:(?:p|tbl)[ >/]")


class ForbiddenError(UnprintableError):
    """A value holds what no document can; `text` is what it prints."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.text = text


class _Named(Undefined):
    """A name without a value, which says so in our words."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is missing:
            return say("“{name}”没有对应的内容", name=name)
        known = map(str, owner) if isinstance(owner, Mapping) else (one for one in dir(owner) if one[0] != "_")
        return say("里面没有“{name}”{near}", name=name, near=near(name, known))


class Strict(_Named, StrictUndefined):
    """A name without a value is an error."""

    __slots__ = ()


class Blank(_Named):
    """A name without a value prints nothing."""

    __slots__ = ()


class _Generator(CodeGenerator):
    """Let a value be printed by `TemplateEnvironment.printed`, where Jinja calls `finalize` and `escape`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed((")  # Jinja closes two brackets


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja as docxtpl uses it with autoescape, in a sandbox."""

    code_generator_class = _Generator

    def __init__(
        self, undefined: type[Undefined], filters: Mapping[str, Callable[..., Any]], *, thorough: bool = False
    ) -> None:
        """Take filters of one's own; a thorough one checks every value it prints, which is slow."""
        super().__init__(autoescape=True, undefined=undefined, finalize=_printable)
        self._given, self._thorough = filters, thorough
        self.filters.update(filters)
        self.filters[CHECKED] = _checked

    def thorough(self) -> TemplateEnvironment:
        """Return the same environment as one that names what cannot be printed."""
        return TemplateEnvironment(self.undefined, self._given, thorough=True)

    @staticmethod
    def printed(value: Any) -> str:
        """Return a value as it is printed: most are words and figures, in which there is nothing to escape."""
        if type(value) is str and (value.isalnum() or not SPECIAL.search(value)):
            return value
        return escape(_printable(value))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a key of the data before an attribute: `{{ row.items }}` is the column, not a method."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for output, index, place in list(_printed(tree)):
            if place or self._thorough:
                value = output.nodes[index]
                words = [nodes.Const(_written(value)), nodes.Const(place)]
                output.nodes[index] = nodes.Filter(value, CHECKED, words, [], None, None, lineno=value.lineno)
        return tree


def _printable(value: Any) -> Any:
    """Refuse what would have to bring another part into the document, and mark rich text."""
    if isinstance(value, str):
        return value
    if isinstance(value, RichText):
        return Markup(f"{RICH}{value}") if str(value) else ""  # noqa: S704  # docxtpl escapes its words
    if isinstance(value, InlineImage) or type(value).__name__ == "Subdoc":
        kind = type(value).__name__
        raise JinjaError(say("{kind} 要往文件里添加部件，编译过的模板不能用；这份文件用 docxtpl 生成", kind=kind))
    return value


def _printed(tree: nodes.Template) -> Iterator[tuple[nodes.Output, int, str]]:
    """Yield each value that is printed, with its place: among runs (r), among paragraphs (p), or in words ("")."""
    tail = ""
    for output in tree.find_all(nodes.Output):
        for index, child in enumerate(output.nodes):
            if isinstance(child, nodes.TemplateData):
                at = child.data.rfind("<")
                tail = child.data[at:] if at >= 0 else tail + child.data
            else:
                yield output, index, _place(tail)


def _place(tail: str) -> str:
    """Return where a value stands that comes behind this last tag of XML."""
    if not tail.rstrip().endswith(">"):
        return ""
    return "r" if IN_RUNS.match(tail) else "p" if IN_BLOCKS.match(tail) else ""


def _written(node: nodes.Node) -> str:
    """Return an expression as it is written, as far as it is made of names."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_written(node.node)}[{node.arg.value!r}]"
    if isinstance(node, nodes.Filter) and node.node:
        return f"{_written(node.node)}|{node.name}"
    return f"{_written(node.node)}()" if isinstance(node, nodes.Call) else "…"


def _checked(value: Any, name: str, place: str) -> Any:
    """Return a value; raise where no document can hold it, or Word would not show it."""
    printed = _printable(value)
    text = str(escape(printed))
    rich = text.startswith(f"{RICH}<w:")
    text = text.removeprefix(RICH) if rich else text
    if found := FORBIDDEN.search(text):
        sign = f"U+{ord(found[0]):04X}"
        raise ForbiddenError(say("“{name}”里有不能写进文档的字符 {sign}", name=name, sign=sign), str(value))
    if fault := _misplaced(text.strip(), name, place, rich=rich):
        raise JinjaError(fault)
    return printed


def _misplaced(text: str, name: str, place: str, *, rich: bool) -> Message | None:
    """Say what to do about runs among words or paragraphs, paragraphs among runs, and words among elements."""
    if (rich and place != "r") or (place == "p" and RUN.match(text)):
        tag = f"{{{{r {name} }}}}"
        return say("“{name}”是 RichText，要写成 {tag}，否则 Word 不显示", name=name, tag=tag)
    if place == "r" and BLOCK.match(text):
        tag = f"{{{{p {name} }}}}"
        return say("“{name}”是整段，要写成独占一段的 {tag}，否则 Word 打不开", name=name, tag=tag)
    if place and text and not text.startswith("<"):
        tag = f"{{{{ {name} }}}}"
        return say("“{name}”是普通文字“{text}”，这样写 Word 不显示；改成 {tag}", name=name, text=text, tag=tag)
    return None
