"""What people ask for besides their application: their data, a correction, a deletion, or to be heard with a complaint.

Each is a row of the mission's register with a number, and each is answered by a letter (L16, L17).
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case
from consular.missions.models import Mission


class ConcernKind(models.TextChoices):
    """What somebody asks for (GDPR art. 15 to 17; Visa Code art. 38(5))."""

    COMPLAINT = "complaint", _("Complaint")
    ACCESS = "access", _("Access to one's data")
    RECTIFICATION = "rectification", _("Correction of one's data")
    ERASURE = "erasure", _("Erasure of one's data")


class Reply(models.TextChoices):
    """What is answered to a request about data."""

    GRANTED = "granted", _("As asked")
    PARTLY = "partly", _("In part")
    REFUSED = "refused", _("Not possible")


LETTERS = {
    ConcernKind.COMPLAINT: "L17",
    ConcernKind.ACCESS: "L16.access",
    ConcernKind.RECTIFICATION: "L16.rectification",
    ConcernKind.ERASURE: "L16.erasure",
}
"""The letter that answers each."""


class Concern(models.Model):
    """One request or complaint, with what was answered. `number` counts in the mission's register of a year.

    Append-only: a later answer is another row.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="concerns")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=20, choices=ConcernKind.choices)
    received_on = models.DateField()
    subject = models.TextField(max_length=2000)
    reply = models.CharField(max_length=10, choices=Reply.choices, blank=True)
    reasons = models.TextField(max_length=5000, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["complaint", "access"], reply="")
                | Q(kind__in=["rectification", "erasure"], reply="granted")
                | Q(kind__in=["rectification", "erasure"], reply__in=["partly", "refused"]) & ~Q(reasons=""),
                name="a_refused_concern_says_why",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number
