"""Letters with a mistake: one officer proposes to correct or revoke one, another one approves. Rows only."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consular.decisions.choices import End

ENDS = (End.CORRECTED, End.REVOKED)
"""What can become of a letter without a new decision."""

_PERSONS = """
IF TG_OP = 'INSERT' OR OLD.judged_at IS NULL THEN
    NEW.proposed_person = (SELECT person FROM accounts_user WHERE id = NEW.proposed_by_id);
    NEW.judged_person = (SELECT person FROM accounts_user WHERE id = NEW.judged_by_id);
ELSE
    NEW.proposed_person = OLD.proposed_person;
    NEW.judged_person = OLD.judged_person;
END IF;
RETURN NEW;
"""


class Change(models.Model):
    """One proposal to correct or revoke a letter, and what a second person made of it."""

    letter = models.ForeignKey("decisions.Letter", on_delete=models.PROTECT, related_name="changes")
    end = models.CharField(max_length=10, choices=[(end.value, end.label) for end in ENDS])
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_person = models.UUIDField(null=True, editable=False)
    proposed_at = models.DateTimeField()
    is_approved = models.BooleanField(null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_person = models.UUIDField(null=True, editable=False)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(judged_at=None), name="one_open_change_per_letter"
            ),
            models.CheckConstraint(
                condition=Q(is_approved=None, judged_by=None, judged_at=None)
                | Q(is_approved__isnull=False, judged_person__isnull=False, judged_at__isnull=False),
                name="judged_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(is_approved=True) | ~Q(judged_person=F("proposed_person")),
                name="two_persons_change",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="persons",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_PERSONS,
            ),
            pgtrigger.ReadOnly(
                name="proposal_frozen", fields=["letter", "end", "reason", "proposed_by", "proposed_at"]
            ),
            pgtrigger.Protect(
                name="judged_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.judged_at IS NOT NULL"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"
