"""Draws for scarce appointments: announced with their future round, listed, drawn by it, and offered like a list.

Two officers admit somebody in hardship, who is drawn first. The round of drand is accepted from whoever brings it, and
only when its signature is right; without one nothing is drawn.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import beacon, lots, offering
from consular.appointments.beacon import BadRound
from consular.appointments.distribution import Mode
from consular.appointments.draws import Draw, Hardship
from consular.appointments.lots import Listing
from consular.appointments.models import Calendar
from consular.appointments.waiting import Waiting, Waits
from consular.cases.models import Case, Phase
from consular.casework import appointments, record, waiting
from consular.casework.correspondence import require_another
from consular.casework.reordering import ORDERERS
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties
from consular.notifications import outbox

CHAIN = "quicknet"
"""The chain of drand that new draws take their round from."""

PAUSE = timedelta(hours=24)
"""Between the end of registration, when the list is published, and the round that decides."""

LATEST = timedelta(hours=1)
"""A list that is published later than so long before its round waits for another one."""

_MAY_BOOK = {*appointments.BOOKABLE, Phase.WAITING}
"""Where a case may still come to an appointment."""


@verb
def announce_draw(
    calendar_id: int, opens_at: datetime, closes_at: datetime, winners: int, *, actor: User
) -> Draw:
    """Announce a draw and name the round that will decide it. Refused (404) for other missions, (409) `no_draw` where
    places are not drawn, (422) `too_late` or `empty`.
    """
    calendar = Calendar.objects.select_related("mission").filter(pk=calendar_id).first()
    _require_orderer(calendar, actor)
    assert calendar is not None  # noqa: S101  a calendar that is nobody's was refused
    if calendar.mode != Mode.DRAW:
        raise Refused(_("The places of this calendar are not drawn."), code="no_draw", field="calendar")
    if closes_at <= max(opens_at, clock.now()):
        raise Refused(
            _("The registration has to end later, and after it began."),
            code="too_late",
            field="closes_at",
            status=422,
        )
    if winners < 1:
        raise Refused(_("At least one person has to be drawn."), code="empty", field="winners", status=422)
    chain = beacon.chains()[CHAIN]
    number = chain.first_after(closes_at + PAUSE)
    return Draw.objects.create(
        calendar=calendar, opens_at=opens_at, closes_at=closes_at, winners=winners, chain=chain.hash,
        public_key=chain.public_key, genesis=chain.genesis, period=chain.period, round=number,
        round_at=chain.at(number), made_by=actor,
    )  # fmt: skip


@verb
def propose_hardship(draw_id: int, ticket: str, reason: str, *, actor: User) -> Hardship:
    """Propose that somebody registered is drawn first; a second officer has to agree before the list is published.

    Refused: (403) `own_case`, (404) `not_found`, (409) `published`, `open`, (422) `no_reason`.
    """
    draw = _locked(draw_id, actor)
    _require_open(draw)
    entry = Waiting.objects.filter(draw=draw, state=Waits.WAITING, head=None, ticket=ticket.strip()).first()
    if entry is None or not entry.ticket:
        raise Refused(
            _("Nobody has registered by this ticket."), code="not_found", field="ticket", status=404
        )
    require_another(entry.case, actor)
    if not reason.strip():
        raise Refused(
            _("Say why. The person can read the reason."), code="no_reason", field="reason", status=422
        )
    if Hardship.objects.filter(entry=entry).exists():
        raise Refused(_("This was proposed already."), code="open", field="ticket")
    return Hardship.objects.create(
        entry=entry, reason=reason.strip(), proposed_by=actor, proposed_at=clock.now()
    )


@verb
def agree_to_hardship(hardship_id: int, *, actor: User) -> Hardship:
    """Agree that somebody is drawn first. Refused: (403) `own_case`, (404), (409) `own` for one's own proposal, with
    whatever account, `published`, `done`.
    """
    now = clock.now()
    found = Hardship.objects.select_related("entry").filter(pk=hardship_id).first()
    waiting.locked_cases([found.entry.case_id] if found else [])
    draw = _locked(found.entry.draw_id if found else None, actor)
    _require_open(draw)
    proposal = Hardship.objects.select_related("entry__case", "proposed_by").get(pk=hardship_id)
    if proposal.approved_by_id is not None:
        raise Refused(_("This change was made already."), code="done")
    if proposal.proposed_by.person == actor.person:
        raise Refused(_("Another officer has to agree."), code="own")
    require_another(proposal.entry.case, actor)
    proposal.approved_by, proposal.approved_at = actor, now
    proposal.save(update_fields=["approved_by", "approved_at"])
    record.event(proposal.entry.case, "draw_hardship", actor=actor, at=now)
    return proposal


def publish_lists() -> int:
    """Publish the lists of all draws whose registration has ended; returns how many. One transaction each."""
    due = Draw.objects.filter(closes_at__lte=clock.now(), published_at=None).order_by("pk")
    return sum(publish_list(pk) for pk in due.values_list("pk", flat=True))


@verb
def publish_list(draw_id: int) -> bool:
    """Publish who takes part, as tickets, and the hash of it; False when it was published before.

    Nobody takes part who needs no appointment any more, or has one. Where that comes too late for the round that was
    named, another one that lies ahead is named with it.
    """
    now = clock.now()
    _take_off(draw_id, now)
    draw = Draw.objects.select_for_update().get(pk=draw_id)
    if draw.published_at is not None:
        return False
    if draw.round_at - now < LATEST:
        chain = beacon.chains()[CHAIN]
        draw.round = chain.first_after(now + PAUSE)
        draw.round_at = chain.at(draw.round)
    entries = Waiting.objects.filter(draw=draw, state=Waits.WAITING, head=None)
    first = set(entries.exclude(hardship__approved_at=None).values_list("ticket", flat=True))
    everybody = set(entries.values_list("ticket", flat=True))
    listed = Listing(
        draw.chain, draw.round, draw.winners, tuple(sorted(first)), tuple(sorted(everybody - first))
    )
    draw.listed = {"hardship": list(listed.hardship), "tickets": list(listed.tickets)}
    draw.commitment, draw.published_at = listed.commitment(), now
    draw.save()
    return True


def _take_off(draw_id: int, now: datetime) -> None:
    """Nobody takes part in a draw that is not published yet who cannot come, or has an appointment already."""
    draw = Draw.objects.select_related("calendar").get(pk=draw_id)
    if draw.published_at is not None:
        return
    over = Case.objects.filter(waiting__draw=draw, waiting__state=Waits.WAITING).exclude(phase__in=_MAY_BOOK)
    ended, served = set(over.values_list("pk", flat=True)), offering.unsettled(draw.calendar, now)
    locked = waiting.locked_cases([*ended, *served])
    for pk in sorted(ended & set(locked)):
        record.wait_no_longer(locked[pk], actor=None, at=now)
    offering.end_served(draw.calendar, served, now)


@verb
def draw_by(draw_id: int, signature: str, *, actor: User) -> Draw:
    """Draw by the signature of the round. Whoever is drawn is offered a time; whoever is not may register again.

    Refused: (404) for other missions, (409) `not_yet`, `done`, `another_list`, (422) `bad_round` when the signature is
    not the round's.
    """
    now = clock.now()
    everybody = Waiting.objects.filter(draw=draw_id, state=Waits.WAITING)
    waiting.locked_cases(list(everybody.values_list("case", flat=True)))
    draw = _locked(draw_id, actor)
    if draw.drawn_at is not None:
        raise Refused(_("This was drawn already."), code="done")
    if draw.published_at is None or now < draw.round_at:
        raise Refused(_("The round that decides has not come yet."), code="not_yet")
    listed = _listing(draw)
    if listed.commitment() != draw.commitment:
        raise Refused(
            _("The list is not the one that was published any more. Nothing was drawn."), code="another_list"
        )
    chain = next(one for one in beacon.chains().values() if one.hash == draw.chain)
    try:
        seed = beacon.randomness(chain, draw.round, signature)
    except BadRound as bad:
        raise Refused(
            _("This is not the signature of the round: %(why)s. Nothing was drawn.") % {"why": bad},
            code="bad_round", field="signature", status=422,
        ) from bad  # fmt: skip
    draw.signature, draw.drawn_at = signature, now
    draw.save(update_fields=["signature", "drawn_at"])
    _write_down(draw, listed.order(seed), now)
    return draw


def _write_down(draw: Draw, order: list[str], now: datetime) -> None:
    turns = {ticket: n for n, ticket in enumerate(order, start=1)}
    entries = Waiting.objects.filter(draw=draw, state=Waits.WAITING, head=None).select_related(
        "case", "owner"
    )
    for entry in entries.order_by("pk"):
        entry.turn, entry.changed_at = turns[entry.ticket], now
        entry.save(update_fields=["turn", "changed_at"])
        is_drawn = entry.turn <= draw.winners
        if not is_drawn:
            both = Waiting.objects.filter(Q(pk=entry.pk) | Q(head=entry))
            both.update(state=Waits.NOT_DRAWN, changed_at=now)
        record.event(entry.case, "draw_won" if is_drawn else "draw_lost", actor=None, at=now, turn=entry.turn)
        outbox.promise("drawn", to=entry.owner, case=entry.case, key=f"drawn:{entry.pk}")


def public_file(draw: Draw) -> dict[str, Any]:
    """What everybody can read and repeat: see `lots`. Before the list is published it names only the round."""
    source = {
        "chain": draw.chain,
        "public_key": draw.public_key,
        "genesis": draw.genesis,
        "period": draw.period,
    }
    told: dict[str, Any] = {
        "format": lots.FORMAT,
        "mission": draw.calendar.mission.code,
        "category": draw.calendar.category,
        "opens_at": draw.opens_at.isoformat(),
        "closes_at": draw.closes_at.isoformat(),
        "winners": draw.winners,
        "source": {**source, "round": draw.round, "round_at": draw.round_at.isoformat()},
    }
    if draw.published_at is not None:
        told |= {
            "published_at": draw.published_at.isoformat(),
            **(draw.listed or {}),
            "commitment": draw.commitment,
        }
    if draw.drawn_at is not None:
        chain = lots.chain_of(told)
        order = _listing(draw).order(beacon.randomness(chain, draw.round, draw.signature))
        told |= {"drawn_at": draw.drawn_at.isoformat(), "signature": draw.signature, "order": order}
    return told


def _listing(draw: Draw) -> Listing:
    listed = draw.listed or {"hardship": [], "tickets": []}
    return Listing(draw.chain, draw.round, draw.winners, tuple(listed["hardship"]), tuple(listed["tickets"]))


def _locked(draw_id: int | None, actor: User) -> Draw:
    drawn = Draw.objects.select_for_update(of=("self",)).select_related("calendar")
    draw = drawn.filter(pk=draw_id or 0).first()
    _require_orderer(draw.calendar if draw else None, actor)
    assert draw is not None  # noqa: S101  a draw that is nobody's was refused
    return draw


def _require_orderer(calendar: Calendar | None, actor: User) -> None:
    held = duties(actor)
    if calendar is None or not any(held.has(role, calendar.mission_id) for role in ORDERERS):
        raise Refused(_("There is no such draw at your missions."), code="not_found", status=404)


def _require_open(draw: Draw) -> None:
    if draw.published_at is not None or clock.now() >= draw.closes_at:
        raise Refused(_("The list is closed. Nobody can be added to it any more."), code="published")
