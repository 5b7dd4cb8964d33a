"""What does not fit among the answers of a case, each with the questions it is about."""

from datetime import date, timedelta
from typing import Any

import pytest

from consular import formspec
from consular.cases import contradictions
from consular.core import clock
from consular.formspec.model import Form, Page, Question
from tests import stages

TODAY = clock.today()


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def hints(answers: dict[str, Any], form: Form | None = None, sent_on: date = TODAY) -> list[tuple[str, ...]]:
    found = contradictions.found(
        form or formspec.latest(stages.SERVICE).form, answers, sent_on=sent_on, today=TODAY
    )
    assert all(hint.sentence for hint in found)
    return [hint.questions for hint in found]


STAYS = [{"stay_entry": day(-90), "stay_exit": day(-10)}]
WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "passport too short": ({"doc_valid_until": day(150)}, ("doc_valid_until", "departure_date")),
    "no blank pages": ({"two_pages": False}, ("two_pages",)),
    "passport too old": ({"doc_issue_date": day(-3660)}, ("doc_issue_date",)),
    "issued before birth": ({"birth_date": day(-300)}, ("birth_date", "doc_issue_date")),
    "expired before it was issued": ({"doc_issue_date": day(2001)}, ("doc_issue_date", "doc_valid_until")),
    "departure before arrival": ({"departure_date": day(50)}, ("arrival_date", "departure_date")),
    "permit ends": ({"residence_permit_until": day(65)}, ("departure_date", "residence_permit_until")),
    "journey begun": ({"arrival_date": day(-2), "departure_date": day(3)}, ("arrival_date",)),
    "fingerprints before birth": ({"fingerprints_date": "1980-01-01"}, ("birth_date", "fingerprints_date")),
    "90 in 180": (
        {"earlier_stays": STAYS, "arrival_date": day(5), "departure_date": day(25)},
        ("arrival_date", "departure_date", "earlier_stays"),
    ),
    "stay overlaps journey": (
        {"earlier_stays": [{"stay_entry": day(10), "stay_exit": day(61)}]},
        ("earlier_stays", "arrival_date"),
    ),
    "stays overlap": (
        {"earlier_stays": [*STAYS, {"stay_entry": day(-12), "stay_exit": day(-8)}]},
        ("earlier_stays",),
    ),
}


def test_answers_that_fit_give_no_hint() -> None:
    assert hints(stages.answers()) == []
    assert (
        hints(stages.answers(two_pages=True, earlier_stays=[{"stay_entry": day(-40), "stay_exit": day(-10)}]))
        == []
    )


@pytest.mark.parametrize(("changed", "about"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_named_with_its_questions(
    changed: dict[str, Any], about: tuple[str, ...]
) -> None:
    assert about in hints(stages.answers(**changed))


@pytest.mark.parametrize("years", [10, 9])
def test_ten_years_count_back_from_the_application_to_the_day(years: int) -> None:
    sent = date(2026, 5, 31)
    at_the_edge = {"doc_issue_date": f"{2026 - years}-05-31"}

    assert ("doc_issue_date",) not in hints(stages.answers(**at_the_edge), sent_on=sent)
    too_old = {"doc_issue_date": "2016-05-30"}
    assert ("doc_issue_date",) in hints(stages.answers(**too_old), sent_on=sent)


@pytest.mark.parametrize(
    ("departure", "enough", "too_little"),
    [("2027-11-30", "2028-02-29", "2028-02-28"), ("2027-05-31", "2027-08-31", "2027-08-30")],
)
def test_three_months_after_departure_end_on_the_last_day_of_a_short_month(
    departure: str, enough: str, too_little: str
) -> None:
    about = ("doc_valid_until", "departure_date")
    journey = {"arrival_date": departure, "departure_date": departure}

    assert about not in hints(stages.answers(**journey, doc_valid_until=enough))
    assert about in hints(stages.answers(**journey, doc_valid_until=too_little))


ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
FORM = Form(
    "Passport",
    "passport_id",
    (
        Page(
            "identity",
            "Identity",
            (
                Question("surname", "name", "Surname"),
                Question("surname_latin", "name", "Surname in Latin letters", latin_of="surname"),
                Question("zone", "mrz", "Zone"),
            ),
        ),
    ),
    {},
    (),
)


def test_the_zone_and_names_in_two_scripts_are_compared_with_the_answers() -> None:
    agreeing = {
        "surname": "Eriksson",
        "given_names": "Anna Maria",
        "birth_date": "1974-08-12",
        "sex": "female",
    }
    assert hints({**agreeing, "zone": ZONE}, FORM) == []

    other = {**agreeing, "surname": "Müller", "birth_date": "1974-12-08", "sex": "male"}
    assert hints({**other, "zone": ZONE}, FORM) == [
        ("surname", "zone"),
        ("birth_date", "zone"),
        ("sex", "zone"),
    ]
    assert hints({"zone": ZONE.replace("L898902C36", "L898902C37")}, FORM) == [("zone",)]
    assert hints({"surname": "Петров", "surname_latin": "PETROV"}, FORM) == []
    assert hints({"surname": "Петров", "surname_latin": "SIDOROV"}, FORM) == [("surname", "surname_latin")]


@pytest.mark.parametrize("value", ["", "1990", "1990-04", "99-99", 7, None, ["x"], {"a": 1}])
def test_partial_missing_and_strange_answers_say_nothing(value: object) -> None:
    names = ("birth_date", "doc_issue_date", "doc_valid_until", "arrival_date", "earlier_stays")

    assert hints(dict.fromkeys(names, value) | {"earlier_stays": [value]}, FORM) == []
