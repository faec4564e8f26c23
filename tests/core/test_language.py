"""Everything the program says can be said in English: the catalogue is complete, and fills in the same values."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from baogao.cli.speaking import catalogue_for
from baogao.files.yaml import read_yaml
from baogao.language import Catalogue, Message, say

ROOT = Path(__file__).parents[2]
CATALOGUE = read_yaml(ROOT / "core" / "baogao" / "language" / "en.yaml", "en.yaml")
SPOKEN_KEYS = {"title", "hint", "explanation", "basis", "gate"}


def said_in_code() -> Iterator[str]:
    """Yield every template in a call of `say`, and every help text of the commands."""
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
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rule":
        yield from (
            word.value.value
            for word in node.keywords
            if word.arg in SPOKEN_KEYS and isinstance(word.value, ast.Constant)
        )


def said_in_rules() -> Iterator[str]:
    """Yield the titles, hints and explanations of the rules written in YAML."""
    for folder in ("core", "plugins", "schemas"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            data = read_yaml(path, path.name).data
            for rule in data.get("rules", []) if isinstance(data, dict) else []:
                if isinstance(rule, dict):
                    yield from (str(rule[key]).strip() for key in SPOKEN_KEYS if rule.get(key))


EVERYTHING = sorted({text for text in (*said_in_code(), *said_in_rules()) if text})


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_the_catalogue_can_be_read() -> None:
    assert CATALOGUE.problems == ()


def test_everything_the_program_says_is_in_the_catalogue() -> None:
    assert [text for text in EVERYTHING if text not in CATALOGUE.data] == []


def test_the_catalogue_holds_nothing_the_program_no_longer_says() -> None:
    assert set(CATALOGUE.data) - set(EVERYTHING) - set(words_kept_as_data()) == set()


def words_kept_as_data() -> Iterator[str]:
    """Yield the words that are not in a call of `say` themselves: severities, column heads, names of cell types."""
    for path in sorted((ROOT / "core" / "baogao").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _chinese(node.value):
                yield node.value
    for path in sorted((ROOT / "schemas").rglob("form.yaml")):
        cells = read_yaml(path, path.name).data["cells"]
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
