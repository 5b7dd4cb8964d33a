"""Calendars, the rules that open them, slots, places and bookings.

Capacity is rows: a slot of three has three places, and a booking sits on one of them. On the embedded PostgreSQL with
32 connections one hot slot took 10,200 bookings a second this way (10,600 when a commit waits 1 ms), a counter on the
slot 2,200 (570); see docs/decisions/0010-places.md, which also gives the lock order.
"""

from datetime import UTC, datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from consular.appointments import distribution, parties, visits
from consular.appointments.changes import AtCounter as AtCounter
from consular.appointments.changes import Block as Block
from consular.appointments.changes import Change as Change
from consular.appointments.changes import Displacement as Displacement
from consular.appointments.distribution import Distribution
from consular.appointments.draws import Draw as Draw
from consular.appointments.draws import Hardship as Hardship
from consular.appointments.hours import OpeningRule as OpeningRule
from consular.appointments.invitations import Emergency as Emergency
from consular.appointments.invitations import Invitation as Invitation
from consular.appointments.parties import Party
from consular.appointments.visits import VisitEntry as VisitEntry
from consular.appointments.waiting import Offer as Offer
from consular.appointments.waiting import Reordering as Reordering
from consular.appointments.waiting import Waiting as Waiting
from consular.cases.models import Case
from consular.missions.models import Mission, ServiceGroup

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""A place that nobody ever took is free since then."""

_IS_OF_LENGTHS = Func(
    F("lengths"),
    template=(
        "(jsonb_typeof(%(expressions)s) = 'object' AND NOT jsonb_path_exists(%(expressions)s, "
        """'$.* ? (@.type() != "number" || @ < 2 || @ > 8 || @.floor() != @)'))"""
    ),
    output_field=models.BooleanField(),
)


class Calendar(Distribution):
    """One mission's appointments for a set of services.

    `counters` is the most people who can be served at once; bookings are possible from `notice_hours` before an
    appointment back to `horizon_days` before it. A person has one active booking per `category`, worldwide. A place
    that is given back can be taken again after a random time between `returns_after` and `returns_before` minutes, so
    that nobody can hand it to somebody who waits for it. A slot gets at most `overbooking` places more than can be
    served at once, where it was learnt that so many do not come (see `consular.appointments.overbooking`). For shares
    and release see `consular.appointments.release`. `lengths` says of the services that take several slots how many.
    """

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="calendars")
    category = models.CharField(max_length=20, choices=ServiceGroup.choices)
    services = ArrayField(models.CharField(max_length=60))
    slot_minutes = models.PositiveSmallIntegerField(default=30)
    counters = models.PositiveSmallIntegerField(default=1)
    notice_hours = models.PositiveSmallIntegerField(default=24)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    returns_after = models.PositiveSmallIntegerField(default=5)
    returns_before = models.PositiveSmallIntegerField(default=120)
    overbooking = models.PositiveSmallIntegerField(default=0)
    week_share = models.PositiveSmallIntegerField(default=0)
    day_share = models.PositiveSmallIntegerField(default=0)
    release_at = models.TimeField(null=True)
    release_jitter = models.PositiveSmallIntegerField(default=0)
    lengths = models.JSONField(default=dict, db_default={}, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(week_share__lte=100 - F("day_share"), release_jitter__lte=720),
                name="shares_are_of_a_hundred",
            ),
            models.CheckConstraint(condition=Q(overbooking__lte=10), name="overbooking_is_capped"),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=480), name="a_slot_lasts_minutes_to_hours"
            ),
            models.CheckConstraint(condition=Q(counters__gte=1), name="a_calendar_has_a_counter"),
            models.CheckConstraint(
                condition=Q(returns_after__lte=F("returns_before"), returns_before__lte=1440),
                name="places_come_back_within_a_day",
            ),
            models.CheckConstraint(
                condition=Exact(_IS_OF_LENGTHS, True), name="lengths_are_numbers_of_slots"
            ),
            *distribution.CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.pk}"


class Slot(models.Model):
    """One time of one calendar, generated from the rules and never deleted.

    A slot the rules no longer want keeps its bookings and gets capacity 0: nobody loses a place, nobody gets one. It
    never gets longer or shorter, and no two of a calendar in which places are given out overlap.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="slots", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "starts_at", "ends_at"], name="one_slot_per_calendar_and_moment"
            ),
            ExclusionConstraint(
                name="open_slots_do_not_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    (Func("starts_at", "ends_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(capacity__gt=0),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_slot_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at}"


class Place(models.Model):
    """One person's worth of a slot. It may be taken once the clock shows `free_from`: holds end without a job, and a
    place that was given back comes back without one.

    The public may take it from `opens_at` and staff from `staff_from`: None is never. A place of the internal share has
    no `opens_at`, one that the rules no longer want has neither.
    """

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="places", db_index=False)
    number = models.PositiveSmallIntegerField()
    free_from = models.DateTimeField(default=ALWAYS)
    made_at = models.DateTimeField(db_default=Now())
    opens_at = models.DateTimeField(null=True, db_default=ALWAYS)
    staff_from = models.DateTimeField(null=True, db_default=ALWAYS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="places_of_a_slot_are_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="places_are_numbered_from_one"),
        ]
        # With the number, so that the first free place comes straight from the index, however many are equally free.
        indexes = [models.Index(fields=["slot", "free_from", "number"], name="place_free")]
        triggers = [
            pgtrigger.Trigger(
                name="within_capacity",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("slot_id", "number"),  # type: ignore[no-untyped-call]
                func=(
                    "IF NEW.number > (SELECT capacity FROM appointments_slot WHERE id = NEW.slot_id) THEN "
                    "RAISE EXCEPTION 'a slot has no more places than its capacity' USING ERRCODE = 'check_violation'; "
                    "END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.number}"


class State(models.TextChoices):
    """What has become of a booking."""

    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")
    PAST = "past", _("Past")


ACTIVE = (State.HELD, State.CONFIRMED)
_ACTIVE = Q(state__in=["held", "confirmed"])


class BookingQuerySet(models.QuerySet["Booking"]):
    """Whether a booking counts is judged at the moment of reading, not by a job that may be late."""

    def active(self, now: datetime) -> "BookingQuerySet":
        """Bookings that occupy a place at this moment."""
        return self.filter(_ACTIVE, active_until__gt=now)


class Booking(Party):
    """One person's claim to one place.

    It counts while its state is held or confirmed and the clock has not reached `active_until`: the end of the hold,
    then the end of the appointment. `identity` is a keyed hash of document number and birth date and never changes.
    `sequence` counts the moves, and the cancelling, as calendar programs want it; a move keeps row and reference.
    `open_since` is the moment from which the place that was held first could have been taken.
    """

    reference = models.CharField(max_length=20)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="bookings")
    identity = models.BinaryField()
    category = models.CharField(max_length=20, choices=ServiceGroup.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    active_until = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(default=0)
    held_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    open_since = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_booking_per_reference"),
            models.UniqueConstraint(fields=["place"], condition=_ACTIVE, name="one_active_booking_per_place"),
            models.UniqueConstraint(
                fields=["identity", "category", "part"],
                condition=_ACTIVE,
                name="one_active_booking_per_person_and_category",
            ),
            models.UniqueConstraint(fields=["case"], condition=_ACTIVE, name="one_active_booking_per_case"),
            models.CheckConstraint(
                condition=Exact(
                    Func("identity", function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="an_identity_is_a_hash",
            ),
            *parties.CONSTRAINTS,
        ]
        # Who came at a time is asked long after it: the unique index of a place has only what still counts.
        indexes = [
            *parties.INDEXES,
            models.Index(
                fields=["place"], condition=Q(state__in=["confirmed", "past"]), name="appointments_of_a_place"
            ),
        ]
        triggers = [
            *parties.TRIGGERS,
            pgtrigger.Protect(
                name="bound_to_a_person",
                operation=pgtrigger.UpdateOf("identity", "category", "owner_id", "reference"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.AnyChange("identity", "category", "owner", "reference"),
            ),
            pgtrigger.Trigger(
                name="whoever_has_come_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("sequence"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.AnyChange("sequence"),
                func=visits.STAYS,
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def slot(self) -> Slot:
        """The slot the place belongs to."""
        return self.place.slot

    @property
    def was_confirmed(self) -> bool:
        """Whether it was ever more than a hold: only an appointment counts until the end of its slot."""
        return self.active_until == self.ends_at

    @property
    def ends_at(self) -> datetime:
        """When the appointment ends: the end of the last of its slots."""
        return self.stays_until or self.slot.ends_at

    @property
    def held_until(self) -> datetime | None:
        """Until when an unconfirmed booking keeps its place."""
        return self.active_until if self.state == State.HELD else None


class Availability(models.Model):
    """What everybody is told about the free appointments of one mission, as it was at `made_at`: one row for all."""

    mission = models.OneToOneField(Mission, on_delete=models.CASCADE, related_name="availability")
    made_at = models.DateTimeField()
    told = models.JSONField()

    def __str__(self) -> str:
        return f"{self.mission_id} {self.made_at}"
