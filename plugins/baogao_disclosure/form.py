"""The form `disclosure`, and the rules on the report as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Form, hookimpl
from baogao_disclosure import identity, numbers, structure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Rule


@hookimpl
def report_forms() -> Iterable[Form]:
    """Bring the form; its editions lie in `schemas/disclosure/`."""
    return [Form("disclosure")]


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """Bring the rules on chapters, title, year and date."""
    return [*structure.RULES, *identity.RULES, *numbers.RULES]
