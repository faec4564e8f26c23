"""Turn Markdown into blocks: every line end is a new paragraph, as in Word; nothing vanishes unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from baogao.language import Message, say
from baogao.model.findings import Finding, Location
from baogao.model.report import Block, Run
from baogao.narrative.characters import clean, doubtful, unprintable
from baogao.narrative.plain_text import BINDING, BLANKS, PLAIN_LINE, plain_blocks, plain_runs

__all__ = ["UNFILLED", "Parsed", "parse_markdown"]

PLAIN_SIGNS = re.compile(r"(\{\{[^{}]*\}\}|\\.)|_|(?<=[0-9A-Za-z])(?:\*(?=[0-9A-Za-z])|\*{3,})")
WRONG_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^%{}]*%\}|\{#[^#{}]*#\}|\{[{%#]")
FULL_WIDTH_TAG = re.compile(r"[｛{][｛{%％][^｛{｝}]*｝+")
NEARLY_HEADING = re.compile(r"#{2,6}[^\s#]|＃")
BRACES = re.compile(r"(?<!\{)\{\s*[a-z][a-z0-9_]*\.[a-z0-9_.]+\s*\}(?!\})")
NEARLY_ROW = re.compile(r"\|.*\||｜.*｜")
DASHES = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
NOTABLE = re.compile(r"[{｛#＃|｜【\[]")
"""Signs without one of which a line holds nothing to note."""

UNFILLED = re.compile(r"[【\[]\s*待填[^】\]]{0,10}[】\]]")
ESCAPABLE = re.compile(r"[_*]")
ESCAPED = re.compile(r"\\.")
CELL_BORDER = re.compile(r"(?<!\\)\|")
HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
STYLES: Mapping[str, Mapping[str, bool]] = {
    "strong_open": {"strong": True},
    "strong_close": {"strong": False},
    "em_open": {"emphasis": True},
    "em_close": {"emphasis": False},
}
BLOCK_RULES = ("heading", "list", "table", "fence", "html_block", "blockquote", "hr", "paragraph")
INLINE_RULES = ("text", "escape", "backticks", "emphasis", "link", "image", "html_inline", "autolink")
FINISHING_RULES = ("balance_pairs", "emphasis", "fragments_join")

REFUSED = {
    "fence": "代码块",
    "html_block": "尖括号标记（HTML）",
    "blockquote_open": "引用（行首的 >）",
    "hr": "分隔线",
    "code_inline": "代码（`）",
    "link_open": "链接",
    "image": "图片",
    "html_inline": "尖括号标记（HTML）",
}
MARKS = {"code_inline": "`", "link_open": "[", "image": "![", "autolink": "<"}
"""How a refused mark begins, where its token does not hold it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The blocks of a narrative, bound numbers still without their values, and what is wrong with it."""

    blocks: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()


def parse_markdown(text: str, path: str, first: Location) -> Parsed:
    """Return the narrative of the section `path`; `first` is the place of its first line."""
    plain = plain_blocks(text, first)
    if plain is not None:
        return Parsed(plain)
    reader = _Reader(text, path, first)
    return Parsed(
        tuple(reader.blocks()), (*unprintable(text, path, first), *doubtful(text, path, first), *reader.findings)
    )


@cache
def _parser() -> MarkdownIt:
    """Return the parser, made once; it knows what we print, and what we refuse rather than lose."""
    parser = MarkdownIt("zero", {"html": True}).enable(
        [*BLOCK_RULES, *INLINE_RULES, *FINISHING_RULES], ignoreInvalid=True
    )
    parser.inline.ruler.before("escape", "binding", _binding)
    return parser


@cache
def _block_parser() -> MarkdownIt:
    """Return a parser that leaves the words of a line alone: they are parsed line by line."""
    return MarkdownIt("zero", {"html": True}).enable(list(BLOCK_RULES), ignoreInvalid=True).disable("inline")


def _binding(state: StateInline, silent: bool) -> bool:
    """Take `{{ path }}` as one token, and any other tag as one to refuse."""
    found = BINDING.match(state.src, state.pos)
    wrong = None if found else WRONG_TAG.match(state.src, state.pos)
    match = found or wrong
    if match is None:
        return False
    if not silent:
        token = state.push("binding" if found else "wrong_tag", "", 0)
        token.content = match.group()
        token.meta = {"path": found.group(1) if found else ""}
    state.pos = match.end()
    return True


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the next words are part of."""

    kind: Literal["paragraph", "heading", "item"] = "paragraph"
    level: int = 0
    marker: str = ""


PARAGRAPH = _Kind()


class _Reader:
    """Walk the tokens of one text and collect what is refused."""

    def __init__(self, text: str, path: str, first: Location) -> None:
        self.lines = [line.lstrip(BLANKS).rstrip() for line in clean(text).split("\n")]
        self.indents = [len(line) - len(line.lstrip(BLANKS)) for line in text.split("\n")]
        self.origin: list[int] = []
        self.path = path
        self.first = first
        self.findings: list[Finding] = []

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        self._note_words()
        kind, last = PARAGRAPH, 0
        tokens = iter(_block_parser().parse(self._parted()))
        for token in tokens:
            if token.type in REFUSED:
                yield from self._refused(token)
            elif token.type == "table_open":
                yield self._grid(tokens, token)
            elif token.type in ("heading_open", "list_item_open") and kind.kind == "item":
                message = say("列表项里不能再有序号、列表或小标题；行首的“数字加点”会当作序号，请写成 2020\\. 12")
                self._find("NAR-103", message, self._line(token), "")
            elif token.type == "heading_open":
                kind = _Kind("heading", self._level(token))
                self._note_closing(self._line(token))
            elif token.type == "list_item_open":
                kind = _Kind("item", marker=f"{token.info}{token.markup}" if token.info else "· ")
                if token.markup == "+":
                    self._find("NAR-103", say("行首不能用 +；列表用 -"), self._line(token), "+")
            elif token.type in ("list_item_close", "heading_close") and kind is not PARAGRAPH:
                self._empty(token, kind, last)
                kind = PARAGRAPH
            elif token.type == "inline" and token.content:
                yield from self._paragraphs(token, kind)
                kind = PARAGRAPH
            last = self._line(token) if token.map else last

    def _parted(self) -> str:
        """Return the text with its lines parted, so that each stands alone; the rows of a table stay together."""
        parted: list[str] = []
        for number, line in enumerate(self.lines):
            if number and not ("|" in line and "|" in self.lines[number - 1]):
                parted.append("")
                self.origin.append(number)
            parted.append(line)
            self.origin.append(number)
        return "\n".join(parted)

    def _line(self, token: Token) -> int:
        """Return the line of the text a token comes from."""
        return self.origin[token.map[0]] if token.map else 0

    def _note_words(self) -> None:
        """Find what is wrong with the words themselves: gaps left over, tags typed full-width."""
        for number, line in ((number, line) for number, line in enumerate(self.lines) if NOTABLE.search(line)):
            self._note_marks(number, line)
            for found in UNFILLED.finditer(line):
                self._find("NAR-105", say("还有“{gap}”没有填", gap=found.group()), number, found.group())
            for found in FULL_WIDTH_TAG.finditer(line):
                message = say("“{tag}”里有全角括号，应写成半角的 {{{{ … }}}}", tag=found.group())
                self._find("NAR-104", message, number, found.group())

    def _note_marks(self, number: int, line: str) -> None:
        """Find marks that are not quite what they should be, and would be printed as they are typed."""
        if NEARLY_HEADING.match(line):
            self._find("NAR-106", say("小标题写成 ## 加一个空格再加文字，# 用半角"), number, line[:2])
        if BRACES.search(BINDING.sub("", WRONG_TAG.sub("", line))):
            self._find("NAR-104", say("引用数字要用两层花括号：{{ 章节.行.列 }}"), number, "")
        if NEARLY_ROW.match(line) and not self._in_table(number):
            message = say("看来是表格，但缺少表头下面的 |---|---| 这一行，或竖线是全角的")
            self._find("NAR-103", message, number, line[:1])

    def _in_table(self, number: int) -> bool:
        """Tell whether a line is part of lines with a row of dashes below their first."""
        first = number
        while first and "|" in self.lines[first - 1]:
            first -= 1
        below = self.lines[first + 1] if first + 1 < len(self.lines) else ""
        return bool(DASHES.fullmatch(below))

    def _note_closing(self, line: int) -> None:
        if self.lines[line].endswith("#"):
            self._find("NAR-106", say("小标题末尾的 # 不会印出来，请去掉"), line, "#")

    def _empty(self, token: Token, kind: _Kind, line: int) -> None:
        """Name a heading or a list item that has no words."""
        what = say("小标题") if kind.kind == "heading" else say("列表项")
        rule = "NAR-106" if token.type == "heading_close" else "NAR-103"
        self._find(rule, say("这里只有{what}的记号，没有文字", what=what), line, "")

    def _level(self, token: Token) -> int:
        if token.tag not in HEADINGS:
            message = say("小标题用 ##、###、####；章的标题由格式给出，不写在正文里")
            self._find("NAR-106", message, self._line(token), "")
        return HEADINGS.get(token.tag, 2)

    def _refused(self, token: Token) -> Iterator[Block]:
        """Name what cannot be printed; a draft shows its source."""
        first, end = token.map or (0, 1)
        start, end = self.origin[first], self.origin[min(end, len(self.origin)) - 1] + 1
        message = say("正文里不能用{what}", what=say(REFUSED[token.type]))
        self._find("NAR-103", message, start, "")
        if token.type != "blockquote_open":
            for number in range(start, end):
                yield Block("paragraph", (Run(self.lines[number]),), location=self._place(number))

    def _grid(self, tokens: Iterator[Token], table: Token) -> Block:
        rows: list[list[tuple[Run, ...]]] = []
        for token in tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
                self._count_cells(self._line(token), len(rows[0]))
            elif token.type == "inline":
                rows[-1].append(self._runs_of(token.content, self._line(table) + len(rows) - 1 + (len(rows) > 1)))
        return Block("grid", rows=tuple(map(tuple, rows)), location=self._place(self._line(table)))

    def _count_cells(self, line: int, wanted: int) -> None:
        """Name a row with more cells than the head, which Markdown would drop."""
        cells = len(CELL_BORDER.split(self.lines[line].removeprefix("|").removesuffix("|")))
        if wanted and cells > wanted:
            self._find(
                "NAR-103", say("这一行有 {cells} 格，表头只有 {wanted} 格", cells=cells, wanted=wanted), line, ""
            )

    def _paragraphs(self, token: Token, kind: _Kind) -> Iterator[Block]:
        """Yield a block for every line: Markdown would join lines, Word does not."""
        for offset, words in enumerate(token.content.split("\n")):
            line = self._line(token) + offset
            if runs := self._runs_of(words, line):
                yield self._block(kind, runs, line)
            kind = PARAGRAPH

    def _block(self, kind: _Kind, runs: tuple[Run, ...], line: int) -> Block:
        place = self._place(line)
        return Block(kind.kind, runs, kind.level, kind.marker, location=place, source=self.lines[line])

    def _runs_of(self, words: str, line: int) -> tuple[Run, ...]:
        """Return the runs of one line of words."""
        if PLAIN_LINE.fullmatch(words):
            return plain_runs(words, self._place(line, self.lines[line].find(words)))
        # Underscores are blanks to write on here; asterisks in 5*3 and 138****1234 are no emphasis either.
        marked = PLAIN_SIGNS.sub(lambda found: found[1] or ESCAPABLE.sub(r"\\\g<0>", found[0]), words)
        children = [child for token in _parser().parseInline(marked) for child in token.children or ()]
        self._note_unpaired(marked, children, line)
        style, found, start = Run(""), list[Run](), 0
        for child in children:
            if child.type in STYLES:
                style = replace(style, **STYLES[child.type])
            else:
                start = max(self.lines[line].find(child.content, start), start)
                found.extend(self._runs(child, style, line, start))
                start += len(child.content)
        return tuple(found)

    def _note_unpaired(self, marked: str, children: list[Token], line: int) -> None:
        signs = ESCAPED.sub("", marked).count("**")
        if signs > sum(1 for child in children if child.type in ("strong_open", "strong_close")):
            message = say("“**”没有配对：标点请放到 ** 外面，例如 **重点**：内容")
            self._find("NAR-103", message, line, "**")

    def _runs(self, child: Token, style: Run, line: int, start: int) -> Iterator[Run]:
        """Yield the words of one inline token, which stand in the line from `start` on."""
        if child.type == "binding":
            place = self._place(line, start)
            yield replace(style, text=child.content, cell=child.meta["path"], location=place)
            return
        if child.type == "wrong_tag":
            message = say("“{tag}”不是可用的标记；正文里只能写 {{{{ 章节.行.列 }}}}", tag=child.content)
            self._find("NAR-104", message, line, child.content, start)
        elif child.type in REFUSED:
            words = MARKS.get(child.markup) or MARKS.get(child.type, child.content)
            self._find("NAR-103", say("正文里不能用{what}", what=say(REFUSED[child.type])), line, words, start)
        if child.content:
            yield replace(style, text=child.content)

    def _find(self, rule: str, message: Message, line: int, words: str, start: int = 0) -> None:
        """Name words of a line that stand at `start` or after it."""
        place = self._place(line, max(self.lines[line].find(words, max(start - len(words), 0)), 0))
        self.findings.append(Finding(message, self.path, rule, quote=words, location=place))

    def _place(self, line: int, offset: int = 0) -> Location:
        """Return a place in a line, counted in the file the text came from."""
        column = self.indents[line] + offset + 1
        if line == 0:
            column += (self.first.column or 1) - 1
        return Location(self.first.file, (self.first.line or 1) + line, column)
