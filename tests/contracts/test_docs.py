"""The documents keep step with the program: hooks, commands, rules, exit codes, public names, keys of YAML files."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

import baogao
from baogao.cli import exits
from baogao.cli.main import OWN_COMMANDS, cli
from baogao.definitions.checking import load_shape
from baogao.files.yaml import read_yaml
from baogao.hooks import specs
from baogao.hooks.loading import ALLOW_VARIABLE, BLOCK_VARIABLE, Selection, load_plugins
from baogao.hooks.registry import open_registry
from baogao.samples import EXAMPLE_KEYS
from baogao.stages.survey import ListedRule, survey_rules
from contracts import reference
from contracts.documents import DOCS, ROOT, section_of, text_of
from reports import Run

HOOKS = DOCS / "hooks.md"
COMMANDS = DOCS / "commands.md"
SHARED = "各命令共有的选项"
RULE_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{3}")


def strangers() -> frozenset[str]:
    """Return the installed plugins that are not ours: what is documented must not depend on them."""
    return frozenset(plugin.name for plugin in load_plugins(Selection()) if plugin.origin != "bundled")


def own_rules() -> dict[str, ListedRule]:
    rules, _ = survey_rules(open_registry(Selection(block=strangers())))
    return {listed.rule.id: listed for listed in rules}


# Hooks


@pytest.mark.parametrize("name", specs.__all__)
def test_every_hook_has_a_heading_with_its_exact_signature(name: str):
    signature = str(inspect.signature(getattr(specs, name))).replace("'", "")

    assert f"\n### {name}{signature}\n" in text_of(HOOKS)


def test_no_heading_names_a_hook_that_is_not_there():
    headings = re.findall(r"^### ([a-z_]+)\(.*-> ", text_of(HOOKS), re.MULTILINE)

    assert sorted(headings) == sorted(specs.__all__)


def test_the_reference_is_made_of_the_code_as_it_is_now():
    assert text_of(reference.FILE) == reference.reference()


def test_the_reference_shows_every_public_name():
    wanted = [f"### {name}" for module in reference.MODULES for name in import_module(module).__all__]

    assert sorted(re.findall("^### .+", reference.reference(), re.MULTILINE)) == sorted(wanted)


# Commands


def own_command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", OWN_COMMANDS)
def test_every_option_and_choice_of_a_command_is_documented(name: str):
    section = section_of(COMMANDS, f"baogao {name}")
    documented = set(re.findall(r"`(.+?)`", section + section_of(COMMANDS, SHARED)))
    wanted = {opt for parameter in parameters_of(own_command(name)) for opt in _words(parameter)}

    assert section, f"no heading `## baogao {name}`"
    assert wanted - {word for text in documented for word in text.split()} == set()


def parameters_of(command: click.Command) -> list[click.Parameter]:
    """Return the parameters of a command, and of those below it."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(parameter for one in below for parameter in one.params)]


def _words(parameter: click.Parameter) -> Iterator[str]:
    if isinstance(parameter, click.Option):
        yield from parameter.opts
        if isinstance(parameter.type, click.Choice):
            yield from map(str, parameter.type.choices)


def test_no_command_is_documented_that_is_not_there():
    assert tuple(re.findall(r"^## baogao (\w+)$", text_of(COMMANDS), re.MULTILINE)) == OWN_COMMANDS


@pytest.mark.parametrize("name", OWN_COMMANDS)
def test_no_option_is_documented_that_is_not_there(name: str):
    documented = set(re.findall(r"^\| (`-.*?) \|", section_of(COMMANDS, f"baogao {name}"), re.MULTILINE))
    known = {opt for parameter in parameters_of(own_command(name)) for opt in parameter.opts}

    assert {opt for row in documented for opt in re.findall(r"`(-[^`]+)`", row)} <= known


def test_every_environment_variable_is_documented():
    from baogao.cli.speaking import LANG_VARIABLE

    documented = re.findall(r"^\| `([A-Z_]+)` \|", section_of(COMMANDS, "环境变量"), re.MULTILINE)

    assert documented == [ALLOW_VARIABLE, BLOCK_VARIABLE, LANG_VARIABLE]


def test_every_exit_code_is_documented_in_the_commands_in_the_readme_and_in_the_help():
    codes = [getattr(exits, name) for name in exits.__all__]
    documented = re.findall(r"^\| (\d+) \|", section_of(COMMANDS, "退出码"), re.MULTILINE)

    assert sorted(map(int, documented)) == sorted(codes)
    for text in (section_of(ROOT / "README.md", "退出码"), (cli.help or "").partition("退出码：")[2]):
        assert sorted(map(int, re.findall(r"(\d+) ", text))) == sorted(codes)


def test_the_keys_of_the_json_are_documented(run: Run, tmp_path):
    run("new", tmp_path / "r", "--year", "2020", "--unit", "某某局")
    said = run("check", tmp_path / "r", "--format", "json", "--numbers").json
    documented = set(re.findall(r"`(\w+)`", section_of(COMMANDS, "JSON")))

    assert set(said) - {"findings"} | set(said["findings"][0]) | {"unassessable", "waived"} <= documented
    assert set(said["numbers"][0]) <= documented


@pytest.mark.parametrize("name", ["plugins", "rules"])
def test_the_keys_of_a_listing_are_documented(name: str, run: Run):
    documented = set(re.findall(r"`(\w+)`", section_of(COMMANDS, f"baogao {name}")))

    assert set(run(name, "--format", "json").json[0]) <= documented


# Rules


def test_the_list_of_rules_is_what_the_program_prints_now(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(BLOCK_VARIABLE, ",".join(strangers()))
    table = text_of(DOCS / "rules.md").partition("\n| ")

    assert run("rules", "--format", "md").out == f"| {table[2]}"


def reported_ids() -> set[str]:
    """Return every rule id that the code of the engine and of our plugins, or a schema, can report."""
    found: set[str] = set()
    for path in (file for root in ("core", "plugins") for file in (ROOT / root).rglob("*.py")):
        words = (node.value for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.Constant))
        found |= {word for word in words if isinstance(word, str) and RULE_ID.fullmatch(word)}
    for path in (ROOT / "schemas").rglob("*.yaml"):
        found |= set(_ids(read_yaml(path, path.name).data))
    return found


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("rule", "id") and isinstance(item, str) and RULE_ID.fullmatch(item):
                yield item
            yield from _ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)


def test_every_rule_that_can_be_reported_is_known():
    assert reported_ids() - set(own_rules()) == set()


def test_every_known_rule_can_be_reported():
    engine = {rule_id for rule_id, listed in own_rules().items() if listed.rule.plugin == "baogao"}

    assert engine - reported_ids() == set()


@pytest.mark.parametrize("rule_id", sorted(own_rules()))
def test_every_rule_says_what_it_asks_on_what_basis_and_how_to_mend(rule_id: str, run: Run):
    rule = own_rules()[rule_id].rule
    said = run("explain", rule_id.lower())

    assert all((rule.title, rule.basis, rule.explanation, rule.hint))
    assert said.code == exits.PASSED
    assert all(text in said.out for text in (rule_id, rule.title, rule.basis, rule.explanation, rule.hint))


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_a_document_names_no_rule_that_is_not_there(path):
    ours = {rule_id.partition("-")[0] for rule_id in own_rules()}
    named = {word for word in RULE_ID.findall(text_of(path)) if word.partition("-")[0] in ours}

    assert named - set(own_rules()) == set()


# Public names


@pytest.mark.parametrize("name", baogao.__all__)
def test_every_public_name_is_documented(name: str):
    documented = "\n".join(text_of(path) for path in DOCS.glob("*.md"))

    assert hasattr(baogao, name)
    assert re.search(rf"(?:`@?|^###.*?){name}\b", documented, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in baogao.__all__ if dataclasses.is_dataclass(getattr(baogao, name))])
def test_every_field_of_a_public_value_is_documented(name: str):
    fields = {field.name for field in dataclasses.fields(getattr(baogao, name))}
    documented = set(re.findall(r"\b(\w+)\b", " ".join(re.findall(r"`(.+?)`", text_of(HOOKS)))))

    assert fields - documented == set()


# Keys of YAML files


def test_every_key_of_an_example_of_a_rule_is_documented():
    assert set(re.findall(r"`(\w+)", section_of(DOCS / "own-rules.md", "例子和检验"))) >= EXAMPLE_KEYS


def keys_of(rules: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that the Cerberus rules of a value let stand in a mapping, however deep."""
    inner = rules.get("schema", {})
    if isinstance(inner, Mapping):
        holds_names = all(isinstance(rules, Mapping) for rules in inner.values())
        yield from names_in(inner) if holds_names else keys_of(inner)
    for more in (*filter(None, [rules.get("valuesrules")]), *rules.get("anyof", ())):
        yield from keys_of(more)


def names_in(shape: Mapping[str, Any]) -> Iterator[str]:
    for name, rules in shape.items():
        yield name
        yield from keys_of(rules)


KEYS_IN = {"report": "writing.md", "waivers": "waivers.md"}


@pytest.mark.parametrize("shape", ["report", "form", "section", "rules", "waivers"])
def test_every_key_of_a_yaml_file_is_documented(shape: str):
    known = load_shape(shape)
    wanted = {name for part in (known.schema, *known.definitions.values()) for name in names_in(part)}
    document = DOCS / KEYS_IN.get(shape, "schemas.md")
    documented = set(re.findall(r"`(\w+)`", text_of(document)))

    assert wanted - documented == set()


@pytest.mark.parametrize("path", sorted(ROOT.glob("schemas/*/*/form.yaml")), ids=lambda path: path.parent.parent.name)
def test_every_cell_type_of_a_form_is_documented(path: Path):
    form, edition = path.parent.parent.name, path.parent.name
    [row] = re.findall(rf"^\| `{form}` {edition} 版 \|(.*)", text_of(DOCS / "schemas.md"), re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", row)) == set(read_yaml(path, path.name).data["cells"])


def test_the_layers_are_those_that_are_checked():
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract.get("containers") == ["baogao"]]
    drawn = section_of(DOCS / "architecture.md", "层次").split("```")[1].strip().splitlines()

    assert [" : ".join(re.split(r" {3,}", line)[0].split()) for line in drawn] == layers


def test_the_filters_and_tests_of_templates_are_documented():
    from baogao.templating import FILTERS, TESTS

    section = section_of(DOCS / "templates.md", "标记")

    assert set(re.findall(r"`(\w+)`", section.partition("- 过滤器：")[2].partition("\n")[0])) == FILTERS
    assert set(re.findall(r"`(\w+)`", section.partition("- 测试：")[2].partition("，")[0])) == TESTS


def test_the_styles_of_the_shell_are_documented():
    from baogao_docx.template.fragments import STYLES

    assert all(f"`{style}`" in section_of(DOCS / "templates.md", "DOCX") for style in STYLES)


# Benchmarks


def test_every_measurement_has_its_place_in_the_document():
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    [names] = [found.split("|") for found in re.findall(r"\[([a-z|]+)\]\.\.\.", ran.stdout)]
    text = text_of(DOCS / "benchmarks.md")

    assert names == re.findall(r"^<!-- (\w+) -->$", text, re.MULTILINE)
    assert names == re.findall(r"^<!-- /(\w+) -->$", text, re.MULTILINE)
    assert all(name in text.partition("怎样看")[0] for name in names)
