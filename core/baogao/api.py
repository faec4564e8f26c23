"""Load, check and build a report from Python; whatever is heavy loads when one of these is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baogao.model.lexicons import Word
    from baogao.model.report import Report
    from baogao.stages.outcome import Outcome

__all__ = ["build", "check", "load", "read_lexicon"]


def load(folder: str | Path, *, previous: str | Path | None = None) -> Report:
    """Return the report in a folder; raise InputError, with file, line and column, where none can be read.

    `previous` is the folder of last year's report.
    """
    from baogao import pipeline

    return pipeline.open_report(Path(folder), previous=Path(previous) if previous else None).report


def check(report: Report) -> Outcome:
    """Run every rule that applies to the report, with the plugins and settings of its folder."""
    from baogao import pipeline

    return pipeline.check(pipeline.open_report(Path(report.folder)), report)


def build(
    folder: str | Path,
    to: Sequence[str] = (),
    *,
    out: str | Path | None = None,
    previous: str | Path | None = None,
    draft: bool = False,
    annotate: bool = False,
) -> Outcome:
    """Check the report in a folder and write its artifacts to `out` (by default its folder `out/`): all or none.

    `previous` is the folder of last year's report; `draft` and `annotate` are those of `baogao build`.
    """
    from baogao import pipeline

    folder = Path(folder)
    opened = pipeline.open_report(folder, previous=Path(previous) if previous else None)
    out = Path(out) if out else folder / "out"
    return pipeline.build(opened, out, to=tuple(to), draft=draft, annotate=annotate)


def read_lexicon(file: str | Path) -> tuple[Word, ...]:
    """Return the words of a lexicon that can be used, such as a plugin brings with it."""
    from baogao.definitions import lexicons

    return lexicons.read_lexicon(Path(file), Path(file).name).words
