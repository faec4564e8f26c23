"""Section `disputes`: 四、政府信息公开行政复议、行政诉讼情况."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import hookimpl, section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao import SectionProvider

disputes = section("disputes", forms=("disclosure",))


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """Supply the section; what may stand in it is defined in its schema."""
    return [disputes]
