"""输出 txt：纯文本的报告，一段一行、一格一行，可以贴进邮件、短信平台和没有排版的系统。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import Artifact, Table, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from baogao import Job, Renderer

DRAFT = "（草稿，不能报送）"


class TextRenderer:
    """第一行是题目，每章空一行、写一行章名，再按顺序写各段、各格。"""

    name = "txt"
    needs = ()
    profiles = ("public",)

    def render(self, job: Job) -> Artifact:
        report = job.report
        lines = [report.title, DRAFT if job.draft else ""]
        for section in report:
            lines += ["", section.title]
            for part in section.body:
                if isinstance(part, Table):
                    lines += [f"{report.cell_label(path)}：{cell.text()}" for path, cell in part.cells.items()]
                else:
                    lines.append(part.text)
        return Artifact(job.name, "txt", "text/plain; charset=utf-8", "\n".join(lines).encode())

    def read_back(self, artifact: Artifact, job: Job) -> Mapping[str, str]:
        report = job.report
        lines = artifact.content.decode().split("\n")
        printed = {"": lines.pop(0)}
        lines.pop(0)  # 草稿的标记
        for section in report:
            lines.pop(0)  # 章前的空行
            printed[section.id] = lines.pop(0)
            number = 0
            for part in section.body:
                if isinstance(part, Table):
                    printed |= {path: lines.pop(0).removeprefix(f"{report.cell_label(path)}：") for path in part.cells}
                else:
                    number += 1
                    height = part.text.count("\n") + 1  # 简单的表格一段有几行
                    printed[f"{section.id}#{number}"] = "\n".join(lines[:height])
                    del lines[:height]
        return printed


@hookimpl
def renderers() -> Iterable[Renderer]:
    """提供输出；report.yaml 的 outputs 或 --to 写了 txt，才生成。"""
    return [TextRenderer()]
