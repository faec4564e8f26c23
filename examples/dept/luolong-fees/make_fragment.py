"""写出 luolong_fees/templates/fees.docx：本章在 Word 里的样子。

    python make_fragment.py 外壳.docx [写到哪里.docx]

.docx 是二进制文件，看不出改了什么，所以用脚本生成，看脚本就知道它是什么。也可以不用脚本，直接用 Word 或 WPS
修改。从 baogao 的 templates/shell.docx 开始，样式就与成品相同；套用时样式按名称对应，以报告的外壳为准。
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.shared import Mm

FILE = Path(__file__).parent / "luolong_fees" / "templates" / "fees.docx"

HEAD = ("计收方式", "按件计收", "按量计收", "合计")
LINES = {"notices": "收费通知件数", "noticed": "通知金额（元）", "received": "实收金额（元）"}
COLUMNS = ("per_piece", "per_page", "total")
WIDTHS = (48, 36, 36, 36)  # 毫米；合计 156，与版心同宽


def make(shell: str | Path) -> Any:
    """返回模板：标题、正文、表题，和一张与 schemas/fees.yaml 行列对调的表。"""
    document = docx.Document(str(shell))
    _empty(document)
    document.add_paragraph("{{ section.title }}", style="Heading 1")
    document.add_paragraph("{{p section.body }}", style="公文正文")  # 独占一段，由各段正文替换
    document.add_paragraph("政府信息公开信息处理费收取情况", style="表题")
    _table(document)
    document.add_paragraph(style="表项")  # 表格后留一个空段：Word 会把相连的表格并成一张
    return document


def _empty(document: Any) -> None:
    """去掉外壳自己的内容；页眉、页脚、页码由报告的外壳给出，模板里不要有。"""
    page = document.sections[0]
    for part in (page.header, page.footer, page.even_page_header, page.even_page_footer):
        part.is_linked_to_previous = True
    for element in list(document.element.body)[:-1]:
        document.element.body.remove(element)


def _table(document: Any) -> None:
    table = document.add_table(rows=0, cols=len(WIDTHS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    _row(table, HEAD, ("表头",) * 4)
    for column, label in LINES.items():
        figures = (f"{{{{ cells.{row}.{column} }}}}" for row in COLUMNS)
        _row(table, (label, *figures), ("表项", "表数", "表数", "表数"))


def _row(table: Any, texts: tuple[str, ...], styles: tuple[str, ...]) -> None:
    row = table.add_row()
    row.height, row.height_rule = Mm(8), WD_ROW_HEIGHT_RULE.AT_LEAST
    for cell, text, style, width in zip(row.cells, texts, styles, WIDTHS, strict=True):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        cell.paragraphs[0].text = text
        cell.paragraphs[0].style = style


if __name__ == "__main__":
    make(sys.argv[1]).save(sys.argv[2] if len(sys.argv) > 2 else str(FILE))
