"""The form `rule_of_law`: 法治政府建设年度报告, five chapters of text; their schemas lie in `schemas/rule_of_law/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Form, hookimpl, section
from baogao_rule_of_law import chapters, dates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Rule, SectionProvider

FORM = "rule_of_law"
SECTIONS = ("opening", "achievements", "shortcomings", "leadership", "next_year", "remainder")


@hookimpl
def report_forms() -> Iterable[Form]:
    """Bring the form; its edition lies in `schemas/rule_of_law/`."""
    return [Form(FORM)]


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """Supply the opening and the five chapters, which are just their files."""
    return [section(name, forms=(FORM,)) for name in SECTIONS]


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """Bring the rules that need more than a text's length, which its schema says."""
    return [*dates.RULES, *chapters.RULES]
