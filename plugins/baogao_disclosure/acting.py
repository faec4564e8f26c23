"""Which unit acts in a sentence, going by its words: the one that is named first, before what it did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["acting_units", "is_superior"]

WHEN = r"(?:\d{4}年(?:度|以来|来|中|间)?|一年(?:以?来|中|间)|本?年度?(?:以?来)?|过去(?:的)?一年)"
NO_NAME = "(?!在|按照|根据|依照|由|对|经(?![开济])|围绕|随着|我|本|各|该|全)"
DOES = (
    "在|认真|严格|坚持|深入|按照|根据|依照|依据|以|全面|高度|积极|继续|共|主动|不断|着力|紧紧|切实|始终|进一步|贯彻|落实|无|没有|未"
    "|通过|推进|围绕|牢固|加强|强化|扎实|持续|结合|将|政务公开|政府信息公开|公开|执行"
)
ACTING = re.compile(
    rf"(?:^|(?<=[，,]))\s*{WHEN}?{NO_NAME}([\u4e00-\u9fff]{{2,25}}?(?:局|委员会|厅|政府|街道|办事处|镇|乡))"
    rf"(?:办公室)?(?=(?:[，,]\s*)?(?:{DOES}))"
)
RANKS: Mapping[str, int] = {"省": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3, "镇": 4, "乡": 4, "街道": 4}
AUTONOMOUS: Mapping[str, str] = {"自治区": "省", "自治州": "州", "自治县": "县", "自治旗": "旗"}
REGION = re.compile("|".join(RANKS))
NO_REGION = re.compile("市场|市容|乡村|城乡|城市|区域|县域")
LEADERS = re.compile("国家|中央|中国|国务院|党委|上级|[省市州盟县区旗镇乡]委|[省市州盟].*|[县区旗镇乡](?:人民)?政府")
"""What needs no region to be known as above the unit; the names may go on."""


def acting_units(sentence: str) -> Iterator[str]:
    """Yield the units that a sentence says did something."""
    return (found.group(1) for found in ACTING.finditer(sentence))


def is_superior(words: str, own: str) -> bool:
    """Tell whether a unit is above another: leaders, one of a higher level, the government of the same place."""
    if LEADERS.match(words) or "党委" in words:
        return True
    place, government, _ = words.replace("人民政府", "政府").partition("政府")
    above = 0 < _rank(words) < _rank(own)
    return above or bool(government and place and place in own)


def _rank(name: str) -> int:
    """Return the lowest level of region in a name, 1 for a province; 0 where it names none."""
    for long, short in AUTONOMOUS.items():
        name = name.replace(long, short)
    return max((RANKS[found] for found in REGION.findall(NO_REGION.sub("", name))), default=0)
