"""The form `rule_of_law`: five chapters of text, two days, and words that make one look again."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

import baogao
from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.proving import prove_rules
from reports import Edit, Run, sample

NAME = "rule-of-law-2024"
WITHOUT_REASONS = "一是执法人员不足，二是文书不够规范，三是普法的针对性有待增强，都要改进。"
TITLES = [
    "一、推进法治政府建设的主要举措和成效",
    "二、推进法治政府建设存在的不足和原因",
    "三、党政主要负责人履行推进法治建设第一责任人职责情况",
    "四、下一年度推进法治政府建设的主要安排",
    "五、其他需要报告的情况",
]


def found(folder: Path, file: str, edit: Edit) -> list[tuple[str, str, str]]:
    outcome = baogao.check(baogao.load(sample(folder, {file: edit}, of=NAME)))
    return [(finding.rule, finding.severity.value, finding.path) for finding in outcome.findings]


def test_the_example_becomes_a_public_copy_a_filing_copy_and_a_page(tmp_path: Path):
    outcome = baogao.build(sample(tmp_path, of=NAME))
    public, filing, page = outcome.artifacts

    assert outcome.findings == ()
    for copy in (public, filing):
        paragraphs = docx.Document(io.BytesIO(copy.content)).paragraphs
        assert [text.text for text in paragraphs if text.style.name == "Heading 1"] == TITLES
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(filing.content)).paragraphs]
    assert texts[0] == "示民发〔2025〕6号"
    assert "（厅字〔2019〕28号），现将示例县民政局2024年法治政府建设情况报告如下。" in "".join(texts)
    assert '<meta name="ColumnName" content="法治政府建设年度报告">' in page.content.decode()


@pytest.mark.parametrize(
    ("file", "edit", "expected"),
    [
        ("report.yaml", ("date: 2025-02-26", "date: 2025-04-02"), [("LAW-001", "error", ""), ("LAW-002", "info", "")]),
        ("report.yaml", ("date: 2025-02-26", "date: 2025-03-31"), [("LAW-002", "info", "")]),
        ("report.yaml", ("date: 2025-02-26\n", ""), [("LAW-001", "error", "")]),
        ("remainder.md", "", [("LAW-102", "error", "remainder")]),
        ("remainder.md", "无。", []),
        ("next_year.md", "无", [("LAW-006", "warning", "next_year"), ("LAW-101", "error", "next_year")]),
        ("shortcomings.md", WITHOUT_REASONS, [("LAW-004", "warning", "shortcomings")]),
    ],
)  # fmt: skip
def test_what_is_late_short_or_beside_the_point_is_found(tmp_path: Path, file: str, edit: Edit, expected: list[str]):
    assert sorted(found(tmp_path, file, edit)) == expected


def test_no_chapter_can_be_left_out(tmp_path: Path):
    assert ("LAW-101", "error", "leadership") in found(tmp_path, "leadership.md", "")
    assert {rule for rule, _, path in found(tmp_path / "again", "leadership.md", None) if path == "leadership"} == {
        "SRC-001",
    }


def test_every_example_of_its_rules_proves_its_rule():
    rules = frozenset(f"LAW-{number:03}" for number in (*range(1, 7), 101, 102))
    proofs = list(prove_rules(open_registry(Selection()), Selection(), only=rules))

    assert {proof.rule.id for proof in proofs} == rules
    assert [proof for proof in proofs if proof.wrong] == []


def test_a_new_report_has_a_file_for_each_chapter(tmp_path: Path, run: Run):
    assert run("new", tmp_path / "r", "--form", "rule_of_law", "--year", "2024", "--unit", "某某局").code == 0
    names = {"achievements.md", "shortcomings.md", "leadership.md", "next_year.md", "remainder.md", "report.yaml"}

    assert {path.name for path in (tmp_path / "r").iterdir()} == names
    rules = {said.rule for said in run("check", tmp_path / "r", "--format", "json").findings}
    assert {"NAR-105", "LAW-001"} <= rules
