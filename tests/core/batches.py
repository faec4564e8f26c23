"""Folders of many reports for tests."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from reports import Edit, sample

__all__ = ["reports"]


def reports(folder: Path, edits: Mapping[str, Mapping[str, Edit]]) -> Path:
    """Return a folder with a copy of the example for each name, each with its own changes."""
    for name, files in edits.items():
        sample(folder / "made", files).rename(folder / name)
        shutil.rmtree(folder / "made")
    return folder
