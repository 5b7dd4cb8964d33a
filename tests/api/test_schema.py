"""The description of the interface is complete, and lists every field that is taken or given."""

import pytest
from django.core.management import call_command
from django.test import Client

from tests.api.asking import described

FIELDS = {
    "AlternativeShape": "city is_uncertain kind name",
    "AnswerRequest": "answer text",
    "AnswerShape": "answer at consultation is_late text",
    "AvailabilityShape": "as_of calendars city kind mission period_days time_zone",
    "BookingPage": "items next",
    "BookingShape": "active_until case ends_at party people reference slot starts_at state",
    "CalendarFiguresShape": "days_until_free figures free id longer mode released services slots_each",
    "CalendarShape": "id mode most_people services slot_minutes time_zone",
    "CasePage": "items next",
    "CaseShape": "mission outcome phase reference service submitted_at",
    "ChangeShape": "because mission on",
    "ConsultationPage": "items next",
    "ConsultationShape": "asked_at due_at facts mission reference service silence",
    "CountShape": "median_seconds_until_taken no_show_percent service taken",
    "ForecastShape": "cases half_days nine_of_ten_days since",
    "FreeDayShape": "at_least day",
    "HoldRequest": "case others slot",
    "LongerShape": "days_until_free free service slots_each",
    "MissionShape": "address code country kind languages name time_zone",
    "MoveRequest": "slot",
    "PriceShape": "amount currency from_age local_amount local_currency rate_of to_age waived",
    "ProblemShape": "code detail errors field status title type",
    "ResponsibleShape": "alternatives because deciding_office fees forecast intake is_uncertain mission "
    "represented_state rule upcoming valid_from",
    "ServiceShape": "group service title version",
    "SlotShape": "ends_at id places starts_at",
}
PARAMETERS = {
    "bookings": "after",
    "cases": "after",
    "consultations": "after",
    "form_schema": "service version",
    "responsible": "destination nationality on present_in residence service",
    "slots": "calendar_id from people service to",
}


def test_the_description_is_made_without_a_warning_and_is_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_no_field_is_taken_or_given_that_is_not_listed_here():
    shapes = described()["components"]["schemas"]
    fields = {name: " ".join(sorted(s["properties"])) for name, s in shapes.items() if "properties" in s}

    assert fields == FIELDS


def test_no_parameter_is_taken_that_is_not_listed_here():
    operations = [operation for path in described()["paths"].values() for operation in path.values()]
    parameters = {
        operation["operationId"]: " ".join(sorted(one["name"] for one in operation["parameters"]))
        for operation in operations
        if any(one["in"] == "query" for one in operation.get("parameters", []))
    }

    assert parameters == PARAMETERS


def test_every_operation_may_be_refused_with_a_problem():
    for path in described()["paths"].values():
        for operation in path.values():
            assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}


@pytest.mark.django_db
def test_everybody_may_read_the_description():
    answer = Client().get("/api/v1/schema/")

    assert answer.status_code == 200
    assert answer.json()["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
