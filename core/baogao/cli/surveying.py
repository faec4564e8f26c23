"""What commands that list things look at: what is installed, and what a report folder brings of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from baogao.cli import options
from baogao.errors import InputError

if TYPE_CHECKING:
    from baogao.hooks.loading import Selection
    from baogao.hooks.registry import Registry

__all__ = ["View", "view_of"]


@dataclass(frozen=True, slots=True)
class View:
    """The plugins, how they were chosen, and the report folder; NOWHERE without one."""

    registry: Registry
    selection: Selection
    folder: Path


def view_of(report: Path | None, block: tuple[str, ...]) -> View:
    """Return what is installed, with what a report folder brings; raise InputError for a named one that is none."""
    from baogao.hooks.registry import open_registry
    from baogao.stages.load import REPORT_FILE, read_project
    from baogao.stages.survey import NOWHERE

    chosen, folder = options.selection(block), NOWHERE
    here = Path()
    try:
        if report is not None or (here / REPORT_FILE).is_file():
            project = read_project(report or here)
            chosen, folder = project.selection.and_also(chosen), project.folder.absolute()
    except InputError:
        if report is not None:
            raise
    return View(open_registry(chosen), chosen, folder)
