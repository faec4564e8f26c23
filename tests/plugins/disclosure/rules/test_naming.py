"""Whose report it is: a text of another unit is noticed, superiors and the unit's own name are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baogao import Finding, Report, Severity

Sample = Callable[..., Report]
Findings = Callable[..., list[Finding]]
Found = Callable[..., list[tuple[str, str]]]

OTHERS = {"name": "涧西区农业局", "short_names": ("我局",)}
TOLD = "2020年，洛龙区统计局按照省、市、区政府的部署，推进政府信息公开。"


@pytest.mark.parametrize(
    ("unit", "text", "quote"),
    [
        (OTHERS, TOLD, "洛龙区统计局"),
        (OTHERS, "2020年以来，在区委、区政府的正确领导下，区统计局认真落实条例。", "区统计局"),
        ({"name": "洛龙区统计局"}, "洛龙区农业局严格执行条例。", "洛龙区农业局"),
        ({"name": "洛龙区统计局"}, "一年来，涧西区人民政府坚持以公开为常态。", "涧西区人民政府"),
        ({"name": "安乐镇人民政府", "kind": "township"}, "## （一）主动公开\n李楼镇高度重视政务公开。", "李楼镇"),
        ({"name": "洛龙区卫生健康委员会"}, "本年度，洛龙区发展和改革委员会积极推进公开。", "洛龙区发展和改革委员会"),
    ],
)
def test_the_unit_that_acts_in_the_first_sentence_is_the_unit_itself(
    sample: Sample, findings: Findings, unit: dict[str, str], text: str, quote: str
):
    report = sample(unit=unit, title=f"{unit['name']}年度报告", preface="统计期限一年。", overview=text)

    [finding] = findings("META-002", report)
    assert (finding.path, finding.quote, finding.severity) == ("overview", quote, Severity.WARNING)


@pytest.mark.parametrize(
    "text",
    [
        TOLD,
        "2020年，市统计局按照省里的要求部署工作，我局积极落实。",
        "2020年，区政府高度重视政务公开，洛龙区人民政府办公室印发要点。",
        "洛龙区人民政府按照上级部署统一公开平台。",
        "2020年，洛阳市人民政府积极推进政务公开，区委区政府高度重视。",
        "2020年，河南省统计局根据条例制定办法。",
        "在洛阳市乡村振兴局的指导下，各乡镇认真落实。",
        "镇党委政府高度重视，统计局认真落实，区统计局坚持公开。",
        "与涧西区农业局交流经验。洛龙区农业局认真配合。",
        "全区各街道、各局严格把关，统筹城乡发展局面坚持向好。",
    ],
)
def test_superiors_and_units_that_do_not_act_there_are_no_other_author(sample: Sample, found: Found, text: str):
    unit = {"name": "洛龙区统计局", "short_names": ("区统计局", "我局")}

    report = sample(unit=unit, title="洛龙区统计局", preface="统计期限一年。", overview=text)
    assert found("META-002", report) == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("内蒙古自治区统计局", "请与内蒙古自治区统计局联系。", []),
        ("洛龙区统计局", "2020年洛龙区统计局公开信息。", []),
        ("洛龙区统计局", "2020年涧西区统计局公开信息。", ["涧西区统计局"]),
        ("内蒙古自治区统计局", "广西壮族自治区统计局公开信息。", ["壮族自治区统计局"]),
        ("延边朝鲜族自治州统计局", "延边朝鲜族自治州统计局公开信息。", []),
        ("洛龙区统计局", "宁夏回族自治区统计局公开信息。", []),
    ],
)
def test_the_units_own_name_is_taken_out_before_others_are_sought(
    sample: Sample, found: Found, name: str, text: str, words: list[str]
):
    report = sample(unit={"name": name}, title=name, preface=text)

    told = [quote for _, quote in found("META-006", report)]
    assert len(told) == len(words)
    assert all(quote.endswith(word) for quote, word in zip(told, words, strict=True))
