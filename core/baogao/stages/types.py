"""TYPES: the cell types that plugins give, judged before they are used, and kept apart while they judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from baogao.definitions.checking import rule_faults
from baogao.hooks.guarding import Guard
from baogao.hooks.loading import raised, where
from baogao.hooks.plain import one_line
from baogao.hooks.registry import Given
from baogao.language import Message, say
from baogao.model.cells import CellType
from baogao.model.findings import Finding, Location

__all__ = ["guarded_type", "is_broken_check", "wrong_type"]

Check = Callable[[str, Any, Callable[[str, str], None]], object]
BROKEN = "插件 {plugin} 的单元格类型“{name}”检查时出错：{error}（{place}）"


def wrong_type(name: str, given: Given[CellType]) -> Iterator[Finding]:
    """Yield what is wrong with the Cerberus rules of a plugin's cell type."""
    plugin = given.plugin
    problems: list[str] = []
    with Guard(plugin.title) as guard:
        problems.extend(one_line(problem) for _, problem in rule_faults(given.value.rules))
    for problem in [*problems, *([raised(guard.error)] if guard.error else [])]:
        message = say(
            "插件 {plugin} 的单元格类型“{name}”有误：{message}", plugin=plugin.title, name=name, message=problem
        )
        yield Finding(message, rule="PLG-002", location=Location(plugin.file) if plugin.file else None)


def guarded_type(name: str, given: Given[CellType]) -> CellType:
    """Return the cell type with its own checks guarded: one that breaks is an error of its cell, and no more."""
    rules = given.value.rules
    checks = rules.get("check_with")
    if callable(checks):
        return replace(given.value, rules={**rules, "check_with": _guarded(checks, name, given)})
    return given.value


def _refusal(error: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """Return what a check calls to refuse a value: the reason it gives is taken as plain words."""

    def refuse(field: str, why: str) -> None:
        error(field, one_line(why))

    return refuse


def _guarded(check: Check, name: str, given: Given[CellType]) -> Check:
    def guarded(field: str, value: Any, error: Callable[[str, str], None]) -> None:
        with Guard(given.plugin.title) as guard:
            check(field, value, _refusal(error))
        if guard.error is not None:
            place = Location(*where(guard.error))
            why = raised(guard.error)
            error(field, say(BROKEN, plugin=given.plugin.title, name=name, error=why, place=place))

    return guarded


def is_broken_check(why: Message) -> bool:
    """Tell whether a value was refused because the check of its type broke."""
    return why.template == BROKEN
