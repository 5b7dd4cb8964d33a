"""DataMatrix (ISO/IEC 16022): drawn for letters, and read from pictures."""

from typing import Any

import zxingcpp

LARGEST_PICTURE = 40_000_000
"""Pixels of a picture that is searched."""


def rows(content: bytes) -> tuple[str, ...]:
    """The modules of the symbol that carries these bytes, a row each: `#` is dark."""
    barcode = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.DataMatrix)
    drawn: Any = barcode.to_image(scale=1, add_quiet_zones=False)
    picture: Any = memoryview(drawn).tolist()
    return tuple("".join("#" if value < 128 else "." for value in row) for row in picture)


def path(modules: tuple[str, ...]) -> str:
    """The dark modules as one SVG path; runs of a row are one rectangle."""
    parts = []
    for y, row in enumerate(modules):
        x = row.find("#")
        while x >= 0:
            end = row.find(".", x)
            end = len(row) if end < 0 else end
            parts.append(f"M{x} {y}h{end - x}v1h{x - end}z")
            x = row.find("#", end)
    return "".join(parts)


def read(picture: Any) -> tuple[bytes, ...]:
    """What all symbols on a picture (a Pillow image) carry. Raises ValueError when it is too large."""
    if picture.width * picture.height > LARGEST_PICTURE:
        raise ValueError("the picture is too large")
    kind: Any = zxingcpp.BarcodeFormat.DataMatrix
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=kind)
    return tuple(bytes(one.bytes) for one in found if one.valid)
