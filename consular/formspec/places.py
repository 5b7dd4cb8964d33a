"""Countries and nationalities by their codes in ICAO Doc 9303 (ISO 3166-1 alpha-3 and a few more)."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consular.missions import areas, files, gazetteer, titles

Choices = tuple[tuple[str, str], ...]

MEMBER_STATES = (
    "AUT", "BEL", "BGR", "CHE", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "ISL",
    "ITA", "LIE", "LTU", "LUX", "LVA", "MLT", "NLD", "NOR", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
)  # fmt: skip
"""The states that issue Schengen visas, since 1 January 2025."""


def alpha_3(code: str) -> str:
    """The three-letter code for a two-letter one, "" when there is none."""
    return _codes().get(code, "")


def alpha_2(code: str) -> str:
    """The two-letter code for a three-letter one, "" when there is none."""
    return _pairs().get(code, "")


def countries(*, historic: bool = False) -> Choices:
    """All countries of today in the active language; with `historic` also states that people were born in."""
    return _countries(_language()) + (tuple(_historic().items()) if historic else ())


def nationalities(*, historic: bool = False) -> Choices:
    """What a travel document can say about its holder's nationality, in the active language; with `historic` also
    states that are no more.
    """
    return tuple(_names(_language()).items()) + (tuple(_historic().items()) if historic else ())


def missions() -> Choices:
    """Our own missions by their codes, in the active language."""
    return _missions(_language())


def member_states() -> Choices:
    """The Schengen states in the active language."""
    return _member_states(_language())


def parts_of(country: str) -> Choices:
    """The areas of a country (alpha-3) by which one finds a mission: states, counties of divided states.

    A country that is not divided among missions is one area; what is no country of today has none.
    """
    code = alpha_2(country)
    return _parts_of(code, _language()) if code else ()


def label(code: str) -> str:
    """The name of any of these places in the active language, the code itself for an unknown one."""
    return _names(_language()).get(code) or _historic().get(code) or code


def _language() -> str:
    return get_language() or "en"


@cache
def _codes() -> dict[str, str]:
    return {option.code: areas.alpha_3(option.code) for option in areas.countries()}


@cache
def _pairs() -> dict[str, str]:
    return {three: two for two, three in _codes().items()}


@cache
def _names(language: str) -> dict[str, str]:
    return {option.code: option.name for option in areas.nationalities()}


@cache
def _countries(language: str) -> Choices:
    codes = set(_codes().values())
    return tuple(named for named in _names(language).items() if named[0] in codes)


@cache
def _member_states(language: str) -> Choices:
    return tuple(named for named in _names(language).items() if named[0] in MEMBER_STATES)


@cache
def _missions(language: str) -> Choices:
    return tuple(
        sorted(((code, titles.title(each)) for code, each in files.read().missions.items()), key=_by_name)
    )


def _by_name(item: tuple[str, str]) -> str:
    return areas.sort_key(item[1])


@cache
def _parts_of(country: str, language: str) -> Choices:
    if not any(area.startswith(f"{country}-") for area in gazetteer.SUBDIVISIONS):
        return ((country, areas.name(country)),)
    parts: list[tuple[str, str]] = []
    for state in areas.states(country):
        counties = areas.counties(state.code)
        parts += [(county.code, f"{state.name} – {county.name}") for county in counties]
        parts += [] if counties else [(state.code, state.name)]
    return tuple(parts)


def _historic() -> dict[str, str]:
    """States that are no more, by their last codes (ISO 3166-3 and before it)."""
    return {
        "BUR": _("Burma (until 1989)"),
        "CSK": _("Czechoslovakia (until 1992)"),
        "DDR": _("German Democratic Republic (until 1990)"),
        "ANT": _("Netherlands Antilles (until 2010)"),
        "VDR": _("North Vietnam (until 1976)"),
        "RHO": _("Rhodesia (until 1980)"),
        "SCG": _("Serbia and Montenegro (until 2006)"),
        "YMD": _("South Yemen (until 1990)"),
        "SUN": _("Soviet Union (until 1991)"),
        "HVO": _("Upper Volta (until 1984)"),
        "YUG": _("Yugoslavia (until 2003)"),
        "ZAR": _("Zaire (until 1997)"),
    }
