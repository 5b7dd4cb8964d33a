"""Letters that people ask for, requests about data and complaints."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.formats import time_format

from consular import casework, formspec
from consular.accounts.models import Role, User
from consular.appointments.draws import Draw
from consular.appointments.models import Slot
from consular.appointments.waiting import Waiting, Waits
from consular.cases.inquiries import AnswersVersion, Inquiry
from consular.cases.models import Case, TaskEntry
from consular.casework import concerning, letter_facts, on_request, record
from consular.casework.concerning import Entered
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import ending, keys
from consular.decisions.facts import Paid
from consular.decisions.models import Concern, Letter
from consular.missions.changes import Detail
from consular.missions.models import Mission, ServiceGroup
from tests import factories, stages
from tests.harm import without, without_trigger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture(scope="module", autouse=True)
def _keys() -> None:
    keys.make_local()


def asked(case: Case, name: str, actor: User) -> Letter:
    """The letter, asked for and written."""
    offer = next(
        one for one in on_request.offers(case, is_applicant=not actor.is_official) if one.name == name
    )
    casework.ask_letter(case.reference, name, offer.about, actor=actor)
    casework.ask_letter(case.reference, name, offer.about, actor=actor)  # pressed twice
    jobs.work()
    return Letter.objects.get(case=case, values__name=name)


def head(case: Case) -> User:
    return factories.official(Role.HEAD_OF_SECTION, mission=case.mission)


def test_confirmation_and_receipt_say_what_was_booked_and_paid():
    post = stages.ministry()
    case = stages.sent()
    assert [one.name for one in on_request.offers(case, is_applicant=True)] == []
    stages.do(case, post.clerk, complete=True)
    booking = stages.booked(case)
    case.refresh_from_db()

    confirmation = asked(case, "L02", case.owner)
    stages.do(case, post.clerk, **stages.LODGING)
    jobs.work()
    receipt = Letter.objects.get(case=case, kind="L03")  # due without asking: Visa Code art. 16(8)

    body = confirmation.values["versions"][0]["body"]
    assert (body["booking"], len(body["papers"]) > 2) == (booking.reference, True)
    ends = booking.ends_at.astimezone(ZoneInfo(case.mission.time_zone))
    assert body["time"].endswith(f"–{time_format(ends.time(), 'TIME_FORMAT')}")
    german, english = (version["body"] for version in receipt.values["versions"])
    assert receipt.languages == ["de", "en"]
    assert [body["lines"][1]["value"] for body in (german, english)] == ["90,00 EUR", "90.00 EUR"]
    assert [line["label"] for line in english["lines"]][2:] == ["Paid in local money", "Exchange rate"]
    assert "Visa Code" in english["basis"]
    assert [one.name for one in on_request.offers(case, is_applicant=True)] == []
    assert on_request.reprints(case) == [receipt, confirmation]
    with pytest.raises(Refused):
        casework.ask_letter(case.reference, "L03", receipt.values["about"], actor=post.clerk)

    change = casework.propose_change(
        case.reference, receipt.pk, end="corrected", reason="Name", actor=post.caseworker
    )
    casework.approve_change(case.reference, change.pk, actor=post.decider)
    jobs.work()
    again = Letter.objects.filter(case=case, kind="L03").latest("pk")
    assert (again.pk != receipt.pk, again.values["versions"][1]["body"]) == (True, english)


def test_a_receipt_says_what_was_asked_for_when_the_fee_was_paid():
    """Whatever was corrected since, wherever the case went, and at the rate that the mission has set."""
    clerk, case, now = stages.ministry().clerk, stages.sent(), clock.now()
    TaskEntry.objects.create(case=case, form="lodging", by=clerk, at=now, entries={"fee": "paid"})
    Detail.objects.create(
        mission=case.mission, name="rate", valid_from=date(2020, 1, 1),
        value={"currency": "INR", "per_euro": "80", "step": "1000"},
    )  # fmt: skip
    later = now + timedelta(hours=1)
    folder, before = formspec.folder(case.service, case.version), case.answers.data

    def said() -> Paid:
        paid = letter_facts.facts(case, "L03", letter_facts.about_now(case, "L03"), folder)
        assert isinstance(paid, Paid)
        return paid

    assert (said().amount, said().local_amount, said().rate_of) == (90, 8000, date(2020, 1, 1))
    case.answers.data = before | {"birth_date": (now.date() - timedelta(days=400)).isoformat()}
    assert (said().amount, said().is_waived) == (0, True)
    inquiry = Inquiry.objects.create(case=case, task=1, node="n", by=clerk, begun_at=now)
    AnswersVersion.objects.create(
        case=case, inquiry=inquiry, data=before, declarations=[], changed=["birth_date"], replaced_at=later
    )
    record.event(case, "transferred", actor=None, at=later, mission="NEWD", before=case.mission.code)
    case.mission = Mission.objects.get(code="NEWD")
    assert (said().amount, said().local_amount, said().per_euro) == (90, 8000, 80)
    assert said().basis
    TaskEntry.objects.create(case=case, form="lodging", by=clerk, at=now, entries={"fee": "waived"})
    case.answers.data = before
    assert (said().is_waived, said().basis, said().local_amount) == (True, "", None)


def test_a_confirmation_is_corrected_after_the_appointment_moved_and_not_after_it_was_cancelled():
    post = stages.ministry()
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    booking = stages.booked(case)
    case.refresh_from_db()
    confirmation = asked(case, "L02", case.owner)
    later = Slot.objects.filter(starts_at__gt=booking.slot.starts_at + timedelta(days=1)).first()
    moved = casework.move_booking(booking.reference, later.pk, actor=case.owner)

    change = casework.propose_change(
        case.reference, confirmation.pk, end="corrected", reason="Moved", actor=post.caseworker
    )
    casework.approve_change(case.reference, change.pk, actor=post.decider)
    jobs.work()

    corrected = Letter.objects.filter(case=case, kind="L02").latest("pk")
    assert corrected.values["about"] == f"{moved.reference}:{moved.sequence}"
    assert corrected.values["versions"][0]["body"]["day"] != confirmation.values["versions"][0]["body"]["day"]
    assert confirmation.number in corrected.values["versions"][0]["replaces"]
    assert "L02" not in {one.name for one in on_request.offers(case, is_applicant=True)}
    on_request.write_requested({"case": case.pk, "name": "L02", "about": f"{booking.reference}:99"})
    assert Letter.objects.filter(case=case, kind="L02").count() == 2

    casework.cancel_booking(booking.reference, actor=post.clerk)
    with pytest.raises(Refused) as refusal:
        casework.propose_change(
            case.reference, corrected.pk, end="corrected", reason="Gone", actor=post.caseworker
        )
    assert refusal.value.code == "gone"


def test_who_waits_and_who_was_drawn_can_ask_for_it_in_writing():
    case = stages.sent() if stages.ministry() else None
    now = clock.now()
    entry = Waiting.objects.create(
        calendar=stages.calendar(case.mission), case=case, owner=case.owner, identity=b"x" * 32,
        category=ServiceGroup.VISA_C, people=2, since=now - timedelta(days=9), joined_at=now, changed_at=now,
    )  # fmt: skip
    listed = asked(case, "L02.waiting", case.owner)

    begun = now - timedelta(days=8)
    entry.draw = Draw.objects.create(
        calendar=entry.calendar, opens_at=begun, closes_at=begun + timedelta(days=1), winners=5, chain="c",
        public_key="k", genesis=0, period=3, round=1, round_at=begun + timedelta(days=3), signature="s",
        commitment="h", published_at=begun + timedelta(days=2), drawn_at=begun + timedelta(days=4),
        made_by=factories.official(),
    )  # fmt: skip
    entry.turn, entry.ticket, entry.state = 6, "ab" * 16, Waits.NOT_DRAWN
    entry.save()
    lost = asked(case, "L02.draw", case.owner)
    entry.turn = 5
    entry.save()

    said = [letter.values["versions"][0]["body"]["stands"] for letter in (listed, lost)]
    assert said[0] == "You are on the waiting list."
    assert said[1].startswith("You were not drawn this time: number 6, and 5 were drawn.")
    assert lost.values["versions"][0]["body"]["proof"].endswith(f"/draws/{entry.draw_id}")
    assert [one.name for one in on_request.offers(case, is_applicant=True)] == []


def test_nobody_asks_for_what_is_not_theirs():
    case = factories.sent_case()
    stranger = factories.applicant()
    abroad = factories.official(Role.CASEWORKER, mission=factories.mission())
    auditor = factories.official(Role.AUDITOR, mission=case.mission)

    for actor, name in [
        (stranger, "L16.notice"), (abroad, "L16.notice"), (auditor, "L16.notice"), (case.owner, "L16.notice"),
        (case.owner, "L13"), (head(case), "L02"), (head(case), "L08"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refusal:
            casework.ask_letter(case.reference, name, "", actor=actor)
        assert refusal.value.status == 404

    officer = factories.official(Role.CASEWORKER, mission=case.mission, person=case.owner.person)
    with pytest.raises(Refused) as refusal:
        casework.ask_letter(case.reference, "L16.notice", "", actor=officer)
    assert refusal.value.code == "own_case"


COMPLAINT = Entered("complaint", clock.today(), "Nobody answered the telephone.")
REFUSAL = Entered(
    "erasure", clock.today(), "Delete everything.", "refused", "The file is kept for two years."
)


def test_what_was_revoked_an_officer_has_written_anew_and_the_applicant_has_not():
    case = stages.sent() if stages.ministry() else None
    booked = stages.booked(case)
    Case.objects.filter(pk=case.pk).update(mission=Mission.objects.get(code="NEWD"))
    then = {"mission": case.mission, "valid_from": clock.today() + timedelta(days=1)}
    Detail.objects.create(name="address", value="New street 1", **then)
    Detail.objects.create(name="hours", value={"en": "Mondays only"}, **then)
    case = Case.objects.get(pk=case.pk)
    chief, owner = head(case), case.owner
    first = asked(case, "L02", owner)
    told = first.values["versions"][0]
    assert told["body"]["address"]["text"] == "New street 1"  # by then the mission has moved
    assert "Mondays only" in [block["text"] for block in told["blocks"]]
    assert "Mumbai" in told["body"]["office"]  # where the appointment is, not where the case went
    assert "New Delhi" in told["office"]

    for gone in range(2):
        assert on_request.offers(case, is_applicant=True) == []
        assert "L02" not in {one.name for one in on_request.offers(case, is_applicant=False)}
        ending.supersede(
            Letter.objects.filter(case=case).latest("pk"), end="revoked", reason="x", actor=chief
        )
        about = f"{booked.reference}:{booked.sequence}"
        with pytest.raises(Refused):
            casework.ask_letter(case.reference, "L02", about, actor=owner)
        for _pressed_twice in range(2):
            casework.ask_letter(case.reference, "L02", about, actor=chief)
        jobs.work()
        written = list(Letter.objects.filter(case=case, kind="L02").order_by("pk"))
        assert len(written) == gone + 2
    assert [one.values["versions"][0]["body"] for one in written[1:]] == [
        first.values["versions"][0]["body"]
    ] * 2


def test_complaints_and_requests_are_numbered_and_answered():
    case = factories.sent_case()
    chief = head(case)

    numbers = [
        casework.enter_concern(case.reference, one, actor=chief).number for one in (COMPLAINT, REFUSAL)
    ]
    casework.enter_concern(case.reference, Entered("access", clock.today(), "What do you know?"), actor=chief)
    jobs.work()
    for concern in Concern.objects.all():
        concerning.answer_concern({"concern": concern.pk})  # a second run

    year = clock.today("UTC").year
    assert numbers == [f"{case.mission.code}/{year}/{count}" for count in (1, 2)]
    kinds = Letter.objects.filter(case=case).order_by("pk").values_list("values__name", flat=True)
    assert list(kinds) == ["L17", "L16.erasure", "L16.access"]
    said = json.dumps([letter.values for letter in Letter.objects.filter(case=case)])
    assert all(text in said for text in (COMPLAINT.subject, REFUSAL.reasons, "We cannot erase your data yet"))


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        (Entered("praise", clock.today(), "x"), "kind"),
        (Entered("complaint", clock.today() + timedelta(days=3), "x"), "received_on"),
        (Entered("complaint", clock.today(), " "), "subject"),
        (Entered("complaint", clock.today(), "x" * 2001), "subject"),
        (Entered("erasure", clock.today(), "x"), "reply"),
        (Entered("erasure", clock.today(), "x", "partly"), "reasons"),
    ],
)
def test_what_is_entered_is_judged(entered: Entered, field: str):
    case = factories.sent_case()
    chief = head(case)

    with pytest.raises(Refused) as refusal:
        casework.enter_concern(case.reference, entered, actor=chief)
    assert refusal.value.field == field


def test_without_trigger_and_constraints_the_register_of_concerns_could_be_changed():
    case = factories.sent_case()
    concern = casework.enter_concern(case.reference, REFUSAL, actor=head(case))

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(reasons="other")
    with without_trigger("decisions.Concern:append_only"):
        with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
            Concern.objects.filter(pk=concern.pk).update(reasons="")
        without(Concern, "a_refused_concern_says_why")
        assert Concern.objects.filter(pk=concern.pk).update(reasons="") == 1
    concern.pk = None
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        concern.save(force_insert=True)
    without(Concern, "number")
    concern.save(force_insert=True)
