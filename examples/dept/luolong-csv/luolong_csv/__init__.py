"""读 CSV：一行一格，三列是行、列、值；第四列起是给人看的说明，不读。"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from baogao import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from baogao import SourceReader

HEAD = ["行", "列", "值"]


class CellsReader:
    """读 `<章节>.csv`；读不懂的抛出 ValueError，写明第几行。值对不对由引擎照定义检查。"""

    suffixes = (".csv",)

    def read(self, file: str, content: bytes) -> dict[str, dict[str, Any]]:  # noqa: ARG002  # 引擎给两个参数
        rows = csv.reader(io.StringIO(_decoded(content), newline=""))
        if next(rows, [])[:3] != HEAD:
            raise ValueError(f"第一行应是：{','.join(HEAD)}")
        table: dict[str, dict[str, Any]] = {}
        for fields in rows:
            if not any(fields):
                continue
            if len(fields) < len(HEAD):
                raise ValueError(f"第 {rows.line_num} 行不足三列：{','.join(fields)}")
            row, column, value = (field.strip() for field in fields[:3])
            if column in table.setdefault(row, {}):
                raise ValueError(f"第 {rows.line_num} 行：{row}.{column} 前面已经写过")
            table[row][column] = _value(value)
        return table


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8 编码；在 Excel 里另存为“CSV UTF-8（逗号分隔）”") from None


def _value(text: str) -> int | Decimal | str | None:
    """整数、小数照数读，空的是没有填，别的原样交给引擎，由它指出不对。"""
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", text):
        return Decimal(text)
    return text or None


@hookimpl
def source_readers() -> Iterable[SourceReader]:
    """提供读法；没有 `<章节>.yaml` 而有 `<章节>.csv` 时用它。"""
    return [CellsReader()]
