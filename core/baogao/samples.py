"""Samples: the form's clean report, and the changes that a rule's examples make to it.

An example says what to change and what must come of it:

    {set: {requests.new_received.natural_person: 1}, paths: [requests.total_handled.natural_person]}
    {text: {problems: 无}, previous: {text: {problems: 无}}, passes: true}

A rule on an artifact changes what was made instead, or the entry of `outputs:` it is made by:

    {artifact: {'w:top="2097"': 'w:top="1000"'}, paths: [""]}
    {output: {profile: filing}, passes: true}
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from baogao.definitions.checking import Shape, load_shape
from baogao.definitions.schemas import SectionSchema
from baogao.files.resources import SearchPath
from baogao.files.yaml import Document, parse_yaml, quoted, read_yaml
from baogao.language import Message, near, say
from baogao.model.tables import TableSpec

__all__ = [
    "EXAMPLE_KEYS",
    "SAMPLE_FILE",
    "changed",
    "changed_sections",
    "faults_of",
    "flow",
    "names_amiss",
    "plain",
    "read_sample",
    "sample_document",
    "with_section",
]

SAMPLE_FILE = "sample.yaml"
CHANGES = frozenset(
    {"set", "data", "text", "title", "unit", "year", "date", "report", "previous", "options", "output", "artifact"}
)
VERDICTS = frozenset({"passes", "paths"})
EXAMPLE_KEYS = CHANGES | VERDICTS

PLAIN = re.compile(r"(?!null$)[A-Za-z\u4e00-\u9fff][\w.-]*")

Data = dict[str, Any]


def read_sample(search: SearchPath) -> Data | None:
    """Return the clean sample of an edition: a report.yaml with every section inline; None where there is none.

    That of the form it extends will do.
    """
    path = search.find("schemas", SAMPLE_FILE)
    data = read_yaml(path, path.name).data if path else None
    return {**data, "form": search.form, "edition": search.edition} if isinstance(data, Mapping) else None


def with_section(sample: Data, schema: SectionSchema | None) -> Data:
    """Return the sample with a section, all zeros and without words, where it does not have it."""
    if schema is None or schema.section in sample["sections"]:
        return sample
    data = {"data": _zeros(schema.table)} if schema.table else {}
    text = {"text": ""} if schema.text else {}
    return {**sample, "sections": {**sample["sections"], schema.section: {**data, **text}}}


def _zeros(table: TableSpec) -> Data | list[Any]:
    """Return 0 for each number that is to be filled in; a list has no rows yet."""
    if any(band.is_list for band in table.bands):
        return []
    data: Data = {}
    for cell in table.cells:
        if not cell.computed and cell.type.is_number:
            data.setdefault(cell.row.id, {})[cell.column.id] = 0
    return data


def faults_of(example: Any) -> tuple[Message, ...]:
    """Return what is wrong with the shape of an example."""
    if not isinstance(example, Mapping):
        return (say("例子应是一组“名称: 值”"),)
    given: Data = _plain(example)
    faults = [fault.message for fault in _shape().faults(given)]
    if ("passes" in given) == ("paths" in given) or given.get("passes", True) not in (True, "true"):
        faults.append(say("例子要写 passes: true 或 paths: […]，只写一个"))
    return tuple(faults)


def _plain(value: Any) -> Any:
    """Return an example as Cerberus can copy it, whatever mappings a plugin wrote it in."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(map(_plain, value)) if isinstance(value, list | tuple) else value


@lru_cache(maxsize=1)
def _shape() -> Shape:
    return load_shape("example")


def names_amiss(example: Mapping[str, Any], tables: Mapping[str, TableSpec | None]) -> Iterator[Message]:
    """Yield the cells and sections an example changes that there are not; `tables` are those of all sections."""
    cells = [cell.path for table in tables.values() if table is not None for cell in table.cells]
    for path in (path for path in example.get("set") or {} if path not in cells):
        yield say("例子里没有“{path}”这一格{near}", path=path, near=near(path, cells))
    for name in (*(example.get("data") or {}), *(example.get("text") or {}), *filter(None, example.get("title") or {})):
        if name not in tables:
            yield say("例子里没有“{name}”这一章{near}", name=name, near=near(name, tables))
    if isinstance(example.get("previous"), Mapping):
        yield from names_amiss(example["previous"], tables)


def changed_sections(example: Any) -> frozenset[str]:
    """Return the sections an example changes or judges, whether or not there are such; none for what is no example."""
    if not isinstance(example, Mapping):
        return frozenset()
    named = [example.get(key) or () for key in ("set", "data", "text", "title", "paths")]
    return frozenset(str(path).partition(".")[0] for part in named for path in part if path)


def changed(sample: Data, example: Mapping[str, Any]) -> Data:
    """Return the sample with the example's changes."""
    data = copy.deepcopy(sample)
    sections: Data = data.setdefault("sections", {})
    for name, table in (example.get("data") or {}).items():
        sections.setdefault(name, {})["data"] = copy.deepcopy(table)
    for path, value in (example.get("set") or {}).items():
        _set_cell(sections, path, value)
    for name, text in (example.get("text") or {}).items():
        section = sections.setdefault(name, {})
        section["text"] = str(text if text is not None else "").replace("{year}", str(data["year"]))
    for name, title in (example.get("title") or {}).items():
        (sections.setdefault(name, {}) if name else data)["title"] = title
    for key in ("year", "date"):
        if key in example:
            data[key] = example[key]
    data["unit"] = {**data["unit"], **(example.get("unit") or {})}
    return {**data, **(example.get("report") or {})}


def _set_cell(sections: Data, path: str, value: Any) -> None:
    section, *keys = path.split(".")
    place: Any = sections.setdefault(section, {}).setdefault("data", {})
    for key in keys[:-1]:
        if not isinstance(place.get(key), Mapping):  # not there yet, or the answer of a row with a single column
            place[key] = {}
        place = place[key]
    place[keys[-1]] = value


def sample_document(data: Data, file: str = "report.yaml") -> Document:
    """Return the data as if it had been written to report.yaml, so that everything in it has a place."""
    return parse_yaml(flow(data), file)


def flow(value: Any) -> str:
    """Write a value as YAML in one line that reads as just this value."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return "null" if value is None else quoted(str(value))


def plain(value: Any) -> str:
    """Write a value as YAML in one line, as a person would: in quotes only what would not be read as this text."""
    if isinstance(value, Mapping):
        items: Mapping[str, Any] = value
        return "{" + ", ".join(f"{plain(name)}: {plain(item)}" for name, item in items.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(plain, cast("list[Any]", value))) + "]"
    return value if isinstance(value, str) and PLAIN.fullmatch(value) else quoted(str(value))
