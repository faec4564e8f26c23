"""How a batch grows: `python benchmarks/batch.py [REPORTS]` prints rates, ratios on doubling, and memory.

Times on a shared machine wander; the ratio of two runs that follow each other says more.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from baogao import pipeline

EXAMPLE = Path(__file__).parents[1] / "examples" / "luolong-2020"


def lines(path: Path, count: int) -> Path:
    """Write as many reports, a line each, that differ in the unit's name."""
    from baogao_json.renderer import written

    source = dict(pipeline.open_report(EXAMPLE).report.source)
    name = source["unit"]["name"]
    text = written(source)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(text.replace(name, f"{name}{number}号") + "\n")
    return path


def measured(command: str, reports: Path, out: Path, jobs: int) -> tuple[float, int]:
    """Return the seconds of a batch and the largest memory of one of its processes, in kB."""
    program = f"""
import resource, sys
from baogao.cli.main import main
if __name__ == "__main__":
    try:
        main(["batch", {command!r}, {str(reports)!r}, "-o", {str(out)!r}, "--jobs", {str(jobs)!r}, "--format", "json"])
    except SystemExit as left:
        most = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print("MEMORY", left.code, *most, file=sys.stderr)
"""
    script = out.with_suffix(".py")
    script.write_text(program, encoding="utf-8")
    start = time.perf_counter()
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)  # noqa: S603  # this program
    spent = time.perf_counter() - start
    _, code, *most = ran.stderr.strip().splitlines()[-1].split()
    assert code == "0", ran.stdout
    return spent, max(map(int, most))


def main() -> None:
    """Measure N, 2 N and 10 N reports, from one .jsonl each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    jobs = 2
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for command in ("check", "build"):
            found = {}
            for times in (1, 2, 10):
                reports = lines(root / f"{times}.jsonl", count * times)
                found[times] = measured(command, reports, root / f"{command}-{times}", jobs)
                seconds, memory = found[times]
                rate = count * times / seconds
                print(f"{command:6} {count * times:6} reports  {rate:7.1f}/s  {memory / 1024:6.1f} MB", flush=True)
            doubling, tenfold = (found[times][0] / found[1][0] for times in (2, 10))
            memory_ratio = found[10][1] / found[1][1]
            print(f"{command:6} time × {doubling:.2f} on doubling, × {tenfold:.2f} at ten times", flush=True)
            print(f"{command:6} memory × {memory_ratio:.2f} at ten times", flush=True)


if __name__ == "__main__":
    main()
