"""Addresses of any country: lines, postal code, place, country (UPU S42 in its simplest form).

The postal code is checked where the country has one of a fixed form, and is not asked for where there is none.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from consular.formspec import places, text
from consular.formspec.postal_codes import WITHOUT, rule
from consular.formspec.text import Wrong

PARTS = ("lines", "postal_code", "place", "country")
LONGEST = {"lines": 200, "postal_code": 12, "place": 80}


def read(value: object, country: str | None = None) -> dict[str, str]:
    """A tidy address from its parts. Raises Wrong.

    `country` (alpha-3) is the answer to the question that asks for it elsewhere, "" while it is not answered; None
    where the address asks for it itself.
    """
    typed = _parts(value)
    found = {
        "lines": text.lines(typed["lines"], LONGEST["lines"]),
        "postal_code": text.ascii_digits(text.line(typed["postal_code"], LONGEST["postal_code"])).upper(),
        "place": text.line(typed["place"], LONGEST["place"]),
        "country": typed["country"] if country is None else country,
    }
    if country is None and found["country"] not in dict(places.countries()):
        raise Wrong(_("Please choose the country of the address."))
    if not found["lines"]:
        raise Wrong(_("Please enter street and number, or whatever leads to the house."))
    if not found["place"]:
        raise Wrong(_("Please enter the town or village."))
    _check_postal_code(found["postal_code"], found["country"])
    return {part: text for part, text in found.items() if text}


def show(address: Mapping[str, str]) -> str:
    """The address in lines, as one writes it."""
    place = " ".join(filter(None, (address.get("postal_code"), address.get("place"))))
    return "\n".join(filter(None, (address.get("lines"), place, places.label(address.get("country", "")))))


def typed(value: object) -> dict[str, str]:
    """What to put back into the inputs."""
    try:
        return _parts(value)
    except Wrong:
        return dict.fromkeys(PARTS, "")


def _check_postal_code(code: str, country: str) -> None:
    known = rule(country)
    if known is None or (not code and country in WITHOUT):
        return
    if not code:
        raise Wrong(_("Please enter the postal code, such as %(example)s.") % {"example": known.example})
    if not known.takes(code):
        raise Wrong(
            _("Postal codes of this country look like %(example)s. Please correct it.")
            % {"example": known.example}
        )


def _parts(value: object) -> dict[str, str]:
    if isinstance(value, list | tuple) and len(value) == len(PARTS):
        value = dict(zip(PARTS, value, strict=True))
    if not isinstance(value, Mapping):
        raise Wrong(_("Please enter an address."))
    found = {part: value.get(part) or "" for part in PARTS}
    if not all(isinstance(part, str) for part in found.values()):
        raise Wrong(_("Please enter an address."))
    return found
