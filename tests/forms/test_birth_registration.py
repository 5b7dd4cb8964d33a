"""Registration of a birth: what the form asks, the year of the Nationality Act, and an application sent on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import fees, formspec
from consular.cases.models import Case, Phase
from consular.core import clock
from tests.forms import walking
from tests.forms.stories import done, ended_in, finished, later, message, open_at, told

SERVICE = "birth_registration"
FOLDER = formspec.latest(SERVICE)
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAME = {"arrival": "came", "identity_checked": True, "fee": "paid"}
TAKEN = {"result": "done", "signed": ["application", "name"], "register_numbers": "19/2026"}
PARENT = {
    "parent_surname": "Rao", "parent_given_names": "Arun", "parent_birth_date": "1984", "parent_birth_place": "Pune",
    "parent_nationality": "IND",
}  # fmt: skip
ADDRESS = {"lines": "12 Example Road", "postal_code": "400001", "place": "Mumbai", "country": "IND"}


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(**changed: Any) -> dict[str, Any]:
    """A German mother in Mumbai (None removes)."""
    values = {
        "surname": "Muster",
        "given_names": "Erika",
        "birth_date": "2002-06-07",
        "nationality": "DEU",
        "doc_number": "C01X00T47",
        "residence_country": "IND",
        "residence_area": "IN-MH",
        "home_address": ADDRESS,
        "phone": "+91 22 5550 1234",
        "child_surname": "Rao",
        "child_given_names": "Mira",
        "child_sex": "female",
        "child_birth_date": "2025-12-24",
        "child_birth_place": "Mumbai",
        "child_birth_country": "IND",
        "applies_as": "mother",
        "own_birth_place": "Singapore",
        "other_parent": [PARENT],
        "married": True,
        "married_on": "2024-02-03",
        "married_at": "Mumbai",
        "other_comes": True,
        "german_parent": "mother",
        "second_generation": True,
        "wanted_surname": "Muster",
        "name_basis": "declared",
        "lived_in_germany": False,
        "certificates": "1",
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


UNMARRIED = {"married": False, "married_on": None, "married_at": None}


def wrong(**changed: Any) -> list[str]:
    return [problem.question for problem in formspec.problems(FORM, answers(**changed))]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {**UNMARRIED, "paternity": "no", "other_parent": None},
        {
            "applies_as": "child",
            "child_birth_date": "2008-03-02",
            "other_parent": [PARENT, PARENT],
            "other_comes": None,
        },
        {"lived_in_germany": True, "last_place": "Bonn, 2019"},
    ],
)
def test_it_can_be_sent(changes: dict[str, Any]) -> None:
    assert wrong(**changes) == []


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        (UNMARRIED, "paternity"),
        ({"married_on": None}, "married_on"),
        ({"child_birth_country": "DEU"}, "child_birth_country"),
        ({"child_birth_date": "2026-03-03"}, "child_birth_date"),
        ({"applies_as": "child", "child_birth_date": "2008-03-03"}, "applies_as"),
        ({"lived_in_germany": True}, "last_place"),
        ({"certificates": "0"}, "certificates"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes: dict[str, Any], question: str) -> None:
    assert question in wrong(**changes)


@pytest.mark.parametrize(
    ("born", "second", "day"),
    [("2025-12-24", True, "2026-12-24"), ("2024-02-29", True, "2025-02-28"), ("2025-12-24", False, None)],
)
def test_parents_born_abroad_are_told_the_last_day(born: str, second: bool, day: str | None) -> None:
    derived = formspec.derived(FORM, answers(child_birth_date=born, second_generation=second))

    assert derived.get("register_until") == day


@pytest.mark.parametrize(
    ("facts", "further"),
    [
        ({"married": True, "other_comes": True}, {"marriage"}),
        ({"married": False, "other_comes": False}, {"paternity", "consent"}),
    ],
)
def test_fee_and_papers(facts: dict[str, Any], further: set[str]) -> None:
    always = {"passports", "birth_certificate", "parents_births", "citizenship", "deregistration"}

    assert {paper.id for paper in fees.documents(FOLDER, facts, NOW.date())} == always | further
    assert [fees.due(FOLDER, {**facts, **more}, NOW.date()).amount for more in ({}, {"waiver": "need"})] == [
        85,
        0,
    ]


@pytest.mark.parametrize(
    ("task", "entries", "question"),
    [
        ("completeness", {"complete": False}, "request"),
        ("certification", {**TAKEN, "signed": ["name"]}, "signed"),
        ("certification", {**TAKEN, "signed": []}, "signed"),
        ("forwarding", {"registry_office": "Berlin", "sent_on": "2026-03-03"}, "sent_on"),
    ],
)
def test_officers_cannot_pass_over_what_counts(task: str, entries: dict[str, Any], question: str) -> None:
    assert [one.question for one in formspec.page_problems(FORM.tasks[task], entries)] == [question]


def test_papers_are_completed_before_the_appointment() -> None:
    asked = ({"start": {"booked": False}}, done("check_papers", complete=False))
    answered = (*asked, message("applicant.answered"))

    assert open_at(ended_in(SERVICE, *asked), "message") == ["await_answer", "on_withdrawal"]
    assert open_at(ended_in(SERVICE, *answered)) == ["check_papers"]


def test_who_answers_nothing_is_reminded_and_told_that_it_lapsed() -> None:
    steps = told(
        SERVICE, {"start": {"booked": False}}, done("check_papers", complete=False), later("P2M20D"),
        finished("remind_of_answer"), later("P9D"), finished("remind_again_of_answer"), later("P4D"),
    )  # fmt: skip

    assert (steps[-2].ended, steps[-1].ended, steps[-1].phase) == (False, True, "closed")


@pytest.mark.django_db
def test_an_application_is_checked_taken_and_sent_to_the_registry_office() -> None:
    case = walking.sent(SERVICE, answers(), language="de")
    assert walking.worked(case, {"check_papers": {"complete": True}}) == ["check_papers"]
    walking.booked(Case.objects.get(pk=case.pk))
    way = {
        "check_in": CAME,
        "take_application": TAKEN,
        "forward": {"registry_office": "Standesamt I in Berlin", "sent_on": "2026-03-02"},
    }

    assert walking.worked(case, way) == list(way)
    ended = Case.objects.get(pk=case.pk)
    assert (ended.mission.code, ended.phase, ended.outcome) == ("MUMB", Phase.CLOSED, "served")
    assert walking.letters(case) == ["L01"]
