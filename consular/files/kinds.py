"""What a file is, by its first bytes alone: neither its name nor what a browser says counts."""

import re

_PDF = re.compile(rb"%PDF-[12]\.\d")
_SIGNATURES = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}

HEAD = 8
"""So many bytes are enough to tell."""


def identify(head: bytes) -> str | None:
    """ "pdf", "jpeg" or "png" by the first eight bytes; None for anything else.

    Stricter than most readers: PDF files that begin later than at their first byte (ISO 32000 lets readers search a
    kilobyte) are how one file is two things at once.
    """
    if _PDF.match(head):
        return "pdf"
    return next((kind for kind, signature in _SIGNATURES.items() if head.startswith(signature)), None)
