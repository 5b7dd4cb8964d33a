"""Names in the zone: parted by fillers, and cut when they are too long.

ICAO Doc 9303 part 3, section 4.6, and parts 4 to 7, section 4.2.3.
"""

from consular.travel.checksum import FILLER

PARTING = FILLER * 2


def read(field: str) -> tuple[str, str]:
    """Primary and secondary identifier (surname, given names); the second is "" where there is none."""
    primary, parting, secondary = field.rstrip(FILLER).partition(PARTING)
    return _words(primary), _words(secondary)


def is_full(field: str) -> bool:
    """Whether a letter stands in the last place, so that the name must be taken for one that was cut."""
    return field[-1:] != FILLER


def write(surname: str, given_names: str, width: int) -> str:
    """The name field for names of capitals A to Z; what is too long is cut so that its last place is a letter.

    The surname stays whole if room is left for one letter of the given names; the last words are cut first.
    Without a surname the given names are the primary identifier.
    """
    primary, secondary = (
        name.replace(" ", FILLER) for name in (surname or given_names, given_names if surname else "")
    )
    whole = f"{primary}{PARTING}{secondary}" if secondary else primary
    if len(whole) <= width:
        return whole.ljust(width, FILLER)
    if not secondary:
        return _cut(primary, width)
    if len(primary) <= width - 3:
        return primary + PARTING + _cut(secondary, width - len(primary) - 2)
    return _cut(primary, width - 3) + PARTING + secondary[0]


def _cut(words: str, width: int) -> str:
    """The first characters; when they end between two words, a word before gives a letter to the next one."""
    if len(words) <= width or words[width - 1] != FILLER:
        return words[:width]
    kept, following = words[: width - 1].split(FILLER), words[width]
    for place in reversed(range(len(kept))):
        if len(kept[place]) > 1:
            kept[place] = kept[place][:-1]
            return FILLER.join([*kept, following])
    return FILLER.join(kept[:-1] + [kept[-1] + following])


def _words(text: str) -> str:
    return " ".join(word for word in text.split(FILLER) if word)
