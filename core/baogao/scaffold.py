"""A new report folder: files that a person can fill in without reading a manual."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from baogao.files.yaml import parse_yaml
from baogao.hooks.registry import Registry
from baogao.model.bands import Band, Node
from baogao.model.cells import GAP, CellType
from baogao.model.forms import Edition
from baogao.model.tables import TableSpec
from baogao.samples import plain
from baogao.stages.load import REPORT_FILE, project_of
from baogao.stages.plan import PlannedSection, find_edition, plan_sections

__all__ = ["NewReport", "draw_files"]


@dataclass(frozen=True, slots=True)
class NewReport:
    """What is known of a report before it is begun."""

    form: str
    year: int
    unit: str
    kind: str = "department"


def draw_files(new: NewReport, folder: Path, registry: Registry) -> dict[str, str]:
    """Return the files of a new report by name; raise InputError for an unknown form or year."""
    text = _report_yaml(new)
    project = project_of(folder, parse_yaml(text, REPORT_FILE))
    edition = find_edition(project, registry)
    plan = plan_sections(project, registry, edition)
    files = {REPORT_FILE: _titled(_with_outputs(_with_powers(text, edition), edition), edition)}
    for section in plan.sections:
        files.update(_section_files(section))
    return files


def _report_yaml(new: NewReport) -> str:
    return f"""\
# 冒号用半角“:”，后面空一格。“#”后面是说明，可以不管。
form: {new.form}
year: {new.year}
unit:
  name: {_quoted(new.unit)}
  kind: {new.kind}          # department 部门 · government 政府 · township 乡镇街道 · other 其他
  #short_names: [某某局, 我局]     # 正文里用的简称
  #address: 某某路1号
  #postcode: "000000"
  #phone: 0000-0000000
  #website: {{name: 某某网站, domain: www.example.gov.cn, id: "0000000000"}}     # 网页的标签要用，没有填时网页不能公布
date:                      # 公布日期，如 {new.year + 1}-01-20
"""


def _quoted(text: str) -> str:
    """Return a text as YAML that reads as just this text."""
    return json.dumps(text, ensure_ascii=False)


def _with_powers(text: str, edition: Edition) -> str:
    """Ask for the powers that the form wants to know of."""
    if not edition.powers:
        return text
    written = ", ".join(f"{name}: true" for name in edition.powers)
    lines = (
        f"  # 职权，有的写 true，没有的写 false：{'、'.join(edition.powers.values())}；没有这项职权而有数的会提醒\n"
        f"  #powers: {{{written}}}\n"
    )
    return text.replace("date: ", f"{lines}date: ", 1)


def _with_outputs(text: str, edition: Edition) -> str:
    """Say what is made of the report where nothing is changed."""
    return f"{text}outputs: {plain(list(edition.outputs))}\n"


def _titled(text: str, edition: Edition) -> str:
    """Put the form's title and the order of work on top."""
    return (
        f"# {edition.title}（{edition.id} 版格式，{edition.basis}）\n"
        "# 填写顺序：本文件 → 各 .yaml 表格 → 各 .md 文字；填好后运行 baogao check，再运行 baogao build。\n"
        f"{text}"
    )


def _section_files(section: PlannedSection) -> Iterator[tuple[str, str]]:
    schema = section.schema
    if schema.table is not None:
        yield (
            f"{section.id}.yaml",
            "\n".join(_table_lines(section.title or schema.title or section.id, schema.table)) + "\n",
        )
    if schema.text is not None and not schema.text.default and not section.optional:
        yield f"{section.id}.md", schema.text.outline or f"{GAP}\n"


def _table_lines(title: str, table: TableSpec) -> Iterator[str]:
    yield f"# {title}"
    if _is_single(table):
        yield from _answer_lines(table)
        return
    yield "# 一格一行：把数填在冒号后面，冒号后空一格；没有的填 0，不要空着。# 后面是这一格的中文名称。"
    if any(node.computed for band in table.bands for tree in (*band.columns, *band.rows) for node in tree.walk()):
        yield "# 总计不用写，系统会算；写了就按写的印，并且核对。"
    for band in table.bands:
        yield ""
        yield from _band_lines(band)


def _is_single(table: TableSpec) -> bool:
    """Tell whether each row has a single answer."""
    return all(len(band.column_leaves) == 1 and not band.is_list for band in table.bands)


def _answer_lines(table: TableSpec) -> Iterator[str]:
    """Yield a line for each answer, with what it asks and what may be written."""
    yield "# 一行一个答案，写在冒号后面，冒号后空一格；数没有的填 0。# 后面是这一行的中文名称，和可以写什么。"
    labels = {leaf.id: label for band in table.bands for node in band.rows for leaf, label in _chains(node, "")}
    wanted = [cell for cell in table.cells if not cell.computed]
    width = max(len(cell.row.id) for cell in wanted) + 6
    for cell in table.cells:
        if cell.computed:
            yield f"# {labels[cell.row.id]}：自动计算"
        else:
            yield f"{cell.row.id}:".ljust(width) + f"# {labels[cell.row.id]}：{_what(cell.type)}"


def _chains(node: Node, above: str) -> Iterator[tuple[Node, str]]:
    if not node.children:
        yield node, f"{above}{node.label}"
    for child in node.children:
        yield from _chains(child, f"{above}{node.label} › ")


def _what(kind: CellType) -> str:
    """Say what may be written in a cell."""
    if not kind.choices:
        return kind.label or kind.name
    if kind.rules.get("type") == "list":
        return f"可以几项，如 [{', '.join(kind.choices[:2])}]；没有的写 []"
    return "、".join(kind.choices) + "，写一个"


def _band_lines(band: Band) -> Iterator[str]:
    if band.label:
        yield f"# ── {band.label}"
    if band.is_list:
        yield "# 有几行写几行：去掉行首的 #，照样重复；一行也没有的写 []"
        if band.levels.prefix:
            yield "# 编码较短的行等于以它开头的各行之和，可以不写金额，由系统计算"
        if band.levels.total:
            yield f"# “{band.levels.total}”一行可以不写，由系统计算"
        first, *others = band.column_leaves
        yield f"#- {first.id}:        # {first.label}"
        yield from (f"#  {leaf.id}:        # {leaf.label}" for leaf in others if not leaf.computed)
    for node in band.rows:
        yield from _row_lines(node, band, "")


def _row_lines(node: Node, band: Band, above: str) -> Iterator[str]:
    label = f"{above}{node.label}"
    if node.children:
        for child in node.children:
            yield from _row_lines(child, band, f"{label} › ")
    elif node.computed:
        yield f"# {label}：自动计算"
    else:
        columns = [leaf for leaf in band.column_leaves if not leaf.computed]
        width = max(len(leaf.id) for leaf in columns) + 6
        yield f"# {label}"
        yield f"{node.id}:"
        yield from (f"  {leaf.id}:".ljust(width + 3) + f"# {leaf.label}" for leaf in columns)
