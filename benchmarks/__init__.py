"""Measurements: `python -m benchmarks` prints their tables, or puts them into docs/benchmarks.md.

On a machine that others use a time says little; only ratios of programs that take turns are kept.
"""
