"""One page of a copy that `assembling` wrote, or of a photo, as the picture it is: nothing has to be drawn for it."""

import re
from dataclasses import dataclass

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_IMAGE = re.compile(
    rb"\d+ 0 obj\n<</Type/XObject/Subtype/Image/Width (\d+)/Height (\d+)"
    rb"/ColorSpace/Device(?:Gray|RGB)/BitsPerComponent 8/Filter/DCTDecode/Length (\d+)>>\nstream\n"
)
_LINE = 20
"""Bytes of a line in the table of places."""
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG after which its size stands."""


@dataclass(frozen=True)
class Leaf:
    """The picture (JPEG) of one page with its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def leaf(content: bytes, kind: str, number: int) -> Leaf | None:
    """Page `number`, from one, of a copy of this kind ("pdf" or "jpeg"); None where there is no such page."""
    if kind == "jpeg":
        size = _size(content)
        return Leaf(content, *size) if number == 1 and size else None
    place = _place(content, 5 + 3 * (number - 1)) if number > 0 else None
    found = _IMAGE.match(content, place) if place is not None else None
    if found is None:
        return None
    width, height, length = map(int, found.groups())
    return Leaf(content[found.end() : found.end() + length], width, height)


def _place(pdf: bytes, number: int) -> int | None:
    """Where an object of our own file begins, from its table at the end."""
    start = _START.search(pdf, max(0, len(pdf) - 100))
    head = re.compile(rb"xref\n0 (\d+)\n").match(pdf, int(start[1])) if start else None
    if head is None or number >= int(head[1]):
        return None
    line = pdf[head.end() + number * _LINE :][:10]
    return int(line) if line.isdigit() else None


def _size(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height as its header says."""
    place = 2
    while place + 9 <= len(jpeg) and jpeg[place] == 0xFF:
        if jpeg[place + 1] in _SIZES:
            return int.from_bytes(jpeg[place + 7 : place + 9]), int.from_bytes(jpeg[place + 5 : place + 7])
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4])
    return None
