"""How postal codes look, by country (ISO 3166-1 alpha-3); countries that are not listed take any.

`9` stands for a digit, `A` for a letter; what is in brackets may be missing. As of 2026, from general knowledge of the
postal services; a country whose rule is in doubt is left out, because a wrong rule keeps people from applying.
"""

import re
from dataclasses import dataclass
from functools import cache

_FORMS = {
    "9999": "AFG ALB ARM AUS AUT BEL BGD BGR CHE CYP DNK GEO HUN LIE LUX MKD NOR NZL PHL SVN TUN ZAF",
    "99999": "BIH DEU DZA ESP EST FIN FRA GTM HRV IDN IRQ ITA JOR KEN KOR KWT LKA MAR MCO MEX MMR MNE MYS NPL PAK "
    "SDN SEN SMR SRB THA TUR UKR VAT ZMB",
    "999999": "BLR CHN COL ECU IND KGZ ROU RUS SGP TJK TKM UZB",
    "99999[-9999]": "SAU USA",
    "999 99": "CZE GRC SVK SWE",
    "99-999": "POL",
    "9999-999": "PRT",
    "99999-999": "BRA",
    "999-9999": "CHL JPN",
    "9999 AA": "NLD",
    "A9A 9A9": "CAN",
    "9999999": "ISR",
    "999": "ISL",
}
_EXAMPLES = {
    "DEU": "10117",
    "IND": "110021",
    "USA": "20007",
    "CAN": "K1A 0B1",
    "NLD": "2514 EG",
    "BRA": "70359-900",
}

_WITHOUT = (
    "AGO ALB AFG ARE BGD BHR BOL BWA BFA BDI CHL CMR CAF COD COG COL CIV DJI ECU ERI FJI GAB GEO GHA GMB GIN GNQ GTM "
    "GUY HKG IRQ JAM JOR KEN KWT LBY LKA MLI MMR MRT MWI NAM NPL PAN PHL QAT RWA SDN SLE SOM SUR SYR TCD TGO TJK TKM "
    "TUV UGA YEM ZMB ZWE"
)
WITHOUT = frozenset(_WITHOUT.split())
"""Countries where many or all people have no postal code, or do not know theirs."""

_COUNTRY = re.compile(r"[A-Z]{1,3}-(?=[0-9])")
_LEFT_OUT = {ord(" "): None, ord("-"): None}


@dataclass(frozen=True)
class Rule:
    """How the postal codes of a country look, and one of them."""

    form: re.Pattern[str]
    example: str

    def takes(self, code: str) -> bool:
        """Whether a code fits; spaces, hyphens and a country in front of it ("CH-3006") do no harm."""
        return bool(self.form.fullmatch(_COUNTRY.sub("", code).translate(_LEFT_OUT)))


def rule(country: str) -> Rule | None:
    """The rule of a country, None when any postal code is taken."""
    return _rules().get(country)


def example(country: str) -> str:
    """A postal code as the country has them, "" where any is taken."""
    known = rule(country)
    return known.example if known else ""


@cache
def _rules() -> dict[str, Rule]:
    return {
        country: Rule(_pattern(form), _EXAMPLES.get(country) or _example(form))
        for form, countries in _FORMS.items()
        for country in countries.split()
    }


def _pattern(form: str) -> re.Pattern[str]:
    parts = {"9": "[0-9]", "A": "[A-Z]", " ": "", "-": "", "[": "(?:", "]": ")?"}
    return re.compile("".join(parts[sign] for sign in form))


def _example(form: str) -> str:
    digits = iter("1234567")
    whole = form.partition("[")[0]
    return "".join(next(digits) if sign == "9" else "X" if sign == "A" else sign for sign in whole)
