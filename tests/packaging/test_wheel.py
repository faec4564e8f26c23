"""The wheel carries everything: installed into an empty environment it builds a report outside the checkout."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment | more, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".git", ".venv", "out", "__pycache__", ".*_cache", "node_modules")
    shutil.copytree(ROOT, source, ignore=ignored)
    made = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    assert made.returncode == 0, made.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program in an environment that holds the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("empty") / "env"
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    made = run(scripts / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel, cwd=folder)
    if made.returncode != 0 and "No matching distribution" in made.stderr:
        pytest.skip("no package index can be reached, so nothing can be installed into an empty environment")
    assert made.returncode == 0, made.stderr
    return scripts / "baogao"


def test_the_wheel_holds_only_our_packages_and_the_bundled_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    own = {path.name for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"baogao", *own}
    assert "baogao/_data/schemas/disclosure/2019/form.yaml" in names
    assert "baogao/_data/templates/shell.docx" in names
    assert "baogao/rules/engine.rules.yaml" in names


def test_an_installed_wheel_builds_a_report_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "luolong-2020", tmp_path / "report", ignore=shutil.ignore_patterns("out"))
    built = run(installed, "build", "report", cwd=tmp_path)
    assert (built.returncode, built.stderr.count("已写出")) == (0, 2), built.stdout + built.stderr
    assert {path.suffix for path in (tmp_path / "report" / "out").iterdir()} == {".docx", ".html"}


def test_an_installed_wheel_begins_a_report(installed: Path, tmp_path: Path) -> None:
    begun = run(installed, "new", "mine", "--year", "2020", "--unit", "某某局", cwd=tmp_path)
    assert begun.returncode == 0, begun.stderr
    checked = run(installed, "check", "mine", cwd=tmp_path)
    assert checked.returncode == 1
    assert "TAB-001" in checked.stdout
