"""Run the program in fresh processes, with and without the department's plugin installed beside it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PLUGIN = EXAMPLES / "dept" / "luolong-fees"
BUDGET = EXAMPLES / "dept" / "luolong-budget"
EXTENSIONS = tuple(EXAMPLES / "dept" / f"luolong-{name}" for name in ("cells", "credit", "csv", "text"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def python() -> Run:
    """Return what runs `python ARGUMENTS` in a fresh process that sees only the folders in `path`."""

    def ran(*arguments: object, path: tuple[Path, ...] = (), **variables: str) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("BAOGAO", "PYTHON", "PYTEST"))}
        own |= {"PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, env=own | variables, capture_output=True, encoding="utf-8", check=False)

    return ran


@pytest.fixture(scope="session")
def baogao(python: Run) -> Run:
    """Return what runs `baogao ARGUMENTS` in a fresh process."""

    def ran(*arguments: object, path: tuple[Path, ...] = (), **variables: str) -> subprocess.CompletedProcess[str]:
        return python("-m", "baogao", *arguments, path=path, **variables)

    return ran


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory, python: Run) -> Path:
    """Return a folder into which the department's plugin was installed: by pip where it can, or else by hand."""
    if entry_points(group="baogao", name="luolong_fees"):
        pytest.skip("luolong-fees is installed in this environment: what happens without it cannot be seen")
    target = tmp_path_factory.mktemp("site")
    install_all(target, python, PLUGIN)
    return target


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory, python: Run) -> Path:
    """Return a folder into which the departments' plugins were installed that show one extension point each."""
    target = tmp_path_factory.mktemp("extensions")
    install_all(target, python, *EXTENSIONS)
    return target


@pytest.fixture(scope="session")
def budget(tmp_path_factory: pytest.TempPathFactory, python: Run) -> Path:
    """Return a folder into which the department's table of any length was installed."""
    target = tmp_path_factory.mktemp("budget")
    install_all(target, python, BUDGET)
    return target


def install_all(target: Path, python: Run, *plugins: Path) -> None:
    """Install plugins into a folder, by pip where it can, or else by hand."""
    if importlib.util.find_spec("pip") and importlib.util.find_spec("hatchling"):
        alone = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
        done = python("-m", "pip", "install", "--quiet", *alone, "--target", target, *plugins)
        assert done.returncode == 0, done.stderr
        return
    for plugin in plugins:
        project = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))["project"]
        package = plugin.name.replace("-", "_")
        shutil.copytree(plugin / package, target / package, ignore=shutil.ignore_patterns("__pycache__"))
        install(target, project["name"], project["version"], project["entry-points"])


def install(target: Path, name: str, version: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    """Write what makes the modules in a folder an installed distribution."""
    folder = target / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    lines = (
        "".join([f"[{group}]\n", *(f"{entry} = {module}\n" for entry, module in entries.items())])
        for group, entries in groups.items()
    )
    (folder / "entry_points.txt").write_text("".join(lines), "utf-8")


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """Return a folder with an installed plugin that imports docxtpl at its top."""
    (tmp_path / "heavy.py").write_text("import docxtpl\n", "utf-8")
    install(tmp_path, "heavy", "1.0", {"baogao": {"heavy": "heavy"}})
    return tmp_path
