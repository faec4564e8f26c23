"""An annotated copy of a page: each finding is a numbered link at its place, to a list at the end, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from markupsafe import Markup

from baogao.model.findings import Severity, State
from baogao_html.chapters import chapter_division, chapter_heading, narrative_blocks
from baogao_html.notes import mark_words, words_of
from baogao_html.page import Page, names_of
from baogao_html.places import find_places
from baogao_html.tree import Element, parse_page

if TYPE_CHECKING:
    from baogao.model.findings import Finding, Location
    from baogao.model.jobs import Artifact, Job
    from baogao.model.report import Block

__all__ = ["annotated_page"]

PROLOGUE = re.compile(r"(?:\s*<!(?:--.*?-->|[^>]*>)\s*)*", re.DOTALL)
SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}

STYLE = Markup("""\
<style data-note="own">
mark { background: #fff1b8; color: inherit; }
.note { display: inline-block; margin: 0 .15em; text-indent: 0; line-height: 1; letter-spacing: 0;
  writing-mode: horizontal-tb; vertical-align: middle; }
.note a { display: inline-block; min-width: 1.9em; padding: .4em .3em; border: 1px solid; border-radius: .3em;
  background: #fff; font: bold .8rem/1.1 sans-serif; text-align: center; text-decoration: none; }
.note.error a, .notes .error strong { color: #a8071a; }
.note.warning a, .notes .warning strong { color: #7a4400; }
.note.info a, .notes .info strong { color: #0b4a8f; }
.notes { margin-top: 3rem; border-top: 3px double #5f5f5f; font: 1rem/1.7 sans-serif; overflow-wrap: anywhere; }
.notes h2 { text-indent: 0; }
.notes li { margin-bottom: 1rem; scroll-margin-top: 4rem; }
.notes p, .overall { text-align: left; text-indent: 0; }
.overall { margin: 0 0 1rem; padding: .5rem 1rem; border: 1px solid #a8071a; font: 1rem/1.9 sans-serif; }
:target { outline: 3px solid #0b4a8f; outline-offset: 2px; }
@media print { .note a { min-width: 0; padding: .05em .2em; font-size: 7pt; } }
</style>
<meta name="robots" content="noindex" data-note="own">""")
LINK = Markup(
    '<sup class="note {look}" data-note="own">'
    '<a id="note-{number}-place" href="#note-{number}" aria-label="批注{number}：{severity}">{number}</a></sup>'
)
OVERALL = Markup(
    '<p class="overall" data-note="own">批注稿，不得公开。共 {count} 条，见<a href="#notes">问题清单</a>。{links}</p>'
)
FOR_ALL = Markup("整份报告的问题：{}")
NOTES = Markup(
    '<section class="notes" id="notes" data-note="own" aria-labelledby="notes-title">'
    '<h2 id="notes-title">问题清单</h2><ol>{}</ol></section>'
)
ITEM = Markup('<li id="note-{number}" class="{look}">{lines}</li>')
FIRST = Markup("<p><strong>{severity}　{rule}</strong>　{message}</p>")
LINE = Markup("<p>{}：{}</p>")
BACK = Markup('<p><a href="#note-{number}-place">回到批注{number}的原处</a></p>')


def annotated_page(artifact: Artifact, job: Job) -> str:
    """Return the page with its notes; raise DamageError for a page that cannot be read."""
    source = artifact.content.decode("utf-8")
    if not job.annotations:
        return source
    root = parse_page(source)
    places = _Places(root, job, _cells(root, job), tuple(_paragraphs(root, job)))
    unplaced = [link for finding, link in _links(job) if not places.take(finding, link)]
    _put_overall(root, _overall(unplaced, len(job.annotations)))
    for head in list(root.find_all("head"))[:1]:
        _append(head, STYLE)
    body = next(root.find_all("main", "body"), root)
    _append(body, NOTES.format(Markup().join(map(_item, range(1, len(job.annotations) + 1), job.annotations))))
    prologue = PROLOGUE.match(source)
    return f"{prologue.group().strip() if prologue else ''}\n{root.markup.lstrip()}"


def _links(job: Job) -> Iterator[tuple[Finding, Element]]:
    for number, finding in enumerate(job.annotations, 1):
        values = {"number": number, "severity": _severity(finding), "look": finding.severity}
        yield finding, parse_page(LINK.format(**values)).children[0]


def _severity(finding: Finding) -> str:
    """Return how grave a finding is, in a word."""
    if finding.waived:
        return f"{SEVERITIES[finding.severity]}，已说明"
    return "无法判断" if finding.state is State.UNASSESSABLE else SEVERITIES[finding.severity]


def _item(number: int, finding: Finding) -> Markup:
    """Return an entry of the list."""
    place = str(finding.location or "")
    known = {"怎么改": finding.hint, "依据": finding.basis, "位置": place, "情况说明": _reason(finding)}
    lines = [FIRST.format(severity=_severity(finding), rule=finding.rule, message=finding.message)]
    lines += [LINE.format(name, words) for name, words in known.items() if words]
    lines.append(BACK.format(number=number))
    return ITEM.format(number=number, look=finding.severity, lines=Markup().join(lines))


def _reason(finding: Finding) -> str:
    """Return why it is accepted, and who says so."""
    waived = finding.waived
    return f"{waived.reason}（{waived.author}填写，{waived.approver}批准，{waived.date}）" if waived else ""


def _overall(links: list[Element], count: int) -> Element:
    """Return what stands on top: what the copy is, and the findings on the report as a whole."""
    of_all = FOR_ALL.format(Markup(" ").join(Markup(link.markup) for link in links)) if links else ""  # noqa: S704  # our own markup
    return parse_page(OVERALL.format(count=count, links=of_all)).children[0]


def _put_overall(root: Element, overall: Element) -> None:
    """Put it below the title, or first in a page without one."""
    for parent in root.walk():
        for place, child in enumerate(parent.children, 1):
            if child.tag == "h1":
                parent.insert(place, overall)
                return
    root.insert(0, overall)


def _append(element: Element, markup: Markup) -> None:
    for child in parse_page(markup).children:
        element.append(child)


Paragraph = tuple[str, "Block", Element]


def _cells(root: Element, job: Job) -> dict[str, Element]:
    """Return by path the element a cell is printed in."""
    printed = {element.attributes.get("id", ""): element for element in root.find_all("td", "th")}
    drawn = {path: printed[path] for path in job.report.cells() if path in printed}
    return {**dict(find_places(root, Page(job), names_of(job))), **drawn}


def _paragraphs(root: Element, job: Job) -> Iterator[Paragraph]:
    """Yield each paragraph of the report with its section and the element it is printed in."""
    printed: dict[str, list[Element]] = {}
    for section, element in narrative_blocks(root):
        printed.setdefault(section, []).append(element)
    for section in job.report:
        for block, element in zip(section.blocks, printed.get(section.id, ()), strict=False):
            yield section.id, block, element


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things stand in a page, found before the first note changes it."""

    root: Element
    job: Job
    cells: Mapping[str, Element]
    paragraphs: tuple[Paragraph, ...]

    def take(self, finding: Finding, link: Element) -> bool:
        """Put the link where the finding is, as near as can be; tell whether there is such a place."""
        ways = (self._at_words, self._at_cell, self._at_row, self._at_line, self._at_title)
        return any(way(finding, link) for way in ways)

    def _at_words(self, finding: Finding, link: Element) -> bool:
        """Mark the quoted words: in the paragraph of the finding's line, or else in one of its chapter."""
        found = [
            (not _same_line(block.location, finding.location), block, element)
            for section, block, element in self.paragraphs
            if finding.quote and (section == finding.section or _same_line(block.location, finding.location))
        ]
        holders = ((block, holder) for _, block, element in sorted(found, key=_first) for holder in _holders(element))
        return any(_mark(holder, finding, link, _before(finding, block)) for block, holder in holders)

    def _at_cell(self, finding: Finding, link: Element) -> bool:
        element = next((self.cells[path] for path in (finding.path, *finding.cells) if path in self.cells), None)
        if element:
            element.append(link)
        return element is not None

    def _at_row(self, finding: Finding, link: Element) -> bool:
        """Put the link at the label of the row, or at the row's first cell."""
        within = f"{finding.path}."
        for row in self.root.find_all("tr") if "." in finding.path else ():
            if any(cell.attributes.get("id", "").startswith(within) for cell in row.children):
                labels = [cell for cell in row.children if cell.tag == "th"] or row.children
                labels[-1].append(link)
                return True
        return False

    def _at_line(self, finding: Finding, link: Element) -> bool:
        """Put the link at the end of the paragraph that the finding's line is in."""
        found = [
            element
            for section, block, element in self.paragraphs
            if section == finding.section and _begins_before(block, finding)
        ]
        if found:
            _holders(found[-1])[-1].append(link)
        return bool(found)

    def _at_title(self, finding: Finding, link: Element) -> bool:
        section = self.job.report.section(finding.section)
        heading = chapter_heading(self.root, section) if section else None
        if section is None or (heading and finding.quote and _mark(heading, finding, link, 0)):
            return section is not None
        if heading:
            heading.append(link)
            return True
        division = chapter_division(self.root, section.id)
        if division:
            division.insert(0, link)
        return division is not None


def _first(found: tuple[bool, Block, Element]) -> bool:
    return found[0]


def _holders(block: Element) -> list[Element]:
    """Return the elements words of a block stand in: the block itself, or the cells of a simple table."""
    return list(block.find_all("td", "th")) or [block]


def _before(finding: Finding, block: Block) -> int:
    """Count how often the quoted words stand in the line before the finding's column."""
    if finding.location is None or finding.location.column is None or not _same_line(block.location, finding.location):
        return 0
    start = (block.location.column if block.location else None) or 1
    return block.source[: max(finding.location.column - start, 0)].count(finding.quote)


def _mark(element: Element, finding: Finding, link: Element, before: int) -> bool:
    """Mark the quoted words, of several the one that has this many before it; a masked letter stands for any."""
    quoted = re.escape(finding.quote).replace(r"\*", ".")
    starts = [found.start() for found in re.finditer(quoted, words_of(element))]
    if not starts:
        return False
    start = starts[min(before, len(starts) - 1)]
    mark_words(element, start, start + len(finding.quote), link)
    return True


def _begins_before(block: Block, finding: Finding) -> bool:
    """Tell whether a paragraph begins in the finding's file, in its line or above."""
    place, here = finding.location, block.location
    if place is None or here is None or PurePath(place.file).name != PurePath(here.file).name:
        return False
    return (here.line or 0) <= (place.line or 0)


def _same_line(one: Location | None, other: Location | None) -> bool:
    """Tell whether two places are in the same line of the same file."""
    if one is None or other is None or one.line is None:
        return False
    return one.line == other.line and PurePath(one.file).name == PurePath(other.file).name
