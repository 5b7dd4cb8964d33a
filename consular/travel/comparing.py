"""Whether a name as typed, in whatever script, is the name in a machine-readable zone."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import zip_longest

from consular.travel import letters, transliteration
from consular.travel.transliteration import Letter, Word


class Agreement(StrEnum):
    """How far two names, or two other facts, are the same."""

    AGREES = "agrees"
    TRANSLITERATED = "agrees after transliteration"
    TRUNCATED = "truncated"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """The name is in a script that no table has; nobody can tell."""


LONGEST = 300
"""Characters of a name that are compared; a zone holds 39."""


def compare(name: str, in_zone: str, *, state: str = "", may_be_cut: bool = False) -> Agreement:
    """Compare a name with what a zone has for it (capitals and spaces); `state` is who issued the document.

    It agrees when only case, hyphens, apostrophes and spaces differ; after transliteration when the standard's
    tables, a national rule or a usual Latin spelling lead from one to the other. `may_be_cut` when the name fills
    its field in the zone: then beginnings and initials of its words are enough.
    """
    if len(name) > LONGEST:
        return Agreement.DIFFERS
    words = transliteration.words_of(name, state)
    zone = in_zone.split()
    plain = [letter for word in words for letter in word]
    if "".join(letter.found for letter in plain) == "".join(zone):
        return Agreement.AGREES
    if any(not letter.ways for letter in plain):
        return Agreement.UNKNOWN
    if len("".join(zone)) in _ends(plain, "".join(zone)):
        return Agreement.TRANSLITERATED
    if may_be_cut and zone and _is_cut(words, zone):
        return Agreement.TRUNCATED
    return Agreement.DIFFERS


def _is_cut(words: Sequence[Word], zone: Sequence[str]) -> bool:
    """Whether each word of the zone begins the word of the name in its place, and the name has no fewer."""
    return all(
        word is not None and (part is None or _begins(word, part)) for word, part in zip_longest(words, zone)
    )


def _begins(word: Word, part: str) -> bool:
    return any(
        len(part) in _ends(word[:count], part, may_end_within=True) for count in range(1, len(word) + 1)
    )


def _ends(word: Sequence[Letter], zone: str, *, may_end_within: bool = False) -> set[int]:
    """Where in the text of the zone the letters may end when they begin with its beginning.

    `may_end_within`: the last letter of the word may be cut in the middle of what stands for it.
    """
    places = {0}
    for number, letter in enumerate(word):
        after = set()
        is_last = number == len(word) - 1
        for way in _every_way(letter):
            after |= {place + len(way) for place in places if zone.startswith(way, place)}
            if may_end_within and is_last:
                after |= {len(zone) for place in places if place < len(zone) and way.startswith(zone[place:])}
        places = _past_vowels(after, zone) if letter.found in letters.SOUNDS else after
        if not places:
            break
    return places


def _every_way(letter: Letter) -> set[str]:
    """What may stand for a letter: the tables, usual spellings, and of Arabic consonants also twice."""
    tables = (letters.LATIN, letters.CYRILLIC, letters.PAIRS, letters.ALSO)
    ways = {*letter.ways, *(way for table in tables for way in table.get(letter.found, ()))}
    sounds = letters.SOUNDS.get(letter.found, ())
    ways |= {*sounds, *(way * 2 for way in sounds if len(way) == 1)}
    if letter.is_doubled:
        ways |= {way * 2 for way in ways}
    if letter.in_article:
        ways |= {"", "R", "S", "SH", "T", "D", "N", "Z", "TH", "DH"}
    return ways


def _past_vowels(places: set[int], zone: str) -> set[int]:
    """The places, and those after one or two vowels that stand there: Arabic writes no short ones."""
    for _vowel in range(2):
        places = places | {
            place + 1 for place in places if place < len(zone) and zone[place] in letters.VOWELS
        }
    return places
