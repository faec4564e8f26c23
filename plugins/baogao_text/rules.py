"""The rules for any narrative, whatever the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import hookimpl
from baogao_text import language, privacy, secrecy, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Rule


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """Bring the rules on privacy, secrecy, words and writing."""
    return [*privacy.RULES, *secrecy.RULES, *wording.RULES, *language.RULES]
