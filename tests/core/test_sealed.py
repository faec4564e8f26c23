"""What a report holds is sealed: a rule or a renderer of a plugin changes nothing for the others by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

import baogao
from reports import sample

HARM = """
from dataclasses import replace

from baogao import hookimpl, rule


@rule("HRM-001", title="一", gate="数据关", basis="无", hint="无")
def harm(report, _options):
    BODY
    yield from ()


@hookimpl
def validation_rules():
    return [harm]
"""


@pytest.mark.parametrize(
    "body",
    [
        "report.section('requests').tables[0].cells.update({'requests.new_received.total': None})",
        "report.cell('requests.new_received.total').type.rules.clear()",
        "report.by_path.clear()",
        "report.places.clear()",
        "report.source.clear()",
        "report.unit.extra.update({'address': '别处'})",
        "report.unit.powers.clear()",
        "report.cell('requests.new_received.total').value = 9",
        "report.sections.clear()",
    ],
)
def test_a_rule_cannot_change_what_is_printed_by_mistake(tmp_path: Path, body: str):
    plugins = ("outputs:", "plugins: {load: [plugins/harm.py]}\noutputs:")
    folder = sample(tmp_path, {"plugins/harm.py": HARM.replace("BODY", body), "report.yaml": plugins})
    outcome = baogao.check(baogao.load(folder))

    assert [finding.rule for finding in outcome.findings] == ["PLG-004"]
    assert outcome.report.cells() == baogao.load(folder).cells()
    assert outcome.report.unit == baogao.load(folder).unit
