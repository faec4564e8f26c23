"""What each hook may give: the engine copies what a plugin hands over, and asks the plugin's own object no more.

What the copies call, such as `render()`, is the plugin's and is called under guard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from baogao.hooks.plain import one_line, plain_location, plain_names, plain_rules, plain_text

if TYPE_CHECKING:
    from baogao.model.cells import CellType
    from baogao.model.forms import Form
    from baogao.model.jobs import Profile
    from baogao.model.rules import AnyRule

__all__ = ["OWN_SUFFIXES", "WANTED", "fitted"]

ID = re.compile(r"[a-z][a-z0-9_]*")
SUFFIX = re.compile(r"\.[^./\\\s]+")
OWN_SUFFIXES = frozenset({".yaml", ".yml", ".md"})
"""Files that the engine reads itself: no plugin may come between."""
FURTHER = (
    ("uses",),
    ("annotate",),
    ("template_suffix", "template_files", "new_template", "check_template"),
)
"""What a renderer may have beyond what it must: `Linker`, `Annotator`, `TemplateKeeper`."""

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


def fitted(hook: str, value: Any) -> Any:
    """Return a value as the engine keeps it, None where the hook may not give it; raise whatever the value raises."""
    return _FITTERS[hook](value)


def _form(item: Any) -> Form | None:
    from baogao.model.forms import Form

    return Form(str.__str__(item.id), bool(item.plain)) if isinstance(item, Form) and _is_id(item.id) else None


def _section(item: Any) -> Any:
    from baogao.model.sections import FileSection

    if isinstance(item, type) or not callable(provide := getattr(item, "provide", None)):
        return None
    name, forms = item.id, item.forms
    if not _is_id(name) or not _are_names(forms, some=False):
        return None
    if type(item) is FileSection:
        return FileSection(str.__str__(name), plain_names(forms))
    return SimpleNamespace(id=str.__str__(name), forms=plain_names(forms), provide=provide)


def _rule(item: Any) -> AnyRule | None:
    from baogao.model.rules import AnyRule, Scope

    if not isinstance(item, AnyRule) or not callable(item.check) or not isinstance(cast("Any", item.options), Mapping):
        return None
    scope, texts = item.scope, ("id", "title", "gate", "basis", "reports", "plugin")
    names = {name: plain_names(getattr(scope, name)) for name in ("forms", "editions", "kinds")}
    return replace(
        item,
        **{name: one_line(getattr(item, name)) for name in texts},
        explanation=plain_text(item.explanation),
        hint=plain_text(item.hint),
        scope=Scope(**names, years=scope.years, section=one_line(scope.section)),
        options={one_line(name): option for name, option in item.options.items()},
        location=plain_location(item.location),
    )


def _cell_type(item: Any) -> tuple[str, CellType] | None:
    from baogao.model.cells import CellType

    if not isinstance(item, tuple) or not isinstance(item[0], str) or not isinstance(item[1], CellType):
        return None
    name, kind = cast("tuple[str, CellType]", item)
    rules: Any = kind.rules
    if not isinstance(rules, Mapping) or not isinstance(cast("Any", kind.places), int | None):
        return None
    plain = {key: one_line(getattr(kind, key)) for key in ("name", "label", "unit")}
    flags = {key: bool(getattr(kind, key)) for key in ("optional", "boxes", "padded")}
    return one_line(name), replace(kind, rules=plain_rules(rules), **plain, **flags)


def _renderer(item: Any) -> Any:
    if isinstance(item, type):
        return None
    calls: dict[str, Any] = {name: getattr(item, name, None) for name in ("render", "read_back")}
    name: Any = getattr(item, "name", None)
    profiles: Any = getattr(item, "profiles", None)
    needs: Any = getattr(item, "needs", None)
    fits = _are_names((name,)) and _are_names(profiles) and _are_names(needs, some=False)
    if not fits or not all(map(callable, calls.values())):
        return None
    said = {"name": one_line(name), "profiles": plain_names(profiles), "needs": plain_names(needs)}
    return SimpleNamespace(**said, **calls, **_further(item))


def _further(item: Any) -> Mapping[str, Any]:
    """Return what a renderer has beyond what it must have, of each kind all or nothing."""
    further: dict[str, Any] = {}
    for members in FURTHER:
        found = {name: getattr(item, name) for name in members if hasattr(item, name)}
        further.update(found if len(found) == len(members) else {})
    if "uses" in further:
        further["uses"] = plain_names(further["uses"])
    if "template_suffix" in further:
        further["template_suffix"] = one_line(further["template_suffix"])
    return further


def _profile(item: Any) -> Profile | None:
    from baogao.model.jobs import Profile

    if not isinstance(item, Profile) or not _are_names((item.name, item.renderer)):
        return None
    options: Any = item.options
    if not isinstance(options, Mapping) or not all(map(_is_option, cast("Mapping[Any, Any]", options).values())):
        return None
    return Profile(one_line(item.name), one_line(item.renderer), one_line(item.title), plain_rules(options))


def _is_option(rules: Any) -> bool:
    return isinstance(rules, Mapping) and isinstance(cast("Mapping[Any, Any]", rules).get("meta", {}), Mapping)


def _reader(item: Any) -> Any:
    read: Any = getattr(item, "read", None)
    suffixes: Any = getattr(item, "suffixes", None)
    if not callable(read) or isinstance(item, type) or not _are_names(suffixes):
        return None
    plain = plain_names(suffixes)
    if not all(SUFFIX.fullmatch(suffix) for suffix in plain) or OWN_SUFFIXES.intersection(plain):
        return None
    return SimpleNamespace(suffixes=plain, read=read)


def _is_id(name: Any) -> bool:
    return isinstance(name, str) and ID.fullmatch(name) is not None


def _are_names(names: Any, *, some: bool = True) -> bool:
    if not isinstance(names, tuple | list) or (some and not names):
        return False
    return all(isinstance(name, str) and str.__str__(name) for name in cast("list[Any]", names))


_FITTERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "report_forms": _form,
        "section_providers": _section,
        "validation_rules": _rule,
        "field_types": _cell_type,
        "renderers": _renderer,
        "output_profiles": _profile,
        "source_readers": _reader,
    }
)
