"""Which characters the glyphs of an Arabic font stand for, so that a letter can be copied and read aloud.

The printer takes the text of a glyph from the place where it first met it. Where a ligature carries a vowel sign,
both are one place: the ligature would be taken for nothing and lost wherever else it stands, the sign for both.
"""

import hashlib
import itertools
import unicodedata
from collections.abc import Iterator, Mapping

import uharfbuzz

JOINER = "\u200d"
LAM, ALEFS = "\u0644", "\u0622\u0623\u0625\u0627"
BLOCK = range(0x0600, 0x0700)
NEIGHBOURS = tuple("\u0627\u062c\u0631\u0642\u0649")
"""Letters before which the font draws others differently: alef, jeem, reh, qaf, alef maksura."""


class Texts(dict[int, str]):
    """The text of each glyph that was used: what the font itself knows goes before what the printer noted."""

    def __init__(self, known: Mapping[int, str]) -> None:
        super().__init__()
        self.known = known

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self.known.get(glyph, text))


def glyphs(content: bytes) -> Mapping[int, str]:
    """The text of each glyph for Arabic letters, signs and ligatures, by glyph id. `content` is a font file.

    Every text is shaped alone, at the beginning, in the middle and at the end of a word. Asked again about the same
    file it answers at once.
    """
    digest = hashlib.sha256(content).digest()
    if digest not in _KNOWN:
        _KNOWN[digest] = {}
        for glyph, text in _forms(uharfbuzz.Face(uharfbuzz.Blob(content))):
            _KNOWN[digest].setdefault(glyph, text)
    return _KNOWN[digest]


_KNOWN: dict[bytes, dict[int, str]] = {}


def _forms(face: uharfbuzz.Face) -> Iterator[tuple[int, str]]:
    """Each form that a text takes: a glyph of its own, alone or joined, before letters that change it."""
    font = uharfbuzz.Font(face)
    silent = {glyph for glyph, _place in _shaped(font, JOINER)}
    for text in _texts([chr(code) for code in face.unicodes if code in BLOCK]):
        for before, after in itertools.product(("", JOINER), ("", JOINER, *NEIGHBOURS)):
            shaped = _shaped(font, before + text + after)
            end = len(before + text)
            own = {glyph for glyph, place in shaped if len(before) <= place < end} - silent
            is_apart = after not in NEIGHBOURS or any(place == end for _glyph, place in shaped)
            if len(own) == 1 and is_apart:
                yield own.pop(), text


def _texts(characters: list[str]) -> Iterator[str]:
    """Letters and signs, two signs on one letter, and the ligatures of lam and alef."""
    signs = [each for each in characters if unicodedata.category(each) == "Mn"]
    yield from (each for each in characters if unicodedata.category(each) in {"Lo", "Mn"})
    yield from (LAM + alef for alef in ALEFS)
    yield from {unicodedata.normalize("NFC", "".join(pair)) for pair in itertools.combinations(signs, 2)}


def _shaped(font: uharfbuzz.Font, text: str) -> list[tuple[int, int]]:
    """The glyphs of a text, each with the place in it that it belongs to."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return [(info.codepoint, info.cluster) for info in buffer.glyph_infos]
