"""Names that sound or are written alike become the same, and only those."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consular.travel import folding
from tests import rows
from tests.bad_text import CORPUS

SAME = [
    ("Müller", "MUELLER", "Muller", "mu\u0308ller"),
    ("İbrahim", "Ibrahim", "ıbrahim", "IBRAHIM"),
    ("Weiß", "WEISS", "Weis", "Veiss"),
    ("Юлия", "IULIIA", "Yuliya"),
    ("Хасан", "KHASAN", "Hassan"),
    ("Владимир", "Wladimir", "VLADIMIR"),
    ("Σωτήρης", "Sotiris"),
    ("D'Souza", "DSouza", "D\u2019Souza"),
    ("Mary-Ann", "MARY ANN"),
    ("خالد العلي", "KHALD ALI"),
]
SOUND_ALIKE = [
    ("محمد", "MUHAMMAD", "Mohamed", "Mehmed"),
    ("يوسف", "YOUSSEF", "Yusuf"),
    ("فاطمة", "Fatimah", "FATMA"),
    ("Kuznetsov", "Kusnezow", "КУЗНЕЦОВ"),
    ("Mensah", "Mensha"),
]
OWN = [
    ("李伟", ("李", "伟")),
    ("李 伟", ("李", "伟")),
    ("محمّد", ("محمد",)),
    ("أحمد", ("احمد",)),
    ("Ёлкин", ("елкин",)),
    ("राम", ("राम",)),
    ("Mensah", ()),
    ("", ()),
]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_spellings_of_one_name_become_the_same(names: tuple[str, ...]) -> None:
    assert len({folding.latin(name) for name in names}) == 1


@pytest.mark.parametrize("names", SOUND_ALIKE, ids=lambda names: names[0])
def test_words_that_sound_alike_have_the_same_consonants(names: tuple[str, ...]) -> None:
    assert len({folding.consonants(folding.latin(name)) for name in names}) == 1


@pytest.mark.parametrize(("name", "words"), OWN)
def test_a_name_in_another_script_keeps_its_own_words(name: str, words: tuple[str, ...]) -> None:
    assert folding.own_words(name) == words


def test_different_names_stay_different() -> None:
    names = ["Mensah", "Menon", "Kumar", "Komar", "Li", "Le", "Ama", "Emma", "Hassan", "Hussein"]

    assert len({folding.latin(name) for name in names}) == len(names)


@settings(max_examples=60)
@example("ÖU")
@given(st.text(max_size=40))
def test_any_text_becomes_capitals_and_single_spaces_and_stays_so(text: str) -> None:
    folded = folding.latin(text)

    assert folding.latin(folded) == folded or not folded.isascii()
    assert all(character == " " or "A" <= character <= "Z" for character in folded)
    assert folded == " ".join(folded.split())


@rows.every("text", CORPUS.values())
def test_bad_text_is_folded_quickly_or_to_nothing(text: str) -> None:
    assert len(folding.latin(text)) <= 6 * folding.LONGEST
    assert isinstance(folding.own_words(text), tuple)
