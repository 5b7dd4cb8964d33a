"""Whatever the description allows to be sent, and whatever it does not: nothing makes the interface fail."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.core import clock
from tests.api.asking import Partner, described
from tests.appointments import factories as appointments
from tests.casework import asking

pytestmark = pytest.mark.django_db

OPERATIONS = sorted(
    (path, method, operation["operationId"])
    for path, methods in described()["paths"].items()
    for method, operation in methods.items()
)
TEXT = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(["IN-MH", "IND", "US-CA/06037", "schengen_visa", "visa_c"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def known():
    """A partner with a case, and values that exist."""
    calendar = appointments.calendar()
    slot = appointments.slot(calendar, 5, clock.now())
    case = appointments.bookable_case(calendar)
    values = {
        "service": "schengen_visa",
        "reference": case.reference,
        "calendar_id": calendar.pk,
        "code": case.mission.code,
        "slot": slot.pk,
        "others": [appointments.bookable_case(calendar, owner=case.owner).reference],
    }
    asking.member("security", user=case.owner)
    asked = asking.asked(asking.consulting(asking.SECURITY))
    values |= {"consultation": asked.reference, "answer": "more_time", "text": "Later."}
    return Partner(case.owner), {**values, "case": case.reference}


def parameters(operation: dict[str, Any], place: str) -> list[str]:
    return [one["name"] for one in operation.get("parameters", []) if one["in"] == place]


def fields(operation: dict[str, Any]) -> list[str]:
    """The names of a body, as the description has them."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    shape = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return list(described()["components"]["schemas"].get(shape, {}).get("properties", {}))


@pytest.mark.parametrize(("path", "method", "name"), OPERATIONS, ids=[name for *_, name in OPERATIONS])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_every_operation_takes_whatever_comes(known, path, method, name, data):
    partner, values = known
    operation = described()["paths"][path][method]
    for parameter in parameters(operation, "path"):
        text = data.draw(st.just(str(values["consultation" if name == "answer" else parameter])) | TEXT)
        path = path.replace(f"{{{parameter}}}", quote(text, safe="", errors="surrogatepass"))
    address = path.removeprefix("/api/v1/")
    if method == "post":
        body = {one: data.draw(JSON | st.just(values[one])) for one in fields(operation)}
        answer = partner.post(address, data.draw(st.just(body) | JSON))
    else:
        answer = partner.get(address, {one: data.draw(TEXT) for one in parameters(operation, "query")})

    assert answer.status_code < 500
