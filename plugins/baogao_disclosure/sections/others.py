"""Section `others`: 六、其他需要报告的事项."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import hookimpl, section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import SectionProvider

others = section("others", forms=("disclosure",))


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """Supply the section; what may stand in it is defined in its schema."""
    return [others]
