"""A part of a template compiled by Jinja, and the fast way from its values to its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import filterfalse
from typing import Any

from jinja2 import Environment, Template
from jinja2.nodes import TemplateData

from baogao.templating import bounded
from baogao_docx.compiling.preparing import Source

__all__ = ["Finish", "Part", "UnprintableError", "compile_part"]


class UnprintableError(ValueError):
    """A value holds what no document can; the argument is a message where it is the template's own fault."""


@dataclass(frozen=True, slots=True)
class Finish:
    """What is done to the XML after Jinja: `mend` is called where the source asks for it or a value is `suspicious`.

    `mend` may raise UnprintableError.
    """

    suspicious: re.Pattern[str]
    mend: Callable[[Source, str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part with tags, compiled; `fixed` are the texts between the tags, with their bytes."""

    source: Source
    template: Template
    fixed: Mapping[str, bytes]
    finish: Finish

    def filled(self, context: Mapping[str, Any]) -> bytes:
        """Return the part's XML; raise UnprintableError for what cannot stand in it."""
        pieces = bounded(self.template.root_render_func(self.template.new_context(dict(context))))
        fixed, source = self.fixed, self.source
        printed = "".join(filterfalse(fixed.__contains__, pieces))
        if not source.mended and not self.finish.suspicious.search(printed):
            body = [fixed.get(piece) or piece.encode() for piece in pieces]
            return b"".join((source.before.encode(), *body, source.after.encode()))
        return f"{source.before}{self.finish.mend(source, ''.join(pieces))}{source.after}".encode()


def compile_part(source: Source, environment: Environment, finish: Finish) -> Part:
    """Return a source compiled; raise jinja2.TemplateError where it is no template."""
    tree = environment.parse(source.text)
    fixed = {text: text.encode() for text in (node.data for node in tree.find_all(TemplateData))}
    return Part(source, environment.from_string(tree), fixed, finish)
