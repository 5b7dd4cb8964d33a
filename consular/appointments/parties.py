"""People who come together: a booking for each, side by side, all or none.

Each of them has a row of `Booking` of their own, so that the same indexes guard every place and every person. What
binds the rows is `party`: the reference that the first of them has and all are told.

Whoever stays through several slots that follow one another has a row for each of them: `part` 0 is the appointment, the
others have no case, so that whoever asks for the bookings of a case finds one.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

_TOGETHER = """
IF TG_OP = 'INSERT' AND (
    SELECT count(*) <> NEW.people * NEW.slots_each FROM appointments_booking WHERE party = NEW.party
) THEN
    RAISE EXCEPTION 'people who come together are booked together' USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT FROM appointments_booking
    WHERE party = NEW.party AND state <> 'cancelled'
    HAVING count(DISTINCT CASE state WHEN 'expired' THEN 'held' WHEN 'past' THEN 'confirmed' ELSE state END) > 1
) THEN
    RAISE EXCEPTION 'people who come together are booked together' USING ERRCODE = 'check_violation';
END IF;
IF TG_OP = 'INSERT' THEN
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT s.id, s.calendar_id, s.starts_at, s.ends_at
            FROM appointments_booking b
            JOIN appointments_place p ON p.id = b.place_id
            JOIN appointments_slot s ON s.id = p.slot_id
            WHERE b.party = NEW.party AND b.state IN ('held', 'confirmed')
        ) AS of_party
        HAVING count(DISTINCT calendar_id) > 1 OR sum(ends_at - starts_at) <> max(ends_at) - min(starts_at)
    ) THEN
        RAISE EXCEPTION 'people who come together sit side by side' USING ERRCODE = 'check_violation';
    END IF;
END IF;
IF NEW.slots_each > 1 AND EXISTS (
    SELECT FROM (
        SELECT b.identity, b.part, s.calendar_id, s.starts_at,
            lag(s.ends_at) OVER (PARTITION BY b.identity ORDER BY b.part) AS reached
        FROM appointments_booking b
        JOIN appointments_place p ON p.id = b.place_id
        JOIN appointments_slot s ON s.id = p.slot_id
        WHERE b.party = NEW.party AND b.state <> 'cancelled'
    ) AS of_party
    GROUP BY identity
    HAVING count(*) <> NEW.slots_each OR count(DISTINCT part) <> NEW.slots_each
        OR count(DISTINCT calendar_id) > 1 OR bool_or(starts_at <> reached)
) THEN
    RAISE EXCEPTION 'whoever stays sits through slots that follow one another' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class Party(models.Model):
    """With how many others somebody comes, and for how long: `people` were booked together under the reference `party`,
    each for `slots_each` slots that follow one another; `stays_until` is the end of the last one, where there are more
    than one.
    """

    people = models.PositiveSmallIntegerField(default=1)
    slots_each = models.PositiveSmallIntegerField(default=1, db_default=1)
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    stays_until = models.DateTimeField(null=True)
    party = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        abstract = True

    @property
    def told_reference(self) -> str:
        """The reference people are told: one for all who come together."""
        return self.party or str(vars(self)["reference"])


CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(people=1, slots_each=1, party="")
        | Q(people__gte=1, slots_each__gte=1) & (Q(people__gt=1) | Q(slots_each__gt=1)) & ~Q(party=""),
        name="a_party_has_people_and_a_name",
    ),
    models.CheckConstraint(
        condition=Q(slots_each=1, part=0, stays_until=None)
        | Q(slots_each__gt=1, part__lt=F("slots_each"), stays_until__isnull=False)
        & (Q(part=0) | Q(case=None)),
        name="only_the_first_slot_has_a_case",
    ),
]
INDEXES = [models.Index(fields=["party"], condition=~Q(party=""), name="booking_party")]
TRIGGERS = [
    pgtrigger.Trigger(
        name="a_party_stays_together",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        condition=~pgtrigger.Q(new__party=""),
        func=_TOGETHER,
    ),
    pgtrigger.Protect(
        name="a_party_is_never_joined",
        operation=pgtrigger.UpdateOf("party", "people", "slots_each", "part"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.AnyChange("party", "people", "slots_each", "part"),
    ),
]
