"""For the tests of plugins: a report from a few words, what is found in it, and what is printed of it.

The pytest plugin, `baogao_pytest`, adds the fixtures `baogao_case` and `baogao_golden`; see docs/testing.md.
"""

from __future__ import annotations

from baogao.testing.cases import Case, cases_of
from baogao.testing.trying import TriedReport, try_report

__all__ = ["Case", "TriedReport", "cases_of", "try_report"]
