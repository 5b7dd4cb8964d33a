"""Amounts are typed with thousands apart in the ways of many countries, and shown in the way of the language."""

import pytest
from django.utils import translation

from consular import formspec
from tests.formspec.test_kinds import counted, page_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.5", "1234.50"),
        ("1’234", "1234.00"),
        ("12.345.678", "12345678.00"),
        ("1\u202f234,50", "1234.50"),
        ("٤٥٬٩٣٤٫٢٠", "45934.20"),
    ],
)
def test_thousands_may_be_set_apart(typed: str, kept: str) -> None:
    assert counted(page_of("money"), {"it": typed}) == {"it": kept}


@pytest.mark.parametrize(
    "typed", ["1.234", "1,234", "1,2345.50", "1.234,567", "1.234.50", "1234.567,80", ".234,50"]
)
def test_what_may_be_meant_in_two_ways_or_in_none_is_asked_again(typed: str) -> None:
    assert len(formspec.problems(page_of("money"), {"it": typed})) == 1


@pytest.mark.parametrize(("language", "shown"), [("en", "45,934.20 EUR"), ("de", "45.934,20 EUR")])
def test_an_amount_is_shown_with_its_thousands_apart(language, shown):
    with translation.override(language):
        (page,) = formspec.shown(page_of("money", currency='"EUR"').pages, {"it": "45934.20"})
    assert page.answers[0].value == shown
