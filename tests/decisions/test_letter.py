"""Letters are plain values without hidden signs."""

import json
from dataclasses import FrozenInstanceError

import pytest
from django.urls import reverse

from consular.decisions.bodies import direction
from consular.decisions.letter import plain
from tests.decisions import letters


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Ama Mensah", "Ama Mensah"),
        ("a\x00b\x07c", "abc"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("paid\u202e001 ", "paid001 "),
        ("\u2066x\u2069", "x"),
        ("\ud800", ""),
        ("گل‌محمدی", "گل‌محمدی"),
        ("नवीन‍", "नवीन‍"),
        ("<b>{{ x }}</b>", "<b>{{ x }}</b>"),
    ],
)
def test_signs_that_print_nothing_or_turn_the_text_are_left_out(typed: str, printed: str):
    assert plain(typed) == printed


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Ama", "ltr"),
        ("12 Example Road", "ltr"),
        ("+91 22", "ltr"),
        ("", "ltr"),
        ("12 شارع", "rtl"),
        ("נועה A", "rtl"),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text: str, way: str):
    assert direction(text) == way


def test_a_letter_cannot_be_changed_and_is_ready_for_json():
    letter = letters.grant()

    with pytest.raises(FrozenInstanceError):
        letter.number = "other"  # type: ignore[misc]

    assert json.loads(json.dumps(letter.as_values()))["code"] == letter.code


def test_the_printed_address_is_the_verification_page():
    letter = letters.grant()

    assert letter.verify_address.endswith(reverse("portal:verify_code", args=[letter.code]))
    assert f"{letter.verify_page}/".endswith(reverse("portal:verify"))
