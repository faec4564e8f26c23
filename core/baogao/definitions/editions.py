"""Editions of forms: find them along the search path, read form.yaml, pick the one for a report year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from baogao.definitions.checking import Shape, findings, rule_faults
from baogao.definitions.defaults import read_defaults
from baogao.definitions.schemas import cell_types, is_true
from baogao.errors import InputError
from baogao.files.resources import SearchPath
from baogao.files.yaml import Document, read_yaml
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Location
from baogao.model.forms import Chapter, Edition
from baogao.templating import faults

__all__ = ["Editions", "choose_edition", "not_comparable", "read_editions"]

PathOf = Callable[[str], SearchPath]
LAST_YEAR = 9999
WHOLE = ("years", "title", "heading", "chapters")
"""What a form says that extends no other."""

HEAD_NAMES: Mapping[str, str] = dict.fromkeys(("form", "edition", "year", "title", "date", "basis", "unit"), "")
"""What a heading may name; what `unit` holds is the user's."""


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a form, the earliest first, and what is wrong with those that cannot be read."""

    good: tuple[Edition, ...]
    broken: tuple[Finding, ...] = ()


def read_editions(form: str, path_of: PathOf, shape: Shape) -> Editions:
    """Return the editions of a form; one that cannot be read harms no other.

    `path_of` returns where the editions of a form lie: of this one, and of those it extends; of "" where any form does.
    """
    good: list[Edition] = []
    broken: list[Finding] = []
    for name in path_of(form).editions(form):
        try:
            good.append(_Reader(path_of, shape).read(form, name))
        except InputError as error:
            broken.extend(error.findings)
    return Editions(tuple(sorted(good, key=lambda edition: edition.years)), tuple(broken))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Read an edition, and those it extends; `way` are those that led here."""

    path_of: PathOf
    shape: Shape
    way: tuple[str, ...] = ()

    def read(self, form: str, name: str) -> Edition:
        """Return an edition that is there; raise InputError with everything that is wrong in it."""
        document = read_yaml(self.path_of(form).editions(form)[name], f"schemas/{form}/{name}/form.yaml")
        if document.broken:
            raise InputError(document.problems)
        if not isinstance(document.data, Mapping):
            message = say("form.yaml 应是一组“名称: 值”")
            raise InputError([Finding(message, rule="SRC-010", location=document.locate())])
        wrong = findings(self.shape.faults(document.data), document, "SRC-010")
        if problems := wrong or tuple(_problems(document, name, form)):
            raise InputError(problems)
        base = self.base(document, f"{form}/{name}") if "extends" in document.data else None
        if problems := tuple(_misplaced(document, base)) if base else ():
            raise InputError(problems)
        return _edition(document.data, base)

    def base(self, document: Document, here: str) -> Edition:
        """Return the edition that a form.yaml extends; raise InputError for none, and for one that led here."""
        named = document.data["extends"]
        form, _, edition = named.partition("/")
        way = (*self.way, here)
        known = self.path_of(form).editions(form)
        if named in way:
            message = say("extends 绕了回来：{way}", way=" → ".join((*way[way.index(named) :], named)))
        elif edition not in known:
            versions = [f"{form}/{edition}" for edition in known] or list(self._every())
            words = {"named": named, "near": near(named, versions), "versions": listed(versions)}
            message = say("没有“{named}”可以扩展{near}；现有：{versions}", **words)
        else:
            return replace(self, way=way).read(form, edition)
        raise InputError([Finding(message, rule="SRC-010", location=document.locate("extends"))])

    def _every(self) -> Iterator[str]:
        """Yield every edition of every form there is, as `form/edition`."""
        for form in self.path_of("").forms():
            yield from (f"{form}/{edition}" for edition in self.path_of(form).editions(form))


def _misplaced(document: Document, base: Edition) -> Iterator[Finding]:
    """Yield what an extending form may not do: drop or repeat a chapter, stand nowhere, change a type of cell."""
    data: Mapping[str, Any] = document.data
    known = [*(chapter.section for chapter in base.chapters), *base.added]
    for number, entry in enumerate(data.get("add", ())):
        anchor = entry.get("after") or entry.get("before") or ""
        if entry["section"] in known:
            message = say("“{name}”已经有了，不能再加", name=entry["section"])
            yield Finding(message, rule="SRC-010", location=document.locate("add", number, "section"))
        elif not anchor:
            message = say("“{name}”要写 after 或 before，放在已有的一章旁边", name=entry["section"])
            yield Finding(message, rule="SRC-010", location=document.locate("add", number))
        elif anchor not in known:
            words = {"name": entry["section"], "anchor": anchor, "near": near(anchor, known)}
            message = say("“{name}”要放在“{anchor}”旁边，但没有这一章{near}", **words)
            yield Finding(message, rule="SRC-010", location=document.locate("add", number))
        known.append(entry["section"])
    for cell in data.get("cells", {}).keys() & base.cell_types.keys():
        message = say("单元格类型“{name}”是规定的，不能改；换一个名称", name=cell)
        yield Finding(message, rule="SRC-010", location=document.locate("cells", cell))


def _problems(document: Document, name: str, form: str) -> Iterator[Finding]:
    """Yield what is wrong beyond the shape: the folder's names, the cells' Cerberus rules, the heading."""
    data: Mapping[str, Any] = document.data
    yield from _of_its_kind(document)
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
    filled = {("heading",): data.get("heading", ""), **{("column", key): text for key, text in column.items()}}
    for keys, text in filled.items():
        for fault in faults(text, HEAD_NAMES):
            message = say("{key} 有误：{message}", key=".".join(keys), message=fault.message)
            yield Finding(message, rule="SRC-010", location=document.locate(*keys))


def _of_its_kind(document: Document) -> Iterator[Finding]:
    """Yield what is missing in a whole form, and what a form that extends another may not write."""
    data: Mapping[str, Any] = document.data
    if "extends" not in data:
        for key in (key for key in WHOLE if key not in data):
            yield Finding(say("缺少“{name}”", name=key), rule="SRC-010", location=document.locate())
        if "add" in data:
            message = say("add 要和 extends 写在一起；自己的报告，各章写在 chapters 里")
            yield Finding(message, rule="SRC-010", location=document.locate("add"))
    elif "chapters" in data:
        message = say("有 extends 时不写 chapters：规定的章不能去掉，也不能改次序；要加的章写在 add 里")
        yield Finding(message, rule="SRC-010", location=document.locate("chapters"))


def _is_day(day: str) -> bool:
    """Tell whether there is such a day in every year."""
    try:
        date.fromisoformat(f"2001-{day}")
    except ValueError:
        return False
    return True


def _edition(data: Mapping[str, Any], base: Edition | None) -> Edition:
    """Return the edition; what a form that extends another does not say is as in that one."""
    silent = read_defaults().outputs
    known = base or Edition(data["form"], data["edition"], (0, LAST_YEAR), "", "", (), outputs=silent)
    years = data.get("years")
    return replace(
        known,
        form=data["form"],
        id=data["edition"],
        years=(years["from"], years.get("to") or LAST_YEAR) if years else known.years,
        title=data.get("title", known.title),
        heading=data.get("heading", known.heading),
        chapters=tuple(_chapter(item) for item in data.get("chapters", ())) or known.chapters,
        basis=data.get("basis", known.basis),
        due=dict(data.get("due", known.due)),
        powers=dict(data.get("powers", known.powers)),
        column=dict(data.get("column", known.column)),
        outputs=tuple(data.get("outputs", known.outputs)),
        cell_types={**known.cell_types, **cell_types(data.get("cells", {}))},
        extends=base.lineage if base else (),
        added={**known.added, **{entry["section"]: _placement(entry) for entry in data.get("add", ())}},
    )


def _placement(entry: Mapping[str, Any]) -> dict[str, str]:
    return {key: entry[key] for key in ("after", "before") if key in entry}


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
