"""Section schemas: from YAML to the definition of a table and of a text, with every mistake named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from baogao.definitions.checking import Shape, findings, rule_faults
from baogao.expressions import Expression, ExpressionError, parse_expression
from baogao.files.yaml import Document
from baogao.language import Message, near, say
from baogao.model.bands import Band, Node
from baogao.model.cells import CellType
from baogao.model.findings import Finding
from baogao.model.levels import ALL, TOP, Levels
from baogao.model.numbers import NumberPattern
from baogao.model.tables import TableSpec

__all__ = ["SectionSchema", "TextSpec", "cell_types", "is_true", "read_schema"]

DEFAULT_CELL = CellType("count", {"type": "integer", "min": 0}, label="非负整数")


INHERITED = ("cell", "optional")


@dataclass(frozen=True, slots=True)
class TextSpec:
    """What a narrative must be: `check` are Cerberus rules on its words, reported as `rule`.

    `default` is the text where there is no file; `outline` what `baogao new` writes for the author to fill in.
    """

    rule: str = ""
    check: Mapping[str, Any] = field(default_factory=dict[str, Any])
    default: str = ""
    outline: str = ""


@dataclass(frozen=True, slots=True)
class SectionSchema:
    """What a section may hold; `document` is the file it was read from."""

    section: str
    document: Document
    title: str = ""
    table: TableSpec | None = None
    text: TextSpec | None = None
    numbers: tuple[NumberPattern, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def data(self) -> Mapping[str, Any]:
        """Return the schema as it was written."""
        return self.document.data if isinstance(self.document.data, Mapping) else {}

    @property
    def cells(self) -> frozenset[str]:
        """Return the names of the cell types it uses."""
        used = (value for keys, value in _walk(self.data) if keys[-1:] == ("cell",))
        return frozenset(value for value in used if isinstance(value, str))


def cell_types(data: Mapping[str, Any]) -> dict[str, CellType]:
    """Return the cell types a form declares; `meta` is for people, the rest are Cerberus rules."""
    return {name: _cell_type(name, dict(rules)) for name, rules in data.items()}


def _cell_type(name: str, rules: dict[str, Any]) -> CellType:
    meta = rules.pop("meta", {})
    optional = is_true(rules.pop("optional", ""))
    places = meta.get("places")
    if places is not None:
        rules["places"] = places
    boxes = is_true(meta.get("boxes", ""))
    padded = is_true(meta.get("padded", ""))
    return CellType(name, rules, meta.get("label", ""), meta.get("unit", ""), places, optional, boxes, padded)


def is_true(value: object) -> bool:
    """Tell whether a word of a YAML file says yes."""
    return value is True or value == "true"


def read_schema(document: Document, types: Mapping[str, CellType], shape: Shape, *, section: str = "") -> SectionSchema:
    """Return the schema of a section in a document; `problems` make it unusable."""
    if document.broken or not isinstance(document.data, Mapping):
        problem = Finding(say("章节定义应是一组“名称: 值”"), rule="SRC-010", location=document.locate())
        return SectionSchema("", document, problems=document.problems or (problem,))
    data: Mapping[str, Any] = document.data
    wrong = findings(shape.faults(data), document, "SRC-010")
    if wrong:
        return SectionSchema(section, document, problems=wrong)
    builder = _Builder(document, types)
    table = builder.table(data) if "columns" in data or "bands" in data else None
    text = _text(data["text"] or {}) if "text" in data else None
    builder.check_whole(data, section, text)
    numbers = tuple(builder.pattern(entry, number) for number, entry in enumerate(data.get("numbers", ())))
    title = data.get("title", "")
    return SectionSchema(data["section"], document, title, table, text, numbers, tuple(builder.problems))


def _text(data: Mapping[str, Any]) -> TextSpec:
    return TextSpec(
        rule=data.get("rule", ""),
        check={**({"empty": False} if is_true(data.get("required", "")) else {}), **data.get("check", {})},
        default=data.get("default", ""),
        outline=data.get("outline", ""),
    )


class _Builder:
    """Build one table, collecting what is wrong with its definition."""

    def __init__(self, document: Document, types: Mapping[str, CellType]) -> None:
        self.document = document
        self.types = types
        self.problems: list[Finding] = []

    def table(self, data: Mapping[str, Any]) -> TableSpec:
        """Return the table; one without bands is a single band."""
        raw = data.get("bands") or [data]
        bands = tuple(self._band(item, ("bands", n) if "bands" in data else ()) for n, item in enumerate(raw))
        spec = TableSpec(
            section=data["section"],
            bands=bands,
            cell=self._type(data.get("cell", ""), ("cell",)) or DEFAULT_CELL,
            corner=data.get("corner", ""),
            caption=data.get("caption", ""),
            wide=data.get("layout") == "wide",
            figures=dict(data.get("figures", {})),
        )
        for number, band in enumerate(bands):
            if band.is_list and len(bands) > 1:
                self._problem(say("行数不定（list）的表只能有一段"), ("bands", number, "rows"))
            if band.is_list and not band.key:
                self._problem(say("行数不定（list）的表要有一列写 key: true，作各行的名称"), ("columns",))
            if band.across > 1 and (len(band.column_leaves) > 1 or any(node.children for node in band.rows)):
                self._problem(say("并排的段（across）只能有一列，行不能再分组"), ("bands", number, "across"))
        self._check_ids(spec)
        self._check_expressions(spec)
        return spec

    def pattern(self, data: Mapping[str, Any], number: int) -> NumberPattern:
        """Return how typed numbers are known to speak of a cell."""
        cells = [data["cell"]] if isinstance(data["cell"], str) else data["cell"]
        for source in cells:
            try:
                parse_expression(source)
            except ExpressionError as exc:
                self._problem(exc.message, ("numbers", number, "cell"))
        for place, source in enumerate(data.get("match", ())):
            if "{n}" not in source:
                self._problem(say("“{source}”里要有 {{n}}，代表数", source=source), ("numbers", number, "match", place))
        parts = (tuple(data.get(key, ())) for key in ("match", "zero", "not"))
        return NumberPattern(tuple(cells), *parts, rule=data.get("rule", ""))

    def check_whole(self, data: Mapping[str, Any], section: str, text: TextSpec | None) -> None:
        """Refuse a schema of another section, one that defines nothing, and wrong rules for its text."""
        if section and data["section"] != section:
            message = say("这里应是章节“{wanted}”的定义，写的是“{section}”", wanted=section, section=data["section"])
            self._problem(message, ("section",))
        if not data.keys() & {"columns", "bands", "text"}:
            self._problem(say("定义里要有表格（columns 或 bands）或文字（text）"), ())
        for keys, message in rule_faults(text.check) if text else ():
            self._problem(message, ("text", "check", *keys))

    def _band(self, data: Mapping[str, Any], keys: tuple[str | int, ...]) -> Band:
        rows = data.get("rows", "list")
        return Band(
            columns=self._nodes(data["columns"], "columns", (*keys, "columns"), data),
            rows=() if rows == "list" else self._nodes(rows, "rows", (*keys, "rows"), data),
            label=data.get("label", ""),
            across=data.get("across", 1),
            levels=self._levels(data.get("levels", {}), rows, keys),
        )

    def _levels(self, data: Mapping[str, Any], rows: Any, keys: tuple[str | int, ...]) -> Levels:
        if data and rows != "list":
            self._problem(say("levels 只用于行数不定（list）的表"), (*keys, "levels"))
        return Levels(data.get("by") == "prefix", data.get("total", ""), data.get("rule", ""))

    def _nodes(
        self, data: list[Any], below: str, keys: tuple[str | int, ...], above: Mapping[str, Any]
    ) -> tuple[Node, ...]:
        """Return the labels; a group's `cell` and `optional` hold for all below it."""
        given = {key: above[key] for key in INHERITED if key in above and "label" in above}
        return tuple(self._node({**given, **item}, below, (*keys, number)) for number, item in enumerate(data))

    def _node(self, data: Mapping[str, Any], below: str, keys: tuple[str | int, ...]) -> Node:
        children = self._nodes(data.get(below, []), below, (*keys, below), data)
        if not children and "id" not in data:
            self._problem(say("末级的“{label}”缺少 id", label=data["label"]), keys)
        return Node(
            label=data["label"],
            id=data.get("id", ""),
            children=children,
            type=self._type(data.get("cell", ""), (*keys, "cell")),
            optional=is_true(data.get("optional", "")),
            computed=data.get("computed", ""),
            rule=data.get("rule", ""),
            key=is_true(data.get("key", "")),
            upright=is_true(data.get("upright", "")),
        )

    def _type(self, name: str, keys: tuple[str | int, ...]) -> CellType | None:
        if name and name not in self.types:
            known = near(name, self.types)
            self._problem(say("没有名为“{name}”的单元格类型{near}", name=name, near=known), keys)
        return self.types.get(name)

    def _check_ids(self, spec: TableSpec) -> None:
        """Refuse a row written twice anywhere, and a column written twice in one band."""
        rows = [node.id for band in spec.bands for tree in band.rows for node in tree.walk() if node.id]
        self._twice(rows)
        for band in spec.bands:
            self._twice([node.id for tree in band.columns for node in tree.walk() if node.id])

    def _twice(self, ids: list[str]) -> None:
        for name, count in Counter(ids).items():
            if count > 1:
                self._problem(say("id “{id}”用了 {count} 次", id=name, count=count), self._keys_of(name))

    def _keys_of(self, name: str) -> tuple[str | int, ...]:
        """Return where an id stands in the document, the last of its places."""
        found = [keys for keys, value in _walk(self.document.data) if keys[-1:] == ("id",) and value == name]
        return found[-1] if found else ()

    def _check_expressions(self, spec: TableSpec) -> None:
        for band in spec.bands:
            for trees, names in ((band.columns, band.column_names), (band.rows, spec.rows)):
                computed = {node.id: node for tree in trees for node in tree.walk() if node.computed}
                for node in (node for tree in trees for node in tree.walk() if node.id):
                    if (node.rule and not node.computed) or (node.computed and node.children):
                        message = say("“{id}”：computed 只能写在末级，rule 要和 computed 写在一起", id=node.id)
                        self._problem(message, self._keys_of(node.id))
                for node in computed.values():
                    self._check_names(node.computed, names, self._keys_of(node.id))
                self._check_circles({name: node.computed for name, node in computed.items()}, names)
        paths = {f"{cell.row.id}.{cell.column.id}": () for cell in spec.cells}
        lists = [band for band in spec.bands if band.is_list]
        paths |= {f"{group}.{leaf.id}": () for band in lists for group in (ALL, TOP) for leaf in band.column_leaves}
        for name, source in spec.figures.items():
            if name in paths or name in spec.rows:
                self._problem(say("“{name}”已经是一格或一行的名称，换一个", name=name), ("figures", name))
            self._check_names(source, paths, ("figures", name))

    def _check_circles(self, formulas: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> None:
        """Refuse a computed row or column that rests on itself."""
        rests = {name: _parts(source, names) for name, source in formulas.items()}
        for name, parts in rests.items():
            reached, waiting = set[str](), list(parts)
            while waiting:
                part = waiting.pop()
                if part not in reached:
                    reached.add(part)
                    waiting.extend(rests.get(part, ()))
            if name in reached:
                self._problem(say("“{name}”的算式最终又用到它自己", name=name), self._keys_of(name))

    def _check_names(self, source: str, known: Mapping[str, Any], keys: tuple[str | int, ...]) -> None:
        try:
            expression: Expression = parse_expression(source)
        except ExpressionError as exc:
            self._problem(exc.message, keys)
            return
        if expression.compares:
            self._problem(say("算式“{source}”是比较，不是数", source=source), keys)
        for name in expression.names:
            if name not in known:
                self._problem(say("算式中的“{name}”不是已有的 id{near}", name=name, near=near(name, known)), keys)

    def _problem(self, message: Message, keys: tuple[str | int, ...]) -> None:
        self.problems.append(Finding(message, rule="SRC-010", location=self.document.locate(*keys)))


def _parts(source: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the rows or columns a formula rests on; a formula that is none rests on nothing."""
    try:
        return tuple(leaf for name in parse_expression(source).names for leaf in names.get(name, ()))
    except ExpressionError:
        return ()


def _walk(value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield keys, value
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*keys, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, (*keys, number))
