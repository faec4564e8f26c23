"""DRAFT: show in a draft that a chapter still has no words, as it shows of a cell."""

from __future__ import annotations

from dataclasses import replace

from baogao.definitions.schemas import TextSpec
from baogao.model.cells import GAP
from baogao.model.report import Block, Report, Run, Section
from baogao.stages.plan import Plan

__all__ = ["drafted"]


def drafted(report: Report, plan: Plan) -> Report:
    """Return the report with 【待填】 in each chapter that must have words and has none."""
    texts = {planned.id: planned.schema.text for planned in plan.sections}
    return replace(report, sections=tuple(_drafted(section, texts.get(section.id)) for section in report))


def _drafted(section: Section, spec: TextSpec | None) -> Section:
    if spec is None or section.text.strip() or not spec.fault(""):
        return section
    return replace(section, body=(Block("paragraph", (Run(GAP),)), *section.body))
