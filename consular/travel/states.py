"""Codes of states and organisations in travel documents (ICAO Doc 9303 part 3, section 5)."""

from functools import cache
from types import MappingProxyType

import pycountry

SPECIAL = MappingProxyType(
    {
        "D": "DEU",
        "GBD": "GBR",
        "GBN": "GBR",
        "GBO": "GBR",
        "GBP": "GBR",
        "GBS": "GBR",
        "RKS": "XKX",
        "XKX": "XKX",
        "UNK": "XKX",
        "ROM": "ROU",
        "ZAR": "COD",
        "TMP": "TLS",
        "XXA": "XXA",
        "XXB": "XXB",
        "XXC": "XXC",
        "XXX": "XXX",
    }
)
"""What is not, or no longer, a code of ISO 3166-1, and the product's code for it: British nationals of all
kinds are British, residents of Kosovo with a document of the United Nations are of Kosovo, and the XX codes are for
persons without a state.
"""

ORGANISATIONS = frozenset(
    {"EUE", "IAO", "UNA", "UNO", "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO"}
)
"""Issue documents, but are no country and nobody's nationality; so is Utopia, the country of specimens."""

SPECIMEN = "UTO"


def is_known(code: str) -> bool:
    """Whether the standard knows the code, as it stands in the zone without fillers."""
    return (
        code in SPECIAL or code in ORGANISATIONS or code == SPECIMEN or code in _of_today() or code in _gone()
    )


def iso(code: str) -> str:
    """ISO 3166-1 alpha-3 as the product writes it (XKX for Kosovo, XXA to XXX without a state), "" where none is.

    A state that is gone keeps the code it had (SUN, YUG).
    """
    return SPECIAL.get(code) or (code if code in _of_today() or code in _gone() else "")


def in_zone(country: str) -> str:
    """How the product's code is written in a zone: D for Germany, RKS for Kosovo."""
    return {"DEU": "D", "XKX": "RKS"}.get(country, country)


@cache
def _of_today() -> frozenset[str]:
    return frozenset(country.alpha_3 for country in pycountry.countries)


@cache
def _gone() -> frozenset[str]:
    return frozenset(country.alpha_3 for country in pycountry.historic_countries)
