"""Mark findings in a copy of a document: each a Word comment at its very cell or words."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from baogao.language import say
from baogao.model.findings import Finding, Severity, State
from baogao.model.jobs import Artifact, Job
from baogao_docx.document import made_on
from baogao_docx.ooxml.package import Package, read_package, with_part, write_package
from baogao_docx.ooxml.wordml import SPACE, Element, node, paragraph, parse, q, run, serialise, words
from baogao_docx.reading.places import between, places_of_cells
from baogao_docx.template.fragments import style_ids

__all__ = ["annotate_document"]

AUTHOR = "baogao"
INITIALS = "bg"
COMMENTS = "word/comments.xml"
TEXT, SIGN = "annotation text", "annotation reference"
"""The names that Word gives to the styles of comments."""

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
MARKS = {"t", "tab", "br", "cr"}
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def annotate_document(artifact: Artifact, job: Job) -> Artifact:
    """Return a copy of the document with every finding of the job as a comment at its place."""
    if not job.annotations:
        return artifact
    package = _with_styles(read_package(artifact.content))
    styles = style_ids(package)
    root = parse(package.parts[package.main])
    places = _Places(root, job)
    comments = node("comments")
    for number, finding in enumerate(job.annotations):
        _mark(places.of(finding), number, styles[SIGN])
        comments.append(_comment(finding, number, made_on(job.report), styles))
    package = package.replaced({package.main: serialise(root)})
    return replace(artifact, content=write_package(with_part(package, COMMENTS, serialise(comments), "comments")))


@dataclass(frozen=True, slots=True)
class _Place:
    """The paragraph a finding is about, and which of its characters: all where `end` is None."""

    paragraph: Element
    start: int = 0
    end: int | None = None


@dataclass(frozen=True)
class _Places:
    """Where things stand in a document."""

    root: Element
    job: Job

    @cached_property
    def cells(self) -> dict[str, Element]:
        """Return the element that each cell is printed in."""
        return places_of_cells(self.root, self.job)

    def of(self, finding: Finding) -> _Place:
        """Return the nearest place there is: the words, the cell, the row, the paragraph, the chapter, the title."""
        return (
            self._words(finding)
            or self._cell(finding)
            or self._paragraph(finding)
            or self._chapter(finding.section)
            or self._title()
        )

    def _words(self, finding: Finding) -> _Place | None:
        if not finding.quote:
            return None
        for element in between(self.root, f"{finding.section}_text"):
            for part in element.iter(q("p")):
                start = words(part).find(finding.quote)
                if start >= 0:
                    return _Place(part, start, start + len(finding.quote))
        return None

    def _cell(self, finding: Finding) -> _Place | None:
        """Return the cell of the path, or the first of the row it names, or the first cell the finding speaks of."""
        for path in (finding.path, *finding.cells):
            inside = (cell for known, cell in self.cells.items() if f"{known}.".startswith(f"{path}."))
            cell = next(inside, None) if "." in path else None
            if cell is not None:
                return _Place(next(cell.iter(q("p"))))
        return None

    def _paragraph(self, finding: Finding) -> _Place | None:
        """Return the paragraph that was written at the line of the finding."""
        section = self.job.report.section(finding.section)
        place = finding.location
        if section is None or place is None:
            return None
        lines = [(block.location.file, block.location.line) if block.location else None for block in section.blocks]
        if (place.file, place.line) not in lines:
            return None
        printed = _blocks(list(between(self.root, f"{section.id}_text")))
        number = lines.index((place.file, place.line))
        return _Place(next(printed[number].iter(q("p")))) if number < len(printed) else None

    def _chapter(self, section: str) -> _Place | None:
        """Return the title of a chapter, or its first words where it has none."""
        found = self.job.report.section(section)
        inside = [part for element in between(self.root, section) for part in element.iter(q("p"))]
        title = found.title if found else ""
        best = min(inside, key=lambda part: (words(part) != title, not words(part).strip()), default=None)
        return None if best is None else _Place(best)

    def _title(self) -> _Place:
        body = self.root.find(q("body"))
        inside = list(body.iter(q("p")))
        if not inside:
            body.insert(0, node("p"))
            return _Place(body[0])
        titles = (part for part in inside if words(part) == self.job.report.title)
        return _Place(next(titles, inside[0]))


def _blocks(elements: Sequence[Element]) -> list[Element]:
    """Return the paragraphs and tables of a narrative without the empty paragraph behind each table."""
    kept: list[Element] = []
    for element in elements:
        empty = element.tag == q("p") and not words(element)
        if element.tag in (q("p"), q("tbl")) and not (empty and kept and kept[-1].tag == q("tbl")):
            kept.append(element)
    return kept


def _mark(place: _Place, number: int, style: str) -> None:
    """Put the ends of a comment around the words, and the sign that names it behind them."""
    start, end = node("commentRangeStart", id=number), node("commentRangeEnd", id=number)
    sign = node("r", node("rPr", node("rStyle", val=style)), node("commentReference", id=number))
    part = place.paragraph
    first = None if place.end is None else _run_from(part, place.start)
    last = None if place.end is None else _run_from(part, place.end)
    if first is None:
        head = part.find(q("pPr"))
        part.insert(0 if head is None else part.index(head) + 1, start)
    else:
        first.addprevious(start)
    if last is None:
        part.extend([end, sign])
    else:
        last.addprevious(end)
        end.addnext(sign)


def _run_from(part: Element, offset: int) -> Element | None:
    """Return the run whose words begin at an offset, parted from what stands before; None behind the last words."""
    for mark, begin in list(_marks(part)):
        length = len(mark.text or "") if mark.tag == q("t") else 1
        if offset == begin and length:
            return _parted(mark)
        if begin < offset < begin + length:
            return _parted(_rest(mark, offset - begin))
    return None


def _marks(part: Element) -> Iterator[tuple[Element, int]]:
    """Yield what prints a word, a tab or a line end in a paragraph, with the offset it begins at."""
    offset = 0
    for mark in part.iter(*map(q, MARKS)):
        if mark.tag == q("t") or mark.getparent().tag == q("r"):
            yield mark, offset
            offset += len(mark.text or "") if mark.tag == q("t") else 1


def _rest(mark: Element, offset: int) -> Element:
    """Cut a text in two and return the second part."""
    rest = node("t")
    mark.text, rest.text = mark.text[:offset], mark.text[offset:]
    for half in (mark, rest):
        half.set(SPACE, "preserve")
    mark.addnext(rest)
    return rest


def _parted(first: Element) -> Element:
    """Return a run that begins with this mark; what stands before it in its run keeps a run of its own."""
    whole = first.getparent()
    parts = [part for part in whole if part.tag != q("rPr")]
    number = parts.index(first)
    if number == 0:
        return whole
    rest = node("r", *(copy.deepcopy(look) for look in whole.findall(q("rPr"))), *parts[number:])
    whole.addnext(rest)
    return rest


def _comment(finding: Finding, number: int, made: str, styles: Mapping[str, str]) -> Element:
    sign = node("r", node("rPr", node("rStyle", val=styles[SIGN])), node("annotationRef"))
    first, *others = (paragraph(styles[TEXT], run(_printable(line))) for line in _lines(finding))
    first.insert(1, sign)
    return node("comment", first, *others, id=number, author=AUTHOR, date=made, initials=INITIALS)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", text)


def _lines(finding: Finding) -> Iterator[str]:
    """Yield what a comment says: how grave, which rule, what, how to mend it, where it was written, why accepted."""
    yield f"{_kind(finding)} {finding.rule}".strip()
    yield finding.message
    if finding.hint:
        yield say("怎么改：{hint}", hint=finding.hint)
    if finding.location:
        yield say("位置：{place}", place=finding.location)
    if waiver := finding.waived:
        yield say(
            "情况说明：{reason}（{author}填写，{approver}批准）",
            reason=waiver.reason,
            author=waiver.author,
            approver=waiver.approver,
        )


def _kind(finding: Finding) -> str:
    if finding.waived:
        return say("已说明情况")
    return say("无法核对") if finding.state is State.UNASSESSABLE else say(SEVERITIES[finding.severity])


def _with_styles(package: Package) -> Package:
    """Return the package with the styles of comments, where it has none of its own."""
    known = style_ids(package)
    name = package.related("styles")[0]
    root = parse(package.parts[name])
    root.extend(style for style_name, style in _styles().items() if style_name not in known)
    return package.replaced({name: serialise(root)})


def _styles() -> dict[str, Element]:
    layout = node("pPr", node("spacing", before=0, after=0, line=240, lineRule="auto"))
    text = (node("basedOn", val="Normal"), layout, _size(9))
    return {
        TEXT: node("style", node("name", val=TEXT), *text, type="paragraph", styleId="CommentText"),
        SIGN: node("style", node("name", val=SIGN), _size(8), type="character", styleId="CommentReference"),
    }


def _size(points: int) -> Element:
    return node("rPr", node("sz", val=points * 2), node("szCs", val=points * 2))
