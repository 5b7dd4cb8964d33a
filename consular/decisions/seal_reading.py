"""Finding a seal in what somebody has: its digits, a picture, or the letter itself.

For the command line only: pages and pictures of strangers are opened here, and no web process does that.
"""

import hashlib
import io
import math
from collections.abc import Iterator
from contextlib import closing

import pikepdf
import pypdfium2
from PIL import Image

from consular.decisions import barcode, pdf, seal_code
from consular.decisions.seal_code import MAGIC

PAGES = 60
"""Pages of a file that are looked at, the last ones first."""

_SCALE = 2.5
_MOST_PIXELS = 0.9 * barcode.LARGEST_PICTURE
_LONGEST_SIDE = 20_000


class Unreadable(ValueError):
    """There is no seal in this."""


def found(content: bytes) -> tuple[bytes, ...]:
    """All seals in a file: a PDF, a picture, the bytes themselves, or their digits. Raises Unreadable."""
    if b"%PDF-" in content[:1024]:
        seals = next((seals for seals in _pages(content) if seals), ())
    elif content[:1] == bytes([MAGIC]):
        seals = (content,)
    else:
        seals = _written(content) or _pictured(content)
    if not seals:
        raise Unreadable("no seal was found")
    return seals


def facts_inside(content: bytes) -> str | None:
    """The SHA-256 of the file with the facts that a letter carries; None when it has none."""
    try:
        with pikepdf.open(io.BytesIO(content)) as file:
            inside = file.attachments.get(pdf.FACTS)
            return hashlib.sha256(inside.get_file().read_bytes()).hexdigest() if inside else None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        return None


def _written(content: bytes) -> tuple[bytes, ...]:
    try:
        seal = seal_code.typed(content.decode("ascii"))
    except UnicodeDecodeError:
        return ()
    return (seal,) if seal else ()


def _pictured(content: bytes) -> tuple[bytes, ...]:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF", "WEBP")) as picture:
            return barcode.read(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("this is neither a seal nor a picture nor a PDF file") from error


def _pages(content: bytes) -> Iterator[tuple[bytes, ...]]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("the PDF file cannot be read") from error
    with closing(document):
        for number in list(reversed(range(len(document))))[:PAGES]:
            yield _on_page(document, number)


def _on_page(document: pypdfium2.PdfDocument, number: int) -> tuple[bytes, ...]:
    """The seals on a page; a very large one is drawn smaller, and one that cannot be drawn has none."""
    try:
        with closing(document[number]) as page:
            width, height = page.get_size()
            fits = min(math.sqrt(_MOST_PIXELS / (width * height)), _LONGEST_SIDE / max(width, height))
            with closing(page.render(scale=min(_SCALE, fits))) as bitmap:
                return barcode.read(bitmap.to_pil())
    except (pypdfium2.PdfiumError, ArithmeticError, ValueError):
        return ()
