"""Times that are kept for somebody are taken or declined by the link in a mail: once, by a button, while kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import booking, offer_links
from consular.appointments.invitations import Ended, Invitation
from consular.appointments.models import Booking, Offer, Place, State
from consular.appointments.offer_links import Link, Of
from consular.cases.models import Case, Event, Phase
from consular.casework import offers_by_link, waiting
from consular.core import clock, jobs, logs
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=7)
ENDS = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def kept() -> Invitation:
    """Two times that a clerk keeps for a case, for three days."""
    calendar = factories.calendar()
    times = [factories.slot(calendar, starts_at=SOON + timedelta(hours=hour)) for hour in (0, 1)]
    case = factories.bookable_case(calendar, is_awaited=True)
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    return casework.offer_times(case.reference, [slot.pk for slot in times], 3, actor=clerk)


def offered(size: int = 1) -> Offer:
    """A place, or several side by side, that the waiting list has offered to people of one account."""
    calendar, owner = factories.calendar(mode="list", most_people=2), people.applicant()
    cases = [factories.bookable_case(calendar, owner=owner) for _ in range(size)]
    casework.join([case.pk for case in cases], actor=owner)
    factories.slot(calendar, size, SOON)
    waiting.offer_places()
    return Offer.objects.get()


def token(made: Invitation | Offer) -> str:
    return offer_links.issue(Link(Of.PLACE if isinstance(made, Offer) else Of.TIMES, made.pk))


def address(made: Invitation | Offer) -> str:
    return f"/offers/{token(made)}/"


def first_time(made: Invitation) -> int:
    return made.places.order_by("slot__starts_at").first().slot_id


def refusal(text: str) -> tuple[str, int]:
    with pytest.raises(Refused) as refused:
        offers_by_link.offered_by(text)
    return refused.value.code, refused.value.status


def linked(settings: object) -> str:
    """The address in the last mail."""
    jobs.work()
    return re.search(rf"{settings.PUBLIC_URL}(/offers/\S+)", mail.outbox[-1].body)[1]


def test_the_mail_has_the_link_and_its_page_says_the_times_and_nothing_about_the_person(
    client: Client, kept: Invitation, settings: object
) -> None:
    found = linked(settings)
    answers = [client.get(found), client.head(found)]

    text = answers[0].content.decode()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "no-store" in answers[0]["Cache-Control"]
    assert [text.count("8 March 2027"), "Asia/Kolkata" in text] == [2, True]
    for secret in (kept.case.reference, "Mensah", "schengen", kept.case.owner.email):
        assert secret not in text
    assert (Invitation.objects.get().outcome, Booking.objects.count()) == ("", 0)


def test_a_button_takes_one_of_the_times_and_leads_to_the_link_of_the_appointment(
    client: Client, kept: Invitation
) -> None:
    slot = first_time(kept)
    answers = [client.post(address(kept), {"slot": typed}) for typed in ("", "\x00", "9" * 30, slot + 7_000)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 409]

    done, again = client.post(address(kept), {"slot": slot}), client.post(address(kept), {"slot": slot})

    assert "Your appointment is confirmed." in client.get(done.url).content.decode()
    assert (again.status_code, "answered already" in again.content.decode()) == (410, True)
    mine = booking.current(kept.case_id, now=NOW)
    assert (mine.state, mine.slot.pk) == (State.CONFIRMED, slot)
    event = Event.objects.get(kind="appointment_confirmed")
    assert (event.data["by_link"], event.actor_id) == (True, kept.case.owner_id)
    assert Case.objects.get(pk=kept.case_id).instance.variables["booked"] is True
    assert Notification.objects.filter(kind="appointment_confirmed").count() == 1


def test_another_button_lets_them_go(client: Client, kept: Invitation) -> None:
    answer = client.post(address(kept), {"none": "yes"})

    assert "have been let go" in answer.content.decode()
    assert Invitation.objects.get().outcome == Ended.DECLINED
    assert Event.objects.get(kind="times_declined").data == {"by_link": True}
    assert refusal(token(kept)) == ("over", 410)


def test_an_offer_of_the_waiting_list_is_taken_for_all_who_wait_together(
    client: Client, settings: object
) -> None:
    made = offered(size=2)
    slot = made.booking.place.slot_id
    found = linked(settings)
    assert client.post(found, {"slot": slot + 7_000}).status_code == 409
    assert Booking.objects.filter(state=State.HELD).count() == 2

    assert client.post(found, {"slot": slot}).status_code == 302

    assert Booking.objects.filter(state=State.CONFIRMED).count() == 2
    told = Event.objects.filter(kind="appointment_confirmed")
    assert [event.data["by_link"] for event in told] == [True, True]
    assert client.post(found, {"slot": slot}).status_code == 410


@pytest.mark.parametrize("size", [1, 2])
def test_an_offer_of_the_waiting_list_is_declined_and_goes_on(client: Client, size: int) -> None:
    made = offered(size)

    assert client.post(address(made), {"none": "yes"}).status_code == 200

    assert Booking.objects.filter(state=State.CANCELLED).count() == size
    assert Place.objects.filter(free_from__lte=NOW).count() == size
    assert refusal(token(made)) == ("over", 410)


def _closed(made: Invitation) -> None:
    Case.objects.filter(pk=made.case_id).update(phase=Phase.CLOSED)


def _left(made: Invitation) -> None:
    User.objects.filter(pk=made.case.owner_id).update(is_active=False)


def _replaced(made: Invitation) -> None:
    casework.offer_times(made.case.reference, [first_time(made)], 3, actor=made.made_by)


@pytest.mark.parametrize("ending", [_closed, _left, _replaced])
def test_a_link_ends_with_what_it_is_for_and_then_no_mail_goes_out(
    kept: Invitation, ending: Callable[[Invitation], None]
) -> None:
    Notification.objects.exclude(kind="times_offered").delete()
    ending(kept)

    assert refusal(token(kept)) == ("over", 410)
    jobs.work()
    row = Notification.objects.get(key=f"times_offered:{kept.pk}")
    assert (row.sent_at, row.dropped_at is None) == (None, False)


def test_a_link_ends_by_the_clock(kept: Invitation) -> None:
    with clock.at(ENDS - timedelta(seconds=1)):
        assert len(offers_by_link.offered_by(token(kept)).times) == 2
    with clock.at(ENDS):
        assert refusal(token(kept)) == ("over", 410)


def test_an_offer_of_the_list_ends_by_the_clock() -> None:
    made = offered()
    with clock.at(made.until):
        assert refusal(token(made)) == ("over", 410)


def forged(text: str) -> Iterator[str]:
    of, number, signature = text.split(".")
    yield f"{of}.{int(number) + 1}.{signature}"
    yield f"place.{number}.{signature}"
    yield f"{of}.0{number}.{signature}"
    yield f"{of}.{number}.{signature[::-1]}"
    yield f"{of}.{number}.{signature[:-1]}"
    yield from (
        f"{of}.{number}.",
        f"{of}.\u0660.{signature}",
        f"{of}.{'9' * 30}.x",
        "",
        "..",
        "x",
        "9" * 10_000,
    )


def test_no_other_text_is_a_link(kept: Invitation) -> None:
    for text in forged(token(kept)):
        assert refusal(text) == ("not_found", 404)


def test_without_the_signature_anybody_could_take_the_times_of_anybody(
    kept: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer_links.hmac, "compare_digest", lambda *_: True)

    assert offers_by_link.take_by_link(f"times.{kept.pk}.x", first_time(kept)).state == State.CONFIRMED


@pytest.mark.parametrize("looks_again", [True, False])
def test_of_two_who_press_at_once_the_second_finds_the_offer_answered_only_by_looking_again(
    monkeypatch: pytest.MonkeyPatch, looks_again: bool
) -> None:
    """Both have seen the offer; one waits for the lock while the other takes the time."""
    made = offered()
    text, seen, look = token(made), offers_by_link.offered_by(token(made)), offers_by_link.offered_by
    offers_by_link.take_by_link(text, made.booking.place.slot_id)
    looks = iter([seen] if looks_again else [seen, seen])
    monkeypatch.setattr(offers_by_link, "offered_by", lambda token: next(looks, None) or look(token))

    with pytest.raises(Refused) if looks_again else nullcontext():
        offers_by_link.decline_by_link(text)

    is_cancelled = booking.get(made.booking.reference).state == State.CANCELLED
    assert is_cancelled is not looks_again


def test_a_link_stands_in_no_log_line(kept: Invitation) -> None:
    said = logs.without_links(None, "", {"path": address(kept)})

    assert said["path"].startswith("/offers/")
    assert token(kept) not in said["path"]
