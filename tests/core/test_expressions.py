"""Expressions: exact, equal to Python's own arithmetic, and nothing but arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.expressions import ExpressionError, Number, number_text, parse_expression

VALUES: dict[str, Number] = {"a": 3, "b": 0, "c_d": -7, "x.y": Fraction(5, 2), "big": 10**17}

leaf = st.one_of(
    st.integers(0, 10**9).map(lambda n: (str(n), lambda: Fraction(n))),
    st.decimals(0, 1000, places=3).map(lambda d: (str(d), lambda: Fraction(d))),
    st.sampled_from(sorted(VALUES)).map(lambda name: (name, lambda: Fraction(VALUES[name]))),
)
Drawn = tuple[str, Callable[[], Fraction]]


def binary(drawn: tuple[Drawn, str, Drawn]) -> Drawn:
    (left, value), sign, (right, other) = drawn
    work = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign]
    return f"({left}) {sign} ({right})", lambda: work(value(), other())


def called(drawn: tuple[str, list[Drawn]]) -> Drawn:
    name, parts = drawn
    work: Callable[[list[Fraction]], Fraction] = {"sum": lambda v: sum(v, Fraction()), "min": min, "max": max}[name]
    return f"{name}({', '.join(text for text, _ in parts)})", lambda: work([value() for _, value in parts])


def one(drawn: tuple[str, Drawn]) -> Drawn:
    name, (text, value) = drawn
    return (f"abs({text})", lambda: abs(value())) if name == "abs" else (f"-({text})", lambda: -value())


numbers = st.recursive(
    leaf,
    lambda below: st.one_of(
        st.tuples(below, st.sampled_from("+-*/"), below).map(binary),
        st.tuples(st.sampled_from(["sum", "min", "max"]), st.lists(below, min_size=1, max_size=4)).map(called),
        st.tuples(st.sampled_from(["abs", "-"]), below).map(one),
    ),
    max_leaves=12,
)


@given(numbers)
def test_a_value_is_what_exact_arithmetic_gives(drawn: Drawn):
    text, value = drawn
    expression = parse_expression(text)
    try:
        wanted = value()
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="除数为 0"):
            expression.value(VALUES.__getitem__)
    else:
        assert Fraction(expression.value(VALUES.__getitem__)) == wanted


SIGNS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@given(leaf, st.sampled_from(sorted(SIGNS)), leaf)
def test_a_comparison_holds_when_python_says_so(left: Drawn, sign: str, right: Drawn):
    expression = parse_expression(f"{left[0]} {sign} {right[0]}")
    sides = expression.sides(VALUES.__getitem__)
    assert expression.compares
    assert expression.holds(VALUES.__getitem__) == SIGNS[sign](left[1](), right[1]())
    assert sides is not None
    assert (sides.left, sides.right) == (left[1](), right[1]())


SUMMED = st.recursive(
    st.sampled_from(["a", "b", "c.d", "e"]),
    lambda below: st.one_of(
        st.tuples(below, st.sampled_from("+-"), below).map(lambda parts: f"({''.join(parts)})"),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: f"sum({', '.join(parts)})"),
        below.map(lambda part: f"-{part}"),
    ),
    max_leaves=5,
)


@given(SUMMED, SUMMED, st.fixed_dictionaries({name: st.integers(-2, 2) for name in ("a", "b", "c.d", "e")}))
def test_an_equation_of_sums_is_a_balance_of_its_names(left: str, right: str, values: dict[str, int]):
    equation = parse_expression(f"{left} == {right}")
    assert equation.balance is not None
    one, other = (sum(values[name] for name in names) for names in equation.balance)

    assert (one == other) == equation.holds(values.__getitem__)


@pytest.mark.parametrize("text", ["a == 0", "a <= b", "a == 2 * b", "a == max(b, e)", "a == b == e", "a + b"])
def test_anything_else_is_no_balance(text: str):
    assert parse_expression(text).balance is None


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a == 3 and b == 0", True),
        ("a == 3 and b == 1", False),
        ("a == 4 or b == 0", True),
        ("not a == 3", False),
        ("0 <= b < a", True),
        ("0 < b < a", False),
        ("not (a == 4 or b == 1)", True),
    ],
)
def test_comparisons_can_be_joined(text: str, holds: bool):
    expression = parse_expression(text)
    assert expression.holds(VALUES.__getitem__) is holds
    assert expression.compares


def test_a_tolerance_counts_for_equality_only():
    half = Fraction(1, 2)
    assert parse_expression("a == 3.5").holds(VALUES.__getitem__, half)
    assert not parse_expression("a == 3.51").holds(VALUES.__getitem__, half)
    assert not parse_expression("a > 3").holds(VALUES.__getitem__, half)


def test_decimals_are_exact():
    assert parse_expression("0.1 + 0.2 == 0.3").holds(VALUES.__getitem__)
    assert parse_expression("10 / 3 * 3 == 10").holds(VALUES.__getitem__)


def test_names_are_listed_once_in_the_order_they_are_read():
    assert parse_expression("sum(b, x.y, b) + -a * b").names == ("b", "x.y", "a")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.__class__",
        "a.b.__class__.__mro__",
        "().__class__",
        "'a'",
        "f'{a}'",
        "b'a'",
        "[a]",
        "(a, b)",
        "{a: 1}",
        "{a}",
        "a[0]",
        "lambda: a",
        "a if b else c",
        "[x for x in a]",
        "a := 1",
        "a = 1",
        "a ** b",
        "a // b",
        "a % b",
        "a << b",
        "a | b",
        "~a",
        "+a",
        "a is b",
        "a in b",
        "True",
        "None",
        "...",
        "1j",
        "1e9",
        "1_000",
        "0x10",
        "sum()",
        "sum(*a)",
        "sum(a, key=b)",
        "print(a)",
        "open('x')",
        "a.b()",
        "abs(a, b)",
        "a; b",
        "a\nb",
        "",
        "   ",
        "a +",
        "a ＋ b",
        "1.5.5",
        "#",
        "a\0",
        "9" * 19,
        "0." + "1" * 10,
        "sum(a == b)",
        "(a == b) + 1",
        "-(a == b)",
    ],
)
def test_what_is_not_arithmetic_is_refused(text: str):
    with pytest.raises(ExpressionError):
        parse_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "a" + ")" * 500,
        "-" * 500 + "a",
        "a" + "+a" * 900,
        "a" * 2001,
        "not " * 400 + "a == b",
        "abs(" * 300 + "a" + ")" * 300,
    ],
    ids=["parentheses", "signs", "terms", "length", "nots", "calls"],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str):
    with pytest.raises(ExpressionError):
        parse_expression(text)


@given(st.text(alphabet="ab._ 019+-*/()=<>!,sumandotr'\"[]{}\n\\\x00：", max_size=60))
def test_no_text_ends_the_program(text: str):
    with suppress(ExpressionError):
        expression = parse_expression(text)
        expression.holds(lambda _: 1) if expression.compares else expression.value(lambda _: 1)


@given(st.fractions(-(10**12), 10**12).filter(lambda value: value.denominator < 10**6))
def test_a_number_is_printed_exactly_or_to_six_places(value: Fraction):
    printed = Decimal(number_text(value))
    assert "E" not in number_text(value)
    assert abs(Fraction(printed) - value) <= Fraction(1, 2 * 10**6)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (-3, "-3"),
        (Fraction(6, 2), "3"),
        (Fraction(1, 2), "0.5"),
        (Fraction(1, 3), "0.333333"),
        (10**30, "1" + "0" * 30),
        (Fraction(10**30 + 1, 2), "500000000000000000000000000000.5"),
        (Fraction(10**30, 3), "3" * 30 + ".333333"),
    ],
)
def test_a_number_is_printed_without_an_exponent(value: Number, text: str):
    assert number_text(value) == text


def test_an_equation_is_said_in_words():
    words = {"a": "甲（1）", "b": "乙（2）", "total": "合计（3）"}
    assert parse_expression("sum(a, b) == total").in_words(words.__getitem__) == ("甲（1）＋乙（2）", "合计（3）")
    assert parse_expression("a - b >= 0").in_words(words.__getitem__) == ("甲（1）－乙（2）", "0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a >= 900.5", "甲900.5"),
        ("abs(a - b) <= 0.5", "｜甲－乙｜0.5"),
        ("min(a, b) == max(a, 1)", "最小值（甲，乙）最大值（甲，1）"),
        ("-a == -(a + b)", "－甲－（甲＋乙）"),
        ("a == 1 or not b > 2", "甲＝1或不是（乙＞2）"),
        ("(a == 1 or b == 1) and 0 <= a < 3", "（甲＝1或乙＝1）且0≤甲＜3"),
        ("sum(a, b) * 2 == abs(a)", "（甲＋乙）×2｜甲｜"),
    ],
)
def test_everything_that_may_be_written_is_said_in_words(text: str, said: str):
    words = {"a": "甲", "b": "乙"}
    assert "".join(parse_expression(text).in_words(words.__getitem__)) == said


@pytest.mark.parametrize("text", ["a - (b + a)", "a * (a + b)", "a / (a / b)", "-(a + b)"])
def test_parentheses_that_change_the_value_are_said(text: str):
    words, _ = parse_expression(text).in_words(lambda name: name)
    python = (
        words.replace("＋", "+")
        .replace("－", "-")
        .replace("×", "*")
        .replace("÷", "/")
        .replace("（", "(")
        .replace("）", ")")
    )
    values = {"a": Fraction(2), "b": Fraction(5)}
    assert eval(python, {}, dict(values)) == parse_expression(text).value(values.__getitem__)
