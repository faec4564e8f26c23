"""What people get wrong in the files they write: each is named with its rule, its place and the way out.

`▸` stands where the finding must point to; it is taken out before the program runs.
"""

# ruff: noqa: E501 - a case is one row of a table

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

import baogao
from reports import MARK, Edit, Run, change, marked_place, sample, tree

ROW = (
    "natural_person: 2, business: 0, research_institution: 0, public_interest: 0, legal_service: 0, other: 0, total: 2"
)
FIRST = f"{{{ROW}}}\ncarried_over"
BLOCK_ROW = "\n".join(f"  {pair}" for pair in ROW.split(", "))


def bad(name: str, files: Mapping[str, Edit], rule: str, *words: str, code: int = 1, place: str = "") -> ParameterSet:
    """Describe one mistake: the files that hold it, and what the program must say; `words` are in message or hint."""
    return pytest.param(files, rule, words, code, place, id=name)


def typed(value: str, mark: str = MARK) -> Mapping[str, Edit]:
    """Type a value into the cell requests.new_received.business."""
    return {"requests.yaml": (FIRST, FIRST.replace("business: 0", f"business: {mark}{value}"))}


def on_a_line(value: str) -> Mapping[str, Edit]:
    """Type a value into the same cell, in a row of one line a column."""
    return {
        "requests.yaml": (
            f"{{{ROW}}}\ncarried_over",
            f"\n{BLOCK_ROW}\ncarried_over".replace("business: 0", f"business: {MARK}{value}"),
        )
    }


def requests(text: str) -> Mapping[str, Edit]:
    return {"requests.yaml": text}


def overview(text: str | bytes) -> Mapping[str, Edit]:
    return {"overview.md": text}


def head(old: str, new: str) -> Mapping[str, Edit]:
    return {"report.yaml": (old, new)}


FILES = (
    bad(
        "a table is missing",
        {"requests.yaml": None},
        "SRC-001",
        "找不到文件 requests.yaml",
        "report.yaml 旁边",
        place="requests.yaml",
    ),
    bad(
        "a narrative is missing",
        {"overview.md": None},
        "SRC-001",
        "找不到文件 overview.md",
        "report.yaml 旁边",
        place="overview.md",
    ),
    bad(
        "a folder stands in a file's place",
        {"requests.yaml": None, "requests.yaml/x": ""},
        "SRC-002",
        "无法读取 requests.yaml",
        "权限",
        place="requests.yaml",
    ),
    bad("a file is too large", overview("字" * 1_700_000), "SRC-002", "overview.md 太大", place="overview.md"),
    bad("GBK", overview("总体情况".encode("gbk")), "SRC-003", "不是 UTF-8", "GBK", "另存为", place="overview.md:1:1"),
    bad(
        "GBK from the second line on",
        overview("2020\n各方面情况".encode("gbk")),
        "SRC-003",
        "GBK",
        place="overview.md:2:1",
    ),
    bad(
        "a table in GBK",
        {"requests.yaml": "# 新收\n".encode("gbk")},
        "SRC-003",
        "GBK",
        "另存为",
        place="requests.yaml:1:3",
    ),
    bad("UTF-16", overview("总体情况".encode("utf-16")), "SRC-003", "UTF-16", "另存为", place="overview.md:1:1"),
    bad(
        "a lone surrogate in UTF-8",
        overview("一二".encode() + b"\xed\xa0\x80"),
        "SRC-003",
        "不是 UTF-8",
        place="overview.md:1:3",
    ),
    bad("a file that is no text", overview(b"PK\x03\x04\xff\xfe"), "SRC-003", "不是 UTF-8", place="overview.md:1:5"),
    bad(
        "a misspelt file name",
        {"request.yaml": "a: 1\n"},
        "SRC-009",
        "request.yaml 不属于任何一章",
        "是否想写“requests.yaml”",
        code=0,
        place="request.yaml",
    ),
    bad(
        "text beside a section that has none",
        {"requests.md": "说明"},
        "SRC-009",
        "requests.md 不属于任何一章",
        code=0,
        place="requests.md",
    ),
)

YAML = (
    bad("a tab indents", requests(f"new_received:\n{MARK}\tnatural_person: 2\n"), "SRC-004", "制表符", "空格"),
    bad("a full-width colon", requests(f"new_received{MARK}：\n  natural_person: 2\n"), "SRC-004", "全角", "半角“:”"),
    bad("a full-width colon before a row", requests(f"new_received{MARK}：{{{ROW}}}\n"), "SRC-004", "全角", "半角“:”"),
    bad("a full-width colon throughout", requests(f"{MARK}new_received：2\n"), "SRC-007", "冒号是不是半角"),
    bad("curly quotes around a row", requests(f"“new_received”: {MARK}{{{ROW}}}\n"), "TAB-005", "“new_received”", "不要加引号"),
    bad("curly quotes around a column", requests(f"new_received: {{“business”: {MARK}0}}\n"), "TAB-005", "“business”", "不要加引号"),
    bad("a row twice", requests(f"new_received: {{}}\n{MARK}new_received: {{}}\n"), "SRC-005", "“new_received”写了两次", "删去"),
    bad("a column twice", requests(f"new_received: {{business: 1, {MARK}business: 1}}\n"), "SRC-005", "“business”写了两次", "删去"),
    bad("an anchor", requests(f"new_received: {MARK}&a {{}}\n"), "SRC-006", "锚点", "直接写出来"),
    bad("an alias", requests(f"new_received: {{}}\ncarried_over: {MARK}*a\n"), "SRC-006", "别名", "直接写出来"),
    bad("a tag", requests(f"new_received: {MARK}!!python/name:os.system x\n"), "SRC-006", "标签", "直接写出来"),
    bad("a merge key", requests(f"new_received:\n  {MARK}<<: {{}}\n"), "SRC-006", "合并键", "直接写出来"),
    bad("two documents", requests(f"new_received: {{}}\n{MARK}---\ncarried_over: {{}}\n"), "SRC-006", "只能有一份内容"),
    bad("a list as a name", requests(f"? {MARK}[a, b]\n: 1\n"), "SRC-004", "冒号前应当是一个名字"),
    bad("brackets a thousand deep", requests("new_received: " + "[" * 1000), "SRC-004", "层次过深", place="requests.yaml:1:65"),
    bad("a brace left open", requests(f"new_received: {{business: 1\ncarried_over{MARK}: {{business: 1}}\n"), "SRC-004", "花括号"),
    bad("a bracket left open", requests("new_received: [1, 2\n"), "SRC-004", "方括号", place="requests.yaml:2:1"),
    bad("a quote left open", requests('new_received: "2\n'), "SRC-004", "引号没有配对", place="requests.yaml:2:1"),
    bad("a colon too many", requests(f"new_received: business{MARK}: 1\n"), "SRC-004", "不能再有“:”"),
    bad("a line indented too far", requests(f"new_received:\n  natural_person: 2\n\n    business{MARK}: 0\n"), "SRC-004", "缩进", "有 4 个空格，上一行是 2 个"),
    bad("an item indented too far", requests(f"- name: 甲\n   business{MARK}: 0\n"), "SRC-004", "缩进", "有 3 个空格，上一行是 2 个"),
    bad("a colon too few above", requests(f"new_received\n  business{MARK}: 0\n"), "SRC-004", "上一行是否少了冒号"),
    bad("an at sign first", requests(f"new_received: {MARK}@1\n"), "SRC-004", "不能用在这里的字符"),
    bad("a control character in YAML", requests(f"new_received: {MARK}\x07\n"), "SRC-004", "控制字符"),
    bad("U+FFFE in YAML", requests(f"new_received: {MARK}\ufffe\n"), "SRC-004", "控制字符"),
    bad("a lone surrogate in quotes", requests(f'new_received: "\\u{MARK}d800"\n'), "SRC-004", "YAML 写法有误"),
)  # fmt: skip

TABLES = (
    bad("an unknown row", requests(f"carried_ovr: {MARK}{{{ROW}}}\n"), "TAB-005", "不认识“carried_ovr”", "是否想写“carried_over”"),
    bad("an unknown column", requests(f"new_received: {{natural_persn: {MARK}2}}\n"), "TAB-005", "不认识“natural_persn”", "是否想写“natural_person”"),
    bad("words in a count cell", typed("三"), "TAB-002", "商业企业", "非负整数", "“三”", "半角数字"),
    bad("full-width digits", typed("２"), "TAB-002", "非负整数", "“２”", "改用半角数字：2"),
    bad("a decimal", typed("1.5"), "TAB-002", "非负整数", "“1.5”"),
    bad("a negative number", typed("-1"), "TAB-002", "非负整数", "“-1”"),
    bad("yes or no", typed("true"), "TAB-002", "“true”", "不填是或否"),
    bad("a comma for thousands in braces", typed(f"1,{MARK}000", mark=""), "TAB-005", "千位逗号", "去掉"),
    bad("a comma for thousands on a line", on_a_line("1,000"), "TAB-002", "“1,000”", "去掉千位逗号"),
    bad("a zero in front", typed("010"), "TAB-002", "“010”", "去掉数字前面多余的 0"),
    bad("a number in quotes", typed('"2"'), "TAB-002", "“2”", "去掉数字两边的引号"),
    bad("a number with its unit", typed("3件"), "TAB-002", "“3件”", "只写数字"),
    bad("a plus sign", typed("+3"), "TAB-002", "“+3”", "去掉加号"),
    bad("an exponent", typed("1e3"), "TAB-002", "“1e3”"),
    bad("a time of day", typed("22:22"), "TAB-002", "“22:22”"),
    bad("a date", typed("2020-01-01"), "TAB-002", "“2020-01-01”"),
    bad("a number too large", typed("1000000000"), "TAB-002", "“1000000000”", "数字太大"),
    bad("a number of thirty digits", typed("9" * 30), "TAB-002", "9" * 30, "数字太大"),
    bad("a list in a cell", typed("[1]"), "TAB-002", "非负整数"),
    bad("the word none", typed("无"), "TAB-001", "“无”", "没有的填 0"),
    bad("a slash", typed("/"), "TAB-001", "“/”", "没有的填 0"),
    bad("a dash in quotes", typed('"-"'), "TAB-001", "“-”", "没有的填 0"),
    bad("a bare dash", on_a_line("-"), "SRC-004", "YAML 写法有误"),
    bad("a full-width dash", typed("－"), "TAB-001", "“－”", "没有的填 0"),
    bad("a blank cell", {"requests.yaml": (FIRST, FIRST.replace("business: 0", f"{MARK}business: "))}, "TAB-001", "商业企业", "没有填", "填 0"),
    bad("a blank cell without its space", {"requests.yaml": (FIRST, FIRST.replace("business: 0", f"business{MARK}:"))}, "SRC-004", "YAML 写法有误"),
    bad("null", {"requests.yaml": (FIRST, FIRST.replace("business: 0", f"{MARK}business: null"))}, "TAB-001", "没有填", "填 0"),
    bad("a missing column", {"requests.yaml": (FIRST, FIRST.replace("business: 0, ", "").replace("{", MARK + "{"))}, "TAB-001", "商业企业", "没有填"),
    bad("a row that is a number", {"requests.yaml": (FIRST, f"{MARK}2\ncarried_over")}, "TAB-002", "本年新收", "{列: 数, …}"),
    bad("a row that is a list", {"requests.yaml": (FIRST, f"{MARK}[2, 0, 0, 0, 0, 0, 2]\ncarried_over")}, "TAB-002", "本年新收", "{列: 数, …}"),
    bad("a table that is a list", requests(f"{MARK}- 2\n- 0\n"), "TAB-002", "收到和处理政府信息公开申请情况"),
    bad("a table that is a sentence", requests(f"{MARK}本年没有收到申请\n"), "SRC-007", "名称: 值"),
    bad("more decimals than the cell takes", {"proactive.yaml": ("amount: 0", f"amount: {MARK}1.1234567")}, "T2-001", "采购总金额", "6 位小数"),
    bad("an amount below zero", {"proactive.yaml": ("amount: 0", f"amount: {MARK}-0.5")}, "T2-001", "采购总金额", "小于 0"),
    bad("a decimal in table two", {"proactive.yaml": ("made: 0, newly_published: 0, total_published: 0}      # 规章\n", f"made: {MARK}1.5, newly_published: 0, total_published: 0}}\n")}, "T2-001", "“1.5”", "非负整数"),
    bad("a column of another band", {"proactive.yaml": ("projects: 0", f"projects: 0, made: {MARK}3")}, "TAB-005", "made"),
    bad("a control character in a cell", typed('"\\a"'), "TXT-001", "U+0007"),
)  # fmt: skip

NARRATIVE = (
    bad("an empty file where a default would stand", {"preface.md": MARK}, "STR-004", "preface.md", "删去"),
    bad("an unknown cell", overview(f"共{MARK}{{{{ requests.new_received.totl }}}}件"), "NAR-101", "requests.new_received.totl", "是否想写“requests.new_received.total”"),
    bad("a row instead of a cell", overview(f"共{MARK}{{{{ requests.new_received }}}}件"), "NAR-101", "requests.new_received", "是否想写"),
    bad("last year's report without one", overview(f"上年{MARK}{{{{ previous.requests.new_received.total }}}}件"), "NAR-101", "上一年的报告"),
    bad("an expression", overview(f"共{MARK}{{{{ 7 * 7 }}}}件"), "NAR-104", "“{{ 7 * 7 }}”", "章节.行.列"),
    bad("a statement", overview(f"共{MARK}{{% if x %}}件"), "NAR-104", "“{% if x %}”", "章节.行.列"),
    bad("a comment", overview(f"共{MARK}{{# x #}}件"), "NAR-104", "“{# x #}”"),
    bad("braces left open", overview(f"共{MARK}{{{{ requests"), "NAR-104", "“{{”"),
    bad("a percent tag left open", overview(f"共{MARK}{{% "), "NAR-104", "“{%”"),
    bad("full-width braces", overview(f"共{MARK}｛｛ requests.new_received.total ｝｝件"), "NAR-104", "全角", "半角"),
    bad("a tag in a heading", overview(f"## （一）{MARK}{{% x %}}\n正文。"), "NAR-104", "“{% x %}”"),
    bad("HTML in a line", overview(f"情况{MARK}<b>很好</b>。"), "NAR-103", "HTML", "反斜杠"),
    bad("HTML on lines of its own", overview(f"情况。\n\n{MARK}<div>很好</div>"), "NAR-103", "HTML"),
    bad("a script", overview(f"{MARK}<script>alert(1)</script>"), "NAR-103", "HTML"),
    bad("a link", overview(f"见{MARK}[网站](http://example.gov.cn)。"), "NAR-103", "链接"),
    bad("a picture", overview(f"见{MARK}![图](a.png)。"), "NAR-103", "图片"),
    bad("code", overview(f"见{MARK}`x`。"), "NAR-103", "代码"),
    bad("a block of code", overview(f"见：\n{MARK}```\nx\n```"), "NAR-103", "代码块"),
    bad("a quotation", overview(f"见：\n\n{MARK}> 引用"), "NAR-103", "引用"),
    bad("a rule across the page", overview(f"上。\n\n{MARK}---\n\n下。"), "NAR-103", "分隔线"),
    bad("stars without a partner", overview(f"这是{MARK}**重点：内容"), "NAR-103", "没有配对"),
    bad("a heading of the first level", overview(f"{MARK}# 一、概况\n正文。"), "NAR-106", "##"),
    bad("a heading of the fifth level", overview(f"{MARK}##### 概况\n正文。"), "NAR-106", "##"),
    bad("the chapter's title again", overview(f"{MARK}一、总体情况\n正文。"), "STR-001", "“一、总体情况”"),
    bad("a gap left over", overview(f"共{MARK}【待填】件。"), "NAR-105", "【待填】"),
    bad("nothing at all", overview(""), "STR-004", "没有内容", place="overview.md:1:1"),
    bad("headings only", overview("## （一）主动公开情况\n## （二）依申请公开情况\n"), "STR-004", "没有内容", place="overview.md:1:1"),
    bad("nothing but none", {"problems.md": "无\n"}, "STR-004", "“无”", "第五章", place="problems.md:1:1"),
    bad("a last chapter left blank", {"others.md": "\n"}, "STR-005", "没有内容", "没有的写“无”", place="others.md:1:1"),
    bad("a control character", overview(f"情况{MARK}\x07。"), "TXT-001", "U+0007", "第 3 个字符", "重新输入"),
    bad("a control character on the second line", overview(f"情况。\n　　情况{MARK}\x0b。"), "TXT-001", "U+000B"),
    bad("a C1 control character", overview(f"情况{MARK}\x85。"), "TXT-001", "U+0085"),
    bad("U+FFFE", overview(f"情况{MARK}\ufffe。"), "TXT-001", "U+FFFE"),
    bad("U+FFFF", overview(f"情况{MARK}\uffff。"), "TXT-001", "U+FFFF"),
)  # fmt: skip

REPORT = (
    bad("an empty report", {"report.yaml": ""}, "SRC-007", "名称: 值", code=2, place="report.yaml:1:1"),
    bad("a report of comments", {"report.yaml": "# 待写\n"}, "SRC-007", "名称: 值", code=2, place="report.yaml:1:1"),
    bad("a report that is a list", {"report.yaml": f"{MARK}- form: disclosure\n"}, "SRC-007", "名称: 值", code=2),
    bad("a report with full-width colons", {"report.yaml": f"form{MARK}：disclosure\nyear: 2020\n"}, "SRC-004", "全角", "半角", code=2),
    bad("a report in GBK", {"report.yaml": "# 年报\n".encode("gbk")}, "SRC-003", "GBK", code=2, place="report.yaml:1:3"),
    bad("no report", {"report.yaml": None}, "SRC-001", "找不到文件 report.yaml", code=2, place="report.yaml"),
    bad("a folder for a report", {"report.yaml": None, "report.yaml/x": ""}, "SRC-002", "无法读取 report.yaml", code=2, place="report.yaml"),
    bad("a key twice", head("year: 2020\n", f"year: 2020\n{MARK}year: 2021\n"), "SRC-005", "“year”写了两次", code=2),
    bad("a misspelt key", head("outputs: [docx", f"ouputs: {MARK}[docx"), "SRC-008", "不认识“ouputs”", "是否想写“outputs”", code=2),
    bad("curly quotes in report.yaml", head("year: 2020\n", f"“year”: {MARK}2020\n"), "SRC-008", "不要加引号", code=2),
    bad("no year", head("year: 2020\n", ""), "SRC-008", "缺少“year”", code=2, place="report.yaml:9:1"),
    bad("no unit", {"report.yaml": f"{MARK}form: disclosure\nyear: 2020\n"}, "SRC-008", "缺少“unit”", code=2),
    bad("a year in words", head("year: 2020\n", f"year: {MARK}2020年\n"), "SRC-008", "“year”应为整数", "“2020年”", code=2),
    bad("a year far off", head("year: 2020\n", f"year: {MARK}20\n"), "SRC-008", "1949", "“20”", code=2),
    bad("an unknown form", head("disclosure\n", f"{MARK}disclosre\n".replace(MARK, "")), "SRC-008", "“disclosre”", "是否想写“disclosure”", code=2, place="report.yaml:9:7"),
    bad("a year without an edition", head("year: 2020\n", f"year: {MARK}2008\n"), "SRC-008", "2008 年度没有可用的格式", "2019 版", code=2),
    bad("an unknown edition", head("year: 2020\n", f'year: 2020\nedition: {MARK}"1999"\n'), "SRC-008", "没有“1999”版", "2019", code=2),
    bad("an edition without quotes", head("year: 2020\n", f"year: 2020\nedition: {MARK}2019\n"), "SRC-008", "“edition”应为文字", "引号", code=2),
    bad("an unknown kind of unit", head("kind: department", f"kind: {MARK}bureau"), "SRC-008", "“bureau”", "department", code=2),
    bad("a unit with a slash in its name", head("name: 洛龙区统计局", f"name: {MARK}洛龙区/统计局"), "SRC-008", "不能有 /", code=2),
    bad("a unit that leaves the folder", head("name: 洛龙区统计局", f"name: {MARK}../统计局"), "SRC-008", "不能有 /", code=2),
    bad("a unit with a control character", head("name: 洛龙区统计局", f'name: {MARK}"统计局\\e"'), "SRC-008", "控制字符", code=2),
    bad("a unit of sixty characters", head("name: 洛龙区统计局", f"name: {MARK}{'局' * 60}"), "SRC-008", "太长", code=2),
    bad("a unit without a name", head("name: 洛龙区统计局", f"{MARK}name:"), "SRC-008", "“unit.name”没有填", code=2),
    bad("a date that is none", head("date: 2021-01-20", f"date: {MARK}2021-02-30"), "SRC-008", "“2021-02-30”", "2021-01-20 这样", code=2),
    bad("a date without hyphens", head("date: 2021-01-20", f"date: {MARK}20210120"), "SRC-008", "“20210120”", "2021-01-20 这样", code=2),
    bad("a date of a week", head("date: 2021-01-20", f"date: {MARK}2021-W03-3"), "SRC-008", "2021-01-20 这样", code=2),
    bad("a date in Chinese", head("date: 2021-01-20", f"date: {MARK}2021年1月20日"), "SRC-008", "2021-01-20 这样", code=2),
    bad("one output, not a list", head("outputs: [docx, html]", f"outputs: {MARK}docx"), "SRC-008", "“outputs”应为一个列表", code=2),
    bad("a power that is neither", head("permits: true", f"permits: {MARK}有"), "SRC-008", "“有”", "true", code=2),
    bad("a section file outside the folder", head("date: 2021-01-20", f"sections: {{overview: {{file: {MARK}../总体情况.md}}}}\ndate: 2021-01-20"), "SRC-008", "不在报告文件夹里", code=2),
    bad("a section file of the machine", head("date: 2021-01-20", f"sections: {{overview: {{file: {MARK}/etc/passwd}}}}\ndate: 2021-01-20"), "SRC-008", "不在报告文件夹里", code=2),
    bad("a plugin outside the folder", head("date: 2021-01-20", f"plugins: {{load: [{MARK}../x.py]}}\ndate: 2021-01-20"), "SRC-008", "不在报告文件夹里", code=2),
    bad("a section id that cannot be one", head("date: 2021-01-20", f"sections: {{Fees-1: {MARK}{{title: 收费}}}}\ndate: 2021-01-20"), "SRC-008", "“Fees-1”", "小写字母", code=2),
    bad("a control character in report.yaml", {"report.yaml": ("phone: 0379-00000000", f'phone: {MARK}"\\a"')}, "TXT-001", "U+0007", code=2),
    bad("an unknown output", head("[docx, html]", f"[docx, {MARK}pdff]"), "PLG-007", "没有名为“pdff”的输出", "docx、html"),
    bad("an unknown profile", head("[docx, html]", f"[{{renderer: docx, profile: {MARK}secret}}]"), "SRC-008", "secret", "public"),
    bad("an output twice", head("[docx, html]", f"{MARK}[docx, docx]"), "SRC-008", "都要写成", "docx"),
    bad("an unknown section", head("date: 2021-01-20", f"sections: {{requets: {MARK}{{after: overview}}}}\ndate: 2021-01-20"), "PLG-006", "“requets”没有插件提供", "是否想写“requests”"),
    bad("a place beside a section that is none", head("date: 2021-01-20", f"sections: {{fees: {{after: {MARK}overviw}}}}\ndate: 2021-01-20"), "SRC-008", "没有这一章", "是否想写“overview”"),
    bad("settings for an unknown rule", head("date: 2021-01-20", f"rules: {{META-099: {MARK}{{severity: info}}}}\ndate: 2021-01-20"), "SRC-008", "没有规则“META-099”", "baogao rules"),
    bad("settings for a rule that is law", head("date: 2021-01-20", f"rules: {{T3-001: {MARK}{{severity: info}}}}\ndate: 2021-01-20"), "SRC-008", "不能改"),
    bad("an unknown severity", head("date: 2021-01-20", f"rules: {{META-009: {{severity: {MARK}fatal}}}}\ndate: 2021-01-20"), "SRC-008", "error、warning 或 info"),
    bad("an option the rule does not have", head("date: 2021-01-20", f"rules: {{META-009: {{limt: {MARK}3}}}}\ndate: 2021-01-20"), "SRC-008", "limt"),
    bad("a section file of another kind", {**head("date: 2021-01-20", f"sections: {{overview: {{file: {MARK}总体情况.txt}}}}\ndate: 2021-01-20"), "总体情况.txt": "正文。"}, "SRC-008", "总体情况.txt"),
    bad("text for a section that has none", head("date: 2021-01-20", f"sections: {{requests: {{text: {MARK}说明}}}}\ndate: 2021-01-20"), "SRC-008", "requests"),
    bad("data for a section that has none", head("date: 2021-01-20", f"sections: {{overview: {{data: {MARK}{{a: 1}}}}}}\ndate: 2021-01-20"), "SRC-008", "overview"),
)  # fmt: skip


@pytest.mark.parametrize(("files", "rule", "words", "code", "place"), [*FILES, *YAML, *TABLES, *NARRATIVE, *REPORT])
def test_a_mistake_is_named_with_its_place_and_the_way_out(
    tmp_path: Path, run: Run, files: Mapping[str, Edit], rule: str, words: tuple[str, ...], code: int, place: str
):
    report = sample(tmp_path, files)
    place = marked_place(report) or place
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    named = [said for said in ran.findings if said.rule == rule and said.place == place]
    assert len(named) == 1, [f"{said.rule} {said.place}" for said in ran.findings]
    assert [word for word in words if word not in named[0].words] == [], named[0].words
    assert ran.code == code
    assert (tmp_path / "out").exists() == (code == 0)


def test_a_byte_order_mark_is_noted_and_loses_nothing(tmp_path: Path, run: Run):
    marked = sample(
        tmp_path,
        {
            "others.md": b"\xef\xbb\xbf\xe6\x97\xa0\n",
            "report.yaml": ("# 洛龙区统计局 2020", "\ufeff# 洛龙区统计局 2020"),
        },
    )
    ran = run("check", marked, "--format", "json")
    assert ran.code == 0
    assert [(said.rule, said.place) for said in ran.findings] == [
        ("SRC-011", "report.yaml:1:1"),
        ("SRC-011", "others.md:1:1"),
    ]
    assert baogao.load(marked).section("others").text == "无"


def test_windows_line_ends_change_nothing(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    for path in report.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    change(report, "overview.md", "2020年，洛龙区", "2020年，\r\n洛龙区")
    change(
        report,
        "requests.yaml",
        "carried_forward:                        {natural_person: 0",
        "carried_forward:                        {natural_person: x",
    )
    ran = run("check", report, "--format", "json")
    assert [said.place for said in ran.findings if said.rule == "TAB-002"] == ["requests.yaml:24:58"]
    assert "\r" not in baogao.load(report).section("overview").text


def test_all_mistakes_of_a_run_are_named_at_once(tmp_path: Path, run: Run):
    report = sample(
        tmp_path,
        {
            **typed("３", mark=""),
            "disputes.yaml": None,
            "overview.md": "共{{ requests.nothing.total }}件<br>\x07",
            "problems.md": "无",
            "others.md": "其他".encode("gbk"),
            "proactive.yaml": "regulations: {made: 1}\nregulations: {made: 1}\n",
            "spare.yaml": "a: 1\n",
            "report.yaml": ("[docx, html]", "[docx, odt]\nrules: {T3-001: {severity: info}}"),
        },
    )
    ran = run("build", report, "--format", "json")
    wanted = {
        "TAB-002",
        "SRC-001",
        "NAR-101",
        "NAR-103",
        "TXT-001",
        "STR-004",
        "SRC-003",
        "SRC-005",
        "SRC-009",
        "PLG-007",
        "SRC-008",
    }
    assert wanted <= {said.rule for said in ran.findings}
    assert ran.code == 1
    assert not (report / "out").exists()


def test_all_mistakes_in_report_yaml_are_named_at_once(tmp_path: Path, run: Run):
    report = sample(
        tmp_path,
        {"report.yaml": "form: disclosure\nyear: 二〇二〇\nunit: {kind: bureau}\ndate: 昨天\nouputs: [docx]\n"},
    )
    ran = run("check", report)
    assert ran.code == 2
    assert sorted(said.place for said in ran.findings) == [
        "report.yaml:2:7",  # year
        "report.yaml:3:14",  # unit.kind
        "report.yaml:3:7",  # unit.name
        "report.yaml:4:7",  # date
        "report.yaml:5:9",  # ouputs
    ]


@pytest.mark.parametrize(
    ("files", "way_out"),
    [
        pytest.param({"report.yaml": "# 年报\n".encode("gbk")}, "另存为", id="GBK"),
        pytest.param({"report.yaml": None}, "baogao new", id="missing"),
        pytest.param({"report.yaml": "form: a\nform: a\n"}, "删去", id="a key twice"),
        pytest.param({"report.yaml": "form: &a disclosure\n"}, "直接写出来", id="an anchor"),
        pytest.param({"report.yaml": None, "report.yaml/x": ""}, "权限", id="a folder"),
        pytest.param({"report.yaml": "form: disclosure\n"}, "baogao new", id="keys missing"),
    ],
)
def test_when_no_report_can_be_read_stderr_says_what_to_do(
    tmp_path: Path, run: Run, files: Mapping[str, Edit], way_out: str
):
    ran = run("check", sample(tmp_path, files))
    assert (ran.code, ran.out) == (2, "")
    assert way_out in ran.err


def test_a_link_to_nothing_is_said_to_be_one(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"preface.md": None})
    (report / "preface.md").symlink_to("nowhere.md")

    found = [finding for finding in run("check", report, "--format", "json").findings if finding.rule == "SRC-001"]

    assert [finding.place for finding in found] == ["preface.md"]
    assert "链接" in found[0].words


def test_a_folder_that_is_not_there_is_said_to_be_none(tmp_path: Path, run: Run):
    ran = run("check", tmp_path / "没有")
    assert ran.code == 2
    assert "“没有”不是报告文件夹" in ran.err
    assert "baogao new" in ran.err


def test_a_file_in_the_place_of_a_folder_is_said_to_be_none(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path) / "report.yaml")
    assert ran.code == 2
    assert "文件夹" in ran.err


def test_python_callers_get_the_places_in_the_exception(tmp_path: Path):
    report = sample(tmp_path, {"report.yaml": "form: disclosure\nyear: x\nunit: {name: 局, kind: department}\n"})
    with pytest.raises(baogao.InputError, match=re.escape("report.yaml:2:7: “year”应为整数，写的是“x”")) as caught:
        baogao.load(report)
    assert [finding.rule for finding in caught.value.findings] == ["SRC-008"]


TEXTS = {
    "A&B、a < b、a > b、“引”、\"引\"、'引'、&amp;、&#60;": {"LNG-001"},
    "情况<w:p/>、]]>、<!DOCTYPE、<?xml、C:\\目录": {"LNG-001"},
    "}} 与 %} 与 #} 与 { 与 $ 与 \\n": {"LNG-001"},
    "𠮷野家、ﬁ、e\u0301、👨‍👩‍👧、\u202e反、\u200b零宽": {"TXT-002"},
    "2＊3、a_b_c、~~删~~、== 标 ==、1) 一、（一）": set[str](),
}
"""By text, the rules that warn of it: what is not seen and half-width punctuation are printed all the same."""


@pytest.mark.parametrize(("text", "warned"), TEXTS.items(), ids=range(len(TEXTS)))
def test_a_text_survives_exactly_in_every_output(tmp_path: Path, text: str, warned: set[str]):
    report = sample(tmp_path, {"others.md": f"其他{text}。\n"})
    outcome = baogao.build(report, out=tmp_path / "out")
    assert {finding.rule for finding in outcome.findings} == warned
    assert {finding.severity for finding in outcome.findings} <= {"warning"}
    assert outcome.report.section("others").text == f"其他{text}。"
    assert len(outcome.written) == 2


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\ue000"])
def test_a_sign_that_nobody_sees_in_report_yaml_is_named_with_its_place(tmp_path: Path, sign: str, run: Run):
    report = sample(tmp_path, {"report.yaml": ("洛阳市洛龙区示例路1号 ", f"洛阳市{sign}洛龙区 ")})
    ran = run("check", report, "--format", "json")

    [found] = [finding for finding in ran.findings if finding.rule == "TXT-002"]
    assert (found.place, f"U+{ord(sign):04X}" in found.words, ran.code) == ("report.yaml:15:15", True, 0)


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        pytest.param("A&B", set[str](), id="an ampersand"),
        pytest.param("a < b", set[str](), id="a less-than sign"),
        pytest.param("“引”\"引\"'引'", {"LNG-001"}, id="quotes"),
        pytest.param("{{ 7 * 7 }}", set[str](), id="an expression"),
        pytest.param("{% raw %}", set[str](), id="a statement"),
        pytest.param("&amp;", {"LNG-001"}, id="an entity"),
        pytest.param("<b>", set[str](), id="a tag"),
    ],
)
def test_what_is_said_of_the_unit_survives_exactly_in_the_preface(tmp_path: Path, text: str, warned: set[str]):
    address = f"示例路{text}号"
    quoted = address.replace("\\", "\\\\").replace('"', '\\"')
    report = sample(tmp_path, {"report.yaml": ("洛阳市洛龙区示例路1号 ", f'"{quoted}" ')})
    outcome = baogao.build(report, out=tmp_path / "out")
    assert f"（地址：{address}；" in outcome.report.section("preface").text
    assert ({finding.rule for finding in outcome.findings}, len(outcome.written)) == (warned, 2)
    assert {finding.severity for finding in outcome.findings} <= {"warning"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("A&B局", id="an ampersand"),
        pytest.param("局'一'", id="quotes"),
        pytest.param("局{{ 1 }}", id="an expression"),
        pytest.param("局{% x %}", id="a statement"),
    ],
)
def test_the_name_of_the_unit_survives_exactly_in_the_title(tmp_path: Path, name: str):
    report = sample(tmp_path, {"report.yaml": ("name: 洛龙区统计局", f'name: "{name}"')})
    outcome = baogao.build(report, out=tmp_path / "out")
    assert outcome.report.title == f"{name}2020年政府信息公开工作年度报告"
    assert (outcome.findings, len(outcome.written)) == ((), 2)


def test_a_number_bound_to_a_blank_cell_is_named_where_it_stands(tmp_path: Path, run: Run):
    report = sample(
        tmp_path,
        {
            "requests.yaml": (FIRST, f"{{{ROW.replace('natural_person: 2', 'natural_person: ')}}}\ncarried_over"),
            "overview.md": f"情况。\n共{MARK}{{{{ requests.new_received.natural_person }}}}件。\n",
        },
    )
    place = marked_place(report)
    ran = run("build", report, "-o", tmp_path / "out", "--format", "json")
    found = [said for said in ran.json["findings"] if said["rule"] == "NAR-102"]
    assert [(said["state"], said["cells"], said["quote"]) for said in found] == [
        ("unassessable", ["requests.new_received.natural_person"], "{{ requests.new_received.natural_person }}")
    ]
    assert "还没有填" in found[0]["message"]
    assert (ran.code, (tmp_path / "out").exists()) == (1, False)
    assert [said.place for said in ran.findings if said.rule == "NAR-102"] == [place]


@pytest.mark.parametrize(
    "style",
    [
        pytest.param("sections: {{others: {{text: {0}}}}}\n", id="in braces"),
        pytest.param("sections:\n  others:\n    text: |\n      第一行\n      {0}\n", id="as a block"),
    ],
)
def test_text_written_in_report_yaml_is_located_there(tmp_path: Path, run: Run, style: str):
    addition = style.format(f"{MARK}{{% x %}}") if "|" in style else style.format(f'"{MARK}{{% x %}}"')
    report = sample(tmp_path, {"others.md": None, "report.yaml": ("outputs:", addition + "outputs:")})
    place = marked_place(report)
    ran = run("check", report, "--format", "json")
    line = place.rpartition(":")[0]
    assert [said.place.rpartition(":")[0] for said in ran.findings if said.rule == "NAR-104"] == [line]


@pytest.mark.parametrize("format_", ["table", "concise", "json"])
def test_every_format_shows_every_kind_of_finding(tmp_path: Path, run: Run, format_: str):
    report = sample(
        tmp_path, {**typed("{a: 1}", mark=""), "overview.md": "{{ x.y.z }}{{ 'a' }}{% \x07<b>", "problems.md": ""}
    )
    ran = run("check", report, "--format", format_)
    assert ran.code == 1
    assert [
        rule for rule in ("TAB-002", "NAR-101", "NAR-104", "TXT-001", "NAR-103", "STR-004") if rule not in ran.out
    ] == []


def test_an_output_folder_that_is_a_file_is_named_and_stays(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"out": "我的笔记"})
    before = tree(report)
    ran = run("build", report, "--format", "json")
    assert [(said.rule, f"无法写入 {report / 'out'}" in said.words, "-o" in said.words) for said in ran.findings] == [
        ("OUT-003", True, True)
    ]
    assert ran.code == 1
    assert tree(report) == before


def test_checking_writes_nothing(tmp_path: Path, run: Run):
    report = sample(tmp_path, typed("x", mark=""))
    before = tree(tmp_path)
    run("check", report)
    run("build", report)
    assert tree(tmp_path) == before


READER = """
import json
from baogao import hookimpl, section

class Reader:
    suffixes = (".json",)
    def read(self, file, content): return json.loads(content)

@hookimpl
def source_readers(): return [Reader()]
"""
CONTACTS: Mapping[str, Edit] = {
    "plugins/reader.py": READER,
    "schemas/contacts.yaml": "section: contacts\ntitle: 联系\ncolumns: [{id: n, label: 数}]\nrows: [{id: one, label: 一}]\n",
    "report.yaml": ("outputs:", "plugins: {load: [plugins/reader.py]}\nsections: {contacts: {}}\noutputs:"),
}


def test_what_a_reader_cannot_read_is_wrong_content_and_the_reader_is_named(tmp_path: Path, run: Run):
    report = sample(tmp_path, {**CONTACTS, "contacts.json": '{"one":\n}'})
    [said] = [said for said in run("check", report, "--format", "json").findings if said.rule == "SRC-002"]

    assert said.place == "contacts.json:2:1"
    assert "内容写得不对，插件 reader 读不了" in said.words
    assert "关闭正在使用" not in said.words


def test_of_two_files_of_a_chapter_the_one_that_is_used_is_named(tmp_path: Path, run: Run):
    files = {"contacts.json": "{}", "contacts.yaml": "one: {n: 1}\n"}
    [said] = run("check", sample(tmp_path, {**CONTACTS, **files}), "--format", "json").findings

    assert (said.rule, said.place) == ("SRC-009", "contacts.json")
    assert said.words.startswith("contacts.json 没有用到：这一章用的是 contacts.yaml\n")


def test_a_chapter_of_the_form_is_not_to_be_asked_for_in_report_yaml(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"schemas/requests.yaml": "section: requests\n", "**.yaml": "a: 1\n"})
    found = {said.place: said.words for said in run("check", report, "--format", "json").findings}

    assert "不属于任何一章" in found["requests.yaml"]
    assert "不属于任何一章" in found["**.yaml"]
