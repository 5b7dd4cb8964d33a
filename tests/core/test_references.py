"""References survive being read aloud and typed, and mistakes are noticed."""

from hypothesis import given
from hypothesis import strategies as st

from consular.core import references


def test_a_reference_is_twelve_characters_in_groups_of_four() -> None:
    reference = references.issue()

    assert len(reference) == 14
    assert [len(group) for group in reference.split("-")] == [4, 4, 4]
    assert references.tidy(reference) == reference


def test_lower_case_spaces_and_look_alikes_are_read_as_meant() -> None:
    reference = references.issue()
    spoken = reference.replace("-", " ").lower().replace("1", "l").replace("0", "o")

    assert references.tidy(spoken) == reference


@given(place=st.integers(0, 11), other=st.sampled_from(references.ALPHABET))
def test_every_single_wrong_character_is_noticed(place: int, other: str) -> None:
    plain = references.issue().replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]

    assert (references.tidy(wrong) is None) == (wrong != plain)


@given(place=st.integers(0, 10))
def test_every_pair_of_swapped_neighbours_is_noticed(place: int) -> None:
    plain = references.issue().replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]

    assert (references.tidy(swapped) is None) == (swapped != plain)


def test_text_that_is_no_reference_is_refused() -> None:
    assert [references.tidy(text) for text in ("", "A", "AAAA-AAAA-AAAB", "ÄÖÜ", "\x00" * 12)] == [None] * 5
