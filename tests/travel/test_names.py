"""The name field: parted, filled and cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.travel import mrz, names
from consular.travel.mrz import Fields
from tests.travel.specimens import TODAY, text

WORDS = st.lists(st.text("ABCXYZ", min_size=1, max_size=14), min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("surname", "given_names", "width", "field"),
    [
        ("ERIKSSON", "ANNA MARIA", 39, "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"),
        ("VAN DER MUELLEN", "MARTIN", 39, "VAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<"),
        ("ARKFREITH", "", 39, "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"),
        ("", "SATRIYA SUDARPA", 31, "SATRIYA<SUDARPA<<<<<<<<<<<<<<<<"),
        ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG", 39, "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"),
        ("NILAVADHANANANDA", "ARNPOL PETCH CHARONGUANG", 39, "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"),
        ("PAPANDROPOULOUS", "JONATHON WARREN TREVOR", 39, "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"),
        ("PAPANDROPOULOUS", "JONATHOON ALEC", 31, "PAPANDROPOULOUS<<JONATHOON<ALEC"),
        ("BENNELONG WOOLOOMOOLOO", "DINGO POTOROO", 20, "BENNELONG<WOOLOOM<<D"),
        ("ABCDEFGH", "XY", 10, "ABCDEFG<<X"),
        ("ABC", "DE FG", 7, "ABC<<DE"),
        ("ABC", "DEF G", 9, "ABC<<DE<G"),
        ("ABC DEF", "G", 6, "ABC<<G"),
        ("ABC DEF", "G", 8, "ABC<D<<G"),
        ("ABCDE F", "", 6, "ABCD<F"),
    ],
)  # fmt: skip
def test_names_are_written_as_in_the_published_examples_and_cut_at_a_letter(
    surname: str, given_names: str, width: int, field: str
) -> None:
    assert names.write(surname, given_names, width) == field


@given(WORDS, WORDS | st.just(""), st.sampled_from([30, 31, 39]))
def test_a_name_fits_and_a_cut_one_ends_with_a_letter(surname: str, given_names: str, width: int) -> None:
    field = names.write(surname, given_names, width)
    whole = len(surname) + (len(given_names) + 2 if given_names else 0)

    assert len(field) == width
    assert names.is_full(field) == (whole >= width)
    assert ("<<" in field.rstrip("<")) == bool(given_names)
    if whole <= width:
        assert names.read(field) == (surname, given_names)


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ("ERIKSSON<<ANNA<MARIA<<<", ("ERIKSSON", "ANNA MARIA")),
        ("ARKFREITH<<<<<<", ("ARKFREITH", "")),
        ("AL<BASRI<<HUDA", ("AL BASRI", "HUDA")),
        ("SMITH<<JOHN<<<PETER<", ("SMITH", "JOHN PETER")),
        ("<<ANNA<<", ("", "ANNA")),
        ("<<<<", ("", "")),
    ],
)
def test_names_are_parted_by_two_fillers(field: str, read: tuple[str, str]) -> None:
    assert names.read(field) == read


def test_a_full_name_is_told_from_one_that_ends_before() -> None:
    base = {
        "format": "TD3",
        "document_code": "P",
        "issuing_state": "UTO",
        "document_number": "1",
        "nationality": "UTO",
    }
    rest = {"birth_date": "1974", "sex": "X", "expiry_date": "2030-01-01"}
    long = Fields(**base, **rest, surname="NILAVADHANANANDA", given_names="CHAYAPA DEJTHAMRONG KRASUANG")
    short = Fields(**base, **rest, surname="Müller-Øster", given_names="D’Arc")

    cut, whole = (mrz.read(text(mrz.write(fields)), TODAY) for fields in (long, short))

    assert (cut.name_may_be_cut, cut.valid, whole.name_may_be_cut) == (True, True, False)
    assert whole.fields is not None
    assert (whole.fields.surname, whole.fields.given_names) == ("MUELLER OESTER", "DARC")
