"""The harness for plugins: it says what is wrong with a plugin, tries reports, and leaves other projects alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from baogao import InputError
from baogao.testing import cases_of, try_report
from contracts.documents import DOCS, blocks
from reports import EXAMPLE, sample, with_path

ROOT = Path(__file__).parents[2]
FEES = ROOT / "examples" / "dept" / "luolong-fees"
HEAVY = ("baogao", "jinja2", "docx", "lxml", "cerberus", "click", "yaml")

RULE = """
@rule("TRY-001", title="有申请", basis="例子", hint="核对", examples=(
    {"passes": True},
    {"set": {"requests.new_received.other": 1, "requests.disclosed.other": 1}, "paths": ["requests"]},
))
def found(report, options):
    "有了申请就报告。"
    if report.cell("requests.new_received.total").value:
        yield report.finding("requests", "有申请")
"""
PLUGIN = f"""
from baogao import hookimpl, rule, section
{RULE}
@hookimpl
def section_providers():
    return [section("visits", forms=("disclosure",))]
@hookimpl
def validation_rules():
    return [found]
"""
SCHEMA = """
section: visits
title: 来访
cell: count
text: {}
corner: 对象
columns: [{id: people, label: 人次}]
rows: [{id: residents, label: 居民}]
"""


def installed(folder: Path, code: str = PLUGIN, **files: str) -> Path:
    """Make a folder in which a plugin `trial` is installed."""
    (folder / "trial.py").write_text(code, "utf-8")
    info = folder / "trial-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: trial\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[baogao]\ntrial = trial\n", "utf-8")
    for name, text in {"schemas/visits.yaml": SCHEMA, **files}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def pytest_in(folder: Path, *words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, as a project of its own."""
    own = {name: value for name, value in with_path(path or folder).items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "-q", *words]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, encoding="utf-8", check=False)


WHOLE = 'import pytest\n\n\n@pytest.mark.baogao("trial")\ndef test_the_plugin(baogao_case):\n    baogao_case()\n'


def names(said: str, verdict: str) -> list[str]:
    marks = (line.split("[")[1].split("]")[0] for line in said.splitlines() if f" {verdict}" in line and "[" in line)
    return list(marks)


# The cases of a plugin


def test_a_whole_plugin_is_tested_in_five_lines(tmp_path: Path):
    (installed(tmp_path) / "test_trial.py").write_text(WHOLE, "utf-8")
    ran = pytest_in(tmp_path, "-vv", "--strict-markers", "-W", "error")

    assert ran.returncode == 0, ran.stdout
    assert names(ran.stdout, "PASSED") == [
        "loads",
        "visits-disclosure-2019",
        "visits-disclosure-2021",
        "templates",
        "rules-have-examples",
        "TRY-001-2019-1",
        "TRY-001-2019-2",
        "TRY-001-2021-1",
        "TRY-001-2021-2",
    ]


@pytest.mark.parametrize(
    ("old", "new", "failed", "said"),
    [
        ("\nfrom baogao", "\nimport nowhere\nfrom baogao", ["loads"], "No module named 'nowhere'"),
        (
            '"paths": ["requests"]',
            '"paths": ["overview"]',
            ["TRY-001-2019-2", "TRY-001-2021-2"],
            "应在 overview 报告，实际在 requests 报告",
        ),
        ('    {"passes": True},\n', "", ["rules-have-examples"], "规则 TRY-001 的例子不全"),
        (
            'section("visits", forms=("disclosure",))',
            'section("visitors", forms=("disclosure",))',
            ["visitors-disclosure-2019", "visitors-disclosure-2021"],
            "找不到章节“visitors”的定义",
        ),
    ],
    ids=["import", "example", "no example", "no definition"],
)
def test_what_is_wrong_with_a_plugin_fails_where_it_is(
    tmp_path: Path, old: str, new: str, failed: list[str], said: str
):
    (installed(tmp_path, PLUGIN.replace(old, new)) / "test_trial.py").write_text(WHOLE, "utf-8")
    ran = pytest_in(tmp_path, "-vv")

    assert (ran.returncode, said in ran.stdout) == (1, True), ran.stdout
    assert names(ran.stdout, "FAILED")[: len(failed)] == failed, ran.stdout


def test_a_definition_that_is_wrong_fails_with_its_place(tmp_path: Path):
    folder = installed(tmp_path, **{"schemas/visits.yaml": "section: visits\ncolums: 3\n"})
    (folder / "test_trial.py").write_text(WHOLE, "utf-8")
    ran = pytest_in(tmp_path, "-vv")

    assert names(ran.stdout, "FAILED") == ["visits-disclosure-2019", "visits-disclosure-2021"], ran.stdout
    assert "schemas/visits.yaml:2:9: SRC-010" in ran.stdout


def test_a_rule_of_a_definition_that_is_wrong_fails_with_its_place(tmp_path: Path):
    wrong = "rules:\n- id: TRY-002\n  title: 一\n  each: row\n  assert: people >= poeple\n"
    folder = installed(tmp_path, **{"schemas/visits.yaml": SCHEMA + wrong})
    (folder / "test_trial.py").write_text(WHOLE, "utf-8")
    ran = pytest_in(tmp_path, "-vv")

    assert names(ran.stdout, "FAILED") == ["rules-have-examples"], ran.stdout
    assert "schemas/visits.yaml:13:11: PLG-008" in ran.stdout


def test_the_chapters_of_a_plain_form_are_cases_too(tmp_path: Path):
    code = (
        "from baogao import Form, hookimpl\n@hookimpl\ndef report_forms():\n    return [Form('county', plain=True)]\n"
    )
    form = 'form: county\nedition: "2021"\nextends: disclosure/2021\nadd:\n- {section: visits, after: disputes}\n'
    folder = installed(tmp_path, code)
    (folder / "schemas/county/2021").mkdir(parents=True)
    (folder / "schemas/county/2021/form.yaml").write_text(form, "utf-8")
    (folder / "test_trial.py").write_text(WHOLE, "utf-8")
    ran = pytest_in(tmp_path, "-vv")

    assert ran.returncode == 0, ran.stdout
    assert "visits-county-2021" in names(ran.stdout, "PASSED")


def test_a_template_that_leaves_out_a_figure_fails(tmp_path: Path):
    fragment = "<h2>{{ section.title }}</h2>\n{{ section.body }}\n<table id='visits'></table>\n"
    folder = installed(tmp_path, **{"templates/visits.html": fragment})
    (folder / "test_trial.py").write_text(WHOLE, "utf-8")
    ran = pytest_in(tmp_path, "-vv")

    assert ran.returncode == 1
    assert "visits-disclosure-2021" in names(ran.stdout, "FAILED")
    assert "OUT-001 visits.residents.people" in ran.stdout


def test_a_plugin_that_is_not_there_is_one_case_that_says_so():
    [case] = cases_of("disclosur")

    assert case.name == "loads"
    with pytest.raises(AssertionError, match="没有名为“disclosur”的插件"):
        case()


def test_a_test_without_the_mark_is_told_how_to_write_it(tmp_path: Path):
    (tmp_path / "test_x.py").write_text("def test_the_plugin(baogao_case):\n    baogao_case()\n", "utf-8")
    ran = pytest_in(tmp_path)

    assert ran.returncode != 0
    assert '要写 @pytest.mark.baogao("插件的名字")' in ran.stdout


# Trying a report


def test_a_report_without_changes_has_no_findings_and_prints_in_both_formats():
    tried = try_report()

    assert tried.found == []
    assert tried.report.year == 2024
    for output in ("docx", "html"):
        printed = tried.printed(output)
        assert printed["requests.new_received.total"] == "0"
        assert printed[""] == "示例县统计局2024年政府信息公开工作年度报告"


def test_changes_are_those_of_the_examples_of_rules():
    tried = try_report(set={"requests.new_received.other": 1}, unit={"name": "某某局"}, text={"problems": "无。"})

    assert tried.report.unit.name == "某某局"
    assert ("T3-001", "requests.total_handled.other") in tried.found
    assert tried.printed("html")["problems#1"] == "无。"


def test_a_dictionary_goes_over_the_sample_as_report_yaml_would(tmp_path: Path):
    score = {"sections": {"visits": {"data": {"residents": {"people": 1.5}}}}}
    folder = installed(tmp_path, **{"schemas/visits.yaml": SCHEMA.replace("cell: count", "cell: money_10k")})
    [cell] = try_report(score, plugins=[folder / "trial.py"]).report.section("visits").tables[0].cells.values()
    assert cell.text() == "1.5"

    tried = try_report(
        {
            "year": 2020,
            "date": date(2021, 1, 20),
            "unit": {"short_names": ("我局",), "powers": {"fees": True}},
            "sections": {"proactive": {"data": {}}, "overview": {"text": "一\n二"}},
        }
    )

    assert (tried.report.edition, tried.report.unit.powers["fees"]) == ("2019", True)
    assert "TAB-001" in {rule for rule, path in tried.found if path.startswith("proactive.")}
    assert tried.printed("docx")["overview#2"] == "二"


def test_a_chapter_that_is_added_for_its_cells_brings_nothing_it_has_no_place_for(tmp_path: Path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/visits.yaml").write_text(SCHEMA.replace("text: {}\n", ""), "utf-8")
    (tmp_path / "trial.py").write_text(PLUGIN, "utf-8")
    tried = try_report(set={"visits.residents.people": 3}, plugins=[tmp_path / "trial.py"])

    assert (tried.found, tried.printed("docx")["visits.residents.people"]) == ([], "3")


def test_a_folder_is_read_as_it_stands_with_last_year_s_report(tmp_path: Path):
    last = sample(tmp_path, {"report.yaml": ("year: 2020", "year: 2019")})
    tried = try_report(EXAMPLE, previous=last)

    assert tried.report.previous is not None
    assert tried.report.previous.year == 2019
    with pytest.raises(ValueError, match="照原样读，不能再改"):
        try_report(EXAMPLE, set={"requests.new_received.other": 1})


def test_last_year_s_report_is_of_the_year_before_where_nothing_else_is_said():
    last = {
        "sections": {"overview": {"text": "上一年的情况。"}, "problems": {"text": "上一年的问题。\n上一年的改进。"}}
    }
    tried = try_report(previous=last)

    assert tried.report.previous is not None
    assert tried.report.previous.year == 2023
    assert tried.found == []
    assert try_report(previous={}).found == [("DUP-001", "overview"), ("DUP-003", "problems")]


def test_a_plugin_nobody_installed_is_tried_from_its_file(tmp_path: Path):
    folder = installed(tmp_path)
    tried = try_report(plugins=[folder / "trial.py"], set={"visits.residents.people": 7}, text={"visits": "有人来。"})

    assert tried.text("docx", "visits").splitlines() == [
        "visits  七、来访",
        "visits#1  有人来。",
        "visits.residents.people  7",
    ]


def test_a_change_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match=r"例子里没有“requests\.new_receved\.other”这一格"):
        try_report(set={"requests.new_receved.other": 1})
    with pytest.raises(ValueError, match="例子里没有“feees”这一章"):
        try_report(text={"feees": "无。"})
    with pytest.raises(InputError, match="没有名为“disclosur”的报告种类"):
        try_report({"form": "disclosur"})


def test_an_output_that_cannot_be_made_says_why():
    with pytest.raises(AssertionError, match="输出“odt”没有做好"):
        try_report().printed("odt")


def test_a_profile_is_an_output_of_its_own():
    entry = {"renderer": "docx", "profile": "filing", "number": "某统〔2025〕1号", "to": "某某办公室"}
    tried = try_report({"outputs": [entry]})

    assert tried.artifact("docx/filing").file_name.endswith("（报送件）.docx")


def test_a_report_with_errors_is_printed_as_a_draft():
    tried = try_report(set={"requests.new_received.other": None})

    assert ("TAB-001", "requests.new_received.other") in tried.found
    assert tried.printed("html")["requests.new_received.other"] == "【待填】"


# Golden files


GOLDEN = """
from baogao.testing import try_report

def test_it(baogao_golden):
    baogao_golden(try_report(unit={"name": "某某局"}).text("html", "others"), "others.txt")
"""


def test_a_golden_file_is_written_when_asked_and_compared_ever_after(tmp_path: Path):
    (tmp_path / "test_golden.py").write_text(GOLDEN, "utf-8")
    missing, written, same = (pytest_in(tmp_path, *words) for words in ((), ("--baogao-golden",), ()))
    golden = tmp_path / "golden" / "others.txt"

    assert [ran.returncode for ran in (missing, written, same)] == [1, 0, 0]
    assert "用 pytest --baogao-golden 写下它" in missing.stdout
    golden.write_text(golden.read_text("utf-8").replace("六、", "七、"), "utf-8")
    changed = pytest_in(tmp_path)
    assert changed.returncode == 1
    assert "-others  七、其他需要报告的事项" in changed.stdout
    assert "+others  六、其他需要报告的事项" in changed.stdout


def test_the_bytes_of_a_file_are_no_golden_text(tmp_path: Path):
    code = "def test_it(baogao_golden):\n    baogao_golden(b'PK', 'x.txt')\n"
    (tmp_path / "test_golden.py").write_text(code, "utf-8")

    assert "比较文字，不比较 bytes" in pytest_in(tmp_path).stdout


# Other projects


def test_pytest_of_another_project_loads_nothing_heavy_and_changes_nothing(tmp_path: Path):
    code = (
        f"import json, sys\n\ndef test_it():\n    loaded = set({HEAVY!r}) & set(sys.modules)\n    assert not loaded\n"
    )
    (tmp_path / "test_other.py").write_text(code, "utf-8")
    ran = pytest_in(tmp_path, "--strict-markers", "-W", "error")

    assert (ran.returncode, "1 passed" in ran.stdout) == (0, True), ran.stdout


def test_the_plugin_gives_just_what_is_documented(tmp_path: Path):
    said = pytest_in(tmp_path, "--fixtures", "-v").stdout + pytest_in(tmp_path, "--help").stdout
    text = (DOCS / "testing.md").read_text("utf-8")

    for name in ("baogao_golden", "--baogao-golden"):
        assert name in said
        assert f"`{name}" in text or f"pytest {name}" in text or f"({name})" in text


def test_every_name_of_the_harness_is_documented():
    from baogao import testing

    text = (DOCS / "testing.md").read_text("utf-8")
    members = [name for name in vars(testing.TriedReport) if not name.startswith("_") and name != "opened"]

    assert [name for name in (*testing.__all__, *members) if f"`{name}" not in text] == []


# The examples of docs/testing.md


def test_the_examples_of_the_document_run(tmp_path: Path):
    folder = tmp_path / "tests"
    folder.mkdir()
    for number, block in enumerate(blocks("python", DOCS / "testing.md")):
        (folder / f"test_{number}.py").write_text(block.code, "utf-8")
    site = tmp_path / "site"
    site.mkdir()
    (site / "luolong_fees").symlink_to(FEES / "luolong_fees")
    info = site / "luolong_fees-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: luolong-fees\nVersion: 0.1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[baogao]\nluolong_fees = luolong_fees\n", "utf-8")
    ran = pytest_in(folder, "--baogao-golden", path=site)

    assert ran.returncode == 0, ran.stdout
    assert json.dumps(sorted(path.name for path in (folder / "golden").iterdir())) == '["fees.txt"]'
