"""The rules on the annual report: their examples, the traps they must not fall into, and what they make of blanks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import baogao
from baogao import Finding, Report, Severity
from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.pipeline import check, open_report
from baogao.proving import prove_rules
from baogao.stages.survey import survey_rules

EXAMPLES = Path(__file__).parents[4] / "examples"
Sample = Callable[..., Report]
Found = Callable[..., list[tuple[str, str]]]
Findings = Callable[..., list[Finding]]

RULES = {
    *(f"STR-{number:03}" for number in range(1, 10)),
    *(f"META-{number:03}" for number in range(1, 10)),
    *("T2-001", "T2-002", "T2-003", "T2-004", "T2-005", "T2-101", "T2-102", "T2-103"),
    *("T3-001", "T3-002", "T3-003", "T3-004", "T3-005", "T4-001", "T4-002"),
    *(f"XY-{number:03}" for number in range(1, 7)),
    *("DUP-001", "DUP-003", "FEE-001", "FEE-002", "FEE-003", "FEE-004", "PRC-001"),
}
GUESSES = {"STR-006", "STR-007", "META-005", "META-006", "T3-004", "FEE-001", "FEE-002", "FEE-003"}
HARD = {"T2-001", "T3-001", "T3-002", "T3-003", "T4-001"}
GATES = {"STR": "文字关", "META": "文字关", "DUP": "文字关", "PRC": "文字关"}


def ours() -> dict[str, Any]:
    listed, _ = survey_rules(open_registry(Selection()))
    return {item.rule.id: item.rule for item in listed if item.rule.id in RULES}


def test_every_rule_of_the_catalogue_is_there_and_says_what_it_must():
    rules = ours()

    assert set(rules) == RULES
    for rule in rules.values():
        assert all((rule.title, rule.basis, rule.explanation, rule.hint)), rule.id
        assert rule.gate == GATES.get(rule.id.partition("-")[0], "数据关")
        assert {"passes" in example for example in rule.examples} == {True, False}, rule.id
        assert rule.waivable is (rule.id not in HARD), rule.id


def test_a_guess_is_never_an_error():
    assert [rule_id for rule_id, rule in ours().items() if rule_id in GUESSES and rule.severity == "error"] == []


def test_the_examples_prove_the_rules():
    selection = Selection(block=frozenset({"text", "docx"}))
    proofs = [proof for proof in prove_rules(open_registry(selection), selection) if proof.rule.id in RULES]

    assert {proof.rule.id for proof in proofs} == RULES
    assert [(proof.rule.id, proof.edition, proof.number, proof.wrong) for proof in proofs if proof.wrong] == []


@pytest.mark.parametrize(
    ("folder", "previous"),
    [
        ("luolong-2020", None),
        ("luolong-2020-with-dept", None),
        ("example-2023", None),
        ("example-2024", None),
        ("example-2024", "example-2023"),
    ],
)
def test_nothing_is_found_in_the_examples(folder: str, previous: str | None):
    outcome = check(open_report(EXAMPLES / folder, previous=EXAMPLES / previous if previous else None))

    assert [(finding.rule, finding.path) for finding in outcome.findings if finding.rule in RULES] == []
    assert {skipped.lacks for skipped in outcome.skipped} <= ({"artifact"} if previous else {"previous", "artifact"})


YEAR = 2020
WORK_OF_ANOTHER_YEAR = [
    ("overview", "2019年，我局公开信息50条。", ["2019年"]),
    ("overview", "2019年度共收到申请2件；2020年公开信息9条。", ["2019年度共收到申请2件"]),
    ("overview", "2021年我局组织培训两次。", ["2021年我局组织培训两次"]),
    ("overview", "2019年3月，我局组织培训。", ["2019年3月"]),
    ("others", "2019年没有收取信息处理费。", ["2019年没有收取信息处理费"]),
]
OTHER_YEARS_IN_THEIR_PLACE = [
    ("overview", "2020年公开信息50条，与2019年相比增加9条。"),
    ("overview", "公开信息50条，较2019年增长两成。"),
    ("overview", "公开信息50条，比2019年多9条。"),
    ("overview", "公开2019年部门决算和2021年部门预算。"),
    ("overview", "公开2019年度决算。"),
    ("overview", "公开2019年国民经济和社会发展统计公报1篇。"),
    ("overview", "落实《2019年政务公开工作要点》和2019年印发的实施意见。"),
    ("overview", "按照2019年修订的《中华人民共和国政府信息公开条例》，公开信息50条。"),
    ("overview", "条例自2019年5月15日起施行，我局组织学习。"),
    ("overview", "2019年以来，我局持续公开信息。"),
    ("overview", "办结2019年结转的申请1件。"),
    ("overview", "在2019年度政务公开考核中获得优秀。"),
    ("overview", "针对2019年报告提出的问题，完善制度。"),
    ("overview", "制定2021年工作计划。"),
    ("overview", "2021年，我局将继续推进公开。"),
    ("overview", "按照国办公开办函〔2019〕60号编制。"),
    ("overview", "公开历史资料，其中2015年的12件。"),
    ("problems", "2021年，我局着力丰富解读形式，建立更新台账。"),
    ("preface", "2019年，依据条例编制本报告。"),
]


@pytest.mark.parametrize(("section", "text", "quotes"), WORK_OF_ANOTHER_YEAR)
def test_work_of_another_year_is_found(sample: Sample, found: Found, section: str, text: str, quotes: list[str]):
    report = sample(year=YEAR, **{section: text})

    assert found("META-005", report) == [(section, quote) for quote in quotes]


@pytest.mark.parametrize(("section", "text"), OTHER_YEARS_IN_THEIR_PLACE)
def test_another_year_in_its_place_is_not_found(sample: Sample, found: Found, section: str, text: str):
    assert found("META-005", sample(year=YEAR, **{section: text})) == []


@pytest.mark.parametrize(
    ("name", "text", "quotes"),
    [
        ("示例县统计局", "我局、本局由我办理件岗负责，我部门、我县、我市配合，本办法施行，我所知，本处理决定。", []),
        ("示例县统计局", "自我局限不可取，自我部署，我委托，我会同有关单位，我院长。", ["我院"]),
        ("示例县统计局", "本所涉及事项，本所列各项，本部分内容。", []),
        ("示例县统计局", "我镇公开信息。我镇开展培训。", ["我镇"]),
        ("示例县统计局", "我委公开信息，我街道开展培训。", ["我委", "我街道"]),
        ("示例县李村镇人民政府", "我镇公开信息，我乡镇干部参加。", []),
        ("示例县李村镇人民政府", "我局公开信息。", ["我局"]),
        ("示例县人民政府", "我局公开信息，我县开展培训。", ["我局"]),
        ("示例市城南街道办事处", "我街道、我办、我处公开信息。", []),
        ("示例县发展和改革委员会", "我委公开信息，我局负责。", ["我局"]),
        ("洛龙区统计局", "2020年洛龙区统计局、市统计局、各区统计局、全区统计局公开信息。", []),
        ("洛龙区统计局", "2020年，涧西区统计局公开信息。", ["涧西区统计局"]),
        ("洛龙区统计局", "赴涧西区统计局学习，与洛阳市统计局联网。", []),
        ("洛龙区市场监督管理局", "洛龙区市场监督管理局、洛阳市市场监督管理局公开信息。", []),
    ],
)
def test_the_unit_calls_itself_by_its_kind(sample: Sample, found: Found, name: str, text: str, quotes: list[str]):
    report = sample(unit={"name": name, "short_names": ()}, overview=text, problems="一是解读不多。")

    told = [words for _, words in found("META-006", report)]
    assert len(told) == len(quotes)
    assert all(words.endswith(quote) for words, quote in zip(told, quotes, strict=True))


def test_a_registered_short_name_is_right(sample: Sample, found: Found):
    report = sample(unit={"name": "示例县统计局", "short_names": ("我办",)}, overview="我办公开信息。")

    assert found("META-006", report) == []


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("本报告由示例县统计局编制。", []),
        ("本报告由示例县统计局办公室编制，请与我局办公室联系。", []),
        ("本报告由县统计局负责编制。", []),
        ("加强与群众联系，由各股室编制，请与统计局办公室联系。", []),
        ("请与党政办公室联系，请与政务公开中心联系。", []),
        ("本报告由示例县审计局编制。", ["示例县审计局"]),
        ("如有疑问，请与示例县审计局联系。", ["示例县审计局"]),
        ("现公布示例县统计局2024年政府信息公开工作年度报告。", []),
        ("按照要求编制2024年政府信息公开工作年度报告。", []),
    ],
)
def test_the_unit_has_one_name(sample: Sample, found: Found, text: str, quotes: list[str]):
    assert found("META-002", sample(preface=text)) == [("preface", quote) for quote in quotes]


def test_a_town_government_may_be_called_shorter(sample: Sample, found: Found):
    unit = {"name": "示例县李村镇人民政府", "short_names": ()}

    assert (
        found("META-002", sample(unit=unit, title="示例县李村镇人民政府", preface="请与李村镇政府办公室联系。")) == []
    )


def test_a_wrong_name_in_the_title_is_graver_than_one_in_the_text(sample: Sample, findings: Findings):
    report = sample(title="示例县审计局2024年政府信息公开工作年度报告", preface="由示例县审计局编制。")

    assert [finding.severity for finding in findings("META-002", report)] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("统计期限自2020年1月1日起至2020年12月31日止。", True),
        ("统计期限为2020年1月1日—12月31日。", True),
        ("统计期限为2020年01月01日至当年12月31日。", True),
        ("统计期限为2020年全年。", False),
    ],
)
def test_the_period_is_stated(sample: Sample, found: Found, text: str, states: bool):
    assert found("META-004", sample(preface=text)) == ([] if states else [("preface", "")])


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("## （一）甲\n文。\n## （二）乙\n文。\n### 1.丙\n文。\n### 2.丁\n文。\n## （三）戊\n### 1.己", []),
        ("## （九）甲", ["（九）甲"]),
        ("## （一）甲\n## （二）乙\n## （四）丙\n## （五）丁", ["（四）丙"]),
        ("## （一）甲\n## （一）乙", ["（一）乙"]),
        ("## （一）甲\n#### （1）乙", ["（1）乙"]),
        ("### 1.甲", ["1.甲"]),
        ("## 1.甲", ["1.甲"]),
        ("## 甲\n### 1.乙\n### 2.丙\n## 丁\n### 1.戊", []),
        ("问题：\n1.甲。\n2.乙。\n措施：\n1.丙。\n2.丁。", []),
        ("1.甲。\n3.乙。", ["3.乙。"]),
        ("（一）甲。\n（二）乙。\n（二）丙。", ["（二）丙。"]),
        ("2024年，公开信息1.5万条。\n12条信息。", []),
        ("1.5万条信息。", []),
        ("一、甲\n公开信息。", ["一、甲"]),
        ("一是公开信息；三是培训。", []),
        ("一、二、三级响应各启动1次。\n一、二、三类事项已公开。", []),
        ("一、二、三产业协调发展。", []),
        ("一、二楼设有查阅点。", []),
        ("\n".join(f"## （{numeral}）甲" for numeral in "一二三四五六七八九十") + "\n## （十一）甲\n## （十二）甲", []),
    ],
)
def test_numerals_go_on_without_gaps(sample: Sample, found: Found, text: str, quotes: list[str]):
    assert found("STR-009", sample(overview=text, problems="一是甲。")) == [("overview", quote) for quote in quotes]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("XX局公开信息。", ["XX局公开信息"]),
        ("收到×××件。", ["×××件"]),
        ("数据待补充。", ["待补充"]),
        ("TODO 补上。", ["TODO 补上"]),
        ("收到____件。", ["____件"]),
        ("内容有待补充、亟待补充。", []),
        ("二○○八年，XXL 号，Xx公司的XML文件，长×宽。", ["Xx公司的XML文件"]),
        ("一九九○年。", []),
    ],
)
def test_placeholders_are_found(sample: Sample, found: Found, text: str, quotes: list[str]):
    assert found("META-008", sample(overview=text)) == [("overview", quote) for quote in quotes]


def test_a_tag_in_the_title_is_a_placeholder(sample: Sample, found: Found):
    report = sample(title="{{ unit.name }}2024年政府信息公开工作年度报告")

    assert [path for path, _ in found("META-008", report)] == [""]


@pytest.mark.parametrize(
    ("phone", "right"),
    [
        ("0379-65000000", True),
        ("（0379）65000000", True),
        ("65000000", True),
        ("12345", True),
        ("0379-650", False),
        ("见网站", False),
    ],
)
def test_a_phone_number_is_well_formed(sample: Sample, found: Found, phone: str, right: bool):
    extra = {"address": "示例路", "postcode": "000000", "phone": phone, "website": {"domain": "www.example.gov.cn"}}

    assert found("META-007", sample(unit={"extra": extra})) == ([] if right else [("", "")])


def test_the_phone_of_the_preface_counts(sample: Sample, found: Found):
    extra = {"address": "示例路", "postcode": "000000", "website": {"domain": "www.example.gov.cn"}}
    preface = "请与我局联系（电话、传真：0379-65000000）。"

    assert found("META-007", sample(unit={"extra": extra}, preface=preface)) == []


def test_a_unit_of_which_nothing_is_known_is_asked_for_its_contact_once(sample: Sample, found: Found):
    assert found("META-007", sample(unit={"extra": {}}, preface="编制本报告。")) == [("", "")]


RECEIVED = {"requests.new_received.natural_person": 2, "requests.disclosed.natural_person": 2}
SAYS_SOME = [
    "本年收到政府信息公开申请2件。",
    "受理政府信息公开申请十二件，均已答复。",
    "2024年共收到公开申请2件。",
    "共收到依申请公开1件，按时办结。",
]
SAYS_NOTHING = [
    "本年未收到政府信息公开申请。",
    "依申请公开信息数161条。",
    "受理行政许可申请5件。",
    "上年收到政府信息公开申请3件。",
    "2023年收到政府信息公开申请3件，2024年没有。",
    "收到政府信息公开申请0件。",
]


@pytest.mark.parametrize("text", SAYS_SOME)
def test_a_table_of_noughts_does_not_go_with_a_text_that_counts(sample: Sample, found: Found, text: str):
    assert found("T3-004", sample(overview=text)) == [("requests", "")]
    assert found("T3-004", sample(cells=RECEIVED, overview=text)) == []


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_a_text_that_counts_nothing_goes_with_a_table_of_noughts(sample: Sample, found: Found, text: str):
    assert found("T3-004", sample(overview=text)) == []


def test_a_table_with_figures_does_not_go_with_none(sample: Sample, found: Found):
    assert found("T3-004", sample(cells=RECEIVED, overview=SAYS_NOTHING[0])) == [("requests", "")]


def test_the_share_of_others_is_exact(sample: Sample, found: Found):
    def report(others: int) -> Report:
        cells = {"requests.disclosed.business": 10 - others, "requests.other_else.business": others}
        return sample(cells=cells)

    assert found("T3-005", report(2)) == []
    assert found("T3-005", report(3)) == [("requests.other_else.total", "")]
    assert found("T3-005", report(3), share="0.3") == []
    assert found("T3-005", report(2), share=Decimal("0.19")) == [("requests.other_else.total", "")]


@pytest.mark.parametrize(
    ("kind", "powers", "fires"),
    [
        ("department", {"regulations": False}, True),
        ("department", {"regulations": True}, False),
        ("department", {}, False),
        ("township", {}, True),
        ("township", {"regulations": True}, False),
        ("government", {}, False),
    ],
)
def test_an_unknown_power_is_not_a_missing_one(
    sample: Sample, found: Found, kind: str, powers: dict[str, bool], fires: bool
):
    report = sample(cells={"proactive.regulations.in_force": 1}, unit={"kind": kind, "powers": powers})

    assert found("T2-002", report) == ([("proactive.regulations", "")] if fires else [])


def test_items_that_ended_in_2019s_table_need_no_power(sample: Sample, found: Found):
    def report(change: int) -> Report:
        cells = {"proactive.fees.items_last_year": 2, "proactive.fees.change": change}
        return sample("2019", cells=cells, unit={"powers": {"fees": False}})

    assert found("T2-003", report(-2)) == []
    assert found("T2-003", report(-1)) == [("proactive.fees", "")]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("公示行政处罚决定12件。", ["proactive.penalties"]),
        ("公开行政许可信息3条，公开行政强制决定2件。", ["proactive.permits", "proactive.coercion"]),
        ("公示行政许可、行政处罚信息45条。", ["proactive.penalties"]),
        ("公示行政处罚决定0件。行政处罚12件。", []),
    ],
)
def test_published_decisions_were_made(sample: Sample, found: Found, text: str, paths: list[str]):
    assert [path for path, _ in found("T2-003", sample(overview=text))] == paths


@pytest.mark.parametrize(
    ("amount", "last", "kind", "fires"),
    [
        (Decimal("5.36"), None, "department", False),
        (53600, None, "department", True),
        (53600, None, "government", False),
        (53600, Decimal("5.36"), "government", True),
        (Decimal("5.36"), 53600, "department", True),
        (Decimal("5.36"), 0, "department", False),
        (0, Decimal("5.36"), "department", False),
        (5000, 5, "department", True),
        (4999, 5, "department", False),
    ],
)
def test_yuan_in_the_place_of_10k_yuan_is_found(
    sample: Sample, found: Found, amount: Any, last: Any, kind: str, fires: bool
):
    fees = "proactive.fees.amount"
    previous = sample(cells={fees: last}) if last is not None else None
    report = sample(cells={fees: amount}, unit={"kind": kind}, previous=previous)

    assert found("T2-004", report) == ([(fees, "")] if fires else [])


@pytest.mark.parametrize(
    ("others", "unpaid", "rules"),
    [
        ("本年度发出收费通知0件，收取信息处理费0元。", 0, []),
        ("本机关本年度未收取信息处理费。", 0, []),
        ("无", 0, ["FEE-001"]),
        ("没有其他需要报告的事项。", 0, ["FEE-001"]),
        ("无。", 1, ["FEE-001", "FEE-002"]),
        ("本年度未发出收费通知。", 1, ["FEE-002"]),
        ("发出收费通知1件，总金额380元，实际收取0元。", 1, []),
        ("发出收费通知1件，总金额380元，实际收取400元。", 1, ["FEE-003"]),
        ("实际收取信息处理费400元。", 0, []),
        ("收取信息处理费1,385元。", 0, ["FEE-003"]),
        ("收取信息处理费0.04万元。", 0, ["FEE-003"]),
        ("办公经费385元。无信息处理费。", 0, []),
    ],
)
def test_what_chapter_six_says_of_charges(sample: Sample, found: Found, others: str, unpaid: int, rules: list[str]):
    cells = {"requests.new_received.business": unpaid, "requests.other_overdue_fee.business": unpaid}
    report = sample(cells=cells, others=others)

    assert [rule for rule in ("FEE-001", "FEE-002", "FEE-003") if found(rule, report)] == rules


def test_charges_are_asked_for_from_2021_on(sample: Sample, found: Found):
    assert found("FEE-001", sample(year=2020, others="无")) == []
    assert found("FEE-001", sample("2019", others="无")) == []


@pytest.mark.parametrize(
    ("kind", "day", "options", "fires"),
    [
        ("department", "2025-01-31", {}, False),
        ("department", "2025-02-01", {}, True),
        ("township", "2025-02-01", {}, True),
        ("government", "2025-03-31", {}, False),
        ("government", "2025-04-01", {}, True),
        ("other", "2025-12-31", {}, False),
        ("other", "2025-12-31", {"deadline": "01-31"}, True),
        ("department", "2025-01-27", {"deadline": "01-26"}, True),
        ("department", "2025-01-26", {"deadline": "01-26"}, False),
        ("department", "2025-01-26", {"deadline": "02-30"}, True),
    ],
)
def test_the_last_day_goes_by_the_kind_of_unit(
    sample: Sample, found: Found, kind: str, day: str, options: dict[str, str], fires: bool
):
    report = sample(unit={"kind": kind}, date=day)

    assert found("PRC-001", report, **options) == ([("", "")] if fires else [])


def test_a_report_without_a_date_is_not_late(sample: Sample, found: Found):
    assert found("PRC-001", sample(date=None)) == []


KINDS = ("natural_person", "business", "research_institution", "public_interest", "legal_service", "other")
COUNTS = st.lists(st.integers(0, 3), min_size=len(KINDS), max_size=len(KINDS))


@settings(max_examples=100)
@given(forward=COUNTS, over=COUNTS)
@pytest.mark.parametrize(("edition", "before"), [("2019", "2019"), ("2021", "2021"), ("2021", "2019")])
def test_carried_applications_are_judged_column_by_column(
    sample: Sample, found: Found, edition: str, before: str, forward: list[int], over: list[int]
):
    last = {f"requests.carried_forward.{kind}": count for kind, count in zip(KINDS, forward, strict=True)}
    now = {f"requests.carried_over.{kind}": count for kind, count in zip(KINDS, over, strict=True)}
    report = sample(edition, cells=now, previous=sample(before, cells=last))

    differing = [kind for kind, one, other in zip(KINDS, forward, over, strict=True) if one != other]
    assert found("XY-002", report) == [(f"requests.carried_over.{kind}", "") for kind in differing]
    assert found("XY-001", report) == ([("requests.carried_over.total", "")] if sum(forward) != sum(over) else [])


def test_a_blank_of_either_year_cannot_be_judged(sample: Sample, found: Found):
    forward, over = "requests.carried_forward.business", "requests.carried_over.business"
    blank_now = sample(cells={over: None}, previous=sample())
    blank_then = sample(previous=sample(cells={forward: None}))

    for report in (blank_now, blank_then):
        assert found("XY-001", report) == [("requests.carried_over.total", "?")]
        assert found("XY-002", report) == [(over, "?")]


@pytest.mark.parametrize(
    ("rule", "edition", "blank", "path"),
    [
        ("T2-002", "2021", "proactive.regulations.made", "proactive.regulations"),
        ("T2-004", "2021", "proactive.fees.amount", "proactive.fees.amount"),
        ("T2-005", "2021", "proactive.regulations.in_force", "proactive.regulations.in_force"),
        ("T2-102", "2019", "proactive.procurement.amount", "proactive.procurement.amount"),
        ("T2-103", "2019", "proactive.regulations.newly_published", "proactive.regulations.newly_published"),
        ("T3-005", "2021", "requests.other_else.business", "requests.other_else.total"),
        ("T4-002", "2021", "disputes.litigation_direct.upheld", "disputes.litigation_direct.total"),
        ("XY-003", "2021", "proactive.regulations.in_force", "proactive.regulations.in_force"),
        ("XY-004", "2019", "proactive.permits.items_last_year", "proactive.permits.items_last_year"),
    ],
)
def test_a_blank_is_unassessable(sample: Sample, found: Found, rule: str, edition: str, blank: str, path: str):
    report = sample(edition, cells={blank: None}, previous=sample(edition))

    assert found(rule, report) == [(path, "?")]


def test_a_unit_without_a_power_must_not_leave_its_row_blank(sample: Sample, found: Found):
    report = sample(cells={"proactive.permits.decisions": None}, unit={"powers": {"permits": False}})

    assert found("T2-003", report) == [("proactive.permits", "?")]


def test_documents_in_force_are_not_compared_with_a_report_that_does_not_count_them(sample: Sample, found: Found):
    cells = {"proactive.normative_documents.in_force": 40}
    last = {"proactive.normative_documents.total_published": 7}

    assert found("XY-003", sample(cells=cells, previous=sample("2019", cells=last))) == []
    assert found("XY-003", sample(cells=cells, previous=sample())) == [("proactive.normative_documents.in_force", "")]


def test_outliers_are_sought_where_both_editions_mean_the_same(sample: Sample, found: Found):
    now = {"proactive.normative_documents.made": 40, "proactive.permits.decisions": 40}
    last = {"proactive.normative_documents.made": 1, "proactive.permits.decisions": 1}

    assert found("XY-005", sample(cells=now, previous=sample("2019", cells=last))) == [
        ("proactive.permits.decisions", "")
    ]
    assert [path for path, _ in found("XY-005", sample(cells=now, previous=sample(cells=last)))] == list(now)
    assert found("XY-005", sample(cells=now, previous=sample(cells=last)), factor=40) == []


def test_a_copied_set_of_tables_is_found_across_editions(sample: Sample, found: Found):
    report = sample(cells=RECEIVED, previous=sample("2019", cells=RECEIVED))

    assert found("XY-006", report) == [("", "")]
    other = {"requests.new_received.natural_person": 3, "requests.disclosed.natural_person": 3}
    assert found("XY-006", sample(cells=RECEIVED, previous=sample("2019", cells=other))) == []
    assert found("XY-006", sample(previous=sample("2019"))) == []


def test_a_copy_with_a_blank_in_it_cannot_be_called_one(sample: Sample, found: Found):
    report = sample(cells={**RECEIVED, "proactive.permits.decisions": None}, previous=sample(cells=RECEIVED))

    assert found("XY-006", report) == [("", "?")]


PROSE = (
    "围绕养老服务、社会救助、殡葬管理等群众关心的事项推进公开，梳理办事指南，逐条核对电话，"
    "在村务公开栏张贴告知书，组织业务骨干培训，请网格员入户讲解，听取代表意见并当场答复。"
)
OTHER_PROSE = (
    "会同档案馆清理历年公报，按主题重新编目，开通手机端检索；对积压的申请建立限时办结单，"
    "由法制股先行审查说理部分，逾期自动提醒，年底委托第三方抽查答复质量，问题清单逐项销号。"
)


@pytest.mark.parametrize(
    ("now", "last", "severity"),
    [
        (f"2024年，{PROSE}全年公开信息126条。", f"2023年，{PROSE}全年公开信息98条。", Severity.ERROR),
        (PROSE, f"{PROSE}另外组织一场新闻发布会，答复记者提问。", Severity.WARNING),
        (PROSE, OTHER_PROSE, None),
        (PROSE + OTHER_PROSE, PROSE, None),
        ("公开信息。", "公开信息。", None),
    ],
)
def test_last_years_words_are_recognised(
    sample: Sample, findings: Findings, now: str, last: str, severity: Severity | None
):
    report = sample(overview=now, problems=OTHER_PROSE, previous=sample(overview=last, problems=PROSE))

    assert [(finding.path, finding.severity) for finding in findings("DUP-001", report)] == (
        [("overview", severity)] if severity else []
    )


def test_the_same_headings_and_fixed_phrases_are_no_repetition(sample: Sample, found: Found):
    frame = "## （一）主动公开情况\n落实《中华人民共和国政府信息公开条例》。{words}\n## （二）依申请公开情况\n"
    previous = sample(overview=frame.format(words=PROSE), problems=PROSE)

    assert (
        found("DUP-001", sample(overview=frame.format(words=OTHER_PROSE), problems=OTHER_PROSE, previous=previous))
        == []
    )


def test_problems_word_for_word_are_one_finding_not_two(sample: Sample, found: Found):
    report = sample(problems=PROSE, overview=OTHER_PROSE, previous=sample(problems=f"{PROSE}\n", overview=PROSE))

    assert found("DUP-003", report) == [("problems", "")]
    assert found("DUP-001", report) == []


def test_the_findings_of_one_rule_can_be_told_apart(tmp_path: Path):
    report = baogao.load(EXAMPLES / "example-2024")
    assert report.section("overview") is not None
    outcome = check(open_report(EXAMPLES / "example-2024", previous=EXAMPLES / "luolong-2020"))
    prints = [finding.fingerprint for finding in outcome.findings if finding.rule in RULES]

    assert len(prints) == len(set(prints))
