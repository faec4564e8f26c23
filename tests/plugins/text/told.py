"""Reports that say one thing, for the rules of baogao_text to judge."""

from __future__ import annotations

from baogao import Block, Head, Location, Report, Rule, Run, Section, Unit
from baogao.model.lexicons import Word
from baogao.narrative.markdown import parse_markdown
from baogao_text import rules

__all__ = ["RULES", "plain", "report_of"]

RULES: dict[str, Rule] = {rule.id: rule for rule in rules.validation_rules()}


def report_of(text: str, lexicon: tuple[Word, ...] = ()) -> Report:
    """Return a report whose only chapter says this, in Markdown."""
    return _report(parse_markdown(text, "overview", Location("overview.md", 1, 1)).blocks, lexicon)


def plain(*lines: str, lexicon: tuple[Word, ...] = ()) -> Report:
    """Return a report that prints these lines as they are, whatever Markdown would make of them."""
    return _report(tuple(_paragraph(number, line) for number, line in enumerate(lines, 1)), lexicon)


def _paragraph(number: int, line: str) -> Block:
    return Block("paragraph", (Run(line),), location=Location("overview.md", number, 1), source=line)


def _report(blocks: tuple[Block, ...], lexicon: tuple[Word, ...]) -> Report:
    head = Head("disclosure", "2021", 2024, "标题", Unit("某局", "department"))
    return Report(**vars(head), sections=(Section("overview", "一、总体情况", blocks),), lexicon=lexicon)
