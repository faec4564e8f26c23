"""Characters that no document can carry, such as control characters, and those that nobody sees in one."""

from __future__ import annotations

import re

__all__ = ["INVISIBLE", "UNPRINTABLE", "UNSEEN"]

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
"""What is not seen in print, as a class of a regular expression has it."""
UNSEEN = re.compile(f"[{INVISIBLE}]")
