"""What somebody is to be told, written in the transaction of the fact, and when it was sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case


class Kind(models.TextChoices):
    """What a message is about. Each has a template of the same name, which says nothing personal."""

    SIGN_IN_CODE = "sign_in_code", _("Sign-in code")
    SUBMITTED = "submitted", _("Application received")
    YOUR_TURN = "your_turn", _("Your turn")
    MESSAGE = "message", _("New message")
    APPOINTMENT_CONFIRMED = "appointment_confirmed", _("Appointment confirmed")
    APPOINTMENT_MOVED = "appointment_moved", _("Appointment moved")
    APPOINTMENT_CANCELLED = "appointment_cancelled", _("Appointment cancelled")
    APPOINTMENT_DISPLACED = "appointment_displaced", _("Appointment cannot take place")
    APPOINTMENT_STANDS = "appointment_stands", _("Appointment can take place after all")
    APPOINTMENT_REMINDER = "appointment_reminder", _("Appointment comes near")
    DRAWN = "drawn", _("Draw has taken place")
    PLACE_OFFERED = "place_offered", _("Appointment offered")
    TIMES_OFFERED = "times_offered", _("Times kept")
    DECIDED = "decided", _("Decided")
    LETTER = "letter", _("New letter")
    TRANSFERRED = "transferred", _("Moved to another mission")
    READY = "ready", _("Ready for collection")
    DRAFT_ENDS = "draft_ends", _("Draft will be deleted")
    REMINDER = "reminder", _("Reminder with a day")
    CLOSED = "closed", _("Closed without a decision")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CONSULTATION = "consultation", _("Consultation")
    UNREACHED = "unreached", _("Consultation that reached nobody")
    WATCH = "watch", _("Cases nobody has moved")
    CERTIFICATE = "certificate", _("Certificate comes to its end")
    MENTIONED = "mentioned", _("Mentioned in a note")
    CONSENT_ASKED = "consent_asked", _("Consent asked for")
    CONSENT_REMINDER = "consent_reminder", _("Consent asked for again")
    CONSENT_CODE = "consent_code", _("Code for a consent")
    CONSENT_ANSWERED = "consent_answered", _("Consent answered")


class Notification(models.Model):
    """One message to one person. `facts` holds names of things, never personal data or content of a case.

    `to` is empty where somebody without an account is told: the address is looked up when the message goes out.
    """

    kind = models.CharField(max_length=30, choices=Kind.choices)
    key = models.CharField(max_length=180, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="notifications")
    facts = models.JSONField(default=dict)
    message_id = models.CharField(max_length=200)
    promised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
