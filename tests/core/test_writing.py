"""Writing: all files of a run or none, whatever fails on the way."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from baogao.files.writing import write_all
from reports import Run, sample, tree

CALLS = ("open", "mkdir", "fdopen", "fsync", "chmod", "replace", "rename", "link", "unlink", "remove")
NEW = {"年报.docx": b"new docx", "年报.html": b"new html", "年报.txt": b"new text"}
OLD = {"年报.docx": b"old docx", "年报.html": b"old html"}


@contextmanager
def failing(number: int, error: int = errno.ENOSPC) -> Iterator[list[str]]:
    """Let the call of that number, of all that touch the disk, fail; yield the calls made."""
    made: list[str] = []

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            made.append(name)
            if len(made) == number:
                raise OSError(error, os.strerror(error))
            return real(*arguments, **more)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, wrapped(name, getattr(os, name)))
        yield made


def calls_of_a_clean_run(tmp_path: Path, before: dict[str, bytes]) -> list[str]:
    folder = prepared(tmp_path, before)
    with failing(0) as made:
        write_all(folder, NEW)
    return list(made)


def prepared(folder: Path, before: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in before.items():
        (folder / name).write_bytes(content)
    return folder


def final(folder: Path) -> dict[str, bytes]:
    """Return the files under names that people see."""
    return {name: content for name, content in tree(folder).items() if not name.startswith(".baogao-")}


def test_the_files_are_written_and_nothing_else_is_left(tmp_path: Path):
    folder = tmp_path / "a" / "b"
    assert write_all(folder, NEW) == tuple(folder / name for name in NEW)
    assert tree(folder) == NEW


def test_files_that_were_there_are_replaced_and_others_stay(tmp_path: Path):
    folder = prepared(tmp_path, {**OLD, "别的.txt": b"mine"})
    write_all(folder, NEW)
    assert tree(folder) == {**NEW, "别的.txt": b"mine"}


@pytest.mark.parametrize("before", [{}, OLD, {**OLD, "年报.txt": b"old text"}], ids=["none", "some", "all"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EIO], ids=["full", "denied", "broken"])
def test_whatever_fails_nothing_has_changed(tmp_path: Path, before: dict[str, bytes], error: int):
    calls = calls_of_a_clean_run(tmp_path / "clean", before)
    assert {"open", "fsync", "replace"} <= set(calls)
    for number, name in enumerate(calls, 1):
        folder = prepared(tmp_path / str(number), before)
        raised = False
        with failing(number, error) as made:
            try:
                write_all(folder, NEW)
            except OSError:
                raised = True
        assert made[number - 1] == name
        wanted = before if raised else NEW
        assert final(folder) == wanted, f"call {number} of {len(calls)}, {name}"


@pytest.mark.parametrize("before", [{}, OLD], ids=["none", "some"])
def test_whatever_fails_no_temporary_file_is_left(tmp_path: Path, before: dict[str, bytes]):
    calls = calls_of_a_clean_run(tmp_path / "clean", before)
    left: list[str] = []
    for number, name in enumerate(calls, 1):
        folder = prepared(tmp_path / str(number), before)
        with failing(number), suppress(OSError):
            write_all(folder, NEW)
        # A file that could not be removed cannot be removed by us either.
        if name not in ("unlink", "remove") and tree(folder) != final(folder):
            left.append(f"call {number}, {name}")
    assert left == []


def test_a_file_never_misses_under_its_name_while_it_is_replaced(tmp_path: Path):
    folder = prepared(tmp_path, OLD)
    missing: list[str] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            answer = real(*arguments, **more)
            missing.extend(name for name in OLD if not (folder / name).exists())
            return answer

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, watched(getattr(os, name)))
        write_all(folder, NEW)
    assert missing == []


def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = prepared(tmp_path, OLD)
    real, times = os.replace, iter(range(100))

    def interrupted(*arguments: Any, **more: Any) -> None:
        if next(times) == 1:
            raise KeyboardInterrupt
        real(*arguments, **more)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(folder, NEW)
    assert tree(folder) == OLD


def test_a_folder_in_a_file_s_place_leaves_everything_as_it_was(tmp_path: Path):
    folder = prepared(tmp_path, OLD)
    (folder / "年报.txt").mkdir()
    (folder / "年报.txt" / "keep").write_bytes(b"mine")
    with pytest.raises(IsADirectoryError):
        write_all(folder, NEW)
    assert tree(folder) == {**OLD, "年报.txt/keep": b"mine"}


def test_a_link_in_the_folder_is_replaced_and_its_target_stays(tmp_path: Path):
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"mine")
    folder = prepared(tmp_path / "out", {})
    (folder / "年报.docx").symlink_to(outside)
    write_all(folder, NEW)
    assert outside.read_bytes() == b"mine"
    assert not (folder / "年报.docx").is_symlink()
    assert tree(folder) == NEW


def test_the_files_get_the_permissions_new_files_get(tmp_path: Path):
    before = os.umask(0o027)
    try:
        write_all(tmp_path, NEW)
    finally:
        os.umask(before)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in NEW} == {0o640}


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [("fsync", errno.ENOSPC, "空间"), ("replace", errno.EACCES, "权限"), ("mkdir", errno.EROFS, "无法写入")],
)
def test_a_build_that_cannot_write_says_so_and_leaves_everything_as_it_was(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, call: str, error: int, words: str
):
    report = sample(tmp_path)
    out = tmp_path / "nowhere" / "out"
    if call != "mkdir":
        prepared(out, OLD)
    before = tree(tmp_path)

    def refused(*_: Any, **__: Any) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, call, refused)
    ran = run("build", report, "-o", out, "--format", "json")
    monkeypatch.undo()
    [said] = ran.findings
    assert said.rule == "OUT-003"
    assert str(out) in said.words
    assert words in said.words
    assert "-o" in said.words
    assert "没有写出任何文件" in ran.err
    assert ran.code == 1
    assert tree(tmp_path) == before
