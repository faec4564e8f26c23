"""Turn Cerberus rules into JSON Schema (2020-12), with which editors complete and check YAML while it is typed.

Cerberus stays the judge. What JSON Schema cannot say, or editors would judge wrongly, stands in the description
and in `INEXPRESSIBLE`; there the editor lets pass what `baogao check` then names. An editor reads plain `true` as
a truth value where our reader keeps the word, so both are allowed where the words are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from keyword import kwlist
from pathlib import Path
from typing import Any

from baogao.definitions.checks import EDITION, NOT_IN_NAMES, RESERVED
from baogao.definitions.schemas import is_true
from baogao.files.yaml import read_yaml
from baogao.model.bands import Band, Node
from baogao.model.cells import CellType
from baogao.model.tables import CellSpec, TableSpec

__all__ = ["INEXPRESSIBLE", "SHAPES", "rules_schema", "shape_schema", "table_schema"]

Json = dict[str, Any]
Rules = Mapping[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: Mapping[str, str] = {
    "report": "report.yaml：报告种类、年度、单位和输出",
    "form": "form.yaml：一种报告的一个版本",
    "section": "章节定义：表格、正文和规则",
    "rules": "规则文件（*.rules.yaml）",
    "waivers": "waivers.yaml：情况说明",
}
TYPES = {
    "string": "string",
    "integer": "integer",
    "decimal": "number",
    "number": "number",
    "float": "number",
    "boolean": "boolean",
    "dict": "object",
    "list": "array",
}
LONGER: Mapping[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "dict": ("minProperties", "maxProperties"),
}
WORDS = {"true": True, "false": False}

MONTH, DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
CHECKS: Mapping[str, Json] = {
    "id": {"pattern": "^[a-z][a-z0-9_]*$", "not": {"enum": sorted({*RESERVED, *kwlist})}},
    "rows": {"if": {"type": "string"}, "then": {"const": "list"}},
    "iso_date": {"pattern": f"^[0-9]{{4}}-{MONTH}-{DAY}$", "not": {"type": "number"}},
    "file_name": {"not": {"pattern": NOT_IN_NAMES.pattern}},
    "distinct": {"uniqueItems": True},
    "edition": {"pattern": f"^(?:{EDITION.pattern})$"},
    "inside": {"not": {"pattern": r"^[/\\]|:|(^|[/\\])\.\.([/\\]|$)"}},
}
"""What our own checks ask, as far as JSON Schema can say it."""

INEXPRESSIBLE: Mapping[str, str] = {
    "type: integer": "3.0、0x10、012：编辑器也当作整数",
    "places": "小数位数：编辑器用二进制小数算，会冤枉 12.34 这样的数",
    "check_with: iso_date": "没有的日子，如 2021-02-30",
    "check_with: pattern": "正则表达式本身写得对不对",
    "contains": "列表里必须有的项",
    "dependencies": "一项要有另一项",
}
"""What the schemas leave to Cerberus, by rule; `anyof` and the like, and checks of plugins, too."""

NOTES: Mapping[str, Callable[[Any], str]] = {
    "places": lambda places: f"最多 {places} 位小数",
    "check_with": lambda name: "要是真有的日子" if name == "iso_date" else "" if name in CHECKS else "另由程序检查",
    "contains": lambda values: f"其中要有 {values}",
    "dependencies": lambda names: f"同时要写 {names}",
}


def shape_schema(name: str) -> Json:
    """Return the JSON Schema of a file whose shape is one of ours."""
    shape = read_yaml(Path(__file__).with_name("shapes") / f"{name}.yaml", f"{name}.yaml").data
    converter = _Converter(shape.get("definitions") or {})
    whole = converter.document(shape["schema"])
    if name == "section":
        whole["properties"]["rules"]["items"] = _entry("rules", converter)
    if name == "rules":
        whole = {"type": "object", "properties": {"rules": {"type": "array", "items": whole}}}
    if name == "waivers":
        whole = {"type": ["array", "null"], "items": whole}
    definitions = {"$defs": converter.definitions} if converter.definitions else {}
    return {"$schema": DIALECT, "title": SHAPES[name], **whole, **definitions}


def _entry(name: str, converter: _Converter) -> Json:
    """Put the shape of one entry among the definitions, and return a reference to it."""
    shape = read_yaml(Path(__file__).with_name("shapes") / f"{name}.yaml", f"{name}.yaml").data
    converter.definitions[name] = converter.document(shape["schema"])
    return {"$ref": f"#/$defs/{name}"}


def rules_schema(rules: Rules) -> Json:
    """Return the JSON Schema of one value with these Cerberus rules."""
    return _Converter({}).value(rules, unknown=False)


def table_schema(table: TableSpec, title: str) -> Json:
    """Return the JSON Schema of the data of a table: rows of columns, with the labels as they are printed."""
    band = next((band for band in table.bands if band.is_list), None)
    whole = _list_schema(table, band) if band else _rows_schema(table)
    return {"$schema": DIALECT, "title": title, **whole}


class _Converter:
    """Convert the rules of one shape; named parts become `$defs`, so that trees may name themselves.

    `unknown` is whether names that are not defined are allowed: Cerberus hands that down to what lies within.
    """

    def __init__(self, named: Mapping[str, Rules]) -> None:
        self.named = named
        self.definitions: Json = {}

    def document(self, fields: Rules) -> Json:
        """Return the schema of a whole document."""
        return {"type": "object", **self._fields(fields, unknown=False)}

    def value(self, rules: Rules, *, unknown: bool) -> Json:
        """Return the schema of one value."""
        unknown = is_true(rules["allow_unknown"]) if "allow_unknown" in rules else unknown
        schema = {**_described(rules), **_typed(rules)}
        parts = list(_restricted(rules))
        if "schema" in rules:
            parts.append(self._inner(rules, unknown=unknown))
        if "keysrules" in rules:
            parts.append({"propertyNames": self.value(rules["keysrules"], unknown=unknown)})
        if "valuesrules" in rules:
            parts.append({"additionalProperties": self.value(rules["valuesrules"], unknown=unknown)})
        parts.extend(self._combined(rules, unknown=unknown))
        return _merged(schema, parts)

    def _inner(self, rules: Rules, *, unknown: bool) -> Json:
        """Return what a list's items or a mapping's names must be."""
        inner = rules["schema"]
        if "list" in _types(rules) and not isinstance(inner, str) and _is_value(inner):
            return {"items": self.value(inner, unknown=unknown)}
        return (
            self._reference(inner, unknown=unknown) if isinstance(inner, str) else self._fields(inner, unknown=unknown)
        )

    def _reference(self, name: str, *, unknown: bool) -> Json:
        key = f"{name}_open" if unknown else name
        if key not in self.definitions:
            self.definitions[key] = {}  # the part may name itself
            self.definitions[key] = self._fields(self.named[name], unknown=unknown)
        return {"$ref": f"#/$defs/{key}"}

    def _fields(self, fields: Rules, *, unknown: bool) -> Json:
        schema: Json = {"properties": {name: self.value(rules, unknown=unknown) for name, rules in fields.items()}}
        required = [name for name, rules in fields.items() if is_true(rules.get("required", ""))]
        excluded = [
            {"not": {"required": [name, other]}}
            for name, rules in fields.items()
            for other in _listed(rules.get("excludes", []))
        ]
        return {
            **schema,
            **({"required": required} if required else {}),
            **({} if unknown else {"additionalProperties": False}),
            **({"allOf": excluded} if excluded else {}),
        }

    def _combined(self, rules: Rules, *, unknown: bool) -> Iterator[Json]:
        """Yield `anyof` and its like; each alternative has the type of the whole."""
        for name, keyword in (("anyof", "anyOf"), ("oneof", "oneOf"), ("allof", "allOf"), ("noneof", "anyOf")):
            if name in rules:
                given = {key: rules[key] for key in ("type", "allow_unknown") if key in rules}
                part = {keyword: [self.value({**given, **choice}, unknown=unknown) for choice in rules[name]]}
                yield {"not": part} if name == "noneof" else part


def _is_value(inner: Rules) -> bool:
    """Tell rules of a value from the fields of a mapping, whose values are rules themselves."""
    return any(not isinstance(rules, Mapping) for rules in inner.values())


def _types(rules: Rules) -> list[str]:
    return _listed(rules.get("type", []))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _described(rules: Rules) -> Json:
    label = rules.get("meta", {}).get("label", "")
    notes = [NOTES[key](value) for key, value in rules.items() if key in NOTES]
    description = "；".join(filter(None, (label, *notes)))
    return {**({"title": label} if label else {}), **({"description": description} if description else {})}


def _typed(rules: Rules) -> Json:
    """Return the types a value may have; blank is one only where the rules say so."""
    types = [TYPES[name] for name in _types(rules) if name in TYPES]
    types = types or ([] if _nullable(rules) else sorted(set(TYPES.values()) - {"integer"}))
    types += ["null"] if types and _nullable(rules) else []
    types += ["boolean"] if _truths(rules.get("allowed", [])) and "boolean" not in types else []
    return {"type": types[0] if len(types) == 1 else types} if types else {}


def _nullable(rules: Rules) -> bool:
    return is_true(rules.get("nullable", ""))


def _truths(allowed: Any) -> list[bool]:
    return [WORDS[word] for word in allowed if isinstance(word, str) and word in WORDS]


def _restricted(rules: Rules) -> Iterator[Json]:
    """Yield what each rule asks beyond the type."""
    if "allowed" in rules:
        blank = [None] if _nullable(rules) else []
        yield _members(rules, {"enum": [*_truths(rules["allowed"]), *map(_plain, rules["allowed"]), *blank]})
    if "forbidden" in rules:
        yield _members(rules, {"not": {"enum": list(map(_plain, rules["forbidden"]))}})
    for rule, keyword in (("min", "minimum"), ("max", "maximum")):
        if rule in rules:
            yield {keyword: _plain(rules[rule])}
    if "regex" in rules:
        # As Cerberus has it: the end belongs to the last alternative only.
        yield {"pattern": f"^(?:{rules['regex'].removesuffix('$')}$)"}
    if isinstance(check := rules.get("check_with"), str) and check in CHECKS:
        yield CHECKS[check]
    yield from _lengths(rules)


def _members(rules: Rules, part: Json) -> Json:
    """Ask of each item what is asked of a value, where the value is a list."""
    return {"items": part} if _types(rules) == ["list"] else part


def _lengths(rules: Rules) -> Iterator[Json]:
    least = rules.get("minlength", 1 if "empty" in rules and not is_true(rules["empty"]) else None)
    for kind, (shortest, longest) in LONGER.items():
        if not _types(rules) or kind in _types(rules):
            if least is not None:
                yield {shortest: least}
            if "maxlength" in rules:
                yield {longest: rules["maxlength"]}


def _plain(value: Any) -> Any:
    """Return a number as JSON can write it."""
    return float(value) if isinstance(value, Decimal) else value


def _merged(schema: Json, parts: list[Json]) -> Json:
    """Join parts into one schema; those that use the same keyword stand beside each other under `allOf`."""
    merged, beside = dict(schema), list[Json]()
    for part in parts:
        if merged.keys() & part.keys():
            beside.append(part)
        else:
            merged |= part
    if not beside:
        return merged
    return {**merged, "allOf": [*merged.get("allOf", []), *beside]}


def _rows_schema(table: TableSpec) -> Json:
    """Return the schema of fixed rows; a row need not be written where nothing in it must be filled in."""
    above = {leaf.id: labels for band in table.bands for node in band.rows for leaf, labels in _chains(node, ())}
    rows: dict[str, list[CellSpec]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row.id, []).append(cell)
    properties = {
        name: _row(cells, {"title": cells[0].row.label, "description": above[name]}) for name, cells in rows.items()
    }
    return _mapping(properties)


def _chains(node: Node, above: tuple[str, ...]) -> Iterator[tuple[Node, str]]:
    """Yield each leaf with its label and those above it."""
    labels = (*above, node.label)
    if not node.children:
        yield node, " › ".join(labels)
    for child in node.children:
        yield from _chains(child, labels)


def _row(cells: list[CellSpec], described: Json) -> Json:
    """Return the schema of a row; one with a single column may be just its answer."""
    row = _mapping({cell.column.id: _cell(cell) for cell in cells})
    if len(cells) > 1 or not cells[0].row.id:
        return {**described, **row}
    answer = _cell(cells[0])
    notes = "；".join(filter(None, (described["description"], answer["description"])))
    return {**described, "description": notes, "anyOf": [answer, row]}


def _mapping(properties: Mapping[str, Json]) -> Json:
    """Return the schema of names and values; what may be blank may be left out."""
    required = [name for name, schema in properties.items() if not _may_be_blank(schema)]
    return {
        "type": "object" if required else ["object", "null"],
        "properties": dict(properties),
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _may_be_blank(schema: Json) -> bool:
    return any("null" in _listed(part["type"]) for part in schema.get("anyOf", [schema]))


def _cell(cell: CellSpec) -> Json:
    computed = bool(cell.row.computed or cell.column.computed)
    schema = rules_schema({**cell.type.rules, "nullable": cell.type.optional or computed})
    row = f"{cell.row.label}｜" if cell.row.label else ""
    said = (f"{row}{cell.column.label}".strip("｜"), _kind(cell.type), "可以不写，由系统计算" if computed else "")
    notes = (*said, schema.get("description", ""))
    return {**schema, "title": cell.column.label or cell.row.label, "description": "；".join(filter(None, notes))}


def _kind(kind: CellType) -> str:
    return f"{kind.label}（{kind.unit}）" if kind.unit else kind.label


def _list_schema(table: TableSpec, band: Band) -> Json:
    """Return the schema of a list of rows, each named by its key column."""
    cells = [table.cell_spec("", Node("", ""), leaf) for leaf in band.column_leaves]
    row = _row(cells, {})
    for cell in (cell for cell in cells if cell.column.key):
        row["properties"][cell.column.id] = _key(row["properties"][cell.column.id], band.levels.total)
    if band.levels.prefix or band.levels.total:  # a sum may be left out, and the total has no words
        row["required"] = [band.key]
        for name in row["properties"].keys() - {band.key}:
            row["properties"][name] = {"anyOf": [row["properties"][name], {"type": "null"}]}
    return {"type": "array", "items": row}


def _key(schema: Json, total: str) -> Json:
    """Return the schema of a key: a name, for which digits need no quotes; that of the total, too."""
    named = _merged(schema, [{"not": {"type": "null"}, "pattern": r"^[^.\s]{1,40}$"}])
    choices = [named, *([{"type": "integer"}] if schema.get("type") == "string" else [])]
    choices += [{"const": total}] if total else []
    return {"anyOf": choices} if len(choices) > 1 else named
