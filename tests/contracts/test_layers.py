"""Lower layers never import higher ones, and heavy modules load only when they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from contracts.documents import ROOT

HEAVY = ("cerberus", "docx", "docxtpl", "jinja2", "lxml", "markdown_it", "rich", "yaml")


def test_the_contracts_on_imports_are_kept():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)

    assert ran.returncode == 0, ran.stdout
    assert " kept, 0 broken" in ran.stdout


def loaded_by(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after running the code."""
    ask = f"import sys\n{code}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, encoding="utf-8", check=True)
    return set(ran.stderr.split())


def test_a_plugin_author_imports_nothing_heavy():
    loaded = loaded_by("import baogao")

    assert loaded.isdisjoint({*HEAVY, "click"})
    assert "pluggy" in loaded


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]):
    code = f"import contextlib\nfrom baogao.cli.main import cli\ncli.main({arguments!r}, standalone_mode=False)"

    assert loaded_by(code).isdisjoint(HEAVY)
