"""Start-up: help and `import baogao` load nothing heavy, whatever is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reports import with_path

HEAVY = ("jinja2", "docx", "docxtpl", "lxml", "cerberus", "rich", "markdown_it", "yaml")
SHOW = f"; import sys; sys.stdout.flush(); print(sorted({set(HEAVY)!r} & set(sys.modules)), file=sys.stderr)"


def loaded(code: str, *paths: Path) -> str:
    """Return which heavy modules a fresh Python has loaded after this code."""
    ran = subprocess.run(
        [sys.executable, "-c", code + SHOW], capture_output=True, text=True, env=with_path(*paths), check=True
    )
    return ran.stderr.strip().splitlines()[-1]


def call(*arguments: str) -> str:
    return f"""
from baogao.cli.main import main
try:
    main({list(arguments)!r})
except SystemExit as left:
    assert left.code in (0, 2), left.code
import sys"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """Install a plugin that imports docxtpl at its top, and a command of its own."""
    (tmp_path / "heavy_plugin.py").write_text("import docxtpl\nimport click\n@click.command()\ndef command(): pass\n")
    info = tmp_path / "heavy_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: heavy-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[baogao]\nheavy = heavy_plugin\n[baogao.commands]\nweigh = heavy_plugin:command\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import baogao", id="import baogao"),
        pytest.param("from baogao import *", id="all that baogao exports"),
        pytest.param(
            "import baogao_docx.renderer, baogao_html.renderer, baogao_disclosure.form", id="the bundled plugins"
        ),
        pytest.param(call("--help"), id="--help"),
        pytest.param(call("--version"), id="--version"),
        pytest.param(call(), id="no arguments"),
        pytest.param(call("build", "--help"), id="build --help"),
        pytest.param(call("check", "--help"), id="check --help"),
        pytest.param(call("check", "--unknown"), id="a wrong option"),
        pytest.param(call("chekc"), id="a wrong command"),
    ],
)
def test_nothing_heavy_is_imported(plugin: Path, code: str):
    assert loaded(code, plugin) == "[]"


def test_the_measure_itself_notices_what_is_heavy(plugin: Path):
    assert loaded("import docxtpl") != "[]"
    assert loaded("import heavy_plugin", plugin) != "[]"


def test_an_installed_command_is_listed_without_loading_it(plugin: Path):
    ran = subprocess.run(
        [sys.executable, "-m", "baogao", "--help"], capture_output=True, text=True, env=with_path(plugin), check=True
    )
    assert "weigh" in ran.stdout
    assert "heavy-plugin" in ran.stdout
