"""What the rules of baogao_text find in a text: judged on a report of one chapter, without any folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baogao import Finding
from baogao.model.lexicons import Word
from plugins.text.told import RULES, report_of

Find = Callable[..., list[Finding]]


@pytest.fixture
def find() -> Find:
    """Return what one rule finds in a text, or all of them."""

    def found(text: str, rule_id: str = "", lexicon: tuple[Word, ...] = (), **options: str) -> list[Finding]:
        report = report_of(text, lexicon)
        wanted = [RULES[rule_id]] if rule_id else RULES.values()
        return [finding for rule in wanted for finding in rule.check(report, {**rule.options, **options})]

    return found
