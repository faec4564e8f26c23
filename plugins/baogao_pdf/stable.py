"""The same DOCX gives the same bytes: the times and identifiers LibreOffice writes are fixed, each at its length."""

from __future__ import annotations

import hashlib
import re
from datetime import date

__all__ = ["fixed"]

DATES = re.compile(rb"(/(?:Creation|Mod)Date ?\(D:)(\d{14})")
XMP_DATES = re.compile(rb"(<xmp:(?:Create|Modify|Metadata)Date>)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
IDENTIFIERS = re.compile(rb"(?<=[<(/])[0-9A-F]{32}(?=[>)\s])")


def fixed(content: bytes, day: date | None) -> bytes:
    """Return the PDF dated the day of the report, with identifiers made of its contents."""
    written = day or date(1980, 1, 1)
    content = DATES.sub(lambda found: found[1] + f"{written:%Y%m%d}000000".encode(), content)
    content = XMP_DATES.sub(lambda found: found[1] + f"{written:%Y-%m-%d}T00:00:00".encode(), content)
    start = content.rfind(b"trailer")
    if start < 0:
        return content
    blank = IDENTIFIERS.sub(b"0" * 32, content[start:])
    identifier = hashlib.sha256(content[:start] + blank).hexdigest()[:32].upper().encode()
    return content[:start] + IDENTIFIERS.sub(identifier, content[start:])
