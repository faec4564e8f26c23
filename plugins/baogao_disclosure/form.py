"""The form `disclosure`, and the rules on the report as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Form, hookimpl
from baogao_disclosure.rules import (
    amounts,
    applications,
    contact,
    coverage,
    deadline,
    fees,
    identity,
    last_year,
    naming,
    numbering,
    numbers,
    period,
    placeholders,
    powers,
    repetition,
    structure,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import Rule

MODULES = (
    structure,
    numbering,
    coverage,
    identity,
    naming,
    period,
    contact,
    placeholders,
    powers,
    amounts,
    applications,
    last_year,
    numbers,
    repetition,
    fees,
    deadline,
)


@hookimpl
def report_forms() -> Iterable[Form]:
    """Bring the form; its editions lie in `schemas/disclosure/`."""
    return [Form("disclosure")]


@hookimpl
def validation_rules() -> Iterable[Rule]:
    """Bring the rules that need more than an equation; the equations stand in the schemas."""
    return [rule for module in MODULES for rule in module.RULES]
