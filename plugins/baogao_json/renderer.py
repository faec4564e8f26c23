"""Write what a report was made from as one line of JSON: report.yaml with every section inline, and the waivers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from baogao import Artifact, hookimpl, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Job, Renderer

__all__ = ["JsonRenderer", "renderers", "written"]


@dataclass(frozen=True, slots=True)
class JsonRenderer:
    """Turn a report into the line from which the same report can be made again."""

    name: str = "json"
    needs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("public",)

    def render(self, job: Job) -> Artifact:
        """Return the line."""
        return Artifact(job.name, "json", "application/json", f"{written(job.report.source)}\n".encode())

    def read_back(self, artifact: Artifact, job: Job) -> dict[str, str]:
        """Return the texts of each section that stands in the line exactly as it was written for the report."""
        line: Mapping[str, Any] = json.loads(artifact.content, parse_float=Decimal)
        source = job.report.source
        if not _same({**line, "sections": {}}, {**source, "sections": {}}):
            raise ValueError(say("写出的一行与 report.yaml 不一致"))
        kept, meant = line["sections"], source["sections"]
        same = {section.id for section in job.report if _same(kept.get(section.id), meant.get(section.id))}
        printed = {path: cell.text() for path, cell in job.report.cells().items() if path.partition(".")[0] in same}
        for section in (section for section in job.report if section.id in same):
            printed |= {f"{section.id}#{number}": block.text for number, block in enumerate(section.blocks, 1)}
        return printed


def written(value: Any) -> str:
    """Return a value as JSON in one line; a decimal keeps its places, and numbers stay apart from texts."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(key))}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return "null" if value is None else _text(str(value))


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are alike in kind and value, however deep: 2 is neither 2.0 nor "2"."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other and str(one) == str(other)


def _text(text: str) -> str:
    """Quote a text; line separators, at which some programs part lines, are escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@hookimpl
def renderers() -> Iterable[Renderer]:
    """Bring the JSON renderer."""
    return [JsonRenderer()]
