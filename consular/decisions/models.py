"""Decisions under four eyes, the letters that were issued, and which letter replaced which."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case

GROUNDS = range(1, 18)
"""The numbers of the grounds in Annex VI of the Visa Code (Regulation (EC) 810/2009)."""

STATEMENTS_DOUBTED = 11
"""The ground whose text must be written by hand (Annex VI no. 11)."""


class Outcome(models.TextChoices):
    """How a case is decided."""

    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class VisaType(models.TextChoices):
    """The kinds of short-stay visa (Visa Code art. 2(3) to (5), 25 and 26)."""

    UNIFORM = "C", _("Uniform visa (C)")
    LIMITED = "LTV", _("Visa with limited territorial validity (LTV)")
    TRANSIT = "A", _("Airport transit visa (A)")


class LimitedBecause(models.TextChoices):
    """Why a visa is valid for some states only (Visa Code art. 25(1) and (3))."""

    HUMANITARIAN = "humanitarian", _("Humanitarian grounds")
    NATIONAL_INTEREST = "national_interest", _("National interest")
    OBLIGATION = "obligation", _("International obligations")
    OBJECTION = "objection", _("A consulted state objects")
    URGENT = "urgent", _("Urgent, issued without prior consultation")
    SECOND_STAY = "second_stay", _("New stay within 180 days of which 90 have been used")
    DOCUMENT = "document", _("The travel document is not recognised by all member states")


class State(models.TextChoices):
    """Where a decision stands. A proposal's content never changes: a new content is a new proposal."""

    PROPOSED = "proposed", _("Proposed")
    SENT_BACK = "sent_back", _("Sent back")
    APPROVED = "approved", _("Approved")
    REPLACED = "replaced", _("Replaced")


class Entries(models.TextChoices):
    """How often a visa lets its holder in (Visa Code art. 24)."""

    ONE = "1", _("One entry")
    TWO = "2", _("Two entries")
    MULTIPLE = "multiple", _("Multiple entries")


CONTENT = (
    "case", "outcome", "grounds", "statement", "alerting_state", "remarks", "visa_type", "territory", "ltv_reason",
    "valid_from", "valid_until", "entries", "days", "proposed_by", "proposed_at",
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


class Decision(models.Model):
    """One proposal and what became of it.

    Four eyes are kept by the database: a trigger writes the natural persons from the accounts, whatever a
    statement says, and a constraint wants them different. Two accounts of one person are one pair of eyes.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
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
                    state__in=["approved", "replaced"],
                    approved_person__isnull=False,
                    approved_at__isnull=False,
                )
                | Q(state__in=["proposed", "sent_back"], approved_by=None, approved_at=None),
                name="approved_by_somebody",
            ),
            models.CheckConstraint(condition=Q(proposed_person__isnull=False), name="proposed_by_somebody"),
            models.CheckConstraint(
                condition=Q(outcome="refused", grounds__len__gt=0, grounds__contained_by=list(GROUNDS))
                | Q(
                    outcome="granted",
                    grounds=[],
                    valid_from__isnull=False,
                    valid_until__isnull=False,  # a comparison with nothing is no refusal
                    valid_until__gte=F("valid_from"),
                )
                & ~Q(entries=""),
                name="a_decision_says_all_it_must",
            ),
            models.CheckConstraint(
                condition=Q(outcome="granted", visa_type__in=["C", "LTV"], days__isnull=False)
                & Q(days__gte=1, days__lte=90)
                | Q(outcome="granted", visa_type="A", days=None)
                | Q(outcome="refused", visa_type=""),
                name="a_visa_has_a_type_and_days_unless_for_transit",
            ),
            models.CheckConstraint(
                condition=Q(visa_type="LTV", territory__len__gt=0) & ~Q(ltv_reason="")
                | ~Q(visa_type="LTV") & Q(territory=[], ltv_reason=""),
                name="a_limited_visa_says_where_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(grounds__contains=[STATEMENTS_DOUBTED]) | ~Q(statement=""),
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
                transitions=[("proposed", "approved"), ("proposed", "sent_back"), ("approved", "replaced")],
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


class Kind(models.TextChoices):
    """The kinds of letter."""

    L01 = "L01", _("Acknowledgement of your application")
    L05 = "L05", _("Return of an application: another state is competent")
    L06 = "L06", _("Application not admissible")
    L07 = "L07", _("More time for the decision")
    L08 = "L08", _("Refusal of a visa")
    L10 = "L10", _("Notice of a granted visa")


class LetterQuerySet(models.QuerySet["Letter"]):
    """Lists do not carry the files."""

    def listed(self) -> "LetterQuerySet":
        """The letters without their bytes and values, oldest first."""
        return self.defer("content", "values").order_by("id")


class Letter(models.Model):
    """One issued letter: its bytes, the values it was made from, and the code by which anybody can check it.

    Append-only: the database refuses changes. A reprint is the same bytes.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
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
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Supersession(models.Model):
    """A letter no longer stands: another one took its place, or (`by` empty) it was revoked. Append-only."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="supersession")
    by = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="supersedes")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None) | ~Q(by=F("letter")), name="no_letter_replaces_itself"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"supersession {self.pk}"
