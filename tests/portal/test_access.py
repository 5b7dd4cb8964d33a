"""Pages of applicants want a signed-in applicant."""

from urllib.parse import quote

import pytest

from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def test_a_stranger_signs_in_first_and_comes_back(client):
    assert client.get("/my/?a=1")["Location"] == "/sign-in/?next=%2Fmy%2F%3Fa%3D1"


def test_an_applicant_passes(client):
    assert factories.signed_in(client, factories.applicant()).get("/my/").status_code == 200


def test_staff_are_no_applicants(client):
    answer = factories.signed_in(client, factories.official()).get("/my/")

    assert answer["Location"].startswith("/sign-in/")


def test_a_message_sent_after_the_session_is_over_waits_until_one_has_signed_in_again(client):
    stages.ministry()
    case = stages.sent()
    address = f"/cases/{case.reference}/"
    page = {"referer": f"http://testserver{address}"}

    answer = client.post(f"{address}messages/", {"text": "My flight was moved"}, headers=page)

    assert answer["Location"] == f"/sign-in/?next={quote(address, safe='')}"
    assert not case.messages.exists()
    shown = factories.signed_in(client, case.owner).get(address).content.decode()
    assert "My flight was moved" in shown


def test_so_does_a_note_of_an_officer(client):
    post = stages.ministry()
    case = stages.sent()
    address = f"/desk/cases/{case.reference}/"
    page = {"referer": f"http://testserver{address}"}

    answer = client.post(f"{address}messages/", {"text": "Ask the mother, too", "note": "yes"}, headers=page)

    assert answer["Location"].startswith("/desk/sign-in/?next=")
    assert "Ask the mother, too" in factories.signed_in(client, post.clerk).get(address).content.decode()
