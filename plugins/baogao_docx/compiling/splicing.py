"""A ZIP of which most members never change: they are compressed once, and a new archive only adds the others."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

__all__ = ["Deflate", "Packing", "Splice", "deflate", "fastest_packing"]

Deflate = Callable[[bytes], bytes]

LOCAL = struct.Struct("<4sHHHHHLLLHH")
CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END = struct.Struct("<4sHHHHLLH")
VERSION, UTF8, DEFLATED = 20, 0x0800, 8
MIDNIGHT, FIRST_DAY = 0, 33
"""The fixed date of every member, 1980-01-01, as DOS writes it."""

FAST = 3
"""The level for what is compressed anew each time: twice as fast as the usual 6, hardly larger."""


def deflate(content: bytes, level: int = FAST) -> bytes:
    """Return the bytes compressed as members of a ZIP are."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


class Packing(NamedTuple):
    """How members are compressed, and how their checksums (CRC-32) are counted."""

    deflate: Deflate = deflate
    checksum: Callable[[bytes], int] = zlib.crc32


def fastest_packing() -> Packing:
    """Return ISA-L's packing where the extra `isal` is installed, or else zlib's."""
    try:
        from isal import isal_zlib
    except ImportError:
        return Packing()
    return Packing(lambda content: isal_zlib.compress(content, 1, -15), isal_zlib.crc32)


@dataclass(frozen=True, slots=True)
class _Member:
    """A member as it stands in the archive, from its local header to its data, and what the directory says of it."""

    name: bytes
    crc: int
    packed: int
    size: int
    body: bytes

    def entry(self, offset: int) -> bytes:
        """Return its line of the central directory."""
        fields = (b"PK\x01\x02", (3 << 8) | VERSION, VERSION, UTF8, DEFLATED, MIDNIGHT, FIRST_DAY)
        sizes = (self.crc, self.packed, self.size, len(self.name), 0, 0, 0, 0, 0o600 << 16, offset)
        return CENTRAL.pack(*fields, *sizes) + self.name


def _member(name: str, content: bytes, packing: Packing) -> _Member:
    encoded, crc, packed = name.encode(), packing.checksum(content), packing.deflate(content)
    head = (b"PK\x03\x04", VERSION, UTF8, DEFLATED, MIDNIGHT, FIRST_DAY)
    header = LOCAL.pack(*head, crc, len(packed), len(content), len(encoded), 0)
    return _Member(encoded, crc, len(packed), len(content), header + encoded + packed)


class Splice:
    """An archive with some members fixed; the others are given each time it is written."""

    def __init__(self, fixed: Mapping[str, bytes], packing: Packing) -> None:
        """Compress the fixed members, in this order; `packing` is for the others."""
        smallest = Packing(partial(deflate, level=9))
        members = [_member(name, content, smallest) for name, content in fixed.items()]
        self._packing = packing
        self._start = b"".join(member.body for member in members)
        self._count = len(members)
        entries: list[bytes] = []
        offset = 0
        for member in members:
            entries.append(member.entry(offset))
            offset += len(member.body)
        self._directory = b"".join(entries)

    def archive(self, changing: Mapping[str, bytes]) -> bytes:
        """Return the archive with these members behind the fixed ones."""
        pieces, entries = [self._start], [self._directory]
        offset = len(self._start)
        for name, content in changing.items():
            member = _member(name, content, self._packing)
            pieces.append(member.body)
            entries.append(member.entry(offset))
            offset += len(member.body)
        directory = b"".join(entries)
        count = self._count + len(changing)
        return b"".join((*pieces, directory, END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)))
