"""Who is responsible for whom, on which day, and how it is said when nobody is."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consular.missions import areas
from consular.missions.models import District, Mission, Representation
from consular.routing import Because, NobodyResponsible, NotPrecise, Situation, finding, responsible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]
DAY = date(2026, 3, 1)


def code(group: str, residence: str, on: date = DAY, nationality: str = "IND") -> str:
    return responsible(group, nationality=nationality, residence=residence, on=on).mission.code


@pytest.mark.parametrize(
    ("residence", "mission"),
    [
        ("IN-MH", "MUMB"),
        ("IN-KL", "BENG"),
        ("IN-OR", "KOLK"),
        ("IN-DD", "MUMB"),
        ("BT", "NEWD"),
        ("US-CA/06037", "LOSA"),
        ("US-CA/06001", "SANF"),
        ("US-CA/06079", "LOSA"),
        ("US-CT/09001", "NEWY"),
        ("US-CT/09003", "BOST"),
        ("BM", "NEWY"),
        ("US-PR", "MIAM"),
        ("UM", "SANF"),
        ("CN-SC", "CHEG"),
        ("CN-HK", "HONG"),
        ("BR-DF", "RIOD"),
        ("TR-07", "IZMI"),
        ("TR-06", "ANKA"),
    ],
)
def test_short_stay_visas(residence: str, mission: str) -> None:
    assert code("visa_c", residence) == mission


@pytest.mark.parametrize(
    ("group", "residence", "mission"),
    [
        ("passport_id", "TR-07", "ANTA"),
        ("citizen_help", "TR-07", "ANTA"),
        ("notarial", "TR-07", "IZMI"),
        ("citizen_help", "BR-DF", "BRAS"),
        ("passport_id", "BR-DF", "RIOD"),
        ("notarial", "BR-AM", "RIOD"),
    ],
)
def test_districts_differ_between_services(group: str, residence: str, mission: str) -> None:
    assert code(group, residence) == mission


def test_nationality_does_not_move_anybody() -> None:
    assert code("visa_c", "IN-MH", nationality="SYR") == code("visa_c", "IN-MH", nationality="XXA") == "MUMB"


@pytest.mark.parametrize(
    ("residence", "needed"), [("US", "state"), ("US-CA", "county"), ("US-CT", "county"), ("IN", "state")]
)
def test_a_divided_place_has_to_be_named_more_closely(residence: str, needed: str) -> None:
    with pytest.raises(NotPrecise) as refused:
        code("visa_c", residence)

    assert (refused.value.needed, refused.value.area, refused.value.field) == (needed, residence, "residence")


def test_a_country_that_is_one_district_needs_no_state() -> None:
    assert code("visa_c", "CA") == code("visa_c", "CA-ON") == "TORO"


def test_on_the_boundary_day_the_new_mission_is_responsible() -> None:
    change = date(2027, 3, 1)
    old = District.objects.get(area="US-CA/06079", service_group="visa_c")
    District.objects.filter(pk=old.pk).update(valid_to=change)
    new = Mission.objects.get(code="SANF")
    District.objects.create(mission=new, service_group="visa_c", area="US-CA/06079", valid_from=change)

    assert code("visa_c", "US-CA/06079", change - timedelta(days=1)) == "LOSA"
    assert code("visa_c", "US-CA/06079", change) == "SANF"
    answer = responsible("visa_c", nationality="IND", residence="US-CA/06079", on=change)
    assert answer.because.valid_from == change
    assert str(answer.because) == (
        "You live in San Luis Obispo County, California, United States. Since 1 March 2027, the Consulate "
        "General in San Francisco has been responsible for this service there."
    )


def test_the_last_day_before_a_mission_closed_is_its_own() -> None:
    assert code("visa_c", "AF", date(2021, 8, 14)) == "KABU"
    assert code("visa_c", "AF", date(2021, 8, 15)) == "ISLA"


def test_the_reason_is_stored_and_read_again_in_another_language() -> None:
    answer = responsible("visa_c", nationality="IND", residence="US-CA/06037", on=DAY)

    stored = json.loads(json.dumps(answer.because.as_json()))
    again = Because.from_json(stored)

    assert again == answer.because
    assert again.rule == "district:visa_c:US-CA/06037:2020-01-01"
    assert again.sentence == (
        "You live in Los Angeles County, California, United States. There, the Consulate General in Los "
        "Angeles is responsible for this service."
    )
    with translation.override("de"):
        assert "Los Angeles County, Kalifornien, Vereinigte Staaten" in again.sentence


def test_a_case_without_a_reason_says_nothing() -> None:
    assert Because.from_json({}).sentence == ""


def test_a_name_with_a_percent_sign_is_only_a_name() -> None:
    because = Because(
        "r", finding.DISTRICT, {"area": "US-CA/06037", "kind": "embassy", "city": "100%(since)s"}
    )

    assert "the Embassy in 100%(since)s" in because.sentence


def test_the_answer_says_when_a_row_is_doubtful() -> None:
    assert responsible("visa_c", nationality="BRA", residence="BR-SP", on=DAY).is_uncertain
    assert not responsible("visa_c", nationality="BRA", residence="BR-RJ", on=DAY).is_uncertain


@pytest.mark.parametrize(
    ("residence", "reason", "says"),
    [
        ("AQ", "nobody_responsible", "None of our missions is responsible"),
        ("AQ", "nobody_responsible", "write to our foreign ministry"),
        ("DE-BE", "lives_at_home", "ask the authorities of your town"),
    ],
)
def test_where_nobody_is_responsible_the_sentence_says_what_to_do(
    residence: str, reason: str, says: str
) -> None:
    with pytest.raises(NobodyResponsible) as refused:
        code("visa_c", residence)

    assert refused.value.code == reason
    assert says in str(refused.value.message)


def test_a_guest_is_sent_to_where_one_is_staying() -> None:
    visiting = Situation(present_in="JO")

    visa = responsible("visa_c", nationality="SYR", residence="AQ", on=DAY, situation=visiting)
    help_ = responsible("citizen_help", nationality="DEU", residence="AQ", on=DAY, situation=visiting)

    assert (visa.mission.code, help_.mission.code) == ("AMMA", "AMMA")
    assert "if you explain why you cannot apply where you live" in visa.because.sentence
    assert "can help you" in help_.because.sentence
    assert visa.because.rule.startswith("presence:district:")


def test_where_one_lives_counts_more_than_where_one_is() -> None:
    answer = responsible(
        "visa_c", nationality="IND", residence="IN-MH", on=DAY, situation=Situation(present_in="JO")
    )

    assert answer.mission.code == "MUMB"


@pytest.mark.parametrize(
    ("staying", "needed", "says"),
    [
        ("US", "state", "in which state or province you are staying"),
        ("US-CA", "county", "in which county you are"),
    ],
)
def test_a_guest_is_asked_where_one_is_staying(staying: str, needed: str, says: str) -> None:
    with pytest.raises(NotPrecise, match=says) as refused:
        responsible(
            "visa_c", nationality="SYR", residence="AQ", on=DAY, situation=Situation(present_in=staying)
        )

    assert (refused.value.needed, refused.value.area, refused.value.field) == (needed, staying, "present_in")


@pytest.mark.parametrize(
    ("residence", "situation", "field"),
    [
        ("XX", Situation(), "residence"),
        ("AQ", Situation(present_in="XX"), "present_in"),
        ("AQ", Situation(present_in="XXX"), "present_in"),
        ("AQ", Situation(present_in="US-CA/XX"), "present_in"),
        ("IN-MH", Situation(destination="XXX"), "destination"),
    ],
)
def test_an_unknown_place_is_refused_where_it_was_named(
    residence: str, situation: Situation, field: str
) -> None:
    with pytest.raises(areas.UnknownArea) as refused:
        responsible("visa_c", nationality="SYR", residence=residence, on=DAY, situation=situation)

    assert refused.value.field == field


def test_another_state_decides_on_journeys_to_it() -> None:
    with pytest.raises(NobodyResponsible, match="an embassy or consulate of France") as refused:
        responsible(
            "visa_c", nationality="IND", residence="IN-MH", on=DAY, situation=Situation(destination="FRA")
        )

    assert refused.value.code == "other_state"


def test_the_state_that_acts_for_another_is_named() -> None:
    with pytest.raises(NobodyResponsible, match="an embassy or consulate of Switzerland"):
        responsible(
            "visa_c", nationality="IND", residence="IN-MH", on=DAY, situation=Situation(destination="LIE")
        )


def test_we_act_for_a_state_that_we_represent_there_and_only_on_those_days() -> None:
    Representation.objects.create(
        represented="IS", by="DE", area="IN", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1)
    )
    journey = Situation(destination="ISL")

    answer = responsible("visa_c", nationality="IND", residence="IN-MH", on=DAY, situation=journey)

    assert (answer.mission.code, answer.represented_state) == ("MUMB", "IS")
    for residence, on in (("US-NY", DAY), ("IN-MH", date(2027, 1, 1)), ("IN-MH", date(2025, 12, 31))):
        with pytest.raises(NobodyResponsible):
            responsible("visa_c", nationality="IND", residence=residence, on=on, situation=journey)


def test_our_own_state_as_destination_changes_nothing() -> None:
    answer = responsible(
        "visa_c", nationality="IND", residence="IN-MH", on=DAY, situation=Situation(destination="DEU")
    )

    assert (answer.mission.code, answer.represented_state) == ("MUMB", None)


@pytest.mark.parametrize(
    ("destination", "on"), [("GBR", DAY), ("BGR", date(2024, 3, 30)), ("HRV", date(2022, 12, 31))]
)
def test_a_state_outside_schengen_on_that_day_is_refused(destination: str, on: date) -> None:
    with pytest.raises(NobodyResponsible) as refused:
        responsible(
            "visa_c",
            nationality="IND",
            residence="IN-MH",
            on=on,
            situation=Situation(destination=destination),
        )

    assert refused.value.code == "not_schengen"


def test_every_named_place_of_the_five_countries_has_a_mission() -> None:
    without = []
    for country in ("IN", "US", "CN", "BR", "TR"):
        for state in areas.states(country):
            for place in areas.counties(state.code) or (state,):
                try:
                    code("visa_c", place.code)
                except NobodyResponsible:
                    without.append(place.code)

    assert without == []


def test_one_question_is_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        code("visa_c", "US-CA/06037")

    assert len(queries) == 1


@pytest.mark.parametrize("bad", ["\0", "\u202e", "<script>", "A" * 10_000, "", "%(area)s"])
def test_bad_codes_are_refused_and_never_break(bad: str) -> None:
    with pytest.raises(areas.UnknownArea):
        responsible("visa_c", nationality="IND", residence=bad, on=DAY)
    with pytest.raises(areas.UnknownArea):
        responsible("visa_c", nationality=bad, residence="IN-MH", on=DAY)
