"""命令 baogao cells：列出报告的各格，一行一格，供别的程序取用。"""

from __future__ import annotations

from pathlib import Path

import click

import baogao


@click.command("cells", help="列出报告文件夹 DIR 的各格：路径、值、在表里的位置，用制表符隔开。")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--section", metavar="ID", help="只列这一章，如 requests")
def command(folder: Path, section: str | None) -> int:
    report = baogao.load(folder)
    if section is not None and report.section(section) is None:
        raise click.UsageError(f"没有“{section}”这一章；可用：{'、'.join(known.id for known in report)}")
    for path, cell in report.cells().items():
        if section in (None, path.partition(".")[0]):
            click.echo("\t".join((path, cell.text(), report.label(path))))
    return 0
