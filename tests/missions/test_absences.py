"""Absences: days that make sense, and no two for one person on one day."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from consular.accounts.models import User
from consular.core import clock
from consular.core.errors import Refused
from consular.missions import absences
from consular.missions.models import Absence
from tests import factories

pytestmark = pytest.mark.django_db


def enter(user: User, days: list[tuple[str, str]]) -> None:
    for first, last in days:
        away(user, first, last)


def away(user: User, first: str, last: str) -> Absence:
    return Absence.objects.create(
        user=user, starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last), entered_by=user,
        entered_at=clock.now(),
    )  # fmt: skip


WRONG: list[tuple[str, list[tuple[str, str]]]] = [
    ("absence_ends_after_it_begins", [("2026-05-02", "2026-05-01")]),
    ("one_absence_per_person_and_day", [("2026-05-01", "2026-05-03"), ("2026-05-03", "2026-05-04")]),
]


@pytest.mark.parametrize(("name", "days"), WRONG)
def test_the_database_refuses_days_that_make_no_sense(name: str, days: list[tuple[str, str]]) -> None:
    user = factories.official()
    with pytest.raises(Exception, match=name), transaction.atomic():
        enter(user, days)


@pytest.mark.parametrize(("name", "days"), WRONG[1:])
def test_without_the_constraint_the_harm_is_done(name: str, days: list[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE missions_absence DROP CONSTRAINT {name}")
    user = factories.official()
    enter(user, days)

    assert Absence.objects.valid_on(date(2026, 5, 3)).filter(user=user).count() == 2


def test_both_days_count_and_other_people_do_not() -> None:
    user = factories.official()
    away(user, "2026-05-01", "2026-05-03")
    away(factories.official(), "2026-05-01", "2026-05-03")
    found: dict[str, Any] = {
        day: absences.of(user, date.fromisoformat(day)) is not None
        for day in ("2026-04-30", "2026-05-01", "2026-05-03", "2026-05-04")
    }

    assert found == {"2026-04-30": False, "2026-05-01": True, "2026-05-03": True, "2026-05-04": False}


def test_one_is_told_until_when_and_what_to_do() -> None:
    user, other = factories.official(), factories.official()
    away(user, "2026-05-01", "2026-05-03")

    with pytest.raises(Refused, match="05/03/2026|3 May 2026|03/05/2026") as told:
        absences.require_present(user, date(2026, 5, 2), by=other)
    with pytest.raises(Refused, match="end your absence first"):
        absences.require_present(user, date(2026, 5, 2), by=user)
    assert told.value.code == "absent"
    absences.require_present(user, date(2026, 5, 4), by=other)
