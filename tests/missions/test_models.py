"""What the database refuses whoever asks; each constraint also switched off, to see the harm."""

from datetime import date
from functools import partial

import pytest

from consular.accounts.models import Role
from consular.missions.models import (
    Closure,
    District,
    ExchangeRate,
    IntakeSite,
    Mission,
    Posting,
    Representation,
)
from tests import factories, harm

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


def one_code_twice() -> None:
    factories.mission("DELH")
    factories.mission("DELH")


def district(**fields: object) -> None:
    District.objects.create(mission=factories.mission(), service_group="visa_c", area="NP", **fields)


def two_for_one_area() -> None:
    district()
    district(valid_from=DAY)


def representation(**fields: object) -> None:
    Representation.objects.create(represented="LI", by="CH", **fields)


def represented_twice() -> None:
    representation(valid_from=DAY)
    representation(valid_from=DAY)


def closure() -> None:
    Closure.objects.create(
        mission=factories.mission(), first_day=DAY, last_day=date(2026, 2, 28), reason="move"
    )


def sites(*days: dict[str, date]) -> None:
    mission = factories.mission()
    for dates in days:
        IntakeSite.objects.create(
            mission=mission, kind="provider", name="Test", city="Pune", service_groups=["visa_c"], **dates
        )


def rate(*per_euro: int, step: int = 1) -> None:
    for each in per_euro:
        ExchangeRate.objects.create(currency="INR", valid_from=DAY, per_euro=each, step=step)


def posting(**fields: object) -> None:
    values = {"role": Role.CASEWORKER, "starts_on": DAY}
    Posting.objects.create(user=factories.official(), **{**values, **fields})


CONSTRAINTS = [
    (Mission, "code", one_code_twice),
    (District, "district_ends_after_it_begins", partial(district, valid_from=DAY, valid_to=DAY)),
    (District, "one_district_per_area_and_day", two_for_one_area),
    (
        Representation,
        "representation_ends_after_it_begins",
        partial(representation, valid_from=DAY, valid_to=DAY),
    ),
    (Representation, "one_representation_per_area_and_day", represented_twice),
    (IntakeSite, "intakesite_ends_after_it_begins", partial(sites, {"valid_from": DAY, "valid_to": DAY})),
    (IntakeSite, "one_intake_site_per_city_and_day", partial(sites, {}, {"valid_from": DAY})),
    (ExchangeRate, "one_rate_per_currency_and_day", partial(rate, 90, 100)),
    (ExchangeRate, "a_rate_is_more_than_nothing", partial(rate, 0)),
    (Closure, "closure_ends_after_it_begins", closure),
    (Posting, "posting_ends_after_it_begins", partial(posting, ends_on=date(2026, 2, 28))),
    (Posting, "nobody_is_posted_as_an_applicant", partial(posting, role=Role.APPLICANT)),
]


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
