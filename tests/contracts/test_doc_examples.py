"""What the documents show is true: code compiles, YAML parses and fits, examples run, links lead somewhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

import baogao
from baogao.definitions.checking import load_shape
from baogao.definitions.schemas import cell_types, read_schema
from baogao.files.yaml import parse_yaml
from baogao.hooks.loading import BLOCK_VARIABLE, Selection, load_plugins
from baogao.hooks.registry import open_registry
from baogao.pipeline import check, open_report
from baogao.proving import prove_rules
from baogao.rules.declarative import read_rules
from contracts.documents import DOCS, DOCUMENTS, ROOT, CodeBlock, blocks, text_of
from reports import EXAMPLE, Run, change, sample, with_path

HOOKS = DOCS / "hooks.md"
README = ROOT / "README.md"


# Blocks


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_compiles(block: CodeBlock):
    compile(block.code, str(block), "exec")


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_parses(block: CodeBlock):
    json.loads(block.code)


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_yaml_is_read_without_a_complaint(block: CodeBlock):
    assert parse_yaml(block.code, str(block)).problems == ()


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if block.name], ids=str)
def test_yaml_of_a_named_file_has_the_shape_of_that_file(block: CodeBlock):
    document = parse_yaml(block.code, str(block))
    name = Path(block.name)

    if name.name == "report.yaml":
        assert load_shape("report").faults(document.data) == ()
    elif name.name == "form.yaml":
        assert load_shape("form").faults(document.data) == ()
    elif name.name.endswith(".rules.yaml"):
        assert read_rules(document, load_shape("rules")).problems == ()
    elif name.parts[0] == "schemas":
        form = next(block for block in blocks("yaml", DOCS / "schemas.md") if block.name.endswith("form.yaml"))
        known = {**parse_yaml(form.code, "").data["cells"], "money_10k": {"type": "decimal"}}
        schema = read_schema(document, cell_types(known), load_shape("section"))
        assert schema.problems == ()
        with_rules = parse_yaml(block.code if "\nrules:" in block.code else "rules: []", str(block))
        assert read_rules(with_rules, load_shape("rules"), schema.table).problems == ()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path):
    links = [unquote(link) for link in re.findall(r"\]\(([^)\s]+)\)", text_of(path)) if "://" not in link]
    dead = [link for link in links if not _leads_somewhere(path, link)]

    assert dead == []


def _leads_somewhere(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(path: Path) -> set[str]:
    """Return the anchors that headings get: lower case, blanks as hyphens, punctuation dropped."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# The examples of docs/hooks.md


def written(report: Path, *names: str) -> None:
    """Write the files that docs/hooks.md shows into a report folder."""
    shown = {block.name: block.code for kind in ("python", "yaml", "markdown") for block in blocks(kind, HOOKS)}
    for name in names:
        (report / name).parent.mkdir(exist_ok=True)
        (report / name).write_text(shown[name].partition("-->\n")[2] or shown[name], encoding="utf-8")


def appended(report: Path, *lines: str) -> None:
    path = report / "report.yaml"
    path.write_text("\n".join((path.read_text("utf-8"), *lines)), encoding="utf-8")


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """Return the example report with the chapter that docs/hooks.md adds."""
    report = sample(tmp_path)
    written(report, "plugins/training.py", "schemas/training.yaml", "training.yaml", "training.md")
    shown = next(block for block in blocks("yaml", HOOKS) if block.code.startswith("sections: "))
    appended(report, shown.code)
    return report


def test_the_complete_plugin_adds_its_chapter(training: Path):
    outcome = baogao.build(training)

    assert outcome.findings == ()
    section = outcome.report.section("training")
    assert section is not None
    assert (section.title, section.text) == ("七、政务公开培训情况", "本年举办培训3场，参加52人次。")
    assert [path.suffix for path in outcome.written] == [".docx", ".html"]


def test_the_rule_of_the_complete_plugin_finds_what_it_says(training: Path):
    change(training, "training.yaml", "people: 12", "people: 0")
    change(training, "training.yaml", "people: 40", "people: 0")
    found = baogao.check(baogao.load(training)).findings

    assert [(finding.rule, finding.severity, finding.path) for finding in found] == [
        ("TRN-001", "warning", "training.total.people")
    ]


def test_the_renderer_is_read_back_and_written(tmp_path: Path):
    report = sample(tmp_path, {"report.yaml": ("outputs: [docx, html]", "outputs: [docx, html, csv]")})
    written(report, "plugins/csv_out.py")
    appended(report, "plugins: {load: [plugins/csv_out.py]}")
    outcome = baogao.build(report)

    assert outcome.findings == ()
    (made,) = [path for path in outcome.written if path.suffix == ".csv"]
    assert b"\r\nrequests.new_received.total,2\r\n" in made.read_bytes()


def test_the_reader_gives_the_same_report(training: Path):
    expected = baogao.load(training).cells()
    (training / "training.yaml").unlink()
    (training / "training.csv").write_text(",sessions,people\nleaders,1,12\nstaff,2,40\n", encoding="utf-8-sig")
    written(training, "plugins/csv_in.py")
    change(training, "report.yaml", "[plugins/training.py]", "[plugins/training.py, plugins/csv_in.py]")
    outcome = baogao.check(baogao.load(training))

    assert outcome.findings == ()
    assert outcome.report.cells() == expected


def test_the_cell_type_with_a_check_of_its_own_says_why(training: Path):
    written(training, "plugins/open_days.py")
    change(training, "report.yaml", "[plugins/training.py]", "[plugins/training.py, plugins/open_days.py]")
    change(
        training,
        "schemas/training.yaml",
        "label: 参加人次}",
        "label: 参加人次}\n- {id: day, label: 开放日, cell: saturday}",
    )
    change(training, "schemas/training.yaml", 'computed: "sum(leaders, staff)", rule: TRN-002', "optional: true")
    for day, words in (
        ("2020-11-21", None),
        ("2020-11-22", "开放日应是星期六，2020-11-22 不是"),
        ("11月", "应写成 2020-11-21 这样"),
    ):
        text = (
            f"leaders: {{sessions: 1, people: 12, day: {day}}}\nstaff: {{sessions: 2, people: 40, day: 2020-11-28}}\n"
        )
        (training / "training.yaml").write_text(text, encoding="utf-8")
        found = [
            finding
            for finding in baogao.check(baogao.load(training)).findings
            if finding.path == "training.leaders.day"
        ]
        assert [(finding.rule, words in finding.message) for finding in found] == ([("TAB-002", True)] if words else [])


def test_the_command_runs_and_is_listed(tmp_path: Path):
    [code] = [block.code for block in blocks("python", HOOKS) if block.name == "luolong_titles.py"]
    [project] = [block.code for block in blocks("toml", HOOKS) if "baogao.commands" in block.code]
    (tmp_path / "luolong_titles.py").write_text(code, encoding="utf-8")
    information = tmp_path / "luolong_titles-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: luolong-titles\nVersion: 1.0\n", "utf-8")
    (information / "entry_points.txt").write_text(
        project.replace('project.entry-points."', "").replace('"', ""), "utf-8"
    )
    command = [sys.executable, "-m", "baogao"]
    ran, helped = (
        subprocess.run([*command, *words], capture_output=True, text=True, env=with_path(tmp_path), check=True).stdout
        for words in (("titles", str(EXAMPLE)), ("--help",))
    )

    assert ran.splitlines()[1] == "一、总体情况"
    assert "来自插件 luolong-titles" in helped


def test_the_rule_on_artifacts_runs(tmp_path: Path):
    report = sample(tmp_path)
    written(report, "plugins/size.py")
    change(report, "plugins/size.py", "5_000_000", "5_000")
    appended(report, "plugins: {load: [plugins/size.py]}")
    outcome = baogao.build(report)

    assert [(finding.rule, finding.severity) for finding in outcome.findings] == [("SIZ-001", "warning")]
    assert len(outcome.written) == 2


def test_a_wheel_made_as_shown_holds_the_definitions_and_templates(tmp_path: Path):
    [shown] = [block for block in blocks("toml", HOOKS) if "build-system" in block.code]
    shutil.copytree(ROOT / "examples/dept/luolong-fees/luolong_fees", tmp_path / "luolong_fees")
    (tmp_path / "pyproject.toml").write_text(shown.code, "utf-8")
    backend = tomllib.loads(shown.code)["build-system"]["build-backend"]
    code = f"from {backend} import build_wheel; build_wheel('.')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")

    names = {name.partition("/")[2] for name in zipfile.ZipFile(wheel).namelist()}
    assert {"__init__.py", "schemas/fees.yaml", "templates/fees.docx", "templates/fees.html"} <= names


# The examples of docs/own-rules.md, docs/numbers.md, docs/waivers.md and docs/editors.md


def strangers() -> frozenset[str]:
    """Return the installed plugins that are not ours: what is documented must not depend on them."""
    return frozenset(plugin.name for plugin in load_plugins(Selection()) if plugin.origin != "bundled")


def shown(document: str, name: str) -> str:
    """Return the block that a document shows as a file of this name."""
    [block] = [
        block for kind in ("python", "yaml", "json") for block in blocks(kind, DOCS / document) if block.name == name
    ]
    return block.code


def found_in(report: Path, **more: Path) -> list[tuple[str, str, str]]:
    opened = open_report(report, **more)
    return [(finding.rule, finding.severity.value, finding.path) for finding in check(opened).findings]


def test_the_rules_in_yaml_find_what_they_say(tmp_path: Path):
    last = sample(tmp_path / "last", {"report.yaml": ("year: 2020", "year: 2019"), "overview.md": "另一年的情况。"})
    report = sample(tmp_path, {"schemas/own.rules.yaml": shown("own-rules.md", "schemas/own.rules.yaml")})
    assert [rule for rule, _, _ in found_in(report) if rule.startswith("OWN")] == []

    for row in ("new_received", "carried_forward"):
        line = next(line for line in text_of(report / "requests.yaml").splitlines() if line.startswith(f"{row}:"))
        change(report, "requests.yaml", line, f"{row}: {{natural_person: 12, {ZEROES}}}")
    (report / "problems.md").write_text("有的信息更新不够及时，原因是人手不足，已经改正。", "utf-8")
    own = [(rule, level, path) for rule, level, path in found_in(report, previous=last) if rule.startswith("OWN")]
    assert own == [
        ("OWN-003", "warning", "requests.new_received.total"),
        ("OWN-002", "info", "requests.disclosed.total"),
        ("OWN-001", "warning", "requests.carried_forward.total"),
        ("OWN-004", "warning", "problems"),
    ]


ZEROES = "business: 0, research_institution: 0, public_interest: 0, legal_service: 0, other: 0"


def test_the_rule_in_python_is_proven_by_its_examples_and_reads_its_option(tmp_path: Path):
    plugin = tmp_path / "own_rules.py"
    plugin.write_text(shown("own-rules.md", "plugins/own_rules.py"), encoding="utf-8")
    selection = Selection(local=(plugin,))
    proofs = [proof for proof in prove_rules(open_registry(selection), selection) if proof.rule.id == "OWN-101"]
    assert [(proof.edition, proof.wrong) for proof in proofs] == [
        (year, None) for year in ("2019", "2019", "2021", "2021")
    ]

    report = sample(tmp_path, {"plugins/own_rules.py": plugin.read_text("utf-8")})
    appended(report, "plugins: {load: [plugins/own_rules.py]}", "rules: {OWN-101: {word: 回复}}")
    assert found_in(report) == [("OWN-101", "warning", "overview")]


def test_the_cell_type_is_judged_by_its_rules(training: Path):
    (training / "plugins" / "percent.py").write_text(shown("own-rules.md", "plugins/percent.py"), encoding="utf-8")
    change(training, "report.yaml", "[plugins/training.py]", "[plugins/training.py, plugins/percent.py]")
    change(training, "schemas/training.yaml", "label: 参加人次", "label: 参加率, cell: percent")
    for value, findings in (("99.25", []), ("120", ["TAB-002"]), ("99.125", ["TAB-002"])):
        text = f"leaders: {{sessions: 1, people: {value}}}\nstaff: {{sessions: 2, people: 0.5}}\n"
        (training / "training.yaml").write_text(text, encoding="utf-8")
        assert [rule for rule, _, path in found_in(training) if path == "training.leaders.people"] == findings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("接待群众7人次。", [("NAR-002", "warning", "visits")]),
        ("接待来访二十人次。", []),
        ("接待来访21人次。", [("NAR-002", "warning", "visits")]),
        ("接待预约21人次。", []),
        ("其中接待3人次。", []),
        ("没有接待。", [("NAR-005", "warning", "visits")]),
        ("接待{{ visits.everybody.people }}人次。", []),
    ],
)
def test_the_patterns_of_numbers_know_what_they_say(tmp_path: Path, text: str, found: list[tuple[str, str, str]]):
    plugin = written_section("visits")
    report = sample(
        tmp_path,
        {
            "plugins/visits.py": plugin,
            "schemas/visits.yaml": shown("numbers.md", "schemas/visits.yaml"),
            "visits.yaml": "residents: {people: 15}\npupils: {people: 5}\n",
            "visits.md": text,
        },
    )
    appended(report, "plugins: {load: [plugins/visits.py]}", "sections: {visits: {after: others}}")

    assert found_in(report) == found


def written_section(name: str) -> str:
    provider = f"@hookimpl\ndef section_providers():\n    return [section({name!r})]\n"
    return f"from baogao import hookimpl, section\n\n\n{provider}"


def test_the_waiver_that_is_shown_works(tmp_path: Path):
    rows = {name: f"{name}:" for name in ("carried_over", "carried_forward")}
    last = sample(tmp_path / "last", {"report.yaml": ("year: 2020", "year: 2019")})
    report = sample(tmp_path, {"waivers.yaml": shown("waivers.md", "waivers.yaml")})
    for folder, row, count in ((last, "carried_forward", 1), (report, "carried_over", 3)):
        line = next(line for line in text_of(folder / "requests.yaml").splitlines() if line.startswith(rows[row]))
        change(folder, "requests.yaml", line, f"{row}: {{natural_person: {count}, {ZEROES}}}")
    found = check(open_report(report, previous=last)).findings

    assert [finding.rule for finding in found if finding.waived] == ["XY-001"]
    assert not [finding for finding in found if finding.rule.startswith("WVR")]


def test_the_settings_of_the_editor_are_those_that_are_printed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(BLOCK_VARIABLE, ",".join(strangers()))
    monkeypatch.chdir(tmp_path)
    printed = run("schema", "export", "-o", "json-schema").json
    [settings] = blocks("json", DOCS / "editors.md")
    [table] = blocks("yaml", DOCS / "editors.md")
    named = table.code.partition("$schema=../")[2].partition("\n")[0]

    assert json.loads(settings.code) == printed
    assert (tmp_path / named).is_file()


# README.md


def shown_runs() -> list[tuple[str, list[str]]]:
    """Return each run that the README shows: the command, and the lines it prints."""
    runs = (block.code.splitlines() for block in blocks("console", README))
    return [(lines[0].removeprefix("$ baogao "), lines[1:]) for lines in runs]


def missing(shown: list[str], printed: str) -> list[str]:
    """Return the lines that were not printed; the size of a file is not shown."""
    lines = {re.sub(r"（\d+ KB）$", "", line) for line in printed.splitlines()}
    return [line for line in shown if line not in lines]


def test_the_readme_shows_the_runs_that_are_tested_here():
    assert [command.split()[0] for command, _ in shown_runs()] == ["build", "new", "check", "build", *["check"] * 3]


def test_the_main_job_prints_what_the_readme_shows(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    command, shown = shown_runs()[0]
    report = sample(tmp_path)
    (tmp_path / "examples").mkdir()
    report.rename(tmp_path / "examples" / "luolong-2020")
    monkeypatch.chdir(tmp_path)
    said = run(*command.split())

    assert (said.code, missing(shown, said.out + said.err)) == (0, [])


def test_a_first_report_goes_as_the_readme_shows(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _, new, check, build, *_ = shown_runs()
    monkeypatch.chdir(tmp_path)
    said = run(*new[0].split())
    assert (said.code, missing(new[1], said.out + said.err)) == (0, [])
    said = run(*check[0].split())
    assert (said.code, missing(check[1], said.out + said.err)) == (1, [])

    _fill(tmp_path / "我的报告")
    said = run(*build[0].split())
    assert (said.code, missing(build[1], said.out + said.err)) == (0, [])


def _fill(report: Path) -> None:
    """Fill in a new report as the README tells its reader to."""
    change(report, "report.yaml", "date: ", "date: 2021-01-20")
    for key in ("address", "postcode", "phone", "website"):
        change(report, "report.yaml", f"  #{key}:", f"  {key}:")
    for path in report.glob("*.yaml"):
        path.write_text(re.sub(r"^(  [a-z_]+:) +#", r"\1 0 #", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    for path in report.glob("*.md"):
        path.write_text(path.read_text("utf-8").replace("【待填】", "工作有序开展，情况良好。"), "utf-8")
    for text in (block for block in blocks("markdown", README) if block.name):
        (report / text.name).write_text(text.code.partition("-->\n")[2], "utf-8")
    shown = next(block for block in blocks("yaml", README) if block.name == "requests.yaml")
    row = "\n".join(shown.code.splitlines()[2:])
    drawn = re.compile(r"new_received:\n(?:  .*\n)+")
    text = drawn.sub(f"{row}\n", (report / "requests.yaml").read_text("utf-8"), count=1)
    (report / "requests.yaml").write_text(
        text.replace("\ndisclosed:\n  natural_person: 0", "\ndisclosed:\n  natural_person: 2"), "utf-8"
    )


def test_a_sum_that_does_not_add_up_is_said_as_the_readme_shows(run: Run, tmp_path: Path):
    rows = "carried_over:                           {natural_person: "
    said = run("check", sample(tmp_path, {"requests.yaml": (f"{rows}0", f"{rows}3")}))

    assert (said.code, missing(shown_runs()[4][1], said.out)) == (1, [])


def test_a_full_width_digit_and_a_blank_are_said_as_the_readme_shows(run: Run, tmp_path: Path):
    row = "new_received:                           {natural_person: "
    said = run("check", sample(tmp_path, {"requests.yaml": (f"{row}2, business: 0", f"{row}２, business: ")}))

    assert (said.code, missing(shown_runs()[5][1], said.out)) == (1, [])


def test_a_full_width_colon_is_said_as_the_readme_shows(run: Run, tmp_path: Path):
    said = run("check", sample(tmp_path, {"report.yaml": ("year: 2020", "year：2020")}))

    assert (said.code, missing(shown_runs()[6][1], said.err)) == (2, [])


def test_the_two_commands_of_the_readme_stand_there_exactly():
    text = text_of(README)

    assert text.count("pip install uv && uv run baogao build examples/luolong-2020\n") == 1
    assert text.count("pip install uv && uv run pytest\n") == 1
    assert "python3 -m venv .venv && . .venv/bin/activate && pip install ." in text


def test_every_dependency_is_explained():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    text = text_of(ROOT / "CONTRIBUTING.md")
    rows = " ".join(re.findall(r"^\| (.+?) \|", text, re.MULTILINE))

    names = {re.split(r"[<>=~ ;\[]", requirement)[0].lower() for requirement in wanted}
    assert {name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", rows)} == set()
