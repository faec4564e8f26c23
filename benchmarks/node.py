"""The engines of Node: installed into a folder for the run, each a process that renders when it is asked to."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.templates import Tag, jinja
from benchmarks.turns import SHORTEST

__all__ = ["ENGINES", "Engine", "installed", "started"]

PACKAGES = ("docxtemplater@3.71.0", "pizzip@3.3.0", "carbone@3.8.2", "docx-templates@4.15.0")
DRIVER = Path(__file__).with_name("peers.js")

ENGINES: Mapping[str, Tag] = {
    "docxtemplater": jinja,
    "carbone": lambda name: f"{{d.{name}}}",
    "docx-templates": lambda name: f"{{{{= {name}}}}}",
}
"""The engines, and how each writes a tag."""


def installed(folder: Path) -> str:
    """Install the engines and return "", or why they cannot be."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "没有 Node"
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # the packages are ours to name
    return "" if ran.returncode == 0 else f"npm 装不上：{ran.stderr.strip()[:200]}"


class Engine:
    """A process that renders one template with one engine."""

    def __init__(self, process: subprocess.Popen[str], data: Mapping[str, Any]) -> None:
        """Take the process, and what it fills in."""
        self._process = process
        self._data = data

    def timed(self, out: Path | None = None) -> float:
        """Return the seconds of one rendering; keep the last document in a file where one is named."""
        assert self._process.stdin
        assert self._process.stdout
        asked = {"seconds": 0 if out else SHORTEST, "data": self._data, "out": str(out) if out else ""}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return float(json.loads(self._process.stdout.readline())["seconds"])


@contextlib.contextmanager
def started(name: str, folder: Path, template: Path, data: Mapping[str, Any]) -> Generator[Engine]:
    """Give an engine that was installed into a folder."""
    command = ["node", str(DRIVER), name, str(template)]
    environment = {**os.environ, "NODE_PATH": str(folder / "node_modules"), "NODE_ENV": "production"}
    with subprocess.Popen(  # noqa: S603  # our own driver
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Engine(process, data)
        assert process.stdin
        process.stdin.close()
