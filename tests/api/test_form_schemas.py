"""The questions of a service as JSON Schema, over the interface."""

import pytest
from jsonschema import Draft202012Validator

from tests.api.asking import Partner

pytestmark = pytest.mark.django_db


def test_anybody_can_ask_for_the_questions_in_their_language():
    answer = Partner().get("services/schengen_visa/schema/", **{"Accept-Language": "de"})
    assert answer.status_code == 200
    schema = answer.json()
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "Schengen-Visum"
    assert schema["properties"]["purpose_other"]["x-show-when"] == 'list contains(purposes, "other")'


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("services/schengen_visa/schema/?version=1", 200),
        ("services/schengen_visa/schema/?version=77", 404),
        ("services/passport_for_cats/schema/", 404),
        ("services/schengen_visa/schema/?version=x", 422),
        ("services/schengen_visa/schema/?version=0", 422),
        ("services/schengen_visa/schema/?verison=1", 422),
    ],
)
def test_a_version_can_be_asked_for(address, status):
    assert Partner().get(address).status_code == status
