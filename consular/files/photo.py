"""Advice on a passport photo from simple measures of its pixels. Advice: an officer decides.

Measured: size, ratio of 35 x 45 mm, how light and even the background is, whether something stands out from it as head
and shoulders do, how much of the height the head takes, whether it is in the middle, and sharpness. Not measured, as it
takes a face detector: whether it is a face, whose it is, expression, eyes, glasses, shadows in the face. Nothing is
judged by the colour of skin or hair. Bounds are wide: what is said should be true more often than what is left out.
Source of the sizes: ICAO Doc 9303 part 3 and PassV annex 8 (head 32 to 36 of 45 mm).
"""

from PIL import Image, ImageChops, ImageFilter, ImageStat

LEAST_WIDTH, LEAST_HEIGHT = 413, 531
"""35 x 45 mm at 300 dpi."""
RATIO, RATIO_MARGIN = 35 / 45, 0.06
DARKEST_BACKGROUND = 140
MOST_UNEVEN = 26
"""Standard deviation of the brightness in the upper corners, of 255."""
LEAST_SHARP = 3.5
SMALLEST_HEAD, LARGEST_HEAD = 0.5, 0.88
"""Share of the height from the top of the hair to the neck; the rules want 0.7 to 0.8 to the chin (children 0.5)."""
OFF_CENTRE = 0.12
_STANDS_OUT = 34
_WIDTH, _HEIGHT, _NARROWEST = 105, 135, 4


def advice(image: Image.Image) -> tuple[str, ...]:
    """Codes of what may be wrong with a photo (`cases.attachments.Advice` has the words); empty if nothing."""
    said = [*_frame(image)]
    small = image.convert("RGB").resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)
    said += _background(small)
    if "background_uneven" not in said:
        said += _head(_silhouette(small))
    if _sharpness(image) < LEAST_SHARP:
        said.append("blurred")
    return tuple(said)


def _frame(image: Image.Image) -> list[str]:
    width, height = image.size
    said = []
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        said.append("too_small")
    if abs(width / height - RATIO) > RATIO_MARGIN:
        said.append("wrong_ratio")
    return said


def _corners(small: Image.Image) -> list[Image.Image]:
    """The upper corners, where behind a head there is only background."""
    width, height = _WIDTH // 10, _HEIGHT // 5
    return [small.crop((0, 0, width, height)), small.crop((_WIDTH - width, 0, _WIDTH, height))]


def _background(small: Image.Image) -> list[str]:
    brightness = [ImageStat.Stat(corner.convert("L")) for corner in _corners(small)]
    means = [stat.mean[0] for stat in brightness]
    uneven = max(*(stat.stddev[0] for stat in brightness), abs(means[0] - means[1]))
    said = ["background_dark"] if min(means) < DARKEST_BACKGROUND else []
    return said + (["background_uneven"] if uneven > MOST_UNEVEN else [])


def _silhouette(small: Image.Image) -> list[list[int]]:
    """For each row, the columns that differ from the background."""
    left, right = (ImageStat.Stat(corner).median for corner in _corners(small))
    ground = Image.new("RGB", small.size, tuple((a + b) // 2 for a, b in zip(left, right, strict=True)))
    difference = ImageChops.difference(small, ground).convert("RGB")
    strongest = ImageChops.lighter(
        ImageChops.lighter(*difference.split()[:2]), difference.split()[2]
    ).tobytes()
    return [
        [column for column in range(_WIDTH) if strongest[row * _WIDTH + column] > _STANDS_OUT]
        for row in range(_HEIGHT)
    ]


def _head(rows: list[list[int]]) -> list[str]:
    """What the outline says: the head is what lies above the narrowest row before the shoulders."""
    widths = [len(row) for row in rows]
    top = next((number for number, width in enumerate(widths) if width >= _NARROWEST), None)
    if top is None or top > _HEIGHT // 2:
        return ["no_head"]
    neck = _neck(widths, top)
    if neck is None:
        return ["head_large"] if max(widths) > _WIDTH * 0.9 and top < 3 else []
    widest = max(range(top, neck), key=lambda row: widths[row])
    share, said = (neck - top) / _HEIGHT, []
    if share < SMALLEST_HEAD:
        said.append("head_small")
    elif share > LARGEST_HEAD:
        said.append("head_large")
    if abs(sum(rows[widest]) / widths[widest] / _WIDTH - 0.5) > OFF_CENTRE:
        said.append("off_centre")
    return said


def _neck(widths: list[int], top: int) -> int | None:
    """The narrowest row between the head and what is wider again below it; None where the outline has no waist."""
    widest = 0
    for row in range(top, _HEIGHT):
        widest = max(widest, widths[row])
        if widths[row] < widest * 0.8:
            return min(range(row, _HEIGHT), key=lambda below: widths[below])
    return None


def _sharpness(image: Image.Image) -> float:
    """How strongly brightness changes from pixel to pixel, at one size for all photos."""
    grey = image.convert("L").resize((LEAST_WIDTH, LEAST_HEIGHT), Image.Resampling.BILINEAR)
    inner = grey.filter(ImageFilter.Kernel((3, 3), (0, -1, 0, -1, 4, -1, 0, -1, 0), scale=1, offset=128))
    return ImageStat.Stat(inner.crop((2, 2, LEAST_WIDTH - 2, LEAST_HEIGHT - 2))).stddev[0]
