"""Telephone numbers of all countries (ITU-T E.164), checked by the numbering plan of their country."""

import unicodedata

import phonenumbers
from django.utils.translation import gettext as _

from consular.formspec import places, text
from consular.formspec.text import Wrong


def read(value: object, max_length: int, country: str = "") -> str:
    """The number as it is dialled from anywhere: "+91 11 2345 6789". Raises Wrong.

    `country` (alpha-3) is where a number without country code is dialled; "" when nobody knows.
    """
    typed = text.ascii_digits(unicodedata.normalize("NFKC", text.line(value, max_length)))
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    region = places.alpha_2(country) or None
    if region is None and not typed.startswith("+"):
        raise Wrong(_("Please enter a telephone number with country code, for example +49 30 1234567."))
    if not text.PHONE.fullmatch(typed):
        raise Wrong(_("Please use only digits, spaces and the signs + ( ) - / in a telephone number."))
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as problem:
        if problem.error_type != phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise _too_short() from None
        raise Wrong(
            _("There is no such country code. Please enter the number like +49 30 1234567.")
        ) from None
    return _checked(number)


def _checked(number: phonenumbers.PhoneNumber) -> str:
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        raise Wrong(_("This telephone number has too many digits for its country."))
    raise _too_short()


def _too_short() -> Wrong:
    return Wrong(_("This telephone number has too few digits for its country, or its area code is missing."))
