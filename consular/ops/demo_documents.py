"""Documents of the demo: drawn on the spot, and marked as what they are."""

import io

from PIL import Image, ImageDraw, ImageFont

PAPER, INK, MARK = "#fbfaf6", "#20304a", "#b03030"


def specimen(title: str, lines: tuple[str, ...]) -> bytes:
    """A sheet of paper (PNG) with a title and a few lines, across it the word that says it is none."""
    image = Image.new("RGB", (827, 1169), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((80, 90), title, INK, ImageFont.load_default(44))
    for number, line in enumerate(lines):
        pen.text((80, 200 + 60 * number), line, INK, ImageFont.load_default(26))
    pen.text((150, 700), "SPECIMEN", MARK, ImageFont.load_default(110))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
