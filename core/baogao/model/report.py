"""The report: frozen once it is assembled; rules judge it and renderers print it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from baogao.language import near, say
from baogao.model.cells import Cell
from baogao.model.findings import Finding, Location
from baogao.model.forms import Chapter
from baogao.model.lexicons import Word
from baogao.model.numbers import NumberPattern
from baogao.model.sealing import copied, seal
from baogao.model.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from baogao.model.jobs import Output

__all__ = ["Block", "Head", "OptionText", "PlannedOutput", "Report", "Run", "Section", "Traits", "Unit"]

T = TypeVar("T")
LONGEST_MARK = 64
"""How many characters of a line at most print nothing, so that a line is read once."""
SUM = re.compile(r"(?:sum\()?\s*([a-z]\w*\.\w+(?:\s*[+,]\s*[a-z]\w*\.\w+)*)\s*\)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that files the report; `extra` holds address, postcode, phone and the like."""

    name: str
    kind: str
    short_names: tuple[str, ...] = ()
    powers: Mapping[str, bool] = field(default_factory=dict[str, bool])
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        """Seal what is known of the unit."""
        seal(self, "powers", "extra")


@dataclass(frozen=True)
class Head:
    """What is known of a report before any section is read: from report.yaml and the form's edition.

    `title` is printed; `heading` is what the form asks the title to be; `chapters` are those it prescribes and
    `years` the first and last report year its edition is for; `due` is the last day of filing (month-day) by unit
    kind; `column` the column of a website it is published in: `name`, `type`, `description`, `keywords`. Cells under
    `not_comparable` mean something else in another edition of the form. It adds to the forms and editions it `extends`.
    """

    form: str
    edition: str
    year: int
    title: str
    unit: Unit
    date: date | None = None
    basis: str = ""
    form_title: str = ""
    heading: str = ""
    chapters: tuple[Chapter, ...] = ()
    years: tuple[int, int] = (0, 9999)
    due: Mapping[str, str] = field(default_factory=dict[str, str])
    column: Mapping[str, str] = field(default_factory=dict[str, str])
    not_comparable: tuple[str, ...] = ()
    extends: tuple[tuple[str, str], ...] = ()

    @property
    def lineage(self) -> tuple[tuple[str, str], ...]:
        """Return form and edition, and those they extend: rules for any of them are for this report."""
        return ((self.form, self.edition), *self.extends)

    @property
    def last_day(self) -> date | None:
        """Return the last day of filing for a unit of this kind, in the year after the report's; None without one."""
        day = self.due.get(self.unit.kind, "")
        return date.fromisoformat(f"{self.year + 1}-{day}") if day else None

    @property
    def file_title(self) -> str:
        """Return what its files are called: unit, year and the form's title."""
        return f"{self.unit.name}{self.year}年{self.form_title}"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `cell` is the path a bound number came from, `location` where it was bound."""

    text: str
    strong: bool = False
    emphasis: bool = False
    cell: str = ""
    location: Location | None = None


@dataclass(frozen=True)
class Block:
    """A paragraph, heading (`level` 2 to 4), list item (`marker` as typed) or simple table (`rows`) of a narrative.

    `location` is where its line begins, `source` the line as it was written.
    """

    kind: Literal["paragraph", "heading", "item", "grid"]
    runs: tuple[Run, ...] = ()
    level: int = 0
    marker: str = ""
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    location: Location | None = None
    source: str = ""

    @cached_property
    def text(self) -> str:
        """Return the words as printed; the cells of a simple table are parted by tabs and line ends."""
        if self.kind == "grid":
            return "\n".join("\t".join(_text(cell) for cell in row) for row in self.rows)
        return self.marker + _text(self.runs)

    def spans(self) -> Iterator[tuple[int, Run]]:
        """Yield each run with where it begins in the text."""
        start = len(self.marker)
        for runs in (cell for row in self.rows for cell in row) if self.kind == "grid" else (self.runs,):
            for run in runs:
                yield start, run
                start += len(run.text)
            start += 1  # the tab or the line end after a cell

    def place_of(self, words: str) -> Location | None:
        """Return where words first stand in the line, or where the line begins."""
        return self.place_at(max(self.text.find(words), 0))

    def place_at(self, start: int) -> Location | None:
        """Return where a character of the printed text was written; of a simple table, its line."""
        if self.location is None:
            return None
        if self.kind == "grid":
            row = self.text.count("\n", 0, start)
            # The line of dashes stands between the head and the other rows.
            return replace(self.location, line=(self.location.line or 1) + row + (row > 0))
        column = self._columns[start] if start < len(self._columns) else 0
        return replace(self.location, column=(self.location.column or 1) + column)

    @cached_property
    def _columns(self) -> Sequence[int]:
        """Where each character of the text stands in its line, marks and bindings counted in."""
        if not self.source or self.source.endswith(self.text):
            first = max(len(self.source) - len(self.text), 0)
            return range(first, first + len(self.text)) if self.source else ()
        places = [0] * len(self.marker)
        at = len(self.marker) if self.source.startswith(self.marker) else 0
        for run in self.runs:
            if run.cell:
                at = max(self.source.find("{{", at), at)
                places.extend([at] * len(run.text))
                at = max(self.source.find("}}", at) + 2, at)
            for character in "" if run.cell else run.text:
                at = max(self.source.find(character, at, at + LONGEST_MARK), at)
                places.append(at)
                at += 1
        return places


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


@dataclass(frozen=True)
class Section:
    """One chapter: its printed title and what stands in it, in order."""

    id: str
    title: str
    body: tuple[Block | Table, ...] = ()
    statutory: bool = True
    plugin: str = ""

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the narrative."""
        return tuple(part for part in self.body if isinstance(part, Block))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables."""
        return tuple(part for part in self.body if isinstance(part, Table))

    @cached_property
    def text(self) -> str:
        """Return the narrative as printed, a line for each paragraph."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class OptionText:
    """A text among an output's options that is printed; `name` is the way to it, such as `article.source`.

    It is no `prose` where it is not language but an address or a list of keywords.
    """

    name: str
    text: str
    location: Location | None = None
    prose: bool = True


@dataclass(frozen=True, slots=True)
class PlannedOutput:
    """An output that is to be made, with the texts that its entry in report.yaml gives it to print."""

    output: Output
    texts: tuple[OptionText, ...] = ()
    location: Location | None = None

    def locate(self, name: str) -> Location | None:
        """Return where an option is written, or else its entry."""
        return next((text.location for text in self.texts if text.name == name), self.location)


class Traits(NamedTuple):
    """What of a report decides which rules are for it; `lineage` is as of its head."""

    lineage: tuple[tuple[str, str], ...]
    kind: str
    year: int
    sections: frozenset[str]


@dataclass(frozen=True)
class Report(Head):
    """A whole report.

    `places` holds where each cell, row and section was written; `patterns` which numbers typed in its narrative
    speak of which cells; `lexicon` the words of the lexicons that report.yaml names; `source` report.yaml with every
    section inline, as it was written, and the waivers; `outputs` what is to be made of it.
    """

    sections: tuple[Section, ...] = ()
    folder: str = ""
    previous: Report | None = None
    patterns: tuple[NumberPattern, ...] = ()
    input_findings: tuple[Finding, ...] = ()
    places: Mapping[str, Location] = field(default_factory=dict[str, Location])
    lexicon: tuple[Word, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: tuple[PlannedOutput, ...] = ()

    def __post_init__(self) -> None:
        """Seal what is known of the report: rules and renderers read it, and change nothing for one another."""
        seal(self, "places", "source", "due", "column")

    def __iter__(self) -> Iterator[Section]:
        """Yield the sections in printed order."""
        return iter(self.sections)

    @cached_property
    def text(self) -> str:
        """Return the whole narrative as printed, a line for each paragraph: what is not in it is in no section."""
        return "\n".join(section.text for section in self.sections)

    def section(self, section_id: str) -> Section | None:
        """Return the section of that id, or None."""
        return self._by_id.get(section_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Section]:
        return {section.id: section for section in reversed(self.sections)}

    @property
    def traits(self) -> Traits:
        """Return what decides which rules are for this report."""
        return Traits(self.lineage, self.unit.kind, self.year, frozenset(self._by_id))

    def derived(self, make: Callable[[Report], T]) -> T:
        """Return what `make` makes of this report alone; it is made once, for all rules that ask for it."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]

    @cached_property
    def _made(self) -> dict[Callable[[Report], Any], Any]:
        return {}

    def cells(self) -> dict[str, Cell]:
        """Return every cell by path, in printed order."""
        found: dict[str, Cell] = {}
        for table in (table for section in self.sections for table in section.tables):
            found |= copied(table.cells)
        return found

    def cell(self, path: str) -> Cell:
        """Return the cell or the named sum, last year's with `previous.` in front; raise KeyError for none."""
        found = self.find(path)
        if found is None:
            raise KeyError(say("没有“{path}”这一格{near}", path=path, near=near(path, self.cells())))
        return found

    def has(self, path: str) -> bool:
        """Tell whether there is such a cell or named sum."""
        return self.find(path) is not None

    def find(self, path: str) -> Cell | None:
        """Return the cell or the named sum, or None."""
        if self.previous is not None and path.startswith("previous."):
            return self.previous.find(path.removeprefix("previous."))
        return self.by_path.get(path)

    @cached_property
    def by_path(self) -> Mapping[str, Cell]:
        """Return the cells and the named sums; a cell wins over a sum of its name."""
        tables = [table for section in self.sections for table in section.tables]
        figures = {path: cell for table in tables for path, cell in table.figures.items()}
        return MappingProxyType(figures | self.cells())

    def label(self, path: str) -> str:
        """Say in words where a path is: chapter, row and column as printed."""
        year, _, rest = path.partition(".")
        if year == "previous" and self.previous is not None:
            return say("上一年｜{label}", label=self.previous.label(rest))
        section = self.section(path.partition(".")[0])
        if section is None:
            return path
        return "｜".join(filter(None, [section.title or section.id, self.cell_label(path)]))

    def cell_label(self, path: str) -> str:
        """Say in words which row and column a path is, as printed, without its chapter."""
        year, _, rest = path.partition(".")
        if year == "previous" and self.previous is not None:
            return say("上一年｜{label}", label=self.previous.cell_label(rest))
        section = self.section(year)
        if section is None or not section.tables:
            return "｜".join(rest.split("."))
        spec = section.tables[0].spec
        parts = SUM.fullmatch(spec.figures.get(rest, "")) if path not in section.tables[0].cells else None
        names = re.split(r"\s*[+,]\s*", parts[1]) if parts else [rest]
        return "＋".join(spec.words(f"{section.id}.{part}") for part in names)

    def locate(self, path: str, quote: str = "") -> Location | None:
        """Return the nearest place that exists: the quoted words, the cell, its row, its section."""
        found = self._locate_words(path, quote) if quote else None
        while not found and path:
            found = self.places.get(path)
            path = path.rpartition(".")[0]
        return found or self.places.get("")

    def _locate_words(self, path: str, quote: str) -> Location | None:
        section = self.section(path.partition(".")[0])
        holding = [block for block in section.blocks if quote in block.text] if section else []
        exact = [block for block in holding if quote == block.text]
        return next((block.place_of(quote) for block in (*exact, *holding)), None)

    def finding(self, path: str, message: str, *, key: str = "", **more: Any) -> Finding:
        """Return a finding at this place, or at a key of report.yaml; the engine adds what the rule says of itself."""
        quote = more.get("quote", "")
        location = more.pop("location", None) or self.places.get(f"/{key}") or self.locate(path, quote)
        return Finding(message, path, location=location, **more)
