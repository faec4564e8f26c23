"""What is let pass before Cerberus is asked, Cerberus would have let pass too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.definitions.checking import Shape, load_shape, shape_of
from baogao.definitions.gate import gate_of
from baogao.files.yaml import read_yaml
from reports import EXAMPLE

NUMBERS = st.one_of(st.integers(-5, 5), st.decimals(-5, 5, places=2))
VALUES = NUMBERS | st.integers() | st.booleans() | st.none() | st.text(max_size=3) | st.just([])
META = st.just({"label": "数"})
PLAIN = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "decimal"])},
    optional={"min": NUMBERS, "max": NUMBERS, "nullable": st.booleans(), "meta": META},
)
ANY = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["integer", "decimal", "string", "number", ["integer", "string"]]),
        "min": NUMBERS,
        "max": NUMBERS,
        "nullable": st.booleans(),
        "places": st.integers(0, 3),
        "allowed": st.lists(st.integers(-5, 5), max_size=3),
        "forbidden": st.lists(st.integers(-5, 5) | st.sampled_from(["", "a", "b"]), max_size=3),
        "empty": st.booleans(),
        "regex": st.sampled_from(["", "[0-9]+", "a$", "a|b", "(?i)B"]),
        "minlength": st.integers(0, 2),
        "maxlength": st.integers(0, 2),
        "meta": META,
    },
)


@given(rules=PLAIN | ANY, value=VALUES)
def test_what_plainly_fits_is_what_cerberus_lets_pass(rules: dict[str, Any], value: Any):
    if gate_of(rules)(value):
        with patch.object(Shape, "plainly_fits", lambda *_: False):
            assert shape_of({"schema": {"cell": rules}}).faults({"cell": value}) == ()


@given(number=st.integers(0, 10**9))
def test_an_ordinary_count_plainly_fits(number: int):
    assert gate_of({"type": "integer", "min": 0})(number)
    assert gate_of({"type": "decimal", "min": 0, "places": 2, "meta": {"unit": "万元"}})(Decimal(number) / 100)
    assert gate_of({"type": "integer", "min": 0, "nullable": True})(None)
    assert not gate_of({"type": "integer", "min": 0})(-1 - number)


SCALARS = st.sampled_from(
    [
        *(
            {"type": "string"},
            {"type": "string", "empty": False},
            {"type": "string", "maxlength": 2},
            {"type": "integer"},
        ),
        *({"type": ["string", "integer"]}, {"type": "string", "allowed": ["a", "true"]}, {"nullable": True}, {}),
        *(
            {"type": "integer", "min": 1, "max": 3},
            {"type": "string", "check_with": "id"},
            {"type": "boolean"},
            {"type": "integer"},
        ),
        *({"check_with": "iso_date", "nullable": True}, {"type": "string", "check_with": "inside", "nullable": True}),
        *({"type": "string", "regex": "a+"}, {"type": "string", "min": 2}, {"type": "integer", "maxlength": 1}),
    ]
)


def holding(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return rules for lists and mappings of what the inner rules are for."""
    more = {"empty": st.just(False), "nullable": st.booleans(), "maxlength": st.integers(0, 2)}
    lists = st.fixed_dictionaries({"type": st.just("list"), "schema": inner}, optional=more)
    fields = st.dictionaries(st.sampled_from(["a", "b"]), st.builds(_maybe_required, inner, st.booleans()), min_size=1)
    own = {"empty": st.just(False), "nullable": st.booleans(), "allow_unknown": st.booleans()}
    kinds = st.fixed_dictionaries({"type": st.just("dict"), "schema": fields | st.just("named")}, optional=own)
    every = {"keysrules": SCALARS, "valuesrules": inner, "required": st.booleans()}
    return lists | kinds | st.fixed_dictionaries({"type": st.just("dict")}, optional=every)


def _maybe_required(rules: dict[str, Any], required: bool) -> dict[str, Any]:
    return {**rules, "required": True} if required else rules


WORDS = st.sampled_from(["", "a", "b", "true", "../x", "get", "2021-01-20", "2021-02-30", "abc"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(0, 5) | st.just(Decimal("1.5")) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "A"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMED = {"named": {"a": {"type": "string"}, "b": {"type": "integer", "nullable": True}}}


@given(rules=st.recursive(SCALARS, holding, max_leaves=4), value=DATA)
@settings(max_examples=1500)
def test_what_plainly_fits_in_lists_and_mappings_is_what_cerberus_lets_pass(rules: dict[str, Any], value: Any):
    if gate_of(rules, NAMED)(value):
        with patch.object(Shape, "plainly_fits", lambda *_: False):
            assert Shape({"x": rules}, NAMED).faults({"x": value}) == ()


def test_the_reports_of_the_examples_plainly_fit():
    for example in sorted(EXAMPLE.parent.glob("*/report.yaml")):
        data = read_yaml(example, example.name).data
        assert load_shape("report").plainly_fits(data), example
