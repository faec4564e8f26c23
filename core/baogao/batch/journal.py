"""The journal: a line of JSON for each report that is done, on the disk before the next is counted."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, cast

from baogao.batch.scratch import Scratch, packed, unpacked
from baogao.batch.tasks import Known, Result
from baogao.files.writing import write_stream
from baogao.model.findings import Finding, State

__all__ = ["Journal", "Record", "record_of"]

Record = Mapping[str, Any]
PARTS: Mapping[str, type] = {
    **dict.fromkeys(("name", "input", "state"), str),
    **dict.fromkeys(("report", "summary", "rules", "outputs"), dict),
    "findings": list,
}
"""What a record is asked for, and what that must be: anybody may have written in the file."""

DONE = frozenset({"passed", "found"})
"""The states that need not be done again while nothing has changed."""


def record_of(result: Result, said: Callable[[str], str], described: Callable[[Finding], Record]) -> Record:
    """Return what is recorded of a result: no times, no paths of this machine, so that it is the same anywhere."""
    counts = Counter(finding.rule for finding in result.findings)
    vague = Counter(finding.rule for finding in result.findings if finding.state is State.UNASSESSABLE)
    gravest = min((f.severity.rank for f in result.findings if not f.waived), default=None)
    titles = {rule: said(result.rules.get(rule, "")) for rule in counts}
    rules = {
        rule: {"title": titles[rule], "count": count, "unassessable": vague[rule]}
        for rule, count in sorted(counts.items())
    }
    return {
        "name": result.name,
        "input": result.input,
        "state": result.state,
        "report": dict(result.head),
        "summary": dict(result.summary),
        "gravest": gravest,
        "rules": rules,
        "outputs": dict(sorted(result.outputs.items())),
        "verified": result.verified,
        "compared": result.compared,
        "findings": [described(finding) for finding in result.findings],
    }


PLACES = "CREATE TABLE places (name BLOB PRIMARY KEY, start INTEGER, length INTEGER) WITHOUT ROWID"


class Journal:
    """The records of a folder of outputs; where each one stands is found again whenever the journal is opened."""

    def __init__(self, path: Path) -> None:
        """Open the journal; a line that was not finished when its run was killed is cut off."""
        self._path = path
        self._file = path.open("a+b")
        self._places = Scratch(PLACES)
        end = 0
        self._file.seek(0)
        for line in self._file:
            name = _name(line)
            if not name:
                break
            self._place(name, end, len(line))
            end += len(line)
        self._file.truncate(end)

    def __enter__(self) -> Journal:
        """Keep the file open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def add(self, record: Record) -> None:
        """Write a record and have it on the disk."""
        line = _line(record)
        self._file.seek(0, os.SEEK_END)
        place = self._file.tell()
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._place(record["name"], place, len(line))

    def _place(self, name: str, start: int, length: int) -> None:
        self._places.do("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", packed(name), start, length)

    def record(self, name: str) -> Record | None:
        """Return the last record of a report."""
        place = self._places.first("SELECT start, length FROM places WHERE name = ?", packed(name))
        if place is None:
            return None
        self._file.seek(place[0])
        return json.loads(self._file.read(place[1]))

    def records(self, names: Iterable[str]) -> Iterator[Record]:
        """Yield the records of these reports, one at a time."""
        for name in names:
            record = self.record(name)
            if record is not None:
                yield record

    def others(self, names: Container[str]) -> Iterator[Record]:
        """Yield the records of reports that are not among these, in the order of their names."""
        yield from self.records(name for name in self._names() if name not in names)

    def _names(self) -> Iterator[str]:
        return (unpacked(row[0]) for row in self._places.rows("SELECT name FROM places ORDER BY name"))

    def known(self, name: str) -> Known | None:
        """Return what the next run must know of a report."""
        record = self.record(name)
        return Known(record["input"], record["outputs"], record["state"] in DONE) if record is not None else None

    def settle(self) -> None:
        """Put the records in the order of their names, each once: the same, however the runs went."""
        write_stream(self._path, (_line(record) for record in self.records(self._names())))


def _line(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _name(line: bytes) -> str:
    """Return whose record a line is, "" for one that is not whole, or is none of ours."""
    try:
        record = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return ""
    return record["name"] if isinstance(record, dict) and _is_whole(cast("Record", record)) else ""


def _is_whole(record: Record) -> bool:
    """Tell whether a record holds all that is asked of it, and speaks of no file outside the report's own folder."""
    whole = all(isinstance(record.get(key), kind) for key, kind in PARTS.items())
    return whole and all(
        isinstance(digest, str) and PurePath(name).name == name and name not in ("", "..")
        for name, digest in record["outputs"].items()
    )
