"""Fields to lines: a zone as an issuer would print it."""

from consular.travel import checksum, dates, layouts, names, transliteration
from consular.travel.checksum import ALPHABET, FILLER
from consular.travel.fields import Fields
from consular.travel.layouts import Layout


def write(fields: Fields) -> tuple[str, ...]:
    """The lines for these fields, with all check digits; names are transliterated, and cut when they are too long.

    Raises ValueError for what a zone cannot hold: an unknown format, a date that is none, characters outside its
    alphabet, a value longer than its field. Document numbers of more than nine characters fit into TD1 and TD2
    only.
    """
    layout = layouts.LAYOUTS.get(fields.format)
    if layout is None:
        raise ValueError("no such format")
    rows = [[FILLER] * layout.width for line in range(layout.height)]
    for field, text in _texts(layout, fields).items():
        span = layout.spans[field]
        width = span.end - span.start
        if len(text) > width or not set(text) <= ALPHABET:
            raise ValueError(f"{field} does not fit")
        rows[span.line][span.start : span.end] = text.ljust(width, FILLER)
    is_long = len(fields.document_number) > 9
    for digit in layout.fixed:
        if not (is_long and digit.name == "document_number"):
            lines = ["".join(row) for row in rows]
            rows[digit.place.line][digit.place.start] = digit.expected(lines)
    return tuple("".join(row) for row in rows)


def _texts(layout: Layout, fields: Fields) -> dict[str, str]:
    span = layout.spans["name"]
    number, optional = _number(layout, fields)
    texts = {
        "document_code": fields.document_code,
        "issuing_state": fields.issuing_state,
        "name": names.write(
            transliteration.spell(fields.surname).text,
            transliteration.spell(fields.given_names).text,
            span.end - span.start,
        ),
        "document_number": number,
        "nationality": fields.nationality,
        "birth_date": dates.write(fields.birth_date),
        "sex": fields.sex.replace("X", FILLER),
        "expiry_date": dates.write(fields.expiry_date),
        "optional_data": optional,
    }
    if "optional_data_2" in layout.spans:
        texts["optional_data_2"] = _filled(fields.optional_data_2)
    elif fields.optional_data_2:
        raise ValueError("optional_data_2 does not fit")
    return texts


def _number(layout: Layout, fields: Fields) -> tuple[str, str]:
    """The document number and the optional data; a long number goes on there, with its check digit and a filler."""
    number, optional = _filled(fields.document_number), _filled(fields.optional_data)
    if len(number) <= 9:
        return number, optional
    if not layout.takes_long_numbers or FILLER in number[9:]:
        raise ValueError("document_number does not fit")
    return number[:9], f"{number[9:]}{checksum.digit(number)}{FILLER}{optional}"


def _filled(text: str) -> str:
    return text.replace(" ", FILLER)
