"""单元格类型 credit_code：18 位统一社会信用代码，连校验码一起查；和用它的一章 units，本单位和所属单位。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import CellType, hookimpl, section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from baogao import SectionProvider

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100—2015：不用 I、O、S、V、Z
LENGTH = 18


def check_character(first: str) -> str:
    """返回前 17 位的校验码（GB 32100—2015，附录 A）。"""
    total = sum(CHARACTERS.index(character) * 3**place % 31 for place, character in enumerate(first))
    return CHARACTERS[-total % 31]


def is_credit_code(field: str, value: object, error: Callable[[str, str], None]) -> None:
    """不合格的，说明为什么；Cerberus 的 check_with 这样调用它。"""
    if not isinstance(value, str) or len(value) != LENGTH:
        error(field, f"统一社会信用代码应是 {LENGTH} 位")
    elif strange := [character for character in value if character not in CHARACTERS]:
        error(field, f"统一社会信用代码里没有“{strange[0]}”这个字符；字母用大写，不用 I、O、S、V、Z")
    elif value[-1] != check_character(value[:-1]):
        error(field, "统一社会信用代码的校验码不对，有一位抄错了")


@hookimpl
def field_types() -> Mapping[str, CellType]:
    """提供单元格类型；章节定义里写 cell: credit_code 就用上了。"""
    rules = {"type": "string", "check_with": is_credit_code}
    return {"credit_code": CellType("credit_code", rules, label="18 位统一社会信用代码，加引号")}


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """提供章节；report.yaml 写了它，它才出现在报告里。"""
    return [section("units")]
