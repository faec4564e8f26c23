"""Rules on figures that a unit without the power for them cannot have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baogao import rule, say
from baogao_disclosure.figures import cells_of, number, number_of, unassessable
from baogao_disclosure.sentences import sentences_with

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from baogao import Cell, Finding, Report
    from baogao_disclosure.figures import Number

FORMS = ("disclosure",)
POWERS: Mapping[str, str] = {
    "permits": "行政许可",
    "penalties": "行政处罚",
    "coercion": "行政强制",
    "fees": "行政事业性收费",
}
PUBLISHED = (
    r"(?:公开|公示|公布|发布)[^，。；]{0,12}%s(?:决定|结果|信息|案件|事项){0,3}"
    r"[^\d，。；、和及与]{0,4}([1-9]\d*)\s*[件条项宗起]"
)
DECISIONS: Mapping[str, re.Pattern[str]] = {
    row: re.compile(PUBLISHED % name) for row, name in POWERS.items() if row != "fees"
}


@rule(
    "T2-002",
    title="没有规章制定权的单位，规章各格为 0",
    severity="warning",
    gate="数据关",
    basis="立法法关于规章制定权的规定；按单位职权核对为推定",
    hint="多半把规范性文件填进了“规章”；职权有误的，改 report.yaml 的 unit.powers.regulations",
    forms=FORMS,
    examples=(
        {"set": {"proactive.regulations.made": 1}, "unit": {"powers": {"regulations": "true"}}, "passes": True},
        {"set": {"proactive.regulations.made": 1}, "unit": {"powers": {}}, "passes": True},
        {"set": {"proactive.regulations.made": 1}, "paths": ["proactive.regulations"]},
    ),
)
def no_regulations(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """规章只能由有制定权的机关制发。单位资料写明没有制定权的单位，以及没有写明的乡镇、街道，规章一行应填 0。"""
    if report.unit.powers.get("regulations", report.unit.kind != "township"):
        return
    proactive = cells_of(report, "proactive")
    cells = {path: cell for path, cell in proactive.items() if path.startswith("proactive.regulations.")}
    filled = tuple(path for path, cell in cells.items() if number_of(cell))
    blanks = tuple(path for path, cell in cells.items() if cell.blank)
    if filled:
        yield report.finding("proactive.regulations", say("本单位没有规章制定权，规章应为 0"), cells=filled)
    elif blanks:
        yield unassessable(report, "proactive.regulations", blanks)


@rule(
    "T2-003",
    title="许可、处罚、强制、收费的数量与单位职权相符",
    severity="warning",
    gate="数据关",
    basis="条例第二十条第（五）、（六）、（八）项；按单位职权核对为推定",
    hint="核对这一行；职权有误的，改 report.yaml 的 unit.powers",
    forms=FORMS,
    examples=(
        {"set": {"proactive.permits.decisions": 3}, "passes": True},
        {"set": {"proactive.permits.decisions": 3}, "unit": {"powers": {"penalties": "false"}}, "passes": True},
        {
            "set": {"proactive.permits.decisions": 3},
            "unit": {"powers": {"permits": "false"}},
            "paths": ["proactive.permits"],
        },
        {"text": {"overview": "公示行政处罚决定12件。"}, "paths": ["proactive.penalties"]},
    ),
)
def figures_fit_powers(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """单位资料写明没有某项职权的，这一行应填 0；正文说公开了处理决定的，这一行不应为 0。没有写明的职权不作判断。"""
    cells = cells_of(report, "proactive")
    for row, name in POWERS.items():
        paths = _paths_of(row, cells)
        value = _amount([cells[path] for path in paths])
        path = f"proactive.{row}"
        if report.unit.powers.get(row) is False:
            if value is None:
                yield unassessable(report, path, (cell for cell in paths if number(report, cell) is None))
            elif value:
                message = say("本单位没有“{name}”的职权，填了 {value}", name=name, value=value)
                yield report.finding(path, message, cells=paths, expected="0", actual=str(value))
        elif value == 0 and (words := _published(report, row)):
            message = say("正文写“{words}”，表里“{name}”为 0", words=words, name=name)
            yield report.finding(path, message, cells=paths)


def _paths_of(row: str, cells: Collection[str]) -> tuple[str, ...]:
    """Return the cells that say how much of it there was: decisions, an amount, or the items of 2019."""
    for columns in (("decisions",), ("amount",), ("items_last_year", "change")):
        paths = tuple(f"proactive.{row}.{column}" for column in columns)
        if all(path in cells for path in paths):
            return paths
    return ()


def _amount(cells: list[Cell]) -> Number | None:
    values = [number_of(cell) for cell in cells]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _published(report: Report, row: str) -> str:
    """Return the words of the narrative that count published decisions, or nothing."""
    pattern = DECISIONS.get(row)
    hits = (pattern.search(sentence.text) for sentence in sentences_with(report, POWERS[row])) if pattern else ()
    return next((found.group() for found in hits if found), "")


RULES = (no_regulations, figures_fit_powers)
