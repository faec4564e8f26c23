"""Section `problems`: 五、存在的主要问题及改进情况."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import hookimpl, section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import SectionProvider

problems = section("problems", forms=("disclosure",))


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """Supply the section; what may stand in it is defined in its schema."""
    return [problems]
