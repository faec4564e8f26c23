"""Everything that must hold of any plugin, case by case: it loads, its examples hold, what it brings can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baogao.language import Message, listed, near, say
from baogao.testing.trying import try_report

if TYPE_CHECKING:
    from baogao.hooks.loading import LoadedPlugin, Selection
    from baogao.hooks.registry import Registry
    from baogao.model.findings import Finding
    from baogao.model.sections import SectionProvider
    from baogao.proving import Trial
    from baogao.stages.survey import Surveyed

__all__ = ["Case", "cases_of"]

Wrong = Iterable[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that must hold; a call of it raises AssertionError with all that is wrong."""

    name: str
    wrong: Callable[[], Wrong]

    def __call__(self) -> None:
        """Judge the case."""
        __tracebackhide__ = True
        if wrong := list(self.wrong()):
            raise AssertionError("\n".join(wrong))


def cases_of(name: str) -> tuple[Case, ...]:
    """Return the cases of an installed plugin; where it is not there, or failed to load, the one that says so."""
    from baogao.hooks.loading import Selection
    from baogao.hooks.registry import open_registry

    selection = Selection.of_environment()
    registry = open_registry(selection)
    plugin = next((found for found in registry.plugins if found.name == name), None)
    loads = Case("loads", lambda: _not_loaded(name, plugin, registry))
    if plugin is None or plugin.state != "active":
        return (loads,)
    return (loads, *_given_cases(plugin, registry, selection), *_example_cases(plugin, registry, selection))


def _not_loaded(name: str, plugin: LoadedPlugin | None, registry: Registry) -> Iterator[str]:
    if plugin is None:
        known = [found.name for found in registry.plugins if found.origin != "bundled"]
        yield say(
            "没有名为“{name}”的插件{near}；先安装：baogao install -e .，再看 baogao plugins",
            name=name,
            near=near(name, known),
        )
    elif plugin.state != "active":
        place = f"{plugin.file}:{plugin.line or 1}: " if plugin.file else ""
        yield say("{place}{error}", place=place, error=plugin.error or say("插件已停用（BAOGAO_BLOCK）"))


def _given_cases(plugin: LoadedPlugin, registry: Registry, selection: Selection) -> Iterator[Case]:
    """Yield a case for each section in each edition, for each output, and for the templates."""
    from baogao.stages.survey import survey

    providers = plugin.given.get("section_providers", ())
    brings_sections = providers or plugin.given.get("report_forms")
    for surveyed in survey(registry) if brings_sections else ():
        given = [provider.id for provider in providers if _is_for(provider, surveyed)]
        files = [section.id for section in surveyed.plan.sections if section.given.plugin.name == plugin.name]
        yield from _section_cases(surveyed, dict.fromkeys((*given, *files)))
    for renderer in plugin.given.get("renderers", ()):
        yield Case(f"output-{renderer.name}", _printer({}, "", (renderer.name,)))
    if brings_sections:
        yield Case("templates", lambda: _bad_templates(plugin, selection))


def _is_for(provider: SectionProvider, surveyed: Surveyed) -> bool:
    return not provider.forms or surveyed.edition.form in provider.forms


def _section_cases(surveyed: Surveyed, sections: Iterable[str]) -> Iterator[Case]:
    """Yield a case for each section in one edition: it is printed; one whose definition is no good fails."""
    edition = surveyed.edition
    planned = {section.id for section in surveyed.plan.sections}
    for section in sections:
        name = f"{section}-{edition.form}-{edition.id}"
        if section in planned:
            yield Case(name, _printer({"form": edition.form, "edition": edition.id}, section, edition.outputs))
        else:
            yield Case(name, _undefined(section, surveyed))


def _undefined(section: str, surveyed: Surveyed) -> Callable[[], Wrong]:
    """Return what says why a section cannot be planned."""
    file = f"{section}.yaml"
    about = [found for found in surveyed.plan.problems if found.section == section or _is_in(found, file)]
    return lambda: [say("章节“{section}”的定义不能用", section=section), *map(_line, about)]


def _is_in(finding: Finding, file: str) -> bool:
    return finding.location is not None and Path(finding.location.file).name == file


def _line(finding: Finding) -> Message:
    place = f"{finding.location}: " if finding.location else ""
    return say("{place}{rule} {message}", place=place, rule=finding.rule, message=finding.message)


def _printer(written: dict[str, Any], section: str, outputs: tuple[str, ...]) -> Callable[[], Wrong]:
    """Return what judges whether outputs print a report: with a section of zeros where one is named."""

    def wrong() -> Iterator[str]:
        tried = try_report(written, text={section: say("无。")} if section else {})
        for output in outputs:
            try:
                tried.artifact(output)
            except AssertionError as error:
                yield str(error)

    return wrong


def _bad_templates(plugin: LoadedPlugin, selection: Selection) -> Iterator[str]:
    from baogao.designing import judged_plugins
    from baogao.hooks.registry import Registry

    for finding in judged_plugins(Registry((plugin,)), selection):
        yield _line(finding)


def _example_cases(plugin: LoadedPlugin, registry: Registry, selection: Selection) -> Iterator[Case]:
    """Yield a case for each example of the plugin's rules, and one that no rule lacks them."""
    from baogao.proving import trials_of

    trials = [trial for trial in trials_of(registry, selection) if trial.rule.plugin == plugin.name]
    yield Case("rules-have-examples", lambda: _unproven(plugin, registry, trials))
    for trial in trials:
        yield Case(f"{trial.rule.id}-{trial.edition}-{trial.number}", _prover(trial))


def _prover(trial: Trial) -> Callable[[], Wrong]:
    def wrong() -> Iterator[str]:
        found = trial.proof().wrong
        if found:
            place = f"{trial.rule.location}: " if trial.rule.location else ""
            yield say("{place}{rule} {message}", place=place, rule=trial.rule.id, message=found)

    return wrong


def _unproven(plugin: LoadedPlugin, registry: Registry, trials: Iterable[Trial]) -> Iterator[str]:
    """Name the rules that no example shows both to pass and to find something, and what is wrong with rules.

    What is wrong with a section's definition its own cases tell.
    """
    from baogao.stages.survey import survey_rules

    shown: dict[str, set[bool]] = {}
    for trial in trials:
        passes = isinstance(trial.example, Mapping) and not trial.example.get("paths")
        shown.setdefault(trial.rule.id, set()).add(passes)
    rules, problems = survey_rules(registry)
    own = [known.rule.id for known in rules if known.rule.plugin == plugin.name]
    if lacking := [rule for rule in own if shown.get(rule) != {True, False}]:
        yield say("规则 {rules} 的例子不全：至少一个通过的，一个查出来的", rules=listed(lacking))
    told = {f"{provider.id}.yaml" for provider in plugin.given.get("section_providers", ())}
    yield from (_line(problem) for problem in problems if _is_of(problem, plugin, told))


def _is_of(problem: Finding, plugin: LoadedPlugin, told: Set[str]) -> bool:
    """Tell whether a problem lies in a plugin's schemas, but is not about the definition of a section that is told."""
    file, folder = Path(problem.location.file if problem.location else ""), plugin.folder
    is_told = problem.rule == "SRC-010" and file.name in told
    return folder is not None and file.is_relative_to(folder / "schemas") and not is_told
