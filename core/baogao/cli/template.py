"""`baogao template`: draw templates for people to edit in Word, and say what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from baogao.cli import options
from baogao.cli.exits import FOUND, PASSED, USAGE
from baogao.cli.speaking import SpeakingCommand, SpeakingGroup, catalogue_of, tell
from baogao.language import as_typed, say

if TYPE_CHECKING:
    from baogao.designing import Desk
    from baogao.model.findings import Finding

__all__ = ["command"]

HELP = """模板：文件的样子，用 Word 或 WPS 修改。

  baogao template new requests templates/requests.docx
  baogao template check templates/requests.docx"""

NEW_HELP = say(
    """把一章现在的样子写成模板 FILE，供在 Word 里修改；SECTION 写 shell 是外壳（页面、样式、页眉页脚）。

不写 SECTION 时，按文件名：requests.docx 就是 requests 这一章。FILE 在报告文件夹的 templates/ 里时，按那份报告画。
改好以后放在报告文件夹的 templates/ 里，用 baogao template check 检查。

  baogao template new requests templates/requests.docx
  baogao template new shell templates/shell.docx
  baogao template new fees 模板.docx --report 我的报告    按这份报告画"""
)

CHECK_HELP = say(
    """检查模板 FILE，一次列出所有问题：在哪一部分、第几段或第几张表第几行第几列、那里写的是什么。

按文件名认出是哪一章，也可以用 --section 写明。文件在报告文件夹的 templates/ 里时，按那份报告检查。
错误：这样的模板不能用；警告：能用，但有东西印不出来。

  baogao template check 我的报告/templates/*.docx
  baogao template check 草样.docx --section requests"""
)

F = TypeVar("F", bound=Callable[..., Any])


def place_options(function: F) -> F:
    """Take what the template is for: a report, or a form and its edition."""
    for option in (
        click.option("--profile", default="", metavar="NAME", help=say("哪种样式的文件，如 public、filing")),
        click.option("--report", type=click.Path(path_type=Path), metavar="DIR", help=say("按这个报告文件夹")),
        click.option("--edition", default="", metavar="ID", help=say("哪一版，默认最新的")),
        options.form_option,
    ):
        function = option(function)
    return function


@click.group("template", cls=SpeakingGroup, help=HELP, short_help=say("写出模板供修改，检查改好的模板"))
def command() -> None:
    """Hold the commands on templates."""


@command.command("new", cls=SpeakingCommand, help=NEW_HELP, short_help=say("写出一章现在的样子或外壳，供修改"))
@click.argument("names", metavar="[SECTION] FILE", nargs=-1, required=True)
@place_options
@click.option("--force", is_flag=True, help=say("文件已经有了也写，原来的会没有"))
@options.block_option
@click.pass_context
def new(  # one parameter an option
    context: click.Context,
    names: tuple[str, ...],
    form: str,
    edition: str,
    report: Path | None,
    profile: str,
    force: bool,
    block: tuple[str, ...],
) -> int:
    """Write a template."""
    from baogao.designing import drawn_template, kept_as, open_desk, section_of

    if len(names) > 2:
        raise click.UsageError(say("多写了 {words}", words=" ".join(names[2:])), context)
    *sections, last = list(names)
    file = Path(last)
    name = sections[0] if sections else file.stem
    if file.exists() and not force:
        tell(context, say("{path} 已经有了；换个名称，或加 --force", path=str(file)))
        return USAGE
    report = report or (_report_of(file) if _is_default(context, "form", "edition") else None)
    desk = open_desk(options.selection(block), report=report, form=form, edition=edition, section=name)
    section, profile = section_of(desk, name), profile or desk.shells.get(name, "")
    _write(file, drawn_template(desk, file, section, profile))
    _tell_next(context, file, kept_as(desk, file, section, profile))
    return PASSED


def _is_default(context: click.Context, *names: str) -> bool:
    """Tell whether none of these options was given."""
    return all(context.get_parameter_source(name) is ParameterSource.DEFAULT for name in names)


def _write(file: Path, content: bytes) -> None:
    from baogao.errors import OutputError
    from baogao.files.writing import write_all
    from baogao.model.findings import Finding

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_all(file.parent, {file.name: content})
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = say("无法写入 {folder}：{error}", folder=str(file), error=reason)
        raise OutputError([Finding(message, rule="OUT-003")]) from error


def _tell_next(context: click.Context, file: Path, name: str) -> None:
    tell(context, say("已写出 {path}", path=str(file)))
    tell(context, say("下一步：修改它（.docx 用 Word 或 WPS），标记（{tag}）不要动；", tag="{{ … }}"))
    if (_report_of(file) or _is_of_plugin(file)) and file.name == name:
        tell(context, say("改好以后运行 baogao template check {file}", file=as_typed(file)))
        return
    tell(context, say("存到报告文件夹的 {kept}，再运行 baogao template check {kept}", kept=f"templates/{name}"))


@command.command("check", cls=SpeakingCommand, help=CHECK_HELP, short_help=say("检查模板，指出每处问题的位置"))
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--section", default="", metavar="ID", help=say("是哪一章的模板；外壳写 shell。默认看文件名"))
@place_options
@options.format_option("table", "concise", "json")
@options.block_option
@click.pass_context
def check(  # one parameter an option
    context: click.Context,
    files: tuple[Path, ...],
    section: str,
    form: str,
    edition: str,
    report: Path | None,
    profile: str,
    format_: str,
    block: tuple[str, ...],
) -> int:
    """Check templates."""
    from baogao.designing import judged_template, open_desk, section_of

    judged: dict[Path, tuple[str, list[Finding]]] = {}
    for file in files:
        name = section or file.stem
        folder = report or _report_of(file)
        desk: Desk = open_desk(options.selection(block), report=folder, form=form, edition=edition, section=name)
        chosen = section_of(desk, name)
        judged[file] = chosen, list(judged_template(desk, file, chosen, profile or desk.shells.get(file.stem, "")))
    _show(context, judged, format_)
    found = [finding for _, findings in judged.values() for finding in findings]
    return FOUND if any(finding.severity.value == "error" for finding in found) else PASSED


def _report_of(file: Path) -> Path | None:
    """Return the report folder in whose templates the file lies, or None."""
    folder = file.absolute().parent
    is_of_report = folder.name == "templates" and (folder.parent / "report.yaml").is_file()
    return folder.parent if is_of_report else None


def _is_of_plugin(file: Path) -> bool:
    """Tell whether the file lies in the templates of a plugin, beside its module."""
    folder = file.absolute().parent
    return folder.name == "templates" and (folder.parent / "__init__.py").is_file()


def _show(context: click.Context, judged: dict[Path, tuple[str, list[Finding]]], format_: str) -> None:
    from baogao.cli.showing import finding_json, line_of

    catalogue = catalogue_of(context)
    if format_ == "json":
        listing = [
            {"file": str(file), "section": section, "findings": [finding_json(found, catalogue) for found in findings]}
            for file, (section, findings) in judged.items()
        ]
        click.echo(json.dumps(listing, ensure_ascii=False, indent=2))
        return
    for file, (_, findings) in judged.items():
        for finding in findings:
            click.echo(line_of(finding, catalogue))
            if format_ == "table" and finding.hint:
                click.echo(catalogue.text(say("  怎么改：{hint}", hint=finding.hint)))
        if not findings:
            tell(context, say("{path}：没有问题", path=str(file)))
