"""`baogao schema export`: JSON Schemas with which an editor completes and checks the YAML files of a report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baogao.cli import options
from baogao.cli.exits import PASSED
from baogao.cli.speaking import SpeakingCommand, SpeakingGroup, tell
from baogao.language import say

if TYPE_CHECKING:
    from baogao.hooks.registry import Registry

__all__ = ["command"]

HELP = """给编辑器用的 JSON Schema。

  baogao schema export"""

EXPORT_HELP = say(
    """写出 JSON Schema：report.yaml、waivers.yaml、form.yaml、章节定义、规则文件各一份，
每种报告、每个版本的每张表格也各一份。

VS Code 装上 YAML 插件（redhat.vscode-yaml）后，填表时就有提示：有哪些行和列、中文叫什么、该填什么。
标准输出是 .vscode/settings.json 里要写的设置，表格按最新的版本。

  baogao schema export -o json-schema > .vscode/settings.json"""
)

FOLDER = Path("json-schema")
FILES: Mapping[str, str] = {
    "report": "report.yaml",
    "waivers": "waivers.yaml",
    "form": "form.yaml",
    "rules": "*.rules.yaml",
}
"""Which files each of the engine's shapes is for; a section's schema has the name of its data, so it needs the line."""


@click.group("schema", cls=SpeakingGroup, help=HELP, short_help=say("写出给编辑器用的 JSON Schema"))
def command() -> None:
    """Hold the commands on JSON Schemas."""


@command.command("export", cls=SpeakingCommand, help=EXPORT_HELP, short_help=say("写出 JSON Schema"))
@click.option(
    "-o",
    "--output",
    type=options.NamedPath(),
    metavar="DIR",
    default=FOLDER,
    show_default=True,
    help=say("写到哪个文件夹"),
)
@options.block_option
@click.pass_context
def export(context: click.Context, output: Path, block: tuple[str, ...]) -> int:
    """Write the schemas, and say how to use them."""
    from baogao.hooks.registry import open_registry

    schemas = dict(_schemas(open_registry(options.selection(block))))
    _write(output, schemas)
    click.echo(json.dumps({"yaml.schemas": _settings(output, schemas)}, ensure_ascii=False, indent=2))
    tell(context, say("已写出 {count} 个文件到 {folder}", count=len(schemas), folder=str(output)))
    tell(context, say("VS Code 装上 YAML 插件，把上面的设置写进 .vscode/settings.json；"))
    example = _newest(schemas)[-1]
    line = f"# yaml-language-server: $schema={(output / example).as_posix()}"
    tell(context, say("或者在一个文件的第一行写（路径从这个文件算起）：{line}", line=line))
    return PASSED


def _schemas(registry: Registry) -> Iterator[tuple[str, Any]]:
    """Yield the schemas by file name: those of the engine's shapes, then of each table of each edition."""
    from baogao.definitions.json_schema import SHAPES, shape_schema, table_schema
    from baogao.stages.survey import survey

    for name in SHAPES:
        yield f"{name}.json", shape_schema(name)
    for surveyed in survey(registry):
        edition = surveyed.edition
        for section in surveyed.plan.sections:
            if section.schema.table is not None:
                title = f"{section.title or section.schema.title}（{edition.title}，{edition.id} 版）"
                yield f"{edition.form}/{edition.id}/{section.id}.json", table_schema(section.schema.table, title)


def _newest(schemas: Mapping[str, Any]) -> list[str]:
    """Return the schemas of tables, for each section that of the latest edition: editions come in order."""
    newest: dict[str, str] = {}
    for name in schemas:
        if "/" in name:
            newest[Path(name).name] = name
    return list(newest.values())


def _settings(folder: Path, schemas: Mapping[str, Any]) -> dict[str, str]:
    shapes = {f"{name}.json": files for name, files in FILES.items()}
    tables = {name: f"{Path(name).stem}.yaml" for name in _newest(schemas)}
    return {(folder / name).as_posix(): files for name, files in {**shapes, **tables}.items()}


def _write(folder: Path, schemas: Mapping[str, Any]) -> None:
    from baogao.errors import OutputError
    from baogao.files.writing import write_all
    from baogao.model.findings import Finding

    files = {name: f"{json.dumps(schema, ensure_ascii=False, indent=1)}\n" for name, schema in schemas.items()}
    try:
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_all(folder, {name: text.encode("utf-8") for name, text in files.items()})
    except OSError as error:
        message = say("无法写入 {folder}：{error}", folder=str(folder), error=error.strerror or str(error))
        raise OutputError([Finding(message, rule="OUT-003")]) from error
