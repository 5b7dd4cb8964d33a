"""Processes as rows: published definitions, running instances, tokens."""

from datetime import date, datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Cast
from django.utils.timezone import get_current_timezone

from consular.accounts.models import Role
from consular.missions.models import Mission
from consular.workflow.days import last_day
from consular.workflow.graph import Allocation


class Definition(models.Model):
    """One published edition of the process of one version of a service, never changed afterwards.

    `signature` seals every fact of the row and its tables (see publishing and sealing).
    """

    service = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1)
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signature = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "version", "edition"], name="one_process_per_edition")
        ]
        triggers = [
            pgtrigger.Protect(name="published_forever", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"

    @property
    def number(self) -> str:
        """Version and edition, as people write them: 1.2."""
        return f"{self.version}.{self.edition}"


class PublishedTable(models.Model):
    """A decision file that was published with a process: its cases are judged by it as long as they run."""

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="tables")
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "name"], name="one_table_per_name")]
        triggers = [
            pgtrigger.Protect(name="published_forever", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.definition_id}"


class Instance(models.Model):
    """One running process; it keeps the definition it was started on.

    `variables` holds only routing variables, `memory` who completed which task (by natural person) and the
    last token number. `revision` counts the transitions.
    """

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="instances")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    variables = models.JSONField(default=dict)
    memory = models.JSONField(default=dict)
    phase = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"instance {self.pk}"


class TokenKind(models.TextChoices):
    """What a token waits for."""

    TASK = "task"
    SERVICE = "service"
    TIMER = "timer"
    MESSAGE = "message"
    JOIN = "join"
    SCOPE = "scope"


class Token(models.Model):
    """Something a process waits for at a node; deleted when it is consumed. Queue rows are tokens of kind `task`.

    `number` names the token inside its instance, in the pure engine and in the history. `allocation` and
    `four_eyes_with` repeat what the definition says of a task, so that the queue can hand it out in one statement.
    """

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="tokens")
    number = models.PositiveIntegerField()
    node = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=TokenKind.choices)
    scope = models.CharField(max_length=200, blank=True)
    lane = models.CharField(max_length=20, choices=Role.choices, blank=True)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+", db_index=False)
    home = models.ForeignKey(
        Mission, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # of the process, while the task lies in the queue of another mission or of a back office
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tokens", db_index=False
    )
    allocation = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in Allocation],
        default=Allocation.FREE.value,
        db_default=Allocation.FREE.value,
    )
    four_eyes_with = models.CharField(max_length=100, blank=True, default="", db_default="")
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    message_key = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="task") | Q(due_at__isnull=False),
                name="every_task_has_its_place_in_the_queue",
            )
        ]
        indexes = [
            models.Index(
                fields=["mission", "lane", "due_at", "id"],
                name="token_queue",
                condition=Q(kind="task"),
                include=["instance", "node", "assignee", "since"],
            ),
            models.Index(
                fields=["mission", "lane", "due_at", "id"],
                name="token_unclaimed",
                condition=Q(kind="task", assignee=None),
            ),  # who takes the next task would else walk along all that others have taken
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="token_mine",
                condition=Q(assignee__isnull=False),
                include=["mission", "lane"],
            ),  # the key's own index would be written for every row, and nearly all are of nobody
            models.Index(
                fields=["mission", "lane", "since", "id"], name="token_waiting", condition=Q(kind="task")
            ),
            models.Index(
                fields=["mission", "lane", "instance", "id"], name="token_received", condition=Q(kind="task")
            ),  # processes are numbered as their applications are received
            models.Index(fields=["home", "due_at", "id"], name="token_lent", condition=Q(home__isnull=False)),
            models.Index(
                fields=["mission", "lane", "due_at", "id"],
                name="token_borrowed",
                condition=Q(home__isnull=False),
            ),
            models.Index(
                "mission",
                "lane",
                MD5(Cast("id", models.TextField())),
                name="token_draw",
                condition=Q(kind="task", allocation="random", assignee=None),
            ),
            models.Index(fields=["due_at", "id"], name="token_timers", condition=Q(kind="timer")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.node}"

    @property
    def paused_at(self) -> datetime | None:
        """Since when its clock stands still; None while it runs. `due_at` counts again once it goes on."""
        held = self.data.get("held")
        return datetime.fromisoformat(held["since"]) if held else None

    @property
    def due_on(self) -> date | None:
        """The last day in time, in the time zone that is being shown; None while its clock stands still."""
        if self.due_at is None or self.paused_at:
            return None
        return last_day(self.due_at, get_current_timezone())


_OTHER_EYES = """
IF EXISTS (
    SELECT FROM workflow_completion earlier
    JOIN accounts_user one ON one.id = earlier.by_id
    JOIN accounts_user other ON other.id = NEW.by_id AND other.person = one.person
    WHERE earlier.instance_id = NEW.instance_id AND earlier.node = NEW.four_eyes_with AND (
        earlier.scope = '' OR NEW.scope = '' OR earlier.scope = NEW.scope
        OR starts_with(earlier.scope, NEW.scope || '/') OR starts_with(earlier.scope, NEW.scope || '.')
        OR starts_with(NEW.scope, earlier.scope || '/') OR starts_with(NEW.scope, earlier.scope || '.')
    )
) THEN
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation', MESSAGE = 'other_eyes: the same person did ' || NEW.four_eyes_with;
END IF;
RETURN NEW;
"""
"""Whether the same natural person completed the other task on this path (workflow.step.may_complete)."""


class Completion(models.Model):
    """Who completed a task, kept under the number of the token row that is gone: the second one is told so.

    Four eyes are kept by the database as well: `four_eyes_with` and `scope` come from the row of the task, and a
    trigger looks for the same natural person among those who completed the other one, whatever the engine thinks.
    """

    token_id = models.BigIntegerField(primary_key=True)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="completions")
    node = models.CharField(max_length=100)
    scope = models.CharField(max_length=200, blank=True, default="", db_default="")
    four_eyes_with = models.CharField(max_length=100, blank=True, default="", db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="other_eyes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__four_eyes_with=""),
                func=_OTHER_EYES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.at}"
