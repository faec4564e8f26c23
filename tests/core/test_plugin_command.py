"""`baogao plugin new` writes a plugin that works before a word is changed, and never touches what is there.

That it can be installed, tested and built in an empty environment is proven in tests/packaging/test_tutorial.py.
"""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest

import baogao
from baogao.cli import plugin as plugin_module
from baogao.kit import _versions
from baogao.testing import try_report
from reports import Run, sample, tree

FILES = {
    ".gitignore",
    ".gitlab-ci.yml",
    "README.md",
    "luolong_visits/__init__.py",
    "luolong_visits/rules.py",
    "luolong_visits/schemas/visits.yaml",
    "luolong_visits/templates/visits.docx",
    "luolong_visits/templates/visits.html",
    "pyproject.toml",
    "sample/disputes.yaml",
    "sample/others.md",
    "sample/overview.md",
    "sample/proactive.yaml",
    "sample/problems.md",
    "sample/report.yaml",
    "sample/requests.yaml",
    "sample/visits.md",
    "sample/visits.yaml",
    "tests/test_plugin.py",
}


def appended(path: Path, *lines: str) -> None:
    path.write_text("\n".join([path.read_text("utf-8"), *lines, ""]), "utf-8")


@pytest.fixture
def made(tmp_path: Path, run: Run) -> Path:
    """Return the folder of a new plugin."""
    ran = run("plugin", "new", tmp_path / "luolong-visits", "--title", "接待来访、来电情况", "--yes")
    assert ran.code == 0
    assert {line.partition("luolong-visits/")[2] for line in ran.err.splitlines() if "已写出" in line} == FILES
    return tmp_path / "luolong-visits"


def test_all_files_of_a_distribution_are_there_and_hold_no_mark_of_ours(made: Path):
    files = tree(made)

    assert set(files) == FILES
    assert [name for name, content in files.items() if b"<<" in content or b"%>" in content] == []
    for name in (name for name in files if name.endswith(".py")):
        compile(files[name], name, "exec")


def test_the_distribution_names_its_module_and_the_versions_of_baogao_it_wants(made: Path):
    settings = tomllib.loads((made / "pyproject.toml").read_text("utf-8"))

    assert settings["project"]["name"] == "luolong-visits"
    assert settings["project"]["entry-points"]["baogao"] == {"luolong_visits": "luolong_visits"}
    assert settings["project"]["dependencies"] == ["baogao>=0.1,<0.2"]
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["luolong_visits"]


@pytest.mark.parametrize(("version", "wanted"), [("0.1.0", ">=0.1,<0.2"), ("1.4.2", ">=1.4,<2"), ("2.0", ">=2.0,<3")])
def test_the_versions_are_those_of_the_promise(version: str, wanted: str):
    assert _versions(version) == wanted


def test_the_fragments_print_the_figures_of_the_sample(made: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(made)
    tried = try_report(made / "sample", plugins=[made / "luolong_visits" / "__init__.py"])

    assert tried.found == []
    table = docx.Document(io.BytesIO(tried.artifact("docx").content)).tables[-1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["单位", "场次", "人次"],
        ["局机关", "2", "64"],
        ["所属单位", "3", "105"],
        ["合计", "5", "169"],
    ]
    assert tried.printed("html")["visits"] == "七、接待来访、来电情况"
    fragment = docx.Document(str(made / "luolong_visits" / "templates" / "visits.docx"))
    assert fragment.tables[0].rows[1].cells[1].text == "{{ cells.bureau.sessions }}"
    del sys.modules["luolong_visits"], sys.modules["luolong_visits.rules"]


def test_the_folder_s_name_is_the_default_name_where_it_can_be(tmp_path: Path, run: Run):
    for folder, package in (("Li_Visits", "li_visits"), ("我的插件", "my_training"), ("json", "my_training")):
        assert run("plugin", "new", tmp_path / folder).code == 0
        assert (tmp_path / folder / package / "__init__.py").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"--name": "Visits"}, "名称“Visits”不能用"),
        ({"--name": "li-"}, "名称“li-”不能用"),
        ({"--name": "luolong-1"}, "名称“luolong-1”不能用：写小写字母、数字和连字符，每个词都以字母开头"),
        ({"--name": "json"}, "已经有名为 json 的 Python 模块"),
        ({"--name": "pytest"}, "已经有名为 pytest 的 Python 模块"),
        ({"--name": "li-report"}, "“report”有别的用处"),
        ({"--name": "li-class"}, "“class”有别的用处"),
        ({"--name": "li-requests"}, "已经有插件提供章节“requests”"),
        ({"--title": "七、来访"}, "标题“七、来访”不能用"),
        ({"--title": 'a"b'}, "不能用"),
        ({"--title": ""}, "标题“”不能用"),
    ],
)
def test_a_name_or_title_that_cannot_be_is_refused(tmp_path: Path, run: Run, options: Mapping[str, str], said: str):
    ran = run("plugin", "new", tmp_path / "x", *(word for pair in options.items() for word in pair))

    assert (ran.code, said in ran.err, (tmp_path / "x").exists()) == (2, True, False), ran.err


def test_why_a_folder_s_name_cannot_be_the_plugin_s_is_told(tmp_path: Path, run: Run):
    ran = run("plugin", "new", tmp_path / "luolong-requests", "--title", "申请")

    assert "已经有插件提供章节“requests”；名称换一个最后的词\n名称用 my-training；要别的，加 --name\n" in ran.err


def test_what_to_type_next_is_in_quotes_where_a_path_has_blanks(tmp_path: Path, run: Run):
    folder = tmp_path / "a b" / "luolong-visits"
    made = run("plugin", "new", folder, "--yes")
    begun = run("new", tmp_path / "我的 报告", "--year", "2021", "--unit", "某局")

    assert (
        f'  baogao install --editable "{folder}"\n  pytest "{folder}"\n  baogao build "{folder}/sample"\n' in made.err
    )
    assert begun.err.endswith(f'再运行 baogao check "{tmp_path}/我的 报告"\n')


def test_the_sample_is_written_as_the_documents_say(made: Path):
    written = (made / "sample" / "report.yaml").read_text("utf-8")

    assert "powers: {regulations: false, permits: true, " in written
    assert "  name: 示例县统计局\n" in written


def test_an_empty_folder_of_that_name_is_filled(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "visits").mkdir()

    assert run("plugin", "new", tmp_path / "visits").code == 0
    assert (tmp_path / "visits" / "visits" / "__init__.py").is_file()


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path, run: Run):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "README.md").write_text("我的", "utf-8")
    (tmp_path / "file").write_text("我的", "utf-8")

    for name in ("mine", "file"):
        ran = run("plugin", "new", tmp_path / name)
        assert (ran.code, "已经存在" in ran.err) == (2, True)
    assert tree(tmp_path) == {"mine/README.md": "我的".encode(), "file": "我的".encode()}


def test_in_a_terminal_it_asks_again_until_the_answer_can_be(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    answers = iter(["Bad Name", "li-visits", "七、来访", "来访"])
    asked: list[tuple[str, str]] = []

    def answer(question: str, default: str) -> str:
        asked.append((question, default))
        return next(answers)

    monkeypatch.setattr(plugin_module.click, "prompt", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    ran = run("plugin", "new", tmp_path / "luolong-visits")

    assert ran.code == 0
    assert [default for _, default in asked] == ["luolong-visits"] * 2 + ["政务公开培训情况"] * 2
    assert "名称“Bad Name”不能用" in ran.err
    assert 'title: "来访"' in (tmp_path / "luolong-visits/li_visits/schemas/visits.yaml").read_text("utf-8")


# A single file


def test_a_single_file_works_in_its_report_once_report_yaml_names_it(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    ran = run("plugin", "new", report / "plugins" / "training.py", "--single")
    assert ran.code == 0
    before = run("check", report, "--format", "json")
    assert [finding.rule for finding in before.findings if finding.rule.startswith("PLG")] == []
    lacking = "加上 sections: {training: {}}，plugins: {load: [plugins/training.py]}"
    assert {lacking in said.words for said in before.findings if said.rule == "SRC-009"} == {True}

    two = ran.err.splitlines()[-3:-1]
    assert two == ["sections: {training: {}}", "plugins: {load: [plugins/training.py]}"]
    appended(report / "report.yaml", *two)
    outcome = baogao.build(report)
    assert outcome.findings == ()
    assert outcome.report.section("training").title == "七、政务公开培训情况"
    proven = run("rules", "test", "--report", report, "TRAINING-001", "TRAINING-002", "TRAINING-003")
    assert (proven.code, proven.out) == (0, "3 条规则的 12 个例子，0 个不对\n")


@pytest.mark.parametrize("name", ["投诉", "my_fees"])
def test_a_single_file_s_name_is_one_word(tmp_path: Path, run: Run, name: str):
    ran = run("plugin", "new", sample(tmp_path) / "plugins" / f"{name}.py", "--single")

    assert (ran.code, f"名称“{name}”不能用：写小写字母和数字，字母开头，如 training" in ran.err) == (2, True)


def test_a_single_file_needs_a_report(tmp_path: Path, run: Run):
    ran = run("plugin", "new", tmp_path / "plugins" / "fees.py", "--single")

    assert (ran.code, f"{tmp_path} 里没有 report.yaml，不是报告文件夹" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["training.py", "plugins/li-training.py", "plugins/training.txt", "other/training.py"])
def test_a_single_file_belongs_into_the_plugins_of_a_report(tmp_path: Path, run: Run, name: str):
    report = sample(tmp_path)
    before = tree(report)
    ran = run("plugin", "new", report / name, "--single")

    assert (ran.code, "plugins/名称.py" in ran.err) == (2, True)
    assert tree(report) == before


def test_a_single_file_replaces_nothing(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"schemas/training.yaml": "section: training\n"})
    before = tree(report)
    ran = run("plugin", "new", report / "plugins" / "training.py", "--single")

    assert (ran.code, "schemas/training.yaml 已经有了，什么也没有写" in ran.err) == (2, True)
    assert tree(report) == before
    refused = run("plugin", "new", report / "plugins" / "visits.py", "--single", "--name", "other")
    assert (refused.code, "不用写 --name" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"), [(("install", "luolong-x"), "没有安装\n"), (("uninstall", "luolong-fees"), "没有卸载\n")]
)
def test_a_no_is_answered(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str):
    info = tmp_path / "luolong_fees-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: luolong-fees\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[baogao]\nfees = luolong_fees\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(plugin_module.click, "confirm", lambda *_, **__: False)
    ran = run(*words)

    assert (ran.code, ran.err.endswith(said)) == (0, True), ran.err


# Installing: what is refused before anything is touched; the rest is in tests/packaging/test_install.py


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("install", "nowhere/x.whl"), "没有 nowhere/x.whl；写插件的名称、文件夹，或 .whl 文件"),
        (("install", "baogao"), "baogao 不是插件"),
        (("install", "Click", "--wheels", "wheels"), "click 不是插件，是 "),
        (("install", "markupsafe", "--wheels", "wheels"), "markupsafe 不是插件，是 "),
        (("install", "--editable", "luolong-fees"), "luolong-fees 不是文件夹，不能用 --editable"),
        (("install", "--wheels", "nowhere", "x"), "--wheels 的 nowhere 不是装着安装包（.whl 文件）的文件夹"),
        (("install", "--wheels", "empty", "x"), "--wheels 的 empty 不是装着安装包（.whl 文件）的文件夹"),
        (("install", "empty"), "empty 里没有 pyproject.toml，不是插件的文件夹"),
        (("install", "wrong"), "读不出来"),
        (("install", "notes.txt"), "notes.txt 不是安装包"),
        (("uninstall", "baogao", "--yes"), "baogao 是 baogao 自己的，不能这样卸载"),
        (("uninstall", "docx", "--yes"), "docx 是 baogao 自己的，不能这样卸载"),
        (("uninstall", "jinja2", "--yes"), "jinja2 不是 baogao 的插件，没有动它"),
        (("uninstall", "nothing-like-it", "--yes"), "没有安装 nothing-like-it"),
    ],
)
def test_what_cannot_be_installed_or_uninstalled_is_refused(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "click-1.0-py3-none-any.whl").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "pyproject.toml").write_text("[project", "utf-8")
    (tmp_path / "notes.txt").write_text("", "utf-8")
    ran = run(*words)

    assert (ran.code, said in ran.err) == (2, True), ran.err
