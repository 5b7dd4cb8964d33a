"""Decisions under four eyes, the letters that were issued, and which letter replaced which."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from consular.cases.models import Case
from consular.decisions.changes import Change as Change
from consular.decisions.choices import (
    GROUNDS,
    INTERNAL,
    NATIONAL_GROUNDS,
    PASSPORT_GROUNDS,
    STATEMENTS_DOUBTED,
    Content,
    End,
    Entries,
    LimitedBecause,
    Outcome,
    State,
    VisaType,
)
from consular.decisions.choices import Kind as Kind
from consular.decisions.concerns import Concern as Concern
from consular.decisions.sampled import SecondLook as SecondLook
from consular.missions.models import Mission

CONTENT = (
    "case", "outcome", "content", "grounds", "statement", "alerting_state", "remarks", "visa_type", "territory",
    "ltv_reason", "valid_from", "valid_until", "entries", "days", "facts", "reasons", "conditions", "visa_number",
    "visa_issued_on", "ends", "proposed_by", "proposed_at",
)  # fmt: skip
"""What an approving officer approves: frozen from the moment of the proposal."""

_VERDICT_CHANGED = pgtrigger.Condition("""
OLD.state <> 'proposed'
AND (OLD.approved_by_id, OLD.approved_at, OLD.sent_back_by_id, OLD.sent_back_at, OLD.sent_back_because)
IS DISTINCT FROM
(NEW.approved_by_id, NEW.approved_at, NEW.sent_back_by_id, NEW.sent_back_at, NEW.sent_back_because)
""")

_PERSONS = """
IF TG_OP = 'INSERT' OR OLD.state = 'proposed' THEN
    NEW.proposed_person = (SELECT person FROM accounts_user WHERE id = NEW.proposed_by_id);
    NEW.approved_person = (SELECT person FROM accounts_user WHERE id = NEW.approved_by_id);
ELSE
    NEW.proposed_person = OLD.proposed_person;
    NEW.approved_person = OLD.approved_person;
END IF;
RETURN NEW;
"""


_GRANT = Q(
    outcome="granted",
    content__in=["visa", "national_visa"],
    grounds=[],
    valid_from__isnull=False,
    valid_until__isnull=False,  # a comparison with nothing is no refusal
    valid_until__gte=F("valid_from"),
) & ~Q(entries="")
_ANNEX_VI = Q(
    outcome__in=["refused", "annulled", "revoked"],
    content="annex_vi",
    grounds__len__gt=0,
    grounds__contained_by=list(GROUNDS),
)
_NATIONAL = Q(
    outcome="refused", content="national", grounds__len__gt=0, grounds__contained_by=list(NATIONAL_GROUNDS)
) & ~Q(reasons="")
_PASSPORT = (
    Q(content="passport", grounds__len__gt=0, grounds__contained_by=list(PASSPORT_GROUNDS))
    & ~Q(reasons="")
    & (Q(outcome="refused") | Q(outcome="restricted") & ~Q(conditions=""))
)
_PLAIN = Q(outcome__in=["issued", "visa_stands"], content="plain", grounds=[])


class Decision(models.Model):
    """One proposal and what became of it.

    Four eyes are kept by the database: a trigger writes the natural persons from the accounts, whatever a
    statement says, and a constraint wants them different. Two accounts of one person are one pair of eyes.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    content = models.CharField(max_length=20, choices=Content.choices)
    grounds = ArrayField(models.PositiveSmallIntegerField(), default=list)
    statement = models.TextField(blank=True, max_length=2000)
    alerting_state = models.CharField(max_length=80, blank=True)
    remarks = models.TextField(blank=True, max_length=5000)
    visa_type = models.CharField(max_length=3, choices=VisaType.choices, blank=True)
    territory = ArrayField(models.CharField(max_length=3), default=list)
    ltv_reason = models.CharField(max_length=20, choices=LimitedBecause.choices, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    entries = models.CharField(max_length=10, choices=Entries.choices, blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    facts = models.TextField(blank=True, max_length=5000)
    reasons = models.TextField(blank=True, max_length=5000)
    conditions = models.TextField(blank=True, max_length=2000)
    visa_number = models.CharField(max_length=20, blank=True)
    visa_issued_on = models.DateField(null=True)
    ends = models.ForeignKey("Letter", null=True, on_delete=models.PROTECT, related_name="ended_by")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_person = models.UUIDField(null=True, editable=False)
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_person = models.UUIDField(null=True, editable=False)
    approved_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back_at = models.DateTimeField(null=True)
    sent_back_because = models.TextField(blank=True, max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="proposed"), name="one_open_proposal_per_case"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="approved"), name="one_decision_in_force"
            ),
            models.CheckConstraint(
                condition=Q(approved_person=None) | ~Q(approved_person=F("proposed_person")), name="four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="approved",
                    approved_person__isnull=False,
                    approved_at__isnull=False,
                )
                | Q(state__in=["proposed", "sent_back", "dropped"], approved_by=None, approved_at=None),
                name="approved_by_somebody",
            ),
            models.CheckConstraint(condition=Q(proposed_person__isnull=False), name="proposed_by_somebody"),
            models.CheckConstraint(
                condition=_GRANT | _ANNEX_VI | _NATIONAL | _PASSPORT | _PLAIN,
                name="a_decision_says_all_it_must",
            ),
            models.CheckConstraint(
                condition=Q(content="visa", visa_type__in=["C", "LTV"], days__isnull=False)
                & Q(days__gte=1, days__lte=90)
                | Q(content="visa", visa_type="A", days=None)
                | Q(content="national_visa", visa_type="D", days=None)
                | ~Q(content__in=["visa", "national_visa"]) & Q(visa_type=""),
                name="a_visa_has_a_type_and_days_unless_for_transit",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(outcome__in=["annulled", "revoked"]),
                name="only_annulment_and_revocation_end_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(visa_type="LTV", territory__len__gt=0) & ~Q(ltv_reason="")
                | ~Q(visa_type="LTV") & Q(territory=[], ltv_reason=""),
                name="a_limited_visa_says_where_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(content="annex_vi", grounds__contains=[STATEMENTS_DOUBTED]) | ~Q(statement=""),
                name="ground_11_names_the_statements",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="persons",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_PERSONS,
            ),
            pgtrigger.ReadOnly(name="content_frozen", fields=list(CONTENT)),
            pgtrigger.Protect(
                name="verdict_frozen",
                operation=pgtrigger.Update,
                condition=_VERDICT_CHANGED,
            ),
            pgtrigger.FSM(
                name="path",
                field="state",
                transitions=[("proposed", "approved"), ("proposed", "sent_back"), ("proposed", "dropped")],
            ),
            pgtrigger.Protect(
                name="begins_as_proposal",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'proposed'"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.state}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Lists do not carry the files."""

    def listed(self) -> "LetterQuerySet":
        """The letters without their bytes and values, oldest first, and whether they still stand."""
        return self.defer("content", "values").select_related("supersession").order_by("id")

    def for_applicant(self) -> "LetterQuerySet":
        """Those that were written to the applicant."""
        return self.exclude(kind__in=INTERNAL)


class Letter(models.Model):
    """One issued letter: its bytes, the values it was made from, and the code by which anybody can check it.

    Append-only: the database refuses changes. A reprint is the same bytes. `mission` is the one that issued it, in
    whose register it stays when the case moves on.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    mission = models.ForeignKey(
        Mission, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=200, unique=True)
    code = models.CharField(max_length=40, unique=True)
    languages = ArrayField(models.CharField(max_length=8))
    values = models.JSONField()
    issued_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["mission", "-id"], name="letter_register")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Supersession(models.Model):
    """A letter no longer stands: why, since when, by whom, and which letter says so or took its place. Append-only."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="supersession")
    end = models.CharField(max_length=10, choices=End.choices)
    by = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="supersedes")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None) | ~Q(by=F("letter")), name="no_letter_replaces_itself"
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(end="revoked"), name="a_replaced_letter_has_a_newer_one"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"supersession {self.pk}"
