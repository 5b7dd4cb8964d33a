"""The Schengen form: family of citizens of the Union, work, earlier stays, hosts, costs, who fills it in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies

from consular import formspec
from consular.core import clock
from consular.travel import stays
from tests import rows
from tests.formspec.schengen import ANSWERS

FORM = formspec.latest("schengen_visa").form
TODAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
STARRED = {
    "occupation", "profession", "employer", "employer_address", "employer_phone", "school", "school_address",
    "staying", "hosts", "accommodations", "host_organisation", "costs", "self_means", "self_means_other",
    "sponsor", "sponsor_other", "sponsor_means", "sponsor_means_other",
}  # fmt: skip
"""The questions of fields 21, 22 and 30 to 32."""
RELATIVE = {
    "eu_relative_surname": "Example",
    "eu_relative_birth_date": "1988-05-01",
    "eu_relative_nationality": "FRA",
    "eu_relative_document": "F1234567",
}
EU_FAMILY = {"eu_family": True, "eu_relative": [RELATIVE], "eu_relation": "spouse"}
SEAFARER = {
    "occupation": "seafarer",
    "employer": "Example Ltd",
    "employer_address": {
        "lines": "1 Example Way",
        "place": "Pune",
        "postal_code": "411001",
        "country": "IND",
    },
    "employer_phone": "+912026123457",
}
SPONSOR = {"costs": ["sponsor"], "sponsor": ["other"], "sponsor_means": ["other"]}


@pytest.fixture(autouse=True)
def _on_a_certain_day():
    with clock.at(TODAY):
        yield


def wrong(**changes):
    """The questions that are in order in the example, but not after these changes."""
    return [problem.question for problem in formspec.problems(FORM, {**ANSWERS, **changes})]


def journey(first: str, last: str) -> dict[str, str]:
    """Other days of the journey."""
    return {"arrival_date": first, "departure_date": last}


def stay(first: str, last: str) -> dict[str, str]:
    """One entry of the earlier stays."""
    return {"stay_entry": first, "stay_exit": last}


def test_family_members_of_union_citizens_skip_the_fields_with_a_star():
    asked = {question.id for question in FORM.questions if question.number in ("21", "22", "30", "31", "32")}

    assert asked == STARRED
    assert wrong(**EU_FAMILY) == []
    assert formspec.counted(FORM, {**ANSWERS, **EU_FAMILY}).keys() & STARRED == set()
    assert formspec.counted(FORM, ANSWERS).keys() & STARRED


def test_without_an_answer_on_the_family_nothing_with_a_star_is_asked():
    assert wrong(eu_family=None) == ["eu_family"]


@rows.every(
    "changes, questions",
    [
        ({"two_pages": False}, ["two_pages"]),
        ({"two_pages": True}, []),
        ({"eu_family": True}, ["eu_relative-0-eu_relative_surname", "eu_relation"]),
        ({**EU_FAMILY, "eu_relation": "other"}, ["eu_relation_other"]),
        (
            {**EU_FAMILY, "eu_relative": [{**RELATIVE, "eu_relative_nationality": "IND"}]},
            ["eu_relative-0-eu_relative_nationality"],
        ),
        ({**EU_FAMILY, "eu_relative": [{**RELATIVE, "eu_relative_nationality": "GBR"}]}, []),
        ({"occupation": None}, ["occupation"]),
        ({"occupation": "employed"}, ["profession", "employer", "employer_address", "employer_phone"]),
        ({"occupation": "student"}, ["school", "school_address"]),
        ({"occupation": "other"}, ["profession"]),
        (SEAFARER, []),
        (journey("2026-12-02", "2026-12-03"), ["arrival_date"]),
        ({**SEAFARER, **journey("2026-12-02", "2026-12-03")}, []),
        ({**SEAFARER, **journey("2026-12-03", "2026-12-03")}, ["arrival_date"]),
        (journey("2026-03-16", "2026-03-16"), ["short_notice"]),
        (journey("2026-03-17", "2026-03-17"), []),
        ({**EU_FAMILY, **journey("2026-03-16", "2026-03-16")}, []),
        ({"fingerprints_before": None}, ["fingerprints_before"]),
        ({"fingerprints_before": True}, []),
        ({"fingerprints_before": True, "fingerprints_date": "2026-03-03"}, ["fingerprints_date"]),
        ({"fingerprints_before": True, "fingerprints_date": "2024", "fingerprints_sticker": "D1"}, []),
        ({"purposes": ["airport_transit"], "staying": None}, ["needs_final_entry"]),
        ({"purposes": ["airport_transit"], "staying": None, "needs_final_entry": False}, []),
        (
            {
                "purposes": ["airport_transit"],
                "needs_final_entry": True,
                "final_entry": [{"final_entry_issuer": "Canada"}],
            },
            ["final_entry-0-final_entry_from"],
        ),
        ({"staying": None}, ["staying"]),
        ({"staying": ["person"]}, ["hosts-0-host_surname"]),
        ({"staying": ["organisation"]}, ["host_organisation-0-organisation_name"]),
        ({"costs": None}, ["costs"]),
        ({"costs": ["self"], "self_means": ["other"]}, ["self_means_other"]),
        ({"costs": ["sponsor"]}, ["sponsor", "sponsor_means"]),
        ({**SPONSOR, "sponsor": ["named"], "sponsor_means": ["all"]}, ["sponsor"]),
        (SPONSOR, ["sponsor_other", "sponsor_means_other"]),
        ({"filled_by_other": True}, ["filler-0-filler_surname"]),
    ],
)
def test_what_the_later_fields_ask_for(changes, questions):
    """Of a group only the first thing it misses is compared."""
    found = wrong(**changes)
    first = {name.partition("-")[0]: name for name in reversed(found)}
    assert list(first.values())[::-1] == questions


@pytest.mark.parametrize(
    ("earlier", "message"),
    [
        ([stay("2026-01-01", "2026-03-01")], ""),
        ([stay("2025-11-12", "2026-01-30")], ""),
        ([stay("2025-11-11", "2026-01-30")], ""),
        ([stay("2025-11-12", "2026-01-31")], "more than 90 days"),
        ([stay("2025-11-12", "2025-12-31"), stay("2026-01-02", "2026-02-01")], "more than 90 days"),
        ([stay("2026-02-10", "2026-02-01")], "before the day of entry"),
        ([stay("2026-04-20", "2026-05-01")], "before the journey"),
        ([stay("2026-01-01", "2026-01-10"), stay("2026-01-10", "2026-01-12")], "share a day"),
        ([stay("2026-01-01", "2026-01-10"), stay("2026-01-11", "2026-01-12")], ""),
    ],
)
def test_earlier_stays_and_the_journey_keep_to_ninety_days(earlier, message):
    said = [each.message for each in formspec.problems(FORM, {**ANSWERS, "earlier_stays": earlier})]
    assert len(said) == bool(message)
    assert message in "".join(said)


DAYS = strategies.lists(strategies.integers(-400, 55), min_size=2, max_size=12, unique=True)


@settings(max_examples=60, deadline=None)
@given(DAYS, strategies.integers(1, 90))
def test_the_days_of_the_form_are_those_of_the_computation_for_officers(days, length):
    arrival = date(2026, 3, 2) + timedelta(days=60)
    trip = stays.Stay(arrival, arrival + timedelta(days=length - 1))
    ordered = [date(2026, 3, 2) + timedelta(days=day) for day in sorted(days)]
    earlier = [stays.Stay(*each) for each in zip(ordered[::2], ordered[1::2], strict=False)]
    changes = {
        **journey(str(trip.first), str(trip.last)),
        "earlier_stays": [stay(str(each.first), str(each.last)) for each in earlier],
    }

    judged = stays.History(earlier).judge(trip)

    assert formspec.derived(FORM, {**ANSWERS, **changes})["stay_days"] == str(judged.used)
    assert judged.fits is (judged.used <= stays.ALLOWED)
    assert ("earlier_stays" in wrong(**changes)) is not judged.fits
