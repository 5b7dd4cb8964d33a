"""Missions, the areas they are responsible for, when they are closed, and who works there. Everything is
dated.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role
from consular.missions.changes import Detail as Detail
from consular.missions.changes import MissionChange as MissionChange
from consular.missions.changes import StaffProposal as StaffProposal

ALWAYS = date(2020, 1, 1)
"""From when rows count whose real beginning nobody has recorded; it is never shown to anybody as a fact."""


class MissionKind(models.TextChoices):
    """What sort of post it is."""

    EMBASSY = "embassy", _("Embassy")
    CONSULATE_GENERAL = "consulate_general", _("Consulate General")
    CONSULATE = "consulate", _("Consulate")
    OFFICE = "office", _("Representative office")
    BACK_OFFICE = "back_office", _("Back office")


class ServiceGroup(models.TextChoices):
    """The groups of services by which districts are drawn."""

    VISA_C = "visa_c", _("Short-stay visas")
    VISA_D = "visa_d", _("National visas")
    PASSPORT_ID = "passport_id", _("Passports and identity cards")
    NOTARIAL = "notarial", _("Notarial services")
    CITIZEN_HELP = "citizen_help", _("Help for citizens")


class Mission(models.Model):
    """One post abroad, or the back office at home. `city` is an English msgid of the catalogue."""

    code = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=20, choices=MissionKind.choices)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40)
    languages = ArrayField(models.CharField(max_length=8))
    address = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="EUR")

    def __str__(self) -> str:
        return self.code


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day to before another day."""

    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Dated(models.Model):
    """A row that holds from a day to before another day; `uncertain` while its source has to be checked."""

    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(null=True)
    uncertain = models.BooleanField(default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
            )
        ]


def _once_a_day(name: str, *fields: str) -> ExclusionConstraint:
    """On no day may two rows hold that are alike in these fields."""
    days = Func("valid_from", "valid_to", function="daterange")
    alike = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=[*alike, (days, RangeOperators.OVERLAPS)])


class District(Dated):
    """For these services and this area, from this day to before that day, this mission is responsible.

    `area` is ISO 3166-1 alpha-2 (`IN`), ISO 3166-2 (`US-CA`) or, where a subdivision is split, with a county
    (`US-CA/06037`), always in the form `missions.areas.canonical` gives. On no day are two missions responsible
    for one area and group: the database refuses it.
    """

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="districts")
    service_group = models.CharField(max_length=20, choices=ServiceGroup.choices)
    area = models.CharField(max_length=20)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            _once_a_day("one_district_per_area_and_day", "service_group", "area"),
        ]
        indexes = [models.Index(fields=["area", "service_group"], name="district_by_area")]

    def __str__(self) -> str:
        return f"{self.area} {self.service_group}"


class Scope(models.TextChoices):
    """How far one state represents another (Visa Code art. 8)."""

    FULL = "full", _("Examines and decides")
    COLLECT = "collect", _("Receives applications only")


class Representation(Dated):
    """In this area one Schengen state acts for another on short-stay visas, between these days (Visa Code
    art. 8).

    States are ISO 3166-1 alpha-2 codes; an empty `area` means everywhere. On no day do two states act for one
    in one area: the database refuses it.
    """

    represented = models.CharField(max_length=2)
    by = models.CharField(max_length=2)
    area = models.CharField(max_length=20, blank=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.FULL)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            _once_a_day("one_representation_per_area_and_day", "represented", "area"),
        ]

    def __str__(self) -> str:
        return f"{self.by} for {self.represented}"


class SiteKind(models.TextChoices):
    """Who takes applications for a mission without being one."""

    PROVIDER = "provider", _("Service provider")
    HONORARY_CONSUL = "honorary_consul", _("Honorary consul")


class IntakeSite(Dated):
    """A service provider or an honorary consul who takes applications for a mission (Visa Code art. 42, 43).

    They hand on; the mission decides. `areas` are those whose residents may go there, all of the mission's when there
    are none. `city` is an English msgid of the catalogue, `name` what a provider calls itself.
    """

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="intake_sites")
    kind = models.CharField(max_length=20, choices=SiteKind.choices)
    name = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80)
    service_groups = ArrayField(models.CharField(max_length=20, choices=ServiceGroup.choices))
    areas = ArrayField(models.CharField(max_length=20), default=list)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            _once_a_day("one_intake_site_per_city_and_day", "mission", "kind", "name", "city"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.city}"


class ExchangeRate(models.Model):
    """How much of a currency missions take for one euro, from this day until the next rate (Visa Code art. 16(7)).

    Amounts are rounded up to a multiple of `step`, so that they can be paid with notes and coins.
    """

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    per_euro = models.DecimalField(max_digits=16, decimal_places=6)
    step = models.DecimalField(max_digits=10, decimal_places=3)
    uncertain = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="one_rate_per_currency_and_day"),
            models.CheckConstraint(
                condition=Q(per_euro__gt=0, step__gt=0), name="a_rate_is_more_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"


class Closure(models.Model):
    """Days on which a mission is closed to the public, both ends included."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="closure_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} {self.last_day}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Which absences count on a day."""

    def valid_on(self, day: date) -> "AbsenceQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Absence(models.Model):
    """A member of staff is away between these days, both included, in the time zone of each mission: the queue gives
    them nothing, and nobody hands them anything over.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="one_absence_per_person_and_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"


class PostingQuerySet(models.QuerySet["Posting"]):
    """Which postings count on a day."""

    def valid_on(self, day: date) -> "PostingQuerySet":
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Posting(models.Model):
    """A member of staff has this role at this mission between these days, both included; without one, everywhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="posting_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.APPLICANT), name="nobody_is_posted_as_an_applicant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.starts_on}"
