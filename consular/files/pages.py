"""Drawing a file anew: images and the pages of PDF files become fresh pixels. Runs in the child only.

Nothing of the original reaches the copy but what can be seen: scripts, forms' actions, links, attachments, comments,
layers, EXIF with its places and times, colour profiles and whatever hides behind the end of an image stay behind.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import ExifTags, Image, ImageChops, ImageStat

from consular.files import kinds, limits
from consular.files.kinds import identify

A4_LONG = 842.0
"""Points."""
LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
FORMATS = {"jpeg": "JPEG", "png": "PNG"}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by the orientation in its EXIF."""


class Unreadable(Exception):
    """This file cannot be shown to anybody; the code of the reason is the message."""


@dataclass(frozen=True)
class Page:
    """One page of pixels and its size on paper, in points."""

    image: Image.Image
    width: float
    height: float


def count(content: bytes) -> int:
    """How many pages a file has. Raises Unreadable, also for more than a copy may have."""
    if identify(content[: kinds.HEAD]) != "pdf":
        return 1
    with _opened(content) as document:
        if not 0 < len(document) <= limits.MOST_PAGES:
            raise Unreadable("too_many_pages" if len(document) else "damaged")
        return len(document)


def drawn(content: bytes, *, resize: bool = True) -> Iterator[Page]:
    """The pages of a file, one after the other; an image is one page. Raises Unreadable."""
    kind = identify(content[: kinds.HEAD])
    if kind is None:
        raise Unreadable("unknown_kind")
    if kind == "pdf":
        yield from _pages(content)
    else:
        yield _page(photographed(content, FORMATS[kind], resize=resize))


def photographed(content: bytes, form: str, *, resize: bool) -> Image.Image:
    """An image the right way up, in plain colours on white, not larger than needed."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            if image.width * image.height > limits.MOST_PIXELS:
                raise Unreadable("too_large")
            if resize:
                image.draft("RGB", (limits.LONGEST_SIDE, limits.LONGEST_SIDE))
            image.load()
            plain = _on_white(image)
    except Image.DecompressionBombError as error:
        raise Unreadable("too_large") from error
    except (OSError, SyntaxError, ValueError, TypeError) as error:
        raise Unreadable("damaged") from error
    if resize:
        plain.thumbnail((limits.LONGEST_SIDE, limits.LONGEST_SIDE), Image.Resampling.LANCZOS)
    plain = _upright(plain)
    plain.info.clear()  # an encoder would carry the comment over
    return plain


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says, of which nothing else is read; as it lies where it says nothing that can be read."""
    try:
        turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return image.convert("RGB")


def _page(image: Image.Image) -> Page:
    """An image on paper as long as A4."""
    points = A4_LONG / max(image.size)
    return Page(image, image.width * points, image.height * points)


def _pages(content: bytes) -> Iterator[Page]:
    with _opened(content) as document:
        document.init_forms()
        for number in range(len(document)):
            yield _drawn(document, number)


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        with pypdfium2.PdfDocument(content) as document:
            yield document
    except pypdfium2.PdfiumError as error:
        raise Unreadable("locked" if getattr(error, "err_code", None) in LOCKED else "damaged") from error


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Page:
    page = document[number]
    width, height = page.get_size()
    if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
        raise Unreadable("damaged")
    scale = min(limits.DPI / 72, limits.LONGEST_SIDE / max(width, height))
    bitmap = page.render(scale=scale, may_draw_forms=True)
    image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    page.close()
    return Page(image, width, height)


def encoded(image: Image.Image, most: int) -> bytes:
    """As JPEG, grey where there is no colour, within `most` bytes if a lower quality can bring it there."""
    red, green, blue = image.split()
    spread = [ImageStat.Stat(ImageChops.difference(red, other)).extrema[0][1] for other in (green, blue)]
    plain = image.convert("L") if max(spread) < 10 else image
    content = b""
    for quality in limits.QUALITIES:
        kept = io.BytesIO()
        plain.save(kept, "JPEG", quality=quality, optimize=False)
        content = kept.getvalue()
        if len(content) <= most:
            break
    return content
