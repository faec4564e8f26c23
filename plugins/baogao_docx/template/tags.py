"""The tags of a template, one by one: spelling, what stands around them, which belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from baogao.language import Message, listed, near, say
from baogao_docx.ooxml.places import nearest
from baogao_docx.ooxml.wordml import Element, W, local_name, q

__all__ = ["BODY_TAG", "Tag", "Wrong", "misspelt", "own_words", "tags_of", "unpaired"]

BODY_TAG = re.compile(r"\s*\{\{p\s+section\.body\s*\}\}\s*")
"""The paragraph that the narrative takes the place of."""

WHOLE = ("section.body", "sections", "shell.contents")
"""What may stand in the place of a whole paragraph."""

BLOCKS = {"if": "endif", "for": "endfor", "with": "endwith"}
MIDDLE = ("elif", "else")
WORDS = (*BLOCKS, *MIDDLE, *BLOCKS.values())

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PREFIX = re.compile(r"(p|tr|tc|r)\s")
_PARTED = re.compile(r"\s+(p|tr|tc|r)\s+[A-Za-z_]")
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")
_OLD = re.compile(r"\s*(cellbg|colspan|hm|vm)\b")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_HALF: Mapping[str, str] = {"\u3000": " ", "。": ".", "、": ",", "【": "[", "】": "]", "「": "'", "」": "'"}
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

SWALLOWED: Mapping[str, Message] = {
    "bookmarkStart": say("书签"),
    "bookmarkEnd": say("书签"),
    "footnoteReference": say("脚注"),
    "endnoteReference": say("尾注"),
    "commentReference": say("批注"),
    "commentRangeStart": say("批注"),
    "commentRangeEnd": say("批注"),
    "drawing": say("图片"),
    "pict": say("图片"),
    "object": say("嵌入对象"),
    "fldChar": say("域"),
    "fldSimple": say("域"),
    "instrText": say("域"),
}
"""What is lost when it stands between the letters of a tag."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong at an element of a template, with the rule it breaks; `grave` forbids to use the template."""

    element: Element
    rule: str
    message: Message
    grave: bool = True


@dataclass(frozen=True)
class Tag:
    """A tag as it stands in a paragraph; `first` and `last` are the texts it begins and ends in."""

    text: str
    paragraph: Element = field(repr=False)
    first: Element = field(repr=False)
    last: Element = field(repr=False)

    @property
    def inside(self) -> str:
        """Return what stands between the braces, with straight quotes, as docxtpl makes them."""
        return self.text[2:-2].translate(_STRAIGHT)

    @cached_property
    def mark(self) -> str:
        """Return what the tag takes the place of: p, tr, tc, or "" for words."""
        found = _PREFIX.match(self.inside)
        return found[1] if found else ""

    @property
    def code(self) -> str:
        """Return the expression or statement."""
        return self.inside[len(self.mark) :].strip()

    @property
    def word(self) -> str:
        """Return the first word of a statement, "" for an expression."""
        return next(iter(self.code.split()), "") if self.text.startswith("{%") else ""

    @property
    def parent(self) -> Element | None:
        """Return the element in which what the tag takes the place of stands."""
        if self.mark in ("tr", "tc"):
            held = nearest(self.paragraph, self.mark)
            return None if held is None else held.getparent()
        return self.paragraph.getparent() if self.mark == "p" else self.first.getparent().getparent()

    @property
    def piece(self) -> str:
        """Return a template of this tag alone."""
        if not self.text.startswith("{%"):
            return f"{self.text[:2]} {self.code} {self.text[-2:]}"
        whole = f"{{% {self.code} %}}"
        if self.word in BLOCKS:
            return f"{whole}{{% {BLOCKS[self.word]} %}}"
        if self.word == "elif":
            return f"{{% if {self.code[4:]} %}}{{% endif %}}"
        opening = {"endfor": "{% for x in x %}", "endwith": "{% with x=1 %}"}.get(self.word, "{% if 1 %}")
        return f"{opening}{whole}" + ("{% endif %}" if self.word == "else" else "")


def _texts(paragraph: Element) -> Iterator[tuple[str, Element]]:
    """Yield the words of a paragraph itself, not those of a text box in it, with the elements they stand in."""
    for part in paragraph.iter(q("t"), q("tab"), q("br"), q("cr")):
        if nearest(part, "p") is paragraph:
            if part.tag == q("t"):
                yield part.text or "", part
            elif part.getparent().tag == q("r"):
                yield "\t" if part.tag == q("tab") else "\n", part


def own_words(paragraph: Element) -> str:
    """Return the words of a paragraph itself."""
    return "".join(text for text, _ in _texts(paragraph))


def tags_of(paragraph: Element) -> Iterator[Tag]:
    """Yield the tags of a paragraph, whichever runs Word has split them into."""
    parts = list(_texts(paragraph))
    text = "".join(words for words, _ in parts)
    if "{" in text:
        places = [part for words, part in parts for _ in words]
        for found in _TAG.finditer(text):
            yield Tag(found[0], paragraph, places[found.start()], places[found.end() - 1])


def misspelt(tag: Tag) -> Iterator[Wrong]:
    """Yield what is wrong with a tag in itself."""
    if tag.text.startswith("{#"):
        return
    yield from _swallowing(tag)
    if any(quote in tag.text for quote in "“”‘’"):
        yield Wrong(tag.paragraph, "TPL-002", say("标记“{tag}”里用了弯引号，改成半角的引号", tag=tag.text), grave=False)
    faults = (_signs(tag), _form(tag), _misplaced(tag))
    message = next(filter(None, faults), None)
    if message:
        yield Wrong(tag.paragraph, "TPL-002", message)


def _signs(tag: Tag) -> Message | None:
    """Return which signs of a tag are full-width, or not to be seen."""
    bare = _STRINGS.sub("", tag.inside)
    wide = [sign for sign in dict.fromkeys(bare) if _half(sign)]
    if wide:
        signs = listed(say("“{wide}”改成“{half}”", wide=sign, half=_half(sign)) for sign in wide)
        return say("标记“{tag}”里用了全角的符号：{signs}", tag=tag.text, signs=signs)
    hidden = [f"U+{ord(sign):04X}" for sign in dict.fromkeys(bare) if sign in _HIDDEN]
    if hidden:
        return say("标记“{tag}”里有看不见的字符 {signs}；删掉重打", tag=tag.text, signs=listed(hidden))
    return None


def _half(sign: str) -> str:
    return chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else _HALF.get(sign, "")


def _form(tag: Tag) -> Message | None:
    """Return what kind of tag it is that templates may not use."""
    inside, code = tag.inside, tag.code
    if inside.startswith(("-", "+")) or inside.endswith(("-", "+")):
        return say("标记“{tag}”里紧挨着括号的“-”“+”要去掉", tag=tag.text)
    if parted := _PARTED.match(inside):
        return say("标记“{tag}”的“{mark}”要紧跟在括号后面，中间没有空格", tag=tag.text, mark=parted[1])
    if tag.mark == "r" or (tag.word and _OLD.match(inside)):
        what = "r" if tag.mark == "r" else tag.word
        return say("模板中不能使用 {what}", what=what)
    if tag.mark and not tag.word and (tag.mark != "p" or code not in WHOLE):
        return say("“{tag}”会换掉整段；要印一个值，写 {plain}", tag=tag.text, plain=f"{{{{ {code} }}}}")
    if tag.text.startswith("{%") and tag.word not in WORDS:
        known = listed(WORDS)
        return say("没有“{word}”这种标记{near}；可用：{known}", word=tag.word, near=near(tag.word, WORDS), known=known)
    return None


def _misplaced(tag: Tag) -> Message | None:
    if tag.mark == "tr" and nearest(tag.paragraph, "tr") is None:
        return say("“{tag}”不在表格里；段落用 {plain}", tag=tag.text, plain="{%p … %}")
    if tag.mark == "tc" and nearest(tag.paragraph, "tc") is None:
        return say("“{tag}”不在表格里；段落用 {plain}", tag=tag.text, plain="{%p … %}")
    return None


def _swallowing(tag: Tag) -> Iterator[Wrong]:
    """Find what would be lost because it stands between the letters of a tag."""
    if tag.first is tag.last:
        return
    parts = list(tag.paragraph.iter())
    between = parts[parts.index(tag.first) : parts.index(tag.last)]
    kinds = (_kind(part) for part in between)
    for kind in dict.fromkeys(filter(None, kinds)):
        fault = say("标记“{tag}”中间夹着{what}，会丢失；删掉这个标记，一次打完", tag=tag.text, what=kind)
        yield Wrong(tag.paragraph, "TPL-004", fault)


def _kind(part: Element) -> Message | None:
    if not part.tag.startswith(f"{{{W}}}"):
        return None if nearest(part, "rPr") is not None else say("图片")
    is_cursor = part.get(q("name"), "") == "_GoBack" or part.tag == q("bookmarkEnd")
    return None if is_cursor else SWALLOWED.get(local_name(part))


def unpaired(tags: list[Tag]) -> Iterator[Wrong]:
    """Yield the beginnings without an end, the ends without a beginning, and pairs that stand in different places."""
    open_: list[Tag] = []
    for tag in (tag for tag in tags if tag.word in WORDS):
        if tag.word in BLOCKS:
            open_.append(tag)
        elif not open_ or (tag.word not in MIDDLE and BLOCKS[open_[-1].word] != tag.word):
            yield Wrong(tag.paragraph, "TPL-002", _unmatched(tag, open_[-1] if open_ else None))
            open_ = open_[:-1]
        else:
            first = open_[-1]
            if first.parent is not tag.parent or first.mark != tag.mark:
                yield Wrong(tag.paragraph, "TPL-004", _apart(first, tag))
            open_ = open_ if tag.word in MIDDLE else open_[:-1]
    for tag in open_:
        missing = f"{{%{tag.mark} {BLOCKS[tag.word]} %}}"
        yield Wrong(tag.paragraph, "TPL-002", say("“{tag}”没有结束，缺 {end}", tag=tag.text, end=missing))


def _unmatched(tag: Tag, first: Tag | None) -> Message:
    if first is None:
        return say("“{tag}”前面没有与它成对的开头", tag=tag.text)
    return say("“{tag}”与前面的“{first}”不成对", tag=tag.text, first=first.text)


def _apart(first: Tag, tag: Tag) -> Message:
    """Say that a pair begins in one paragraph, cell or row and ends in another."""
    return say(
        "“{first}”和“{tag}”不在同一段（同一格、同一张表）里；整段、整行的条件都用 {mark}",
        first=first.text,
        tag=tag.text,
        mark="{%p … %}、{%tr … %}",
    )
