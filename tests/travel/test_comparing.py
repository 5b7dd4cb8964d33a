"""One name in two writings, and answers beside a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.travel import agreement, comparing, mrz, transliteration
from consular.travel.comparing import Agreement
from tests import rows
from tests.bad_text import CORPUS
from tests.effort import calls
from tests.travel import specimens
from tests.travel.specimens import SPECIMENS, TODAY, text

AGREES, TRANSLITERATED, TRUNCATED, DIFFERS, UNKNOWN = Agreement


@rows.every("name, in_zone, outcome", [
        ("Eriksson", "ERIKSSON", AGREES), ("anna-maria", "ANNA MARIA", AGREES), ("O’Connor", "OCONNOR", AGREES),
        ("Van der Muellen", "VANDER MUELLEN", AGREES), ("Müller", "MUELLER", TRANSLITERATED),
        ("Müller", "MULLER", TRANSLITERATED),
        ("Müller", "MUXXLLER", TRANSLITERATED), ("Müller", "MILLER", DIFFERS), ("Strauß", "STRAUSS", AGREES),
        ("Eriksson", "ERIKSON", DIFFERS), ("Anna", "ANNA MARIA", DIFFERS), ("Anna Maria", "ANNA", DIFFERS),
        ("", "", AGREES),
        ("Anna", "", DIFFERS), ("", "ANNA", DIFFERS),
        ("Юлия", "IULIIA", TRANSLITERATED), ("Юлия", "YULIYA", TRANSLITERATED),
        ("Юлия", "YULIA", TRANSLITERATED),
        ("Алексей", "ALEXEY", TRANSLITERATED), ("Дмитрий", "DMITRY", TRANSLITERATED),
        ("Дмитрий", "ANDREI", DIFFERS),
        ("Гоголь", "HOHOL", TRANSLITERATED), ("Žižek", "ZIZEK", TRANSLITERATED),
        ("Живковић", "ZIVKOVIC", TRANSLITERATED),
        ("Γεωργίου", "GEORGIOU", TRANSLITERATED), ("Παπαδόπουλος", "PAPADOPOULOS", TRANSLITERATED),
        ("محمد", "MXHMD", TRANSLITERATED), ("محمد", "MUHAMMAD", TRANSLITERATED),
        ("محمد", "MOHAMED", TRANSLITERATED),
        ("محمد", "MOUHAMMED", TRANSLITERATED), ("محمد", "AHMAD", DIFFERS),
        ("محمد", "MUHAMMADI", TRANSLITERATED),
        ("محمد", "MUHAMMADIN", DIFFERS), ("محمد", "MUEIHAMMAD", DIFFERS), ("الرشيد", "AL RASHID", TRANSLITERATED),
        ("الرشيد", "ARRASHID", TRANSLITERATED), ("عبد الرحمن", "ABDURRAHMAN", TRANSLITERATED),
        ("خالد", "KHALED", TRANSLITERATED), ("خالد", "KHAED", DIFFERS),
        ("عبد الله", "ABDULLAH", TRANSLITERATED), ("خديجة", "KHADIJA", TRANSLITERATED),
        ("فاطمة", "FATEMEH", TRANSLITERATED),
        ("يوسف", "YOUSSEF", TRANSLITERATED), ("حسين", "HUSSEIN", TRANSLITERATED), ("حسين", "HASSAN", DIFFERS),
        ("علي", "ALI", TRANSLITERATED), ("علي", "OLA", DIFFERS), ("زينب", "ZAINAB", TRANSLITERATED),
        ("زينب", "MARYAM", DIFFERS),
        ("王小明", "WANG XIAOMING", UNKNOWN), ("Anna 王", "ANNA", UNKNOWN), ("x" * 10_000, "ANNA", DIFFERS),
    ])  # fmt: skip
def test_names_are_compared(name: str, in_zone: str, outcome: Agreement) -> None:
    assert comparing.compare(name, in_zone) == outcome


@pytest.mark.parametrize(
    ("name", "in_zone", "outcome"),
    [
        ("Chayapa Dejthamrong Krasuang", "CHAYAPA DEJTHAMRONG K", TRUNCATED),
        ("Bennelong Wooloomooloo Warrandyte Warnambool", "BENNELONG WOOLOOMOOLOO WARRANDYTE W", TRUNCATED),
        ("Bennelong Wooloomooloo Warrandyte Warnambool", "BENNEL WOOLOOM WARRAN WARNAM", TRUNCATED),
        ("Dingo Potoroo", "D", TRUNCATED), ("Dingo Potoroo", "P", DIFFERS), ("Dingo", "DINGO P", DIFFERS),
        ("Щербаков", "SHC", TRUNCATED), ("Müller", "MU", TRUNCATED), ("محمد علي", "MUHAMMAD A", TRUNCATED),
        ("Dingo Potoroo", "DINGO POTOROO", AGREES), ("Dingo", "", DIFFERS),
    ],
)  # fmt: skip
def test_a_cut_name_begins_like_the_whole_one_only_where_it_may_be_cut(
    name: str, in_zone: str, outcome: Agreement
) -> None:
    assert comparing.compare(name, in_zone, may_be_cut=True) == outcome
    expected = DIFFERS if outcome == TRUNCATED else outcome
    assert comparing.compare(name, in_zone, may_be_cut=False) == expected


@given(
    st.text("AÄÖÜßñéжщюяґєمحدشة '-", min_size=1, max_size=20),
    st.sampled_from(["", "UKR", "SRB", "DEU", "TUR"]),
)
def test_a_name_agrees_with_its_own_spelling(name: str, state: str) -> None:
    spelt = transliteration.spell(name, state).text

    assert comparing.compare(name, spelt, state=state) in (AGREES, TRANSLITERATED)


@rows.every("name", CORPUS)
def test_bad_text_is_compared_without_harm(name: str) -> None:
    assert comparing.compare(CORPUS[name], "ERIKSSON", may_be_cut=True) in (DIFFERS, UNKNOWN)


@pytest.mark.parametrize(("name", "spelt"), [("ا" * 300, "A" * 39), ("ي و " * 75, "AIOUY" * 8)])
def test_the_longest_names_are_little_work(name: str, spelt: str) -> None:
    assert calls(lambda: comparing.compare(name, spelt, may_be_cut=True)) < 500_000


ANSWERS = {
    "surname": "Eriksson", "given_names": "Anna-Maria", "birth_date": "1974-08-12", "document_number": "l898902-c3",
    "sex": "F", "expiry_date": "2012-04-15",
}  # fmt: skip


def test_answers_are_checked_against_the_document() -> None:
    reading = mrz.read(text(SPECIMENS["TD3"]), TODAY)
    checks = agreement.check(reading, ANSWERS)

    assert [check.field for check in checks] == list(ANSWERS)
    assert {check.outcome for check in checks} == {AGREES}
    assert {check.message for check in checks} == {None}


@pytest.mark.parametrize(
    ("field", "answer", "outcome"),
    [
        ("surname", "Ericsson", DIFFERS), ("surname", "Эрикссон", TRANSLITERATED),
        ("surname", "Эриксен", DIFFERS), ("given_names", "Anna", DIFFERS),
        ("given_names", "Анна Мария", TRANSLITERATED), ("birth_date", "1974-12-08", DIFFERS),
        ("document_number", "L898902C8", DIFFERS), ("sex", "M", DIFFERS),
        ("expiry_date", "2012-04-16", DIFFERS), ("expiry_date", "2012-04-15-1", DIFFERS),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_the_document_s_is_told_with_what_stands_there(
    field: str, answer: str, outcome: Agreement
) -> None:
    reading = mrz.read(text(SPECIMENS["TD3"]), TODAY)
    (check,) = agreement.check(reading, {field: answer})

    assert (check.field, check.outcome) == (field, outcome)
    assert check.in_zone in str(check.message)


def test_a_name_that_the_document_does_not_have_is_told_in_words() -> None:
    fields = mrz.Fields("TD3", "P", "UTO", "SUDARPA", "", "A1", "XXA", "1974", "X", "2030-01-01")
    reading = mrz.read(text(mrz.write(fields)), TODAY)
    surname, given_names = agreement.check(reading, {"surname": "Sudarpa", "given_names": "Satriya"})

    assert (surname.outcome, given_names.outcome, given_names.in_zone) == (AGREES, DIFFERS, "")
    assert "no name here" in str(given_names.message)


def test_states_are_compared_by_our_codes() -> None:
    reading = mrz.read(text(specimens.GERMAN_PASSPORT), TODAY)

    outcomes = [
        check.outcome
        for check in agreement.check(
            reading, {"nationality": "DEU", "issuing_country": "FRA", "birth_date": " "}
        )
    ]

    assert outcomes == [AGREES, DIFFERS]


def test_what_the_document_does_not_know_is_not_held_against_anybody() -> None:
    fields = mrz.Fields("TD3", "P", "UTO", "SATRIYA SUDARPA", "", "A1", "XXA", "1974", "X", "2030-01-01")
    reading = mrz.read(text(mrz.write(fields)), TODAY)
    answers = {
        "given_names": "Satriya Sudarpa",
        "birth_date": "1974-08-12",
        "issuing_country": "IND",
        "nationality": "XXA",
    }

    assert {check.field: check.outcome for check in agreement.check(reading, answers)} == {
        "given_names": AGREES,
        "birth_date": TRUNCATED,
        "nationality": AGREES,
    }
    assert agreement.check(mrz.read("", TODAY), answers) == ()
