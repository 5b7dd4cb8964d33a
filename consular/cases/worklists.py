"""What officers keep about their queues: saved views, and things done to many cases at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consular.missions.models import Mission


class SavedView(models.Model):
    """Filters of the queue under a name: of one officer, or of a mission, for everybody there.

    `wanted` holds the filters as they stand in the address: codes and numbers, nothing about a person.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    wanted = models.JSONField(default=dict)
    is_start = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_start=True), name="one_view_at_the_start"
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


class Act(models.TextChoices):
    """What can be done to many cases at once."""

    CLAIM = "claim", _("Take them myself")
    ASSIGN = "assign", _("Give them to a colleague")
    RELEASE = "release", _("Put them back into the queue")
    DELEGATE = "delegate", _("Hand them to another mission or a back office")
    COMPLETE = "complete", _("Complete the tasks with the same entries")
    LETTERS = "letters", _("Print the last letter of each case")
    TRANSFER = "transfer", _("Hand whole cases to another mission")
    BRING_BACK = "back", _("Bring back cases that were handed to another mission")


WITH_TASKS = tuple(act for act in Act if act not in {Act.TRANSFER, Act.BRING_BACK})
"""What is done to tasks that were chosen; the others are done to cases, whether or not a task is open in them."""


class Batch(models.Model):
    """One thing an officer has done to many cases. `facts` say how: ids, a reason, the entries of a task form."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    act = models.CharField(max_length=10, choices=Act.choices)
    facts = models.JSONField(default=dict)
    language = models.CharField(max_length=8)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-begun_at"], name="batches_of_officer")]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class BatchItem(models.Model):
    """One case of a batch: open until it is done or not; `sentence` says why not. Without a task where the whole case
    is meant.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    token_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    sentence = models.CharField(max_length=500, blank=True)
    letter_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_place_per_item"),
            models.UniqueConstraint(fields=["batch", "token_id"], name="one_item_per_task"),
        ]
        indexes = [models.Index(fields=["case"], name="batches_of_case")]

    def __str__(self) -> str:
        return f"item {self.pk}"
