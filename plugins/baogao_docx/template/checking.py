"""Find all faults of a template before it is used, each with the paragraph people see in Word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import TemplateError as JinjaError
from jinja2 import UndefinedError

from baogao.language import Message, say
from baogao.model.findings import Finding, Severity
from baogao.templating import failure, faults, glued_figures
from baogao_docx.compiling.report_template import DocumentEnvironment, prepare
from baogao_docx.ooxml.wordml import Element, local_name, q, words, xml_text
from baogao_docx.template.sources import Source
from baogao_docx.template.tags import BODY_TAG, Tag, Wrong, misspelt, own_words, tags_of, unpaired

__all__ = ["BODY_TAG", "Checked"]

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = re.compile(r"[}%#]\}")
_FULL_WIDTH = re.compile(r"｛[｛{%％#＃]|\{[｛％＃]|[｝}%％#＃]｝|[｝％＃]\}")
_MARKED = ("p", "tr", "tc")
_ALONE = {"p": say("段落"), "tr": say("表格行"), "tc": say("单元格")}
_BOUND = re.compile(r"\{%\w*\s*(?:for\s+([\w\s,]+?)\s+in\b|with\s+(.*))", re.DOTALL)


@dataclass(frozen=True)
class Checked:
    """A part of a template under examination; `values` are the names it may use, `part` is "" for the document."""

    name: str
    root: Element
    values: Mapping[str, Any]
    section: str = ""
    part: str = ""

    @property
    def place(self) -> Source:
        """Return what names the places in this part."""
        return Source(self.name, self.root, self.section, self.part)

    @cached_property
    def paragraphs(self) -> list[Element]:
        """Return the paragraphs in the order people count them."""
        return list(self.root.iter(q("p")))

    @cached_property
    def tags(self) -> list[Tag]:
        """Return the tags that stand in paragraphs."""
        return [tag for paragraph in self.paragraphs for tag in tags_of(paragraph)]

    @cached_property
    def source(self) -> str:
        """Return the prepared XML with a comment before each paragraph, row and cell that holds its number."""
        numbers = iter(self._numbers())
        xml = xml_text(self.root)
        # the blank keeps docxtpl from joining the comment to a brace behind it
        return prepare(re.sub(r"<w:(?:p|tr|tc)(?=[ />])", lambda tag: f"\n{{#{next(numbers)}#}} {tag[0]}", xml))

    def _numbers(self) -> Iterator[int]:
        place = {paragraph: number for number, paragraph in enumerate(self.paragraphs, 1)}
        for element in self.root.iter(*map(q, _MARKED)):
            inside = [element] if element.tag == q("p") else list(element.iter(q("p")))
            tagged = (one for one in inside if _own_tag(local_name(element)).search(words(one)))
            yield place.get(next(tagged, inside[0] if inside else None), 0)

    def findings(self) -> Iterator[Finding]:
        """Yield every fault: lost text first, then spelling and pairs, then names."""
        wrong = [*self._outside(), *self._crowded(), *self._bodies(), *self._unfinished()]
        wrong += [fault for tag in self.tags for fault in misspelt(tag)]
        wrong += unpaired(self.tags)
        for fault in wrong:
            severity = Severity.ERROR if fault.grave else Severity.WARNING
            yield self.place.fault(fault.rule, fault.element, fault.message, severity)
        grave = {id(fault.element) for fault in wrong if fault.grave}
        whole = () if grave else tuple(faults(self.source, self.values))
        broken = any(fault.rule == "TPL-002" for fault in whole)
        alone = list(self._piecewise(grave)) if grave or broken else []
        yield from alone
        if not broken or not any(fault.rule == "TPL-002" for fault in alone):
            yield from (self._at(fault.line, fault.rule, fault.message) for fault in whole)

    def _piecewise(self, wrong: set[int]) -> Iterator[Finding]:
        """Judge each tag alone, where the whole cannot be read; what loops and `with` name may be anything."""
        bound = {name: None for tag in self.tags for name in _names_bound(tag)}
        for tag in self.tags:
            if id(tag.paragraph) not in wrong:
                for fault in faults(tag.piece, {**self.values, "loop": None, **bound}):
                    yield self.place.fault(fault.rule, tag.paragraph, fault.message)

    def _outside(self) -> Iterator[Wrong]:
        """Find tags in what is no plain text: codes of fields, formulas, names and descriptions of pictures."""
        plain = {q("t"), q("delText")}
        for element in self.root.iter():
            if element.tag in (q("instrText"), q("fldSimple")):
                if _OPENING.search(f"{element.text or ''}{element.get(q('instr'), '')}"):
                    yield Wrong(element, "TPL-004", say("域代码里不能有标记"))
            elif _OPENING.search("".join(element.attrib.values())):
                yield Wrong(element, "TPL-004", say("标记写在了看不见的地方（如图片的替代文字），只能写在正文里"))
            elif element.tag not in plain and _OPENING.search(element.text or ""):
                yield Wrong(element, "TPL-004", say("标记写在了公式、图形等嵌入内容里，只能写在正文里"))

    def _crowded(self) -> Iterator[Wrong]:
        """Find `{%p` and its like beside other text: docxtpl drops what stands around them."""
        for element in self.root.iter(*map(q, _MARKED)):
            kind = local_name(element)
            text = (own_words(element) if kind == "p" else words(element)).strip()
            tag = _own_tag(kind).search(text)
            if tag and tag[0] != text:
                others = _own_tag(kind).findall(text)
                fault = say("“{tag}”要独占一个{kind}，旁边的文字会丢失", tag=tag[0], kind=_ALONE[kind])
                if len(others) > 1 and "".join(others) == re.sub(r"\s+(?=\{)", "", text):
                    fault = say("一个{kind}里只能有一个 {tag}，分成几个", kind=_ALONE[kind], tag=tag[0])
                yield Wrong(element, "TPL-004", fault)

    def _bodies(self) -> Iterator[Wrong]:
        bodies = 0
        for paragraph in self.paragraphs:
            text = own_words(paragraph)
            for glued in glued_figures(text):
                yield Wrong(paragraph, "TPL-004", glued)
            is_body = bool(BODY_TAG.fullmatch(text))
            bodies += is_body
            if is_body and bodies > 1:
                yield Wrong(paragraph, "TPL-004", say("正文 {tag} 只能放一次", tag="{{p section.body }}"))
            if re.search(r"\{\{.*section\.body", text) and not is_body:
                yield Wrong(paragraph, "TPL-004", say("正文要写成独占一段的 {tag}", tag="{{p section.body }}"))

    def _unfinished(self) -> Iterator[Wrong]:
        """Find tags that end in another paragraph or nowhere, which Jinja would report at a place far off."""
        for paragraph in self.paragraphs:
            text = own_words(paragraph)
            if _FULL_WIDTH.search(text):
                fault = say("标记用了全角的括号，应改为半角的 {tag}", tag="{{ }}")
                yield Wrong(paragraph, "TPL-002", fault)
            elif len(_OPENING.findall(text)) != len(_CLOSING.findall(text)):
                yield Wrong(paragraph, "TPL-002", say("标记没有在本段内写完整"))

    def _at(self, line: int, rule: str, fault: Message) -> Finding:
        before = re.findall(r"\{#(\d+)#\}", "\n".join(self.source.split("\n")[:line]))
        number = int(before[-1]) if before else 1
        paragraph = self.paragraphs[number - 1] if self.paragraphs else self.root
        return self.place.fault(rule, paragraph, fault)

    def failure(self) -> Finding | None:
        """Fill the part alone and return the finding of what fails, or None."""
        try:
            DocumentEnvironment().from_string(self.source).render(self.values)
        except (JinjaError, TypeError, ValueError) as exc:
            rule = "TPL-003" if isinstance(exc, UndefinedError) else "TPL-002"
            return self._at(_line(exc), rule, say("填不出来：{error}", error=failure(exc)))
        return None


def _own_tag(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\{{[{{%]{kind}\s.*?[%}}]\}}")


def _names_bound(tag: Tag) -> Iterator[str]:
    """Yield the names that a loop or a `with` gives."""
    found = _BOUND.match(tag.text)
    if found:
        yield from re.findall(r"\w+", found[1]) if found[1] else re.findall(r"(\w+)\s*=", found[2])


def _line(error: BaseException) -> int:
    """Return the line of the template in which it failed, 1 where that is unknown."""
    trace, line = error.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
