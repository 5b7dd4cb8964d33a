"""What is copied from an Arabic letter or read aloud from it is what stands in it."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from consular.decisions import issuing, pdf, spelling
from tests.decisions import letters
from tests.decisions.test_pdf import opened

SIGNED = "قرارًا استلام مقدَّم شكلًا"
"""Words with vowel signs, the same letters without them; the printer begins at the left."""

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئپچژگکی"

MAPPED = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")


@pytest.fixture
def as_the_printer_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Glyphs as the printer spells them."""
    monkeypatch.setattr(spelling, "glyphs", lambda _content: {})


def arabic(file: pikepdf.Pdf) -> Iterator[dict[int, str]]:
    """The text of each glyph that was used of our Arabic fonts, font by font."""
    for item in file.objects:
        if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item and pdf.ARABIC in str(item.BaseFont):
            pairs = MAPPED.findall(item.ToUnicode.read_bytes().partition(b"beginbfchar")[2])
            yield {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def misspelt(content: bytes) -> list[str]:
    """Texts that stand for more or for less than one letter, sign, ligature of lam and alef, or pair of signs."""
    known = set(spelling._texts([chr(code) for code in spelling.BLOCK]))
    texts = [text for font in arabic(opened(content)) for text in font.values()]
    assert known & set(texts)
    return [text for text in texts if text not in known and not text.isascii() and text != "،" or not text]


def printed() -> bytes:
    """A letter with these words as its title."""
    letter = letters.receipt(language="ar", direction="rtl")
    return issuing.render(replace(letter, versions=(replace(letter.versions[0], title=SIGNED),)))


def test_every_glyph_stands_for_what_it_shows():
    assert misspelt(printed()) == []


@pytest.mark.usefixtures("as_the_printer_has_it")
def test_without_the_spelling_letters_are_lost_and_doubled():
    assert {"", "لًا"} <= set(misspelt(printed()))


@pytest.mark.parametrize("weight", ["400Regular", "700Bold"])
@pytest.mark.parametrize(
    ("word", "texts"),
    [
        ("لا", ["لا"]),
        ("استلام", ["ا", "س", "ت", "لا", "م"]),
        ("شكلًا", ["ش", "ك", "لا", "ً"]),
        ("قدَّم", ["ق", "د", "َّ", "م"]),
        ("گل‌محمدی", ["گ", "ل", "م", "ح", "م", "د", "ی"]),
    ],
)
def test_a_word_is_the_sum_of_its_glyphs(weight: str, word: str, texts: list[str]):
    content = (pdf.FONTS / f"{pdf.ARABIC}_{weight}.ttf").read_bytes()
    known = spelling.glyphs(content)
    face = spelling.uharfbuzz.Face(spelling.uharfbuzz.Blob(content))

    shaped = spelling._shaped(spelling.uharfbuzz.Font(face), word)

    assert sorted(known[glyph] for glyph, _place in shaped if glyph in known) == sorted(texts)


@pytest.mark.parametrize("weight", ["400Regular", "700Bold"])
def test_every_form_of_every_common_letter_is_known(weight: str):
    content = (pdf.FONTS / f"{pdf.ARABIC}_{weight}.ttf").read_bytes()
    known = spelling.glyphs(content)
    font = spelling.uharfbuzz.Font(spelling.uharfbuzz.Face(spelling.uharfbuzz.Blob(content)))

    for word in map("".join, itertools.product(LETTERS, LETTERS, "ارم")):
        for before in ("", spelling.JOINER):
            shaped = spelling._shaped(font, before + word)
            texts = [known[glyph] for glyph, place in reversed(shaped) if place >= len(before)]
            assert "".join(texts) == word


@pytest.mark.parametrize(("glyph", "expected"), [(1, "ل"), (2, "noted")])
def test_the_font_goes_before_what_was_noted(glyph: int, expected: str):
    texts = spelling.Texts({1: "ل"})

    texts[glyph] = "noted"

    assert texts == {glyph: expected}


def test_a_font_is_read_once(monkeypatch: pytest.MonkeyPatch):
    content = (pdf.FONTS / f"{pdf.ARABIC}_400Regular.ttf").read_bytes()
    first = spelling.glyphs(content)
    reads: Callable[[Any], Any] = pytest.fail
    monkeypatch.setattr(spelling, "_forms", reads)

    assert spelling.glyphs(content) is first
