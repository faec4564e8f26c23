"""Rules on how the report calls its own unit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from baogao import Severity, rule, say
from baogao_disclosure.acting import acting_units, is_superior
from baogao_disclosure.sentences import first_sentences, sentences, sentences_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report, Unit

FORMS = ("disclosure",)
BODY = "局|委员会|委|厅|院|政府|街道|办事处|镇|乡"
NAMED = re.compile(rf"[由与]([\u4e00-\u9fff]{{1,25}}?(?:{BODY}))(?:办公室)?(?:负责)?(?:编制|联系)")
AUTHOR = ("编制", "联系")
"""One of them ends the words that name the author."""

TITLED = re.compile(rf"([\u4e00-\u9fff]{{1,30}}(?:{BODY}))\d{{4}}年(?:度)?政府信息公开(?:工作)?年度报告")
TITLE = "年度报告"
"""What stands in every title: where it does not, none need be looked for."""

ANONYMOUS = re.compile("[我本各]|股室|科室")

SELF = re.compile(
    "[我本](?<![自由].)(街道|中心|局(?![限面部势])|镇|乡(?![镇村])|委(?![托派员任以])|办(?![理事公法好案结学证件])|厅|院"
    "|处(?![理于置在罚分以])|队(?!伍)|校(?![对验正准])|部(?![门署分位队级])|所(?![在有以涉知属需说谓辖做能列述指称])|站|馆)"
)
REGION = re.compile(r"(.{1,9}?)((?:自治)?[省市县区旗州盟]|镇|乡)(.{2,})")
YEAR = re.compile(r"\d+年度?")
GENERAL = re.compile("[我本各全该某省市县区级等和与及]|其他|兄弟|周边|相关|有关|地")
STOP = re.compile("[，。；！？;\\n\\t]")
"""What a name may not hold, for all of it to stand in one sentence."""

MOST_KEPT = 64
"""Units whose kind is kept; so memory is the same for ten reports and ten thousand."""

VISITED = re.compile("学习|交流|考察|调研|借鉴|联合|会同|配合|协调|对接|移送|转送")


@rule(
    "META-002",
    title="各处的单位名称一致，为全称或登记的简称",
    gate="文字关",
    basis="国办公开办函〔2021〕30号；统一名称为实践要求",
    hint="改为单位全称；确有简称的，登记在 report.yaml 的 unit.short_names",
    forms=FORMS,
    examples=(
        {"text": {"preface": "本报告由示例县统计局编制。如有疑问，请与我局办公室联系。"}, "passes": True},
        {"text": {"preface": "本报告由示例县审计局编制。"}, "paths": ["preface"]},
        {"text": {"overview": "本年，市统计局按照上级要求部署，我局认真落实。"}, "passes": True},
        {"text": {"overview": "本年，示例县审计局按照上级要求推进公开。"}, "paths": ["overview"]},
        {"title": {"": "示例县审计局2020年政府信息公开工作年度报告"}, "paths": [""]},
    ),
)
def unit_name_agrees(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """标题、序言和正文里的单位名称，都是单位全称或登记的简称；落款和网页标签由单位全称生成。正文中的只作提醒。

    各章的第一句说是谁做了什么，这个单位也应是本单位；上级机关、本地政府不算。按字面判断，可能有误。
    """
    if not any(name in report.title for name in _names(report.unit)):
        message = say("标题里没有单位名称“{name}”", name=report.unit.name)
        yield report.finding("", message, expected=report.unit.name, actual=report.title, key="title")
    for section, words in dict.fromkeys((*_named(report), *_acting(report))):
        if not _is_own(report.unit, words):
            message = say("写的是“{words}”，本单位是“{name}”", words=words, name=report.unit.name)
            more = {"severity": Severity.WARNING, "quote": words, "expected": report.unit.name}
            yield report.finding(section, message, **more)


def _named(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the units that are named as the author of the report, with their sections."""
    for section in report:
        author = AUTHOR if section.id == "preface" else ()
        for sentence in sentences_with([section], TITLE, *author):
            named = NAMED.finditer(sentence.text) if author else ()
            titled = TITLED.finditer(sentence.text) if TITLE in sentence.text else ()
            yield from ((section.id, found.group(1)) for found in (*named, *titled))


def _acting(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the units that act in the first sentence of each section; those META-006 tells are left to it."""
    for section, first in first_sentences(report).items():
        for words in acting_units(first.text):
            if not is_superior(words, report.unit.name) and not any(_not_own(report.unit, words)):
                yield section, words


def _names(unit: Unit) -> tuple[str, ...]:
    return (unit.name, *unit.short_names)


def _is_own(unit: Unit, words: str) -> bool:
    """Tell whether the words may be the unit, a part of it, or no name at all."""
    names = [name.replace("人民政府", "政府") for name in _names(unit)]
    bare = words.replace("人民政府", "政府")
    return bool(ANONYMOUS.search(words)) or any(name in bare or bare in name for name in names)


@rule(
    "META-006",
    title="自称与单位类别相符，没有别的地方或单位的名称",
    severity="warning",
    gate="文字关",
    basis="实践：照抄外单位、上级范本时常见",
    hint="改为本单位的自称；确实这样自称的，登记在 report.yaml 的 unit.short_names",
    forms=FORMS,
    examples=(
        {
            "text": {"overview": "我局由我办理件岗负责，我县各部门配合，与市统计局联网，本所涉及事项公开。"},
            "passes": True,
        },
        {"text": {"overview": "我镇推进政府信息公开。"}, "paths": ["overview"]},
        {"text": {"overview": "2020年，邻近县统计局推进政府信息公开。"}, "paths": ["overview"]},
    ),
)
def self_reference(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """正文里的自称（我局、我镇、我街道、我办等）与单位类别相符；不出现外地同类单位的名称。按字面判断，可能有误。"""
    close = sentences(report) if _may_name_others(report) else ()
    found = ((sentence.section, words) for sentence in close for words in _not_own(report.unit, sentence.text))
    for section, words in dict.fromkeys(found):
        message = say("写的是“{words}”，本单位是“{name}”", words=words, name=report.unit.name)
        yield report.finding(section, message, quote=words)


def _may_name_others(report: Report) -> bool:
    """Tell whether the narrative calls the unit what it is not, or names its kind elsewhere than in its own name.

    A name with a stop in it is in no sentence as a whole.
    """
    unit, text = report.unit, report.text
    kind, names = _kind(unit.name), "".join(_names(unit))
    if any(called not in names for called in SELF.findall(text)):
        return True
    return bool(kind) and (bool(STOP.search(unit.name)) or kind in text.replace(unit.name, "，"))


def _not_own(unit: Unit, text: str) -> Iterator[str]:
    """Yield the words that another kind of unit calls itself by, and the names of units elsewhere."""
    names = "".join(_names(unit))
    yield from (found.group() for found in SELF.finditer(text) if found.group(1) not in names)
    kind = _kind(unit.name)
    if not kind or kind not in text or VISITED.search(text):
        return
    bare = YEAR.sub("，", text.replace(unit.name, "，"))
    for found in _elsewhere(kind).finditer(bare) if kind in bare else ():
        place = found.group(1)[-2:]
        if place != "自治" and not unit.name.startswith(place) and not GENERAL.search(place):
            yield found.group()


@lru_cache(maxsize=MOST_KEPT)
def _kind(name: str) -> str:
    """Return how the names of units of the same kind and level end; "" where the unit's name does not show it."""
    parts = REGION.fullmatch(name)
    return f"{parts[2]}{parts[3]}" if parts else ""


@lru_cache(maxsize=MOST_KEPT)
def _elsewhere(kind: str) -> re.Pattern[str]:
    """Return what units of a kind are called elsewhere."""
    return re.compile(rf"([\u4e00-\u9fff]{{2,3}}){re.escape(kind)}")


RULES = (unit_name_agrees, self_reference)
