"""What earlier visas mean for the next one: which are counted, and what the officer reads."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from consular.cases.models import Case
from consular.casework import cascade
from consular.casework.cascade import Visa
from consular.core import clock, jobs
from tests import stages

TODAY = date(2026, 5, 1)


def visa(first: date, last: date, *, multiple: bool = False) -> Visa:
    return Visa(first, last, multiple)


@pytest.mark.parametrize(
    ("visas", "counts"),
    [
        ([], (0, 0, 0)),
        ([visa(date(2024, 5, 2), date(2024, 5, 20))], (1, 0, 0)),
        ([visa(date(2024, 4, 1), date(2024, 5, 1))], (1, 0, 0)),
        ([visa(date(2024, 4, 1), date(2024, 4, 30))], (0, 0, 0)),
        ([visa(date(2026, 5, 2), date(2026, 6, 2))], (0, 0, 0)),
        ([visa(date(2024, 6, 1), date(2025, 5, 31), multiple=True)], (1, 1, 0)),
        ([visa(date(2024, 6, 1), date(2025, 5, 30), multiple=True)], (1, 0, 0)),
        ([visa(date(2024, 6, 1), date(2025, 5, 31))], (1, 0, 0)),
        ([visa(date(2021, 7, 1), date(2023, 6, 30), multiple=True)], (0, 0, 1)),
        ([visa(date(2020, 7, 1), date(2025, 6, 30), multiple=True)], (1, 0, 1)),
        ([visa(date(2021, 4, 30), date(2023, 4, 29), multiple=True)], (0, 0, 0)),
    ],
)
def test_what_has_begun_and_was_valid_in_the_last_years_counts(
    visas: list[Visa], counts: tuple[int, int, int]
) -> None:
    found = cascade.count(visas, TODAY)

    assert (found["visas"], found["one_year_visas"], found["two_year_visas"]) == counts


def test_on_the_last_of_february_the_years_are_counted_from_the_twenty_eighth() -> None:
    assert cascade.count([visa(date(2026, 1, 1), date(2026, 2, 28))], date(2028, 2, 29))["visas"] == 1


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def granted(post: stages.Post, owner: Any, **entries: Any) -> Case:
    """A visa for this account, with its letter."""
    case = stages.sent(owner)
    stages.do(case, post.clerk, complete=True)
    stages.booked(case)
    stages.do(case, post.clerk, **stages.LODGING)
    stages.do(case, post.caseworker, admissibility="admissible")
    stages.do(case, post.caseworker, **stages.SEARCHED)
    stages.do(case, post.caseworker, **stages.granting(**entries))
    stages.do(case, post.decider, approved=True)
    jobs.work()
    return Case.objects.get(pk=case.pk)


@pytest.mark.django_db
def test_a_visa_for_a_year_leads_to_two_years_unless_it_was_revoked(post: stages.Post) -> None:
    first = clock.today() + timedelta(days=60)
    last = first.replace(year=first.year + 1) - timedelta(days=1)
    days = {"valid_from": first.isoformat(), "valid_until": last.isoformat()}
    before = granted(post, None, **days, entries="multiple", days="90")
    next_case = stages.sent(before.owner, doc_number="G7654321")

    with clock.at(clock.now() + timedelta(days=500)), translation.override("en"):
        told = cascade.proposed(next_case)
        other = cascade.proposed(stages.sent(before.owner, surname="Boateng", doc_number="G1111111"))

    assert told is not None
    assert other is not None
    assert (told.answer.years, told.answer.rule) == (2, "two_years")
    assert told.visa.startswith("A visa for multiple entries, valid for 2 years")
    assert told.why.endswith("(Visa Code, article 24(2)(b))")
    assert "for one year: 1" in told.counted
    assert (other.answer.years, other.visa[:14]) == (None, "Nothing longer")
