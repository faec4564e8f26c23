"""What is meant where nobody says: which form, and which outputs of a form that names none.

The engine knows no form and no output by name; `schemas/defaults.yaml` does, beside the forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from baogao.files.resources import bundled_folder
from baogao.files.yaml import read_yaml

__all__ = ["Defaults", "read_defaults"]


@dataclass(frozen=True, slots=True)
class Defaults:
    """The form that is meant where none is named, and the outputs of a form that names none."""

    form: str
    outputs: tuple[str, ...]


@cache
def read_defaults() -> Defaults:
    """Return what schemas/defaults.yaml says."""
    path = bundled_folder() / "schemas" / "defaults.yaml"
    data = read_yaml(path, path.name).data
    return Defaults(data["form"], tuple(data["outputs"]))
