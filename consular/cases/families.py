"""Several people, one journey: what they share, who acts for somebody, and who else has to agree for a child."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consular.formspec import addresses


class Journey(models.Model):
    """A family or group that travels together: each person has a case, and `answers` are common to their drafts."""

    reference = models.CharField(max_length=20, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="journeys")
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference


class Capacity(models.TextChoices):
    """In which capacity somebody acts for the applicant."""

    LAWYER = "lawyer", _("Lawyer")
    RELATIVE = "relative", _("Relative or acquaintance")
    TRAVEL_AGENCY = "travel_agency", _("Travel agency")
    EMPLOYER = "employer", _("Employer or inviting organisation")
    GUARDIAN = "guardian", _("Parent with custody, or legal guardian")


class Mandate(models.Model):
    """Somebody acts for the applicant: who, in which capacity, since when, and what they declared about it.

    `text`, `version`, `language` and `declared_at` are those of the declaration as it was read; `address` is as forms
    keep addresses. `for_group`: it was declared for all persons of the journey; each of their cases has a copy, and
    can be without it.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="mandate")
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    surname = models.CharField(max_length=80)
    given_names = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    address = models.JSONField()
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=40)
    since = models.DateField()
    for_group = models.BooleanField(default=False, db_default=False)
    text = models.TextField()
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"mandate {self.pk}"

    @property
    def written_address(self) -> str:
        """The address in lines, as one writes it."""
        return addresses.show(self.address)

    @property
    def name(self) -> str:
        """Who acts: the person, and the organisation if there is one."""
        person = " ".join(filter(None, (self.given_names, self.surname)))
        return f"{person}, {self.organisation}" if self.organisation else person


class ConsentState(models.TextChoices):
    """How the consent of the other person with custody stands."""

    ASKED = "asked", _("Asked, not answered yet")
    GIVEN = "given", _("Consented")
    DECLINED = "declined", _("Declined")
    IN_PERSON = "in_person", _("Is given in person")


class Proof(models.TextChoices):
    """By what the person who answered was recognised."""

    DOCUMENT = "document", _("Date of birth and number of the travel document")
    CODE = "code", _("Code sent by e-mail")


class Consent(models.Model):
    """The consent of the other person with custody to the application of a child.

    The link to it names `reference` and `sequence` and is signed; nothing of it is stored. It counts up with every new
    link, so that no earlier one works. `identity` is a keyed hash of date of birth and document number. `about` is a
    hash of what was shown: a consent to something else does not count.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="consent")
    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=ConsentState.choices)
    name = models.CharField(max_length=170)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8)
    identity = models.BinaryField(null=True)
    sequence = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    codes = models.PositiveSmallIntegerField(default=0)
    code_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=10, choices=Proof.choices, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    answered_in = models.CharField(max_length=8, blank=True)
    about = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "in_person"], answered_at=None)
                | Q(state__in=["given", "declined"], answered_at__isnull=False) & ~Q(text="") & ~Q(proof=""),
                name="an_answered_consent_says_what_when_and_by_which_proof",
            ),
            models.CheckConstraint(
                condition=Q(state="in_person") | Q(expires_at__isnull=False) & ~Q(email=""),
                name="who_is_asked_by_link_has_an_address_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether somebody is asked by link and has not answered."""
        return self.state == ConsentState.ASKED
