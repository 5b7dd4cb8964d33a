"""The child: reads files, draws them anew, writes the copy. Started by `rendering` as `python -I -m`.

It loads and tries everything once, then gives everything up, and only then reads the first byte of a stranger.
Both ways: one line of JSON, then the bytes it announces, one after the other.
"""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageFile, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from consular.files import assembling, confinement, limits, photo
from consular.files.pages import Page, Unreadable, count, drawn, encoded

LOADED = (ImageFile, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
"""Named so that they are there before nothing can be opened any more."""


@dataclass(frozen=True)
class Copied:
    """The copy, and a picture of its first page."""

    kind: str
    pages: int
    advice: tuple[str, ...]
    content: bytes
    preview: bytes


def main() -> None:
    """One order in, one answer out; called with the seconds of CPU and the bytes of memory it may use."""
    _try_once()
    is_alone = confinement.enter(*map(int, sys.argv[1:]))
    order = json.loads(sys.stdin.buffer.readline(100_000))
    pieces = [sys.stdin.buffer.read(size) for size in order["sizes"]]
    copy = _tried(pieces, as_photo=order["as_photo"])
    if isinstance(copy, str):
        _say({"unfit": copy, "alone": is_alone})
    else:
        told = {"kind": copy.kind, "pages": copy.pages, "advice": copy.advice, "alone": is_alone}
        _say(told | {"sizes": [len(copy.content), len(copy.preview)]}, copy.content, copy.preview)


def _tried(pieces: list[bytes], *, as_photo: bool) -> Copied | str:
    """The copy, or why there can be none."""
    try:
        return _copied(pieces, as_photo=as_photo)
    except Unreadable as reason:
        return str(reason)
    except MemoryError:
        return "too_heavy"
    except Exception:  # whatever else a parser trips over lies in the file, and would again tomorrow
        return "damaged"


def _copied(pieces: list[bytes], *, as_photo: bool) -> Copied:
    if as_photo and len(pieces) == 1 and not pieces[0].startswith(b"%PDF"):
        return _photo(pieces[0])
    number = sum(count(content) for content in pieces)
    if number > limits.MOST_PAGES:
        raise Unreadable("too_many_pages")
    sheets, preview = list[assembling.Sheet](), b""
    for page in _all_pages(pieces):
        preview = preview or _preview(page.image)
        sheets.append(_sheet(page, limits.LARGEST_COPY // max(number, 8)))
        if sum(len(sheet.jpeg) for sheet in sheets) > limits.LARGEST_COPY:
            raise Unreadable("too_heavy")
    return Copied("pdf", len(sheets), (), assembling.pdf(sheets), preview)


def _photo(content: bytes) -> Copied:
    (page,) = drawn(content, resize=False)
    said = photo.advice(page.image)
    page.image.thumbnail((limits.LONGEST_SIDE, limits.LONGEST_SIDE), Image.Resampling.LANCZOS)
    return Copied("jpeg", 1, said, encoded(page.image, limits.LARGEST_COPY // 8), _preview(page.image))


def _all_pages(pieces: list[bytes]) -> Iterator[Page]:
    for content in pieces:
        yield from drawn(content)


def _sheet(page: Page, most: int) -> assembling.Sheet:
    jpeg = encoded(page.image, most)
    with Image.open(io.BytesIO(jpeg)) as written:
        return assembling.Sheet(jpeg, written.size, (page.width, page.height), written.mode == "L")


def _preview(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((limits.PREVIEW_SIDE, limits.PREVIEW_SIDE), Image.Resampling.BILINEAR)
    return encoded(small, limits.MEGABYTE)


def _try_once() -> None:
    """Draw, read and write something harmless of each kind: libraries load parts of themselves at first use."""
    dot, kept = Image.new("RGB", (9, 9), "red"), io.BytesIO()
    dot.save(kept, "PNG")
    jpeg = encoded(dot, limits.MEGABYTE)
    sheet = assembling.Sheet(jpeg, dot.size, (9, 9), is_grey=False)
    _copied([kept.getvalue(), jpeg, assembling.pdf([sheet])], as_photo=False)
    _copied([jpeg], as_photo=True)


def _say(line: dict[str, object], *contents: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(line).encode() + b"\n")
    for content in contents:
        out.write(content)
    out.flush()


if __name__ == "__main__":
    main()
