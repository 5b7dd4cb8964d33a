"""People who come together: a booking for each, side by side, all or none.

Each of them has a row of `Booking` of their own, so that the same indexes guard every place and every person. What
binds the rows is `party`: the reference that the first of them has and all are told.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

_TOGETHER = """
IF TG_OP = 'INSERT' AND (
    SELECT count(*) <> NEW.people FROM appointments_booking WHERE party = NEW.party
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
RETURN NULL;
"""


class Party(models.Model):
    """With how many others somebody comes: `people` were booked together under the reference `party`."""

    people = models.PositiveSmallIntegerField(default=1)
    party = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        abstract = True

    @property
    def told_reference(self) -> str:
        """The reference people are told: one for all who come together."""
        return self.party or str(vars(self)["reference"])


CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(people=1, party="") | Q(people__gt=1) & ~Q(party=""), name="a_party_has_people_and_a_name"
    )
]
INDEXES = [models.Index(fields=["party"], condition=~Q(party=""), name="booking_party")]
TRIGGERS = [
    pgtrigger.Trigger(
        name="a_party_stays_together",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Q(new__people__gt=1),
        func=_TOGETHER,
    ),
    pgtrigger.Protect(
        name="a_party_is_never_joined",
        operation=pgtrigger.UpdateOf("party", "people"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.AnyChange("party", "people"),
    ),
]
