"""A draw from its announcement to the offers: what is published when, what is refused, and who can repeat it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import lots
from consular.appointments.draws import Draw, Hardship
from consular.appointments.lots import Listing
from consular.appointments.models import Booking, Calendar, State
from consular.appointments.waiting import Waiting, Waits
from consular.cases.models import Case
from consular.casework import drawing, waiting
from consular.core import clock
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.test_lots import INFINITY, QUICKNET, RANDOM, ROUND, SIGNATURE

pytestmark = pytest.mark.django_db

DECIDES = QUICKNET.at(ROUND)
CLOSES = DECIDES - drawing.PAUSE - timedelta(seconds=2)
OPENS = CLOSES - timedelta(days=14)


@pytest.fixture(autouse=True)
def _before() -> Iterator[None]:
    with clock.at(OPENS - timedelta(days=1)):
        yield


@pytest.fixture
def calendar() -> Calendar:
    return factories.calendar(mode="draw", passes_kept=0)


@pytest.fixture
def officers(calendar: Calendar) -> tuple[User, User]:
    return tuple(
        people.official(role, mission=calendar.mission) for role in (Role.HEAD_OF_SECTION, Role.SLOT_MANAGER)
    )


def code(act: object, *given: object, **named: object) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act.__wrapped__(*given, **named)
    return refused.value.code


def registered(calendar: Calendar, number: int) -> list[Case]:
    with clock.at(OPENS + timedelta(hours=1)):
        cases = [factories.bookable_case(calendar) for _ in range(number)]
        for case in cases:
            casework.join([case.pk], actor=case.owner)
    return cases


def ticket(case: Case) -> str:
    return Waiting.objects.get(case=case).ticket


def test_a_draw_is_announced_listed_drawn_offered_and_repeated_by_anybody(  # noqa: PLR0915  one story
    calendar: Calendar, officers: tuple[User, User]
) -> None:
    head, steward = officers
    draw = casework.announce_draw(calendar.pk, OPENS, CLOSES, 3, actor=head)
    assert (draw.round, draw.round_at) == (ROUND, DECIDES)
    early = factories.bookable_case(calendar)
    assert code(casework.join, [early.pk], actor=early.owner) == "closed"

    cases = registered(calendar, 6)
    with clock.at(CLOSES - timedelta(hours=1)):
        urgent = casework.propose_hardship(draw.pk, ticket(cases[5]), "A child is ill.", actor=head)
        ignored = casework.propose_hardship(draw.pk, ticket(cases[4]), "Nobody agreed.", actor=head)
        mission = calendar.mission
        twin = people.official(Role.HEAD_OF_SECTION, mission=mission, person=head.person)
        drawn_too = people.official(Role.HEAD_OF_SECTION, mission=mission, person=cases[5].owner.person)
        for officer, why in ((head, "own"), (twin, "own"), (drawn_too, "own_case")):
            assert code(casework.agree_to_hardship, urgent.pk, actor=officer) == why
        assert code(casework.propose_hardship, draw.pk, ticket(cases[5]), "x", actor=drawn_too) == "own_case"
        casework.agree_to_hardship(urgent.pk, actor=steward)
        assert casework.publish_lists() == 0
        assert "tickets" not in casework.public_file(draw)

    with clock.at(CLOSES + timedelta(minutes=1)):
        assert casework.publish_lists() == 1
        assert casework.publish_lists() == 0
        assert code(casework.agree_to_hardship, ignored.pk, actor=steward) == "published"
        assert code(casework.join, [early.pk], actor=early.owner) == "closed"
        draw.refresh_from_db()
        told = casework.public_file(draw)
        assert told["hardship"] == [ticket(cases[5])]
        assert lots.problem(told) == "nothing was drawn yet"
        assert code(casework.draw_by, draw.pk, SIGNATURE, actor=head) == "not_yet"
        assert waiting.offer_places() == 0

    with clock.at(DECIDES + timedelta(minutes=1)):
        for bad in (INFINITY, SIGNATURE[:-2] + "7c", "", "zz"):
            assert code(casework.draw_by, draw.pk, bad, actor=head) == "bad_round"
        assert not Waiting.objects.filter(turn__gt=0).exists()
        casework.draw_by(draw.pk, SIGNATURE, actor=head)
        assert code(casework.draw_by, draw.pk, SIGNATURE, actor=head) == "done"

        draw.refresh_from_db()
        file = json.loads(json.dumps(casework.public_file(draw)))
        assert lots.problem(file) is None
        by_turn = list(Waiting.objects.exclude(turn=0).order_by("turn").values_list("ticket", flat=True))
        assert by_turn == file["order"]
        assert by_turn[0] == ticket(cases[5])
        assert Notification.objects.filter(kind="drawn").count() == 6
        assert Waiting.objects.filter(state=Waits.NOT_DRAWN).count() == 3

        factories.slot(calendar, 1, clock.now() + timedelta(days=10))
        waiting.offer_places()
        assert [one.case_id for one in Booking.objects.filter(state=State.HELD)] == [cases[5].pk]
        again = casework.announce_draw(
            calendar.pk, clock.now(), clock.now() + timedelta(days=1), 1, actor=head
        )
        loser = Waiting.objects.filter(state=Waits.NOT_DRAWN).first()
        assert casework.join([loser.case_id], actor=loser.owner).draw == again
        assert code(casework.join, [cases[5].pk], actor=cases[5].owner) == "already_booked"

    with clock.at(DECIDES + timedelta(hours=25)):
        waiting.offer_places()
        assert Waiting.objects.get(case=cases[5]).state == Waits.LEFT
        second = Waiting.objects.get(turn=2, draw=draw)
        assert [one.case_id for one in Booking.objects.active(clock.now())] == [second.case_id]


def test_a_list_that_is_late_waits_for_a_round_that_lies_ahead(
    calendar: Calendar, officers: tuple[User, User]
) -> None:
    draw = casework.announce_draw(calendar.pk, OPENS, CLOSES, 3, actor=officers[0])
    registered(calendar, 1)

    with clock.at(DECIDES + timedelta(days=2)):
        casework.publish_lists()
        draw.refresh_from_db()
        assert draw.round > ROUND
        assert draw.published_at + drawing.PAUSE < draw.round_at
        assert code(casework.draw_by, draw.pk, SIGNATURE, actor=officers[0]) == "not_yet"
    with clock.at(draw.round_at):
        assert code(casework.draw_by, draw.pk, SIGNATURE, actor=officers[0]) == "bad_round"


def test_a_list_has_nobody_who_cannot_come_any_more_or_has_an_appointment(
    client: Client, calendar: Calendar, officers: tuple[User, User]
) -> None:
    draw = casework.announce_draw(calendar.pk, OPENS, CLOSES, 1, actor=officers[0])
    closed, booked, moved, partner, here = registered(calendar, 5)
    Case.objects.filter(pk=closed.pk).update(phase="closed")
    Case.objects.filter(pk=partner.pk).update(phase="waiting")  # until another authority has answered
    free = factories.slot(factories.calendar(), 1, CLOSES + timedelta(days=1))
    factories.confirmed(
        free, owner=booked.owner, who=bytes(waiting.of(booked.pk).identity), now=OPENS + timedelta(days=1)
    )
    there = factories.calendar(mode="draw").mission
    waiting.follow(moved, there)
    Case.objects.filter(pk=moved.pk).update(mission=there)

    with clock.at(CLOSES):
        casework.publish_lists()
        people.signed_in(client, moved.owner)
        assert client.get(f"/cases/{moved.reference}/appointment/waiting/").status_code == 200
    draw.refresh_from_db()
    assert draw.listed == {"hardship": [], "tickets": sorted([ticket(partner), ticket(here)])}
    states = {Waiting.objects.get(case=case).state for case in (moved, partner, here)}
    assert states == {Waits.WAITING}
    assert Waiting.objects.get(case=closed).state == Waits.LEFT
    assert Waiting.objects.get(case=booked).state == Waits.SERVED
    with clock.at(DECIDES):
        casework.draw_by(draw.pk, SIGNATURE, actor=officers[0])
    assert Waiting.objects.exclude(turn=0).count() == 2


def test_without_comparing_the_list_somebody_would_be_put_first_after_it_was_published(
    calendar: Calendar, officers: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = casework.announce_draw(calendar.pk, OPENS, CLOSES, 1, actor=officers[0])
    cases = registered(calendar, 3)
    with clock.at(CLOSES):
        casework.publish_lists()
    draw.refresh_from_db()
    friend = lots.listing(casework.public_file(draw)).order(bytes.fromhex(RANDOM))[-1]
    others = sorted({ticket(case) for case in cases} - {friend})
    Draw.objects.update(listed={"hardship": [friend], "tickets": others})

    with clock.at(DECIDES):
        assert code(casework.draw_by, draw.pk, SIGNATURE, actor=officers[0]) == "another_list"
        monkeypatch.setattr(Listing, "commitment", lambda _self: draw.commitment)
        casework.draw_by(draw.pk, SIGNATURE, actor=officers[0])
    assert Waiting.objects.get(turn=1).ticket == friend


def test_only_the_constraint_keeps_a_list_from_being_published_after_its_round(
    calendar: Calendar, officers: tuple[User, User]
) -> None:
    draw = casework.announce_draw(calendar.pk, OPENS, CLOSES, 3, actor=officers[0])
    for wrong in (
        {"published_at": DECIDES, "commitment": "0" * 64},
        {"drawn_at": DECIDES, "signature": "00"},
        {"winners": 0},
        {"round_at": OPENS},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Draw.objects.filter(pk=draw.pk).update(**wrong)


def test_the_pages_of_a_draw(  # noqa: PLR0915  one story
    client: Client, calendar: Calendar, officers: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, steward = officers
    zone = ZoneInfo(calendar.mission.time_zone)
    local = {
        n: m.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
        for n, m in (("opens_at", OPENS), ("closes_at", CLOSES))
    }
    desk, other = (people.signed_in(Client(), officer) for officer in officers)
    page = "/desk/appointments/draws/"
    given = {"do": "announce", "calendar": calendar.pk, "winners": 1, **local}
    assert desk.post(page, {**given, "closes_at": "2020-01-01T00:00"}).status_code == 422
    assert desk.post(page, given).status_code == 302
    draw = Draw.objects.get()
    assert draw.round == ROUND

    first, second = registered(calendar, 2)
    with clock.at(OPENS + timedelta(hours=2)):
        people.signed_in(client, first.owner)
        mine = f"/cases/{first.reference}/appointment/"
        assert client.get(mine)["Location"] == f"{mine}waiting/"
        assert ticket(first) in client.get(f"{mine}waiting/").content.decode()
        desk, other = (people.signed_in(Client(), officer) for officer in officers)
        proposal = {"do": "hardship", "draw": draw.pk, "ticket": ticket(second), "reason": "<i>ill</i>"}
        assert desk.post(page, {**proposal, "ticket": "x"}).status_code == 422
        assert desk.post(page, proposal).status_code == 302
        agree = {"do": "agree", "hardship": Hardship.objects.get().pk}
        assert desk.post(page, agree).status_code == 409
        assert "&lt;i&gt;ill" in other.get(page).content.decode()
        assert other.post(page, agree).status_code == 302
        assert other.post(page, {"do": "nonsense"}).status_code == 302

    with clock.at(CLOSES):
        casework.publish_lists()
    with clock.at(DECIDES):
        desk = people.signed_in(Client(), head)
        bad = desk.post(page, {"do": "round", "draw": draw.pk, "signature": "00"})
        assert (bad.status_code, "Nothing was drawn" in bad.content.decode()) == (422, True)
        assert (
            desk.post(
                page, {"do": "round", "draw": draw.pk, "signature": f" {SIGNATURE.upper()} "}
            ).status_code
            == 302
        )
        public = Client().get(f"/draws/{draw.pk}/").content.decode()
        assert ticket(second) in public
        assert "Mensah" not in public
        file = Client().get(f"/draws/{draw.pk}/draw.json")
        assert lots.problem(file.json()) is None
        assert file["Cache-Control"] == "public, max-age=60"
        monkeypatch.setattr(casework, "public_file", None)  # it is reckoned once
        assert Client().get(f"/draws/{draw.pk}/draw.json").content == file.content
        again = Client().get(f"/draws/{draw.pk}/draw.json", headers={"If-None-Match": file["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        people.signed_in(client, first.owner)
        assert (
            "You were not drawn this time: number 2, and 1 were drawn."
            in client.get(f"{mine}waiting/").content.decode()
        )
        people.signed_in(client, second.owner)
        shown = client.get(f"/cases/{second.reference}/appointment/waiting/").content.decode()
        assert "You were drawn: number 1." in shown
        assert "&lt;i&gt;ill" in shown
    assert Client().get("/draws/999/").status_code == 404
