"""Judge equations over the cells of a report: those that rules assert, and those that computed cells carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

from baogao.definitions.formulas import Named, as_number, formulas, kept, paths_of
from baogao.expressions import Expression, ExpressionError, Number, Sides, number_text, parse_expression
from baogao.language import Message, listed, say
from baogao.model.findings import Finding, State
from baogao.model.levels import ALL, TOP
from baogao.model.report import Report
from baogao.model.rules import Check
from baogao.model.tables import Table, TableSpec

__all__ = ["Assertion", "ComputedCheck", "computed_checks", "exact"]

PREVIOUS = "previous."
"""What stands before the cells of last year's report."""

TOTAL = "this_cell"
"""What a computed cell is called in its own equation."""

ROW_GROUPS: Mapping[str, Message] = {ALL: say("各行之和"), TOP: say("最上一级各行之和")}
"""What rows of a list are called in words."""

MOST_KEPT = 1024
"""How many assertions are kept prepared; so memory is the same for ten reports and ten thousand."""

Numbers = Mapping[str, Number | None]
"""The number in each cell; None where it has none."""

Picker = Callable[[Numbers], Iterable[Any]]

MOST_NAMED = 5
"""An equation with more names than this is shown without the parts that are 0."""


def exact(value: Any) -> Number:
    """Return a tolerance as an exact number."""
    return as_number(value) or 0


@dataclass(frozen=True)
class Place:
    """Where an equation is judged: the cell its finding is put at, the words for it, the cells of each name."""

    expression: Expression
    at: str
    words: str
    named: Named

    @cached_property
    def paths(self) -> frozenset[str]:
        """Return all cells."""
        return frozenset(path for found in self.named.values() for path in found)

    def plainly_holds(self, numbers: Numbers, tolerance: Number) -> bool:
        """Tell whether the equation holds, with no cell blank or lacking; most say that two sums are equal."""
        try:
            if self._sides is not None:
                left, right = self._sides
                return sum(left(numbers)) == sum(right(numbers))
            values = _values(numbers, self.named, self.expression.names)
            return bool(values) and self.expression.holds(values.__getitem__, tolerance)
        except (KeyError, TypeError, ExpressionError):
            return False

    @cached_property
    def _sides(self) -> tuple[Picker, Picker] | None:
        balance = self.expression.balance
        return balance and (_picker(self._cells(balance[0])), _picker(self._cells(balance[1])))

    def _cells(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for name in names for path in self.named[name])


def _picker(paths: tuple[str, ...]) -> Picker:
    """Return what picks the numbers in these cells."""
    if len(paths) > 1:
        return itemgetter(*paths)
    return lambda numbers: [numbers[path] for path in paths]


@dataclass(frozen=True, slots=True)
class Assertion:
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
        tolerance = exact(options["tolerance"]) if "tolerance" in options else self.tolerance
        numbers = report.derived(_numbers)
        doubtful = self._in_each if self.each else self._once
        for place in doubtful(report, numbers, tolerance):
            if self.when is None or _Equation(report, self.when, place).applies():
                yield from self._judged(_Equation(report, self.expression, place), tolerance)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names it reads, and before them the one whose cell its findings are put at."""
        conditions = self.when.names if self.when else ()
        return tuple(dict.fromkeys((self.at or self.expression.names[0], *self.expression.names, *conditions)))

    def _once(self, report: Report, numbers: Numbers, tolerance: Number) -> Iterator[Place]:
        """Yield the place, unless the equation plainly holds there."""
        plain = _plain_place(self)
        if self.when is None and numbers.keys() >= plain.paths and plain.plainly_holds(numbers, tolerance):
            return
        named = {name: _leaves(report, self.full_path(name)) for name in self.names}
        if any(_lacks_section(report, path) for found in named.values() for path in found):
            return  # last year's report without that section: not applicable
        at = named[self.names[0]][0]
        report.cell(at)  # a place that is not there is the rule's own mistake
        yield Place(self.expression, at, "", named)

    def full_path(self, name: str) -> str:
        """Return the cell of a full path; `row.column` is taken from the rule's own section."""
        whole = name.removeprefix(PREVIOUS).count(".") == 2 or not self.section
        return name if whole else f"{self.section}.{name}"

    def _in_each(self, report: Report, numbers: Numbers, tolerance: Number) -> Iterator[Place]:
        """Yield the columns or rows in which the equation does not plainly hold; a condition is looked at closely."""
        section = report.section(self.section)
        last_year = report.previous.section(self.section) if report.previous else None
        for table in section.tables if section else ():
            before = last_year.tables[0] if last_year and last_year.tables else table
            for place in _places(table, self, before.spec, before.keys):
                holds = self.when is None and place.plainly_holds(numbers, tolerance)
                # A row of another band does not have these columns: not applicable.
                if not holds and numbers.keys() >= place.paths:
                    yield place

    def _judged(self, equation: _Equation, tolerance: Number) -> Iterator[Finding]:
        """Yield the finding of one equation, if there is one."""
        if blanks := equation.blanks():
            yield equation.unassessable(blanks)
        elif not self.expression.holds(equation.number, tolerance):
            yield equation.broken(self.message)


@kept
def _places(table: Table, rule: Assertion, before: TableSpec, keys_before: tuple[str, ...]) -> tuple[Place, ...]:
    """Return where an assertion on each column or row is judged; `before` is last year's table."""
    cells = table.specs().values()
    by_column = rule.each == "column"
    columns = dict.fromkeys(cell.column.id for cell in cells if cell.type.is_number)

    def paths(name: str, other: str) -> tuple[str, ...]:
        own = name.removeprefix(PREVIOUS)
        row, column = (own, other) if by_column else (other, own)
        if own == name:
            return paths_of(table.spec, table.keys, row, column)
        return tuple(f"{PREVIOUS}{path}" for path in paths_of(before, keys_before, row, column))

    places: list[Place] = []
    for other in columns if by_column else dict.fromkeys(cell.row.id for cell in cells):
        named = {name: paths(name, other) for name in rule.names}
        at = next(iter(named[rule.names[0]]), "")
        places.extend([Place(rule.expression, at, table.spec.labels.get(other, other), named)] if at else [])
    return tuple(places)


@lru_cache(maxsize=MOST_KEPT)
def _plain_place(rule: Assertion) -> Place:
    """Return where an assertion that is judged once stands, if each of its names is a cell."""
    named = {name: (rule.full_path(name),) for name in rule.names}
    return Place(rule.expression, named[rule.names[0]][0], "", named)


def _leaves(report: Report, path: str) -> tuple[str, ...]:
    """Return the cell of a full path, or the leaves of the groups that it names."""
    year, _, rest = path.partition(".")
    if year == "previous" and report.previous is not None:
        return tuple(f"previous.{leaf}" for leaf in _leaves(report.previous, rest))
    section = report.section(year)
    if report.has(path) or section is None or path.count(".") != 2:
        return (path,)
    _, row, column = path.split(".")
    found = tuple(leaf for table in section.tables for leaf in paths_of(table.spec, table.keys, row, column))
    return found if found and all(map(report.has, found)) else (path,)


def _lacks_section(report: Report, path: str) -> bool:
    """Tell whether last year's report has no such section; one that this year's lacks is the rule's mistake.

    A rule on a section that a report may be without says so by its scope: `section:`.
    """
    year, _, rest = path.partition(".")
    return year == "previous" and (report.previous is None or report.previous.section(rest.partition(".")[0]) is None)


def _numbers(report: Report) -> Numbers:
    """Return the number in each cell, last year's too."""
    values = ((path, cell.value) for path, cell in report.by_path.items())
    numbers = {path: value if type(value) is int else as_number(value) for path, value in values}
    if report.previous is not None:
        numbers |= {f"{PREVIOUS}{path}": number for path, number in report.previous.derived(_numbers).items()}
    return numbers


def _values(numbers: Numbers, named: Named, names: Iterable[str]) -> Mapping[str, Number]:
    """Return what each name stands for; nothing where a cell is blank, or is not there."""
    values: dict[str, Number] = {}
    for name in names:
        total: Number = 0
        for path in named[name]:
            number = numbers.get(path)
            if number is None:
                return {}
            total += number
        values[name] = total
    return values


class _Equation:
    """One equation over the cells of a report."""

    def __init__(self, report: Report, expression: Expression, place: Place) -> None:
        self.report = report
        self.expression = expression
        self.place = place
        self.values = _values(report.derived(_numbers), place.named, expression.names)

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the paths of the cells."""
        return tuple(dict.fromkeys(path for name in self.expression.names for path in self.place.named[name]))

    def blanks(self) -> tuple[str, ...]:
        """Return the cells without a number; raise KeyError for one that is not there."""
        if self.values:
            return ()
        return tuple(path for path in self.cells if as_number(self.report.cell(path).value) is None)

    def number(self, name: str) -> Number:
        """Return what a name stands for."""
        return self.values[name]

    def applies(self) -> bool:
        """Tell whether a condition holds; one that cannot be assessed does not."""
        return not self.blanks() and self.expression.holds(self.number)

    def unassessable(self, blanks: tuple[str, ...]) -> Finding:
        """Return the finding that a side is blank, which is never counted as 0."""
        names = listed(say("“{label}”", label=self.report.cell_label(path)) for path in blanks[:3])
        more = say("等 {count} 格", count=len(blanks)) if len(blanks) > 3 else say("")
        place = _prefix(self.place.words)
        message = say("{place}无法核对：{names}{more}没有可用的数", place=place, names=names, more=more)
        return self.report.finding(self.place.at, message, state=State.UNASSESSABLE, cells=self.cells)

    def broken(self, own: str) -> Finding:
        """Return the finding that the two sides differ, with both in words."""
        sides = self.expression.sides(self.number)
        left, right = (words or "0" for words in self.expression.in_words(self._in_words))
        expected, actual = (number_text(sides.left), number_text(sides.right)) if sides else (None, None)
        place = _prefix(self.place.words)
        message = say("{place}“{words}”不成立", place=place, words=left)
        if own:
            message = say("{place}{message}", place=place, message=say(own))
        elif sides and sides.sign == "＝":
            one, other = _side(left, expected), _side(right, actual)
            rest = say("（没有列出的各项都是 0）") if len(self.expression.names) > MOST_NAMED else say("")
            message = say("{place}{left}；{right}。两边应相等{rest}", place=place, left=one, right=other, rest=rest)
        elif sides:
            one, other = _side(left, expected), _side(right, actual)
            message = say("{place}{left}，应{sign}{right}", place=place, left=one, sign=sides.sign, right=other)
        return self.report.finding(self.place.at, message, cells=self.cells, expected=expected, actual=actual)

    def _in_words(self, name: str) -> str:
        """Return a name as `label（number）`; of a long equation only the parts that are not 0 are named."""
        paths = self.place.named[name]
        if len(self.expression.names) > MOST_NAMED and not self.number(name) and name != TOTAL:
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
        tolerance, numbers = exact(options.get("tolerance", 0)), report.derived(_numbers)
        for table in (table for section in report if self.section in ("", section.id) for table in section.tables):
            for place in _computed(table, self.rule_id):
                is_typed = bool(self.rule_id) or table.cells[place.at].typed is not None
                if is_typed and not place.plainly_holds(numbers, tolerance):
                    yield from _differing(_Equation(report, place.expression, place), tolerance)


@kept
def _computed(table: Table, rule_id: str) -> tuple[Place, ...]:
    """Return the equations of the computed cells that carry a rule, each with its place."""
    return tuple(
        Place(
            parse_expression(f"{formula.expression.source} == {TOTAL}"),
            path,
            "",
            {**formula.named, TOTAL: (path,)},
        )
        for path, found in formulas(table).items()
        for formula in found
        if formula.rule == rule_id
    )


def _differing(equation: _Equation, tolerance: Number) -> Iterator[Finding]:
    expression = equation.expression
    if blanks := equation.blanks():
        yield equation.unassessable(blanks)
    elif not expression.holds(equation.number, tolerance) and not _same(expression.sides(equation.number)):
        yield equation.broken("")


def _same(sides: Sides | None) -> bool:
    """Tell whether formula and cell are printed the same: a quotient without end is rounded where it is computed."""
    return sides is None or number_text(sides.left) == number_text(sides.right)
