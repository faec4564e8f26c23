"""`python -m benchmarks [NAME…]`: measure, and print the tables or put them into the document."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

import click

from benchmarks import batch, chain, rendering
from benchmarks.tables import DOCUMENT, Table, put

MEASUREMENTS: dict[str, Callable[[], Iterator[Table]]] = {
    "rendering": rendering.measured,
    "chain": chain.measured,
    "batch": batch.growth,
    "cluster": batch.against_cluster,
}
LIBRARIES = ("docxtpl", "python-docx", "jinja2", "lxml", "pyyaml", "cerberus", "isal", "distributed")


def machine() -> str:
    """Return in general terms what it was measured on."""
    libraries = "、".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} 核，{platform.system()}，Python {platform.python_version()}；{libraries}。"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--write", is_flag=True, help="Put the tables into docs/benchmarks.md.")
def main(names: tuple[str, ...], *, write: bool) -> None:
    """Measure; by default everything, which takes half an hour."""
    for name in names or MEASUREMENTS:
        tables = list(MEASUREMENTS[name]())
        click.echo("\n".join(map(str, tables)))
        if write:
            put(name, machine(), tables, DOCUMENT)


if __name__ == "__main__":
    main()
