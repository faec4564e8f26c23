"""Everything the program says can be said in English: the catalogue is complete, and fills in the same values."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from baogao.cli.speaking import catalogue_for
from baogao.files.yaml import read_yaml
from baogao.language import Catalogue, Message, closest, say
from reports import Edit, Run, sample

ROOT = Path(__file__).parents[2]
CATALOGUE = read_yaml(ROOT / "core" / "baogao" / "language" / "en.yaml", "en.yaml")
SPOKEN_KEYS = {"title", "hint", "explanation", "basis", "gate", "message"}
MAKERS = {"rule", "artifact_rule"}
TABLES = {
    *("COLUMNS", "GATES", "HOOKS", "KNOWN_PROBLEMS", "ORIGINS", "REFUSED", "REFUSED_PARTS", "SEVERITIES"),
    *("STATES", "WANTED"),
}


def said_in_code() -> Iterator[str]:
    """Yield every template in a call of `say`, every help text of the commands, and what rules in Python say."""
    for folder in ("core", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield from _templates(node)


def _templates(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
        if isinstance(node.args[0], ast.Constant):
            yield node.args[0].value
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        if isinstance(node.targets[0], ast.Name) and node.targets[0].id == "HELP":
            yield node.value.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
        yield from (
            word.value.value
            for word in node.keywords
            if word.arg in SPOKEN_KEYS and isinstance(word.value, ast.Constant)
        )
    elif isinstance(node, ast.FunctionDef) and any(_makes_a_rule(maker) for maker in node.decorator_list):
        yield " ".join((ast.get_docstring(node) or "").split())


def _makes_a_rule(maker: ast.expr) -> bool:
    return isinstance(maker, ast.Call) and isinstance(maker.func, ast.Name) and maker.func.id in MAKERS


def said_in_rules() -> Iterator[str]:
    """Yield the titles, hints, explanations, bases and messages of the rules written in YAML, and what they want."""
    for folder in ("core", "plugins", "schemas"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            data = read_yaml(path, path.name).data
            for rule in data.get("rules", []) if isinstance(data, dict) else []:
                if isinstance(rule, dict):
                    yield from (str(rule[key]).strip() for key in SPOKEN_KEYS if rule.get(key))
                    yield from rule.get("mentions", ())


EVERYTHING = sorted({text for text in (*said_in_code(), *said_in_rules()) if text})


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_the_catalogue_can_be_read() -> None:
    assert CATALOGUE.problems == ()


def test_everything_the_program_says_is_in_the_catalogue() -> None:
    assert [text for text in EVERYTHING if text not in CATALOGUE.data] == []


def test_the_words_of_tables_are_in_the_catalogue() -> None:
    words = [word for path in sorted((ROOT / "core").rglob("*.py")) for word in _words_of_tables(path)]
    words += [word for path in sorted((ROOT / "plugins").rglob("*.py")) for word in _words_of_tables(path)]
    words += [label for label in _labels() if label]
    assert [word for word in words if word not in CATALOGUE.data] == []


def _words_of_tables(path: Path) -> Iterator[str]:
    """Yield the Chinese in the tables of a module whose words are said by `say(TABLE[...])`."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and target.id in TABLES:
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and _chinese(part.value):
                    yield part.value


def test_the_catalogue_holds_nothing_the_program_no_longer_says() -> None:
    assert set(CATALOGUE.data) - set(EVERYTHING) - set(words_kept_as_data()) == set()


def words_kept_as_data() -> Iterator[str]:
    """Yield the words that are not in a call of `say` themselves: severities, column heads, names of cell types."""
    for folder in ("core", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _chinese(node.value):
                    yield node.value
    yield from _labels()


def _labels() -> Iterator[str]:
    """Yield the labels of cell types, which messages name."""
    for path in sorted((ROOT / "schemas").rglob("form.yaml")):
        cells = read_yaml(path, path.name).data.get("cells", {})
        yield from (rules["meta"]["label"] for rules in cells.values())


def _chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_every_translation_fills_in_only_values_the_message_has() -> None:
    wrong = {
        chinese: english
        for chinese, english in CATALOGUE.data.items()
        if "{" in chinese and chinese in EVERYTHING and not _same_fields(chinese, english)
    }
    assert wrong == {}


def _same_fields(chinese: str, english: str) -> bool:
    try:
        return fields(english) <= fields(chinese)
    except ValueError:
        return False


def test_a_message_inside_a_message_is_said_in_the_same_language() -> None:
    catalogue = Catalogue({"外{inner}": "outer {inner}", "内": "inner"})
    assert catalogue.text(say("外{inner}", inner=say("内"))) == "outer inner"


def test_what_the_catalogue_lacks_stays_chinese() -> None:
    assert Catalogue({"甲": "A"}).text(say("乙{n}", n=1)) == "乙1"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_language_can_be_loaded(language: str) -> None:
    assert isinstance(catalogue_for(language).text(Message("已中断", {})), str)


COMMANDS = ("new", "check", "build", "plugins", "plugin", "install", "uninstall", "rules", "explain")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
DOCUMENT_NUMBER = re.compile(
    "(?:政府信息公开年报|信息公开年报)|(?:国办(?:发|(?:公开办)?函)|厅字)(?:〔[0-9]{4}〕[0-9]+号(?:, | and )?)+"
)
GAP = "待填"


def chinese_left(said: str, *known: str) -> list[str]:
    """Return the Chinese in what was said that stands in none of the known texts."""
    return [words for words in CHINESE.findall(said) if words != GAP and not any(words in text for text in known)]


@pytest.mark.parametrize("arguments", [("--help",), *((command, "--help") for command in COMMANDS)])
def test_help_in_english_has_no_chinese_and_fits_a_terminal(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("--lang", "en", *arguments)
    assert ran.code == 0
    assert chinese_left(ran.out) == []
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("words", [("plugins",), ("plugins", "--format", "json")])
def test_lists_of_plugins_in_english_have_no_chinese(run: Run, words: tuple[str, ...]) -> None:
    assert chinese_left(run("--lang", "en", *words).out) == []


@pytest.mark.parametrize("format_", ["table", "json", "md"])
def test_lists_of_rules_in_english_name_only_the_form_in_chinese(run: Run, format_: str) -> None:
    ran = run("--lang", "en", "rules", "--format", format_)
    assert chinese_left(DOCUMENT_NUMBER.sub("", ran.out), *printed_by_the_form()) == []


ROW = "new_received:                           {natural_person: 2,"


def first_cell(typed: str) -> Mapping[str, Edit]:
    """Type something into the first cell of the row; it may bring further cells."""
    return {"requests.yaml": (ROW, f"new_received: {{natural_person: {typed},")}


MISTAKES: Mapping[str, Mapping[str, Edit]] = {
    "no table": {"requests.yaml": None},
    "no text": {"overview.md": None},
    "GBK": {"overview.md": "总体情况".encode("gbk")},
    "UTF-16": {"overview.md": "总体情况".encode("utf-16")},
    "BOM": {"overview.md": "\ufeff总体情况良好。"},
    "a full-width colon": {"requests.yaml": (ROW, ROW.replace(":", "：", 1))},
    "a bracket too few": {"requests.yaml": "new_received: {business: 1"},
    "a tab": {"requests.yaml": "new_received:\n\tbusiness: 1"},
    "an anchor": {"requests.yaml": "new_received: &a {business: 1}"},
    "a name twice": first_cell("2, natural_person: 1"),
    "a list": {"requests.yaml": "- 1"},
    "a blank": first_cell(""),
    "a stroke": first_cell("无"),
    "a unit": first_cell("2件"),
    "full-width digits": first_cell("２"),
    "a decimal": first_cell("2.5"),
    "a negative number": first_cell("-2"),
    "too many decimal places": {"proactive.yaml": ("amount: ", "amount: 0.1234567 # ")},
    "sums that differ": first_cell("3"),
    "a column too many": first_cell("2, busines: 1"),
    "a comma in a number": first_cell("2, 000: "),
    "a row that is a number": {"disputes.yaml": "review: 3"},
    "a text of nothing": {"problems.md": "无", "others.md": ""},
    "marks, tags and gaps": {
        "overview.md": "# 题\n##\n> 引\n\n`a` ![b](c) <b> [d](e)\n\n**甲。**乙\n\n"
        "{% x %}｛｛ a ｝｝{{ a.b.c }}【待填】\a\n\n---\n\n```\nx\n```\n\n|a|\n|-|\n|b|c|\n"
    },
    "a chapter's title in the text": {"problems.md": "一、总体情况\n各方面情况都比较好，没有问题。"},
    "a cell that is not there": {"overview.md": "{{ requests.new_receved.total }}{{ previous.requests.x.y }}"},
    "a cell that is blank": {"overview.md": "{{ requests.new_received.total }}", "requests.yaml": ""},
    "last year's title": {"report.yaml": ("unit:", "title: 统计局2019年度报告\nunit:")},
    "another chapter title": {"report.yaml": ("unit:", "sections: {problems: {title: 五、问题}}\nunit:")},
    "no date": {"report.yaml": ("date: ", "date:  # ")},
    "a date in the wrong year": {"report.yaml": ("date: ", "date: 2020-01-20 # ")},
    "an unknown output": {"report.yaml": ("outputs: [", "outputs: [odt, ")},
    "an unknown section": {"report.yaml": ("unit:", "sections: {fees: {after: requets}}\nunit:")},
    "settings of rules": {
        "report.yaml": ("unit:", "rules: {T3-001: {severity: info}, X-001: {}, T2-101: {severity: bad}}\nunit:")
    },
    "a plugin that is not there": {"report.yaml": ("unit:", "plugins: {load: [mine.py], block: [disclosur]}\nunit:")},
    "a plugin that fails": {"report.yaml": ("unit:", "plugins: {load: [mine.py]}\nunit:"), "mine.py": "1 / 0"},
    "a schema of the report": {"schemas/others.yaml": "section: others\ntext: {}\n"},
    "a wrong schema": {"schemas/others.yaml": "section: others\ncolums: 3\nrows: [{label: 甲}]\n"},
    "a file nobody reads": {"requets.yaml": "{}"},
}


@pytest.mark.parametrize("format_", ["table", "concise", "json"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_findings_in_english_have_only_the_words_of_the_report_in_chinese(
    tmp_path: Path, run: Run, mistake: str, format_: str
) -> None:
    report = sample(tmp_path, MISTAKES[mistake])
    ran = run("--lang", "en", "check", report, "--format", format_)
    texts = [path.read_bytes().decode("utf-8", "replace") for path in report.rglob("*") if path.is_file()]
    assert ran.out or ran.err
    said = DOCUMENT_NUMBER.sub("", ran.out + ran.err).replace(str(report), "")
    assert chinese_left(said, *texts, *printed_by_the_form()) == []


def printed_by_the_form() -> list[str]:
    """Return the labels and titles of the form, which stay Chinese in every language."""
    return [
        text
        for path in sorted((ROOT / "schemas").rglob("*.yaml"))
        for text in _printed(read_yaml(path, path.name).data)
    ]


def _printed(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(value, str) and key in ("label", "title", "caption", "corner"):
                yield value
            elif key not in ("rules", "cells"):
                yield from _printed(value)
    elif isinstance(data, list):
        for item in data:
            yield from _printed(item)


@pytest.mark.parametrize(
    ("name", "meant"), [("fee-001", "FEE-001"), ("FEE-01", "FEE-001"), ("Requests", "requests"), ("zzz", "")]
)
def test_the_nearest_name_is_found_in_capitals_or_not(name: str, meant: str):
    assert closest(name, ["XY-001", "FEE-001", "requests"]) == meant
