"""Reports to measure with: the example, with another unit's name in each; as folders, or a line each."""

from __future__ import annotations

import shutil
from pathlib import Path

from baogao import pipeline
from baogao_json.renderer import written

__all__ = ["folders", "lines"]

EXAMPLE = Path(__file__).parents[1] / "examples" / "luolong-2020"


def folders(root: Path, count: int) -> list[Path]:
    """Return as many report folders below this one."""
    name = _unit()
    made: list[Path] = []
    for number in range(count):
        folder = root / str(number)
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out", "README.md"))
        for path in folder.iterdir():
            path.write_text(path.read_text("utf-8").replace(name, f"{name}{number}号"), "utf-8")
        made.append(folder)
    return made


def lines(path: Path, count: int) -> Path:
    """Write as many reports, a line each."""
    name, text = _unit(), written(dict(pipeline.open_report(EXAMPLE).report.source))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(text.replace(name, f"{name}{number}号") + "\n")
    return path


def _unit() -> str:
    return pipeline.open_report(EXAMPLE).report.unit.name
