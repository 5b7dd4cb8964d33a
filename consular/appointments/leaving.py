"""Whose case is over, or who has an appointment, waits no longer: the others of a party keep their rank, and the next
of them is the first.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from consular.appointments.waiting import Waiting, Waits


def over(case_id: int, now: datetime, state: Waits = Waits.LEFT) -> bool:
    """Take the person of a case off the list; False when nobody waits for it.

    Whoever came along goes on alone. Where the first of a party goes, the next one has the moment since which they
    wait, and in a draw its ticket and turn. A hardship is that of the person, and goes too.
    """
    mine = Waiting.objects.filter(case=case_id, state=Waits.WAITING).values_list("pk", "head").first()
    if mine is None:
        return False
    first = mine[1] or mine[0]
    rows = Waiting.objects.select_for_update().filter(Q(pk=first) | Q(head=first), state=Waits.WAITING)
    party = list(rows.order_by("pk"))
    gone = next((one for one in party if one.case_id == case_id), None)
    if gone is None:  # another one of the party went in this moment
        return over(case_id, now, state)
    gone.state = state
    _go(gone, [one for one in party if one is not gone], now)
    return True


def served(entries: Sequence[Waiting], now: datetime) -> None:
    """Those who have an appointment wait no longer; where only some of a party have one, the others go on waiting."""
    parties = {one.head_id or one.pk for one in entries}
    waiting = Waiting.objects.filter(Q(pk__in=parties) | Q(head__in=parties), state=Waits.WAITING)
    others = waiting.exclude(pk__in=[one.pk for one in entries])
    left = {head or pk for pk, head in others.values_list("pk", "head")}
    done = [one for one in entries if (one.head_id or one.pk) not in left]
    Waiting.objects.filter(pk__in=[one.pk for one in done]).update(state=Waits.SERVED, changed_at=now)
    for one in entries:
        if one not in done:
            over(one.case_id, now, Waits.SERVED)


def _go(gone: Waiting, rest: Sequence[Waiting], now: datetime) -> None:
    was_first, ticket = gone.head_id is None, gone.ticket
    gone.head, gone.changed_at = None, now
    if rest and was_first:
        gone.ticket = ""
    gone.save()
    if rest and was_first:
        rest[0].ticket, rest[0].turn = ticket, gone.turn
        rest[0].since, rest[0].passes = gone.since, gone.passes
    head = rest[0] if was_first and rest else None
    for one in rest:
        one.people, one.changed_at = len(rest), now
        if head is not None:
            one.head = None if one is head else head
        one.save()
