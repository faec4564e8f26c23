"""The form `rule_of_law`: 法治政府建设年度报告, five chapters of text; their schemas lie in `schemas/rule_of_law/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Form, hookimpl
from baogao_rule_of_law import chapters, dates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Rule


@hookimpl
def report_forms() -> Iterable[Form]:
    """Bring the form; its edition lies in `schemas/rule_of_law/`, and its chapters are just their files."""
    return [Form("rule_of_law", plain=True)]


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """Bring the rules that need more than a text's length, which its schema says."""
    return [*dates.RULES, *chapters.RULES]
