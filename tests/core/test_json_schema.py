"""JSON Schemas for editors: equal to Cerberus on random documents, and with the labels people know."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.definitions.checking import load_shape, shape_of
from baogao.definitions.json_schema import INEXPRESSIBLE, SHAPES, rules_schema, shape_schema, table_schema
from baogao.definitions.schemas import SectionSchema, cell_types, read_schema
from baogao.files.yaml import Document, parse_yaml, read_yaml
from baogao.model.cells import CellType
from baogao.model.tables import TableSpec
from baogao.stages.shape import shape_table
from reports import EXAMPLE, Run, tree

ROOT = Path(__file__).parents[2]
EDITIONS = {year: ROOT / "schemas" / "disclosure" / year for year in ("2019", "2021")}
TABLES = [(year, section) for year in EDITIONS for section in ("proactive", "requests", "disputes")]


def section_schema(year: str, section: str) -> SectionSchema:
    form = read_yaml(EDITIONS[year] / "form.yaml", "form.yaml").data
    path = EDITIONS[year] / f"{section}.yaml"
    return read_schema(read_yaml(path, path.name), cell_types(form["cells"]), load_shape("section"))


def table(year: str, section: str) -> TableSpec:
    found = section_schema(year, section).table
    assert found is not None
    return found


def sample_data(year: str, section: str) -> Any:
    return read_yaml(EDITIONS[year] / "sample.yaml", "sample.yaml").data["sections"][section]["data"]


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Tell whether a value fits, as an editor finds that has read the schema from its file."""
    return jsonschema.Draft202012Validator(json.loads(json.dumps(schema))).is_valid(value)


def judge(schema: Mapping[str, Any]) -> Callable[[Any], bool]:
    return jsonschema.Draft202012Validator(json.loads(json.dumps(schema))).is_valid


# Random documents near a valid one. Python's `$` also matches before a last line end and JavaScript's does not, so
# no text here ends in one; the days are real ones, amounts have no more decimals than their cells take, and no
# decimal is integral: 3.0 is an integer for JSON Schema only.

WORDS = st.sampled_from(
    ["", "2", "无", "true", "false", "list", "docx", "a_b", "Ab", "class", "items", "previous", "x" * 51, "../a", "/a",
     "a/../b", "a..b", "C:a", "a\\b", "局?", " 局", "局.", "2021-02-28", "2021-13-01", "20210228", "2021-0228",
     "2021年", "department", "471000"]
)  # fmt: skip
NUMBERS = st.sampled_from([-1, 0, 1, 7, 1948, 1949, 2999, 3000, 20210228, 999_999_999, 10**9, 10**17])
DECIMALS = st.sampled_from([Decimal("0.5"), Decimal("-0.25"), Decimal("12.34"), Decimal("999999999.5")])
SCALARS = st.one_of(
    st.none(), NUMBERS, DECIMALS, WORDS, st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=4)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2), max_leaves=3
)


def places(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the keys to every value of a document."""
    yield keys
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*keys, key))


@st.composite
def documents(draw: st.DrawFn, valid: Any, usual: st.SearchStrategy[Any] = WORDS) -> Any:
    """Return the valid document with up to three changes: a value put, taken away, or added under a new name."""
    values = st.one_of(usual, usual, VALUES)
    data = copy.deepcopy(valid)
    for _ in range(draw(st.integers(0, 3))):
        keys = draw(st.sampled_from([keys for keys in places(data) if keys] or [()]))
        if not keys:
            continue
        inside = data
        for key in keys[:-1]:
            inside = inside[key]
        change = draw(st.sampled_from(["put", "put", "put", "put", "remove", "add"]))
        if change == "remove" and isinstance(inside, dict):
            del inside[keys[-1]]
        elif change == "add" and isinstance(inside, dict):
            inside[draw(WORDS)] = draw(values)
        else:
            inside[keys[-1]] = draw(values)
    return data


@st.composite
def other_figures(draw: st.DrawFn, valid: dict[str, dict[str, Any]]) -> Any:
    """Return the valid table with other figures in a few cells: most of these tables are valid, too."""
    data = copy.deepcopy(valid)
    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.sampled_from(sorted(data)))
        data[row][draw(st.sampled_from(sorted(data[row])))] = draw(st.integers(0, 10**6))
    return data


# Data files


@pytest.mark.parametrize(("year", "section"), TABLES)
def test_a_table_fits_its_json_schema_just_when_cerberus_finds_nothing(year: str, section: str):
    spec = table(year, section)
    allows = judge(table_schema(spec, ""))
    outcomes = {True: 0, False: 0}

    valid = sample_data(year, section)

    @settings(max_examples=250)
    @given(st.one_of(documents(valid, st.integers(-1, 10**9)), other_figures(valid)))
    def compare(data: Any):
        found = shape_table(spec, data, Document(f"{section}.yaml", data)).findings
        outcomes[not found] += 1
        assert allows(data) == (not found), found

    compare()
    assert min(outcomes.values()) > 20


FIGURES = st.sampled_from(
    [0, 0, 7, -1, 10**9, 10**18, Decimal("0.00"), Decimal("1.50"), Decimal("1.005"), "0", True, None]
)


@pytest.mark.parametrize(("year", "section"), TABLES)
def test_a_table_looked_at_closely_has_the_same_cells_and_findings(year: str, section: str):
    spec, valid = table(year, section), sample_data(year, section)

    @settings(max_examples=150)
    @given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), FIGURES | st.just("left out")), max_size=3))
    def compare(edits: list[tuple[int, int, Any]]):
        data = copy.deepcopy(valid)
        for row, column, value in edits:
            inside = data[sorted(data)[row % len(data)]]
            inside[sorted(inside)[column % len(inside)]] = value
        data = {row: {name: v for name, v in columns.items() if v != "left out"} for row, columns in data.items()}
        one, other = (
            # Of a mapping that is no dict, nothing is plain.
            shape_table(spec, given, Document("x.yaml", data))
            for given in (data, MappingProxyType(data))
        )
        assert list(one.table.cells.items()) == list(other.table.cells.items())
        assert one.findings == other.findings

    compare()


def test_a_blank_that_a_check_of_a_plugin_refuses_is_no_plain_one():
    def filled(field: str, value: object, error: Callable[[str, str], None]) -> None:
        if value is None:
            error(field, "要写上")

    note = CellType("note", {"type": "integer", "check_with": filled})
    count = CellType("count", {"type": "integer"})
    columns = "columns:\n- {id: count, label: 件数}\n- {id: note, label: 备注, cell: note, optional: true}\n"
    schema = parse_yaml(f"section: fees\ncell: count\n{columns}rows:\n- {{id: one, label: 一}}\n", "fees.yaml")
    spec = read_schema(schema, {"count": count, "note": note}, load_shape("section")).table
    assert spec is not None
    data = {"one": {"count": 1}}

    one, other = (shape_table(spec, given, Document("fees.yaml", data)) for given in (data, MappingProxyType(data)))
    assert [finding.path for finding in other.findings] == ["fees.one.note"]
    assert one.findings == other.findings


LIST = """
section: fees
cell: count
columns:
- {id: name, label: 单位, cell: words, key: true}
- {id: notices, label: 件数}
- {id: note, label: 备注, cell: words, optional: true}
rows: list
"""


def test_a_table_of_any_length_fits_just_when_cerberus_finds_nothing():
    types = cell_types({"count": {"type": "integer", "min": 0}, "words": {"type": "string", "empty": "false"}})
    spec = read_schema(parse_yaml(LIST, "fees.yaml"), types, load_shape("section")).table
    assert spec is not None
    allows = judge(table_schema(spec, ""))
    valid = [{"name": "甲", "notices": 1, "note": "无"}, {"name": "乙", "notices": 2}, {"name": "丙", "notices": 0}]

    @settings(max_examples=300)
    @given(documents(valid))
    def compare(data: Any):
        found = shape_table(spec, data, Document("fees.yaml", data)).findings
        # That no name is repeated is beyond JSON Schema; control characters are no matter of shape.
        found = [one for one in found if "重复" not in one.message and one.rule != "TXT-001"]
        assert allows(data) == (not found), found

    compare()


def test_what_is_computed_or_optional_may_be_left_out_and_nothing_else():
    requests = table_schema(table("2021", "requests"), "")
    new = requests["properties"]["new_received"]

    assert "total_handled" not in requests["required"]
    assert "total" not in new["required"]
    assert len(requests["required"]) == len(requests["properties"]) - 1
    assert len(new["required"]) == len(new["properties"]) - 1
    assert new["properties"]["total"]["type"] == ["integer", "null"]
    assert new["properties"]["natural_person"]["type"] == "integer"
    assert requests["properties"]["total_handled"]["type"] == ["object", "null"]


def columns(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the columns of a row; one with a single column may also be just its answer."""
    return (row["anyOf"][1] if "anyOf" in row else row)["properties"]


@pytest.mark.parametrize(("year", "section"), TABLES)
def test_every_row_and_column_carries_its_printed_label(year: str, section: str):
    spec = table(year, section)
    schema = table_schema(spec, "")

    for cell in spec.cells:
        row = schema["properties"][cell.row.id]
        assert row["title"] == cell.row.label
        assert columns(row)[cell.column.id]["title"] == cell.column.label
    assert sum(len(columns(row)) for row in schema["properties"].values()) == len(spec.cells)


def test_a_description_says_where_a_row_stands_and_what_a_cell_takes():
    schema = table_schema(table("2021", "requests"), "")
    row = schema["properties"]["refused_state_secret"]

    assert row["description"] == "三、本年度办理结果 › （三）不予公开 › 1.属于国家秘密"
    assert row["properties"]["business"]["description"] == "1.属于国家秘密｜商业企业；非负整数"
    assert row["properties"]["total"]["description"].endswith("可以不写，由系统计算")
    fees = table_schema(table("2021", "proactive"), "")["properties"]["fees"]
    assert "金额（万元）；最多 6 位小数" in fees["description"]
    assert fees["anyOf"][0] == columns(fees)["amount"]


# report.yaml and the other files


REPORT = {
    "form": "disclosure", "edition": "2019", "year": 2020, "title": "某某报告", "date": "2021-01-20",
    "unit": {
        "name": "某某局", "kind": "department", "short_names": ["我局"], "address": "某路", "postcode": "471000",
        "phone": 12345, "website": {"name": "网", "domain": "gov.cn", "id": 1}, "powers": {"fees": "true"},
        "extra": {"fax": 1},
    },
    "outputs": ["docx", {"renderer": "html", "profile": "public", "number": 3}],
    "sections": {"fees": {"after": "others", "data": {"a": 1}}, "overview": {"file": "a.md", "text": "x"}},
    "plugins": {"load": ["plugins/a.py"], "block": ["x"], "allow": []},
    "rules": {"STR-008": {"limit": 1500}},
    "lexicons": ["词表.yaml"],
}  # fmt: skip


def as_edited(value: Any) -> Any:
    """Return what an editor reads where our reader keeps the words true and false."""
    if isinstance(value, dict):
        return {key: as_edited(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_edited(item) for item in value]
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("report", REPORT),
        (
            "waivers",
            {
                "rule": "XY-001", "path": "a.b.c", "quote": "原话", "values": {"a.b.c": "1", "previous.a.b.c": 2},
                "reason": "改革", "author": "张三", "approver": "李四", "date": "2021-01-01", "until": "2021-12-31",
            },
        ),
        (
            "rules",
            {
                "id": "DEP-001", "title": "名", "each": "column", "at": "total", "assert": "a == b", "tolerance": 1,
                "severity": "error", "gate": "数据关", "waivable": "true", "forms": ["disclosure"],
                "years": {"from": 2020, "to": 2022}, "needs": ["previous"], "examples": [{"a": 1}],
            },
        ),
    ],
)  # fmt: skip
def test_a_file_fits_its_json_schema_just_when_cerberus_finds_nothing(name: str, valid: Any):
    shape = load_shape(name)
    whole = shape_schema(name)
    inside = whole["properties"]["rules"] if name == "rules" else whole
    allows = judge({**inside["items"], "$defs": whole.get("$defs", {})} if name != "report" else whole)
    outcomes = {True: 0, False: 0}

    @settings(max_examples=600)
    @given(documents(valid))
    def compare(data: Any):
        faults = shape.faults(data)
        outcomes[not faults] += 1
        assert allows(data) == (not faults), faults

    compare()
    assert min(outcomes.values()) > 40
    assert allows(valid)


def test_the_words_true_and_false_may_be_read_as_truth_values():
    allows = judge(shape_schema("report"))

    assert allows(as_edited(REPORT))
    assert as_edited(REPORT) != REPORT


def shipped(pattern: str) -> list[Path]:
    return sorted((ROOT / "schemas").glob(pattern))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("form", path) for path in shipped("*/*/form.yaml")),
        *(("section", path) for path in shipped("*/*/*.yaml") if path.stem not in ("form", "sample")),
        *(("rules", path) for path in shipped("**/*.rules.yaml")),
        ("report", EXAMPLE / "report.yaml"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.parent.name}/{value.name}",
)
def test_the_files_we_ship_fit(name: str, path: Path):
    data = read_yaml(path, path.name).data

    assert [error.message for error in jsonschema.Draft202012Validator(shape_schema(name)).iter_errors(data)] == []
    assert fits(shape_schema(name), as_edited(data))


@pytest.mark.parametrize("name", list(SHAPES))
def test_every_schema_is_a_valid_json_schema_with_chinese_labels(name: str):
    schema = shape_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    entry = schema.get("items", schema)
    fields = entry["properties"]["rules"]["items"]["properties"] if name == "rules" else entry["properties"]
    assert [key for key, field in fields.items() if not field.get("title")] == []


def test_a_rule_in_a_section_is_completed_as_in_a_rule_file():
    data = read_yaml(EDITIONS["2021"] / "requests.yaml", "requests.yaml").data
    data["rules"][0]["severty"] = "error"

    assert not fits(shape_schema("section"), data)


# Rules of Cerberus one by one


SINGLE: list[tuple[dict[str, Any], list[Any]]] = [
    ({"type": "string"}, ["", "a", 1, None, [], {}]),
    ({"type": "string", "nullable": "true"}, ["a", None, 1]),
    ({"nullable": "true"}, [None, 1, "a", []]),
    ({}, [None, 1, "a", [], {}]),
    ({"type": ["integer", "string"], "min": 3, "max": 5}, [2, 3, 5, 6, "a", Decimal(4)]),
    ({"type": "decimal", "min": Decimal("0.5")}, [Decimal("0.5"), Decimal("0.4"), 1, 0, "1"]),
    ({"type": "string", "allowed": ["a", "b"]}, ["a", "c", ""]),
    ({"type": "string", "allowed": ["a"], "nullable": "true"}, ["a", "c", None]),
    ({"type": "list", "allowed": ["a", "b"]}, [["a"], ["a", "c"], []]),
    ({"type": "string", "forbidden": ["无"]}, ["无", "有"]),
    ({"type": "string", "regex": "[0-9]{4}|x"}, ["2020", "20201", "x", "ax", "xa"]),
    ({"type": "string", "minlength": 2, "maxlength": 3}, ["a", "ab", "abcd"]),
    ({"type": "list", "minlength": 1, "maxlength": 2, "schema": {"type": "integer"}}, [[], [1], [1, 2, 3], ["a"]]),
    ({"type": ["list", "string", "dict"], "empty": "false"}, [[], "", {}, [1], "a", {"a": 1}]),
    ({"type": "dict", "schema": {"a": {"type": "integer", "required": "true"}}}, [{}, {"a": 1}, {"a": 1, "b": 2}]),
    ({"type": "dict", "allow_unknown": "true", "schema": {"a": {"type": "integer"}}}, [{"a": "x"}, {"b": 1}]),
    ({"type": "dict", "keysrules": {"type": "string", "regex": "a+"}}, [{"a": 1}, {"b": 1}]),
    ({"type": "dict", "valuesrules": {"type": "integer"}}, [{"a": 1}, {"b": "x"}]),
    ({"type": "dict", "schema": {"a": {"excludes": "b", "nullable": "true"}, "b": {"nullable": "true"}}},
     [{"a": 1}, {"b": 1}, {"a": 1, "b": 1}]),
    ({"type": "integer", "anyof": [{"max": 2}, {"min": 5}]}, [1, 3, 6, "a"]),
    ({"type": "integer", "oneof": [{"max": 5}, {"min": 3}]}, [1, 4, 6]),
    ({"type": "integer", "allof": [{"max": 5}, {"min": 3}]}, [1, 4, 6]),
    ({"type": "integer", "noneof": [{"max": 2}, {"min": 5}]}, [1, 4, 6]),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "values"), SINGLE, ids=lambda value: str(value)[:60])
def test_a_rule_of_cerberus_means_the_same_in_json_schema(rules: dict[str, Any], values: list[Any]):
    shape = shape_of({"schema": {"value": copy.deepcopy(rules)}})
    allows = judge(rules_schema(rules))
    said = [not shape.faults({"value": value}) for value in values]

    assert [allows(value) for value in values] == said
    assert len(set(said)) == 2 or rules == {"nullable": "true"}


LEFT_OUT: dict[str, tuple[dict[str, Any], Any]] = {
    "type: integer": ({"type": "integer", "meta": {"label": "整数"}}, 3.0),
    "places": ({"type": "decimal", "places": 2}, Decimal("1.234")),
    "check_with: iso_date": ({"type": "string", "check_with": "iso_date"}, "2021-02-30"),
    "check_with: pattern": ({"type": "string", "check_with": "pattern"}, "("),
    "contains": ({"type": "list", "contains": ["a"]}, ["b"]),
    "dependencies": ({"type": "integer", "dependencies": ["other"]}, 1),
}


@pytest.mark.parametrize("name", list(INEXPRESSIBLE))
def test_what_json_schema_cannot_say_is_listed_and_told_in_words(name: str):
    rules, value = LEFT_OUT[name]
    schema = rules_schema(rules)

    assert shape_of({"schema": {"value": dict(rules)}}).faults({"value": value})
    assert fits(schema, value)
    assert schema["description"]


def used(rules: Any) -> Iterator[str]:
    """Yield every rule and check that our shapes and forms use."""
    if isinstance(rules, Mapping):
        for key, value in rules.items():
            if key == "check_with":
                yield f"check_with: {value}"
            yield from used(value)
    elif isinstance(rules, list):
        for item in rules:
            yield from used(item)


def test_every_check_of_our_shapes_is_expressed_or_listed():
    from baogao.definitions.json_schema import CHECKS

    checks = {check for name in SHAPES for check in used(load_shape(name).schema)}
    checks |= {check for name in SHAPES for check in used(load_shape(name).definitions)}

    assert checks
    assert checks <= {f"check_with: {name}" for name in CHECKS} | set(INEXPRESSIBLE)


# baogao schema export


def test_export_writes_every_schema_and_says_how_to_use_them(tmp_path: Path, run: Run):
    ran = run("schema", "export", "-o", tmp_path / "编辑器")
    files = tree(tmp_path / "编辑器")
    tables = {f"disclosure/{year}/{section}.json" for year, section in TABLES}

    assert ran.code == 0
    assert {f"{name}.json" for name in SHAPES} | tables <= set(files)
    assert json.loads(files["disclosure/2021/requests.json"])["properties"]["disclosed"]["title"] == "（一）予以公开"
    assert (
        ran.json["yaml.schemas"][(tmp_path / "编辑器" / "disclosure/2021/requests.json").as_posix()] == "requests.yaml"
    )
    assert "# yaml-language-server: $schema=" in ran.err
    for text in files.values():
        jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_export_goes_to_a_folder_of_the_current_one(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    ran = run("schema", "export")

    assert set(ran.json["yaml.schemas"]) <= {path.as_posix() for path in Path("json-schema").rglob("*.json")}
    assert ran.json["yaml.schemas"]["json-schema/report.json"] == "report.yaml"


def test_exported_schemas_hold_for_the_example(tmp_path: Path, run: Run):
    run("schema", "export", "-o", tmp_path)

    for section in ("proactive", "requests", "disputes"):
        schema = json.loads((tmp_path / "disclosure" / "2019" / f"{section}.json").read_text("utf-8"))
        data = read_yaml(EXAMPLE / f"{section}.yaml", "").data
        assert fits(schema, data)
        data[next(iter(data))]["x"] = 1
        assert not fits(schema, data)


def test_a_second_export_gives_the_same_bytes(tmp_path: Path, run: Run):
    run("schema", "export", "-o", tmp_path / "a")
    run("schema", "export", "-o", tmp_path / "b")

    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path, run: Run):
    (tmp_path / "file").write_text("x")
    ran = run("schema", "export", "-o", tmp_path / "file")

    assert ran.code == 3
    assert "OUT-003" in ran.err
