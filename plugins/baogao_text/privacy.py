"""Rules on personal data: a report is public, so nobody may be recognised in it who need not be.

What these rules find is never shown: message and quote carry the number with its middle hidden, and the place says
where it stands. The words around it tell two numbers with the same mask apart. A quote goes into JSON, SARIF and
waivers, which travel further than the report's own folder.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from baogao import Severity, rule, say, sentence_around
from baogao_text.digits import (
    bank_cards,
    has_long_number,
    identity_numbers,
    masked,
    may_name_somebody,
    mobile_numbers,
    old_identity_numbers,
    typed_plainly,
)
from baogao_text.passages import hushed, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from baogao import Finding, Message, Report
    from baogao_text.digits import Plain, Typed
    from baogao_text.passages import Passage

__all__ = ["RULES"]

GATE = "保密关"
NUMERALS = "一二三四五六七八九十百"
NUMBER = rf"(?:(?<![0-9０-９])[0-9０-９]{{1,6}}+|(?<![{NUMERALS}])[{NUMERALS}]{{1,6}}+)"
"""A whole number, never a part of one: a long run of digits is read once."""

NUMBERS = re.compile(rf"[0-9０-９]+|[{NUMERALS}]+")
DOOR = rf"{NUMBER}(?:号楼|栋|幢|单元|室|号(?![召文线令]|公告))"
HOME = re.compile(
    rf"(?:家住|住址[为是：:]*|现住[址于：:]+|居住[在于]|户籍(?:所在)?地[为是：:]*)[^，。；、的\n]{{2,40}}?(?:{DOOR})+"
    rf"|(?:小区|花园|家园|公寓|家属院|[苑村庄])[^，。；、\n]{{0,12}}?{NUMBER}(?:号楼|栋|幢)[^，。；、\n]{{0,6}}?{NUMBER}单元(?:{DOOR})*"
    rf"|{NUMBER}单元[0-9０-９]{{2,4}}[室号户]?"
)
HOME_SIGNS = ("家住", "住址", "现住", "居住", "户籍", "单元")
"""What is in every such address."""

SURNAMES = (
    "赵李周吴郑王冯陈蒋沈韩杨朱秦许吕张孔曹魏陶姜谢邹苏潘葛范彭鲁韦苗袁柳鲍唐薛雷贺倪汤殷罗郝卞齐顾孟萧尹姚邵汪毛狄戴宋庞熊舒屈祝"
    "董梁杜阮蓝贾郭梅林钟徐邱骆夏蔡樊胡凌霍柯卢莫丁邓洪崔龚邢裴陆翁荀侯刘叶黎蒲卓乔谭冉庄柴阎廖耿匡寇肖岳何孙黄"
)
"""Family names that hardly ever begin another word."""
NAMED_ILL = re.compile(
    rf"(?:患者|病人|村民|居民|学生|职工|群众|申请人|当事人|姓名[：:]?)(?P<name>[{SURNAMES}](?!某)[\u4e00-\u9fff]{{1,2}}?)"
    r"(?:[，,（(](?:男|女|现年|[0-9０-９]{1,3}岁)|因|系|身患|患|确诊|罹患|感染)[^。；\n]{0,16}?"
    r"(?:患(?![难者得失])|(?<=[病症])患者|确诊|残疾|癌|肿瘤|白血病|尿毒症|糖尿病|肝炎|结核|艾滋病|精神病|抑郁症|重病|大病)"
)
ILLNESSES = ("患", "诊", "残疾", "癌", "肿瘤", "病", "尿毒症", "肝炎", "结核", "抑郁症")
"""What is in everything that tells of an illness."""

LIVES = re.compile(r"家住|住址|现住|居住|户籍")
ROOM = re.compile(r"室|单元[0-9０-９]")
WORKS = re.compile(r"加装|改造|维修|修缮|整治|施工|更换|安装|电梯|管网|管道|外墙|屋面|楼道|消防|物业|业主|业委会")
"""Work on a building names the building, and nobody who lives in it."""

OFFICE = re.compile(r"办公|受理|咨询|联系|邮编|邮寄|查阅|服务中心|大厅|[局委办]址|通讯地址|通信地址")
MASKED = re.compile(r"[*＊×●■█xX](?<=\d.)")
MASK = re.compile(r"(?<![0-9A-Za-z*])[0-9]{1,14}[*]{2,}[0-9]{0,8}[0-9X]?(?![0-9*])")
MASK_SIGNS = str.maketrans("×●■█xX", "***" + "***")
GOOD_MASK = re.compile(r"1[3-9]\d\*{4}\d{4}|\d{2}\*{13}\d{2}[\dX]|\d{2}\*{10}\d{3}")


PAUSE = re.compile(r"[，。；！？,;!?\n\t]")
AROUND = 12


def _with_long_numbers(report: Report) -> tuple[tuple[Passage, Plain], ...]:
    """Return the passages that may hold such a number, with their text in plain characters."""
    written = whole(report)
    holding = (passage for passage in written.passages if has_long_number(passage.text))
    telling = may_name_somebody(written.text)
    return tuple((passage, typed_plainly(passage.text)) for passage in holding) if telling else ()


def _each(
    report: Report, find: Callable[[Plain], list[Typed]], kind: str, said: Callable[[str], Message]
) -> Iterator[Finding]:
    """Yield a finding for every number, its middle hidden; the words around it tell it from others with this mask."""
    for passage, plain in report.derived(_with_long_numbers):
        for typed in find(plain):
            shown = masked(typed.digits, kind)
            quote = _before(passage.text, typed.start) + shown + _after(passage.text, typed.end)
            yield passage.finding(said(shown), typed.start, typed.end, quote=quote)


def _before(text: str, start: int) -> str:
    """Return the last words of the clause before a number, without digits."""
    words = PAUSE.split(text[max(start - AROUND, 0) : start])[-1]
    return re.sub(r"\d", "*", words).lstrip()


def _after(text: str, end: int) -> str:
    """Return the first words of the clause after a number, without digits."""
    words = PAUSE.split(text[end : end + AROUND])[0]
    return re.sub(r"\d", "*", words).rstrip()


@rule(
    "PRV-001",
    title="没有未遮盖的身份证号",
    gate=GATE,
    basis="条例第十五条；个人信息保护法第二十五条、第二十八条",
    hint="删去，或只留前两位和后三位，例如 35*************123",
    examples=(
        {"text": {"overview": "申请人身份证号35*************123。"}, "passes": True},
        {"text": {"overview": "登记表编号110101199003070018，共2件。"}, "passes": True},
        {"text": {"overview": "申请人身份证号110101199003070011。"}, "paths": ["overview"]},
        {"text": {"overview": "证号１１０１０１ 19900307 **0011**，已答复。"}, "paths": ["overview"]},
        {"text": {"others": "旧证号110101900307001。"}, "paths": ["others"]},
        {"text": {"others": "案卷号410311900307001。"}, "passes": True},
    ),
)
def no_identity_numbers(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """公开的报告里不能有身份证号。18 位的看地区、出生日期和校验码；15 位的没有校验码，只看地区和出生日期，只作提醒。

    全角、空格、连字符和加粗不影响识别。15 位的，前面写明是编号的不算。
    """
    yield from _each(report, identity_numbers, "identity", lambda shown: say("有身份证号 {number}", number=shown))
    old = _each(report, old_identity_numbers, "identity", lambda shown: say("有身份证号 {number}", number=shown))
    yield from (replace(finding, severity=Severity.WARNING) for finding in old)


@rule(
    "PRV-002",
    title="没有未遮盖的手机号",
    gate=GATE,
    basis="条例第十五条；个人信息保护法第二十五条",
    hint="改为办公电话；确需写的遮盖中间四位，例如 138****1234",
    examples=(
        {"text": {"overview": "咨询电话0379-65912345，邮编471000。"}, "passes": True},
        {"text": {"overview": "联系电话138****5678。"}, "passes": True},
        {"text": {"overview": "收入13812345678元，文件编号13812345678。"}, "passes": True},
        {"text": {"overview": "项目编号：2024-138-1234-5678，处罚决定书13912345678号。"}, "passes": True},
        {"text": {"overview": "联系人电话13812345678。"}, "paths": ["overview"]},
        {"report": {"outputs": [{"renderer": "html", "article": {"author": "张某13812345678"}}]}, "paths": [""]},
        {
            "text": {"overview": "手机：+86 138 1234 5678；１３９－８７６５－４３２１。"},
            "paths": ["overview", "overview"],
        },
    ),
)
def no_mobile_numbers(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """公开的报告里不能有个人手机号；办公室的固定电话和邮政编码可以写。后面带“元”“件”等单位的、前面写明是编号的，不当作手机号。"""
    return _each(report, mobile_numbers, "mobile", lambda shown: say("有手机号 {number}", number=shown))


@rule(
    "PRV-003",
    title="没有银行卡号",
    gate=GATE,
    basis="条例第十五条；个人信息保护法第二十八条",
    hint="删去卡号",
    examples=(
        {"text": {"overview": "登记表流水号6222021234567890128。"}, "passes": True},
        {"text": {"overview": "银行卡号6222021234567890123，校验位不对。"}, "passes": True},
        {"text": {"overview": "信息处理费退至银行卡6222 0212 3456 7890 128。"}, "paths": ["overview"]},
    ),
)
def no_bank_cards(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """公开的报告里不能有银行卡号：16 至 19 位，卡号的开头，校验位相符，附近有“卡”“账号”“银行”等字。"""
    return _each(report, bank_cards, "card", lambda shown: say("有银行卡号 {number}", number=shown))


@rule(
    "PRV-004",
    title="不写个人的病情和门牌住址",
    severity=Severity.WARNING,
    gate=GATE,
    basis="条例第十五条；个人信息保护法第二十八条；实践：住址只写到乡镇、街道",
    hint="隐去姓名（例如“张某”），住址只写到乡镇、街道",
    examples=(
        {
            "text": {"overview": "申请人张某，住示例县城关镇。患者权益得到保障，办公地址：示例路1号3单元301室。"},
            "passes": True,
        },
        {"text": {"overview": "申请人家住城关镇幸福小区3号楼2单元501室。"}, "paths": ["overview"]},
        {"text": {"overview": "居民张三，男，患有糖尿病，申请救助。"}, "paths": ["overview"]},
        {"text": {"overview": "为幸福小区3号楼2单元加装电梯。居民张三因公殉职，与同事患难与共。"}, "passes": True},
    ),
)
def no_private_life(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """姓名和病情写在一起、住址写到楼栋门牌，会让人认出当事人。这是推测：只认常见的写法，句子里说的是办公地点的不算。"""
    written = whole(report)
    likely = written.says(HOME_SIGNS) or (written.says(ILLNESSES) and written.has(NAMED_ILL))
    for passage in written.passages if likely else ():
        for found in HOME.finditer(passage.text):
            if not _of_no_home(found.group(), sentence_around(passage.text, *found.span())):
                quote = NUMBERS.sub("*", found.group())
                message = say("住址写到了门牌：“{quote}”", quote=quote)
                yield passage.finding(message, found.start(), found.end(), quote=quote)
        for found in NAMED_ILL.finditer(passage.text):
            quote = hushed(found.group().replace(found["name"], f"{found['name'][0]}某"))
            message = say("姓名和病情写在一起：“{quote}”", quote=quote)
            yield passage.finding(message, found.start(), found.end(), quote=quote)


def _of_no_home(words: str, sentence: str) -> bool:
    """Tell whether an address is that of an office, or of a building that is worked on."""
    building = not LIVES.match(words) and not ROOM.search(words)
    return bool(OFFICE.search(sentence)) or (building and bool(WORKS.search(sentence)))


@rule(
    "PRV-005",
    title="遮盖的格式符合惯例",
    severity=Severity.INFO,
    gate=GATE,
    basis="实践：138****1234、35*************123",
    hint="手机号遮盖中间四位；身份证号留前两位和后三位",
    examples=(
        {
            "text": {"overview": "电话138****1234，证号35*************123，得分5**3。"},
            "passes": True,
        },
        {"text": {"overview": "电话1381234****。"}, "paths": ["overview"]},
        {"text": {"overview": "证号110101********0011。"}, "paths": ["overview"]},
    ),
)
def masks_as_usual(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """手机号遮盖中间四位，身份证号只留前两位和后三位。"""
    written = whole(report)
    for passage in written.passages if written.has(MASKED) else ():
        plain = _plain_mask(passage.text)
        for found in MASK.finditer(plain):
            if _personal(found.group()) and not GOOD_MASK.fullmatch(found.group()):
                message = say("“{mask}”遮盖的位数不合惯例", mask=_covered(found.group()))
                yield passage.finding(message, found.start(), found.end(), quote=_covered(found.group()))


def _plain_mask(text: str) -> str:
    """Return the text with one sign for every mask, character by character."""
    if not MASKED.search(text):
        return ""
    return "".join(plain if len(plain := normalize("NFKC", sign)) == 1 else sign for sign in text).translate(MASK_SIGNS)


def _personal(mask: str) -> bool:
    """Tell whether what was masked is a phone's or an identity number, by its length."""
    phone = re.match(r"1[3-9]", mask) and 10 <= len(mask) <= 12
    return bool(phone) or len(mask) in (15, 18)


def _covered(mask: str) -> str:
    """Return a mask that shows no more than the usual one does."""
    kind = "mobile" if len(mask) < 15 else "identity"
    return masked(mask, kind)


RULES = (no_identity_numbers, no_mobile_numbers, no_bank_cards, no_private_life, masks_as_usual)
