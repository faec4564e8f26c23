"""NARRATE: turn a section's Markdown into blocks, and judge whether it says anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from jinja2 import TemplateError

from baogao.definitions.schemas import TextSpec
from baogao.files.characters import UNSEEN
from baogao.language import say, spoken
from baogao.model.cells import Cell
from baogao.model.findings import Finding, Location
from baogao.model.report import Block, Head, Run
from baogao.narrative.binding import Bound, bind
from baogao.narrative.markdown import parse_markdown
from baogao.stages.provide import Provided
from baogao.templating import fill_text

__all__ = ["narrate"]


def narrate(provided: Provided, head: Head, lookup: Callable[[str], Cell]) -> Bound:
    """Return the narrative of one section with its bound numbers, and what is wrong with it."""
    spec = provided.section.schema.text
    if spec is None:
        return Bound((), ())
    text = provided.content.text
    if text is None and spec.default:
        return _from_default(spec, provided, head)
    parsed = parse_markdown(text or "", provided.section.id, provided.text_place)
    bound = bind(parsed.blocks, provided.section.id, lookup)
    unread = text is None and (provided.problems or provided.section.optional)
    empty = () if unread else tuple(_judged(spec, bound.blocks, provided))
    return Bound(bound.blocks, (*parsed.findings, *bound.findings, *empty))


def _from_default(spec: TextSpec, provided: Provided, head: Head) -> Bound:
    """Make the text from the report's head, where the author wrote none."""
    document = provided.section.schema.document
    try:
        text = fill_text(spec.default, head)
    except TemplateError as exc:
        message = say("章节定义里的 text.default 有误：{error}", error=spoken(exc))
        place = document.locate("text", "default")
        return Bound((), (Finding(message, provided.section.id, "SRC-010", location=place),))
    lines = (line.strip() for line in text.split("\n"))
    place = Location("report.yaml")
    return Bound(tuple(Block("paragraph", (Run(line),), location=place) for line in lines if line), ())


def _judged(spec: TextSpec, blocks: Iterable[Block], provided: Provided) -> Iterator[Finding]:
    """Yield a finding where the words break the schema's Cerberus rules; headings alone say nothing.

    An empty text in the place of a default is one too: it would take the default away unseen.
    """
    words = UNSEEN.sub("", "".join(block.text for block in blocks if block.kind != "heading")).strip()
    fault = spec.fault(words) if spec.check else None
    if fault is None and (words or not spec.default):
        return
    title = provided.section.title or provided.section.id
    message = say("“{title}”没有内容", title=title)
    if fault is None:
        message = say("{file} 是空的；要用默认的文字，就删去这个文件", file=provided.text_place.file)
    elif words:
        message = say("“{title}”只写了“{words}”：{why}", title=title, words=words[:20], why=fault.why)
    hint = say("") if fault else say("写上内容，或删去这个文件")
    rule, place = spec.rule or "STR-004", provided.text_place
    yield Finding(message, provided.section.id, rule, quote=words[:20], hint=hint, location=place)
