"""What is let pass before Cerberus is asked, Cerberus would have let pass too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from baogao.definitions.checking import shape_of
from baogao.definitions.plain_cells import plainly_fits

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
        "forbidden": st.lists(st.integers(-5, 5), max_size=3),
        "empty": st.booleans(),
        "regex": st.just("[0-9]+"),
        "meta": META,
    },
)


@given(rules=PLAIN | ANY, value=VALUES)
def test_what_plainly_fits_is_what_cerberus_lets_pass(rules: dict[str, Any], value: Any):
    if plainly_fits(rules, value):
        assert shape_of({"schema": {"cell": rules}}).faults({"cell": value}) == ()


@given(number=st.integers(0, 10**9))
def test_an_ordinary_count_plainly_fits(number: int):
    assert plainly_fits({"type": "integer", "min": 0}, number)
    assert plainly_fits({"type": "decimal", "min": 0, "meta": {"unit": "万元"}}, Decimal(number) / 100)
    assert plainly_fits({"type": "integer", "min": 0, "nullable": True}, None)
    assert not plainly_fits({"type": "integer", "min": 0}, -1 - number)
