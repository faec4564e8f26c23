"""Rules on the document: whether it is laid out as GB/T 9704—2012 asks, and its tables as the official ones.

The checks load lxml when they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baogao.model.findings import Severity
from baogao.model.rules import artifact_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baogao.model.findings import Finding
    from baogao.model.jobs import Artifact, Job

__all__ = ["RULES"]

OFFICIAL = "国办公开办函〔2019〕60号、〔2021〕30号的表格格式"
PASSES = ({"passes": True}, {"output": {"profile": "filing"}, "passes": True})


@artifact_rule(
    "FMT-001",
    title="版面合乎公文格式",
    renderer="docx",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 9704—2012，5.1、5.2、7.2、7.3",
    explanation="纸张 A4，上、下、左、右边距 37、35、28、26 毫米（可差 1 毫米）；题目小标宋二号居中；"
    "一、黑体，（一）楷体，其余仿宋，都是三号；正文固定行距 28 至 29 磅，首行缩进两个字。"
    "字体可用 report.yaml 里 fonts 指定的名称。",
    hint="在外壳模板的“页面设置”和样式里改正；也可以恢复原来的外壳",
    examples=(*PASSES, {"artifact": {'w:top="2097"': 'w:top="1000"'}, "paths": [""]}),
)
def _page(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.pages import judge_layout

    return judge_layout(job, artifact)


@artifact_rule(
    "FMT-002",
    title="页码合乎公文格式",
    renderer="docx",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 9704—2012，7.5",
    explanation="页码用四号半角宋体数字，左右各一条一字线（— 1 —），在版心下边缘之下 7 毫米；"
    "单页居右空一字，双页居左空一字。",
    hint="在外壳模板里设“奇偶页不同”的页脚，改正页码的样式和位置；也可以恢复原来的外壳",
    examples=(*PASSES, {"artifact": {"<w:evenAndOddHeaders/>": ""}, "paths": [""]}),
)
def _numbers(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.pages import judge_page_numbers

    return judge_page_numbers(job, artifact)


@artifact_rule(
    "FMT-003",
    title="表格的合并、断页合乎规定",
    renderer="docx",
    severity=Severity.WARNING,
    gate="数据关",
    basis=OFFICIAL,
    explanation="合并的单元格与官方表格一致；一行不跨页断开；表头在下一页重复。分栏的表（表二）各栏自有表头，不重复。",
    hint="在章节模板里改正合并；表格属性里取消“允许跨页断行”，勾选“在各页顶端以标题行形式重复出现”",
    examples=(
        *PASSES,
        {"artifact": {"<w:cantSplit/>": ""}, "paths": ["disputes", "proactive", "requests"]},
        {"artifact": {"<w:tblHeader/>": ""}, "paths": ["disputes", "requests"]},
    ),
)
def _merges(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.tables import judge_merges

    return judge_merges(job, artifact)


@artifact_rule(
    "FMT-005",
    title="发文字号、主送机关、署名、日期都印出",
    renderer="docx",
    gate="文字关",
    basis="GB/T 9704—2012，7.2.5、7.3.2、7.3.4、7.3.5",
    explanation="report.yaml 里写了的发文字号（number）、主送机关（to）、署名（signature，报送件不写则为单位名称）、"
    "附件说明（enclosures）和公布日期（date），要在各章之外印出来；写出之前从成品里读回。",
    hint="在外壳模板里补上标记，如 shell.number；也可以恢复原来的外壳",
    examples=(
        *PASSES,
        {"output": {"profile": "filing"}, "artifact": {"年1月20日": "年1月"}, "paths": [""]},
    ),
)
def _letter(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.letters import judge_letter

    return judge_letter(job, artifact)


@artifact_rule(
    "FMT-006",
    title="附件名称后不加标点",
    renderer="docx",
    severity=Severity.WARNING,
    gate="文字关",
    basis="GB/T 9704—2012，7.3.4",
    explanation="附件说明里，附件名称后不加标点符号。名称照 report.yaml 里写的印，不会自动删去。",
    hint="在 report.yaml 的 enclosures 里删去名称后面的标点",
    examples=(
        *PASSES,
        {"output": {"profile": "filing", "enclosures": ["数据表"]}, "passes": True},
        {
            "output": {"profile": "filing", "enclosures": ["数据表。"]},
            "paths": [""],
        },
    ),
)
def _enclosures(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.letters import judge_enclosures

    return judge_enclosures(job, artifact)


@artifact_rule(
    "TAB-003",
    title="印出的行名、列名与官方表格一致",
    renderer="docx",
    basis=OFFICIAL,
    waivable=False,
    explanation="各行各列的名称应与官方表格相同；全角半角、空格、换行和引号的样式不计。",
    hint="在章节模板里改正文字；也可以删去自己的模板，用系统画的表",
    examples=(*PASSES, {"artifact": {"自然人": "自然入"}, "paths": ["requests"]}),
)
def _labels(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.tables import judge_labels

    return judge_labels(job, artifact)


@artifact_rule(
    "TAB-004",
    title="每行的格数与官方表格一致",
    renderer="docx",
    basis=OFFICIAL,
    waivable=False,
    explanation="表格的行数和每行的格数（合并的按所占的列计）应与官方表格相同，多一格少一格都会使数字错位。",
    hint="在章节模板里补上或删去多余的格；也可以删去自己的模板，用系统画的表",
    examples=(
        *PASSES,
        {"artifact": {'<w:gridSpan w:val="5"/>': '<w:gridSpan w:val="4"/>'}, "paths": ["disputes", "requests"]},
    ),
)
def _rows(job: Job, artifact: Artifact) -> Iterable[Finding]:
    from baogao_docx.judging.tables import judge_rows

    return judge_rows(job, artifact)


RULES = (_page, _numbers, _merges, _letter, _enclosures, _labels, _rows)
