"""Days and periods as they are written on the command line."""

import re
from argparse import ArgumentTypeError
from datetime import date

from consular.travel.stays import Stay

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date:
    """A day such as 2026-03-01; for `type=` of an argument."""
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ArgumentTypeError(f"{text[:40]!r} is no date; write it as 2026-03-01")


def stay(text: str) -> Stay:
    """A stay such as 2025-03-01..2025-03-30, both days included; for `type=` of an argument."""
    first, dots, last = text.partition("..")
    if not dots:
        raise ArgumentTypeError(f"{text[:40]!r} is no stay; write it as 2025-03-01..2025-03-30")
    try:
        return Stay(day(first), day(last))
    except ValueError:
        raise ArgumentTypeError(f"the stay {text} ends before it begins") from None
