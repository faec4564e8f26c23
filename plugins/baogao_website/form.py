"""The form `website`: 政府网站工作年度报表; its table and most of its rules are data in `schemas/website/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import CellType, Form, hookimpl
from baogao_website import answers, dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from baogao import Rule

URL = CellType(
    "url",
    {"type": "string", "regex": r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s\u4e00-\u9fff，。；]*)?", "maxlength": 200},
    label="网址，以 http:// 或 https:// 开头",
)


@hookimpl
def report_forms() -> Iterable[Form]:
    """Bring the form; its edition lies in `schemas/website/`, and its chapters are just their files."""
    return [Form("website", plain=True)]


@hookimpl
def field_types() -> Mapping[str, CellType]:
    """Bring the cell type of an address of the web."""
    return {URL.name: URL}


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """Bring the rules that need more than an equation; the equations stand in the schemas."""
    return [*dates.RULES, *answers.RULES]
