"""Rules of a report folder and of an installed plugin: listed, explained and proven like any other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reports import Run, sample, with_path

RULES = """\
rules:
- id: OWN-001
  title: 收到的申请不多于五件
  basis: 本局统计口径
  explanation: 说明文字。
  hint: 核对
  assert: requests.new_received.total <= 5
  examples:
  - {passes: true}
  - {set: {requests.new_received.other: 9, requests.disclosed.other: 9}, paths: [requests.new_received.total]}
"""
WRONG = RULES.replace("paths: [requests.new_received.total]", "passes: true")


def test_a_rule_of_the_report_folder_is_listed_explained_and_proven(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"schemas/own.rules.yaml": RULES})

    assert "OWN-001" in run("rules", "--report", report).out
    assert "说明文字" in run("explain", "own-001", "--report", report).out
    assert run("explain", "OWN-001").code == 2


def test_the_folder_one_works_in_counts_without_being_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(sample(tmp_path, {"schemas/own.rules.yaml": RULES}))

    assert "OWN-001" in run("rules", "--format", "json").out


@pytest.mark.parametrize(("rules", "code"), [(RULES, 0), (WRONG, 1)])
def test_the_examples_of_a_report_folder_are_tried(tmp_path: Path, run: Run, rules: str, code: int):
    report = sample(tmp_path, {"schemas/own.rules.yaml": rules})
    ran = run("rules", "test", "OWN-001", "--report", report)

    assert ran.code == code
    assert ("OWN-001（2019 版）第 2 个例子" in ran.out) is bool(code)


MENTIONS = (
    ("section: problems, mentions: {问题: 不足, 措施: 下一步}", "problems", "没有写到：措施", "措施"),
    ("section: problems, mentions: {下一步: 下一步}", "problems", "没有写到：下一步", None),
    ("section: problems, mentions: {明年: '{next_year}年'}, message: '没写{missing}'", "problems", "没写明年", None),
    ("section: problems, mentions: {今年: '{year}年', 措施: 下一步}", "problems", "没有写到：今年、措施", "今年、措施"),
    ("mentions: {奖励: 奖励, 不足: 不足}, at: overview, message: 没有奖励", "overview", "没有奖励", "奖励"),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "words", "actual"), MENTIONS)
def test_a_rule_may_ask_for_what_must_be_mentioned(
    tmp_path: Path, run: Run, rule: str, path: str, words: str, actual: str | None
):
    rules = f"rules: [{{id: OWN-001, title: 写到, severity: warning, {rule}}}]\n"
    files = {"schemas/own.rules.yaml": rules, "overview.md": "本年没有工作。", "others.md": "无"}
    lacking = run("check", sample(tmp_path / "a", {**files, "problems.md": "有不足。"}), "--format", "json").json
    [found] = [finding for finding in lacking["findings"] if finding["rule"] == "OWN-001"]
    said = {**files, "problems.md": "2020年有不足。2021年，下一步加强奖励。"}

    assert (found["path"], found["message"], found["actual"]) == (path, words, actual)
    assert "OWN-001" not in run("check", sample(tmp_path / "b", said)).out


def test_what_must_be_mentioned_in_the_definition_of_a_chapter_is_asked_of_that_chapter(tmp_path: Path, run: Run):
    schema = """
section: training
title: 培训
text: {}
rules: [{id: TRN-001, title: 写到次数, mentions: {次数: 次}}]
"""
    files = {
        "schemas/training.yaml": schema,
        "training.md": "培训了全体人员。",
        "others.md": "开会一次。",
        "report.yaml": ("outputs: [docx, html]", "outputs: [docx, html]\nsections: {training: {after: others}}"),
    }
    [found] = run("check", sample(tmp_path, files), "--format", "json").findings

    assert (found.rule, found.path) == ("TRN-001", "training")


def test_what_must_be_mentioned_is_not_asked_of_a_chapter_that_is_blank(tmp_path: Path, run: Run):
    rules = "rules: [{id: OWN-001, title: 写到, section: problems, mentions: {措施: 下一步}}]\n"
    report = sample(tmp_path, {"schemas/own.rules.yaml": rules, "problems.md": " \n"})

    assert "OWN-001" not in [found.rule for found in run("check", report, "--format", "json").findings]


def test_a_rule_may_be_for_a_chapter_that_is_just_its_file(tmp_path: Path, run: Run):
    rules = "rules: [{id: OWN-001, title: 有数, section: site, assert: site.visits.value >= 0}]\n"
    report = sample(tmp_path, {"schemas/own.rules.yaml": rules}, of="website-2024")

    assert run("check", report, "--format", "json").findings == []


def test_a_rule_is_tried_in_the_years_it_is_for(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"schemas/own.rules.yaml": RULES.replace("  basis", "  years: {from: 2021}\n  basis")})

    assert "2 个例子，0 个不对" in run("rules", "test", "OWN-001", "--report", report).out


def test_the_rule_file_of_an_installed_plugin_is_found_and_named_after_it(tmp_path: Path):
    plugin = tmp_path / "site" / "qsl"
    (plugin / "schemas").mkdir(parents=True)
    (plugin / "__init__.py").write_text('"""Rules only."""\n')
    (plugin / "schemas" / "own.rules.yaml").write_text(RULES)
    information = tmp_path / "site" / "qsl-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: qsl\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[baogao]\nqsl = qsl\n")
    command = [sys.executable, "-m", "baogao", "rules", "--format", "md"]
    done = subprocess.run(command, env=with_path(tmp_path / "site"), capture_output=True, text=True, check=True)

    (line,) = [line for line in done.stdout.splitlines() if "OWN-001" in line]
    assert line.endswith("| qsl |")
