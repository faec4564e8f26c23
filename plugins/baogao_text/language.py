"""Rules on the writing itself: typing mistakes, brackets and punctuation, the numbers and titles of documents."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from baogao import Severity, rule, say
from baogao_text.lexicon import OPTIONS
from baogao_text.passages import Passage, Whole, by_lines, hushed, whole
from baogao_text.repeats import may_repeat
from baogao_text.wording import word_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from baogao import Finding, Report

__all__ = ["RULES"]

GATE = "文字关"
HAN = "\u4e00-\u9fff"

FULL_WIDTH: Mapping[str, str] = MappingProxyType(dict(zip("(),:;?!.", "（），：；？！。", strict=True)))
IN_CHINESE = rf"[{HAN}“”《》（）〔〕、。，；：]"
HALF_WIDTH = re.compile(
    r'[(),:;?!".]'
    rf"(?:(?<={IN_CHINESE}[(),:;?!\"])|(?<=[(),;\"])(?={IN_CHINESE})|(?<=[{HAN}]\.)(?=[{HAN}]|$))"
)
HALF_WIDTH_BY_LINES = by_lines(HALF_WIDTH)
BRACKETS = re.compile(r"\([^()（）\n]*\)")
NUMERAL = re.compile(r"\s*[一二三四五六七八九十]{1,3}")
LONGEST_QUOTE = 20

PAIRS: Mapping[str, str] = MappingProxyType(dict(zip("〔“〈《「【[{（", "〕”〉》」】]}）", strict=True)))
CLOSING: Mapping[str, str] = MappingProxyType({close: opening for opening, close in PAIRS.items()})
PAIRED = re.compile(f"[{re.escape(''.join((*PAIRS, *CLOSING)))}]")
SAME = str.maketrans("()［］｛｝", "（）[]{}")
ENUMERATED = re.compile(
    r"(?:^|(?<=[。；：，、\n\t ]))(?:[0-9]{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3}|[ivxIVX]{1,4})[）)]"
)
ENUMERATORS = tuple(f"[0-9a-zA-Z一二三四五六七八九十]{{{length}}}）" for length in range(1, 5))
AFTER_ENUMERATOR = "|".join(rf"(?<={ends})(?<![^。；：，、\n\t ]{ends})" for ends in ENUMERATORS)
ENUMERATES = re.compile(f"）(?:{AFTER_ENUMERATOR})")
"""How all that is ENUMERATED ends, if not with a half-width bracket, found sooner."""

BRACKETS_AND_ENDS = re.compile(rf"[{re.escape(''.join((*PAIRS, *CLOSING)))}()［］｛｝\n]")
ROUNDS = 2
"""How often all kinds of brackets, from the innermost on, are taken out: some stand in others of their kind."""

DOUBLED = re.compile(
    r"(?<!目)的的+(?!确|士)"
    r"|(?<![不未为])了了(?![解结却然如断望局])"
    r"|(?<![总共饱缓温平谐柔])和和(?![气美平睦谐解好声乐])"
    r"|(?<![以普涉波危顾累企])及及(?!时|格|早|第)"
    r"|(?<![但还于就只可总凡若正也])是是(?!非|否)"
    r"|并并(?!列|存|行|轨|案|网|购|处|入|联|发)|但但(?!凡|是)|被被(?!动|告|申|执|审|征|害|调|监)|也也"
    r"|(工作|情况|进行|及时|通过|部门|单位|相关|开展|加强|推进|我们|落实|完善)\1"
    rf"|([{HAN}]{{3,6}})\2"
)
TWICE_ALLOWED = re.compile(
    r"工作工作(?:报告|组|者|人员|日|站|室|证|制|台账|流程|方案|专班|要点|规则|机制)|部门部门(?:规章|预算|决算|间|之)|通过通过[率式]"
)
DOUBLED_SIGNS = re.compile(r"[，。、；：]{2,}")
DOUBLED_CHARACTER = re.compile(r"([的了和及是并但被也])\1")
DOUBLED_LENGTHS = range(2, 7)
"""How long the words are that are doubled and have more than one character."""


WRONG_NUMBER = re.compile(
    r"(?P<open>[\[［(（【〖{｛<＜《〈])\s*(?P<year>(?:19|20)[0-9]{2})\s*[\]］)）】〗}｝>＞》〉]\s*第?\s*(?P<number>[0-9]{1,5})\s*号"
)
WRONG_ORDER = re.compile(r"〔(?P<year>[0-9]{2,4})〕\s*(?P<wrong>第\s*[0-9]+|0[0-9]*)\s*号|〔[0-9]{2}〕\s*[0-9]+\s*号")
UNTITLED_LAW = re.compile(
    rf"中华人民共和国(?:[{HAN}]{{2,16}}?)(?:条例|法(?:实施条例|实施细则)?)(?![{HAN}]*》)(?=[的第，。、；：（(]|规定|要求|精神|等|$)"
)
QUOTED_TITLE = re.compile(
    r"“(?:关于[^“”《》\n]{2,40}的(?:通知|意见|决定|通报|公告|批复|函|方案|报告)"
    r"|[^“”《》，。；\n]{2,30}(?:条例|管理办法|实施办法|暂行办法|实施细则|暂行规定|若干规定))”"
)
MISNAMED = tuple(map(by_lines, (WRONG_NUMBER, WRONG_ORDER, UNTITLED_LAW, QUOTED_TITLE)))


@rule(
    "LNG-001",
    title="没有错别字，标点配对、用全角",
    severity=Severity.WARNING,
    gate=GATE,
    basis="GB/T 15834—2011《标点符号用法》；实践：易错字表",
    hint="改正所指的字或标点；词表可以自己写，见 report.yaml 的 lexicons",
    options=OPTIONS,
    examples=(
        {
            "text": {"overview": "目的的确明确，做好了解释工作；单位：万元，时间为10:30，参见 GB/T 9704 (2012)。"},
            "passes": True,
        },
        {"text": {"overview": "采用通过通过式安检门。"}, "passes": True},
        {"text": {"overview": "一是统计（含“两库”）；1）公开，2）答复。"}, "passes": True},
        {"text": {"overview": "按照省里的布署推进。"}, "paths": ["overview"]},
        {"text": {"overview": "政府信息公开的的要求。"}, "paths": ["overview"]},
        {"text": {"overview": "（一）主动公开情况（含政策解读。"}, "paths": ["overview"]},
        {"text": {"overview": "单位:万元，见(附件)。"}, "paths": ["overview", "overview"]},
    ),
)
def no_typing_mistakes(report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
    """没有易错字表里的错字，没有重复的字词和标点；括号、引号、书名号成对；中文里用全角标点。这些是推测，请人看过再改。"""
    yield from word_findings(report, "confusion", options)
    written = whole(report)
    judges = [judge for judge, look in JUDGES.items() if look(written)]
    for passage in written.prose if judges else ():
        for judge in judges:
            yield from judge(passage)


def _may_be_half_width(written: Whole) -> bool:
    return "(" in written.text or written.has(HALF_WIDTH_BY_LINES)


def _half_width(passage: Passage) -> Iterator[Finding]:
    """Yield the half-width signs in Chinese, a pair of brackets once; a pair that is Latin in and out may stay."""
    text, paired = passage.text, set[int]()
    for found in BRACKETS.finditer(text):
        paired.update((found.start(), found.end() - 1))
        if re.search(f"[{HAN}]", found.group()) or _beside_han(text, *found.span()):
            message = say("“{words}”的括号是半角的，应为“（）”", words=_shortened(found.group()))
            yield passage.finding(message, *found.span(), quote=_shortened(found.group()))
    for found in HALF_WIDTH.finditer(text):
        sign, start = found.group(), found.start()
        if start not in paired:
            yield _straight(passage, start) if sign == '"' else _narrow(passage, sign, start)


def _straight(passage: Passage, start: int) -> Finding:
    message = say('引号是半角的（"），应为全角的一对引号')
    return passage.finding(message, start, start + 1, quote=passage.around(start, start + 1))


def _narrow(passage: Passage, sign: str, start: int) -> Finding:
    numeral = sign == "." and NUMERAL.fullmatch(passage.text, 0, start)
    message = say("“{sign}”是半角的，应为“{wanted}”", sign=sign, wanted="、" if numeral else FULL_WIDTH[sign])
    return passage.finding(message, start, start + 1, quote=passage.around(start, start + 1))


def _beside_han(text: str, start: int, end: int) -> bool:
    return bool(re.search(f"[{HAN}]", text[max(start - 1, 0) : start] + text[end : end + 1]))


def _shortened(words: str) -> str:
    words = hushed(words)
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"


def _may_be_unbalanced(written: Whole) -> bool:
    """Tell whether a bracket may lack its partner in its line: something is left once those next to theirs are out.

    What is enumerated, as in 1）, has no bracket; so where there is such a thing, the others may not be paired.
    """
    signs = "".join(BRACKETS_AND_ENDS.findall(written.text))
    for opening, close in (*PAIRS.items(),) * ROUNDS:
        signs = signs.replace(opening + close, "")
    return bool(signs.strip("\n")) or written.has(ENUMERATES)


def _unbalanced(passage: Passage) -> Iterator[Finding]:
    """Yield the first sign of a passage that lacks its partner."""
    text = ENUMERATED.sub(lambda found: " " * len(found.group()), passage.text).translate(SAME)
    opened: list[int] = []
    for found in PAIRED.finditer(text):
        sign, at = found.group(), found.start()
        if sign in PAIRS:
            opened.append(at)
        elif opened and text[opened[-1]] == CLOSING[sign]:
            opened.pop()
        else:
            yield _unpaired(passage, opened[-1] if opened and CLOSING[sign] in text[:at] else at)
            return
    if opened:
        yield _unpaired(passage, opened[-1])


def _unpaired(passage: Passage, at: int) -> Finding:
    message = say("“{sign}”没有配对", sign=passage.text[at])
    return passage.finding(message, at, at + 1, quote=passage.around(at, at + 1))


def _may_be_doubled(written: Whole) -> bool:
    """Tell whether a word or a sign may stand twice over."""
    text = written.text
    return _signs_meet(text) or written.has(DOUBLED_CHARACTER) or may_repeat(text, DOUBLED_LENGTHS)


def _signs_meet(text: str) -> bool:
    """Tell whether any two of the DOUBLED_SIGNS stand together: to replace each by the same one takes no time."""
    for sign in "。、；：":
        text = text.replace(sign, "，")
    return "，，" in text


def _doubled(passage: Passage) -> Iterator[Finding]:
    for found in DOUBLED.finditer(passage.text):
        if not TWICE_ALLOWED.match(passage.text, found.start()) and len(set(found.group())) < len(found.group()):
            message = say("“{words}”重复", words=found.group())
            yield passage.finding(message, *found.span(), quote=passage.around(*found.span()))
    for found in DOUBLED_SIGNS.finditer(passage.text):
        message = say("标点“{signs}”重复", signs=found.group())
        yield passage.finding(message, *found.span(), quote=passage.around(*found.span()))


JUDGES: Mapping[Callable[[Passage], Iterator[Finding]], Callable[[Whole], bool]] = MappingProxyType(
    {_half_width: _may_be_half_width, _unbalanced: _may_be_unbalanced, _doubled: _may_be_doubled}
)
"""Each with the look at the whole text that tells whether it may find anything."""


@rule(
    "LNG-002",
    title="文号用六角括号，文件名称用书名号",
    severity=Severity.WARNING,
    gate=GATE,
    basis="GB/T 9704—2012 7.2.5；GB/T 15834—2011",
    hint="年份写全，放在六角括号〔〕里，序号不加“第”、不编虚位；文件名称放在书名号《》里",
    examples=(
        {
            "text": {
                "overview": "依照《中华人民共和国政府信息公开条例》和国办发〔2017〕47号，（2021）豫0311行初30号案审结。"
            },
            "passes": True,
        },
        {"text": {"overview": "依照国办发[2017]47号文件。"}, "paths": ["overview"]},
        {"text": {"overview": "依照国办公开办函（2021）30号文件。"}, "paths": ["overview"]},
        {"text": {"overview": "依照国办发〔2017〕第47号文件。"}, "paths": ["overview"]},
        {"text": {"overview": "按照中华人民共和国政府信息公开条例的规定。"}, "paths": ["overview"]},
        {"text": {"overview": "落实“关于全面推进政务公开工作的意见”。"}, "paths": ["overview"]},
    ),
)
def documents_named_properly(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """发文字号的年份写全称，用六角括号“〔〕”括起，序号不加“第”、不编虚位；引用的文件、法律法规名称加书名号。

    法院案号（年份后面还有地名和案由）用圆括号，不受此限。
    """
    written = whole(report)
    for passage in written.prose if written.has(*MISNAMED) else ():
        yield from _wrong_numbers(passage)
        yield from _untitled(passage)


def _wrong_numbers(passage: Passage) -> Iterator[Finding]:
    for found in WRONG_NUMBER.finditer(passage.text):
        wanted = f"〔{found['year']}〕{int(found['number'])}号"
        message = say("文号“{number}”应写成“{wanted}”", number=found.group(), wanted=wanted)
        yield passage.finding(message, *found.span(), expected=wanted)
    for found in WRONG_ORDER.finditer(passage.text):
        message = say("文号“{number}”的年份应写四位，序号不加“第”、前面不加 0", number=found.group())
        yield passage.finding(message, *found.span())


def _untitled(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for found in UNTITLED_LAW.finditer(text):
        if text.rfind("《", 0, found.start()) <= text.rfind("》", 0, found.start()):
            message = say("“{title}”应加书名号", title=found.group())
            yield passage.finding(message, *found.span())
    for found in QUOTED_TITLE.finditer(text):
        title = hushed(found.group())
        message = say("{title}是文件名称，应改用书名号", title=title)
        yield passage.finding(message, *found.span(), quote=title)


RULES = (no_typing_mistakes, documents_named_properly)
