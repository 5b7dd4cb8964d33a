"""The number of a row, as one of our pages wrote it into a button."""


def number(text: str | None) -> int:
    """The number; 0, which no row has, for anything else that was posted."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
