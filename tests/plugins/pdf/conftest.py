"""LibreOffice as it is installed here, or a script in its place that misbehaves as it is told."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from baogao_pdf.office import VARIABLE, find_office
from plugins.pdf.papers import Printed, built, with_pdf


@pytest.fixture(scope="session")
def office() -> Path:
    """Return LibreOffice, or skip."""
    found = find_office()
    if importlib.util.find_spec("pypdf") is None:
        pytest.skip("pypdf is not installed (pip install 'baogao[pdf]'): no PDF can be read")
    if found is None:
        pytest.skip("LibreOffice is not installed (apt install libreoffice-writer-nogui): no PDF can be made")
    return found


@pytest.fixture(scope="session")
def printed(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Printed]:
    """Return what builds an example with a PDF, once for all tests."""
    known: dict[tuple[str, str], Printed] = {}

    def made(example: str, profile: str) -> Printed:
        if (example, profile) not in known:
            folder = tmp_path_factory.mktemp("pdf") / example
            known[example, profile] = built(with_pdf(folder, example, profile), folder / "out")
        return known[example, profile]

    return made


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that temporary files go to."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return what puts a script in the place of LibreOffice; it finds the output folder in $out."""
    if os.name == "nt":
        pytest.skip("the scripts that play LibreOffice are for a POSIX shell")

    def install(body: str) -> Path:
        script = tmp_path / "soffice"
        loop = 'for word; do if [ "$previous" = --outdir ]; then out=$word; fi; previous=$word; done\nmkdir -p "$out"\n'
        script.write_text(f"#!/bin/sh\n{loop}{body}\n", "utf-8")
        script.chmod(0o755)
        monkeypatch.setenv(VARIABLE, str(script))
        return script

    return install


@pytest.fixture(autouse=True)
def _no_named_office(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "office" not in request.fixturenames and "printed" not in request.fixturenames:
        monkeypatch.delenv(VARIABLE, raising=False)
