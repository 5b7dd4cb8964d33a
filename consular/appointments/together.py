"""Hold, confirm, move and cancel for people who come together: for all of them or for none.

The caller holds the transaction and has locked the cases of all of them, in the order of their ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import booking, displacing, together_sql
from consular.appointments.adjoining import starts as starts
from consular.appointments.changes import Displacement
from consular.appointments.models import ACTIVE, Booking, State
from consular.core import references
from consular.core.errors import Refused


@dataclass(frozen=True)
class Comer:
    """Somebody who comes: their case, and who they are as a keyed hash."""

    case_id: int
    identity: bytes


@dataclass(frozen=True)
class Group:
    """Those who come together, the account that books for them, and how many slots each of them stays."""

    owner: User
    who: Sequence[Comer]
    slots_each: int = 1


class Right(Enum):
    """By which right people are moved: the statement, and how often it may be done."""

    OWN = (together_sql.MOVE, booking.MOVES)
    DISPLACED = (together_sql.MOVE_DISPLACED, booking.ANY_NUMBER)
    OF_MISSION = (together_sql.MOVE_FOR_MISSION, booking.ANY_NUMBER)


def hold(slot_id: int, group: Group, *, now: datetime, at_counter: bool = False) -> list[Booking]:
    """Keep places side by side for ten minutes, from this slot on; the first booking is that of the first person.

    Of the rows of each person that one is given which has the case. Refused (409) with code `gone` when there are not
    as many side by side; with `already_booked` when one of the people has an active booking of the category anywhere.
    """
    if len({one.identity for one in group.who}) < len(group.who):
        raise Refused(
            _("Two of these applications are for the same person."), code="same_person", field="people"
        )
    statement = together_sql.HOLD_AT_COUNTER if at_counter else together_sql.HOLD
    found = place(statement, slot_id, group, until=now + booking.HOLD, now=now)
    if not found:
        raise Refused(
            _("At this time there are not as many places side by side any more. Choose another time."),
            code="gone",
            field="slot",
        )
    return found


def place(statement: str, slot_id: int, group: Group, **values: Any) -> list[Booking]:
    """Write held bookings by a statement that `together_sql.holding` has made; none when they do not fit. `values` are
    `until` and `now`, and what else the statement asks for.
    """
    rows = [(one, part) for one in group.who for part in range(group.slots_each)]
    issued = [references.issue() for _row in rows]
    return _all(
        statement,
        slot=slot_id,
        owner=group.owner.pk,
        people=len(group.who),
        slots_each=group.slots_each,
        cases=[None if part else one.case_id for one, part in rows],
        identities=[one.identity for one, _part in rows],
        references=issued,
        party=issued[0] if len(rows) > 1 else "",
        **values,
    )


def confirm(party: str, *, now: datetime) -> list[Booking]:
    """Turn the hold of all into an appointment; doing it twice changes nothing."""
    before = members(party, now=now)
    done = _complete(_all(together_sql.CONFIRM, party=party, now=now), before)
    return done or [booking.confirm(one.reference, now=now) for one in before or _any(party)]


def extend(party: str, *, now: datetime) -> list[Booking]:
    """Keep the held places of all ten minutes longer, once. Refused (409) as `booking.extend` is."""
    before = members(party, now=now)
    done = _complete(_all(together_sql.EXTEND, party=party, hold=booking.HOLD, now=now), before)
    if done:
        return done
    raise booking.not_longer((before or _any(party))[0], now=now)


def move(party: str, slot_id: int, *, now: datetime, right: Right = Right.OWN) -> list[Booking]:
    """Move all to places side by side from another slot on; the old ones are kept until then.

    Refused (409) as `booking.move` is. Those whose time the mission could not keep choose before others; the mission
    itself moves without notice and however often.
    """
    before = members(party, now=now)
    statement, moves = right.value
    kept = displacing.kept_places(party, now) if right == Right.DISPLACED else []
    values = {"slot": slot_id, "people": len(before), "slots_each": before[0].slots_each if before else 1}
    chances = {"chance": booking.chance(), "moves": moves}
    done = _complete(_all(statement, party=party, now=now, kept=kept, **values, **chances), before)
    if done:
        return done
    # Nobody was moved: the first of them says why, as it would for one person.
    is_displaced = right == Right.DISPLACED
    return [
        booking.unmoved(one, slot_id, now=now, moves=moves, is_displaced=is_displaced)
        for one in before or _any(party)
    ]


def cancel(party: str, *, now: datetime) -> list[Booking]:
    """Give the places of all back; twice changes nothing. Refused (409) when the time has begun."""
    before = members(party, now=now)
    done = _complete(_all(together_sql.CANCEL, party=party, now=now, chance=booking.chance()), before)
    return done or [booking.cancel(one.reference, now=now) for one in before or _any(party)]


def members(party: str, *, now: datetime) -> list[Booking]:
    """The bookings of those who come together at this moment, the first person first; also of those whose time has
    passed while the mission owes them another one.
    """
    active = Q(state__in=ACTIVE, active_until__gt=now)
    open_ones = Displacement.objects.filter(booking=OuterRef("pk"), settled_at=None)
    owed = Q(Exists(open_ones), state__in=[State.CONFIRMED, State.PAST])
    rows = Booking.objects.select_related("place__slot", "case").filter(active | owed, party=party, part=0)
    return sorted(rows, key=lambda one: (one.reference != party, one.pk)) if party else []


def _complete(done: list[Booking], before: list[Booking]) -> list[Booking]:
    """What was done, which is for all or for none; otherwise the caller's transaction ends here."""
    if done and len(done) != len(before):
        raise booking.changed()
    return done


def _any(party: str) -> list[Booking]:
    """The last booking of a party nobody of which comes any more."""
    return list(Booking.objects.filter(party=party, part=0).order_by("-id")[:1])


def _all(statement: str, **values: Any) -> list[Booking]:
    return booking.whole(booking.several(statement, together_sql.COLUMNS, **values))
