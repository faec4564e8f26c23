"""LOAD: read report.yaml. Only what is wrong here can stop a report from being read at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from baogao.definitions.checking import findings, load_shape
from baogao.definitions.schemas import is_true
from baogao.definitions.wording import FULL_WIDTH_COLON, unknown_key
from baogao.errors import InputError
from baogao.files.characters import UNPRINTABLE
from baogao.files.yaml import Document, read_yaml
from baogao.hooks.loading import Selection
from baogao.language import say
from baogao.model.findings import Finding, Severity
from baogao.model.forms import Edition
from baogao.model.jobs import Output
from baogao.model.report import Unit
from baogao.narrative.characters import DOUBTFUL, doubtful, unprintable

__all__ = ["REPORT_FILE", "Project", "project_of", "read_project"]

REPORT_FILE = "report.yaml"
UNIT_FIELDS = ("name", "kind", "short_names", "powers", "extra")


@dataclass(frozen=True, slots=True)
class Project:
    """A report folder as its report.yaml describes it."""

    folder: Path
    document: Document
    form: str
    year: int
    unit: Unit
    edition: str = ""
    title: str = ""
    date: date | None = None
    outputs: tuple[Output, ...] = ()
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    selection: Selection = field(default_factory=Selection)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    lexicons: tuple[str, ...] = ()
    inline: bool = False

    @property
    def files(self) -> Path:
        """Return where the files of its sections lie; where all of them are inline there is no such folder."""
        return self.folder / f"{self.document.file}.files" if self.inline else self.folder

    def made_as(self, edition: Edition) -> Project:
        """Return the project with the outputs of its form, where report.yaml names none."""
        return self if self.outputs else replace(self, outputs=tuple(map(Output, edition.outputs)))


def read_project(folder: Path) -> Project:
    """Return what report.yaml says; raise InputError with everything that is wrong in it."""
    try:
        is_file = folder.is_file()
    except OSError as exc:
        message = say("无法读取 {folder}：{error}", folder=str(folder), error=exc.strerror or str(exc))
        raise InputError([Finding(message, rule="SRC-002")]) from exc
    if is_file:
        message = say("“{name}”是文件；请写报告所在的文件夹", name=folder.name)
        raise InputError([Finding(message, rule="SRC-002", hint=say("去掉文件名，只写文件夹"))])
    document = read_yaml(folder / REPORT_FILE, REPORT_FILE)
    if document.broken:
        raise InputError([_no_folder(folder)] if not folder.is_dir() else document.problems)
    return project_of(folder, document)


def project_of(folder: Path, document: Document, *, inline: bool = False) -> Project:
    """Return the project a report.yaml describes; raise InputError with everything that is wrong in it.

    One that is `inline` holds its sections itself, and no file of the folder is a section's.
    """
    if not isinstance(document.data, Mapping):
        raise InputError([_not_a_mapping(document)])
    wrong = tuple(_full_width(document)) or findings(load_shape("report").faults(document.data), document, "SRC-008")
    odd = tuple(_odd_characters(document))
    if problems := (*wrong, *(found for found in odd if found.severity is Severity.ERROR)):
        raise InputError(problems)
    return _project(folder, replace(document, problems=(*document.problems, *odd)) if odd else document, inline=inline)


def _full_width(document: Document) -> Iterator[Finding]:
    """Yield the keys of outputs with a full-width colon: else any key may be an option, and the name is lacking."""
    outputs = document.data.get("outputs")
    for number, entry in enumerate(cast("list[Any]", outputs) if isinstance(outputs, list) else ()):
        keys = [str(key) for key in cast("Mapping[str, Any]", entry)] if isinstance(entry, Mapping) else []
        for key in (key for key in keys if FULL_WIDTH_COLON in key):
            place = document.locate("outputs", number, key)
            yield Finding(unknown_key(key, ()), rule="SRC-008", location=place)


def _no_folder(folder: Path) -> Finding:
    message = say("“{folder}”不是报告文件夹：没有这个文件夹", folder=folder.name or str(folder))
    return Finding(message, rule="SRC-001", hint=say("检查写得对不对；要新建报告，用 baogao new"))


def _not_a_mapping(document: Document) -> Finding:
    message = say("report.yaml 应是一行一个“名称: 值”；看看冒号是不是半角的，后面有没有空格")
    return Finding(message, rule="SRC-007", location=document.locate())


def _odd_characters(document: Document) -> Iterator[Finding]:
    """Yield what no document can carry or nobody sees in the texts, such as a unit's name."""
    texts = tuple(_texts(document.data))
    whole = "".join(text for _, text in texts)
    for keys, text in texts if UNPRINTABLE.search(whole) or DOUBTFUL.search(whole) else ():
        place = document.locate(*keys)
        yield from (*unprintable(text, "", place), *doubtful(text, "", place))


def _texts(value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text that is not a section's own, with the keys to it."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if keys[:1] != ("sections",) or key not in ("data", "text"):
                yield from _texts(item, (*keys, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*keys, number))


def _project(folder: Path, document: Document, *, inline: bool) -> Project:
    data: Mapping[str, Any] = document.data
    return Project(
        folder=folder,
        document=document,
        form=data["form"],
        year=data["year"],
        unit=_unit(data["unit"]),
        edition=data.get("edition", ""),
        title=data.get("title", ""),
        date=date.fromisoformat(data["date"]) if data.get("date") else None,
        outputs=tuple(map(_output, data.get("outputs", ()))),
        sections=data.get("sections") or {},
        selection=_selection(folder, data.get("plugins") or {}),
        rules=data.get("rules") or {},
        lexicons=tuple(data.get("lexicons") or ()),
        inline=inline,
    )


def _unit(data: Mapping[str, Any]) -> Unit:
    more = {**data.get("extra", {}), **data}
    return Unit(
        name=data["name"],
        kind=data["kind"],
        short_names=tuple(data.get("short_names", ())),
        powers={name: is_true(word) for name, word in data.get("powers", {}).items()},
        extra={name: _as_text(value) for name, value in more.items() if name not in UNIT_FIELDS},
    )


def _as_text(value: Any) -> Any:
    """Return a number such as a postcode as the text it is; a group stays a group."""
    if isinstance(value, Mapping):
        return {name: _as_text(item) for name, item in value.items()}
    return value if isinstance(value, list) else str(value if value is not None else "")


def _output(entry: str | Mapping[str, Any]) -> Output:
    if isinstance(entry, str):
        return Output(entry)
    options = {name: value for name, value in entry.items() if name not in ("renderer", "profile")}
    return Output(entry["renderer"], entry.get("profile", ""), options)


def _selection(folder: Path, data: Mapping[str, Any]) -> Selection:
    local = tuple(folder.absolute() / name for name in data.get("load", ()))
    allow = frozenset(data.get("allow", ()))
    # what report.yaml loads it also allows
    allowed = allow | {path.stem for path in local} if allow else None
    return Selection(frozenset(data.get("block", ())), allowed, local)
