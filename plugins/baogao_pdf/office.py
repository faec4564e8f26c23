"""LibreOffice as a program: found, run with a profile of its own and a time limit, its group ended, its traces removed.

Its exit code says nothing, so only the files it wrote count.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path

from baogao.language import Message, say

__all__ = ["VARIABLE", "OfficeError", "convert", "find_office"]

VARIABLE = "BAOGAO_SOFFICE"
"""The environment variable that names the program where it is not on PATH."""

USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)

ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)

SETTINGS = (
    ("Office.Common/Filter/PDF/Export", "UseTaggedPDF", "true"),
    ("Office.Common/Filter/PDF/Export", "ExportBookmarks", "true"),
    ("Office.Common/Filter/PDF/Export", "ExportNotes", "false"),
    # nothing is fetched: no link is followed, no macro runs, no update is asked for, and the proxy is a closed port
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)

ARGUMENTS = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")


class OfficeError(Exception):
    """LibreOffice made no PDF; the message says why, the hint what to do."""

    def __init__(self, message: Message, hint: Message) -> None:
        """Take what went wrong and the way out."""
        super().__init__(message)
        self.message = message
        self.hint = hint


def find_office() -> Path | None:
    """Return LibreOffice: as the environment names it, from PATH, or where installers put it."""
    named = os.environ.get(VARIABLE)
    found = [shutil.which(name) for name in ([named] if named else ["soffice", "libreoffice", *USUAL_PLACES])]
    return next((Path(path) for path in found if path), None)


def convert(documents: Sequence[bytes], *, timeout: float) -> list[bytes]:
    """Return a PDF for each DOCX, all made by one call of LibreOffice; raise OfficeError where one is missing."""
    office = find_office()
    if office is None:
        raise _missing()
    with tempfile.TemporaryDirectory(prefix="baogao-", ignore_cleanup_errors=True) as folder:
        names = [f"{number}.docx" for number in range(1, len(documents) + 1)]
        for name, content in zip(names, documents, strict=True):
            (Path(folder) / name).write_bytes(content)
        said = _run(office, Path(folder), names, timeout)
        return [_made(Path(folder, "made", name).with_suffix(".pdf"), said) for name in names]


def _missing() -> OfficeError:
    named = os.environ.get(VARIABLE)
    if named:
        message = say("{variable} 所指的 {path} 不是可以运行的程序", variable=VARIABLE, path=named)
    else:
        message = say("没有找到 LibreOffice，不能生成 PDF")
    hint = say(
        "安装 LibreOffice（Debian、Ubuntu：apt install libreoffice-writer-nogui；Windows、macOS：用官方安装包），"
        "或用环境变量 {variable} 指明 soffice 的位置；不要 PDF 的，从 outputs 里去掉 pdf",
        variable=VARIABLE,
    )
    return OfficeError(message, hint)


def _run(office: Path, folder: Path, names: Sequence[str], timeout: float) -> str:
    """Run LibreOffice to its end and return what it said."""
    profile = folder / "profile"
    _settle(profile)
    command = [str(office), f"-env:UserInstallation={profile.as_uri()}", *ARGUMENTS]
    command += ["--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder / "made")]
    said = folder / "said"
    with said.open("wb") as log, _started([*command, *names], folder, log.fileno()) as process:
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired as exc:
            message = say("LibreOffice 用了 {seconds} 秒还没有做完，已经终止", seconds=timeout)
            hint = say("再试一次；机器慢、报告长的，在 outputs 里加大 timeout（秒）")
            raise OfficeError(message, hint) from exc
    return " ".join(said.read_bytes().decode("utf-8", "replace").split())[-300:]


def _settle(profile: Path) -> None:
    """Write the settings LibreOffice starts with."""
    items = "".join(ITEM.format(path=path, name=name, value=value) for path, name, value in SETTINGS)
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>", encoding="utf-8")


@contextlib.contextmanager
def _started(command: Sequence[str], folder: Path, log: int) -> Generator[subprocess.Popen[bytes]]:
    """Start the program in a process group of its own; whatever happens, nothing of it runs on afterwards."""
    scratch = {name: str(folder) for name in ("TMPDIR", "TMP", "TEMP", "OSL_SOCKET_PATH")}
    environment = {**os.environ, **scratch, "SAL_USE_VCLPLUGIN": "svp", "TZ": "UTC"}
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is LibreOffice, its arguments are ours
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as exc:
        message = say("LibreOffice（{path}）启动不了：{error}", path=command[0], error=exc.strerror or str(exc))
        raise OfficeError(message, _missing().hint) from exc
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program, where it still runs, and all it has started."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)  # noqa: S603 - ends only what was started here
    process.wait()


def _made(path: Path, said: str) -> bytes:
    """Return what was written; the exit code says nothing, so the file itself is looked at."""
    content = path.read_bytes() if path.is_file() else b""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return content
    wrote = say("写出的不是完整的 PDF") if content else say("什么也没有写出")
    message = say("LibreOffice 没有做成 PDF：{wrote}；它说的是“{said}”", wrote=wrote, said=said)
    hint = say("用 LibreOffice 打开同名的 DOCX 看看；也可能是磁盘已满，或 LibreOffice 没有装全（要有 Writer）")
    raise OfficeError(message, hint)
