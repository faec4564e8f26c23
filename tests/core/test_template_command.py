"""`baogao template`: draw templates for people to edit, and judge what they made of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from reports import Run, sample

ROOT = Path(__file__).parents[2]
SECTIONS = ("shell", "preface", "overview", "proactive", "requests", "disputes", "problems", "others")


def edited(path: Path, *paragraphs: str) -> Path:
    """Save the template with more paragraphs, as a designer would."""
    document: Any = docx.Document(str(path))
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_drawn_is_clean(section: str, edition: str, tmp_path: Path, run: Run):
    file = tmp_path / f"{section}.docx"
    drawn = run("template", "new", section, file, "--edition", edition)
    checked = run("template", "check", file, "--edition", edition, "--format", "json")

    assert (drawn.code, drawn.out) == (0, "")
    assert f"templates/{section}.docx" in drawn.err
    assert (checked.code, checked.json) == (
        0,
        [{"file": str(file), "section": section.replace("shell", ""), "findings": []}],
    )


def test_the_name_of_the_file_says_which_section(tmp_path: Path, run: Run):
    assert run("template", "new", tmp_path / "requests.docx").code == 0
    assert run("template", "new", "requests", tmp_path / "x.docx").code == 0
    assert (tmp_path / "x.docx").read_bytes() == (tmp_path / "requests.docx").read_bytes()


def test_a_template_of_a_plugin_stays_in_the_plugin(tmp_path: Path, run: Run):
    folder = tmp_path / "luolong fees"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").touch()
    drawn = run("template", "new", folder / "templates" / "requests.docx")

    assert f'baogao template check "{folder}/templates/requests.docx"' in drawn.err
    assert "存到报告文件夹" not in drawn.err


def test_a_file_that_is_there_is_not_overwritten_unless_asked(tmp_path: Path, run: Run):
    file = tmp_path / "others.docx"
    file.write_text("mine")

    refused = run("template", "new", file)
    assert (refused.code, file.read_text()) == (2, "mine")
    assert "--force" in refused.err
    assert run("template", "new", file, "--force").code == 0
    assert file.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reqests", "x.docx"), "是否想写“requests”"),
        (("requests", "x.txt"), "没有哪个输出用“.txt”这样的模板；可用：.docx"),
        (("requests", "x"), "没有哪个输出用“”这样的模板"),
        (("requests", "x.docx", "--form", "disclosur"), "是否想写“disclosure”"),
        (("requests", "x.docx", "--edition", "1999"), "没有 1999 版；可用：2019、2021"),
        (("requests", "x.docx", "--profile", "fling"), "是否想写“filing”"),
        (("requests", "x.docx", "more"), "多写了 more"),
        (("requests", "x.docx", "--report", "nowhere"), "nowhere"),
        ((), "缺少"),
    ],
)
def test_wrong_use_is_named(
    arguments: tuple[str, ...], words: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    ran = run("template", "new", *arguments)

    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    assert words in ran.err


def test_a_template_for_a_report_has_its_sections_and_its_shell(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    run("template", "new", "shell", report / "templates" / "shell.docx", "--report", report)
    document: Any = docx.Document(str(report / "templates" / "shell.docx"))
    document.styles["表数"].font.size = 99999
    document.save(str(report / "templates" / "shell.docx"))
    run("template", "new", "requests", report / "templates" / "requests.docx", "--report", report)

    with zipfile.ZipFile(report / "templates" / "requests.docx") as archive:
        styles = archive.read("word/styles.xml")
    with zipfile.ZipFile(report / "templates" / "shell.docx") as archive:
        assert archive.read("word/styles.xml") == styles


@pytest.mark.parametrize("section", SECTIONS[1:])
def test_a_report_with_the_drawn_templates_is_built_as_without_them(section: str, tmp_path: Path, run: Run):
    report = sample(tmp_path)
    plain = run("build", report, "-o", tmp_path / "plain", "--to", "docx")
    assert run("template", "new", section, report / "templates" / f"{section}.docx", "--report", report).code == 0
    own = run("build", report, "-o", tmp_path / "own", "--to", "docx")

    assert (plain.code, own.code) == (0, 0), own.out
    (before,), (after,) = (list((tmp_path / name).iterdir()) for name in ("plain", "own"))
    assert _words(before) == _words(after)


def _words(path: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return [
            text for text in archive.read("word/document.xml").decode().replace(">", "<").split("<") if text[:1] != "w"
        ]


def test_every_problem_is_named_with_its_place_and_a_hint(tmp_path: Path, run: Run):
    file = tmp_path / "others.docx"
    run("template", "new", file)
    edited(file, "{{ section.titel }}", "{{ nobody }}", "｛｛ x ｝｝")
    ran = run("template", "check", file)

    assert ran.code == 1
    assert [
        word
        for word in ("第3段“{{ section.titel }}”", "是否想写“section.title”", "第4段", "第5段", "怎么改：")
        if word not in ran.out
    ] == []
    lines = run("template", "check", file, "--format", "concise").out.splitlines()
    assert [line.startswith(f"{file}: 错误 TPL-00") for line in lines] == [True, True, True]
    assert {said["section"] for said in run("template", "check", file, "--format", "json").json[0]["findings"]} == {
        "others"
    }


def test_warnings_do_not_refuse_a_template(tmp_path: Path, run: Run):
    file = tmp_path / "shell.docx"
    run("template", "new", file)
    document: Any = docx.Document(str(file))
    document.add_paragraph("页末")._p.get_or_add_pPr().get_or_add_pStyle().val = "Nowhere"
    document.save(str(file))
    ran = run("template", "check", file, "--format", "json")

    assert ran.code == 0
    assert {(said["rule"], said["severity"]) for said in ran.json[0]["findings"]} == {("TPL-006", "warning")}


def test_a_chapter_without_its_table_is_refused_as_build_does(tmp_path: Path, run: Run):
    file = tmp_path / "requests.docx"
    run("template", "new", "others", file)
    ran = run("template", "check", file, "--section", "requests", "--format", "json")
    found = ran.json[0]["findings"]

    assert ran.code == 1
    assert [(said["rule"], said["severity"]) for said in found] == [("OUT-001", "error")]
    assert "这一章的表没有印出来" in found[0]["message"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("gone.docx", "没有“gone”这一章"), ("others.txt", "没有哪个输出用“.txt”"), ("requests.docx", "打不开")],
)
def test_a_file_that_is_no_template_is_named(name: str, words: str, tmp_path: Path, run: Run):
    ran = run("template", "check", tmp_path / name)

    assert ran.code in (1, 2)
    assert words in ran.err + ran.out


def test_a_template_in_a_report_folder_is_judged_by_that_report(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"report.yaml": ("sections:", "sections:")} if False else {})
    file = report / "templates" / "others.docx"
    run("template", "new", file, "--report", report)
    edited(file, "{{ report.unit.fax }}")

    assert "report.unit.fax" in run("template", "check", file).out


def test_a_bad_template_is_refused_when_the_report_is_checked(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    file = report / "templates" / "others.docx"
    run("template", "new", file)
    edited(file, "{{ nobody }}")

    for command in (("check", report), ("build", report, "-o", tmp_path / "out"), ("build", report, "--draft")):
        ran = run(*command, "--format", "json")
        told = [said for said in ran.findings if said.rule == "TPL-003"]
        assert ran.code == 1
        assert [(said.path, said.place.partition(":")[0]) for said in told] == [("others", "templates/others.docx")]
    assert not (tmp_path / "out").exists()


def test_a_bad_shell_is_refused_when_the_report_is_checked(tmp_path: Path, run: Run):
    report = sample(tmp_path, {"templates/shell.docx": b"PK"})
    ran = run("check", report, "--format", "json")

    assert [said.rule for said in ran.findings if said.rule.startswith("TPL")] == ["TPL-005"]
    assert ran.code == 1


def test_help_is_said_in_english_too(run: Run):
    assert "Word" in run("template", "new", "--help", "--lang", "en").out
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in run("template", "--lang", "en", "--help").out)


LETTER = """
outputs:
- {renderer: docx, profile: filing, number: 洛统〔2021〕2号, to: 洛龙区人民政府办公室}
"""


def emptied(path: Path, *starts: str, words: str = "") -> None:
    """Put fixed words in the place of the paragraphs that begin so."""
    document: Any = docx.Document(str(path))
    for paragraph in document.paragraphs:
        if paragraph.text.startswith(starts):
            paragraph.text = words
    document.save(str(path))


@pytest.mark.parametrize("words", ["", "文号"])
def test_a_shell_that_prints_no_number_addressee_or_signature_is_refused(words: str, tmp_path: Path, run: Run):
    report = sample(tmp_path)
    with_outputs(report, LETTER)
    file = report / "templates" / "shell.filing.docx"
    run("template", "new", "shell", file, "--profile", "filing")
    emptied(file, "{{ shell.number }}", "{{ shell.to }}", "{{ shell.signature }}", words=words)
    checked, built = run("template", "check", file), run("build", report, "-o", tmp_path / "out")

    names = ("number", "to", "signature")
    assert [name for name in names if f"的标记 {{{{ shell.{name} }}}}" not in checked.out] == []
    assert (checked.code, built.code, (tmp_path / "out").exists()) == (1, 1, False)


def with_outputs(report: Path, outputs: str) -> None:
    """Let the report have these outputs and no others."""
    file = report / "report.yaml"
    before = file.read_text(encoding="utf-8").partition("\noutputs:")[0]
    file.write_text(before + outputs, encoding="utf-8")


def test_a_shell_without_a_place_for_the_date_is_named(tmp_path: Path, run: Run):
    file = tmp_path / "shell.docx"
    run("template", "new", file)
    emptied(file, "（{{ report.date }}）")
    ran = run("template", "check", file, "--format", "json")

    assert [(said["rule"], said["severity"]) for said in ran.json[0]["findings"]] == [("FMT-005", "error")]


def cells_of(document: Any) -> list[list[Any]]:
    """Return the cells of the first table, each merged one once."""
    return [[cell for cell in row._tr.tc_lst if cell.xpath("w:p")] for row in document.tables[0].rows]


def text_of(cell: Any) -> Any:
    """Return the element that holds a cell's words."""
    return cell.xpath(".//w:t")[0]


def swap(one: Any, other: Any) -> None:
    """Let two cells change places, their tags with them."""
    one, other = text_of(one), text_of(other)
    one.text, other.text = other.text, one.text


def swap_two_cells(document: Any) -> None:
    rows = cells_of(document)
    swap(rows[3][-3], rows[3][-2])


def swap_the_last_two_columns(document: Any) -> None:
    for row in cells_of(document)[3:]:
        swap(row[-2], row[-1])


def swap_two_rows(document: Any) -> None:
    rows = cells_of(document)
    for one, other in zip(rows[3][-7:], rows[4][-7:], strict=True):
        swap(one, other)


def add_a_word(document: Any) -> None:
    text_of(cells_of(document)[3][-2]).text += "件"


def change_a_label(document: Any) -> None:
    document.element.xpath("//w:t[.='科研机构']")[0].text = "研究机构"


def take_a_row_away(document: Any) -> None:
    row = document.tables[0].rows[4]._tr
    row.getparent().remove(row)


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (swap_two_cells, "OUT-001"),
        (swap_the_last_two_columns, "OUT-001"),
        (swap_two_rows, "OUT-001"),
        (add_a_word, "OUT-001"),
        (change_a_label, "TAB-003"),
        (take_a_row_away, "OUT-001"),
    ],
)
def test_whatever_build_would_refuse_is_named_when_a_template_is_checked(
    edit: Callable[[Any], None], rule: str, tmp_path: Path, run: Run
):
    report = sample(tmp_path)
    file = report / "templates" / "requests.docx"
    run("template", "new", file, "--report", report)
    document: Any = docx.Document(str(file))
    edit(document)
    document.save(str(file))
    told = run("template", "check", file, "--format", "json").json[0]["findings"]
    checked = run("check", report, "--format", "json")

    assert {said["severity"] for said in told if said["rule"] == rule} == {"error"}
    assert {(said.rule, said.place) for said in checked.findings if said.rule == rule} == {
        (rule, "templates/requests.docx")
    }


def test_a_shell_without_the_title_is_refused_when_it_is_checked(tmp_path: Path, run: Run):
    file = tmp_path / "shell.docx"
    run("template", "new", file)
    emptied(file, "{{ shell.title }}")

    assert [said["rule"] for said in run("template", "check", file, "--format", "json").json[0]["findings"]] == [
        "OUT-004"
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "rules"),
    [
        ("page", "<h1>", '<h1>{{ "".__class__ }}', {"TPL-002"}),
        ("page", "<main", "<div><main", {"TPL-002"}),
        ("page", '<meta name="{{ tag.name }}" content="{{ tag.content }}">', "", {"PUB-001"}),
        ("page", "{{ section.html }}", "{{ section.title }}", {"OUT-001", "OUT-002"}),
        ("requests", "{{ part }}", "", {"OUT-001"}),
    ],
)
def test_whatever_build_would_refuse_of_a_page_is_named_when_its_template_is_checked(
    name: str, old: str, new: str, rules: set[str], tmp_path: Path, run: Run
):
    file = tmp_path / f"{name}.html"
    run("template", "new", file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    ran = run("template", "check", file, "--format", "json")

    assert ran.code == 1
    assert rules <= {said["rule"] for said in ran.json[0]["findings"]}


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (("shell", "F.docx", "--profile", "filing"), "shell.filing.docx"),
        (("shell.filing.docx",), "shell.filing.docx"),
        (("page", "F.html", "--profile", "fragment"), "fragment.html"),
        (("fragment.html",), "fragment.html"),
        (("F.docx", "shell")[::-1], "shell.docx"),
        (("requests", "F.html"), "requests.html"),
    ],
)
def test_the_name_a_template_must_have_is_told(
    arguments: tuple[str, ...], kept: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    ran = run("template", "new", *arguments)

    assert f"存到报告文件夹的 templates/{kept}，再运行" in ran.err
    bundled = ROOT / "templates" / kept
    (written,) = tmp_path.iterdir()
    assert not bundled.exists() or written.read_bytes() == bundled.read_bytes()


def test_a_template_written_to_where_it_belongs_need_not_be_moved(tmp_path: Path, run: Run):
    report = sample(tmp_path)
    file = report / "templates" / "requests.docx"
    ran = run("template", "new", file, "--report", report)

    assert "存到" not in ran.err
    assert f"改好以后运行 baogao template check {file}" in ran.err


def test_a_file_among_the_templates_that_is_never_looked_for_is_named(tmp_path: Path, run: Run):
    names = ("request.docx", "shell-filing.docx", "filing.docx", "requests.docx", "~$requests.docx", "page.html")
    report = sample(tmp_path)
    for name in names:
        run("template", "new", "requests", report / "templates" / name, "--report", report)
    found = [said for said in run("check", report, "--format", "json").findings if said.rule == "SRC-009"]

    assert [said.place for said in found] == [
        f"templates/{name}" for name in ("filing.docx", "request.docx", "shell-filing.docx")
    ]
    assert "是否想写“requests.docx”" in found[1].words
    assert "是否想写“shell.filing.docx”" in found[2].words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<h1>", "<h1>｛｛ report.title ｝｝", "标记用了全角的括号，应改为半角的 {{ }}"),
        ("<style>", "<style>\n@import url(https://a.cn/x.css);", "@import"),
        ("<style>", '<style>\nbody { background: url("https://a.cn/x.png"); }', 'url("https://a.cn/x.png"'),
        ("<style>", r"<style>body { background: u\72l(//a.cn/x.png); }", "url(//a.cn/x.png"),
        ("<h1>", '<h1 style="background: url(//a.cn/x)">', "url(//a.cn/x"),
        ("<style>", '<meta http-equiv="Refresh" content="0; url=https://a.cn"><style>', 'http-equiv="refresh"'),
        ("<h1>", '<a href="java&#115;cript:alert(1)">x</a><h1>', 'href="javascript:alert(1)"'),
        ("<h1>", '<a href="java&#10;script:alert(1)">x</a><h1>', "script:alert(1)"),
        ("<h1>", "<h1\nonclick='x()'>", "onclick="),
        ("<h1>", "<video src=x.mp4></video><h1>", "<video"),
        ("default-src 'none'; style-src 'unsafe-inline'", "default-src *", "default-src 'none'"),
        (
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            "",
            "网页要有 <meta http-equiv=",
        ),
    ],
)
def test_a_page_lets_nothing_in_from_outside(old: str, new: str, words: str, tmp_path: Path, run: Run):
    file = tmp_path / "page.html"
    run("template", "new", file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    ran = run("template", "check", file)

    assert old in text
    assert ran.code == 1
    assert words in ran.out


@pytest.mark.parametrize("suffix", ["docx", "html"])
def test_values_that_cannot_be_compared_are_said_to_be_so_in_chinese(suffix: str, tmp_path: Path, run: Run):
    file = tmp_path / f"others.{suffix}"
    run("template", "new", file)
    tag = "{% if report.year > 3 %}甲{% endif %}"
    if suffix == "docx":
        edited(file, tag)
    else:
        file.write_text(file.read_text(encoding="utf-8") + tag, encoding="utf-8")
    ran = run("template", "check", file)

    assert ran.code == 1
    assert "值的种类不合，不能这样比较或处理" in ran.out
    assert "instances" not in ran.out
