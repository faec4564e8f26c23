"""The documents of the repository: their blocks of code, their tables, their links."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

__all__ = ["DOCS", "DOCUMENTS", "ROOT", "CodeBlock", "blocks", "section_of", "text_of", "tracked_files"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:#|<!--) (\S+\.(?:py|yaml|md))(?: -->)?\n")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block; `name` is the file its first line names, "" where it names none."""

    document: str
    line: int
    language: str
    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(language: str, *documents: Path) -> list[CodeBlock]:
    """Return the fenced blocks in one language."""
    return [block for path in documents or DOCUMENTS for block in _blocks(path) if block.language == language]


def _blocks(path: Path) -> Iterator[CodeBlock]:
    text = text_of(path)
    for found in FENCE.finditer(text):
        language, code = found.groups()
        named = NAMED.match(code)
        line = text.count("\n", 0, found.start()) + 1
        yield CodeBlock(path.name, line, language, code, named.group(1) if named else "")


def section_of(path: Path, heading: str) -> str:
    """Return what stands under a heading of the second level, "" where there is no such heading."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text_of(path), re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def tracked_files() -> list[Path]:
    """Return the files git knows, and those it would take in."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout: nothing says which files belong to it")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
