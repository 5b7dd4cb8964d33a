"""The record: one person's request for one service, its answers, messages and history. It has no behaviour."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import Role, User
from consular.cases.attachments import Attachment as Attachment
from consular.cases.attachments import Chunk as Chunk
from consular.cases.attachments import Piece as Piece
from consular.cases.attachments import SafeCopy as SafeCopy
from consular.cases.consultations import Consultation as Consultation
from consular.cases.consultations import ConsultationAnswer as ConsultationAnswer
from consular.cases.consultations import Partner as Partner
from consular.cases.consultations import PartnerMember as PartnerMember
from consular.cases.families import Consent as Consent
from consular.cases.families import Journey as Journey
from consular.cases.families import Mandate as Mandate
from consular.cases.finding import Search as Search
from consular.cases.finding import SearchName as SearchName
from consular.cases.finding import SearchWord as SearchWord
from consular.cases.inquiries import AnswersVersion as AnswersVersion
from consular.cases.inquiries import Inquiry as Inquiry
from consular.cases.teamwork import Flag as Flag
from consular.cases.teamwork import Mention as Mention
from consular.cases.teamwork import NoteDraft as NoteDraft
from consular.cases.teamwork import Opening as Opening
from consular.cases.worklists import Batch as Batch
from consular.cases.worklists import BatchItem as BatchItem
from consular.cases.worklists import SavedView as SavedView
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties
from consular.workflow.models import Instance, Token, TokenKind

READERS = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION, Role.AUDITOR})
"""The roles that may open the cases of their mission."""


class Phase(models.TextChoices):
    """What applicants, statistics and retention see of a case; the process has the nuances."""

    DRAFT = "draft", _("Draft")
    RECEIVED = "received", _("Received")
    IN_REVIEW = "in_review", _("In review")
    YOUR_TURN = "your_turn", _("Your turn")
    WAITING = "waiting", _("Waiting for others")
    DECIDED = "decided", _("Decided")
    READY = "ready", _("Ready")
    CLOSED = "closed", _("Closed")


class CaseQuerySet(models.QuerySet["Case"]):
    """Reading starts here."""

    def visible_to(self, user: User, held: Duties | None = None) -> "CaseQuerySet":
        """The cases this person may see: one's own, or those of the missions where one is posted to read cases.

        A mission that was lent a task of a case reads the case as long as that task is open there.
        `held` are the duties of `user` today where they are known already.
        """
        if not user.is_active:
            return self.none()
        if not user.is_official:
            return self.filter(owner=user)
        held = held or duties(user)
        if held.everywhere & READERS:
            return self.exclude(phase=Phase.DRAFT)
        missions = held.missions_with(READERS)
        lent = Token.objects.filter(instance=OuterRef("instance"), kind=TokenKind.TASK, mission__in=missions)
        return self.filter(Q(mission__in=missions) | Exists(lent)).exclude(phase=Phase.DRAFT)


class Case(models.Model):
    """One person's request for one service.

    A draft belongs to an account (`owner`) or, before signing in, to whoever holds the browser's secret
    (`draft_secret` is its hash). `carried_from` is the version it was begun on, where that is another one.
    Those who travel together share a `journey`.
    `because` keeps why the mission is responsible, as it was told to the applicant.
    """

    reference = models.CharField(max_length=20, unique=True)
    service = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    carried_from = models.PositiveSmallIntegerField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    draft_secret = models.BinaryField(null=True)
    language = models.CharField(max_length=8)
    phase = models.CharField(max_length=20, choices=Phase.choices, default=Phase.DRAFT)
    outcome = models.CharField(max_length=30, blank=True)
    mission = models.ForeignKey(
        Mission, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    because = models.JSONField(default=dict)
    applicant_name = models.CharField(max_length=170, blank=True)
    nationality = models.CharField(max_length=3, blank=True, default="", db_default="")
    journey = models.ForeignKey(
        Journey, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    instance = models.OneToOneField(Instance, null=True, on_delete=models.PROTECT, related_name="case")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phase=Phase.DRAFT)
                | Q(
                    mission__isnull=False,
                    submitted_at__isnull=False,
                    owner__isnull=False,
                    instance__isnull=False,
                ),
                name="a_sent_case_has_owner_mission_and_process",
            )
        ]
        indexes = [
            models.Index(
                fields=["mission", "phase", "changed_at", "id"],
                name="case_standing",
                condition=~Q(phase__in=["draft", "closed"]),
            ),
            models.Index(
                fields=["mission", "service", "changed_at"], name="case_decided", condition=~Q(outcome="")
            ),
            models.Index(fields=["mission", "submitted_at"], name="case_received"),
            models.Index(fields=["journey"], name="case_of_journey", condition=Q(journey__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def folder(self) -> formspec.Folder:
        """The version of the service that the case is on."""
        return formspec.folder(self.service, self.version)

    @property
    def form(self) -> formspec.Form:
        """The form that it was filled in on, with those of the officers' tasks."""
        return self.folder.form


class Answers(models.Model):
    """What the applicant typed, question id -> value, and the revision that guards against silent overwriting.

    `taken_over` are the questions answered from an earlier application whose page was not saved since.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="answers")
    data = models.JSONField(default=dict)
    declarations = models.JSONField(default=list)
    taken_over = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answers {self.pk}"


class Audience(models.TextChoices):
    """Who reads a message."""

    APPLICANT = "applicant", _("Applicant")
    MISSION = "mission", _("Mission")
    INTERNAL = "internal", _("Internal note")


class Message(models.Model):
    """One message between applicant and mission, or an internal note."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=5000)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "sent_at"], name="messages_of_case")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class TaskEntry(models.Model):
    """What an officer entered when completing a task: the answers to its form. Append-only, like the history."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="task_entries", db_index=False)
    form = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entries = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="task_entries_of_case")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.form} {self.at}"


APPEND_ONLY_ONCE_SENT = """
IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM cases_case sent
    WHERE sent.id = OLD.case_id AND sent.phase = 'draft' AND sent.submitted_at IS NULL AND sent.instance_id IS NULL
) THEN
    RETURN OLD;
END IF;
RAISE EXCEPTION 'pgtrigger: Cannot % rows from % table', lower(TG_OP), TG_TABLE_NAME;
"""
"""Refuses every change; only of what was never sent may the lines go, with it."""


class Event(models.Model):
    """One thing that happened to a case. Append-only: the database refuses changes; with a draft its history goes."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    node = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="events_of_case"),
            models.Index(fields=["case", "at"], name="approval_of_case", condition=Q(kind="approved")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=APPEND_ONLY_ONCE_SENT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
