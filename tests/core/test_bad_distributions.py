"""Bad plugins as they are installed: each is named, harms nobody, and has the right exit code; all at once too."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.bad_distributions import GOOD, HARMLESS, KINDS, Bad, install
from reports import EXAMPLE, Run, with_path

SECTIONS = "from baogao import *\n@hookimpl\ndef section_providers(): return [section('%s')]\n"
NO_COMMAND = "[baogao.commands]\n{kind} = bad_{kind}:{kind}\n"
LOADS_NOT = {"PLG-001", "PLG-009", "PLG-010"}
GOOD_ONE = Bad(GOOD, files={"schemas/good.yaml": "section: good\ntitle: 好\ntext: {}\n"})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder of the search path, with a good plugin installed in it."""
    folder = tmp_path / "site"
    install(folder, "good", GOOD_ONE)
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.startswith("bad_")]:
        del sys.modules[name]


def title(kind: str, bad: Bad) -> str:
    """Return how a message names the plugin: with its distribution and version, as far as there are any."""
    made_by = ["" if "Name:\n" in bad.metadata else f"bad-{kind.replace('_', '-')}"]
    made_by += ["" if "Version:\n" in bad.metadata else "1.0"]
    return f"{(bad.names or (kind,))[0]} ({' '.join(filter(None, made_by))})"


def amiss(kind: str, bad: Bad, listing: Mapping[str, Any]) -> list[str]:
    """Return what the list of plugins does not say of a bad one, though it should."""
    named = [listing.get(name) for name in bad.names or (kind,)]
    if None in named:
        return [f"{kind} is not listed"]
    faults = [fault for plugin in named if plugin for fault in plugin["problems"] if fault["rule"] == bad.rule]
    said = [f"{fault['message']} {fault['hint']}" for fault in faults]
    places = [f"{place['file']}:{place['line']}" for place in (fault["location"] for fault in faults) if place]
    missing = [word for word in bad.words if not any(word in words for words in said)]
    if bad.place and not any(place.removesuffix(":None").endswith(bad.place) for place in places):
        missing.append(bad.place)
    if kind not in ("no_schema", "bad_form") and not any(title(kind, bad) in words for words in said):
        missing.append(title(kind, bad))
    if named[0] and (bad.rule in LOADS_NOT) != (named[0]["state"] == "quarantined") and bad.rule != "PLG-002":
        missing.append(f"state {named[0]['state']}")
    return [f"{kind}: {word}" for word in missing] + ([] if faults else [f"{kind}: {bad.rule} {named}"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_plugin_is_listed_with_its_fault_and_can_be_blocked(site: Path, run: Run, kind: str):
    install(site, kind, KINDS[kind])
    listing = {plugin["name"]: plugin for plugin in run("plugins", "--format", "json").json}

    assert amiss(kind, KINDS[kind], listing) == []
    assert listing["good"]["state"] == "active"
    assert listing["good"]["problems"] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "slow"])
def test_a_bad_plugin_does_not_touch_what_is_found_in_a_report(site: Path, run: Run, kind: str):
    install(site, kind, KINDS[kind])
    ran = run("check", EXAMPLE, "--format", "json")
    rules = [finding["rule"] for finding in ran.json["findings"]]

    assert [rule for rule in rules if not rule.startswith("PLG-")] == ["GOOD-001"]
    assert tuple(rule for rule in rules if rule.startswith("PLG-")) == KINDS[kind].beside
    assert ran.code == (3 if "PLG-005" in rules else 1 if "PLG-008" in rules else 0)


@pytest.mark.parametrize("kind", ["raises", "misspelt", "too_new", "no_equals", "type_too", "bad_schema", "no_command"])
def test_a_bad_plugin_fails_the_check_of_the_plugins_until_it_is_blocked(site: Path, run: Run, kind: str):
    install(site, kind, KINDS[kind])
    names = KINDS[kind].names or (kind,)

    assert run("plugins", "--check").code == 3
    assert run("plugins", "--check", *(word for name in names for word in ("--block", name))).code == 0


@pytest.mark.parametrize("kind", ["prints", "unmarked", "empty"])
def test_a_reminder_does_not_fail_the_check_of_the_plugins(site: Path, run: Run, kind: str):
    install(site, kind, KINDS[kind])

    assert run("plugins", "--check").code == 0


@pytest.mark.parametrize("how", HARMLESS)
def test_a_plugin_that_behaves_badly_without_harm_is_none_the_less_loaded(site: Path, how: str):
    schema = "section: shy\ntitle: 某\ntext: {}\n"
    install(site, "odd", Bad(HARMLESS[how], files={f"schemas/{name}.yaml": schema for name in ("shy", "lazy")}))
    ran = Program(site)("check", EXAMPLE, "--format", "json")
    listing = json.loads(Program(site)("plugins", "--format", "json").stdout)

    assert [finding["rule"] for finding in json.loads(ran.stdout)["findings"]] == ["GOOD-001"]
    assert [plugin["state"] for plugin in listing if plugin["name"] == "odd"] == ["active"]
    assert ran.returncode == 0


def test_a_distribution_called_like_ours_takes_nothing_of_ours_away(site: Path, run: Run):
    install(site, "stale", Bad("1 / 0"), name="Baogao")
    ran = run("check", EXAMPLE, "--format", "json")
    stale = [plugin for plugin in run("plugins", "--format", "json").json if plugin["name"] == "Baogao"]

    assert [finding["rule"] for finding in ran.json["findings"]] == ["GOOD-001"]
    assert [plugin["problems"][0]["rule"] for plugin in stale] == ["PLG-009"]
    assert "同名的发行包" in stale[0]["problems"][0]["message"]


def test_of_two_distributions_of_one_name_the_second_is_mentioned(site: Path, run: Run):
    install(site, "first", Bad(SECTIONS % "one"), name="twin")
    install(site, "second", Bad(SECTIONS % "two"), name="twin")
    listing = {plugin["name"]: plugin["state"] for plugin in run("plugins", "--format", "json").json}

    assert [state for name, state in listing.items() if name in ("first", "second")] == ["active"]
    assert listing["twin"] == "quarantined"


@pytest.mark.parametrize("body", ["open('/nowhere')", "raise type('B', (BaseException,), {})"])
def test_a_command_that_breaks_is_named_whatever_it_raises(site: Path, body: str):
    code = f"import click\n@click.command()\ndef raising(): {body}\n"
    install(site, "raising", Bad(code, entries=NO_COMMAND))
    ran = Program(site)("raising")

    assert (ran.returncode, ran.stdout) == (3, "")
    assert [word for word in ("PLG-003", "raising (bad-raising 1.0)", "__init__.py:3") if word not in ran.stderr] == []


# All at once


class Program:
    """Run the program in a process of its own, with all of them installed."""

    def __init__(self, *folders: Path) -> None:
        self.environment = with_path(*folders)

    def __call__(self, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "baogao", *map(str, arguments)]
        environment = {**self.environment, **variables}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every kind of bad plugin installed, and a good one."""
    folder = tmp_path_factory.mktemp("crowd")
    for kind, bad in {**KINDS, "good": GOOD_ONE}.items():
        install(folder, kind, bad)
    return folder


def test_there_are_at_least_thirty_kinds():
    assert len(KINDS) >= 30


def test_with_all_of_them_the_findings_of_a_report_are_the_same(crowd: Path):
    without, ran = Program()("check", EXAMPLE, "--format", "json"), Program(crowd)("check", EXAMPLE, "--format", "json")
    found = [finding["rule"] for finding in json.loads(ran.stdout)["findings"]]

    assert json.loads(without.stdout)["findings"] == []
    assert [rule for rule in found if not rule.startswith("PLG-")] == ["GOOD-001"]
    assert {rule for rule in found if rule.startswith("PLG-")} == {"PLG-005", "PLG-008"}
    assert ran.returncode == 3


def test_with_all_of_them_every_fault_is_listed(crowd: Path):
    ran = Program(crowd)("plugins", "--format", "json")
    listing = {plugin["name"]: plugin for plugin in json.loads(ran.stdout)}

    assert [word for kind, bad in KINDS.items() for word in amiss(kind, bad, listing)] == []
    assert listing["good"]["problems"] == []


def test_with_all_of_them_help_lists_the_commands(crowd: Path):
    ran = Program(crowd)("--help")

    assert ran.returncode == 0
    assert [name for name in ("build", "no_command", "not_click") if name not in ran.stdout] == []
    assert Program(crowd)("not_click").returncode == 3


@pytest.mark.parametrize("how", ["no plugins", "allow", "block"])
def test_with_all_of_them_a_report_is_built_when_they_are_kept_out(crowd: Path, tmp_path: Path, how: str):
    names = ",".join(name for kind, bad in KINDS.items() for name in bad.names or (kind,))
    options = ["--no-plugins"] if how == "no plugins" else []
    variables = {"allow": {"BAOGAO_ALLOW": "good"}, "block": {"BAOGAO_BLOCK": names}}.get(how, {})
    program = Program(crowd)

    assert program("plugins", "--check", *options, **variables).returncode == 0
    assert program("build", EXAMPLE, "-o", tmp_path, *options, **variables).returncode == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_ctrl_c_ends_a_plugin_that_hangs_and_names_it(tmp_path: Path):
    started = tmp_path / "started"
    body = f"open({str(started)!r}, 'w').close()\nimport time\ntime.sleep(600)\n"
    install(tmp_path, "hangs", Bad(body))
    command = [sys.executable, "-m", "baogao", "check", str(EXAMPLE)]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=with_path(tmp_path)
    )
    while not started.exists():
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate()

    assert running.returncode == 130
    assert (out, "hangs (bad-hangs 1.0)" in err, "BAOGAO_BLOCK" in err) == ("", True, True)
