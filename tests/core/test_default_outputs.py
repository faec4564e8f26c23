"""What is made of a report that does not say: its form does, or else schemas/defaults.yaml; the engine names none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import baogao
from baogao.definitions.defaults import read_defaults
from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.scaffold import NewReport, draw_files
from reports import Edit, Run, sample

COUNTY = "form: county\nedition: '2021'\nextends: disclosure/2021\n"
OFFICE = "form: office\nedition: '2021'\nextends: county/2021\n"
WORDS = """
from baogao import Artifact, Finding, Profile, Rule, Severity, TemplateError, hookimpl


class Words:
    name = "words"
    needs = ()
    profiles = ("whole", "fragment")

    def render(self, job):
        if job.output.options.get("fails"):
            raise TemplateError([Finding("没有墨了", rule="WRD-001")])
        content = "\\n".join(f"{path}\\t{cell.text()}" for path, cell in job.report.cells().items())
        name = f"{job.name}-{job.output.profile}{job.output.options.get('sign', '')}"
        return Artifact(name, "txt", "text/plain", content.encode())

    def read_back(self, artifact, job):
        printed = dict(line.split("\\t") for line in artifact.content.decode().splitlines())
        words = {f"{one.id}#{n}": block.text for one in job.report for n, block in enumerate(one.blocks, 1)}
        return printed | words


@hookimpl
def renderers():
    return [Words()]


@hookimpl
def validation_rules():
    return [Rule("WRD-001", "有墨", Severity.ERROR, gate="文字关", basis="本局", hint="买墨", waivable=False)]
"""
FORMS = """
from baogao import Form, hookimpl


@hookimpl
def report_forms():
    return [Form("county")]
"""


def report_of(folder: Path, outputs: str, files: Mapping[str, Edit] = {}) -> Path:
    """Return a report in which `outputs` stands in the place of what the example asks for."""
    report = sample(folder, files, of="example-2024")
    written = (report / "report.yaml").read_text("utf-8")
    kept = [line for line in written.splitlines() if not line.startswith(("outputs:", "- "))]
    (report / "report.yaml").write_text("\n".join([*kept, outputs]) + "\n", "utf-8")
    return report


def county(outputs: str) -> Mapping[str, Edit]:
    return {
        "report.yaml": ("form: disclosure", "form: county"),
        "schemas/county/2021/form.yaml": COUNTY + outputs,
    }


def made(report: Path) -> list[str]:
    return [name.partition("/")[0] for name in baogao.build(report).printed]


def test_a_report_that_names_no_outputs_has_those_of_the_defaults(tmp_path: Path):
    assert made(report_of(tmp_path, "")) == ["docx", "html"]


def test_a_form_says_what_is_made_of_its_reports(tmp_path: Path):
    assert made(report_of(tmp_path, "", county("outputs: [json]\n"))) == ["json"]


def test_a_form_that_does_not_say_has_those_of_the_form_it_extends(tmp_path: Path):
    files = {
        **county("outputs: [json]\n"),
        "report.yaml": ("form: disclosure", "form: office"),
        "schemas/office/2021/form.yaml": OFFICE,
    }
    assert made(report_of(tmp_path, "", files)) == ["json"]


def test_a_report_may_name_others_than_its_form(tmp_path: Path):
    assert made(report_of(tmp_path, "outputs: [html]", county("outputs: [json]\n"))) == ["html"]


def test_an_output_of_a_form_that_nobody_makes_is_a_finding(tmp_path: Path):
    found = baogao.check(baogao.load(report_of(tmp_path, "", county("outputs: [jsn]\n")))).findings

    assert [(one.rule, "jsn" in one.message, "json" in one.message) for one in found] == [("PLG-007", True, True)]


def test_outputs_of_a_form_are_a_list_of_names(tmp_path: Path):
    with pytest.raises(baogao.InputError) as refused:
        baogao.load(report_of(tmp_path, "", county("outputs: json\n")))

    [found] = refused.value.findings
    assert (found.rule, found.location.line) == ("SRC-010", 4)
    assert "outputs" in found.message


def test_a_new_report_asks_for_the_outputs_of_its_form(tmp_path: Path):
    (tmp_path / "forms.py").write_text(FORMS, "utf-8")
    place = tmp_path / "schemas/county/2021/form.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(COUNTY + "outputs: [json, html]\n", "utf-8")
    registry = open_registry(Selection(local=(tmp_path / "forms.py",)))
    usual = draw_files(NewReport(read_defaults().form, 2024, "某局"), tmp_path / "new", registry)
    files = draw_files(NewReport("county", 2024, "某局"), tmp_path / "new", registry)

    assert files["report.yaml"].endswith("\noutputs: [json, html]\n")
    assert usual["report.yaml"].endswith("\noutputs: [docx, html]\n")


@pytest.mark.parametrize("command", [("new",), ("template", "new"), ("template", "check")], ids=" ".join)
def test_help_names_the_form_that_is_meant(run: Run, command: tuple[str, ...]):
    assert f"默认 {read_defaults().form}" in run(*command, "--help").out


def test_the_form_that_is_meant_is_begun(run: Run, tmp_path: Path):
    assert run("new", tmp_path / "new", "--year", "2024", "--unit", "某局").code == 0
    assert f"\nform: {read_defaults().form}\n" in (tmp_path / "new/report.yaml").read_text("utf-8")


# Outputs of plugins


def with_words(folder: Path, output: str) -> Path:
    outputs = f"outputs: [{output}]\nplugins: {{load: [plugins/words.py]}}"
    return report_of(folder, outputs, {"plugins/words.py": WORDS})


def test_every_renderer_with_fragments_makes_one_when_asked(run: Run, tmp_path: Path):
    report = with_words(tmp_path, "{renderer: words, sign: 甲}")
    ran = run("build", report, "--fragment")
    names = sorted(path.name.rpartition("报告")[2] for path in (report / "out").iterdir())

    assert (ran.code, names) == (0, ["-fragment甲.txt", "-whole甲.txt", "（片段）.html"])


def test_a_fragment_is_asked_for_in_vain_where_nobody_makes_one(run: Run, tmp_path: Path):
    ran = run("build", report_of(tmp_path, "outputs: [docx]"), "--fragment", "--block", "html")

    assert (ran.code, "没有哪个输出做得出网页片段" in ran.err) == (2, True)


def test_a_draft_is_offered_where_the_report_has_errors(run: Run, tmp_path: Path):
    report = with_words(tmp_path, "words")
    (report / "problems.md").write_text("", "utf-8")
    ran = run("build", report)

    assert (ran.code, "--draft" in ran.err) == (1, True)


def test_no_draft_is_offered_where_the_output_itself_cannot_be_made(run: Run, tmp_path: Path):
    ran = run("build", with_words(tmp_path, "{renderer: words, fails: true}"))

    assert (ran.code, "WRD-001" in ran.out, "--draft" in ran.err) == (1, True, False)
