"""Load, check and build a report from Python; whatever is heavy loads when one of these is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baogao.model.report import Report
    from baogao.pipeline import Outcome

__all__ = ["build", "check", "load"]


def load(folder: str | Path) -> Report:
    """Return the report in a folder; raise InputError with file, line and column where there is none to load."""
    from baogao import pipeline

    return pipeline.open_project(Path(folder)).report
