"""Drawn portraits: head and shoulders before a background, as good or as bad as a test wants."""

from PIL import Image, ImageDraw, ImageFilter


def portrait(
    size: tuple[int, int] = (700, 900),
    *,
    skin: str = "#b07850",
    ground: str = "#e8e8e4",
    head: float = 0.74,
    middle: float = 0.5,
    top: float = 0.08,
) -> Image.Image:
    """A head of `head` of the height from hair to chin, its middle and top where they are said."""
    width, height = size
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    tall, x, y = head * height, middle * width, top * height
    wide = tall * 0.72
    pen.rectangle((x - wide * 0.22, y + tall * 0.8, x + wide * 0.22, height), fill=skin)
    shoulders = y + tall * 1.08
    pen.ellipse((x - wide * 0.95, shoulders, x + wide * 0.95, shoulders + height), fill="#303a55")
    pen.ellipse((x - wide / 2, y, x + wide / 2, y + tall), fill=skin)
    pen.pieslice((x - wide / 2, y, x + wide / 2, y + tall * 0.8), 180, 360, fill="#2a2018")
    for side in (-0.2, 0.2):
        eye = (x + side * wide, y + tall * 0.48)
        pen.ellipse((eye[0] - 18, eye[1] - 9, eye[0] + 18, eye[1] + 9), fill="white", outline="black")
        pen.ellipse((eye[0] - 6, eye[1] - 6, eye[0] + 6, eye[1] + 6), fill="black")
    pen.line((x - wide * 0.12, y + tall * 0.78, x + wide * 0.12, y + tall * 0.78), fill="#802020", width=5)
    return image


def shadowed() -> Image.Image:
    """Before a background that is dark on one side."""
    image = portrait()
    shade = Image.linear_gradient("L").rotate(90).resize(image.size)
    return Image.composite(image, Image.new("RGB", image.size, "#303030"), shade)


def blurred() -> Image.Image:
    """A camera that moved."""
    return portrait().filter(ImageFilter.GaussianBlur(12))
