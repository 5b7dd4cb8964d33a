"""What will change is told before it does; what has changed is not."""

from datetime import date

import pytest

from consular.missions.models import District, Mission
from consular.routing import Situation, as_guest, changes, finding, responsible, upcoming
from consular.routing.question import Question
from consular.rules import dmn
from tests.routing.test_special import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]
DAY = date(2026, 3, 1)
CHANGE = date(2027, 3, 1)


def hand_over(area: str, to: str | None, day: date = CHANGE) -> None:
    """From a day on another mission has the short-stay visas of an area, or none."""
    District.objects.filter(area=area, service_group="visa_c").update(valid_to=day)
    if to:
        District.objects.create(
            mission=Mission.objects.get(code=to), service_group="visa_c", area=area, valid_from=day
        )


def next_change(
    residence: str, on: date = DAY, group: str = "visa_c", **situation: str
) -> changes.Change | None:
    found = responsible(
        group, nationality="IND", residence=residence, on=on, situation=Situation(**situation)
    )
    return upcoming(group, found)


def test_another_mission_is_named_with_the_day_it_begins() -> None:
    hand_over("IN-KL", "CHEN")

    change = next_change("IN-KL")

    assert change is not None
    assert (change.on, change.mission.code if change.mission else None) == (CHANGE, "CHEN")
    assert str(change.because) == (
        "From 1 March 2027, the Consulate General in Chennai will be responsible for this service in Kerala, India."
    )


@pytest.mark.parametrize(("residence", "on"), [("IN-KL", CHANGE), ("IN-MH", DAY), ("IN-KA", DAY)])
def test_what_has_begun_or_happens_elsewhere_is_no_change(residence: str, on: date) -> None:
    hand_over("IN-KL", "CHEN")

    assert next_change(residence, on) is None


def test_other_services_stay_as_they_are() -> None:
    hand_over("IN-KL", "CHEN")

    assert next_change("IN-KL", group="visa_d") is None


def test_a_row_that_is_only_written_anew_is_no_change() -> None:
    hand_over("IN-KL", "BENG")

    assert next_change("IN-KL") is None


def test_the_end_of_all_responsibility_is_told() -> None:
    hand_over("KE", None)

    change = next_change("KE")

    assert change is not None
    assert change.mission is None
    assert str(change.because) == (
        "From 1 March 2027, none of our missions will be responsible for this service in Kenya."
    )


def test_a_country_that_will_be_divided_is_told() -> None:
    District.objects.create(
        mission=Mission.objects.get(code="KAIR"), service_group="visa_c", area="KE-30", valid_from=CHANGE
    )

    change = next_change("KE")

    assert change is not None
    assert "several missions will share Kenya" in str(change.because)


def test_a_special_rule_that_begins_is_told() -> None:
    table = dmn.load(TABLE.decode().replace('"AF"', '"KE"').replace("2021-08-15", "2027-03-01").encode())
    found = responsible("visa_c", nationality="KEN", residence="KE", on=DAY)

    (day,) = changes.days(found, table)
    then = finding.resolve(Question(found.question.group, "KEN", "KE", day, Situation()), table)
    change = changes.told(found, day, then)

    assert change is not None
    assert (change.on, change.mission.code if change.mission else None) == (CHANGE, "ISLA")


def test_a_guest_is_told_what_changes_where_they_are() -> None:
    hand_over("JO", "BEIR")

    change = next_change("AQ", present_in="JO")

    assert change is not None
    assert "the Embassy in Beirut will be responsible for this service in Jordan" in str(change.because)


def test_help_comes_from_where_one_is() -> None:
    found = responsible(
        "citizen_help", nationality="DEU", residence="IN-MH", on=DAY, situation=Situation(present_in="JO")
    )

    assert found.mission.code == "AMMA"
    assert found.because.rule.startswith("presence:")


@pytest.mark.parametrize(
    ("residence", "present", "guest"),
    [("IN-MH", "JO", "AMMA"), ("IN-MH", "IN-MH", None), ("IN-MH", "AQ", None), ("AQ", "JO", None)],
)
def test_a_guest_learns_who_may_help_besides(residence: str, present: str, guest: str | None) -> None:
    found = responsible(
        "visa_c", nationality="IND", residence=residence, on=DAY, situation=Situation(present_in=present)
    )

    other = as_guest(found)

    assert (other.mission.code if other else None) == guest
