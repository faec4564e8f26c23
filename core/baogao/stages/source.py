"""SOURCE: all that was written about a report, in one piece, and where its keys are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from baogao.model.findings import Location
from baogao.stages.load import Project
from baogao.stages.provide import Provided
from baogao.waivers.reading import Waivers

__all__ = ["places_in", "source_of"]


def source_of(project: Project, provided: Iterable[Provided], waivers: Waivers) -> dict[str, Any]:
    """Return report.yaml with every section inline, and the waivers."""
    sections: dict[str, dict[str, Any]] = {
        name: {key: value for key, value in settings.items() if key != "file"}
        for name, settings in project.sections.items()
    }
    for given in provided:
        if given.written:
            sections.setdefault(given.section.id, {}).update(given.written)
    listed = [entry.document.data for entry in waivers.entries]
    return {**project.document.data, "sections": sections, **({"waivers": listed} if listed else {})}


def places_in(project: Project) -> dict[str, Location]:
    """Return where report.yaml begins, as "", and where its keys are, as `/key`."""
    document = project.document
    keys = {f"/{key}": document.locate(key) for key in document.spot.children}
    return {"": Location(document.file, 1, 1), **keys}
