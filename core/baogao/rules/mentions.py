"""The check of a rule that a chapter, or the report, speaks of certain things: going by words, so it guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baogao.language import listed, say
from baogao.model.findings import Finding
from baogao.model.report import Report

__all__ = ["Mentions"]


@dataclass(frozen=True, slots=True)
class Mentions:
    """A text must have each of `wanted`, a pattern by what it stands for; an empty text is for other rules to judge.

    In a pattern `{year}` and `{next_year}` stand for the report's year and the one after.
    """

    wanted: Mapping[str, str]
    section: str = ""
    at: str = ""
    message: str = ""

    def __call__(self, report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield one finding that names all that is missing; of several things, these are what a waiver is bound to."""
        text = "\n".join(section.text for section in report if self.section in ("", section.id))
        missing = listed(say(name) for name, words in self.wanted.items() if not re.search(_of(report, words), text))
        if text.strip() and missing:
            message = say(self.message or "没有写到：{missing}", missing=missing)
            yield report.finding(self.at or self.section, message, actual=missing if len(self.wanted) > 1 else None)


def _of(report: Report, words: str) -> str:
    return words.replace("{year}", str(report.year)).replace("{next_year}", str(report.year + 1))
