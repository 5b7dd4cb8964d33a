"""Decisions that were chosen by chance for a second look by somebody who had no part in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consular.missions.models import Mission


class Finding(models.TextChoices):
    """What the second look found."""

    IN_ORDER = "in_order", _("In order")
    REMARK = "remark", _("In order, with a remark")
    WRONG = "wrong", _("Has to be corrected")


class SecondLook(models.Model):
    """One decision to be looked at again; `share` is the per cent that held on the day it was chosen."""

    decision = models.OneToOneField(
        "decisions.Decision", on_delete=models.PROTECT, related_name="second_look"
    )
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+", db_index=False)
    share = models.PositiveSmallIntegerField()
    chosen_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    remark = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_at=None, looked_by=None, finding="")
                | Q(looked_at__isnull=False, looked_by__isnull=False) & ~Q(finding=""),
                name="a_second_look_is_somebodys_and_finds_something",
            ),
            models.CheckConstraint(
                condition=Q(finding__in=["", "in_order"]) | ~Q(remark=""),
                name="who_finds_something_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["mission", "id"], name="second_look_open", condition=Q(looked_at=None)),
            models.Index(fields=["mission", "looked_at"], name="second_look_done"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.finding}"
