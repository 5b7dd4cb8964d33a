"""Sessions end: by silence, by age, by a change of the account."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import sessions
from consular.accounts.models import Kind, User
from consular.accounts.sessions import LIMITS, Level
from consular.core import clock
from tests import factories

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def person(level):
    return factories.applicant() if level == Level.APPLICANT else factories.official()


def is_signed_in(client):
    client.get("/privacy/")
    return "_auth_user_id" in client.session


def test_the_limits_are_those_of_the_roles():
    minutes = {
        level: (limits.idle.seconds // 60, limits.absolute.seconds // 60) for level, limits in LIMITS.items()
    }

    assert minutes == {Level.APPLICANT: (60, 720), Level.STAFF: (15, 600), Level.ADMINISTRATOR: (15, 120)}


@pytest.mark.parametrize("level", list(Level))
def test_a_silent_session_ends_to_the_second(client, level):
    now = clock.now()
    idle = LIMITS[level].idle
    with clock.at(now):
        factories.signed_in(client, person(level), level)

    with clock.at(now + idle - SECOND):
        before = is_signed_in(client)
    with clock.at(now + idle - SECOND + idle):
        after = is_signed_in(client)

    assert (before, after) == (True, False)


@pytest.mark.parametrize("level", list(Level))
def test_a_busy_session_ends_at_its_age(client, level):
    now = clock.now()
    with clock.at(now):
        factories.signed_in(client, person(level), level)
    moment = now
    while moment + timedelta(minutes=10) < now + LIMITS[level].absolute:
        moment += timedelta(minutes=10)
        with clock.at(moment):
            assert is_signed_in(client)

    with clock.at(now + LIMITS[level].absolute):
        assert not is_signed_in(client)


def test_without_limits_a_session_would_live_on(client, monkeypatch):
    forever = sessions.Limits(idle=timedelta(days=999), absolute=timedelta(days=999))
    monkeypatch.setattr(sessions, "LIMITS", dict.fromkeys(Level, forever))
    now = clock.now()
    factories.signed_in(client, factories.applicant())

    with clock.at(now + timedelta(days=2)):
        assert is_signed_in(client)


def test_the_sign_in_page_says_once_what_happened_and_leads_back(client):
    now = clock.now()
    with clock.at(now):
        factories.signed_in(client, factories.applicant())

    with clock.at(now + timedelta(minutes=61)):
        sent_on = client.post("/cases/A/messages/", headers={"Referer": "http://testserver/my/?page=2"})
        page = client.get(sent_on["Location"]).content.decode()
        again = client.get(sent_on["Location"]).content.decode()

    assert sent_on["Location"] == "/sign-in/?next=%2Fmy%2F%3Fpage%3D2"
    assert "nothing happened for 60 minutes" in page
    assert 'value="/my/?page=2"' in page
    assert "nothing happened" not in again


@pytest.mark.parametrize(
    ("level", "says"),
    [
        (Level.APPLICANT, {"en": "lasts 12 hours at most", "ar": "12 ساعة"}),
        (Level.STAFF, {"en": "lasts 10 hours at most", "ar": "10 ساعات"}),
        (Level.ADMINISTRATOR, {"en": "lasts 2 hours at most", "ar": "ساعتين"}),
    ],
)
def test_the_end_of_a_busy_session_is_said_in_hours(client, level, says):
    factories.signed_in(client, person(level), level)
    session = client.session
    session["began"] -= int(LIMITS[level].absolute.total_seconds())
    session.save()
    client.get("/privacy/")
    ended = client.session["ended"]

    for language, words in says.items():
        with translation.override(language):
            assert words in sessions.why_ended(type("Request", (), {"session": {"ended": ended}}))


@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.update(is_active=False),
        lambda user: User.objects.update(kind=Kind.APPLICANT if user.is_official else Kind.STAFF),
        lambda user: User.objects.update(email="moved@example.org"),
        lambda user: User.objects.update(credentials_version=7),
        lambda user: (user.set_password("a new and rather long one"), user.save()),
    ],
    ids=["closed", "other kind", "other address", "other factor", "other password"],
)
@pytest.mark.parametrize("make", [factories.applicant, factories.official])
def test_a_change_of_the_account_ends_its_sessions_at_the_next_request(client, make, change):
    user = make()
    factories.signed_in(client, user)

    before = is_signed_in(client)
    change(user)

    assert (before, is_signed_in(client)) == (True, False)


def test_staff_whose_factor_was_taken_away_are_signed_out(client):
    factories.signed_in(client, factories.official())
    TOTPDevice.objects.all().delete()

    assert not is_signed_in(client)


def test_a_session_of_staff_without_factor_is_nobodys(client):
    client.force_login(factories.official(), backend="consular.accounts.backends.StaffByFactor")

    assert not is_signed_in(client)


def test_a_session_that_never_began_properly_is_over(client):
    client.force_login(factories.applicant(), backend="consular.accounts.backends.ApplicantByCode")

    assert not is_signed_in(client)


def test_a_session_follows_the_stricter_role(client):
    factories.signed_in(client, factories.official())
    request = type("Request", (), {"session": client.session})

    sessions.tighten(request, Level.ADMINISTRATOR)

    assert request.session["level"] == "administrator"


def test_pages_of_the_signed_in_are_kept_by_nobody(client):
    public = client.get("/privacy/")
    factories.signed_in(client, factories.applicant())

    assert "Cache-Control" not in public
    assert client.get("/privacy/")["Cache-Control"] == "no-store"
    assert client.get("/no/such/page/")["Cache-Control"] == "no-store"


def test_the_pages_on_the_way_in_are_kept_by_nobody(client):
    client.post("/sign-in/", {"email": "a@example.org"})

    assert client.get("/sign-in/code/")["Cache-Control"] == "no-store"


def test_every_sign_in_has_its_own_id():
    ids = set()
    user = factories.applicant()
    for _ in range(50):
        client = factories.signed_in(Client(), user)
        ids.add(client.cookies["session"].value)

    assert len(ids) == 50
    assert all(len(one) >= 32 for one in ids)
