"""What a mission sets for itself, from which day on, and every change of it: who, when, what was before and after."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, Update


class Subject(models.TextChoices):
    """What a change is about."""

    DETAIL = "detail", _("Information for applicants")
    STAFF = "staff", _("Staff")
    SITES = "sites", _("Who else takes applications")


class Detail(models.Model):
    """One thing a mission says of itself (see `details`), from this day until the next value of the same name."""

    mission = models.ForeignKey("missions.Mission", on_delete=models.PROTECT, related_name="details")
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "name", "valid_from"], name="one_value_of_a_detail_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class MissionChange(models.Model):
    """One change, never altered afterwards: all rows of its subject as they were `before`, and as they are `after`.

    `about` is the name of a detail or the number of an account. An undoing is a change itself.
    """

    mission = models.ForeignKey("missions.Mission", on_delete=models.PROTECT, related_name="changes")
    subject = models.CharField(max_length=10, choices=Subject.choices)
    about = models.CharField(max_length=80, blank=True)
    before = models.JSONField()
    after = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("made_by")),
                name="another_one_agrees_to_a_posting",
            )
        ]
        triggers = [Protect(name="append_only", operation=Update | Delete)]

    def __str__(self) -> str:
        return f"{self.subject} {self.made_at}"


class StaffProposal(models.Model):
    """Postings that a second person has to agree to before they count: those who decide, head, audit or administer."""

    mission = models.ForeignKey("missions.Mission", on_delete=models.PROTECT, related_name="staff_proposals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    after = models.JSONField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undoes = models.ForeignKey(MissionChange, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "user"], condition=Q(settled_at=None), name="one_open_proposal_per_person"
            ),
            models.CheckConstraint(
                condition=Q(is_agreed=False)
                | Q(settled_at__isnull=False, settled_by__isnull=False)
                & ~Q(settled_by=F("proposed_by"))
                & ~Q(settled_by=F("user")),
                name="nobody_agrees_to_their_own_posting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.proposed_at}"
