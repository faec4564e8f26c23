"""The rule on where the unit can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from baogao import listed, rule, say

if TYPE_CHECKING:
    from baogao import Finding, Report

FORMS = ("disclosure",)
POSTCODE = re.compile(r"\d{6}")
PHONE = re.compile(r"(?:[（(]?0\d{2,3}[）)]?[-— ]?)?\d{7,8}(?:[-—转]\d{1,6})?|1\d{10}|400[-—]?\d{3}[-—]?\d{4}|12345")
DOMAIN = re.compile(r"(?:https?://)?(?:[A-Za-z0-9\u4e00-\u9fff-]+\.)+[A-Za-z\u4e00-\u9fff]{2,}(?::\d+)?(?:/\S*)?")
IN_TEXT: Mapping[str, re.Pattern[str]] = {
    "地址": re.compile(r"地\s*址[：:为]?\s*([^；;，。）)\n]+)"),
    "邮编": re.compile(r"(?:邮\s*编|邮政编码)[：:为]?\s*([^；;，。）)\n]+)"),
    "电话": re.compile(r"(?:电\s*话|联系方式)[^\d；;，。\n]{0,6}?([（(]?\d{2,4}[）)]?[\d—转 -]{4,20})"),
    "网站": re.compile(r"((?:https?://|www\.)[^\s；;，。）)]+)"),
}
WELL_FORMED: Mapping[str, re.Pattern[str]] = {"邮编": POSTCODE, "电话": PHONE, "网站": DOMAIN}


@rule(
    "META-007",
    title="联系方式齐全、写法正确",
    severity="warning",
    gate="文字关",
    basis="实践：序言里写地址、邮编、电话和网站",
    hint="在 report.yaml 的 unit 下补上 address、postcode、phone 和 website",
    forms=FORMS,
    examples=(
        {"passes": True},
        {"unit": {"postcode": ""}, "paths": [""]},
        {"unit": {"postcode": "1234", "phone": "值班室"}, "paths": [""]},
        {"unit": {"phone": ""}, "text": {"preface": "请与我局联系（电话：0000-0000000）。"}, "passes": True},
    ),
)
def contact_complete(report: Report, _options: Mapping[str, Any]) -> Iterator[Finding]:
    """报告给出地址、邮编、电话、网站，供公众联系；单位资料或序言里有就可以。邮编 6 位，电话带区号。"""
    known = dict(_contact(report))
    missing = [name for name, value in known.items() if not value]
    wrong = [
        say("{name}：{value}", name=name, value=value)
        for name, value in known.items()
        if value and name in WELL_FORMED and not WELL_FORMED[name].fullmatch(value)
    ]
    fact = listed([*missing, *wrong]) if missing or wrong else ""
    if missing and wrong:
        message = say("联系方式缺少{missing}；写法不对：{wrong}", missing=listed(missing), wrong=listed(wrong))
        yield report.finding("", message, key="unit", actual=fact)
    elif missing:
        yield report.finding("", say("联系方式缺少{missing}", missing=listed(missing)), key="unit", actual=fact)
    elif wrong:
        yield report.finding("", say("联系方式写法不对：{wrong}", wrong=listed(wrong)), key="unit", actual=fact)


def _contact(report: Report) -> Iterator[tuple[str, str]]:
    """Yield each part of the contact: from the unit's profile, or else from the preface."""
    extra = report.unit.extra
    website = extra.get("website")
    domain = website.get("domain", "") if isinstance(website, Mapping) else website
    profile = {"地址": extra.get("address"), "邮编": extra.get("postcode"), "电话": extra.get("phone"), "网站": domain}
    preface = report.section("preface")
    for name, value in profile.items():
        known = str(value or "").strip()
        found = IN_TEXT[name].search(preface.text) if preface and not known else None
        yield name, found.group(1).strip() if found else known


RULES = (contact_complete,)
