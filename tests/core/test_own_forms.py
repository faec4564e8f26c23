"""Forms of one's own, in YAML only: from nothing, on top of an official one, in a report folder and in a plugin."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

import baogao
from contracts.documents import DOCS, blocks
from reports import EXAMPLE, MARK, Edit, Run, marked_place, sample

SHOWN = {
    block.name: block.code.partition("-->\n")[2] or block.code
    for language in ("yaml", "markdown", "python")
    for block in blocks(language, DOCS / "own-forms.md")
    if block.name
}
PROVIDER = """
from baogao import hookimpl, section


@hookimpl
def section_providers():
    return [section("hotline")]
"""
PLAIN = """
from baogao import Form, hookimpl


@hookimpl
def report_forms():
    return [Form("county_disclosure", plain=True)]
"""
EXTENDING = "schemas/county_disclosure/2021/form.yaml"
HOTLINE: Mapping[str, Edit] = {
    "report.yaml": ("form: disclosure", "form: county_disclosure"),
    EXTENDING: SHOWN[EXTENDING],
    "schemas/hotline.yaml": SHOWN["schemas/hotline.yaml"],
    "hotline.yaml": "received: 8\nsolved: 8\n",
}


def written(folder: Path, *names: str) -> Path:
    """Write files that docs/own-forms.md shows into a report folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SHOWN[name], "utf-8")
    return folder


def open_days(folder: Path) -> Path:
    schemas = [name for name in SHOWN if name.startswith("schemas/open_days/")]
    return written(folder, *schemas, "report.yaml", "days.yaml", "opinions.md")


def extended(folder: Path, changes: Mapping[str, Edit] = {}) -> Path:
    """Return a report of the example of 2024 in the form that adds a chapter to it."""
    return sample(folder, {**HOTLINE, **changes}, of="example-2024")


def titles(report: baogao.Report) -> list[str]:
    return [section.title for section in report]


# From nothing


def test_a_form_of_ones_own_needs_yaml_only(tmp_path: Path, run: Run):
    report = open_days(tmp_path / "r")
    ran = run("build", report)

    assert (ran.code, "结论：没有发现问题" in ran.out) == (0, True)
    loaded = baogao.load(report)
    assert titles(loaded) == ["一、活动场次", "二、群众意见"]
    assert loaded.section("opinions").text == "全年接待106人，意见已经整理。"
    assert run("explain", "DAY-001", "--report", report).code == 0


def test_its_rules_find_what_is_wrong(tmp_path: Path):
    report = open_days(tmp_path / "r")
    (report / "days.yaml").write_text(SHOWN["days.yaml"] + "total: {sessions: 3, people: 100}\n", "utf-8")
    (report / "opinions.md").write_text("", "utf-8")

    found = {(finding.rule, finding.path) for finding in baogao.check(baogao.load(report)).findings}
    assert found == {("DAY-001", "days.total.people"), ("DAY-002", "opinions")}


def test_a_chapter_without_a_definition_still_needs_a_plugin(tmp_path: Path, run: Run):
    report = open_days(tmp_path / "r")
    (report / "schemas/open_days/2024/opinions.yaml").unlink()

    assert "PLG-006" in [said.rule for said in run("check", report, "--format", "json").findings]


def test_what_an_official_form_prescribes_comes_from_plugins_only(tmp_path: Path, run: Run):
    own = {"schemas/overview.yaml": "section: overview\ntext: {}\n"}
    ran = run("check", sample(tmp_path, own), "--block", "disclosure.overview", "--format", "json")

    assert "PLG-006" in [said.rule for said in ran.findings]


def test_a_plain_form_of_a_plugin_needs_no_providers(tmp_path: Path):
    plugin = tmp_path / "plugin"
    open_days(plugin)
    report = written(tmp_path / "r", "report.yaml", "days.yaml", "opinions.md", "plugins/open_days.py")
    shutil.copytree(plugin / "schemas", report / "plugins" / "schemas")
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("plugins: {load: [plugins/open_days.py]}\n")
    outcome = baogao.build(report)

    assert outcome.findings == ()
    assert [section.plugin for section in outcome.report] == ["open_days", "open_days"]


def test_a_chapter_of_a_plain_form_is_not_taken_over_in_silence(tmp_path: Path, run: Run):
    plugin = """
from baogao import hookimpl, section

@hookimpl
def section_providers():
    return [section("next_year", forms=("rule_of_law",))]
"""
    report = sample(tmp_path, {"plugins/mine.py": plugin}, of="rule-of-law-2024")
    with (report / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("plugins: {load: [plugins/mine.py]}\n")
    [found] = run("check", report, "--format", "json").findings

    assert (found.rule, found.path) == ("PLG-005", "next_year")
    assert "章节“next_year”：rule_of_law (baogao" in found.words


def test_a_plain_form_may_supply_some_of_its_chapters_itself(tmp_path: Path):
    provider = """

@hookimpl
def section_providers():
    class Opinions:
        id = "opinions"
        forms = ("open_days",)

        def provide(self, source, schema):
            from baogao import Content

            return Content(text="群众没有提出意见。")

    return [Opinions()]
"""
    report = written(tmp_path / "r", "report.yaml", "days.yaml", "plugins/open_days.py")
    open_days(tmp_path)
    shutil.copytree(tmp_path / "schemas", report / "plugins" / "schemas")
    for file, more in (
        ("report.yaml", "plugins: {load: [plugins/open_days.py]}\n"),
        ("plugins/open_days.py", provider),
    ):
        (report / file).write_text((report / file).read_text("utf-8") + more, "utf-8")
    outcome = baogao.check(baogao.load(report))

    assert outcome.findings == ()
    assert outcome.report.section("opinions").text == "群众没有提出意见。"


# On top of another


def test_a_form_may_extend_one_whose_chapters_are_just_their_files(tmp_path: Path):
    changes: dict[str, Edit] = {
        "report.yaml": ("form: rule_of_law", "form: county_law"),
        "schemas/county_law/2019/form.yaml": """
form: county_law
edition: "2019"
extends: rule_of_law/2019
add: [{section: training, after: next_year}]
""",
        "schemas/training.yaml": "section: training\ntitle: 学法\ntext: {}\n",
        "training.md": "全年学法四次。",
    }
    outcome = baogao.check(baogao.load(sample(tmp_path, changes, of="rule-of-law-2024")))

    assert outcome.findings == ()
    assert [section.id for section in outcome.report][-3:] == ["next_year", "training", "remainder"]


def test_a_form_that_extends_another_adds_its_chapter_and_keeps_every_rule(tmp_path: Path):
    outcome = baogao.build(extended(tmp_path))
    plain = baogao.check(baogao.load(EXAMPLE.parent / "example-2024"))
    names = [section.id for section in outcome.report]

    assert outcome.findings == ()
    assert names[names.index("disputes") + 1] == "hotline"
    assert outcome.report.section("hotline").title == "政务热线受理情况"
    assert {*plain.ran, "HOT-001"} <= set(outcome.ran)
    assert len(outcome.artifacts) == 2


def test_the_rules_of_the_extended_form_and_its_own_find_what_is_wrong(tmp_path: Path):
    changes: dict[str, Edit] = {"hotline.yaml": "received: 8\nsolved: 9\n", "problems.md": "无"}
    outcome = baogao.check(baogao.load(extended(tmp_path, changes)))

    found = {(finding.rule, finding.path) for finding in outcome.findings}
    assert found >= {("HOT-001", "hotline.solved.value"), ("STR-004", "problems")}


def test_every_rule_holds_in_a_form_that_extends_another(tmp_path: Path, run: Run):
    ran = run("rules", "test", "--report", extended(tmp_path), "PUB-004", "NAR-001", "DUP-001", "XY-001")

    assert (ran.code, "个例子，0 个不对" in ran.out) == (0, True), ran.out


def test_a_plain_form_of_a_plugin_needs_no_provider_for_the_chapters_it_adds(tmp_path: Path, run: Run):
    changes: dict[str, Edit] = {
        "plugins/county.py": PLAIN,
        f"plugins/{EXTENDING}": SHOWN[EXTENDING],
        "plugins/schemas/hotline.yaml": SHOWN["schemas/hotline.yaml"],
        "hotline.yaml": "received: 8\nsolved: 9\n",
        "report.yaml": ("form: disclosure", "plugins: {load: [plugins/county.py]}\nform: county_disclosure"),
    }
    ran = run("check", sample(tmp_path, changes, of="example-2024"), "--format", "json")

    assert [(said.rule, said.path) for said in ran.findings] == [("HOT-001", "hotline.solved.value")]


def test_last_years_report_may_be_of_the_form_that_is_extended(tmp_path: Path, run: Run):
    ran = run("check", extended(tmp_path), "--previous", EXAMPLE.parent / "example-2023", "--format", "json")

    assert (ran.code, ran.findings) == (0, [])


def test_a_report_may_add_to_what_its_form_adds(tmp_path: Path):
    schema = "section: window\ntitle: 窗口\ntext: {}\n"
    changes: dict[str, Edit] = {
        "schemas/window.yaml": schema,
        "window.md": "窗口运行正常。",
        "report.yaml": ("form: disclosure", "form: county_disclosure\nsections: {window: {after: hotline}}"),
    }
    report = baogao.load(extended(tmp_path, changes))
    names = [section.id for section in report]

    assert names[names.index("hotline") + 1] == "window"
    assert baogao.check(report).findings == ()


def extending(*lines: str, report: Edit = HOTLINE["report.yaml"]) -> Mapping[str, Edit]:
    head = 'form: county_disclosure\nedition: "2021"\n'
    return {EXTENDING: head + "\n".join(lines) + "\n", "report.yaml": report}


OTHER = "schemas/other/1/form.yaml"
FAULTS: Mapping[str, tuple[Mapping[str, Edit], str]] = {
    "chapters dropped": (
        extending("extends: disclosure/2021", f"chapters: {MARK}[{{section: overview, title: 一、总体情况}}]"),
        "规定的章不能去掉",
    ),
    "an edition there is not": (extending(f"extends: {MARK}disclosure/2099"), "没有“disclosure/2099”可以扩展"),
    "a form there is not": (
        extending(f"extends: {MARK}disclosures/2021"),
        "是否想写“disclosure/2021”？；现有：county_disclosure/2021、disclosure/2019、disclosure/2021、",
    ),
    "no edition": (extending(f"extends: {MARK}disclosure"), "“disclosure”应写成 种类/版本，如 disclosure/2021"),
    "on both sides": (
        extending("extends: disclosure/2021", f"add: [{{section: hotline, after: {MARK}disputes, before: others}}]"),
        "“add 第 1 项的 after”不能和 before 写在一起",
    ),
    "itself": (extending(f"extends: {MARK}county_disclosure/2021"), "extends 绕了回来"),
    "a loop": (
        {
            **extending("extends: other/1"),
            OTHER: f'form: other\nedition: "1"\nextends: {MARK}county_disclosure/2021\n',
        },
        "county_disclosure/2021 → other/1 → county_disclosure/2021",
    ),
    "a chapter there is": (
        extending("extends: disclosure/2021", f"add: [{{section: {MARK}problems, after: disputes}}]"),
        "“problems”已经有了",
    ),
    "beside a chapter there is not": (
        extending("extends: disclosure/2021", f"add: [{MARK}{{section: hotline, after: dispute}}]"),
        "是否想写“disputes”",
    ),
    "nowhere": (
        extending("extends: disclosure/2021", f"add: [{MARK}{{section: hotline}}]"),
        "要写 after 或 before，放在已有的一章旁边\n",
    ),
    "another type of cell": (
        extending("extends: disclosure/2021", f"cells: {{count: {MARK}{{type: string}}}}"),
        "单元格类型“count”是规定的",
    ),
    "added to nothing": (
        extending(
            *("years: {from: 2021}", "title: 报告", "heading: 报告", "chapters: [{section: hotline}]"),
            f"add: {MARK}[{{section: window, after: hotline}}]",
        ),
        "add 要和 extends 写在一起",
    ),
    "neither whole nor extending": ({**extending("title: 报告"), OTHER: ""}, "缺少“chapters”"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_mistake_in_an_extending_form_is_named_with_its_place(tmp_path: Path, run: Run, name: str):
    changes, words = FAULTS[name]
    report = extended(tmp_path, changes)
    place = marked_place(report)
    ran = run("check", report)

    assert (ran.code, words in ran.err, place in ran.err) == (2, True, True), ran.err


def test_a_chapter_that_the_form_adds_cannot_be_moved_by_the_report(tmp_path: Path, run: Run):
    moved = ("form: disclosure", "form: county_disclosure\nsections: {hotline: {after: overview}}")
    ran = run("check", extended(tmp_path, {"report.yaml": moved}), "--format", "json")

    assert [said.rule for said in ran.findings] == ["SRC-008"]


def test_its_chapters_and_rules_are_asked_for_with_the_report(tmp_path: Path, run: Run):
    report = extended(tmp_path)
    asked = run("template", "new", "hotline", tmp_path / "hotline.docx")
    explained = run("explain", "HOT-001")

    assert (asked.code, "报告自己的章，加 --report 报告文件夹" in asked.err) == (2, True)
    assert (explained.code, "报告自己的规则，加 --report 报告文件夹" in explained.err) == (2, True)
    assert run("template", "new", report / "templates" / "hotline.docx").code == 0
    assert run("check", report).code == 0


# One section in two forms


def test_one_section_serves_two_forms(tmp_path: Path):
    """Use the section of one plugin in the official form and in one of ones own."""
    shared: dict[str, Edit] = {
        "plugins/hot.py": PROVIDER,
        "plugins/schemas/hotline.yaml": SHOWN["schemas/hotline.yaml"],
        "hotline.yaml": "received: 8\nsolved: 9\n",
    }
    official = sample(
        tmp_path / "official",
        {
            **shared,
            "report.yaml": (
                "outputs:",
                "plugins: {load: [plugins/hot.py]}\nsections: {hotline: {after: others}}\noutputs:",
            ),
        },
    )
    own = open_days(tmp_path / "own")
    for name, text in shared.items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_text(str(text), "utf-8")
    form = own / "schemas/open_days/2024/form.yaml"
    form.write_text(form.read_text("utf-8") + "- {section: hotline, title: 三、政务热线}\n", "utf-8")
    with (own / "report.yaml").open("a", encoding="utf-8") as file:
        file.write("plugins: {load: [plugins/hot.py]}\n")

    for folder in (official, own):
        outcome = baogao.check(baogao.load(folder))
        assert [(finding.rule, finding.path) for finding in outcome.findings] == [("HOT-001", "hotline.solved.value")]
