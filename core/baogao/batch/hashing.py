"""What a report is made from, as one hash: its files, templates, schemas, plugins, the engine, the settings."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from baogao.batch.tasks import Settings
from baogao.files.resources import bundled_folder
from baogao.files.text import open_regular
from baogao.hooks.loading import LoadedPlugin
from baogao.hooks.registry import Registry
from baogao.stages.load import Project

__all__ = [
    "day_that_counts",
    "hash_file",
    "hash_of_files",
    "hash_of_program",
    "hash_of_words",
    "outside_files",
    "report_files",
]

ISO_DATE = re.compile(rb"-(?<=([0-9]{4})-)([0-9]{2}-[0-9]{2})")
KINDS = ("schemas", "templates")
LIBRARIES = ("cerberus", "docxtpl", "isal", "jinja2", "lxml", "markdown-it-py", "python-docx", "pyyaml")
"""What the bytes of an output may depend on."""


def hash_of_words(*words: str) -> str:
    """Return one hash of several words, told apart."""
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def hash_file(path: Path) -> str:
    """Return the hash of a file's bytes, or why it cannot be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"errno {error.errno}"


def hash_of_files(files: Iterable[tuple[str, Path]]) -> str:
    """Return one hash of files with the names they go by."""
    return hash_of_words(*(word for name, path in files for word in (name, hash_file(path))))


def report_files(folder: Path, out: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a report folder by name, without hidden ones and without what a run has written."""
    yield from _tree(folder, frozenset({(folder / "out").absolute(), out.absolute()}))


def _tree(folder: Path, without: frozenset[Path] = frozenset()) -> Iterator[tuple[str, Path]]:
    for root, folders, files in os.walk(folder):
        here = Path(root)
        kept = (name for name in folders if not name.startswith(".") and name != "__pycache__")
        folders[:] = sorted(name for name in kept if (here / name).absolute() not in without)
        for name in sorted(files):
            if not name.startswith("."):
                yield (here / name).relative_to(folder).as_posix(), here / name


def outside_files(project: Project) -> Iterator[tuple[str, Path]]:
    """Yield the files that report.yaml names, wherever they lie, and for a line the folders beside its file."""
    for name in project.lexicons:
        yield name, project.folder / name
    for path in project.selection.local:
        yield path.name, path
    for kind in KINDS if project.inline else ():
        yield from _tree(project.folder / kind)


def hash_of_program(registry: Registry, settings: Settings) -> str:
    """Return the hash of all that reports have in common: engine, plugins, bundled definitions, settings."""
    words = [
        _version("baogao"),
        str(settings.build),
        str(settings.draft),
        settings.language,
        settings.verify,
        *settings.to,
    ]
    words += [_version(name) for name in LIBRARIES]
    words += [*platform.python_version_tuple()[:2], zlib.ZLIB_RUNTIME_VERSION]
    words += [hash_of_files(_tree(bundled_folder() / kind)) for kind in KINDS]
    words += [hash_of_files(_tree(Path(__file__).parents[1]))]
    for plugin in registry.plugins:
        files = hash_of_files(_plugin_files(plugin)) if plugin.state != "blocked" else ""
        words += [plugin.name, plugin.distribution, plugin.version, plugin.state, files]
    return hash_of_words(*words)


def _plugin_files(plugin: LoadedPlugin) -> Iterator[tuple[str, Path]]:
    """Yield a plugin's module, or the package it is in, and the definitions beside it."""
    if plugin.folder is None:
        return
    if (plugin.folder / "__init__.py").is_file():
        yield from _tree(plugin.folder)
        return
    yield Path(plugin.file).name, Path(plugin.file)
    for kind in KINDS:
        yield from _tree(plugin.folder / kind)


def _version(distribution: str) -> str:
    try:
        return f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return distribution


def day_that_counts(texts: Iterable[bytes]) -> str:
    """Return today where the outcome may hang on it: a day still to come is written in one of the texts."""
    days = (b"-".join(found.groups()).decode() for text in texts for found in ISO_DATE.finditer(text))
    today = date.today().isoformat()
    return today if any(day >= today for day in days) else ""
