"""The rules of one run: gathered from the engine, the schemas, rule files and plugins; settings applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from baogao.definitions.checking import load_shape
from baogao.definitions.schemas import SectionSchema
from baogao.errors import BaogaoError
from baogao.files.resources import SearchPath, bundled_folder, shown_path
from baogao.files.yaml import Document, read_yaml
from baogao.hooks.registry import Registry
from baogao.language import listed, near, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.report import Traits
from baogao.model.rules import AnyRule, Rule
from baogao.rules.declarative import OWN, ReadRules, read_rules
from baogao.rules.equations import ComputedCheck, computed_checks

__all__ = ["RuleSet", "configured", "engine_rules", "gather_rules", "rules_for"]

ENGINE = "baogao"
COMPUTED = "TAB-009"
"""The rule of computed cells that name none of their own."""


@dataclass(frozen=True, eq=False)
class RuleSet:
    """The rules by id, and what is wrong with rules and their settings; `titles` are of plugins, by name.

    It is equal only to itself, so that what follows from it can be kept for the next report.
    """

    rules: Mapping[str, AnyRule]
    problems: tuple[Finding, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict[str, str])

    def settle(self, finding: Finding) -> Finding:
        """Fill in what the rule says of itself; a rule's severity is the gravest it reports."""
        known = self.rules.get(finding.rule)
        if known is None:
            return finding
        severity = max(known.severity, finding.severity, key=lambda item: item.rank)
        return replace(
            finding,
            severity=severity,
            basis=finding.basis or known.basis,
            hint=finding.hint or (say(known.hint) if known.hint else ""),
        )

    def number_rule(self, section: str) -> str:
        """Return the rule that reports a refused number in this section: its own, or TAB-002."""
        own = (rule.id for rule in self.rules.values() if rule.reports == "number" and rule.scope.section == section)
        return next(own, "TAB-002")


def rules_for(rules: RuleSet, traits: Traits) -> tuple[AnyRule, ...]:
    """Return those of the rules that there is something to run of, for a report with these traits."""
    run = (rule for rule in rules.rules.values() if rule.checks or rule.needs)
    return tuple(rule for rule in run if rule.scope.fits(traits))


@cache
def engine_rules() -> tuple[Rule, ...]:
    """Return the rules that the engine itself reports."""
    path = Path(__file__).with_name("engine.rules.yaml")
    read = read_rules(read_yaml(path, path.name), load_shape("rules"), plugin=ENGINE)
    if read.problems:
        raise BaogaoError(read.problems)
    return tuple(replace(rule, check=ComputedCheck()) if rule.id == COMPUTED else rule for rule in read.rules)


def gather_rules(registry: Registry, schemas: Iterable[tuple[SectionSchema, str]], search: SearchPath) -> RuleSet:
    """Return all rules for one form and edition; `schemas` come with the names of their plugins."""
    gatherer = _Gatherer({plugin.name: plugin.title for plugin in registry.plugins})
    gatherer.add(engine_rules())
    shape = load_shape("rules")
    schemas = tuple(schemas)
    for path, plugin in _rule_files(registry, search):
        read = read_rules(read_yaml(path, registry.shown(path)), shape, plugin=plugin)
        gatherer.take(replace(read, problems=registry.named(read.problems, path)))
    for schema, plugin in schemas:
        read = read_rules(_rules_of(schema), shape, schema.table, plugin, section=schema.section)
        gatherer.take(replace(read, rules=tuple(_with_computed(read.rules, schema, plugin))))
    for given in registry.rules:
        gatherer.add([replace(given.value, plugin=given.plugin.name)])
    for path in search.rule_files(search.report) if search.report else ():
        # last: a rule of the report displaces none of its name
        read = read_rules(read_yaml(path, shown_path(path)), shape, plugin=OWN)
        gatherer.take(read)
        planned = (schema.section for schema, _ in schemas)
        gatherer.problems.extend(_never_used(read.rules, _names_known(registry, search, planned)))
    return RuleSet(gatherer.rules, tuple(gatherer.problems), gatherer.titles)


def _rule_files(registry: Registry, search: SearchPath) -> Iterable[tuple[Path, str]]:
    """Return the rule files of the form and of every plugin, each once, with the name it is listed under."""
    active = (plugin for plugin in registry.plugins if plugin.state == "active" and plugin.folder is not None)
    places = [(bundled_folder(), search.form), *((plugin.folder, plugin.name) for plugin in active if plugin.folder)]
    found: dict[Path, str] = {}
    for place, name in places:
        for path in search.rule_files(place):
            found.setdefault(path, name)
    return found.items()


def _names_known(registry: Registry, search: SearchPath, planned: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the names that a rule of the report folder may give as its scope; a section need not be in this report."""
    forms = (*(given.value.id for given in registry.forms), *search.forms(), search.form)
    sections = (*registry.section_ids(), *planned)
    return {"forms": forms, "editions": tuple(search.editions(search.form)), "section": sections}


def _never_used(rules: Iterable[Rule], known: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Warn of a rule whose scope names what there is not: it would never run, and nobody would notice."""
    words = {"forms": say("报告种类"), "editions": say("版本"), "section": say("章节")}
    for rule in rules:
        scope = rule.scope
        named = {"forms": scope.forms, "editions": scope.editions, "section": filter(None, [scope.section])}
        for key, name in ((key, name) for key, names in named.items() for name in names if name not in known[key]):
            what = {"what": words[key], "name": name, "near": near(name, known[key])}
            message = say("规则 {rule} 用不上：没有名为“{name}”的{what}{near}", rule=rule.id, **what)
            yield Finding(message, rule="PLG-008", severity=Severity.WARNING, location=rule.location)


def _rules_of(schema: SectionSchema) -> Document:
    """Return the schema's document as a rule file; a schema need not have rules."""
    document = schema.document
    return document if "rules" in schema.data else Document(document.file, {"rules": []}, document.spot)


def _with_computed(rules: tuple[Rule, ...], schema: SectionSchema, plugin: str) -> Iterator[Rule]:
    """Give the rules of computed cells their checks; one that is not described gets a plain description."""
    checks = computed_checks(schema.table) if schema.table else {}
    for rule in rules:
        check = checks.pop(rule.id, None)
        yield replace(rule, check=check) if check else rule
    for rule_id, check in checks.items():
        yield Rule(rule_id, say("合计等于各项之和"), check=check, plugin=plugin, location=schema.document.locate())


class _Gatherer:
    """Take rules in order; the first of an id counts, a second from elsewhere is named."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.rules: dict[str, AnyRule] = {}
        self.problems: list[Finding] = []

    def take(self, read: ReadRules) -> None:
        """Take the rules of a file, and what is wrong with it."""
        self.problems.extend(read.problems)
        self.add(read.rules)

    def add(self, rules: Iterable[AnyRule]) -> None:
        for rule in rules:
            known = self.rules.setdefault(rule.id, rule)
            if known is not rule:
                self.problems.append(_twice(known, rule, self.titles))


def _twice(known: AnyRule, rule: AnyRule, titles: Mapping[str, str]) -> Finding:
    message = say(
        "规则 {rule} 有两处：{first}（{one}）与 {second}（{other}）；后一处没有采用",
        rule=rule.id,
        first=known.location or Location(known.plugin),
        one=_giver(known, titles),
        second=rule.location or Location(rule.plugin),
        other=_giver(rule, titles),
    )
    hint = say("给其中一条换一个编号")
    if rule.plugin not in (ENGINE, OWN, known.plugin):
        hint = say("给其中一条换一个编号，或在 report.yaml 中写 plugins: {{block: [{name}]}}", name=rule.plugin)
    return Finding(message, rule="PLG-005", hint=hint, location=rule.location)


def _giver(rule: AnyRule, titles: Mapping[str, str]) -> str:
    return say("报告文件夹") if rule.plugin == OWN else titles.get(rule.plugin, rule.plugin)


def configured(rules: RuleSet, settings: Mapping[str, Mapping[str, Any]], document: Document) -> RuleSet:
    """Return the rules with what `rules:` in report.yaml says of them."""
    if not settings:
        return rules
    changed: dict[str, AnyRule] = dict(rules.rules)
    problems: list[Finding] = []
    for rule_id, options in settings.items():
        rule = changed.get(rule_id)
        refusal, key = _refusal(rule_id, rule, options, tuple(changed))
        if refusal or rule is None:
            keys = (rule_id, key) if key else (rule_id,)
            problems.append(Finding(refusal, rule="SRC-008", location=document.locate("rules", *keys)))
        else:
            changed[rule_id] = _configured(rule, options)
    return replace(rules, rules=changed, problems=(*rules.problems, *problems))


def _refusal(rule_id: str, rule: AnyRule | None, options: Mapping[str, Any], known: tuple[str, ...]) -> tuple[str, str]:
    """Return why settings of a rule are refused, and the key that is wrong; two empty words if they are not."""
    if rule is None:
        return say("没有规则“{rule}”{near}；已有的见 baogao rules", rule=rule_id, near=near(rule_id, known)), ""
    if not rule.waivable:
        return say("规则 {rule} 是硬性规定，不能改", rule=rule_id), ""
    if options.get("severity", "error") not in list(Severity):
        return say("severity 只能是 error、warning 或 info"), "severity"
    unknown = next((name for name in options if name != "severity" and name not in rule.options), "")
    if unknown:
        names = ("severity", *rule.options)
        message = say("规则 {rule} 没有参数“{name}”；可用：{known}", rule=rule_id, name=unknown, known=listed(names))
        return message, unknown
    for name, default in rule.options.items():
        wanted = _kind_wanted(default, options.get(name, default))
        if wanted:
            return say("规则 {rule} 的 {name} 应是{kind}", rule=rule_id, name=name, kind=wanted), name
    return "", ""


def _kind_wanted(default: Any, value: Any) -> str:
    """Return what kind of value an option takes, where this one is another; its default shows the kind."""
    truths = (True, False, "true", "false")
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    match default:
        case True | False | "true" | "false":
            return "" if value in truths else say(" true 或 false")
        case int() | float() | Decimal():
            return "" if is_number else say("一个数")
        case list() | tuple():
            return "" if isinstance(value, list) else say("一个列表")
        case _:
            return "" if isinstance(value, str) or is_number else say("文字")


def _configured(rule: AnyRule, options: Mapping[str, Any]) -> AnyRule:
    severity = Severity(options.get("severity", rule.severity))
    rest = {name: value for name, value in options.items() if name != "severity"}
    return replace(rule, severity=severity, options={**rule.options, **rest})
