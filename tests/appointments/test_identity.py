"""One person is one person, however a number was typed; two people are two."""

from datetime import date

import pytest

from consular.appointments.identity import fingerprint

BORN = date(1990, 4, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "C1234567",
        " c1234567 ",
        "C 123-4567",
        "c123/4567",
        "Ｃ１２３４５６７",
        "C1234567\u200b",
        "C١٢٣٤٥٦٧",
        "CI234567",
    ],
)
def test_spaces_dashes_width_and_case_do_not_count(typed: str) -> None:
    assert fingerprint(typed, BORN) == fingerprint("C1234567", BORN)


def test_the_letter_o_and_the_digit_are_one_person() -> None:
    assert fingerprint("CO1X0OT47", BORN) == fingerprint("c01xoot47", BORN) == fingerprint("C01X00T47", BORN)


def test_a_birth_date_may_be_written() -> None:
    assert fingerprint("C1234567", "1990-04-12") == fingerprint("C1234567", BORN)


@pytest.mark.parametrize(
    ("number", "born"),
    [("C1234568", BORN), ("C1234567", date(1990, 4, 13)), ("C123456", "71990-04-12"), ("", BORN)],
)
def test_another_number_or_birth_date_is_another_person(number: str, born: date | str) -> None:
    assert fingerprint(number, born) != fingerprint("C1234567", BORN)


def test_nobody_reads_the_number_back_and_another_key_gives_another_hash(settings: object) -> None:
    before = fingerprint("C1234567", BORN)

    settings.IDENTITY_KEY = "another"

    assert len(before) == 32
    assert b"C1234567" not in before
    assert fingerprint("C1234567", BORN) != before
