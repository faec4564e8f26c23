"""Write all files of a run or none: temporary files, fsync, rename."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["remove_leftovers", "write_all", "write_stream"]


def write_all(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files into the folder and return their paths; raise OSError and leave everything as it was."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    staged: dict[Path, Path] = {}
    try:
        for name, content in files.items():
            staged[folder / name] = _stage(folder, content)
        _swap(staged)
    finally:
        _remove(staged.values())
    _sync(folder)
    return tuple(staged)


def write_stream(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file piece by piece, so that it need never be in memory; it appears whole, or stays as it was."""
    handle, name = tempfile.mkstemp(prefix=".baogao-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    finally:
        _remove([Path(name)])
    _sync(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove what a run that was killed has left half done; nobody else may be writing to the folder."""
    _remove([*folder.glob(".baogao-*.tmp"), *folder.glob(".baogao-*.old")])


def _remove(leftovers: Iterable[Path]) -> None:
    """Remove temporary files; one that cannot be removed does not undo what was written."""
    for path in leftovers:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _stage(folder: Path, content: bytes) -> Path:
    """Write a temporary file beside its target, whole and on the disk."""
    handle, name = tempfile.mkstemp(prefix=".baogao-", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _swap(staged: Mapping[Path, Path]) -> None:
    """Rename every file into place; if one fails, put back what the others replaced."""
    kept: dict[Path, Path | None] = {}
    try:
        for target, temporary in staged.items():
            kept[target] = _keep(target)
            temporary.replace(target)
    except BaseException:
        for target, old in kept.items():
            _put_back(target, old)
        raise
    finally:
        _remove(old for old in kept.values() if old is not None)


def _keep(target: Path) -> Path | None:
    """Keep the file that is about to be replaced under a second name; it never misses under its first."""
    if not target.exists():
        return None
    second = target.with_name(f".baogao-{uuid.uuid4().hex}.old")
    try:
        os.link(target, second)
    except OSError:  # a file system without links
        try:
            shutil.copy2(target, second)
        except BaseException:
            _remove([second])
            raise
    return second


def _put_back(target: Path, old: Path | None) -> None:
    if old is None:
        target.unlink(missing_ok=True)
    elif old.exists():
        old.replace(target)


def _sync(folder: Path) -> None:
    """Make the renames themselves durable, where the system can sync a folder."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
