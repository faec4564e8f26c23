"""Which fonts of a DOCX LibreOffice has replaced by others in the PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["substituted"]

KNOWN = (
    ("仿宋_GB2312", "仿宋GB2312", "FangSong_GB2312", "FangSongGB2312"),
    ("楷体_GB2312", "楷体GB2312", "KaiTi_GB2312", "KaiTiGB2312"),
    ("仿宋", "FangSong", "STFangsong", "华文仿宋"),
    ("楷体", "KaiTi", "STKaiti", "华文楷体"),
    ("宋体", "SimSun", "NSimSun", "新宋体"),
    ("黑体", "SimHei"),
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXBSJW--GB1-0", "FZXBSJW"),
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "FZXBSK--GBK1-0", "FZXBSK"),
    ("方正仿宋_GBK", "FZFangSong-Z02", "FZFSK--GBK1-0", "FZFSK"),
    ("方正楷体_GBK", "FZKai-Z03", "FZKTK--GBK1-0", "FZKTK"),
    ("方正黑体_GBK", "FZHei-B01", "FZHTK--GBK1-0", "FZHTK"),
)
"""The names of one font: as documents call it, and as it calls itself within a PDF."""

MANNERS = re.compile(r"[-,\s_]|regular|bold|italic|oblique|psmt|ps|mt$", re.IGNORECASE)


def substituted(wanted: Iterable[tuple[str, Iterable[str]]], embedded: Iterable[str]) -> list[str]:
    """Return the fonts that are not in the PDF, neither themselves nor one that may stand in for them."""
    there = {_plain(name) for name in embedded}
    return [font for font, stand_ins in wanted if not there.intersection(_names((font, *stand_ins)))]


def _names(fonts: Iterable[str]) -> set[str]:
    """Return all names by which a PDF may call one of these fonts."""
    plain = {_plain(font) for font in fonts}
    return plain.union(*(names for names in (set(map(_plain, row)) for row in KNOWN) if plain & names))


def _plain(name: str) -> str:
    """Return a name without blanks, hyphens and what it says of weight and slant."""
    return MANNERS.sub("", name).casefold()
