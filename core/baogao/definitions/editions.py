"""Editions of forms: find them along the search path, read form.yaml, pick the one for a report year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from baogao.definitions.checking import Shape, findings, rule_faults
from baogao.definitions.schemas import cell_types, is_true
from baogao.errors import InputError
from baogao.files.resources import SearchPath
from baogao.files.yaml import Document, read_yaml
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Location
from baogao.model.forms import Chapter, Edition
from baogao.templating import faults

__all__ = ["Editions", "choose_edition", "not_comparable", "read_editions"]

LAST_YEAR = 9999
HEAD_NAMES: Mapping[str, str] = dict.fromkeys(("form", "edition", "year", "title", "date", "basis", "unit"), "")
"""What a heading may name; what `unit` holds is the user's."""


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a form, the earliest first, and what is wrong with those that cannot be read."""

    good: tuple[Edition, ...]
    broken: tuple[Finding, ...] = ()


def read_editions(form: str, search: SearchPath, shape: Shape) -> Editions:
    """Return the editions of a form; one that cannot be read harms no other."""
    good: list[Edition] = []
    broken: list[Finding] = []
    for name, path in search.editions(form).items():
        try:
            good.append(_read(path, name, form, shape))
        except InputError as error:
            broken.extend(error.findings)
    return Editions(tuple(sorted(good, key=lambda edition: edition.years)), tuple(broken))


def _read(path: Path, name: str, form: str, shape: Shape) -> Edition:
    document = read_yaml(path, f"schemas/{form}/{name}/form.yaml")
    if document.broken:
        raise InputError(document.problems)
    if not isinstance(document.data, Mapping):
        raise InputError([Finding(say("form.yaml 应是一组“名称: 值”"), rule="SRC-010", location=document.locate())])
    wrong = findings(shape.faults(document.data), document, "SRC-010")
    if problems := wrong or tuple(_problems(document, name, form)):
        raise InputError(problems)
    return _edition(document.data)


def _problems(document: Document, name: str, form: str) -> Iterator[Finding]:
    """Yield what is wrong beyond the shape: the folder's names, the cells' Cerberus rules, the heading."""
    data: Mapping[str, Any] = document.data
    for key, wanted in (("form", form), ("edition", name)):
        if data[key] != wanted:
            message = say("“{key}”应与文件夹名“{wanted}”相同，写的是“{value}”", key=key, wanted=wanted, value=data[key])
            yield Finding(message, rule="SRC-010", location=document.locate(key))
    for cell, rules in data.get("cells", {}).items():
        plain = {key: value for key, value in rules.items() if key != "optional"}
        for keys, message in rule_faults(plain):
            yield Finding(message, rule="SRC-010", location=document.locate("cells", cell, *keys))
        if is_true(rules.get("meta", {}).get("boxes", "")) and "allowed" not in rules:
            message = say("写了 boxes 的类型要用 allowed 列出可选的各项")
            yield Finding(message, rule="SRC-010", location=document.locate("cells", cell, "meta"))
    for kind, day in data.get("due", {}).items():
        if not _is_day(day):
            message = say("“{day}”不是日子，应写成 01-31 这样的月-日", day=day)
            yield Finding(message, rule="SRC-010", location=document.locate("due", kind))
    column: Mapping[str, str] = data.get("column", {})
    filled = {("heading",): data["heading"], **{("column", key): text for key, text in column.items()}}
    for keys, text in filled.items():
        for fault in faults(text, HEAD_NAMES):
            message = say("{key} 有误：{message}", key=".".join(keys), message=fault.message)
            yield Finding(message, rule="SRC-010", location=document.locate(*keys))


def _is_day(day: str) -> bool:
    """Tell whether there is such a day in every year."""
    try:
        date.fromisoformat(f"2001-{day}")
    except ValueError:
        return False
    return True


def _edition(data: Mapping[str, Any]) -> Edition:
    return Edition(
        form=data["form"],
        id=data["edition"],
        years=(data["years"]["from"], data["years"].get("to") or LAST_YEAR),
        title=data["title"],
        heading=data["heading"],
        chapters=tuple(_chapter(item) for item in data["chapters"]),
        basis=data.get("basis", ""),
        due=dict(data.get("due", {})),
        column=dict(data.get("column", {})),
        cell_types=cell_types(data.get("cells", {})),
    )


def _chapter(data: Mapping[str, Any]) -> Chapter:
    return Chapter(
        section=data["section"],
        title=data.get("title", ""),
        numbered=data.get("number") != "none",
        optional=is_true(data.get("optional", "")),
        aliases=tuple(data.get("aliases", ())),
    )


def not_comparable(search: SearchPath) -> tuple[str, ...]:
    """Return the paths that mean something else in another edition, from `compare.yaml` beside the editions."""
    path = search.find("schemas", "compare.yaml")
    data = read_yaml(path, path.name).data if path else None
    entries = data.get("not_comparable", []) if isinstance(data, Mapping) else []
    return tuple(str(entry["path"]) for entry in entries if isinstance(entry, Mapping) and "path" in entry)


def choose_edition(
    editions: Editions, form: str, *, named: str, year: int, known: tuple[str, ...], place: Document
) -> Edition:
    """Return the edition that is named, or the one for the year; raise InputError where there is none."""
    found = editions.good
    if not found and not editions.broken:
        forms = listed(known)
        message = say("没有名为“{form}”的报告种类{near}；现有：{forms}", form=form, near=near(form, known), forms=forms)
        raise _unknown(message, place.locate("form"))
    if named:
        chosen = next((edition for edition in found if edition.id == named), None)
        ids = listed(edition.id for edition in found)
        message = say("报告“{form}”没有“{edition}”版；现有：{ids}", form=form, edition=named, ids=ids)
        return _or_raise(chosen, message, place.locate("edition"), editions.broken)
    chosen = next((edition for edition in found if edition.years[0] <= year <= edition.years[1]), None)
    message = say("{year} 年度没有可用的格式；现有：{spans}", year=year, spans=_spans(found))
    return _or_raise(chosen, message, place.locate("year"), editions.broken)


def _spans(editions: tuple[Edition, ...]) -> Message:
    """Name the editions with their years, one message inside the other."""
    if not editions:
        return say("")
    span = _span(editions[0])
    return say("{span}、{rest}", span=span, rest=_spans(editions[1:])) if editions[1:] else span


def _span(edition: Edition) -> Message:
    first, last = edition.years
    if last == LAST_YEAR:
        return say("{edition} 版（{first}起）", edition=edition.id, first=first)
    return say("{edition} 版（{first}–{last}）", edition=edition.id, first=first, last=last)


def _or_raise(chosen: Edition | None, message: str, place: Location, broken: tuple[Finding, ...]) -> Edition:
    """Return the edition; where there is none, a broken one may be why."""
    if chosen is None and broken:
        raise InputError(broken)
    if chosen is None:
        raise _unknown(message, place)
    return chosen


def _unknown(message: str, place: Location) -> InputError:
    return InputError([Finding(message, rule="SRC-008", location=place)])
