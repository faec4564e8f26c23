"""The rule on words that were to be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from baogao import rule, say
from baogao_disclosure.sentences import clause

if TYPE_CHECKING:
    from baogao import Finding, Report

FORMS = ("disclosure",)
PLACEHOLDER = re.compile(
    r"(?<![A-Za-z0-9])[XxＸｘ×✕]{2,}(?![A-Za-z0-9])|(?<![一二三四五六七八九十○])○{2,}|_{3,}|＿{2,}"
    "|(?<![有亟尚仍还])待(?:补充|填写|补填|录入)|此处(?:填写|插入|补充)|请(?:在此)?(?:填写|填入)(?:内容|数字|名称|单位)"
    r"|(?i:(?<![A-Za-z])(?:todo|tbd|fixme|lorem ipsum)(?![A-Za-z]))"
)
SIGNS = re.compile(
    "[XxＸｘ×✕○_＿待此请TtFfLl]"
    "(?:(?<=[XxＸｘ×✕])[XxＸｘ×✕]|(?<=○)○|(?<=_)_|(?<=＿)＿|(?<=待)[补填录]|(?<=此)处|(?<=请)[在填]"
    "|(?<=[Tt])[OoBb]|(?<=[Ff])[Iiİı]|(?<=[Ll])[Oo])"
)
"""How every placeholder begins: where nothing begins so, none need be looked for."""

TAG = re.compile(r"\{\{\s*[a-z_][\w.]*\s*\}\}|<!--.*?-->")
MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,60}>")
GAP = re.compile("【待填】")


@rule(
    "META-008",
    title="没有未填完的占位文字",
    gate="文字关",
    basis="国办公开办函〔2021〕30号：内容准确、全面",
    hint="写上实际内容，或删去这一处",
    forms=FORMS,
    examples=(
        {"text": {"problems": "一是解读形式有待补充完善；二是更新不够及时。下一步建立台账。"}, "passes": True},
        {"text": {"overview": "2020年，XX局在××网站公开信息。"}, "paths": ["overview", "overview"]},
        {"text": {"others": "收费情况待补充。"}, "paths": ["others"]},
        {"unit": {"address": "示例县XX路"}, "paths": [""]},
        {"report": {"outputs": [{"renderer": "html", "article": {"source": "{{ unit.name }}"}}]}, "paths": [""]},
    ),
)
def no_placeholders(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文、标题、单位资料和 outputs 所写的文字里不留 XX、××、待补充、TODO 等占位文字，也不留模板的标记。

    正文里写坏的 {{…}} 由 NAR-104 报告，正文和 outputs 里的【待填】由 NAR-105 报告。
    """
    profile = [("title", report.title), *(("unit", text) for text in _texts(report.unit.extra))]
    for section in report if SIGNS.search(report.text) else ():
        printed = "".join(text for _, text in profile if text in section.text)
        for found in PLACEHOLDER.finditer(section.text):
            if found.group() not in printed:
                message = say("还有占位文字“{words}”", words=found.group())
                yield report.finding(section.id, message, quote=clause(section.text, found.start()))
    for key, text in profile if _may_be_left("\n".join(text for _, text in profile)) else ():
        for found in _left(text, PLACEHOLDER, TAG, GAP):
            message = say("“{text}”里还有占位文字“{words}”", text=text, words=found.group())
            yield report.finding("", message, key=key, quote=text)
    for option in (option for output in report.outputs for option in output.texts):
        for found in _left(option.text, PLACEHOLDER, TAG, MARKUP):
            message = say("还有占位文字“{words}”", words=found.group())
            yield report.finding("", message, quote=found.group(), location=option.location)


def _may_be_left(text: str) -> bool:
    """Tell whether a placeholder, a tag or a gap may begin anywhere in a text; a gap holds a sign itself."""
    return "{{" in text or "<!--" in text or SIGNS.search(text) is not None


def _left(text: str, *patterns: re.Pattern[str]) -> Iterator[re.Match[str]]:
    return (found for pattern in patterns for found in pattern.finditer(text))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a profile, those in its groups too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)


RULES = (no_placeholders,)
