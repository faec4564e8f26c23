"""Read YAML in one pass over the parser's events, keeping the place of every value.

Plain `12` is an integer, `2.50` a Decimal, `null`, `~` and nothing are blank, everything else is text: what a
value means is for the schema to say. Aliases, anchors, tags, merge keys and duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from baogao.files.plain_rows import plain_rows
from baogao.files.text import read_text
from baogao.language import Message, say
from baogao.model.findings import Finding, Location

__all__ = ["Document", "Spot", "parse_yaml", "quoted", "read_yaml"]

DEEPEST = 50
ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ud800-\udfff]")
"""Line breaks that YAML would turn into blanks unseen, and what UTF-8 cannot hold."""
BLOCK_STYLES = ("|", ">")
BLANK = frozenset({"", "~", "null"})
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,9}")
FULL_WIDTH_COLON = re.compile(r"^[ \t-]*[\w.“”\"']+[ ]*：", re.MULTILINE)
TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)

WHOLE_VALUE = re.compile(r":[ ]+[^#\s|>]")

KNOWN_PROBLEMS = {
    "mapping values are not allowed": "这里不能再有“:”；看看上一行是否少了冒号，或文字中的冒号是否该加引号",
    "could not find expected ':'": "缺少半角冒号“:”",
    "did not find expected key": "缩进或括号有误",
    "did not find expected ',' or '}'": "花括号 { } 中缺少半角逗号或右括号",
    "did not find expected ',' or ']'": "方括号 [ ] 中缺少半角逗号或右括号",
    "did not find expected '-' indicator": "缩进有误",
    "found unexpected end of stream": "引号没有配对",
    "found character that cannot start any token": "有不能用在这里的字符（制表符、@ 或 `）；缩进请用空格",
    "control characters are not allowed": "含有控制字符",
    "special characters are not allowed": "含有控制字符",
    "found unknown escape character": "双引号里的反斜杠 \\ 要写两个，或者改用单引号",
    "found invalid Unicode character": "双引号里的 \\u 后面不是有效的字符",
    "block sequence entries are not allowed": "行首的“- ”不能写在这里",
    "did not find expected alphabetic": "以 & 或 * 开头的文字要加引号",
    "directive": "以 % 开头的文字要加引号",
    "tag": "以 ! 开头的文字要加引号",
}


def quoted(text: str) -> str:
    """Return a text as YAML in one line that reads as just this text; what cannot stand in it becomes an escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(c if c.isprintable() or c == "\u3000" else f"\\U{ord(c):08X}" for c in escaped) + '"'


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a value, with the spots of what it holds, by key or by number."""

    line: int
    column: int
    children: Mapping[str | int, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says and where; `problems` make its data unusable."""

    file: str
    data: Any = None
    spot: Spot = field(default_factory=lambda: Spot(1, 1))
    problems: tuple[Finding, ...] = ()

    @property
    def broken(self) -> bool:
        """Tell whether the file could not be read."""
        return any(problem.severity == "error" for problem in self.problems)

    def locate(self, *keys: str | int) -> Location:
        """Return the place of a value, or of the nearest one around it that exists."""
        spot = self.spot
        for key in keys:
            inner = spot.children.get(key)
            if inner is None:
                break
            spot = inner
        return Location(self.file, spot.line, spot.column)

    def at(self, *keys: str | int) -> Document:
        """Return the part of the document at these keys; its data is None where there is none."""
        data: Any = self.data
        spot = self.spot
        for key in keys:
            inner = spot.children.get(key)
            data = None if inner is None else data[key]
            spot = inner or spot
        return Document(self.file, data, spot)


def read_yaml(path: Path, file: str) -> Document:
    """Return the document in a file; `file` is its name in messages."""
    read = read_text(path, file)
    if read.broken:
        return Document(file, problems=read.problems)
    document = parse_yaml(read.text, file)
    return Document(file, document.data, document.spot, (*read.problems, *document.problems))


def parse_yaml(text: str, file: str) -> Document:
    """Return the document in a text."""
    problems: list[Finding] = []
    broken_lines = ODD_BREAKS.search(text)
    if broken_lines:
        place = Location(file, text.count("\n", 0, broken_lines.start()) + 1)
        code = f"U+{ord(broken_lines.group()):04X}"
        message = say("有不该有的换行或代理字符 {code}", code=code)
        return Document(file, problems=(Finding(message, rule="TXT-001", location=place),))
    if plain := plain_rows(text):
        return Document(file, plain.data, Spot(plain.line, 1, _SpotsOnDemand(text, file)))
    try:
        data, spot = _Reader(text, file, problems).document()
    except _StopError as stop:
        return Document(file, problems=(*problems, stop.finding))
    except yaml.YAMLError as exc:
        return Document(file, problems=(*problems, _syntax(exc, text, file)))
    return Document(file, None if problems else data, spot, tuple(problems))


class _SpotsOnDemand(Mapping[str | int, Spot]):
    """The spots of rows that no parser was needed for; it is asked when somebody wants to know one."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file

    @cached_property
    def _found(self) -> Mapping[str | int, Spot]:
        return _Reader(self._text, self._file, []).document()[1].children

    def __getitem__(self, key: str | int) -> Spot:
        return self._found[key]

    def __iter__(self) -> Iterator[str | int]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class _StopError(Exception):
    """Reading cannot go on."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message)


class _Reader:
    """Turn events into values and spots; what is refused is collected, so that all of it is named at once."""

    def __init__(self, text: str, file: str, problems: list[Finding]) -> None:
        # The C parser ships with every wheel of PyYAML; the Python one gives the same events.
        self.events: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self.file = file
        self.problems = problems

    def document(self) -> tuple[Any, Spot]:
        self.events.get_event()  # stream start
        if isinstance(self.events.get_event(), yaml.StreamEndEvent):
            return None, Spot(1, 1)
        value = self._value(self.events.get_event(), 0)
        self.events.get_event()  # document end
        more = self.events.get_event()
        if not isinstance(more, yaml.StreamEndEvent):
            self._refuse("SRC-006", say("一个文件里只能有一份内容，不能用“---”分成几份"), more)
        return value

    def _value(self, event: Any, depth: int) -> tuple[Any, Spot]:
        mark = event.start_mark
        if depth > DEEPEST:
            raise _StopError(self._finding("SRC-004", say("层次过深，超过 {limit} 层", limit=DEEPEST), event))
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag:
            self._refuse("SRC-006", say("不能使用锚点（&）、别名（*）或标签（!）"), event)
        if isinstance(event, yaml.ScalarEvent):
            # The words of a block scalar begin on the line below its mark.
            below = event.style in BLOCK_STYLES
            return _scalar(event), Spot(mark.line + 2, 1) if below else Spot(mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return None, Spot(mark.line + 1, mark.column + 1)

    def _mapping(self, start: Any, depth: int) -> tuple[dict[str, Any], Spot]:
        data: dict[str, Any] = {}
        spots: dict[str | int, Spot] = {}
        while not isinstance(event := self.events.get_event(), yaml.MappingEndEvent):
            key = self._key(event, data, depth)
            value, spot = self._value(self.events.get_event(), depth + 1)
            # A blank's own mark lies after it, sometimes on the next line; its key is what a person looks for.
            place = event.start_mark
            blank = value is None and not spot.children
            data[key] = value
            spots[key] = Spot(place.line + 1, place.column + 1) if blank else spot
        return data, Spot(start.start_mark.line + 1, start.start_mark.column + 1, spots)

    def _key(self, event: Any, data: Mapping[str, Any], depth: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse("SRC-004", say("冒号前应当是一个名字"), event)
            self._value(event, depth + 1)
            return ""
        if event.anchor or event.tag or (event.value == "<<" and not event.style):
            self._refuse("SRC-006", say("不能使用锚点（&）、别名（*）、标签（!）或合并键（<<）"), event)
        if event.value in data:
            self._refuse("SRC-005", say("“{key}”写了两次", key=event.value), event)
        return str(event.value)

    def _sequence(self, start: Any, depth: int) -> tuple[list[Any], Spot]:
        data: list[Any] = []
        spots: dict[str | int, Spot] = {}
        while not isinstance(event := self.events.get_event(), yaml.SequenceEndEvent):
            value, spots[len(data)] = self._value(event, depth + 1)
            data.append(value)
        return data, Spot(start.start_mark.line + 1, start.start_mark.column + 1, spots)

    def _refuse(self, rule: str, message: Message, event: Any) -> None:
        self.problems.append(self._finding(rule, message, event))

    def _finding(self, rule: str, message: Message, event: Any) -> Finding:
        mark = event.start_mark
        return Finding(message, rule=rule, location=Location(self.file, mark.line + 1, mark.column + 1))


def _scalar(event: Any) -> int | Decimal | str | None:
    text: str = event.value
    if event.style:
        return text
    if text in BLANK:
        return None
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text) and not re.fullmatch(r"-0\.0+", text):
        return Decimal(text)
    return text


def _syntax(exc: yaml.YAMLError, text: str, file: str) -> Finding:
    """Say what is wrong with the YAML; what clerks type most often wrong is named first."""
    place = _mark(exc, text, file)
    lines = text.split("\n")
    for pattern, message in (
        (FULL_WIDTH_COLON, say("冒号是全角的“：”，应改为半角“:”，后面空一格")),
        (TAB_INDENT, say("行首用了制表符（Tab），应改用空格")),
    ):
        for line in (number for number in ((place.line or 1) - 1, place.line or 1) if number):
            if found := pattern.search("".join(lines[line - 1 : line])):
                return Finding(message, rule="SRC-004", location=Location(file, line, found.end()))
    is_colon = "mapping values are not allowed" in str(getattr(exc, "problem", ""))
    deeper = _deeper(lines, (place.line or 1) - 1) if is_colon else None
    return Finding(deeper or _problem(exc), rule="SRC-004", location=place)


def _deeper(lines: list[str], number: int) -> Message | None:
    """Say that a line is indented more than the one above, which holds a whole value and so nothing below it."""
    above = [line for line in lines[:number] if line.strip() and not line.lstrip().startswith("#")]
    if not above or not WHOLE_VALUE.search(above[-1]):
        return None
    wanted, found = (len(line) - len(re.sub(r"^ *(?:- +)*", "", line)) for line in (above[-1], lines[number]))
    if found <= wanted:
        return None
    return say(
        "缩进不对：这一行前面有 {found} 个空格，上一行是 {wanted} 个；同一层的要一样多", found=found, wanted=wanted
    )


def _problem(exc: yaml.YAMLError) -> Message:
    problem = str(getattr(exc, "problem", "") or getattr(exc, "reason", "") or exc)
    for known, chinese in KNOWN_PROBLEMS.items():
        if known in problem:
            return say("YAML 写法有误：{problem}", problem=say(chinese))
    return say("YAML 写法有误：这里读不懂；看看这一行和上一行的冒号、缩进、括号和引号")


def _mark(exc: yaml.YAMLError, text: str, file: str) -> Location:
    mark = getattr(exc, "problem_mark", None) or getattr(exc, "context_mark", None)
    if mark is not None:
        return Location(file, mark.line + 1, mark.column + 1)
    position = getattr(exc, "position", None)
    if isinstance(position, int):
        # The C parser counts bytes, the Python one characters.
        in_characters = getattr(exc, "encoding", "") == "unicode"
        before = text[:position] if in_characters else text.encode("utf-8")[:position].decode("utf-8", "ignore")
        return Location(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    return Location(file)
