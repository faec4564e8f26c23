"""What a run keeps of its reports is on the disk: its memory does not grow with their number."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from baogao.batch.journal import Journal, Record, record_of
from baogao.batch.running import Batch, run_batch
from baogao.batch.searching import find_targets
from baogao.batch.summary import Beside, summed_up, write_summary
from baogao.batch.tasks import Result, Settings
from baogao.model.findings import Finding

FEW, MANY = 300, 2300
LEAST = 100
"""Bytes that are less than what is needed to keep anything of a report, were it but its name."""


def lines(path: Path, count: int) -> Path:
    """Write a line for each report of as many units; none of them can be read as a report."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"unit": {"name": unit(number)}, "year": 2020}) + "\n" for number in range(count))
    return path


def unit(number: int) -> str:
    return f"某某区某某街道办事处{number}号"


def recorded(number: int) -> Record:
    """Return the record of a report with a finding of its own words."""
    said = f"{unit(number)}的报告有一处不对" * 5
    finding = {"rule": "T3-001", "severity": "error", "state": "fail", "waived": None, "message": said, "hint": ""}
    return {
        "name": f"{unit(number)}2020",
        "input": f"{number:064}",
        "state": "found",
        "report": {"form": "disclosure", "form_title": "年度报告", "year": 2020, "unit": unit(number)},
        "summary": {"error": 1},
        "gravest": 0,
        "rules": {"T3-001": {"title": "收到的申请与处理的申请相等", "count": 1, "unassessable": 0}},
        "outputs": {f"{unit(number)}2020年度报告.docx": f"{number:064}"},
        "verified": False,
        "compared": False,
        "findings": [{**finding, "location": {"file": "requests.yaml", "line": 1, "column": 1}}],
    }


def most(do: Callable[[], object]) -> int:
    """Return the most bytes that were taken while something was done, beyond those that were there before.

    The table of names that Python itself keeps grows now and then, and never twice in a row.
    """
    return min(_most(do) for _ in range(2))


def _most(do: Callable[[], object]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_finding_and_summing_up_reports_takes_the_same_memory_however_many_there_are(tmp_path: Path):
    def once(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        with (folder / "journal.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(recorded(number), ensure_ascii=False) + "\n" for number in range(count))
        reports = lines(folder / "全区.jsonl", count)
        return most(lambda: found_and_summed(reports))

    once(1)
    least, more = once(FEW), once(MANY)

    assert (more - least) / (MANY - FEW) < LEAST


def found_and_summed(reports: Path) -> None:
    found, folder = find_targets([str(reports)]).reports, reports.parent
    with Journal(folder / "journal.jsonl") as journal:
        journal.settle()
    with Journal(folder / "journal.jsonl") as journal:

        def records() -> Iterator[Record]:
            return journal.records(found.names())

        others = (record["name"] for record in journal.others(found))
        summary = summed_up(records(), others, Beside())
        write_summary(folder, summary, records, build=True, language="zh", said=str)
    assert summary.total == len(found)


class Quiet:
    """Says nothing of how far a run is."""

    def done(self, result: Result) -> None:
        """Say nothing."""

    def waiting(self, name: str, seconds: float) -> None:
        """Say nothing."""


def kept(folder: Path, count: int) -> int:
    """Return how many bytes that our own code has taken are kept when the last of so many reports is done."""
    batch = Batch(
        find_targets([str(lines(folder / f"{count}.jsonl", count))]).reports, Settings(folder / "out", False), 2
    )
    sizes: list[int] = []

    def measure(journal: Journal) -> None:
        gc.collect()
        names = tracemalloc.Filter(
            inclusive=False, filename_pattern="*/pathlib*"
        )  # the table of names of Python itself
        taken = tracemalloc.take_snapshot().filter_traces([names])
        sizes.append(sum(trace.size for trace in taken.traces))

    assert run_batch(batch, lambda result: record_of(result, str, described), measure, progress=Quiet())
    return sizes[0]


def described(finding: Finding) -> Record:
    return {"rule": finding.rule, "message": str(finding.message)}


def test_a_run_keeps_nothing_of_a_report_that_is_done(tmp_path: Path):
    def once(count: int) -> int:
        tracemalloc.start()
        try:
            return kept(tmp_path, count)
        finally:
            tracemalloc.stop()

    once(1)
    few, many = once(50), once(550)

    assert (many - few) / 500 < LEAST


CRAMPED = """
import resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from baogao.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind are not on Windows")
def test_where_there_is_no_room_for_what_must_be_kept_it_is_said(tmp_path: Path):
    words = ["batch", "check", str(lines(tmp_path / "x.jsonl", FEW)), "-o", str(tmp_path / "out")]
    ran = subprocess.run([sys.executable, "-c", CRAMPED, *words], capture_output=True, check=False, text=True)

    assert (ran.returncode, (tmp_path / "out").exists()) == (3, False)
    assert "OUT-003 临时文件写不了：" in ran.stderr
    assert "TMPDIR" in ran.stderr
    assert "Traceback" not in ran.stderr
