"""The reference of what a plugin is written with, made from the code: every signature, field and docstring.

python tests/contracts/reference.py     write docs/reference.md anew
"""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType

__all__ = ["FILE", "MODULES", "reference"]

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "reference.md"
HEAD = """\
# 参考：钩子和公开的名字

由程序的签名和说明（英文）生成：改了程序，用 `python tests/contracts/reference.py` 重新写。
怎样用、例子，见[写插件](hooks.md)。
"""
MODULES: Mapping[str, str] = MappingProxyType(
    {
        "baogao.hooks.specs": "钩子",
        "baogao": "写插件用的",
        "baogao.testing": "插件的测试",
        "baogao_docx": "一次编译，多次生成",
    }
)


def reference() -> str:
    """Return the whole page, laid out as the project's own code is."""
    page = "\n".join([HEAD, *(part for name in MODULES for part in _module(name))])
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(FILE)]
    return subprocess.run(command, input=page, capture_output=True, check=True, encoding="utf-8", cwd=ROOT).stdout


def _module(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    yield f"## {name}：{MODULES[name]}\n"
    for public in sorted(module.__all__, key=str.casefold):
        home = _home(module, public)
        path = Path(inspect.getfile(home)).relative_to(ROOT).as_posix()
        yield f"### {public}\n\n[{path}](../{path})\n\n```pyi\n{_stub(home, public)}\n```\n"


def _home(module: ModuleType, name: str) -> ModuleType:
    """Return the module that defines a name, following the imports."""
    if any(name in _names(node) for node in _tree(module).body):
        return module
    found = getattr(module, name)
    where = getattr(module, "ON_DEMAND", {}).get(name) or getattr(found, "__module__", "")
    if where not in ("", "types", "builtins") and where.partition(".")[0] == module.__name__.partition(".")[0]:
        return importlib.import_module(where)
    return importlib.import_module(_imported_from(module, name))


def _imported_from(module: ModuleType, name: str) -> str:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module and name in {alias.name for alias in node.names}:
            return node.module
    raise LookupError(f"{module.__name__}.{name}: nothing defines it")


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [node.target.id] if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else []


def _stub(module: ModuleType, name: str) -> str:
    """Return the definition of a name without the bodies of its functions, and what is said of it."""
    body = _tree(module).body
    at = next(number for number, node in enumerate(body) if name in _names(node))
    said = body[at + 1] if at + 1 < len(body) else None
    parts = [_shown(body[at])]
    if isinstance(body[at], ast.Assign | ast.AnnAssign) and said and _is_text(said):
        parts.append(said)
    return "\n".join(map(ast.unparse, parts))


def _shown(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.FunctionDef):
        node.body = _docstring(node) or [ast.Expr(ast.Constant(...))]
    elif isinstance(node, ast.ClassDef):
        members = [_shown(member) for member in node.body if not _is_text(member) and not _is_private(member)]
        node.body = [*_docstring(node), *members] or [ast.Expr(ast.Constant(...))]
    return node


def _docstring(node: ast.FunctionDef | ast.ClassDef) -> list[ast.stmt]:
    return node.body[:1] if _is_text(node.body[0]) else []


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_private(node: ast.stmt) -> bool:
    names = _names(node)
    return not names or all(name.startswith("_") and name != "__init__" for name in names)


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
