"""Expressions over cells, as schemas and rules write them: exact, bounded, and never run as Python.

    new_received + carried_over == total_handled + carried_forward
    sum(natural_person, organisations)

A name is a cell, a group (the sum of its leaves) or a dotted path. Numbers are exact: integers and fractions.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property, lru_cache

from baogao.language import Message, listed, say

__all__ = ["Expression", "ExpressionError", "Number", "Sides", "number_text", "parse_expression"]

Number = int | Fraction
Lookup = Callable[[str], Number]
Wording = Callable[[str], str]
Evaluator = Callable[[Lookup], Number]
Judge = Callable[[Lookup, Number], bool]
Sign = Callable[[Number, Number, Number], bool]

LONGEST = 2000
DEEPEST = 60
ALONE = 3
"""How strongly a name or a number holds together: it never needs brackets."""
EXTREMES: Mapping[str, str] = {"min": "最小值", "max": "最大值"}
PLACES = 6
"""Decimals shown of a number whose decimals do not end."""

SINGLE_EQUALS = re.compile(r"(?<![=<>!])[=＝](?!=)")
NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")

ARITHMETIC: Mapping[type[ast.operator], tuple[Callable[[Number, Number], Number], str]] = {
    ast.Add: (lambda left, right: left + right, "＋"),
    ast.Sub: (lambda left, right: left - right, "－"),
    ast.Mult: (lambda left, right: left * right, "×"),
    ast.Div: (lambda left, right: Fraction(left) / Fraction(right), "÷"),
}
COMPARISONS: Mapping[type[ast.cmpop], tuple[Callable[[Number, Number], bool], str]] = {
    ast.Eq: (operator.eq, "＝"),
    ast.NotEq: (operator.ne, "≠"),
    ast.Lt: (operator.lt, "＜"),
    ast.LtE: (operator.le, "≤"),
    ast.Gt: (operator.gt, "＞"),
    ast.GtE: (operator.ge, "≥"),
}
FUNCTIONS: Mapping[str, Callable[[list[Number]], Number]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "abs": lambda values: abs(values[0]),
}


class ExpressionError(Exception):
    """An expression is not one; `message` says why."""

    def __init__(self, message: Message) -> None:
        """Take what is wrong."""
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of the comparison that decides an assertion, and its sign."""

    left: Number
    right: Number
    sign: str


@dataclass(frozen=True)
class Expression:
    """A parsed expression; `names` are the names it reads, in order."""

    source: str
    tree: ast.expr
    names: tuple[str, ...]

    @property
    def compares(self) -> bool:
        """Tell whether it asserts something rather than giving a number."""
        return _asks(self.tree)

    @property
    def tolerant(self) -> bool:
        """Tell whether a tolerance means anything in it."""
        compared = (node for node in ast.walk(self.tree) if isinstance(node, ast.Compare))
        return any(isinstance(op, ast.Eq | ast.LtE | ast.GtE) for node in compared for op in node.ops)

    def value(self, lookup: Lookup) -> Number:
        """Return the number it gives; raise ExpressionError for a division by zero."""
        return self._evaluate(lookup)

    def holds(self, lookup: Lookup, tolerance: Number = 0) -> bool:
        """Tell whether the assertion holds; sides may differ by the tolerance, except in < and >."""
        return self._judge(lookup, tolerance)

    def sides(self, lookup: Lookup) -> Sides | None:
        """Return the two sides of a plain comparison; None for a combination of several."""
        if not isinstance(self.tree, ast.Compare) or len(self.tree.ops) != 1:
            return None
        left, right = self.tree.left, self.tree.comparators[0]
        return Sides(_evaluator(left)(lookup), _evaluator(right)(lookup), COMPARISONS[type(self.tree.ops[0])][1])

    def in_words(self, wording: Wording) -> tuple[str, str]:
        """Return both sides with each name put into words; the second is "" where it does not compare.

        A part of a sum that `wording` says nothing of is left out.
        """
        if isinstance(self.tree, ast.Compare) and len(self.tree.ops) == 1:
            return _words(self.tree.left, wording), _words(self.tree.comparators[0], wording)
        return _words(self.tree, wording), ""

    @cached_property
    def balance(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Return the names on each side where it says that two sums are equal; None for anything else.

        What is subtracted on one side is added on the other: `a - b == c` is the balance of a and b, c.
        """
        match self.tree:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                one, other = _terms(left), _terms(right)
                return one and other and ((*one[0], *other[1]), (*other[0], *one[1]))
            case _:
                return None

    @cached_property
    def _evaluate(self) -> Evaluator:
        return _evaluator(self.tree)

    @cached_property
    def _judge(self) -> Judge:
        return _judge(self.tree)


@lru_cache(maxsize=4096)
def parse_expression(source: str) -> Expression:
    """Return the expression; raise ExpressionError for what is not allowed in one."""
    source = " ".join(source.split())  # a folded equation is one line
    if len(source) > LONGEST:
        raise ExpressionError(say("算式太长，超过 {limit} 个字符", limit=LONGEST))
    try:
        tree = ast.parse(source, mode="eval").body
        _check(tree, source, 0)
    except SyntaxError as exc:
        if SINGLE_EQUALS.search(source):
            raise ExpressionError(say("算式“{source}”写法有误：相等写两个等号 ==", source=source)) from exc
        raise ExpressionError(
            say("算式“{source}”写法有误（第 {column} 个字符处）", source=source, column=exc.offset or 1)
        ) from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise ExpressionError(say("算式“{source}”无法读懂", source=source[:60])) from exc
    return Expression(source, tree, tuple(dict.fromkeys(_names(tree))))


def number_text(value: Number) -> str:
    """Return a number as it is printed; a fraction that ends is written as a decimal."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    with localcontext(prec=len(str(value.numerator)) + len(str(value.denominator)) + PLACES):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        ends = Fraction(quotient) == value
        return format(quotient if ends else quotient.quantize(Decimal(1).scaleb(-PLACES)), "f")


def _check(node: ast.expr, source: str, depth: int) -> None:
    """Refuse everything but numbers, names, arithmetic, comparisons, and/or/not and the known functions."""
    if depth > DEEPEST:
        raise ExpressionError(say("算式嵌套太深"))
    if not _allowed(node):
        part = ast.get_source_segment(source, node) or source
        known = listed(FUNCTIONS)
        raise ExpressionError(
            say("算式中不能写“{part}”；可用 + - * / 比较、and or not，以及 {known}", part=part, known=known)
        )
    if isinstance(node, ast.Constant):
        # The exact digits as written: 0.1 must not become a binary float.
        node.value = _exact(ast.get_source_segment(source, node) or "")
    for child in _operands(node):
        if _asks(child) and not isinstance(node, ast.BoolOp) and not _is_not(node):
            raise ExpressionError(say("比较的结果不能当作数来用"))
        _check(child, source, depth + 1)


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _asks(node: ast.expr) -> bool:
    """Tell whether a part is a question rather than a number."""
    return isinstance(node, ast.Compare | ast.BoolOp) or _is_not(node)


def _exact(text: str) -> int | str:
    if not NUMBER.fullmatch(text):
        raise ExpressionError(say("“{text}”不是可以用的数；写成 12 或 0.5 这样", text=text[:40]))
    return int(text) if text.isdigit() else str(Fraction(Decimal(text)))


def _allowed(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int() | float() as value):
            return not isinstance(value, bool)
        case ast.Name() | ast.Attribute():
            name = _dotted(node)
            return bool(name) and "__" not in name and name.split(".")[0] not in FUNCTIONS
        case ast.BinOp(op=op):
            return type(op) in ARITHMETIC
        case ast.UnaryOp(op=op):
            return isinstance(op, ast.USub | ast.Not)
        case ast.Compare(ops=ops):
            return all(type(op) in COMPARISONS for op in ops)
        case ast.BoolOp():
            return True
        case ast.Call(func=ast.Name(id=name), keywords=[], args=[_, *more]):
            return name in FUNCTIONS and not (name == "abs" and more)
        case _:
            return False


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            yield from (left, right)
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare(left=left, comparators=comparators):
            yield from (left, *comparators)
        case ast.BoolOp(values=values):
            yield from values
        case ast.Call(args=args):
            yield from args
        case _:
            return


def _names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name | ast.Attribute):
        yield _dotted(node)
    for child in _operands(node):
        yield from _names(child)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _terms(node: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the names that a part adds and those that it subtracts; None where it does anything else."""
    match node:
        case ast.Name() | ast.Attribute():
            return (_dotted(node),), ()
        case ast.BinOp(op=ast.Add()) | ast.Call(func=ast.Name(id="sum")):
            parts = [_terms(part) for part in _operands(node)]
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            parts = [_terms(left), _swapped(_terms(right))]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            parts = [_swapped(_terms(operand))]
        case _:
            return None
    known = [part for part in parts if part]
    if len(known) < len(parts):
        return None
    return tuple(name for part in known for name in part[0]), tuple(name for part in known for name in part[1])


def _swapped(terms: tuple[tuple[str, ...], tuple[str, ...]] | None) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    return terms and (terms[1], terms[0])


def _evaluator(node: ast.expr) -> Evaluator:
    """Return a function that gives the number, so that the tree is walked once, however often it is asked."""
    match node:
        case ast.Constant(value=value):
            number = value if isinstance(value, int) else Fraction(str(value))
            return lambda _: number
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(ARITHMETIC[type(op)][0], _evaluator(left), _evaluator(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _negated(_evaluator(operand))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(FUNCTIONS[name], [_evaluator(arg) for arg in args])
        case ast.Name() | ast.Attribute():
            name = _dotted(node)
            return lambda lookup: lookup(name)
        case _:
            raise ExpressionError(say("比较的结果不能当作数来用"))


def _arithmetic(apply: Callable[[Number, Number], Number], left: Evaluator, right: Evaluator) -> Evaluator:
    def evaluate(lookup: Lookup) -> Number:
        try:
            return apply(left(lookup), right(lookup))
        except ZeroDivisionError as exc:
            raise ExpressionError(say("算式中除数为 0")) from exc

    return evaluate


def _negated(operand: Evaluator) -> Evaluator:
    return lambda lookup: -operand(lookup)


def _called(function: Callable[[list[Number]], Number], args: list[Evaluator]) -> Evaluator:
    return lambda lookup: function([arg(lookup) for arg in args])


def _judge(node: ast.expr) -> Judge:
    """Return a function that tells whether the assertion holds."""
    match node:
        case ast.BoolOp(op=op, values=values):
            return _joined(all if isinstance(op, ast.And) else any, [_judge(value) for value in values])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _denied(_judge(operand))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _compared([_sign(op) for op in ops], [_evaluator(operand) for operand in (left, *comparators)])
        case _:
            number = _evaluator(node)
            return lambda lookup, _: number(lookup) != 0


def _joined(every: Callable[[Iterable[bool]], bool], judges: list[Judge]) -> Judge:
    return lambda lookup, tolerance: every(judge(lookup, tolerance) for judge in judges)


def _denied(judge: Judge) -> Judge:
    return lambda lookup, tolerance: not judge(lookup, tolerance)


def _compared(signs: list[Sign], operands: list[Evaluator]) -> Judge:
    def judge(lookup: Lookup, tolerance: Number) -> bool:
        numbers = [operand(lookup) for operand in operands]
        return all(sign(one, other, tolerance) for sign, one, other in zip(signs, numbers, numbers[1:], strict=False))

    return judge


def _sign(op: ast.cmpop) -> Sign:
    """Return a comparison that allows for a tolerance, where one means anything."""
    match op:
        case ast.Eq():
            return lambda one, other, tolerance: one == other or (tolerance > 0 and abs(one - other) <= tolerance)
        case ast.LtE():
            return lambda one, other, tolerance: one - other <= tolerance
        case ast.GtE():
            return lambda one, other, tolerance: other - one <= tolerance
        case _:
            compares = COMPARISONS[type(op)][0]
            return lambda one, other, _: compares(one, other)


def _binds(node: ast.expr) -> int:
    """Return how strongly a part holds together: sums least, products more, anything else most."""
    if isinstance(node, ast.Call) and len(node.args) > 1:
        return 1
    if isinstance(node, ast.BinOp):
        return 2 if isinstance(node.op, ast.Mult | ast.Div) else 1
    return ALONE


def _is_plus(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)


def _bracketed(node: ast.expr, wording: Wording, *, needs: bool) -> str:
    words = _words(node, wording)
    return f"（{words}）" if needs and words else words


def _words(node: ast.expr, wording: Wording) -> str:
    match node:
        case ast.Name() | ast.Attribute():
            return wording(_dotted(node))
        case ast.BinOp(left=left, op=op, right=right):
            first = _bracketed(left, wording, needs=_binds(left) < _binds(node))
            second = _bracketed(right, wording, needs=_binds(right) <= _binds(node) and not _is_plus(node))
            return f"{first}{ARITHMETIC[type(op)][1]}{second}"
        case ast.Call(func=ast.Name(id="sum"), args=args):
            return "＋".join(filter(None, (_words(arg, wording) for arg in args)))
        case ast.Constant(value=value):
            return number_text(Fraction(str(value)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"－{_bracketed(operand, wording, needs=_binds(operand) < ALONE)}"
        case ast.Call(func=ast.Name(id="abs"), args=[arg]):
            return f"｜{_words(arg, wording)}｜"
        case ast.Call(func=ast.Name(id=name), args=args):
            return f"{EXTREMES[name]}（{'，'.join(_words(arg, wording) for arg in args)}）"
        case _:
            return _asked(node, wording)


def _asked(node: ast.expr, wording: Wording) -> str:
    """Return a comparison, or several that are joined, in words."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            others = zip(ops, comparators, strict=True)
            rest = "".join(f"{COMPARISONS[type(op)][1]}{_words(other, wording)}" for op, other in others)
            return f"{_words(left, wording)}{rest}"
        case ast.BoolOp(op=op, values=values):
            parts = (_bracketed(value, wording, needs=isinstance(value, ast.BoolOp)) for value in values)
            return ("且" if isinstance(op, ast.And) else "或").join(parts)
        case _:
            return f"不是（{''.join(_words(operand, wording) for operand in _operands(node))}）"
