"""Places: countries, subdivisions and counties, their codes, and their names in the reader's language.

An area is ISO 3166-1 alpha-2 (`IN`), ISO 3166-2 (`IN-MH`) or, where a subdivision is divided between
missions, a county by its FIPS code (`US-CA/06037`).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pycountry
from babel import Locale
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consular.core.errors import Refused
from consular.missions import gazetteer

KOSOVO = "XK"
"""Not in ISO 3166-1; this user-assigned code and `XKX` are what the European Union writes."""
WITHOUT_STATE = {
    "XXA": pgettext_lazy("nationality", "Stateless person"),
    "XXB": _("Refugee (1951 Convention)"),
    "XXC": _("Refugee (other)"),
    "XXX": _("Unspecified nationality"),
}
"""What a travel document may say instead of a nationality (ICAO Doc 9303 part 3)."""
LONGEST = 80
"""No code or county name is longer; anything longer is not looked at."""


class UnknownArea(Refused):
    """Somebody named a place or a country that no list holds."""

    def __init__(self, message: str | Promise | None = None, *, field: str = "residence") -> None:
        super().__init__(
            message or _("We do not know this place. Choose a country, state or county from the list."),
            code="unknown_area",
            field=field,
            status=422,
        )


@dataclass(frozen=True)
class Option:
    """One choice of a picker."""

    code: str
    name: str


def canonical(area: str, *, field: str = "residence") -> str:
    """The one way to write an area: renamed and doubled codes replaced, county names turned into codes.

    Accepts any case of letters, alpha-3 country codes, and counties by FIPS code (`06037`, `037`) or name.
    Raises UnknownArea, at the `field` that asked, for everything else.
    """
    text = area.strip().upper() if len(area) <= LONGEST else ""
    state, slash, county = text.partition("/")
    state = gazetteer.ALIASES.get(state, state)
    if slash:
        return f"{state}/{_county(state, county, field)}"
    if len(state) == 3:
        state = alpha_2(state, field=field)
    if state in _countries() or state in _subdivisions():
        return state
    raise UnknownArea(field=field)


def chain(area: str) -> tuple[str, ...]:
    """The area and everything around it, most specific first: county, subdivision, country."""
    state = area.partition("/")[0]
    return tuple(dict.fromkeys((area, state, country_of(area))))


def country_of(area: str) -> str:
    """The alpha-2 code of the country an area lies in."""
    return area[:2]


def nationality(code: str) -> str:
    """A nationality as ISO 3166-1 alpha-3 or as a travel document without one; raises UnknownArea
    otherwise.
    """
    text = code.strip().upper() if len(code) <= LONGEST else ""
    if text in _short_codes() or text in WITHOUT_STATE:
        return text
    message = _("Name the nationality by its three-letter country code, for example IND.")
    raise UnknownArea(message, field="nationality")


def alpha_3(country: str) -> str:
    """The alpha-3 code of a country given by its alpha-2 code."""
    return _countries()[country]


def alpha_2(country: str, *, field: str = "residence") -> str:
    """The alpha-2 code of a country given by its alpha-3 code; raises UnknownArea for anything else."""
    found = _short_codes().get(country.strip().upper())
    if found is None:
        raise UnknownArea(field=field)
    return found


def name(area: str) -> str:
    """The name of an area alone, in the active language; the code where no name is known."""
    state, slash, county = area.partition("/")
    language = _language()
    if slash:
        return gazetteer.county_name(state, county, language)
    if "-" in area:
        return gazetteer.subdivision_name(area, language) or _local_name(area)
    return Locale(language).territories.get(area) or area


def full_name(area: str) -> str:
    """The name of an area with what it lies in: “Los Angeles County, California, United States”."""
    comma = gettext(", ")
    return comma.join(name(part) for part in chain(area))


def countries() -> tuple[Option, ...]:
    """Every country and territory, sorted for the active language."""
    return _country_options(_language())


def nationalities() -> tuple[Option, ...]:
    """Every country and territory by alpha-3 code, sorted for the active language; then those without a
    state.
    """
    return _nationality_options(_language())


def states(country: str) -> tuple[Option, ...]:
    """The subdivisions of a country and those of its territories that have a country code of their own."""
    return _state_options(country, _language())


def counties(state: str) -> tuple[Option, ...]:
    """The counties of a subdivision, without the word for county; none where it is not divided."""
    language = _language()
    return _sorted(
        Option(f"{state}/{code}", gazetteer.plain_county_name(state, code, language))
        for code in gazetteer.COUNTIES.get(state, {})
    )


def sort_key(text: str) -> str:
    """A key that sorts names as the reader expects: without accents, without case, Arabic alefs as one
    letter.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return plain.casefold().removeprefix("ال")


def _sorted(options: Iterable[Option]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: sort_key(option.name)))


@cache
def _country_options(language: str) -> tuple[Option, ...]:
    names = Locale(language).territories
    return _sorted(Option(code, names.get(code, code)) for code in _countries())


@cache
def _nationality_options(language: str) -> tuple[Option, ...]:
    named = tuple(Option(alpha_3(option.code), option.name) for option in _country_options(language))
    with override(language):
        return named + tuple(Option(code, str(label)) for code, label in WITHOUT_STATE.items())


@cache
def _state_options(country: str, language: str) -> tuple[Option, ...]:
    rows = (row for row in _subdivisions().values() if row.country_code == country)
    codes = dict.fromkeys(
        gazetteer.ALIASES.get(row.code, row.code) for row in rows if row.parent_code is None
    )
    with override(language):
        return _sorted(Option(code, name(code)) for code in codes)


@cache
def _countries() -> dict[str, str]:
    return {**{country.alpha_2: country.alpha_3 for country in pycountry.countries}, KOSOVO: "XKX"}


@cache
def _subdivisions() -> dict[str, Any]:
    return {row.code: row for row in pycountry.subdivisions}


@cache
def _short_codes() -> dict[str, str]:
    return {long: short for short, long in _countries().items()}


def _county(state: str, text: str, field: str) -> str:
    known = gazetteer.COUNTIES.get(state, {})
    wanted = sort_key(text.removesuffix(" COUNTY"))
    for code, names in known.items():
        if text in {code, code[2:]} or wanted == sort_key(names["en"]):
            return code
    raise UnknownArea(_("We do not know this county. Choose one from the list."), field=field)


def _local_name(code: str) -> str:
    row = _subdivisions().get(code)
    return str(row.name) if row else code


def _language() -> str:
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in dict(settings.LANGUAGES) else "en"
