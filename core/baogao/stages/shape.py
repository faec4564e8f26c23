"""VALIDATE, shape: Cerberus decides what may stand in a cell; what it refuses is one finding and counts as blank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from baogao.definitions.checking import Fault, Shape, shape_of
from baogao.definitions.wording import shown, unknown_key
from baogao.files.characters import INVISIBLE
from baogao.files.yaml import Document
from baogao.language import Message, listed, say
from baogao.model.bands import Band
from baogao.model.cells import Cell, CellType, printed
from baogao.model.findings import Finding, Location
from baogao.model.tables import CellSpec, Table, TableSpec
from baogao.narrative.characters import clean, unprintable
from baogao.stages.plain_table import plain_cells
from baogao.stages.types import is_broken_check

__all__ = ["Shaped", "shape_table"]

MEANS_NOTHING = re.compile(r"[/／\-—–－]+|无|没有|N/?A|不适用|[.…]+", re.IGNORECASE)
ROW_ID = re.compile(r"[^.\s#{}][^.\s{}]{0,39}")
HIDDEN = re.compile(f"[{INVISIBLE}\u00a0\u3000]")
BIG = re.compile(r"-?[0-9]{10,}")
MOST_KEPT = 64
"""How many tables have their Cerberus schema kept; so memory is the same for ten reports and ten thousand."""

HINTS: tuple[tuple[re.Pattern[str], Message], ...] = (
    (BIG, say("数字太大，看看是不是多写了几位")),
    (re.compile(r"-?0[0-9]+"), say("去掉数字前面多余的 0")),
    (re.compile(r"-?[0-9]+(\.[0-9]+)?"), say("去掉数字两边的引号")),
    (re.compile(r"-?[0-9]{1,3}([,，][0-9]{3})+(\.[0-9]+)?"), say("去掉千位逗号")),
    (re.compile(r"[-+]?[0-9.,，]+\s*[^\d\s].*"), say("只写数字，不写单位和说明")),
    (re.compile(r"true|false|yes|no|是|否", re.IGNORECASE), say("这里填件数，不填是或否")),
    (re.compile(r"\+[0-9]+(\.[0-9]+)?"), say("去掉加号")),
)


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table with its usable values, and what could not be used; computed cells are still blank."""

    table: Table
    findings: tuple[Finding, ...]


def shape_table(
    spec: TableSpec, data: Any, document: Document, number_rule: str = "TAB-002", *, silent: bool = False
) -> Shaped:
    """Return the table in the data; `number_rule` is the rule that reports a well-formed number a cell refuses.

    `silent` says nothing of blank cells: why there are no data has its own finding.
    """
    plain = plain_cells(spec, data)
    if plain is not None:
        return Shaped(Table(spec, plain), ())
    shaper = _Shaper(spec, document, number_rule, silent=silent or document.broken)
    cells = {cell.path: cell for cell in shaper.cells(data)}
    return Shaped(Table(spec, cells), tuple(shaper.findings))


class _Typed(NamedTuple):
    """What was typed for a cell, or None; `row` is the key or the number of its row in the data."""

    spec: CellSpec
    value: Any
    row: str | int

    @property
    def keys(self) -> tuple[str | int, ...]:
        """Return the keys to it."""
        return self.row, self.spec.column.id


class _Shaper:
    """Shape the data of one table, one finding per cell."""

    def __init__(self, spec: TableSpec, document: Document, number_rule: str, *, silent: bool) -> None:
        self.spec = spec
        self.document = document
        self.number_rule = number_rule
        self.silent = silent
        self.findings: list[Finding] = []

    def cells(self, data: Any) -> Iterator[Cell]:
        """Yield every cell of the definition, in printed order."""
        lists = [band for band in self.spec.bands if band.is_list]
        if lists:
            yield from self._list_cells(lists[0], data)
        else:
            yield from self._fixed_cells(data)

    def _fixed_cells(self, data: Any) -> Iterator[Cell]:
        rows = self._mapping(data, (), self.spec.section, self.spec.band_of_row)
        typed: dict[str, Mapping[str, Any]] = {}
        for row_id, band in self.spec.band_of_row.items():
            columns, path = band.leaf_of_column, f"{self.spec.section}.{row_id}"
            typed[row_id] = self._mapping(_of_one(columns, rows.get(row_id)), (row_id,), path, columns)
        self.silent = self.silent or not isinstance(data, Mapping | None)
        row_and_column = ((spec, spec.row.id, spec.column.id) for spec in self.spec.cells)
        yield from self._checked(
            {spec.path: _Typed(spec, typed[row].get(key), row) for spec, row, key in row_and_column}
        )

    def _list_cells(self, band: Band, data: Any) -> Iterator[Cell]:
        rows: dict[str, tuple[int, Mapping[str, Any]]] = {}
        for number, item in enumerate(self._rows(data)):
            row = self._mapping(item, (number,), self.spec.section, band.leaf_of_column)
            rows[self._row_key(row.get(band.key), number, rows)] = (number, row)
        total = band.levels.total
        added = [total] if total and total not in rows else []
        typed: dict[str, _Typed] = {}
        for spec in self.spec.listed((*added, *rows)):
            number, row = rows.get(spec.row.id, (0, {}))
            value = row.get(spec.column.id)
            typed[spec.path] = _Typed(spec, _name(value) if spec.column.key else value, number)
        self._check_words_of_total(rows.get(total, (0, {}))[1], typed, band)
        name = f"{self.spec.section}.{total}.{band.key}"
        for cell in self._checked(typed):
            yield replace(cell, value=total, origin="computed") if added and cell.path == name else cell

    def _check_words_of_total(self, row: Mapping[str, Any], specs: Mapping[str, Any], band: Band) -> None:
        """Refuse words in the row of the total: it has numbers only."""
        for name in (name for name, value in row.items() if value is not None):
            path = f"{self.spec.section}.{band.levels.total}.{name}"
            if path not in specs and name in band.column_names:
                self._find(say("“{total}”一行这一列不用填", total=band.levels.total), "TAB-005", path, ())

    def _rows(self, data: Any) -> list[Any]:
        if data is None and not self.silent:
            hint = say("没有内容的写 []")
            self._find(say("这张表没有填"), "TAB-001", self.spec.section, (), hint=hint)
        if data is None or isinstance(data, list):
            return data or []
        hint = say("每一行写成 - {{{key}: …, …}}", key=next(band.key for band in self.spec.bands if band.is_list))
        self._find(say("这张表应是一行一个“- ”开头的列表"), "TAB-002", self.spec.section, (), hint=hint)
        return []

    def _row_key(self, typed: Any, number: int, rows: Mapping[str, Any]) -> str:
        """Return the name of a row of a list; a blank, unusable or repeated one gets its number."""
        key = str(typed if typed is not None else "")
        taken = key in rows
        if ROW_ID.fullmatch(key) and not taken:
            return key
        message = (
            say("第 {number} 行的“{key}”重复了", number=number + 1, key=key)
            if taken
            else say("第 {number} 行的名称“{key}”不能用", number=number + 1, key=key)
        )
        self._find(message, "TAB-005", self.spec.section, (number,))
        return f"#{number + 1}"

    def _mapping(
        self, data: Any, keys: tuple[str | int, ...], path: str, known: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return a level of the data without the names it should not have."""
        if data is not None and not isinstance(data, Mapping):
            message = say("“{label}”这一行应写成 {{列: 数, …}}", label=self._label(path))
            hint = say("照 baogao new 写出的样子，一个名称后面写一个值")
            self._find(message, "TAB-002", path, keys, actual=str(data), hint=hint)
        if not isinstance(data, Mapping):
            return {}
        for name in data:
            if name not in known:
                what = say("行") if not keys else say("列")
                message = say("{problem}（{what}的名称）", problem=unknown_key(str(name), tuple(known)), what=what)
                self._find(message, "TAB-005", f"{path}.{name}", (*keys, name))
        return data

    def _checked(self, typed: Mapping[str, _Typed]) -> Iterator[Cell]:
        """Let Cerberus judge all cells of the table at once, unless all are plainly as they should be."""
        faults = {str(fault.keys[0]): fault for fault in self._faults(typed)}
        for path, given in typed.items():
            fault = faults.get(path)
            if fault is not None and not (self.silent and given.value is None):
                self._judge(given.spec, given.value, fault, given.keys)
            said = given.value if type(given.value) is int else self._said(given)
            written, origin = (None, "blank") if said is None else (printed(said), "typed")
            yield Cell(path, given.spec.type, said if fault is None else None, written, origin)

    def _faults(self, typed: Mapping[str, _Typed]) -> tuple[Fault, ...]:
        fixed = not any(band.is_list for band in self.spec.bands)
        shape = (
            _shape_of_table(self.spec) if fixed else _shape_of_cells((one.spec, one.value) for one in typed.values())
        )
        return shape.faults({path: given.value for path, given in typed.items()})

    def _said(self, given: _Typed) -> Any:
        """Return the value with its words cleaned; a list of choices is one value."""
        value = given.value
        if isinstance(value, list):
            return tuple(self._text(str(item), given) for item in value)
        if isinstance(value, Mapping):
            return shown(value)
        return self._text(value, given) if isinstance(value, str) else value

    def _text(self, value: str, given: _Typed) -> str:
        self.findings.extend(unprintable(value, given.spec.path, self.document.locate(*given.keys)))
        return clean(value)

    def _judge(self, spec: CellSpec, value: Any, fault: Fault, keys: tuple[str | int, ...]) -> None:
        label = self._label(spec.path)
        if value is None:
            self._find(
                say("“{label}”没有填", label=label), "TAB-001", spec.path, keys, hint=_what_to_fill_in(spec.type)
            )
        elif isinstance(value, str) and MEANS_NOTHING.fullmatch(value.strip()):
            message = say("“{label}”写了“{value}”，等于没有填", label=label, value=value)
            hint = say("没有的填 0") if spec.type.is_number else _what_to_fill_in(spec.type)
            self._find(message, "TAB-001", spec.path, keys, hint=hint, actual=value)
        else:
            self._wrong(spec, value, fault, keys)

    def _wrong(self, spec: CellSpec, value: Any, fault: Fault, keys: tuple[str | int, ...]) -> None:
        is_number = not isinstance(value, str | bool | list | Mapping)
        wanted = say(spec.type.label or spec.type.name)
        message = say(
            "“{label}”应为{wanted}：{why}",
            label=self._label(spec.path),
            wanted=wanted,
            why=fault.why,
        )
        if not is_number and not fault.said:
            message = say(
                "“{label}”应为{wanted}，写的是“{value}”",
                label=self._label(spec.path),
                wanted=wanted,
                value=shown(value),
            )
        rule = self.number_rule if is_number else "TAB-002"
        if is_broken_check(fault.why):
            rule, message = "PLG-003", fault.why
        self._find(
            message,
            rule,
            spec.path,
            keys,
            hint=_hint(value, spec.type, fault),
            actual=shown(value),
            expected=wanted,
        )

    def _label(self, path: str) -> str:
        """Name a row or a cell as it is printed: `（七）总计｜自然人`."""
        return self.spec.words(path) or self.spec.caption or path

    def _find(self, message: Message, rule: str, path: str, keys: tuple[str | int, ...], **more: Any) -> None:
        cells = (path,) if path.count(".") == 2 else ()
        place: Location = self.document.locate(*keys)
        self.findings.append(Finding(message, path, rule, cells=cells, location=place, **more))


@lru_cache(maxsize=MOST_KEPT)
def _shape_of_table(spec: TableSpec) -> Shape:
    """Return the Cerberus schema of a table of fixed rows, the same for every report."""
    return _shape_of_cells((cell, None) for cell in spec.cells)


def _shape_of_cells(cells: Iterable[tuple[CellSpec, Any]]) -> Shape:
    """Return the Cerberus schema of the cells; a computed or optional one may be left out."""
    return shape_of(
        {"schema": {spec.path: {**spec.type.rules, "nullable": _is_free(spec, value)} for spec, value in cells}}
    )


def _is_free(spec: CellSpec, value: Any) -> bool:
    return spec.may_be_left_out or _is_added(spec, value)


def _is_added(spec: CellSpec, value: Any) -> bool:
    """Tell whether a cell is the key of a row that nobody wrote: a row without a key has a number for one."""
    return spec.column.key and value is None and not spec.row.id.startswith("#")


def _name(value: Any) -> Any:
    """Return a key as the name it is: digits need no quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _of_one(columns: Mapping[str, Any], given: Any) -> Any:
    """Return a row as columns: what stands for a row with a single column is the answer itself."""
    if len(columns) == 1 and given is not None and not isinstance(given, Mapping):
        return dict.fromkeys(columns, given)
    return given


def _what_to_fill_in(kind: CellType) -> Message:
    """Say what a blank cell waits for."""
    if kind.choices:
        return say("写上其中之一：{choices}", choices=listed(kind.choices))
    return say("没有的填 0，不能空着") if kind.is_number else say("写上内容，不能空着")


def _hint(value: object, kind: CellType, fault: Fault) -> Message | str:
    """Say how to mend what was typed, by what the cell takes and what people type most often."""
    if hidden := HIDDEN.search(str(value)):
        return say("里面有看不见的字符 U+{code}，删去重打", code=f"{ord(hidden.group()):04X}")
    if kind.choices:
        return say("只能写：{choices}", choices=listed(kind.choices))
    if kind.is_number:
        return "" if fault.said else _hint_of_number(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return say("两边加上引号")
    wanted = say(kind.label or kind.name)
    is_length = isinstance(value, str) and not fault.said and "regex" not in kind.rules
    return fault.why if is_length else say("改成{wanted}", wanted=wanted)


def _hint_of_number(value: object) -> Message | str:
    text = str(value).strip()
    half = unicodedata.normalize("NFKC", text)
    if half != text and any(character.isdigit() for character in half):
        return say("改用半角数字：{half}", half=half)
    if not isinstance(value, str):
        return say("数字太大，看看是不是多写了几位") if BIG.fullmatch(text) else ""
    return next((hint for pattern, hint in HINTS if pattern.fullmatch(text)), "")
