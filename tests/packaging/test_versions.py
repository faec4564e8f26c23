"""The exact versions stand in two files, for uv and for pip."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def constraints_for_uv() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["uv"]["constraint-dependencies"]


def test_constraints_for_pip_are_those_for_uv() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == constraints_for_uv()


def test_every_runtime_and_development_dependency_has_an_exact_version() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    names = {line.split(">=")[0].strip() for line in wanted}
    pinned = {line.split("==")[0] for line in constraints_for_uv()}
    assert names <= pinned
