"""章节 `appropriations`：财政拨款收入支出；表格、合计和规则都写在 schemas/appropriations.yaml 里。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import CellType, hookimpl, section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from baogao import SectionProvider

appropriations = section("appropriations")

MONEY = CellType(
    "budget_money", {"type": "decimal", "places": 2}, label="金额，最多两位小数", unit="万元", places=2, padded=True
)
CODE = CellType("subject_code", {"type": "string", "regex": "[0-9]{3}([0-9]{2}([0-9]{2})?)?"}, label="科目编码")
NAME = CellType("subject_name", {"type": "string", "empty": False, "maxlength": 40}, label="科目名称")


@hookimpl
def section_providers() -> Iterable[SectionProvider]:
    """提供章节；report.yaml 写了它，它才出现在报告里。"""
    return [appropriations]


@hookimpl
def field_types() -> Mapping[str, CellType]:
    """提供三种单元格：金额印两位小数，可以是负数（冲销）；编码三位、五位或七位。"""
    return {kind.name: kind for kind in (MONEY, CODE, NAME)}
