"""An appointment is moved or cancelled by the link in a mail: once, by a button, and by no other link."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from consular.accounts.models import User
from consular.appointments import booking, links
from consular.appointments.models import Booking, State
from consular.cases.models import Case, Event
from consular.casework import appointments, by_link
from consular.core import clock, jobs, logs
from consular.core.errors import Refused
from consular.portal import appointment_links
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def mine() -> Booking:
    """Half past two in the afternoon in New Delhi, next Monday."""
    slot = factories.slot(starts_at=datetime(2027, 3, 8, 9, 0, tzinfo=UTC))
    case = factories.bookable_case(slot.calendar)
    held = appointments.hold_slot(case.pk, slot.pk, actor=case.owner)
    return appointments.confirm_booking(held.reference, actor=case.owner)


def address(token: str, path: str = "") -> str:
    return f"/appointments/{token}/{path}"


def refusal(token: str) -> tuple[str, int]:
    with pytest.raises(Refused) as refused:
        by_link.booking_of(token)
    return refused.value.code, refused.value.status


def test_the_mail_of_a_confirmation_has_the_link_and_the_link_opens_the_appointment(
    client: Client, mine: Booking, settings: object
) -> None:
    jobs.work()
    found = re.search(rf"{settings.PUBLIC_URL}(/appointments/\S+)", mail.outbox[-1].body)

    answer = client.get(found[1])

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "8 March 2027" in text
    assert "Asia/Kolkata" in text
    case = Case.objects.get(pk=mine.case_id)
    for secret in (case.reference, "Mensah", "schengen", case.owner.email):
        assert secret not in text


@pytest.mark.parametrize("path", ["", "cancel/", "move/"])
def test_opening_a_page_changes_nothing(client: Client, mine: Booking, path: str) -> None:
    for ask in (client.get, client.head):
        assert ask(address(links.issue(mine), path)).status_code == 200

    now = booking.get(mine.reference)
    assert (now.state, now.sequence) == (State.CONFIRMED, 0)


def test_a_button_cancels_once(client: Client, mine: Booking) -> None:
    token = links.issue(mine)

    first, second = (client.post(address(token, "cancel/")) for _ in range(2))

    assert (first.status_code, "Your appointment was cancelled." in first.content.decode()) == (200, True)
    assert (second.status_code, "used already" in second.content.decode()) == (410, True)
    assert booking.get(mine.reference).state == State.CANCELLED
    event = Event.objects.get(kind="appointment_cancelled")
    assert (event.data["by_link"], event.actor_id) == (True, mine.owner_id)


def test_a_button_moves_once_and_leads_to_the_next_link(client: Client, mine: Booking) -> None:
    later, latest = (
        factories.slot(mine.slot.calendar, starts_at=mine.slot.starts_at + n * DAY) for n in (1, 2)
    )
    token = links.issue(mine)
    assert "9 March 2027" in client.get(address(token, "move/")).content.decode()

    answer = client.post(address(token, "move/"), {"slot": later.pk}, follow=True)

    assert "Your appointment was moved." in answer.content.decode()
    assert booking.get(mine.reference).slot == later
    assert client.post(address(token, "move/"), {"slot": latest.pk}).status_code == 410
    assert booking.get(mine.reference).slot == later


def test_a_time_taken_meanwhile_keeps_the_appointment(client: Client, mine: Booking) -> None:
    full = factories.slot(mine.slot.calendar, starts_at=mine.slot.starts_at + DAY)
    factories.confirmed(full)

    answer = client.post(address(links.issue(mine), "move/"), {"slot": full.pk})

    assert (answer.status_code, "You still have your old appointment." in answer.content.decode()) == (
        409,
        True,
    )
    assert booking.get(mine.reference).sequence == 0


@pytest.mark.parametrize("typed", ["", "x", "\x00", "9" * 30])
def test_bad_input_is_a_field_error(client: Client, mine: Booking, typed: str) -> None:
    assert client.post(address(links.issue(mine), "move/"), {"slot": typed}).status_code == 422


def test_a_link_ends_when_the_appointment_begins(mine: Booking) -> None:
    token = links.issue(mine)
    with clock.at(mine.slot.starts_at - timedelta(seconds=1)):
        assert by_link.booking_of(token).reference == mine.reference
    with clock.at(mine.slot.starts_at):
        assert refusal(token) == ("over", 410)


def test_a_link_of_somebody_whose_account_is_closed_is_over(mine: Booking) -> None:
    User.objects.filter(pk=mine.owner_id).update(is_active=False)

    assert refusal(links.issue(mine)) == ("over", 410)


def forged(token: str) -> Iterator[str]:
    reference, sequence, signature = token.split(".")
    yield f"{reference}.{int(sequence) + 1}.{signature}"
    yield f"{reference}.{sequence}.{signature[::-1]}"
    yield f"{reference}.{sequence}.{signature[:-1]}"
    yield f"{reference.lower()}.{sequence}.{signature}"
    yield f"{reference}.0{sequence}.{signature}"
    yield f"{reference}.{sequence}."
    yield f"{reference}.\u0660.{signature}"
    yield from ("", "..", "x", "\x00.0.x", "9" * 10_000, f"{token}.", f"{token} ")


def test_no_other_text_is_a_link(mine: Booking) -> None:
    other = factories.confirmed(factories.slot())
    token = links.issue(mine)
    swapped = f"{other.reference}.0.{token.rpartition('.')[2]}"

    for text in (*forged(token), swapped):
        assert refusal(text) == ("not_found", 404)


def test_without_the_signature_anybody_could_cancel_for_anybody(
    mine: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links.hmac, "compare_digest", lambda *_: True)

    assert by_link.cancel_by_link(f"{mine.reference}.0.x").state == State.CANCELLED


def test_without_the_sequence_in_it_an_old_link_would_act_again(
    mine: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = links.issue(mine)
    later = factories.slot(mine.slot.calendar, starts_at=mine.slot.starts_at + DAY)
    by_link.move_by_link(token, later.pk)
    assert refusal(token) == ("over", 410)
    monkeypatch.setattr(links, "read", lambda _: links.Link(mine.reference, 1))

    assert by_link.cancel_by_link(token).state == State.CANCELLED


@pytest.mark.parametrize("looks_again", [True, False])
def test_two_who_press_at_once_use_a_link_once_only_by_looking_again_under_the_lock(
    mine: Booking, monkeypatch: pytest.MonkeyPatch, looks_again: bool
) -> None:
    """Both have seen that the link is good; one waits for the lock while the other moves the appointment."""
    token, seen, look = links.issue(mine), by_link.booking_of(links.issue(mine)), by_link.booking_of
    later = factories.slot(mine.slot.calendar, starts_at=mine.slot.starts_at + DAY)
    by_link.move_by_link(token, later.pk)
    looks = iter([seen] if looks_again else [seen, seen])
    monkeypatch.setattr(by_link, "booking_of", lambda token: next(looks, None) or look(token))

    try:
        by_link.cancel_by_link(token)
        went = True
    except Refused as refused:
        went = refused.status != 410

    assert went is not looks_again


def test_who_tries_too_often_has_to_wait(
    client: Client, mine: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        appointment_links, "OF_A_NETWORK", appointment_links.Limit("x", 2, timedelta(minutes=15))
    )

    statuses = [client.get(address(token)).status_code for token in ("x", "x", links.issue(mine))]

    assert statuses == [404, 404, 429]


def test_a_link_stands_in_no_log_line(mine: Booking) -> None:
    handler, token = logging.StreamHandler(), links.issue(mine)
    handler.setFormatter(logs.formatter())
    path = address(token, "cancel/")
    said = ("django.request", logging.WARNING, __file__, 1, "Too Many Requests: %s", (path,), None)
    line = handler.format(logging.LogRecord(*said))

    assert token not in line
    assert "/appointments/" in line
