"""What each hook may give: the engine looks at everything a plugin hands over before it uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["OWN_SUFFIXES", "WANTED", "fits"]

ID = re.compile(r"[a-z][a-z0-9_]*")
SUFFIX = re.compile(r"\.[^./\\\s]+")
OWN_SUFFIXES = frozenset({".yaml", ".yml", ".md"})
"""Files that the engine reads itself: no plugin may come between."""

WANTED: Mapping[str, str] = MappingProxyType(
    {
        "report_forms": " Form，id 是小写字母、数字和下划线",
        "section_providers": " section(…)，或有 id、forms、provide() 的对象（不是类）",
        "validation_rules": " @rule 写成的规则、Rule 或 ArtifactRule",
        "field_types": "“名字: CellType”",
        "renderers": "有 name、needs、profiles、render()、read_back() 的对象（不是类）",
        "output_profiles": " Profile",
        "source_readers": '有 suffixes（如 (".csv",)，不能是 .yaml、.yml、.md）和 read() 的对象',
    }
)
"""What to say a hook should give."""


def fits(hook: str, value: Any) -> bool:
    """Tell whether a hook may give such a value; raise whatever the value raises when it is looked at."""
    return _JUDGES[hook](value)


def _is_form(item: Any) -> bool:
    from baogao.model.forms import Form

    return isinstance(item, Form) and _is_id(item.id)


def _is_section(item: Any) -> bool:
    from baogao.model.sections import SectionProvider

    if not isinstance(item, SectionProvider) or isinstance(item, type):
        return False
    return _is_id(item.id) and _are_names(item.forms, some=False)


def _is_rule(item: Any) -> bool:
    from baogao.model.rules import ArtifactRule, Rule

    return isinstance(item, Rule | ArtifactRule)


def _is_cell_type(item: Any) -> bool:
    from baogao.model.cells import CellType

    return isinstance(item, tuple) and isinstance(item[0], str) and isinstance(item[1], CellType)


def _is_renderer(item: Any) -> bool:
    from baogao.model.jobs import Renderer

    if not isinstance(item, Renderer) or isinstance(item, type) or not callable(item.render):
        return False
    return _are_names((item.name,)) and _are_names(item.profiles) and _are_names(item.needs, some=False)


def _is_profile(item: Any) -> bool:
    from baogao.model.jobs import Profile

    return isinstance(item, Profile) and _are_names((item.name, item.renderer))


def _is_reader(item: Any) -> bool:
    if not callable(getattr(item, "read", None)) or isinstance(item, type) or not _are_names(item.suffixes):
        return False
    return all(SUFFIX.fullmatch(suffix) for suffix in item.suffixes) and not OWN_SUFFIXES.intersection(item.suffixes)


def _is_id(name: Any) -> bool:
    return isinstance(name, str) and ID.fullmatch(name) is not None


def _are_names(names: Any, *, some: bool = True) -> bool:
    if not isinstance(names, tuple | list) or (some and not names):
        return False
    return all(isinstance(name, str) and name for name in names)


_JUDGES = MappingProxyType(
    {
        "report_forms": _is_form,
        "section_providers": _is_section,
        "validation_rules": _is_rule,
        "field_types": _is_cell_type,
        "renderers": _is_renderer,
        "output_profiles": _is_profile,
        "source_readers": _is_reader,
    }
)
