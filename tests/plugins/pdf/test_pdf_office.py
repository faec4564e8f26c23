"""LibreOffice as a program: missing, hanging, failing or silent, it never goes unnoticed and leaves nothing."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from baogao_pdf import office
from baogao_pdf.office import USUAL_PLACES, VARIABLE, OfficeError, convert, find_office
from plugins.pdf.papers import with_pdf
from reports import EXAMPLE, Run

Pretend = Callable[[str], Path]

WHOLE = "printf '%%PDF-1.6 whole %%%%EOF\\n' > \"$out/1.pdf\""


def refused(timeout: float = 20) -> OfficeError:
    with pytest.raises(OfficeError) as caught:
        convert([b"a document"], timeout=timeout)
    return caught.value


def alive(process: int) -> bool:
    """Tell whether a process still runs two seconds on; one that has ended and waits to be collected does not."""
    for _ in range(40):
        try:
            state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True


# What it does


def test_one_that_hangs_is_ended_with_all_it_has_started(pretend: Pretend, scratch: Path, tmp_path: Path):
    note = tmp_path / "child"
    pretend(f'sleep 600 &\necho $! > "{note}"\nwait')
    begun = time.monotonic()
    error = refused(timeout=1)

    assert "LibreOffice 用了 1 秒还没有做完，已经终止" in str(error)
    assert "timeout" in error.hint
    assert time.monotonic() - begun < 10
    if Path("/proc").is_dir():
        assert not alive(int(note.read_text("utf-8")))
    assert list(scratch.iterdir()) == []


def test_what_it_leaves_running_is_not_waited_for_and_ended(pretend: Pretend, scratch: Path, tmp_path: Path):
    note = tmp_path / "child"
    pretend(f'sleep 600 &\necho $! > "{note}"\n{WHOLE}')

    assert convert([b"a document"], timeout=20) == [b"%PDF-1.6 whole %%EOF\n"]
    if Path("/proc").is_dir():
        assert not alive(int(note.read_text("utf-8")))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("echo 'source file could not be loaded' >&2; exit 1", "什么也没有写出", id="fails"),
        pytest.param("exit 0", "什么也没有写出", id="says that all is well and writes nothing"),
        pytest.param(': > "$out/1.pdf"', "什么也没有写出", id="writes an empty file"),
        pytest.param('echo junk > "$out/1.pdf"', "不是完整的 PDF", id="writes junk"),
        pytest.param("printf '%%PDF-1.6 half' > \"$out/1.pdf\"", "不是完整的 PDF", id="stops halfway"),
        pytest.param(WHOLE.replace("1.pdf", "2.pdf"), "什么也没有写出", id="writes another file"),
        pytest.param("kill -9 $$", "什么也没有写出", id="is killed"),
    ],
)
def test_without_a_whole_file_there_is_no_pdf(pretend: Pretend, scratch: Path, body: str, words: str):
    pretend(body)
    error = refused()

    assert words in str(error)
    assert "用 LibreOffice 打开" in error.hint
    assert list(scratch.iterdir()) == []


def test_what_it_said_is_told(pretend: Pretend):
    pretend("echo 'source file could not be loaded' >&2")

    assert "source file could not be loaded" in str(refused())


def test_the_exit_code_says_nothing(pretend: Pretend):
    pretend(f"{WHOLE}; exit 77")

    assert convert([b"a document"], timeout=20) == [b"%PDF-1.6 whole %%EOF\n"]


def test_each_call_has_a_profile_of_its_own_and_leaves_nothing(pretend: Pretend, scratch: Path, tmp_path: Path):
    note = tmp_path / "arguments"
    pretend(f'echo "$1 $TMPDIR" >> "{note}"; {WHOLE}')
    for _ in range(2):
        convert([b"a document"], timeout=20)
    first, second = note.read_text("utf-8").splitlines()

    assert first != second
    for line in (first, second):
        profile, temporary = line.split()
        assert profile == f"-env:UserInstallation={(Path(temporary) / 'profile').as_uri()}"
        assert Path(temporary).parent == scratch
    assert list(scratch.iterdir()) == []


def test_many_documents_are_one_call(pretend: Pretend, tmp_path: Path):
    note = tmp_path / "calls"
    pretend(
        f'echo x >> "{note}"\nfor name; do case $name in *.docx) cp "$name" "$out/${{name%.docx}}.pdf";; esac; done'
    )
    documents = [b"%%PDF-1.6 %d %%%%EOF" % number for number in range(12)]

    assert convert(documents, timeout=20) == documents
    assert note.read_text("utf-8").split() == ["x"]


# Where it is


def test_it_is_found_on_the_path_or_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, pretend: Pretend):
    script = pretend("exit 0")
    assert find_office() == script

    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("PATH", str(script.parent))
    assert find_office() == script

    script.rename(script.with_name("libreoffice"))
    assert find_office() == script.with_name("libreoffice")


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide whatever is installed."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "USUAL_PLACES", ())


@pytest.mark.usefixtures("nowhere")
def test_where_it_is_missing_one_learns_what_to_install():
    error = refused()

    assert str(error) == "没有找到 LibreOffice，不能生成 PDF"
    assert all(word in error.hint for word in ("apt install libreoffice-writer-nogui", "Windows", "macOS", VARIABLE))


@pytest.mark.parametrize("name", ["nothing", "folder", "text"])
def test_what_the_environment_names_must_be_a_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("no program", "utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path / name))

    assert f"{VARIABLE} 所指的 {tmp_path / name} 不是可以运行的程序" in str(refused())


@pytest.mark.skipif(os.name == "nt", reason="a file is a program by its suffix on Windows")
def test_a_program_that_cannot_be_started_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    broken = tmp_path / "soffice"
    broken.write_bytes(b"\x7fELF broken")
    broken.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(broken))

    assert f"LibreOffice（{broken}）启动不了" in str(refused())


def test_the_usual_places_are_those_of_the_installers():
    assert [place.rpartition("soffice")[2] for place in USUAL_PLACES] == ["", ".com"]


# What becomes of the report


@pytest.mark.usefixtures("nowhere")
def test_a_pdf_that_is_asked_for_and_cannot_be_made_stops_the_run(run: Run, tmp_path: Path):
    ran = run("build", with_pdf(tmp_path / "report"), "-o", tmp_path / "out", "--format", "json")

    assert ran.code == 1
    assert [finding.rule for finding in ran.findings] == ["PDF-003"]
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("nowhere")
def test_other_outputs_need_no_libreoffice(run: Run, tmp_path: Path):
    assert run("build", EXAMPLE, "--to", "docx", "-o", tmp_path / "out").code == 0
    assert run("build", with_pdf(tmp_path / "report"), "--to", "docx", "-o", tmp_path / "out").code == 0


def test_a_time_limit_of_its_own_can_be_set_for_an_output(run: Run, tmp_path: Path, pretend: Pretend):
    pretend("sleep 600")
    report = with_pdf(tmp_path / "report")
    settings = report / "report.yaml"
    settings.write_text(settings.read_text("utf-8").replace("renderer: pdf,", "renderer: pdf, timeout: 1,"), "utf-8")
    [found] = run("build", report, "--format", "json").findings

    assert "用了 1 秒" in found.words


@pytest.mark.parametrize("typed", ["0", "-1", "soon", "1.5", "''"])
def test_a_time_limit_that_is_none_is_refused(run: Run, tmp_path: Path, typed: str):
    report = with_pdf(tmp_path / "report")
    settings = report / "report.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace("renderer: pdf,", f"renderer: pdf, timeout: {typed},"), "utf-8"
    )

    assert [finding.rule for finding in run("check", report, "--format", "json").findings] == ["SRC-008"]


def test_without_pypdf_one_learns_what_to_install(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pypdf" else found(name))
    [said] = run("build", with_pdf(tmp_path / "report"), "--format", "json").findings

    assert said.rule == "PDF-003"
    assert "pip install 'baogao[pdf]'" in said.words
