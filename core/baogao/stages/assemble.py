"""ASSEMBLE: shape and compute the tables, bind the narrative to them, gather the sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from baogao.language import near, say
from baogao.model.cells import Cell
from baogao.model.findings import Finding, Location
from baogao.model.report import Block, Head, Report, Section
from baogao.model.tables import Table
from baogao.rules.ruleset import RuleSet
from baogao.stages.compute import compute
from baogao.stages.narrate import narrate
from baogao.stages.places import CellPlaces, Places
from baogao.stages.provide import Provided
from baogao.stages.shape import shape_table

__all__ = ["Assembled", "assemble"]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The sections of a report, where everything was written, and what is wrong with it."""

    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    places: Mapping[str, Location]


def assemble(provided: tuple[Provided, ...], head: Head, rules: RuleSet, previous: Report | None = None) -> Assembled:
    """Return the sections: all tables first, since a narrative may name any cell."""
    tables = _tables(provided, rules)
    tables.previous = previous
    findings = [*tables.findings]
    sections: list[Section] = []
    for given in provided:
        told = narrate(given, head, tables.cell)
        findings.extend((*given.problems, *told.findings))
        table = tables.by_section.get(given.section.id)
        if told.blocks or table or not given.section.optional:
            sections.append(_section(given, told.blocks, table))
    return Assembled(tuple(sections), tuple(findings), Places(tables.sections, *tables.cells))


@dataclass(slots=True)
class _Tables:
    """The tables of the report, computed, with the places of their cells."""

    by_section: dict[str, Table] = field(default_factory=dict[str, Table])
    sections: dict[str, Location] = field(default_factory=dict[str, Location])
    cells: list[CellPlaces] = field(default_factory=list[CellPlaces])
    findings: list[Finding] = field(default_factory=list[Finding])
    previous: Report | None = None

    def cell(self, path: str) -> Cell:
        """Return a cell or a named sum; raise KeyError that names the nearest known path."""
        year, _, rest = path.partition(".")
        if year == "previous" and self.previous is not None:
            return self.previous.cell(rest)
        table = self.by_section.get(path.partition(".")[0])
        found = table and (table.cells.get(path) or table.figures.get(path))
        if found is None:
            known = (path for table in self.by_section.values() for path in (*table.cells, *table.figures))
            raise KeyError(_no_cell(path, known))
        return found


def _no_cell(path: str, known: Iterable[str]) -> str:
    if path.startswith("previous."):
        return say("“{path}”要用上一年的报告，请加 --previous 指明", path=path)
    return say("绑定的“{path}”不存在{near}", path=path, near=near(path, known))


def _tables(provided: tuple[Provided, ...], rules: RuleSet) -> _Tables:
    tables = _Tables()
    for given in provided:
        spec = given.section.schema.table
        tables.sections[given.section.id] = _section_place(given)
        if spec is not None:
            number_rule = rules.number_rule(spec.section)
            shaped = shape_table(spec, given.content.data, given.document, number_rule, silent=given.failed)
            computed = compute(shaped.table)
            places = CellPlaces(shaped.table, given.document)
            tables.by_section[spec.section] = computed.table
            tables.cells.append(places)
            tables.findings.extend(shaped.findings)
            tables.findings.extend(replace(found, location=places.get(found.path)) for found in computed.findings)
    return tables


def _section_place(given: Provided) -> Location:
    """Return the start of the section's own file: its table's, or else its text's."""
    if given.section.schema.table is not None:
        return given.document.locate()
    return given.text_place


def _section(given: Provided, blocks: tuple[Block, ...], table: Table | None) -> Section:
    return Section(
        id=given.section.id,
        title=given.section.title,
        body=(*blocks, table) if table else blocks,
        statutory=given.section.chapter is not None,
        plugin=given.section.given.plugin.name,
    )
