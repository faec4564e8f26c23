"""Break a long title as a person would: after the unit's name, never inside a word, never one character alone."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["break_title", "width_of"]

LINE = 19.5
"""What fits on a line of 156 mm, in characters of 二号, with a little to spare for another font."""

LATIN = 0.55
"""How wide a digit may be in another font."""

FEWEST = 3
"""A line with fewer characters than this is an orphan."""

_NAME_ENDS = re.compile(r"(?<=[省市县区州旗盟镇乡局厅委部院办处会司社团校])")
_WORDS = re.compile(
    "政府信息公开工作|政府信息公开|年度报告|工作|专项|统计|情况|说明|报告|报送|总结|行政|执法|监督|检查|建设|管理|服务|信息|公开|政务|政府"
)
"""Words that titles of reports are made of: a line does not end inside one, and may well end beside one."""
_CLOSING = "，。；：、）》〉”’】〕！？％%)]}"
_OPENING = "（《〈“‘【〔([{"


def width_of(text: str, *, latin: float = 0.5) -> float:
    """Return the width in Chinese characters; digits and Latin letters take half of one in fonts of official papers."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else latin for sign in text)


@cache
def break_title(title: str, unit: str, line: float = LINE) -> str:
    """Return the title with line ends where it is longer than a line, or as it is where it cannot be broken well."""
    if width_of(title, latin=LATIN) <= line or "\n" in title:
        return title
    joints = _joints(title, unit)
    best: list[tuple[float, int] | None] = [(0.0, 0)] + [None] * len(title)
    for end in range(1, len(title) + 1):
        if end in joints:
            best[end] = min(_lines_ending(title, end, joints, best, line), default=None)
    return "\n".join(_lines(title, best)) if best[-1] else title


def _joints(title: str, unit: str) -> dict[int, float]:
    """Return where a line may end, and what it costs: nothing after the unit's name, much inside a word."""
    joints = {place: 40.0 for place in range(1, len(title)) if _may_part(title[place - 1], title[place])}
    unit_end = len(unit) if title.startswith(unit) else 0
    for found in _WORDS.finditer(title, unit_end):
        joints.update({place: 90.0 for place in range(found.start() + 1, found.end()) if place in joints})
        joints.update({place: min(joints[place], 10.0) for place in found.span() if place in joints})
    for found in _NAME_ENDS.finditer(title[:unit_end]):
        joints[found.start()] = 12.0
    for found in re.finditer(r"(?<=年)(?!度)|(?<=[的、，：》）])|(?=关于|[和及与《])", title):
        if found.start() in joints:
            joints[found.start()] = min(joints[found.start()], 3.0 if title[found.start() - 1] == "、" else 6.0)
    return {**joints, unit_end: 0.0, len(title): 0.0}


def _may_part(before: str, after: str) -> bool:
    wide = unicodedata.east_asian_width(before) in "WFA" or unicodedata.east_asian_width(after) in "WFA"
    return wide and before not in _OPENING and after not in _CLOSING


def _lines_ending(
    title: str, end: int, joints: dict[int, float], best: list[tuple[float, int] | None], line: float
) -> list[tuple[float, int]]:
    """Return the cost of every way to end a line here, with where that line begins; each line costs a good deal."""
    ways: list[tuple[float, int]] = []
    for start in range(end - 1, -1, -1):
        width = width_of(title[start:end], latin=LATIN)
        if width > line:
            break
        before = best[start]
        if before:
            orphan = 200.0 if width < FEWEST else 0.0
            ways.append((before[0] + 100 + joints[end] + orphan + (line - width) ** 2 / 500, start))
    return ways


def _lines(title: str, best: list[tuple[float, int] | None]) -> list[str]:
    lines: list[str] = []
    end = len(title)
    while end:
        before = best[end]
        assert before, "every place on the way has been reached"
        lines.insert(0, title[before[1] : end])
        end = before[1]
    return lines
