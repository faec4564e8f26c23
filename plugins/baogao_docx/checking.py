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
from baogao.model.findings import Finding
from baogao.templating import faults, glued_figures
from baogao_docx.filling import DocumentEnvironment, prepare
from baogao_docx.fragments import fault_at
from baogao_docx.wordml import Element, local_name, q, words, xml_text

__all__ = ["BODY_TAG", "Checked"]

BODY_TAG = re.compile(r"\s*\{\{p\s+section\.body\s*\}\}\s*")
"""The paragraph that the narrative takes the place of."""

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = re.compile(r"[}%#]\}")
_FULL_WIDTH = re.compile(r"｛[｛%％]|[｝%％]｝")
_MARKED = ("p", "tr", "tc")
_ALONE = {"p": say("段落"), "tr": say("表格行"), "tc": say("单元格")}


@dataclass(frozen=True)
class Checked:
    """A part of a template under examination; `values` are the names it may use."""

    name: str
    root: Element
    values: Mapping[str, Any]
    section: str = ""

    @cached_property
    def paragraphs(self) -> list[Element]:
        """Return the paragraphs in the order people count them."""
        return list(self.root.iter(q("p")))

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
        """Yield every fault: lost text first, then syntax and unknown names."""
        yield from self._crowded()
        yield from self._misplaced_body()
        unfinished = tuple(self._unfinished())
        yield from unfinished
        for fault in () if unfinished else faults(self.source, self.values):
            yield self._at(fault.line, fault.rule, fault.message)

    def _crowded(self) -> Iterator[Finding]:
        """Find `{%p` and its like beside other text: docxtpl drops what stands around them."""
        for element in self.root.iter(*map(q, _MARKED)):
            kind = local_name(element)
            text = words(element).strip()
            tag = _own_tag(kind).search(text)
            if tag and tag[0] != text:
                fault = say("“{tag}”要独占一个{kind}，旁边的文字会丢失", tag=tag[0], kind=_ALONE[kind])
                first = next(element.iter(q("p")))
                yield fault_at(self.name, "TPL-004", first, self.paragraphs.index(first) + 1, fault, self.section)

    def _misplaced_body(self) -> Iterator[Finding]:
        bodies = 0
        for number, paragraph in enumerate(self.paragraphs, 1):
            text = words(paragraph)
            for glued in glued_figures(text):
                yield fault_at(self.name, "TPL-004", paragraph, number, glued, self.section)
            bodies += bool(BODY_TAG.fullmatch(text))
            if bodies > 1 and BODY_TAG.fullmatch(text):
                fault = say("正文 {tag} 只能放一次", tag="{{p section.body }}")
                yield fault_at(self.name, "TPL-004", paragraph, number, fault, self.section)
            if re.search(r"\{\{.*section\.body", text) and not BODY_TAG.fullmatch(text):
                fault = say("正文要写成独占一段的 {tag}", tag="{{p section.body }}")
                yield fault_at(self.name, "TPL-004", paragraph, number, fault, self.section)

    def _unfinished(self) -> Iterator[Finding]:
        """Find tags that end in another paragraph or nowhere, which Jinja would report at a place far off."""
        for number, paragraph in enumerate(self.paragraphs, 1):
            text = words(paragraph)
            if _FULL_WIDTH.search(text):
                fault = say("标记用了全角的括号，应改为半角的 {tag}", tag="{{ }}")
                yield fault_at(self.name, "TPL-002", paragraph, number, fault, self.section)
            elif len(_OPENING.findall(text)) != len(_CLOSING.findall(text)):
                fault = say("标记没有在本段内写完整")
                yield fault_at(self.name, "TPL-002", paragraph, number, fault, self.section)

    def _at(self, line: int, rule: str, fault: Message) -> Finding:
        before = re.findall(r"\{#(\d+)#\}", "\n".join(self.source.split("\n")[:line]))
        number = int(before[-1]) if before else 1
        paragraph = self.paragraphs[number - 1] if self.paragraphs else self.root
        return fault_at(self.name, rule, paragraph, number, fault, self.section)

    def failure(self) -> Finding | None:
        """Fill the part alone and return the finding of what fails, or None."""
        try:
            DocumentEnvironment().from_string(self.source).render(self.values)
        except JinjaError as exc:
            rule = "TPL-003" if isinstance(exc, UndefinedError) else "TPL-002"
            return self._at(_line(exc), rule, say("填不出来：{error}", error=exc.message or ""))
        return None


def _own_tag(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\{{[{{%]{kind}\s.*?[%}}]\}}")


def _line(error: BaseException) -> int:
    """Return the line of the template in which it failed, 1 where that is unknown."""
    trace, line = error.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
