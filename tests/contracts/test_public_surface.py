"""What `import baogao` offers is exactly what it lists."""

from __future__ import annotations

import ast

import pytest

import baogao
from contracts.documents import ROOT


def test_what_is_listed_is_what_is_imported():
    tree = ast.parse((ROOT / "core" / "baogao" / "__init__.py").read_text(encoding="utf-8"))

    assert sorted(baogao.__all__) == sorted([*imported(tree.body), *baogao.ON_DEMAND])


def test_what_is_imported_on_demand_is_what_type_checkers_see():
    tree = ast.parse((ROOT / "core" / "baogao" / "__init__.py").read_text(encoding="utf-8"))
    [checked] = [node for node in tree.body if isinstance(node, ast.If)]

    assert imported(checked.body) == dict(baogao.ON_DEMAND)
    assert all(getattr(baogao, name) is not None for name in baogao.ON_DEMAND)


def imported(nodes: list[ast.stmt]) -> dict[str, str]:
    """Return the names of ours that statements import, with the module each comes from."""
    return {
        alias.asname or alias.name: str(node.module)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("baogao")
        for alias in node.names
    }


def test_an_unknown_name_is_called_unknown():
    with pytest.raises(AttributeError, match="no attribute 'numbers'"):
        _ = baogao.numbers


def test_no_name_is_listed_twice_and_each_is_there():
    assert len(set(baogao.__all__)) == len(baogao.__all__)
    assert [name for name in baogao.__all__ if not hasattr(baogao, name)] == []


def test_the_version_is_that_of_the_distribution():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert baogao.__version__ == project["project"]["version"]
