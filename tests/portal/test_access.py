"""Pages of applicants want a signed-in applicant."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_a_stranger_signs_in_first_and_comes_back(client):
    assert client.get("/my/?a=1")["Location"] == "/sign-in/?next=%2Fmy%2F%3Fa%3D1"


def test_an_applicant_passes(client):
    assert factories.signed_in(client, factories.applicant()).get("/my/").status_code == 200


def test_staff_are_no_applicants(client):
    answer = factories.signed_in(client, factories.official()).get("/my/")

    assert answer["Location"].startswith("/sign-in/")
