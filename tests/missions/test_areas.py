"""Every way to write a place ends in one; every place has a name in every language."""

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from consular.missions import areas, gazetteer
from tests import rows


@rows.every(
    "written, code",
    [
        ("IN", "IN"),
        ("ind", "IN"),
        (" in-mh ", "IN-MH"),
        ("IN-OR", "IN-OD"),
        ("IN-CT", "IN-CG"),
        ("IN-TG", "IN-TS"),
        ("IN-UT", "IN-UK"),
        ("IN-DD", "IN-DH"),
        ("IN-DN", "IN-DH"),
        ("CN-11", "CN-BJ"),
        ("CN-HK", "HK"),
        ("US-PR", "PR"),
        ("US-CA/06037", "US-CA/06037"),
        ("US-CA/037", "US-CA/06037"),
        ("US-CA/Los Angeles", "US-CA/06037"),
        ("us-ca/los angeles county", "US-CA/06037"),
        ("US-CT/Fairfield", "US-CT/09001"),
        ("XK", "XK"),
    ],
)
def test_a_place_is_written_in_one_way(written: str, code: str) -> None:
    assert areas.canonical(written) == code


@rows.every("nonsense", [
    "", "X", "XX", "XXX", "US-ZZ", "IN-", "/", "US-CA/", "US-CA/99999", "US-CA/09001", "IN-MH/1", "US/06037", "HK/1",
    "\0", "IN\0", "\u202eIN", "<b>IN</b>", "I" * 10_000, "US-CA/" + "9" * 10_000,
])  # fmt: skip
def test_an_unknown_place_is_refused_with_a_sentence(nonsense: str) -> None:
    with pytest.raises(areas.UnknownArea) as refused:
        areas.canonical(nonsense)

    assert refused.value.status == 422
    assert str(refused.value.message).startswith("We do not know this")


@given(st.text(max_size=90))
def test_any_text_is_a_place_or_refused(text: str) -> None:
    try:
        code = areas.canonical(text)
    except areas.UnknownArea:
        return
    assert areas.canonical(code) == code


@pytest.mark.parametrize("code", ["IND", "XKX", "XXA", "xxb"])
def test_a_nationality_is_a_code_of_three_letters(code: str) -> None:
    assert areas.nationality(code) == code.upper()


@pytest.mark.parametrize("code", ["IN", "", "INDIA", "ZZZ", "\0\0\0"])
def test_another_nationality_is_refused_at_its_field(code: str) -> None:
    with pytest.raises(areas.UnknownArea) as refused:
        areas.nationality(code)

    assert refused.value.field == "nationality"


def test_what_lies_around_comes_after_the_place() -> None:
    assert areas.chain("US-CA/06037") == ("US-CA/06037", "US-CA", "US")
    assert areas.chain("IN-MH") == ("IN-MH", "IN")
    assert areas.chain("HK") == ("HK",)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Los Angeles County, California, United States"),
        ("de", "Los Angeles County, Kalifornien, Vereinigte Staaten"),
        ("fr", "comté de Los Angeles, Californie, États-Unis"),
    ],
)
def test_a_place_is_named_with_what_it_lies_in(language: str, name: str) -> None:
    with translation.override(language):
        assert areas.full_name("US-CA/06037") == name


def test_a_place_is_named_in_arabic() -> None:
    with translation.override("ar"):
        assert areas.name("US-CA/06037") == "مقاطعة لوس أنجلوس"
        assert areas.name("IN-MH") == "ماهاراشترا"


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_country_has_a_name_in_every_language(language: str) -> None:
    with translation.override(language):
        options = areas.countries()

    assert len(options) == 250
    assert all(option.name and option.name != option.code for option in options)


def test_names_are_sorted_as_readers_expect() -> None:
    with translation.override("de"):
        names = [option.name for option in areas.countries()]
    assert names.index("Ägypten") < names.index("Albanien") < names.index("Zypern")

    with translation.override("fr"):
        names = [option.name for option in areas.countries()]
    assert names.index("Égypte") < names.index("Espagne")


@pytest.mark.parametrize("country", ["US", "IN", "CN", "BR", "TR"])
def test_the_names_in_the_data_are_those_of_the_codes(country: str) -> None:
    codes = {code for code in gazetteer.SUBDIVISIONS if code.startswith(f"{country}-")}

    assert codes == {option.code for option in areas.states(country) if "-" in option.code}


def test_territories_with_a_code_of_their_own_are_offered_under_both() -> None:
    assert "PR" in {option.code for option in areas.states("US")}
    assert "PR" in {option.code for option in areas.countries()}
