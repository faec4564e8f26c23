"""Rules written in YAML, and the rules that computed cells carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from baogao.definitions.checking import Shape, findings
from baogao.definitions.formulas import Formula, Paths, as_number, formulas, paths_of
from baogao.definitions.schemas import is_true
from baogao.expressions import Expression, ExpressionError, Number, Sides, number_text, parse_expression
from baogao.files.yaml import Document
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Severity, State
from baogao.model.levels import ALL, TOP
from baogao.model.report import Report
from baogao.model.rules import Check, Rule, Scope
from baogao.model.tables import Table, TableSpec

__all__ = ["OWN", "ComputedCheck", "ReadRules", "computed_checks", "read_rules"]


TOTAL = "this_cell"
"""What a computed cell is called in its own equation."""

ROW_GROUPS: Mapping[str, Message] = {ALL: say("各行之和"), TOP: say("最上一级各行之和")}
"""What rows of a list are called in words."""

OWN = "report.yaml"
"""Who gives the rules of the report folder."""

MOST_NAMED = 5
"""An equation with more names than this is shown without the parts that are 0."""


@dataclass(frozen=True, slots=True)
class ReadRules:
    """The rules of one file, and what is wrong with it; the other rules still run."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[Finding, ...] = ()


def read_rules(document: Document, shape: Shape, table: TableSpec | None = None, plugin: str = "") -> ReadRules:
    """Return the rules under `rules:`; names in them are those of the table, or full paths."""
    entries = document.data.get("rules", []) if isinstance(document.data, Mapping) else None
    if document.broken or not isinstance(entries, list):
        problem = Finding(say("规则文件应有 rules: 和一个列表"), rule="PLG-008", location=document.locate())
        return ReadRules(problems=document.problems or (problem,))
    rules: list[Rule] = []
    problems: list[Finding] = []
    for number in range(len(entries)):
        entry = document.at("rules", number)
        reader = _RuleReader(entry, table, plugin)
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

    def __init__(self, entry: Document, table: TableSpec | None, plugin: str) -> None:
        self.entry = entry
        self.table = table
        self.plugin = plugin
        self.problems: list[Finding] = []

    def rule(self) -> Rule | None:
        """Return the rule; one without `assert` only describes what the engine itself reports."""
        data: Mapping[str, Any] = self.entry.data
        self._check_hard(data)
        self._check_years(data)
        if self.problems:
            return None
        described = self._described(data)
        if "assert" not in data:
            return described
        check = self._check(data)
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
            section=data.get("section", self.table.section if self.table else ""),
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
        assertion = _Assertion(
            expression=expression,
            each=data.get("each", ""),
            at=data.get("at", ""),
            tolerance=_exact(data.get("tolerance", 0)),
            message=data.get("message", ""),
            when=self._condition(data),
            section=self.table.section if self.table else data.get("section", ""),
        )
        self._check_names(assertion)
        return assertion

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

    def _check_names(self, assertion: _Assertion) -> None:
        """Refuse names the table does not have; full paths are looked up when the rule runs."""
        if not assertion.expression.names:
            self._problem(say("算式里没有任何一格"), "assert")
        if not assertion.each:
            return
        if self.table is None:
            self._problem(say("each: 只能用在章节定义里"), "each")
            return
        known = self.table.rows if assertion.each == "column" else self.table.columns
        if assertion.each == "column" and any(band.is_list for band in self.table.bands):
            known = dict.fromkeys((ALL, TOP))
        conditions = assertion.when.names if assertion.when else ()
        named = {"assert": assertion.expression.names, "at": tuple(filter(None, [assertion.at])), "when": conditions}
        for key, name in ((key, name) for key, names in named.items() for name in names):
            if name.removeprefix("previous.") not in known:
                self._problem(say("“{name}”不是这张表的 id{near}", name=name, near=near(name, known)), key)

    def _problem(self, message: Message, key: str) -> None:
        rule_id = self.entry.data["id"]
        text = say("规则 {rule} 有误：{message}", rule=rule_id, message=message)
        self.problems.append(Finding(text, rule="PLG-008", location=self.entry.locate(key)))


def _reads_last_year(data: Mapping[str, Any]) -> bool:
    return any("previous." in str(data.get(key, "")) for key in ("assert", "when"))


def _exact(value: Any) -> Number:
    return as_number(value) or 0


@dataclass(frozen=True, slots=True)
class _Assertion:
    """Check an assertion in every column, in every row, or once."""

    expression: Expression
    each: str
    at: str
    tolerance: Number
    message: str
    when: Expression | None
    section: str

    def __call__(self, report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield a finding wherever the assertion does not hold, or cannot be assessed."""
        if "tolerance" in options:
            yield from replace(self, tolerance=_exact(options["tolerance"]))(report, {})
            return
        if not self.each:

            def paths(name: str) -> tuple[str, ...]:
                return _leaves(report, self._full_path(name))

            named = (*self.expression.names, *(self.when.names if self.when else ()))
            if any(_lacks_section(report, path) for name in named for path in paths(name)):
                return  # last year's report without that section: not applicable
            at = paths(self.at or self.expression.names[0])[0]
            report.cell(at)  # a place that is not there is the rule's own mistake
            yield from _judged(report, self, paths, at, "")
            return
        section = report.section(self.section)
        for table in section.tables if section else ():
            yield from self._each(report, self.section, table)

    def _full_path(self, name: str) -> str:
        """Return the cell of a full path; `row.column` is taken from the rule's own section."""
        whole = name.removeprefix("previous.").count(".") == 2 or not self.section
        return name if whole else f"{self.section}.{name}"

    def _each(self, report: Report, section: str, table: Table) -> Iterator[Finding]:
        rows = table.rows()
        columns = dict.fromkeys(column for cells in rows.values() for column in cells if cells[column].type.is_number)
        last_year = report.previous.section(section) if report.previous else None
        before = last_year.tables[0] if last_year and last_year.tables else table
        for name in columns if self.each == "column" else rows:
            paths = self._paths_for(table, before, name)
            named = (*self.expression.names, *(self.when.names if self.when else ()), *filter(None, [self.at]))
            wanted = [path for each in named for path in paths(each)]
            # A row of another band does not have these columns: not applicable.
            if all(report.has(path) for path in wanted):
                at = paths(self.at or self.expression.names[0])[0]
                yield from _judged(report, self, paths, at, table.spec.labels.get(name, name))

    def _paths_for(self, table: Table, before: Table, name: str) -> Paths:
        def paths(named: str) -> tuple[str, ...]:
            year, _, rest = named.partition(".")
            last_year = year == "previous"
            row, column = (rest if last_year else named, name)
            row, column = (row, column) if self.each == "column" else (column, row)
            found = paths_of(before if last_year else table, row=row, column=column)
            return tuple(f"{'previous.' * last_year}{path}" for path in found)

        return paths


def _leaves(report: Report, path: str) -> tuple[str, ...]:
    """Return the cell of a full path, or the leaves of the groups that it names."""
    year, _, rest = path.partition(".")
    if year == "previous" and report.previous is not None:
        return tuple(f"previous.{leaf}" for leaf in _leaves(report.previous, rest))
    section = report.section(year)
    if report.has(path) or section is None or path.count(".") != 2:
        return (path,)
    _, row, column = path.split(".")
    found = tuple(leaf for table in section.tables for leaf in paths_of(table, row=row, column=column))
    return found if found and all(map(report.has, found)) else (path,)


def _lacks_section(report: Report, path: str) -> bool:
    """Tell whether last year's report has no such section; one that this year's lacks is the rule's mistake.

    A rule on a section that a report may be without says so by its scope: `section:`.
    """
    year, _, rest = path.partition(".")
    return year == "previous" and (report.previous is None or report.previous.section(rest.partition(".")[0]) is None)


def _judged(report: Report, rule: _Assertion, paths: Paths, at: str, place: str) -> Iterator[Finding]:
    """Yield the finding of one equation, if there is one; where its condition does not hold it does not apply."""
    if rule.when is not None:
        condition = _Equation(report, rule.when, paths)
        if condition.blanks() or not rule.when.holds(condition.number):
            return
    equation = _Equation(report, rule.expression, paths)
    blanks = equation.blanks()
    if blanks:
        yield equation.unassessable(at, place, blanks)
    elif not rule.expression.holds(equation.number, rule.tolerance):
        yield equation.broken(at, place, rule.message)


class _Equation:
    """One equation over the cells of a report."""

    def __init__(self, report: Report, expression: Expression, paths: Paths) -> None:
        self.report = report
        self.expression = expression
        self.paths = {name: paths(name) for name in expression.names}
        self.numbers = {path: as_number(report.cell(path).value) for found in self.paths.values() for path in found}

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the paths of the cells."""
        return tuple(self.numbers)

    def blanks(self) -> tuple[str, ...]:
        """Return the cells without a number."""
        return tuple(path for path, number in self.numbers.items() if number is None)

    def number(self, name: str) -> Number:
        """Return what a name stands for."""
        return sum(self.numbers[path] or 0 for path in self.paths[name])

    def unassessable(self, at: str, place: str, blanks: tuple[str, ...]) -> Finding:
        """Return the finding that a side is blank, which is never counted as 0."""
        names = listed(say("“{label}”", label=self.report.cell_label(path)) for path in blanks[:3])
        more = say("等 {count} 格", count=len(blanks)) if len(blanks) > 3 else say("")
        message = say("{place}无法核对：{names}{more}没有可用的数", place=_prefix(place), names=names, more=more)
        return self.report.finding(at, message, state=State.UNASSESSABLE, cells=self.cells)

    def broken(self, at: str, place: str, own: str) -> Finding:
        """Return the finding that the two sides differ, with both in words."""
        sides = self.expression.sides(self.number)
        left, right = (words or "0" for words in self.expression.in_words(self._in_words))
        expected, actual = (number_text(sides.left), number_text(sides.right)) if sides else (None, None)
        message = say("{place}“{words}”不成立", place=_prefix(place), words=self.expression.source)
        if own:
            message = say("{place}{message}", place=_prefix(place), message=say(own))
        elif sides and sides.sign == "＝":
            one, other = _side(left, expected), _side(right, actual)
            rest = say("（没有列出的各项都是 0）") if len(self.paths) > MOST_NAMED else say("")
            message = say(
                "{place}{left}；{right}。两边应相等{rest}", place=_prefix(place), left=one, right=other, rest=rest
            )
        elif sides:
            one, other = _side(left, expected), _side(right, actual)
            message = say(
                "{place}{left}，应{sign}{right}", place=_prefix(place), left=one, sign=sides.sign, right=other
            )
        return self.report.finding(at, message, cells=self.cells, expected=expected, actual=actual)

    def _in_words(self, name: str) -> str:
        """Return a name as `label（number）`; of a long equation only the parts that are not 0 are named."""
        paths = self.paths[name]
        if len(self.paths) > MOST_NAMED and not self.number(name) and name != TOTAL:
            return ""
        section = self.report.section(paths[0].split(".")[0])
        labels: Mapping[str, str] = section.tables[0].spec.labels if section and section.tables else {}
        label = (
            ROW_GROUPS.get(name) or labels.get(name) or (self.report.cell_label(paths[0]) if len(paths) == 1 else name)
        )
        return f"{label}（{number_text(self.number(name))}）"


def _prefix(place: str) -> Message:
    return say("“{place}”：", place=place) if place else say("")


def _side(words: str, value: str | None) -> str:
    """Return one side with its value, unless it is a single number anyway."""
    return (
        words if words == value or (words.endswith(f"（{value}）") and words.count("（") == 1) else f"{words}＝{value}"
    )


def computed_checks(spec: TableSpec) -> dict[str, Check]:
    """Return the checks that computed cells carry, by the id of their rule: what was typed must be the sum."""
    ids = {
        node.rule for band in spec.bands for tree in (*band.columns, *band.rows) for node in tree.walk() if node.rule
    }
    ids |= {band.levels.rule for band in spec.bands if band.levels.rule}
    return {rule_id: ComputedCheck(spec.section, rule_id) for rule_id in sorted(ids)}


@dataclass(frozen=True, slots=True)
class ComputedCheck:
    """Check every cell whose formula names this rule: in `A == B`, A is the formula and B the cell.

    Without a section and a rule it checks the formulas that name none, in all sections.
    """

    section: str = ""
    rule_id: str = ""

    def __call__(self, report: Report, options: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield a finding for each typed cell that differs from its formula."""
        for table in (table for section in report if self.section in ("", section.id) for table in section.tables):
            for cell in table.computed():
                for formula in formulas(table, cell):
                    if formula.rule == self.rule_id and (self.rule_id or table.cells[cell.path].typed is not None):
                        yield from _compared(report, cell.path, formula, _exact(options.get("tolerance", 0)))


def _compared(report: Report, path: str, formula: Formula, tolerance: Number) -> Iterator[Finding]:
    expression = parse_expression(f"{formula.source} == {TOTAL}")
    equation = _Equation(report, expression, lambda name: (path,) if name == TOTAL else formula.paths(name))
    blanks = equation.blanks()
    if blanks:
        yield equation.unassessable(path, "", blanks)
    elif not expression.holds(equation.number, tolerance) and not _same(expression.sides(equation.number)):
        yield equation.broken(path, "", "")


def _same(sides: Sides | None) -> bool:
    """Tell whether formula and cell are printed the same: a quotient without end is rounded where it is computed."""
    return sides is None or number_text(sides.left) == number_text(sides.right)
