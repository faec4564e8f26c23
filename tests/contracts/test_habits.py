"""Habits: short functions, no path of one machine, nothing in git that names a host of packages."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator

from contracts.documents import ROOT, tracked_files

# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        (
            "/" + r"work/",
            "/" + r"tmp/w\b",
            "/" + r"(?:home|Users)/(?!runner)\w",
            r"[A-Za-z]:\\" + r"Users\\",
            "py" + r"pi\.(?:org|python)",
            "python" + r"hosted\.org",
            "npm" + r"js\.(?:org|com)",
            "(?:index-url|extra-index-url|registry)" + r"[ =\"']+https?:",
        )
    )
)
LONGEST = 60
USUAL = 30
SHARE = 0.9


def test_no_file_holds_a_path_of_one_machine_or_a_host_of_packages():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), 1)
        if FORBIDDEN.search(line)
    ]

    assert found == []


def test_what_is_forbidden_is_found():
    for text in ("/" + "work/main", "/" + "tmp/w/v", "https://py" + "pi.org/simple", "/" + "home/li/报告"):
        assert FORBIDDEN.search(text)
    for text in (
        "registry = open_registry(x)",
        "work/",
        "out/",
        "tests/core",
        "https://semver.org",
        "/" + "tmp/weather",
    ):
        assert not FORBIDDEN.search(text)


def test_the_lock_file_is_ignored():
    assert ROOT / "uv.lock" not in tracked_files()
    ran = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", "uv.lock"], cwd=ROOT, check=False)

    assert ran.returncode == 0


def lengths() -> Iterator[tuple[int, str]]:
    """Yield the length of every function of the engine and of our plugins, with its place."""
    for path in (path for root in ("core", "plugins") for path in sorted((ROOT / root).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield length, f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length} lines"


def test_no_function_is_longer_than_a_screen():
    assert [place for length, place in lengths() if length > LONGEST] == []


def test_nearly_all_functions_are_short():
    measured = [length for length, _ in lengths()]

    assert sum(length <= USUAL for length in measured) / len(measured) >= SHARE
