"""The name of a file as it may be shown to people. It is a label: nothing is ever stored or handed out under it."""

import re
import unicodedata

LONGEST = 80
_JOINERS = "\u200c\u200d"
"""Persian and Indian spelling needs them."""
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_FOLDERS = re.compile(r"[/\\]")


def tidy(name: str) -> str:
    """The last part of a path, composed (NFC), without control, override and unassigned characters; "" if none is left.

    Over-long names lose their middle, so that their ending can still be read.
    """
    last = _FOLDERS.split(unicodedata.normalize("NFC", name[-1000:]))[-1]
    seen = "".join(c for c in last if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    plain = " ".join(seen.split()).strip(". " + _JOINERS)
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[: LONGEST // 2]}…{plain[-(LONGEST // 2 - 1) :]}"
