"""The DOCX renderer: a shell and section templates that people edit in Word, filled with the printed texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baogao_docx.compiling.rendering import CompiledTemplate, compile_template

__all__ = ["CompiledTemplate", "compile_template"]


def __getattr__(name: str) -> Any:
    """Load docxtpl and lxml only when a template is compiled."""
    if name not in __all__:
        raise AttributeError(name)
    from baogao_docx.compiling import rendering

    return getattr(rendering, name)
