"""Zones are read as they were written, whatever the kind of document."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular.travel import checksum, mrz
from consular.travel.mrz import Fields
from tests import rows
from tests.bad_text import CORPUS
from tests.travel import specimens
from tests.travel.specimens import SPECIMENS, TODAY, text

ANNA = Fields(
    format="TD3", document_code="P", issuing_state="UTO", surname="ERIKSSON", given_names="ANNA MARIA",
    document_number="L898902C3", nationality="UTO", birth_date="1974-08-12", sex="F", expiry_date="2012-04-15",
    optional_data="ZE184226B",
)  # fmt: skip


@pytest.mark.parametrize(
    ("calculated", "digit"),
    [
        ("520727", "3"),
        ("AB2134<<<", "5"),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),
        ("L898902C3", "6"),
        ("740812", "2"),
        ("<<<<<<", "0"),
    ],
)
def test_check_digits_are_those_of_the_published_examples(calculated: str, digit: str) -> None:
    assert checksum.digit(calculated) == digit


@pytest.mark.parametrize("name", SPECIMENS)
def test_the_specimens_of_utopia_are_read_and_written(name: str) -> None:
    reading = mrz.read(text(SPECIMENS[name]), TODAY)

    assert (reading.valid, reading.format, reading.problems, reading.doubts) == (True, name, (), ())
    assert reading.fields is not None
    assert (reading.fields.surname, reading.fields.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert mrz.write(reading.fields) == SPECIMENS[name]


def test_every_field_of_a_passport_is_told() -> None:
    reading = mrz.read(text(SPECIMENS["TD3"]), TODAY)

    assert reading.fields == ANNA
    assert [(digit.name, digit.expected, digit.found, digit.ok) for digit in reading.digits] == [
        ("document_number", "6", "6", True),
        ("birth_date", "2", "2", True),
        ("expiry_date", "9", "9", True),
        ("optional_data", "1", "1", True),
        ("composite", "0", "0", True),
    ]


def test_a_long_number_goes_on_in_the_optional_data() -> None:
    reading = mrz.read(text(specimens.LONG_NUMBER), TODAY)

    assert reading.valid
    assert reading.fields is not None
    assert (reading.fields.document_number, reading.fields.optional_data) == ("D23145890734", "")
    assert (reading.digits[0].expected, reading.digits[0].line, reading.digits[0].position) == ("9", 1, 19)
    assert mrz.write(reading.fields) == specimens.LONG_NUMBER


@pytest.mark.parametrize(
    "lines",
    [specimens.LONG_NUMBER, ("I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8")],
)
def test_the_check_digit_of_a_long_number_counts(lines: tuple[str, ...]) -> None:
    assert mrz.read(text(lines), TODAY).valid
    wrong = text(lines).replace("7349<", "7348<")

    assert [digit.ok for digit in mrz.read(wrong, TODAY).digits][0] is False


def test_german_documents_and_a_schengen_visa_are_read() -> None:
    passport, card, visa = (
        mrz.read(text(lines), TODAY)
        for lines in (specimens.GERMAN_PASSPORT, specimens.GERMAN_CARD, specimens.SCHENGEN_VISA)
    )

    assert (passport.valid, card.valid, visa.valid) == (True, True, True)
    assert passport.fields
    assert card.fields
    assert visa.fields
    assert (passport.fields.issuing_state, passport.fields.issuing_country) == ("D", "DEU")
    assert (card.fields.sex, card.fields.optional_data_2, card.fields.document_code) == ("X", "2108", "ID")
    assert (visa.fields.document_code, visa.fields.nationality_country) == ("VC", "GBR")


def test_an_empty_optional_field_may_have_a_filler_for_its_digit() -> None:
    first, second = specimens.GERMAN_PASSPORT

    assert mrz.read(text((first, second[:42] + "04")), TODAY).valid
    first, second = SPECIMENS["TD3"]
    line = second[:42] + "<"
    line += checksum.digit(line[:10] + line[13:20] + line[21:43])
    full = mrz.read(text((first, line)), TODAY)
    assert [digit.name for digit in full.digits if not digit.ok] == ["optional_data"]


def test_no_other_check_digit_may_be_a_filler() -> None:
    line = "D231458907UTO<<<<<<<F1204159<<<<<<<"
    line += checksum.digit(line[:10] + line[13:20] + line[21:35])
    reading = mrz.read(f"{SPECIMENS['TD2'][0]}\n{line}", TODAY)

    assert [digit.name for digit in reading.digits if not digit.ok] == ["birth_date"]
    assert not reading.valid


@rows.every("code, country, is_known", [
        ("D<<", "DEU", True), ("GBD", "GBR", True), ("GBN", "GBR", True), ("GBO", "GBR", True),
        ("GBP", "GBR", True),
        ("GBS", "GBR", True), ("RKS", "XKX", True), ("UNK", "XKX", True), ("UNO", "", True), ("UNA", "", True),
        ("EUE", "", True), ("XPO", "", True), ("XOM", "", True), ("XXA", "XXA", True), ("XXB", "XXB", True),
        ("XXC", "XXC", True), ("XXX", "XXX", True), ("UTO", "", True), ("IND", "IND", True),
        ("SUN", "SUN", True),
        ("DEU", "DEU", True), ("QQQ", "", False), ("<<<", "", False),
    ])  # fmt: skip
def test_states_of_the_standard_are_mapped_to_ours(code: str, country: str, is_known: bool) -> None:
    lines = text(SPECIMENS["TD3"]).replace("6UTO7", f"6{code}7")
    reading = mrz.read(lines, TODAY)

    assert reading.fields is not None
    assert (reading.valid, reading.fields.nationality_country) == (True, country)
    assert [problem.code for problem in reading.problems] == ([] if is_known else ["unknown_state"])


@rows.every("six, today, born", [
        ("740812", TODAY, "1974-08-12"), ("260301", TODAY, "2026-03-01"), ("260302", TODAY, "1926-03-02"),
        ("7408<<", TODAY, "1974-08"), ("74<<<<", TODAY, "1974"), ("<<<<<<", TODAY, ""),
        ("740800", TODAY, "1974-08"),
        ("740000", TODAY, "1974"), ("2603<<", TODAY, "2026-03"), ("2604<<", TODAY, "1926-04"),
        ("26<<<<", TODAY, "2026"),
        ("000229", TODAY, "2000-02-29"), ("000229", date(1999, 1, 1), None), ("741312", TODAY, None),
        ("740832", TODAY, None), ("74<<12", TODAY, None), ("7<0812", TODAY, None), ("<<0812", TODAY, ""),
    ])  # fmt: skip
def test_a_birth_is_the_latest_such_day_that_has_been(six: str, today: date, born: str | None) -> None:
    rest = f"{six}{checksum.digit(six)}F120415"
    line = f"L898902C36UTO{rest}9ZE184226B<<<<<1"
    line += checksum.digit(line[:10] + line[13:20] + line[21:43])
    reading = mrz.read(f"{SPECIMENS['TD3'][0]}\n{line}", today)

    assert reading.fields is not None
    assert reading.fields.birth_date == (born or "")
    assert reading.valid == (born is not None)
    assert [problem.code for problem in reading.problems] == ([] if born is not None else ["not_a_date"])


@pytest.mark.parametrize(
    ("six", "expiry"),
    [("960101", "1996-01-01"), ("951231", "2095-12-31"), ("260301", "2026-03-01"), ("460301", "2046-03-01")],
)
def test_an_expiry_lies_in_the_hundred_years_around_today(six: str, expiry: str) -> None:
    line = f"D231458907UTO7408122F{six}{checksum.digit(six)}<<<<<<<"
    line += checksum.digit(line[:10] + line[13:20] + line[21:35])
    reading = mrz.read(f"{SPECIMENS['TD2'][0]}\n{line}", TODAY)

    assert (reading.valid, reading.fields and reading.fields.expiry_date) == (True, expiry)


@given(specimens.fields())
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again(given_fields: Fields) -> None:
    lines = mrz.write(given_fields)
    reading = mrz.read(text(lines), TODAY)

    assert reading.fields == given_fields
    assert reading.valid
    assert mrz.write(reading.fields) == lines


@given(specimens.fields(), st.data())
@settings(max_examples=100, deadline=None)
def test_one_wrong_character_under_a_check_digit_is_noticed_unless_it_counts_the_same(
    given_fields: Fields, data: st.DataObject
) -> None:
    lines = mrz.write(given_fields)
    reading = mrz.read(text(lines), TODAY)
    numbers = data.draw(st.integers(0, 8))
    line = 0 if reading.format == "TD1" else 1
    place = numbers + (5 if reading.format == "TD1" else 0)
    wrong = data.draw(st.sampled_from(sorted(checksum.ALPHABET - {lines[line][place]})))
    changed = [*lines]
    changed[line] = lines[line][:place] + wrong + lines[line][place + 1 :]
    same = (checksum.VALUES.get(wrong, 0) - checksum.VALUES.get(lines[line][place], 0)) % 10 == 0

    assert mrz.read(text(tuple(changed)), TODAY).valid == same


@rows.every("name", CORPUS)
def test_bad_text_is_answered_and_never_raises(name: str) -> None:
    for typed in (
        CORPUS[name],
        CORPUS[name] * 3,
        text(SPECIMENS["TD3"])[:20] + CORPUS[name],
        f"{CORPUS[name][:44]}\n{'<' * 44}",
    ):
        reading = mrz.read(typed, TODAY)

        assert not reading.valid
        assert reading.problems
        assert all(str(problem.message) for problem in reading.problems)


@given(st.text(max_size=120) | st.text("<«AB01OI\n é٣", max_size=100))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered(typed: str) -> None:
    reading = mrz.read(typed, TODAY)

    assert reading.valid or reading.problems
    assert all(str(problem.message) for problem in reading.problems)
    assert all(doubt.message is None or str(doubt.message) for doubt in reading.doubts)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "TD4"}, {"document_number": "1234567890"}, {"birth_date": "1974-13-01"}, {"birth_date": "٠٩٧٤"},
        {"optional_data_2": "A"}, {"optional_data": "A" * 15}, {"issuing_state": "UTOP"}, {"nationality": "ü"},
        {"document_code": "p"}, {"expiry_date": "2012"[:3]}, {"sex": "FM"},
    ],
)  # fmt: skip
def test_what_a_zone_cannot_hold_is_not_written(change: dict[str, str]) -> None:
    values = {**ANNA.__dict__, **change}

    with pytest.raises(ValueError, match=r".+"):
        mrz.write(Fields(**values))
