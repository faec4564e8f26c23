"""WRITE: the artifacts of a run, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import normalize

from baogao.errors import OutputError
from baogao.files.writing import write_all
from baogao.language import say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Artifact

__all__ = ["same_names", "write_artifacts"]


def same_names(artifacts: Iterable[Artifact], place: Location) -> Iterator[Finding]:
    """Yield what would be one file on a system that does not tell capitals, or one way to write a sign, apart."""
    names: dict[str, list[str]] = {}
    for artifact in artifacts:
        names.setdefault(normalize("NFC", artifact.file_name).casefold(), []).append(artifact.file_name)
    for alike in names.values():
        if len(alike) > 1:
            message = say("有 {count} 个输出都要写成 {file}", count=len(alike), file=alike[0])
            yield Finding(message, rule="SRC-008", location=place)


def write_artifacts(folder: Path, artifacts: Iterable[Artifact]) -> tuple[Path, ...]:
    """Write the artifacts and return their paths; raise OutputError, and nothing has changed on the disk."""
    files = {artifact.file_name: artifact.content for artifact in artifacts}
    try:
        return write_all(folder, files)
    except (OSError, UnicodeError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        message = say("无法写入 {folder}：{error}", folder=str(folder), error=reason)
        raise OutputError([Finding(message, rule="OUT-003")]) from exc
