"""A PDF of nothing but JPEG pages, written by hand: what is not written here cannot be in it (ISO 32000-1)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One JPEG with its size in pixels and on paper, in points; grey or in colours."""

    jpeg: bytes
    pixels: tuple[int, int]
    points: tuple[float, float]
    is_grey: bool


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """The file: a catalogue, a list of pages, and for each page its frame, its one drawing command and its image."""
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(sheets)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(sheets)}>>".encode(),
    ]
    for number, sheet in enumerate(sheets):
        objects += _page(sheet, 3 + 3 * number)
    return _file(objects)


def _page(sheet: Sheet, first: int) -> list[bytes]:
    width, height = (f"{length:.2f}" for length in sheet.points)
    draw = f"{width} 0 0 {height} 0 0 cm /I Do".encode()
    colours = "/DeviceGray" if sheet.is_grey else "/DeviceRGB"
    return [
        (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]"
            f"/Resources<</XObject<</I {first + 2} 0 R>>>>/Contents {first + 1} 0 R>>"
        ).encode(),
        _stream("", draw),
        _stream(
            f"/Type/XObject/Subtype/Image/Width {sheet.pixels[0]}/Height {sheet.pixels[1]}"
            f"/ColorSpace{colours}/BitsPerComponent 8/Filter/DCTDecode",
            sheet.jpeg,
        ),
    ]


def _stream(entries: str, content: bytes) -> bytes:
    return f"<<{entries}/Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    """Objects numbered from one, and the table of where they begin."""
    parts, places, place = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"], [], 0
    for number, content in enumerate(objects, start=1):
        place += len(parts[-1])
        places.append(place)
        parts.append(b"%d 0 obj\n" % number + content + b"\nendobj\n")
    place += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % each for each in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table)
    parts.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, place))
    return b"".join(parts)
