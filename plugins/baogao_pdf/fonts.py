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
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXBSJW"),
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "FZXBSK"),
    ("方正仿宋_GBK", "FZFangSong-Z02", "FZFSK"),
    ("方正楷体_GBK", "FZKai-Z03", "FZKTK"),
    ("方正黑体_GBK", "FZHei-B01", "FZHTK"),
)
"""The names of one font: as documents call it, and as it calls itself within a PDF."""

ENDINGS = re.compile(r"(?:psmt|mt|(?<=cjk)(?:sc|tc|hk|jp|kr))$")
"""What a PDF puts after a name: how the font is made, or which of the scripts that share its file it was asked for."""


def substituted(wanted: Iterable[tuple[str, Iterable[str]]], embedded: Iterable[str]) -> list[str]:
    """Return the fonts that are not in the PDF, neither themselves nor one that may stand in for them."""
    there = {_plain(name) for name in embedded}
    return [font for font, stand_ins in wanted if not there.intersection(_names((font, *stand_ins)))]


def _names(fonts: Iterable[str]) -> set[str]:
    """Return all names by which a PDF may call one of these fonts."""
    plain = {_plain(font) for font in fonts}
    return plain.union(*(names for names in (set(map(_plain, row)) for row in KNOWN) if plain & names))


def _plain(name: str) -> str:
    """Return a name without blanks, and without what follows a hyphen or comma: weight, slant, character set."""
    family = re.split("[-,]", name, maxsplit=1)[0]
    return ENDINGS.sub("", re.sub(r"[\s_]", "", family).casefold())
