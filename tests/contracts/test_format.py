"""docs/format.md names, for every requirement of the format, tests that exist."""

from __future__ import annotations

import re

import pytest

from contracts.documents import ROOT, text_of

NAMED = sorted(set(re.findall(r"`(test_\w+(?:\.py)?)`", text_of(ROOT / "docs" / "format.md"))))
FILES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str):
    assert name in FILES or any(f"\ndef {name}(" in text for text in FILES.values())


def test_every_row_names_a_test():
    rows = [line for line in text_of(ROOT / "docs" / "format.md").splitlines() if line.startswith("| ")]
    assert [row for row in rows if "`test_" not in row and "| 测试 |" not in row] == []
