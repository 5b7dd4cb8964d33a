"""Specimen documents of Utopia and of published examples, and fields to make more of them."""

from datetime import date
from string import ascii_uppercase, digits

from hypothesis import strategies as st

from consular.travel import dates, layouts
from consular.travel.mrz import Fields

TODAY = date(2026, 3, 1)
SPECIMENS = {
    "TD3": (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ),
    "TD1": (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ),
    "TD2": ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"),
    "MRV-A": (
        "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    ),
    "MRV-B": ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"),
}
LONG_NUMBER = (
    "I<UTOD23145890<7349<<<<<<<<<<<",
    "3407127F9507122UTO<<<<<<<<<<<2",
    "STEVENSON<<PETER<JOHN<<<<<<<<<",
)
"""A number of twelve characters (part 5)."""
GERMAN_PASSPORT = (
    "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<",
    "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4",
)
GERMAN_CARD = (
    "IDD<<L01X00T471<<<<<<<<<<<<<<<",
    "8308126<3108011D<<2108<<<<<<<7",
    "MUSTERMANN<<ERIKA<<<<<<<<<<<<<",
)
SCHENGEN_VISA = ("VCD<<DENT<<ARTHUR<PHILIP<<<<<<<<<<<<", "1234567XY7GBR5203116M2005250<<<<<<<<")


def text(lines: tuple[str, ...]) -> str:
    return "\n".join(lines)


def _words(most: int, *, least: int = 1) -> st.SearchStrategy[str]:
    """Capital words and single spaces, at most so long."""
    word = st.text(ascii_uppercase, min_size=1, max_size=6)
    return (
        st.lists(word, min_size=least, max_size=4)
        .map(" ".join)
        .filter(lambda words: least <= len(words) <= most)
    )


def _alphanumeric(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(ascii_uppercase + digits, min_size=least, max_size=most)


BIRTHS = st.one_of(
    st.dates(date(1927, 1, 1), TODAY).map(date.isoformat),
    st.dates(date(1927, 1, 1), date(2025, 12, 31)).map(lambda day: day.isoformat()[:7]),
    st.integers(1927, 2025).map(str),
    st.just(""),
)
EXPIRIES = st.dates(date(TODAY.year - dates.BEFORE, 1, 1), date(TODAY.year + dates.AFTER, 12, 31)).map(
    date.isoformat
)
STATES = st.sampled_from(["UTO", "D", "GBD", "UNO", "XXA", "IND", "RKS", "EUE"])


@st.composite
def fields(draw: st.DrawFn) -> Fields:
    """The fields of any document whose name fits."""
    layout = layouts.LAYOUTS[draw(st.sampled_from(sorted(layouts.LAYOUTS)))]
    width = {name: span.end - span.start for name, span in layout.spans.items()}
    number = draw(_alphanumeric(1, 14 if layout.takes_long_numbers else 9))
    room = width["optional_data"] - (len(number) - 7 if len(number) > 9 else 0)
    surname = draw(_words(width["name"] - 3))
    return Fields(
        format=layout.name,
        document_code=draw(st.sampled_from(layout.codes)) + draw(st.sampled_from(["", "D", "P"])),
        issuing_state=draw(STATES),
        surname=surname,
        given_names=draw(st.just("") | _words(max(1, width["name"] - len(surname) - 2))),
        document_number=number,
        nationality=draw(STATES),
        birth_date=draw(BIRTHS),
        sex=draw(st.sampled_from("FMX")),
        expiry_date=draw(EXPIRIES),
        optional_data=draw(_alphanumeric(0, max(0, room))),
        optional_data_2=draw(_alphanumeric(0, width.get("optional_data_2", 0))),
    )
