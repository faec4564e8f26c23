"""A folder of wheels as docs/deployment.md says how to make it, and environments that know of nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from contracts.documents import DOCS, ROOT
from following import amiss, follow, lines_of

DEPLOYMENT = DOCS / "deployment.md"
IGNORED = shutil.ignore_patterns(".git", ".venv", "out", "__pycache__", ".*_cache", "node_modules")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of wheels."""
    if os.name == "nt":
        pytest.skip("the commands are those of a POSIX shell")
    folder = tmp_path_factory.mktemp("online")
    shutil.copytree(ROOT, folder / "baogao", ignore=IGNORED)
    done = follow(folder, DEPLOYMENT, lines=lines_of(DEPLOYMENT, "做安装包文件夹"))
    if any("No matching distribution" in typed.printed for typed in done):
        pytest.skip("no package index can be reached, so there is nothing to make a folder of wheels from")
    assert amiss(done) == []
    return folder / "安装包"


@pytest.fixture
def offline(wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the wheels, in an environment where installers know of no other place."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    shutil.copytree(wheels, tmp_path / "安装包")
    return tmp_path
