"""Why a template cannot be compiled or rendered, tag by tag; slow, and only used where it fails."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError as JinjaError
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from baogao.language import Message, listed, near, say, spoken
from baogao.templating import bounded, faults
from baogao_docx.compiling.environment import TemplateEnvironment
from baogao_docx.compiling.locating import Original, own_words
from baogao_docx.compiling.preparing import OPENING, TAG
from baogao_docx.ooxml.places import nearest
from baogao_docx.ooxml.wordml import Element, q

__all__ = ["Fault", "lost_words", "render_fault", "syntax_faults", "unpaired"]

MARK = re.compile(r"\{[{%#](p|tr|tc)\s")
PARTED = re.compile(r"\{[{%]-?\s+(p|tr|tc|r)\s+[A-Za-z_]")
WORD = re.compile(r"\{%(?:(p|tr|tc|r)(?=\s))?[-+]?\s*(\w+)")
NOT_KNOWN = re.compile(r"No (filter|test) named '(.*?)'")
BLOCKS = ("autoescape", "block", "call", "filter", "for", "if", "macro", "with")
ENDS = tuple(f"end{word}" for word in BLOCKS)
SET = ("set", "endset")
MIDDLE = ("elif", "else")
OF_DOCXTPL = ("cellbg", "colspan", "hm", "vm")
WORDS = (*BLOCKS, *ENDS, *MIDDLE, *SET, *OF_DOCXTPL)
RARE = ("extends", "from", "import", "include", "print", "raw", "endraw")
COMMON = ("if", "elif", "else", "endif", "for", "endfor", "set", "with", "endwith")
KINDS: Mapping[str, Message] = {"p": say("段落"), "tr": say("表格行"), "tc": say("单元格")}
IN_PLACE_OF = "{%p … %}、{%tr … %}"


@dataclass(frozen=True)
class Fault:
    """Something wrong, with the rule it breaks; `paragraph` is None where the place is not known."""

    paragraph: Element | None
    rule: str
    message: str


@dataclass(frozen=True)
class _Tag:
    text: str
    paragraph: Element
    mark: str
    word: str

    @property
    def parent(self) -> Element | None:
        """Return the element in which what the tag takes the place of stands."""
        if not self.mark:
            return self.paragraph
        held = self.paragraph if self.mark == "p" else nearest(self.paragraph, self.mark)
        return None if held is None else held.getparent()


def lost_words(original: Original) -> Iterator[Fault]:
    """Yield the paragraphs, rows and cells that docxtpl drops with a tag though more than the tag stands in them."""
    seen: set[Element] = set()
    for paragraph in original.paragraphs:
        for tag in TAG.findall(own_words(paragraph)):
            mark = MARK.match(tag)
            holder = _holder(paragraph, mark[1]) if mark else None
            if mark and holder is not None and holder not in seen:
                seen.add(holder)
                yield from _lost(paragraph, holder, tag, mark[1])


def _holder(paragraph: Element, mark: str) -> Element | None:
    return paragraph if mark == "p" else nearest(paragraph, mark)


def _lost(paragraph: Element, holder: Element, tag: str, mark: str) -> Iterator[Fault]:
    inside = [holder] if mark == "p" else holder.iter(q("p"))
    text = "".join(map(own_words, inside)).replace(tag, "", 1)
    others = re.sub(r"\{#.*?#\}", "", text).strip()
    if not others:
        return
    fault = say("“{tag}”要独占一个{kind}，旁边的文字会丢失", tag=tag, kind=KINDS[mark])
    if all(map(MARK.match, TAG.findall(others))) and not TAG.sub("", others).strip():
        fault = say("一个{kind}里只能有一个 {tag}，分成几个", kind=KINDS[mark], tag=tag)
    yield Fault(paragraph, "TPL-004", fault)


def syntax_faults(original: Original, environment: TemplateEnvironment, error: Exception) -> list[Fault]:
    """Return why Jinja cannot read a part: tags wrong in themselves, tags that do not pair, or what Jinja says."""
    return list(_malformed(original)) or list(unpaired(original)) or [_unread(original, environment, error)]


def _malformed(original: Original) -> Iterator[Fault]:
    """Yield the tags that are no tags of docxtpl."""
    for paragraph in original.paragraphs:
        text = own_words(paragraph)
        if OPENING.search(TAG.sub("", text)):
            yield Fault(paragraph, "TPL-002", say("标记没有在本段内写完整"))
        else:
            messages = (_form(tag, paragraph) for tag in TAG.findall(text))
            yield from (Fault(paragraph, "TPL-002", message) for message in messages if message)


def _form(tag: str, paragraph: Element) -> Message | None:
    if parted := PARTED.match(tag):
        return say("标记“{tag}”的“{mark}”要紧跟在括号后面，中间没有空格", tag=tag, mark=parted[1])
    mark, word = MARK.match(tag), WORD.match(tag)
    if mark and mark[1] != "p" and nearest(paragraph, mark[1]) is None:
        return say("“{tag}”不在表格里；段落用 {plain}", tag=tag, plain="{%p … %}")
    if mark and re.search(r"[%}]", tag[2:-2]):
        return say("标记“{tag}”中间不能有 {signs}；先算好，再给模板", tag=tag, signs="%、}")
    if word and word[2] not in (*WORDS, *RARE):
        meant, known = near(word[2], WORDS), listed(COMMON)
        return say("没有“{word}”这种标记{near}；可用：{known}", word=word[2], near=meant, known=known)
    return None


def unpaired(original: Original) -> Iterator[Fault]:
    """Yield the beginnings without an end, the ends without a beginning, and pairs that stand in different places."""
    open_: list[_Tag] = []
    for tag in _tags(original):
        if tag.word in BLOCKS:
            open_.append(tag)
        elif tag.word in ENDS and (not open_ or f"end{open_[-1].word}" != tag.word):
            yield Fault(tag.paragraph, "TPL-002", _unmatched(tag, open_[-1] if open_ else None))
            open_ = open_[:-1]
        elif tag.word in ENDS:
            first = open_.pop()
            if first.parent is not tag.parent or first.mark != tag.mark:
                yield Fault(tag.paragraph, "TPL-004", _apart(first, tag))
    for tag in open_:
        missing = f"{{%{tag.mark} end{tag.word} %}}"
        yield Fault(tag.paragraph, "TPL-002", say("“{tag}”没有结束，缺 {end}", tag=tag.text, end=missing))


def _tags(original: Original) -> Iterator[_Tag]:
    for paragraph in original.paragraphs:
        for text in TAG.findall(own_words(paragraph)):
            if found := WORD.match(text):
                yield _Tag(text, paragraph, (found[1] or "").removeprefix("r"), found[2])


def _unmatched(tag: _Tag, first: _Tag | None) -> Message:
    if first is None:
        return say("“{tag}”前面没有与它成对的开头", tag=tag.text)
    return say("“{tag}”与前面的“{first}”不成对", tag=tag.text, first=first.text)


def _apart(first: _Tag, tag: _Tag) -> Message:
    return say(
        "“{first}”和“{tag}”不在同一段（同一格、同一张表）里；整段、整行的条件都用 {mark}",
        first=first.text,
        tag=tag.text,
        mark=IN_PLACE_OF,
    )


def _unread(original: Original, environment: TemplateEnvironment, error: Exception) -> Fault:
    """Return where and why Jinja cannot read a part."""
    try:
        environment.from_string(original.numbered)
    except TemplateSyntaxError as exc:
        return Fault(original.paragraph_at(exc.lineno), "TPL-002", _translated(original.numbered, exc, environment))
    return Fault(None, "TPL-002", spoken(error))


def _translated(text: str, error: TemplateSyntaxError, environment: TemplateEnvironment) -> str:
    """Return what Jinja says of a template in our words."""
    found = (fault.message for fault in faults(text, {}) if fault.line == error.lineno)
    return _not_known(error, environment) or next(found, spoken(error))


def _not_known(error: JinjaError, environment: TemplateEnvironment) -> Message | None:
    """Return what is said of a filter or a test that there is not."""
    found = NOT_KNOWN.match(error.message or "")
    if not found:
        return None
    kind, name = found.groups()
    if kind == "test":
        return say("没有“{name}”这个测试{near}", name=name, near=near(name, environment.tests))
    option = "compile_template(…, filters={…})"
    meant = near(name, environment.filters)
    return say("没有“{name}”这个过滤器{near}；自己的过滤器用 {option} 给", name=name, near=meant, option=option)


def render_fault(
    original: Original, environment: TemplateEnvironment, context: Mapping[str, Any], error: Exception
) -> tuple[Fault, Exception]:
    """Render a part once more, thoroughly; return what fails there and where, with the error itself."""
    thorough = environment.thorough()
    try:
        bounded(thorough.from_string(original.numbered).generate(context))
    except Exception as exc:  # whatever a value or a filter raises; it was caught once already
        line = _line(exc)
        return Fault(original.paragraph_at(line) if line else None, *_said(exc, thorough, context)), exc
    return Fault(None, *_said(error, thorough, context)), error


def _line(error: Exception) -> int:
    """Return the line of the template in which it failed, 0 where that is not known."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return (frames[-1].lineno or 0) if frames else 0


def _said(error: Exception, environment: TemplateEnvironment, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return the rule that an error breaks, and what it says."""
    message = spoken(error)
    if isinstance(error, UndefinedError):
        return "TPL-003", _undefined(message, context)
    if isinstance(error, SecurityError):
        return "TPL-004", say("模板里不能这样用：{error}", error=message)
    if isinstance(error, JinjaError) and (unknown := _not_known(error, environment)):
        return "TPL-002", unknown
    if isinstance(message, Message):
        return "TPL-004", message
    return "TPL-004", say("{kind}：{error}", kind=type(error).__name__, error=message)


def _undefined(message: str, context: Mapping[str, Any]) -> str:
    """Return what is said of a name without a value, with the name it may be meant to be."""
    if not isinstance(message, Message) or "near" in message.values:
        return message
    name = message.values["name"]
    return say("“{name}”没有对应的内容{near}", name=name, near=near(name, map(str, context)))
