"""Exit codes, the same for every command."""

__all__ = ["FAILED", "FOUND", "INTERRUPTED", "PASSED", "USAGE"]

PASSED = 0
"""No finding at or above `--fail-on`."""
FOUND = 1
"""There is one, also when `--draft` wrote files."""
USAGE = 2
"""The command line is wrong, or no report could be read."""
FAILED = 3
"""A plugin this report uses, or the program, failed."""
INTERRUPTED = 130
"""Ctrl-C."""
