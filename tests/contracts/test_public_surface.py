"""What `import baogao` offers is exactly what it lists."""

from __future__ import annotations

import ast

import baogao
from contracts.documents import ROOT


def test_what_is_listed_is_what_is_imported():
    tree = ast.parse((ROOT / "core" / "baogao" / "__init__.py").read_text(encoding="utf-8"))
    imported = [
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]

    assert sorted(baogao.__all__) == sorted(imported)


def test_no_name_is_listed_twice_and_each_is_there():
    assert len(set(baogao.__all__)) == len(baogao.__all__)
    assert [name for name in baogao.__all__ if not hasattr(baogao, name)] == []


def test_the_version_is_that_of_the_distribution():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert baogao.__version__ == project["project"]["version"]
