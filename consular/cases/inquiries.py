"""What officers ask applicants to correct or to add, and the answers as they were before.

An inquiry is written at a task and sent when the task is completed. It names questions and documents, each with a
reason: those reopen, and nothing else. `closed_at` is when an answer came, or when it was asked anew.
"""

from dataclasses import asdict, dataclass

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REMARK = 300


class Lack(models.TextChoices):
    """Why something has to be corrected or added."""

    MISSING = "missing", _("Missing")
    UNREADABLE = "unreadable", _("Not readable")
    OUTDATED = "outdated", _("Out of date")
    CONTRADICTORY = "contradictory", _("Contradicts other statements")


class About(models.TextChoices):
    """What an item is."""

    QUESTION = "question", _("Question")
    DOCUMENT = "document", _("Document")


@dataclass(frozen=True)
class Item:
    """One question or document that reopens. `label` is its name as an English message, `page` where it is asked."""

    about: str
    name: str
    label: str
    reason: str
    remark: str = ""
    page: str = ""

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        return gettext(self.label)

    @property
    def lack(self) -> str:
        """The reason, in the reader's language."""
        return str(Lack(self.reason).label)

    def as_json(self) -> dict[str, str]:
        """To be stored."""
        return asdict(self)


class Inquiry(models.Model):
    """What is asked at one task: `items` by `Item`, `typed` are the corrections that were not sent yet.

    `task` is the number of the task, `node` its element in the process: the answer comes back there.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="inquiries", db_index=False)
    task = models.BigIntegerField()
    node = models.CharField(max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    items = models.JSONField(default=list)
    typed = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(sent_at__isnull=False, closed_at__isnull=True),
                name="one_open_inquiry",
            ),
            models.UniqueConstraint(
                fields=["case", "task"], condition=Q(sent_at__isnull=True), name="one_inquiry_in_preparation"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(sent_at__isnull=False),
                name="what_was_not_sent_is_not_closed",
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="inquiries_of_case")]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items, in their order."""
        return tuple(Item(**item) for item in self.items)

    @property
    def questions(self) -> frozenset[str]:
        """The questions that reopen."""
        return frozenset(item.name for item in self.asked if item.about == About.QUESTION)

    @property
    def documents(self) -> frozenset[str]:
        """The lines of the checklist that reopen."""
        return frozenset(item.name for item in self.asked if item.about == About.DOCUMENT)


class AnswersVersion(models.Model):
    """Answers and declarations as they were until an inquiry was answered; `changed` are the questions that differ.

    Append-only: what an applicant said first stays.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="earlier_answers", db_index=False
    )
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="version")
    data = models.JSONField()
    declarations = models.JSONField()
    changed = models.JSONField()
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="versions_of_case")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"version {self.pk}"
