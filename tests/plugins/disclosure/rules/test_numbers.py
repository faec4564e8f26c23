"""The rules on the numbers of the narrative: what they must find, and the sentences that must not lead them astray."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from baogao import Finding, Report
from baogao.model.report import Block, Run
from growth import grows_evenly

Sample = Callable[..., Report]
Found = Callable[..., list[tuple[str, str]]]
Findings = Callable[..., list[Finding]]

NUMBERS = [f"NAR-{number:03}" for number in range(1, 8)]
CELLS = {
    "requests.new_received.natural_person": 20,
    "requests.carried_over.natural_person": 1,
    "requests.disclosed.natural_person": 10,
    "requests.partly_disclosed.natural_person": 5,
    "requests.refused_third_party.natural_person": 4,
    "requests.carried_forward.natural_person": 2,
    "disputes.review.upheld": 1,
    "disputes.litigation_direct.upheld": 1,
    "disputes.litigation_after_review.upheld": 1,
    "proactive.regulations.made": 2,
    "proactive.normative_documents.made": 3,
    "proactive.normative_documents.repealed": 1,
    "proactive.normative_documents.in_force": 12,
    "proactive.permits.decisions": 41,
    "proactive.penalties.decisions": 7,
    "proactive.coercion.decisions": 5,
    "proactive.fees.amount": Decimal("12.5"),
}


@pytest.fixture
def judge(sample: Sample, found: Found) -> Callable[[str], list[str]]:
    """Return which of the rules find something in a text that stands beside a table with figures."""

    def judged(text: str) -> list[str]:
        report = sample(cells=CELLS, overview=text, others="无。")
        return [rule for rule in NUMBERS for _ in found(rule, report)]

    return judged


Judge = Callable[[str], list[str]]


@pytest.mark.parametrize(
    "text",
    [
        # parts and other times
        "本年新收政府信息公开申请20件，其中通过网络收到申请12件，信函收到申请8件。",
        "本年收到政府信息公开申请20件。通过网络收到申请12件，当面收到申请8件。",
        "全年收到政府信息公开申请20件，同比增长25%；去年收到政府信息公开申请16件。",
        "本年收到申请20件，去年收到申请16件。",
        "上年办结申请15件。",
        "第二季度收到申请5件。",
        "1月至6月收到政府信息公开申请8件，7月至12月收到政府信息公开申请12件。",
        "申请量由上年的10件增至本年收到申请20件。",
        "受理申请21件（新收20件、上年结转1件），办结19件，结转下年度2件。",
        "收到申请20多件。",
        "收到申请近30件，收到申请约15件。",
        # ways of answering, and other affairs
        "共受理依申请公开20件，办结率100%，当面答复3件，邮寄答复16件。",
        "办结1件投诉。",
        "人大建议8件、政协提案5件，均已办结。",
        "信访件15件，全部按期办结；到期的申请全部按时办结，其余1件在办理期限内。",
        "答复予以公开12件，答复部分公开2件，答复不予公开2件。",
        "在法定期限内答复19件，延期答复4件。",
        "收到网上申请10件、信函申请8件、当面申请2件，共计20件。",
        "收到自然人申请18件、商业企业申请1件、法律服务机构申请1件。",
        "行政复议、行政诉讼共2件；全县行政复议机关受理行政复议案件120件。",
        "收到县政府转办申请2件，收到补正申请5件。",
        "办结“12345”热线工单120件，答复网民留言35件。",
        "答复人大代表建议、政协提案18件。",
        "办结行政许可41件。",
        "行政处罚案卷3件参加评查，行政许可案卷2件。",
        "行政许可事项12项，行政强制事项3项。",
        "公示行政处罚决定2件，公开行政许可决定3件。",
        "制定规章制度3件。",
        "收取信息处理费100元，减免收费3万元。",
        "行政复议维持1件，审结行政复议案件3件。",
        # not all
        "部分申请已答复，未全部办结。",
        "没有全部办结的2件结转下年度。",
        "本年度未能全部答复。",
        "网民留言全部办结。",
        "上年结转的申请已全部办结。",
        # shares
        "办理结果：予以公开10件，占52.6%，部分公开5件，占26.3%。",
        "公开信息40条，其中政策文件10条，占百分之二十五。",
        "公开信息3条，其中文件1条，占33.3%。",
        "占全部100条的5%，即5条。",
        # totals
        "全年共计公开信息126条，网站100条，微信26条，合计126条。",
        "网站100条，微信26条，合计126条，报刊4条，累计130条。",
        "通过网站公开50条、微信20条，累计举办培训3次。",
        "公开信息126条，其中网站100条，微信20条，累计120条。",
        "政务微博发布30余条，微信发布20条，共计60条。",
        "上年结转1件，本年新收20件，共计21件。",
        # none of something else
        "去年未收到政府信息公开申请。",
        "本年无政府信息公开申请结转。",
        "本年有无行政复议、是否行政诉讼，均已说明。",
        "没有行政许可权，无行政处罚事项。",
        "无行政诉讼败诉案件，无行政复议被纠正案件。",
        "无政府信息公开申请引起的投诉。",
        "未制定规章制度。",
        # right
        "制定规章2件，制发行政规范性文件3件，废止规范性文件1件，现行有效规范性文件12件。",
        "作出行政许可决定41件、行政处罚决定7件，行政强制5件。",
        "行政事业性收费12.5万元，行政事业性收费125000元。",
    ],
)
def test_what_is_right_or_of_something_else_is_not_found(text: str, judge: Judge):
    assert judge(text) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("本年新收政府信息公开申请21件。", ["NAR-001"]),
        ("收到申请2万件。", ["NAR-001"]),
        ("收到申请1.5万件。", ["NAR-001"]),
        ("收到申请30多件。", ["NAR-001"]),
        ("收到申请一百二十件。", ["NAR-001"]),
        ("上年结转2件。", ["NAR-001"]),
        ("办结申请18件。", ["NAR-001"]),
        ("行政复议2件，行政诉讼3件。", ["NAR-001", "NAR-001"]),
        ("制定规章3件。", ["NAR-002"]),
        ("行政强制9件。", ["NAR-002"]),
        ("收费100万元。", ["NAR-002"]),
        ("行政事业性收费100元。", ["NAR-002"]),
        ("行政许可41件，行政处罚8件。", ["NAR-002"]),
        ("网站100条，微信26条，合计127条。", ["NAR-003"]),
        ("网站100条，微信26条，合计126条，报刊4条，累计131条。", ["NAR-003"]),
        ("公开信息40条，其中政策文件10条，占百分之三十。", ["NAR-004"]),
        ("公开信息40条，其中政策文件10条，占25.04%。", ["NAR-004"]),
        ("本年未收到政府信息公开申请。", ["NAR-005"]),
        ("本年无政府信息公开申请。", ["NAR-005"]),
        ("未接到申请。", ["NAR-005"]),
        ("全年无行政复议、行政诉讼案件。", ["NAR-005", "NAR-005"]),
        ("未发生行政复议、行政诉讼。", ["NAR-005", "NAR-005"]),
        ("无因政府信息公开引起的行政复议。", ["NAR-005"]),
        ("没有行政诉讼。", ["NAR-005"]),
        ("没有行政处罚。", ["NAR-005"]),
        ("未作出行政许可决定。", ["NAR-005"]),
        ("未作出行政许可、行政处罚、行政强制决定。", ["NAR-005", "NAR-005", "NAR-005"]),
        ("无行政许可、行政处罚、行政强制。", ["NAR-005", "NAR-005", "NAR-005"]),
        ("本年未制定规范性文件。", ["NAR-005"]),
        ("未制定规章。", ["NAR-005"]),
        ("未收取行政事业性收费。", ["NAR-005"]),
        ("收到的申请已全部办结。", ["NAR-006"]),
        ("收到申请20件。\n收到申请二十一件。", ["NAR-001", "NAR-007"]),
    ],
)
def test_what_differs_is_found(text: str, rules: list[str], judge: Judge):
    assert judge(text) == rules


def test_a_finding_points_to_the_very_number(sample: Sample, findings: Findings):
    report = sample(cells=CELLS, overview="第1批收到申请1件，\n收到申请20件，收到申请3件。")
    places = [(it.location.line, it.location.column) for it in findings("NAR-001", report) if it.location]
    assert places == [(1, 8), (2, 13)]


def test_a_named_sum_is_called_by_its_labels(sample: Sample, findings: Findings):
    [differs] = findings("NAR-001", sample(cells=CELLS, overview="行政诉讼3件。"))
    assert "｜未经复议直接起诉｜总计＋复议后起诉｜总计”" in differs.message
    assert "litigation" not in differs.message


ENDLESS = (
    "一",
    "1",
    "1,",
    "占1%",
    "占1%，",
    "共计1篇",
    "共计1篇，",
    "收到申请1件",
    "收到申请1件，",
    "其中1件",
    "全部办结",
    "无行政复议",
    "无行政许可、",
)


@pytest.mark.parametrize("piece", ENDLESS)
def test_the_time_to_judge_a_line_grows_with_its_length_and_no_faster(piece: str, sample: Sample, findings: Findings):
    def judged(size: int) -> None:
        words = piece * (size // len(piece))
        report = sample(cells=CELLS)
        sections = tuple(
            replace(part, body=(Block("paragraph", (Run(words),), source=words),)) if part.id == "overview" else part
            for part in report
        )
        report = replace(report, sections=sections)
        said = [finding for rule in NUMBERS for finding in findings(rule, report)]
        assert sum(len(finding.message) for finding in said) < 10_000_000

    assert grows_evenly(judged)


def test_a_total_said_over_and_over_is_no_sum_of_itself(judge: Judge):
    assert judge("共计1篇" * 100) == []


def work(report: Report, findings: Findings, rule: str) -> int:
    """Count the calls that a rule makes: unlike seconds they are the same on every machine."""
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        findings(rule, report)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", ["占1%", "共计1篇", "网站1条，", "收到申请1件，"])
@pytest.mark.parametrize("rule", ["NAR-001", "NAR-003", "NAR-004", "NAR-007"])
def test_twice_the_text_is_about_twice_the_work(piece: str, rule: str, sample: Sample, findings: Findings):
    short, long = (sample(cells=CELLS, overview=piece * times) for times in (400, 1600))
    assert work(long, findings, rule) < 5 * work(short, findings, rule)
