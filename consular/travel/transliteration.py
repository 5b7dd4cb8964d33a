"""Names of any script as a machine-readable zone writes them (ICAO Doc 9303 part 3, sections 4.6 and 6).

For a document that exists, what stands in its zone counts, never what is computed here: this proposes and compares.
"""

import unicodedata
from dataclasses import dataclass, replace

from consular.travel import letters
from consular.travel.letters import Ways

APOSTROPHES = frozenset("'’‘`´ʼʻʾʿ′׳")
JOINING = frozenset({"Zs", "Pd", "Cc", "Zl", "Zp"})
"""What parts the words of a name: spaces and hyphens of any kind; so does a comma."""
LEFT_OUT = frozenset({"Mn", "Me", "Cf", "Lm", "Sk", "Pc", "Po", "Ps", "Pe", "Pi", "Pf"})


@dataclass(frozen=True)
class Spelling:
    """A name in capitals A to Z and single spaces; `unknown` are characters no table has, left out of it."""

    text: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """One letter of a name, or two that belong together: how it may be written; no way at all when nobody knows.

    `in_article`: the lam of the Arabic article, which many spellings make like the letter after it (as-Sayyid).
    """

    found: str
    ways: Ways
    is_doubled: bool = False
    in_article: bool = False


Word = tuple[Letter, ...]


def spell(name: str, state: str = "") -> Spelling:
    """The proposal for a name; `state` (alpha-3) is who issues the document, for national differences."""
    words = [letter for word in words_of(name, state) for letter in (*word, Letter(" ", (" ",)))]
    text = "".join(letter.ways[0] * (2 if letter.is_doubled else 1) for letter in words if letter.ways)
    unknown = dict.fromkeys(letter.found for letter in words if not letter.ways)
    return Spelling(" ".join(text.split()), tuple(unknown))


def words_of(name: str, state: str = "") -> tuple[Word, ...]:
    """The words of a name as letters with their ways: hyphens and commas part words, apostrophes join."""
    words: list[list[Letter]] = [[]]
    text = unicodedata.normalize("NFKC", name).upper()
    text = unicodedata.normalize("NFC", text)
    place = 0
    while place < len(text):
        character = text[place]
        pair = character + _without_tonos(text[place + 1 : place + 2])
        if pair in letters.PAIRS and not letters.NATIONAL.get(state, {}).keys() & set(pair):
            words[-1].append(Letter(pair, letters.PAIRS[pair]))
            place += 2
            continue
        place += 1
        if _parts(character):
            words.append([])
        elif character == letters.SHADDA and words[-1]:
            words[-1][-1] = replace(words[-1][-1], is_doubled=True)
        elif not _is_left_out(character):
            words[-1].append(Letter(character, _ways(character, state, is_first=not words[-1])))
    return tuple(_ended(word) for word in words if word)


def _without_tonos(letter: str) -> str:
    """A Greek accent on the second of two vowels does not part them; two dots would."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter).removesuffix("\u0301"))


def _parts(character: str) -> bool:
    return character == "," or (unicodedata.category(character) in JOINING and character != "\u0640")


def _is_left_out(character: str) -> bool:
    if character in letters.ARABIC_LEFT_OUT or character in APOSTROPHES:
        return True
    return unicodedata.category(character) in LEFT_OUT


def _ways(character: str, state: str, *, is_first: bool) -> Ways:
    """How a letter is written, national differences first; no way for one that no table has."""
    if "A" <= character <= "Z":
        return (character,)
    first = letters.FIRST.get(state, {}) if is_first else {}
    tables = (
        first,
        letters.NATIONAL.get(state, {}),
        letters.LATIN,
        letters.CYRILLIC,
        letters.ARABIC,
        letters.GREEK,
    )
    for table in tables:
        if character in table:
            return table[character]
    base = unicodedata.normalize("NFKD", character)[0]
    return _ways(base, state, is_first=is_first) if base != character else ()


def _ended(word: list[Letter]) -> Word:
    """A teh marbuta is XAH at the end of a word, XTA within; alef and lam at the beginning are the article."""
    if word[-1].found == letters.TEH_MARBUTA:
        word[-1] = replace(word[-1], ways=word[-1].ways[::-1])
    if len(word) > 3 and (word[0].found, word[1].found) == letters.ARTICLE:
        word[1] = replace(word[1], in_article=True)
    return tuple(word)
