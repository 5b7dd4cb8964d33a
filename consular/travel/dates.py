"""The six digits of a date in a machine-readable zone, and the century they leave out.

A birth date may be known in part only: unknown places hold fillers (ICAO Doc 9303 part 3, section 4.8); some
issuers write 00 there. Partial dates are ISO 8601 as in forms: "1974-08-12", "1974-08", "1974", and "" for nothing
at all.
"""

from datetime import date

UNKNOWN = ("<<", "00")
BEFORE, AFTER = 30, 69
"""A date of expiry is taken for a year from 30 before to 69 after today's; those are a hundred."""


def read_birth(six: str, today: date) -> str | None:
    """The latest such date that is not in the future; None when it is no date."""
    found = None
    for century in range(1800, today.year + 1, 100):
        said = _iso(six, century)
        if said is not None and said <= today.isoformat():
            found = said
    return found


def read_expiry(six: str, today: date) -> str | None:
    """The date within the hundred years around today; None when it is no date."""
    first = today.year - BEFORE
    for century in (first // 100 * 100, first // 100 * 100 + 100):
        said = _iso(six, century)
        if said is not None and (not said or first <= int(said[:4]) <= today.year + AFTER):
            return said
    return None


def write(iso: str) -> str:
    """The six places of a date known wholly, in part or not at all."""
    year, month, day = [*iso.split("-"), "", ""][:3]
    if iso:
        _check(year, month, day)
    return year[2:].ljust(2, "<") + month.ljust(2, "<") + day.ljust(2, "<")


def _iso(six: str, century: int) -> str | None:
    """The date in that century, partial as it stands; None when it is none."""
    year, month, day = six[:2], six[2:4], six[4:]
    if year == "<<":
        return "" if all(_is_open(part) for part in (month, day)) else None
    if not (year.isdigit() and _is_open(month) and _is_open(day)) or (
        month in UNKNOWN and day not in UNKNOWN
    ):
        return None
    parts = [f"{century + int(year):04d}"] + [part for part in (month, day) if part not in UNKNOWN]
    return "-".join(parts) if _exists(parts) else None


def _is_open(part: str) -> bool:
    return part == "<<" or part.isdigit()


def _exists(parts: list[str]) -> bool:
    try:
        date(*([*map(int, parts), 1, 1][:3]))
    except ValueError:
        return False
    return True


def _check(year: str, month: str, day: str) -> None:
    widths = (len(year), len(month), len(day))
    parts = [part for part in (year, month, day) if part]
    if widths not in ((4, 2, 2), (4, 2, 0), (4, 0, 0)) or not _are_numbers(parts):
        raise ValueError("not a date")


def _are_numbers(parts: list[str]) -> bool:
    return "".join(parts).isascii() and all(map(str.isdigit, parts)) and _exists(parts)
