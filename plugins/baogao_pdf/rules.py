"""The rules on PDF: fonts that were replaced, words that differ, and a PDF that could not be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao import AnyRule, Finding, Rule, Severity, artifact_rule, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baogao import Artifact, Job

__all__ = ["RULES"]


@artifact_rule(
    "PDF-001",
    title="PDF 用的是 DOCX 指定的字体",
    renderer="pdf",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 9704—2012 5.2.2：公文各要素的字体",
    explanation="DOCX 只写字体的名称，不带字体；转成 PDF 的电脑上没有的，LibreOffice 悄悄换成别的，字形、"
    "换行、页数都可能变。比较的是 DOCX 里有字用到的字体与 PDF 里嵌入的字体；DOCX 自己写明可以代用的名称不算换。",
    hint="在转 PDF 的电脑上装好这些字体（仿宋_GB2312、楷体_GB2312、方正小标宋简体等须有授权），再生成一次",
)
def _fonts_kept(job: Job, artifact: Artifact) -> Iterator[Finding]:
    from baogao_pdf.document import fonts_of
    from baogao_pdf.fonts import substituted
    from baogao_pdf.tagged import read_pdf

    document = job.made.get(f"docx/{job.output.profile}")
    if document is None:
        return
    embedded = read_pdf(artifact.content).fonts
    if lost := substituted(fonts_of(document.content).items(), embedded):
        message = say(
            "{file}：本机没有字体 {lost}，PDF 里换成了别的；现在用的是 {used}",
            file=artifact.file_name,
            lost=listed(lost),
            used=listed(embedded),
        )
        yield Finding(message)


RULES: tuple[AnyRule, ...] = (
    _fonts_kept,
    Rule(
        "PDF-002",
        "PDF 与 DOCX 印得一样",
        Severity.ERROR,
        gate="数据关",
        basis="工程规则：写出之前读回",
        explanation="PDF 写出之前读回：每一行、每一格、每一段都与 DOCX 的逐个比较，次序和所在的格也要相同，"
        "只有空白和换行不比。DOCX 已经与数据逐格核对过，所以 PDF 里的数也就是数据里的数。",
        hint="多半是自己的模板里有 LibreOffice 不认识的东西（如文本框、域）；改正模板，或从 outputs 里去掉 pdf",
        waivable=False,
    ),
    Rule(
        "PDF-003",
        "要的 PDF 做得出来",
        Severity.ERROR,
        gate="数据关",
        basis="工程规则：要的文件缺一个也不写出",
        explanation="outputs 里要了 PDF，就必须做出来；没有 LibreOffice，或它没有做完、出错、什么也没有写出，"
        "都是错误，这一次什么文件也不写。不要 PDF 的，用 --to docx --to html，或从 outputs 里去掉 pdf。",
        hint="安装 LibreOffice，或从 outputs 里去掉 pdf",
        waivable=False,
    ),
)
