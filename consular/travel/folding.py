"""Names as they are searched: what sounds or is written alike in any script becomes the same.

`latin` is a plain Latin spelling, `consonants` what several spellings of a word have in common, `own_words` a name in
its own script. All are for finding somebody, not for proving who somebody is.
"""

import unicodedata

from consular.travel import letters, transliteration
from consular.travel.transliteration import Letter, Word

LONGEST = 200
"""Characters of a name that are looked at."""

ALIKE = (
    ("SHCH", "SH"), ("TSCH", "CH"), ("TCH", "CH"), ("SCH", "SH"), ("DZH", "J"), ("DJ", "J"), ("ZH", "J"), ("KH", "H"),
    ("GH", "G"), ("PH", "F"), ("TH", "T"), ("DH", "D"), ("CK", "K"), ("QU", "K"), ("OU", "U"), ("OO", "U"),
    ("EE", "I"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("IE", "I"), ("CH", "\0"), ("C", "K"), ("\0", "CH"),
    ("Y", "I"), ("W", "V"), ("Q", "K"),
)  # fmt: skip
"""Spellings of one sound, in the order in which they are made the same."""

ARTICLES = frozenset({"AL", "EL", "UL"})
"""Arabic articles: often written, often left out."""

VOWELS = frozenset("AEIOU")
SILENT = VOWELS | {"V"}
"""Left out of the consonants of a word: a W between vowels is often not written."""

_SAME_LETTER = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ۀ": "ه", "\u0640": None})
"""Arabic and Persian keyboards have different letters for what is one letter to the reader."""

_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA")
"""Scripts whose names are written without spaces: each character is a word."""


def latin(name: str) -> str:
    """The name in capitals A to Z with single spaces, spellings that are alike made the same; "" if no table has it."""
    words = (_folded("".join(map(_way, _bare(word)))) for word in transliteration.words_of(name[:LONGEST]))
    return " ".join(word for word in words if word and word not in ARTICLES)


def consonants(word: str) -> str:
    """The consonants of a word as `latin` gives it, and an A where it begins with a vowel."""
    first = "A" if word[:1] in VOWELS else word[:1]
    rest = "".join(letter for letter in word[1:] if letter not in SILENT).removesuffix("H")
    return _single((first + rest).replace("TS", "S").replace("Z", "S").replace("X", "KS"))


def own_words(name: str) -> tuple[str, ...]:
    """The words of a name in its own script, without marks; nothing for names in Latin letters."""
    text = unicodedata.normalize("NFKD", name[:LONGEST]).casefold().translate(_SAME_LETTER)
    plain = "".join(_spaced(c) for c in text if not unicodedata.combining(c))
    words = (unicodedata.normalize("NFC", word) for word in plain.split())
    return tuple(word for word in words if not _is_latin(word) and any(map(str.isalpha, word)))


def _bare(word: Word) -> Word:
    """An Arabic word without its article."""
    return word[2:] if len(word) > 1 and word[1].in_article else word


def _way(letter: Letter) -> str:
    """How a letter is spelled here: Arabic as it sounds, everything else as a machine-readable zone has it."""
    if letter.found in letters.SOUNDS:
        return next(filter(None, letters.SOUNDS[letter.found]))
    return letter.ways[0] if letter.ways else ""


def _folded(word: str) -> str:
    """One round may write what the next one finds: OEU becomes OU, and that U."""
    before = ""
    while word != before:
        before = word
        for spelling, same in ALIKE:
            word = word.replace(spelling, same)
        word = _single(word)
    return word


def _single(word: str) -> str:
    """Without doubled letters."""
    return "".join(letter for place, letter in enumerate(word) if letter != word[place - 1 : place])


def _spaced(character: str) -> str:
    if unicodedata.category(character)[0] in "ZPC":
        return "" if unicodedata.category(character) == "Cf" or character in "'’" else " "
    name = unicodedata.name(character, "")
    return f" {character} " if name.startswith(_WITHOUT_SPACES) else character


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN") for c in word if c.isalpha())
