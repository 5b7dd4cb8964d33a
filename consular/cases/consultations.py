"""Other authorities that are asked about a case, and every answer they gave."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import ApiToken, User
from consular.core import clock
from consular.workflow.models import Token, TokenKind
from consular.workflow.moves import message_key

MESSAGE = "partner.answered"
"""The message by which an answer reaches the process; its key is the partner's code."""

TOLD = (
    "surname", "given_names", "surname_latin", "given_names_latin", "birth_date", "birth_place",
    "birth_country", "sex", "nationality", "doc_type", "doc_number", "doc_issued_by", "purposes",
    "main_destination", "arrival_date", "departure_date",
)  # fmt: skip
"""The only questions whose answers a partner is shown, and only while it is asked; the rest of the file stays here."""


class PartnerKind(models.TextChoices):
    """What sort of authority it is."""

    CENTRAL = "central", _("Central authority of a member state")
    FOREIGNERS = "foreigners", _("Foreigners authority")
    EMPLOYMENT = "employment", _("Employment agency")
    SECURITY = "security", _("Security authority")
    PASSPORT = "passport", _("Passport authority")
    REGISTRY = "registry", _("Registry office")
    CITIZENSHIP = "citizenship", _("Citizenship authority")
    EXPERT = "expert", _("Expert")


class Partner(models.Model):
    """Who may be asked. `code` is the id the decision tables use, `name` an English msgid of the catalogue."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=PartnerKind.choices)

    def __str__(self) -> str:
        return self.code


class PartnerMember(models.Model):
    """This account answers for the partner between these days, both included."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers_for")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="member_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.partner_id}"


def members(partner: str, on: date | None = None) -> models.QuerySet[User]:
    """The open accounts that may answer for a partner on a day (default: today, UTC)."""
    day = on or clock.today()
    still = Q(answers_for__ends_on=None) | Q(answers_for__ends_on__gte=day)
    held = Q(answers_for__partner__code=partner, answers_for__starts_on__lte=day)
    return User.objects.filter(still & held, is_active=True).distinct()


def readers(partner: str, at: datetime) -> models.QuerySet[User]:
    """The accounts that could read a request to a partner at a moment: members on that day whose system has a key."""
    never_revoked = Q(revoked_at=None) | Q(revoked_at__gt=at)
    keys = ApiToken.objects.filter(never_revoked, created_at__lte=at, expires_on__gte=at.date())
    return members(partner, at.date()).filter(Exists(keys.filter(user=OuterRef("pk"))))


class Silence(models.TextChoices):
    """What it means when a partner does not answer in time."""

    CONSENT = "consent", _("Silence counts as consent")
    NONE = "none", _("Silence counts as no answer")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Reading starts here."""

    def visible_to(self, user: User, on: date | None = None) -> "ConsultationQuerySet":
        """Those addressed to a partner for which this account may answer; officers read them on the case's page."""
        if not user.is_active or user.is_official:
            return self.none()
        day = on or clock.today()
        held = PartnerMember.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=day), user=user, starts_on__lte=day
        )
        # the codes themselves, not a subquery: with one partner the newest are walked along the index, not sorted
        return self.filter(partner__in=list(held.values_list("partner__code", flat=True)))

    def awaited(self) -> "ConsultationQuerySet":
        """Those that are open and whose process still waits for the answer, or that were sent anew after that."""
        return self.filter(_waits() | Q(renewed_at__isnull=False), closed_at=None)

    def unreached(self) -> "ConsultationQuerySet":
        """Those that lie here because nobody can read them."""
        return self.filter(closed_at=None, unreached_at__isnull=False)

    def sent(self) -> "ConsultationQuerySet":
        """Those that somebody was told of: not those that have reached nobody from the beginning."""
        return self.exclude(unreached_at__isnull=False, asked_at__gte=F("unreached_at"))

    def with_awaited(self) -> "ConsultationQuerySet":
        """Each with `is_awaited`: whether its process waits for an answer at this moment."""
        return self.annotate(is_awaited=_waits())


def _waits() -> Exists:
    """Whether the process of a consultation's case waits for this partner."""
    key = Concat(Value(message_key(MESSAGE, "-")[:-1]), OuterRef("partner"))
    return Exists(
        Token.objects.filter(instance=OuterRef("case__instance"), message_key=key, kind=TokenKind.MESSAGE)
    )


class Consultation(models.Model):
    """One partner asked about one case. It is open until `closed_at`; silence counts from `due_at` on.

    `token` is the number of the step of the process that asked. What was answered is in its answers, never here.
    `unreached_at` is since when the request lies here and nobody can read it: as long as it does, no silence counts.
    `by_other_way`: an officer says that it reached the partner by letter or otherwise. `renewed_at`: it was sent anew
    when the process had come to its silence already, which did not count.
    """

    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="consultations")
    partner = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    token = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    silence = models.CharField(max_length=10, choices=Silence.choices)
    closed_at = models.DateTimeField(null=True)
    unreached_at = models.DateTimeField(null=True)
    by_other_way = models.BooleanField(default=False, db_default=False)
    renewed_at = models.DateTimeField(null=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "partner"],
                condition=Q(closed_at=None),
                name="one_open_consultation_per_case_and_partner",
            ),
            models.UniqueConstraint(fields=["case", "token"], name="one_consultation_per_step"),
        ]
        indexes = [
            models.Index(fields=["partner", "-id"], name="consultation_open", condition=Q(closed_at=None)),
            models.Index(
                fields=["partner"],
                name="consultation_unreached",
                condition=Q(closed_at=None, unreached_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_silent(self, now: Any) -> bool:
        """Whether silence counts as consent by now, also where nobody has written it down yet."""
        return self.silence == Silence.CONSENT and self.due_at is not None and now >= self.due_at


class Reply(models.TextChoices):
    """What can come of asking."""

    CONSENT = "consent", _("Consent")
    CONDITIONS = "conditions", _("Consent with conditions")
    OBJECTION = "objection", _("Objection")
    MORE_TIME = "more_time", _("More time is needed")
    MORE_DATA = "more_data", _("More data is needed")
    NONE = "none", _("No answer")


GIVEN = tuple(choice for choice in Reply.choices if choice[0] != Reply.NONE)
"""What a partner can answer; no answer is what the clock writes down."""
FINAL = frozenset({Reply.CONSENT, Reply.CONDITIONS, Reply.OBJECTION, Reply.NONE})
"""After these nothing more is expected."""


class ConsultationAnswer(models.Model):
    """One answer, or the silence that counts as one (`is_deemed`). Append-only: the database refuses changes.

    `by` is the account that gave or entered it. An answer that came too late to count says so. `key` is what the
    partner's system calls it, so that it can be sent twice and counts once.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=20, choices=Reply.choices)
    text = models.TextField(max_length=5000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_deemed = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_deemed=True, by=None, is_late=False)
                | Q(is_deemed=False, by__isnull=False) & ~Q(answer=Reply.NONE),
                name="only_silence_has_no_author",
            ),
            models.UniqueConstraint(
                fields=["consultation", "is_late"],
                condition=Q(answer__in=sorted(FINAL)),
                name="one_final_answer_in_time_and_one_late",
            ),
            models.UniqueConstraint(
                fields=["consultation", "key"], condition=~Q(key=""), name="one_answer_per_key"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.answer} {self.at}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more is expected after it."""
        return self.answer in FINAL


def told(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a partner learns of the applicant's answers."""
    return {name: answers[name] for name in TOLD if name in answers}


def objections(case_id: int) -> models.QuerySet[ConsultationAnswer]:
    """The objections that count: a late one came after the silence had counted as consent (Visa Code art. 22(2))."""
    return ConsultationAnswer.objects.filter(
        consultation__case=case_id, answer=Reply.OBJECTION, is_late=False
    ).order_by("pk")
