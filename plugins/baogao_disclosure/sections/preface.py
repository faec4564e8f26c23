"""Section `preface`: 序言：编制依据、统计期限、联系方式；不编号，可以没有."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import hookimpl, section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import SectionProvider

preface = section("preface", forms=("disclosure",))


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """Supply the section; what may stand in it is defined in its schema."""
    return [preface]
