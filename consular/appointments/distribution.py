"""How a calendar gives out its places: to whom comes first, along a waiting list, or by a draw. Data, not code."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How places are given out."""

    DIRECT = "direct", _("Free times are booked directly")
    LIST = "list", _("Free times are offered along the waiting list")
    DRAW = "draw", _("Free times are offered to those who were drawn")


class Distribution(models.Model):
    """The rules by which a calendar gives out places.

    With `list_first` places that are given back are offered along the waiting list before anybody else can book them.
    An offer keeps its places for `offer_hours`. Who lets an offer pass keeps the rank `passes_kept` times, and goes to
    the end of the list afterwards. At most `most_people` come together.
    """

    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.DIRECT)
    list_first = models.BooleanField(default=True)
    offer_hours = models.PositiveSmallIntegerField(default=24)
    passes_kept = models.PositiveSmallIntegerField(default=1)
    most_people = models.PositiveSmallIntegerField(default=5)

    class Meta:
        abstract = True


CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(offer_hours__gte=1, offer_hours__lte=168), name="an_offer_stands_for_hours_to_a_week"
    ),
    models.CheckConstraint(
        condition=Q(most_people__gte=1, most_people__lte=20), name="one_to_twenty_people_come_together"
    ),
]
