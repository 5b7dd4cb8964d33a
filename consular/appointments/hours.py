"""The rules by which a calendar is open: every week, every n weeks, one weekday of the month, or one day only."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from consular.appointments.rhythm import LAST


def _on_a_day(field: str) -> Func:
    """A local time as a moment of one fixed day, because PostgreSQL has no ranges of times."""
    return Func(
        F(field), template="(DATE '2000-01-01' + %(expressions)s)", output_field=models.DateTimeField()
    )


class OpeningRule(models.Model):
    """The calendar is open between these local times, from a day to before another day.

    On each `weekday`; in every n-th week (`every`), counted from the week of `valid_from`; only on the n-th such day of
    the month (`nth`, -1 for the last); or on one day only (`on_day`), and then no other rule holds on that day. Nobody
    is served from `pause_from` to `pause_to`. `internal` of the people served at once are those whom staff book.
    """

    calendar = models.ForeignKey("appointments.Calendar", on_delete=models.CASCADE, related_name="rules")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    capacity = models.PositiveSmallIntegerField(default=1)
    internal = models.PositiveSmallIntegerField(default=0)
    every = models.PositiveSmallIntegerField(default=1)
    nth = models.SmallIntegerField(null=True)
    on_day = models.DateField(null=True)
    pause_from = models.TimeField(null=True)
    pause_to = models.TimeField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="a_rule_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="a_rule_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(internal__lte=F("capacity")), name="a_share_is_of_the_whole"),
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=52)
                & (Q(nth=None) | Q(nth__in=[1, 2, 3, 4, 5, LAST], every=1)),
                name="a_rule_has_one_rhythm",
            ),
            models.CheckConstraint(
                condition=Q(pause_from=None, pause_to=None)
                | Q(pause_from__gt=F("opens_at"), pause_to__gt=F("pause_from"), pause_to__lt=F("closes_at")),
                name="a_pause_lies_within_the_hours",
            ),
            ExclusionConstraint(
                name="rules_of_one_day_do_not_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    ("every", RangeOperators.EQUAL),
                    (Coalesce("nth", Value(0)), RangeOperators.EQUAL),
                    (
                        Coalesce("on_day", Value("2000-01-01"), output_field=models.DateField()),
                        RangeOperators.EQUAL,
                    ),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(_on_a_day("opens_at"), _on_a_day("closes_at"), function="tsrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_at}"
