"""Rules written in YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from baogao.definitions.checking import Shape, findings
from baogao.definitions.schemas import is_true
from baogao.expressions import Expression, ExpressionError, parse_expression
from baogao.files.yaml import Document
from baogao.language import Message, near, say
from baogao.model.findings import Finding, Severity
from baogao.model.levels import ALL, TOP
from baogao.model.rules import Check, Rule, Scope
from baogao.model.tables import TableSpec
from baogao.rules.equations import Assertion, exact
from baogao.rules.mentions import Mentions

__all__ = ["OWN", "ReadRules", "read_rules"]


OWN = "report.yaml"
"""Who gives the rules of the report folder."""


@dataclass(frozen=True, slots=True)
class ReadRules:
    """The rules of one file, and what is wrong with it; the other rules still run."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[Finding, ...] = ()


def read_rules(
    document: Document, shape: Shape, table: TableSpec | None = None, plugin: str = "", *, section: str = ""
) -> ReadRules:
    """Return the rules under `rules:`; names in them are those of the table, or full paths.

    `section` is the chapter in whose definition they stand: they are for it alone.
    """
    entries = document.data.get("rules", []) if isinstance(document.data, Mapping) else None
    if document.broken or not isinstance(entries, list):
        problem = Finding(say("规则文件应有 rules: 和一个列表"), rule="PLG-008", location=document.locate())
        return ReadRules(problems=document.problems or (problem,))
    rules: list[Rule] = []
    problems: list[Finding] = []
    for number in range(len(entries)):
        entry = document.at("rules", number)
        reader = _RuleReader(entry, table, plugin, section)
        wrong = _faults(entry, shape)
        made = reader.rule() if not wrong else None
        rules.extend([made] if made else [])
        problems.extend((*wrong, *reader.problems))
    return ReadRules(tuple(rules), tuple(problems))


def _faults(entry: Document, shape: Shape) -> tuple[Finding, ...]:
    if isinstance(entry.data, Mapping):
        return findings(shape.faults(entry.data), entry, "PLG-008")
    message = say("一条规则应是一组“名称: 值”：id、title、assert 等")
    return (Finding(message, rule="PLG-008", location=entry.locate()),)


class _RuleReader:
    """Read one rule."""

    def __init__(self, entry: Document, table: TableSpec | None, plugin: str, section: str) -> None:
        self.entry = entry
        self.table = table
        self.plugin = plugin
        self.section = section or (table.section if table else "")
        self.problems: list[Finding] = []

    def rule(self) -> Rule | None:
        """Return the rule; one without `assert` or `mentions` only describes what the engine itself reports."""
        data: Mapping[str, Any] = self.entry.data
        self._check_hard(data)
        self._check_years(data)
        if self.problems:
            return None
        described = self._described(data)
        makers = {"assert": self._check, "mentions": self._mentions}
        make = next((makers[key] for key in makers if key in data), None)
        if make is None:
            return described
        check = make(data)
        return replace(described, check=check) if check is not None and not self.problems else None

    def _check_hard(self, data: Mapping[str, Any]) -> None:
        """Refuse to soften a rule that reports refused cells: a cell that counts as blank never passes."""
        if "reports" not in data:
            return
        if self.plugin == OWN:
            self._problem(say("报告文件夹里的规则不能写 reports"), "reports")
        elif data.get("severity", "error") != "error":
            self._problem(say("写了 reports 的规则，级别只能是 error"), "severity")
        elif is_true(data.get("waivable", "")):
            self._problem(say("写了 reports 的规则不能说明情况放行"), "waivable")

    def _check_years(self, data: Mapping[str, Any]) -> None:
        years = data.get("years", {})
        first, last = years.get("from", 0), years.get("to", 9999)
        if first > last:
            self._problem(say("years 的起年 {first} 晚于止年 {last}", first=first, last=last), "years")

    def _described(self, data: Mapping[str, Any]) -> Rule:
        return Rule(
            id=data["id"],
            title=data["title"],
            severity=Severity(data.get("severity", "error")),
            gate=data.get("gate", "数据关"),
            basis=data.get("basis", ""),
            explanation=data.get("explanation", "").strip(),
            hint=data.get("hint", ""),
            scope=self._scope(data),
            needs=frozenset((*data.get("needs", ()), *(("previous",) if _reads_last_year(data) else ()))),
            reports=data.get("reports", ""),
            options={"tolerance": data["tolerance"]} if "tolerance" in data else {},
            waivable="reports" not in data and is_true(data.get("waivable", "true")),
            examples=tuple(data.get("examples", ())),
            location=self.entry.locate(),
            plugin=self.plugin,
        )

    def _scope(self, data: Mapping[str, Any]) -> Scope:
        years = data.get("years", {})
        return Scope(
            forms=tuple(data.get("forms", ())),
            editions=tuple(data.get("editions", ())),
            kinds=tuple(data.get("kinds", ())),
            years=(years.get("from", 0), years.get("to", 9999)),
            section=data.get("section", self.section),
        )

    def _check(self, data: Mapping[str, Any]) -> Check | None:
        try:
            expression = parse_expression(data["assert"])
        except ExpressionError as exc:
            self._problem(exc.message, "assert")
            return None
        if not expression.compares:
            self._problem(say("assert 应是一个比较，例如 a + b == c"), "assert")
        elif "tolerance" in data and not expression.tolerant:
            self._problem(say("tolerance 只用于 ==、<=、>="), "tolerance")
        assertion = Assertion(
            expression=expression,
            each=data.get("each", ""),
            at=data.get("at", ""),
            tolerance=exact(data.get("tolerance", 0)),
            message=data.get("message", ""),
            when=self._condition(data),
            section=self.table.section if self.table else data.get("section", ""),
        )
        self._check_names(assertion)
        return assertion

    def _mentions(self, data: Mapping[str, Any]) -> Check:
        message = data.get("message", "")
        try:
            message.format(missing="")
        except (LookupError, ValueError, AttributeError):
            self._problem(say("message 里的花括号只能写 {missing}，代表没有写到的"), "message")
        return Mentions(data["mentions"], data.get("section", self.section), data.get("at", ""), message)

    def _condition(self, data: Mapping[str, Any]) -> Expression | None:
        if "when" not in data:
            return None
        try:
            condition = parse_expression(data["when"])
        except ExpressionError as exc:
            self._problem(exc.message, "when")
            return None
        if not condition.compares:
            self._problem(say("when 应是一个比较，例如 a > 0"), "when")
        return condition

    def _check_names(self, assertion: Assertion) -> None:
        """Refuse names the table does not have; full paths are looked up when the rule runs."""
        if not assertion.expression.names:
            self._problem(say("算式里没有任何一格"), "assert")
        if not assertion.each:
            return
        if self.table is None:
            self._problem(say("each: 只能用在章节定义里"), "each")
            return
        known, others = self.table.rows, self.table.columns
        if assertion.each == "row":
            known, others = others, known
        if assertion.each == "column" and any(band.is_list for band in self.table.bands):
            known = dict.fromkeys((ALL, TOP))
        conditions = assertion.when.names if assertion.when else ()
        named = {"assert": assertion.expression.names, "at": tuple(filter(None, [assertion.at])), "when": conditions}
        for key, name in ((key, name) for key, names in named.items() for name in names):
            if name.removeprefix("previous.") in known:
                continue
            if name.removeprefix("previous.") in others:
                self._problem(self._swapped(name, assertion.each), key)
            else:
                self._problem(say("“{name}”不是这张表的 id{near}", name=name, near=near(name, known)), key)

    def _swapped(self, name: str, each: str) -> Message:
        """Say that a rule for each row names rows, or one for each column columns."""
        row, column = say("行"), say("列")
        is_row, other = each == "row", "column" if each == "row" else "row"
        words = {"own": row if is_row else column, "wanted": column if is_row else row, "each": each, "other": other}
        return say("“{name}”是{own}的名称；each: {each} 时写{wanted}的名称，或改成 each: {other}", name=name, **words)

    def _problem(self, message: Message, key: str) -> None:
        rule_id = self.entry.data["id"]
        text = say("规则 {rule} 有误：{message}", rule=rule_id, message=message)
        self.problems.append(Finding(text, rule="PLG-008", location=self.entry.locate(key)))


def _reads_last_year(data: Mapping[str, Any]) -> bool:
    return any("previous." in str(data.get(key, "")) for key in ("assert", "when"))
