"""What is kept of a message: every word, and nothing that hides or deceives."""

import pytest

from consular.casework.correspondence import LENGTH, tidy
from consular.core.errors import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" One\r\ntwo\rthree ", "One\ntwo\nthree"),
        ("12 May\t14:30", "12 May 14:30"),
        ("a\0b\x07c\u202ed\u2066e", "abcde"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>5 > 4</b>", "<b>5 > 4</b>"),
        ("x" * LENGTH + "\r\n", "x" * LENGTH),
    ],
)
def test_a_message_keeps_its_words_and_lines(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"), [("", "empty"), (" \t\r\n\0\u202e", "empty"), ("x" * (LENGTH + 1), "too_long")]
)
def test_a_message_that_says_nothing_or_too_much_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        tidy(typed)

    assert (refused.value.code, refused.value.field, refused.value.status) == (code, "text", 422)
