"""People who sign in: applicants and staff."""

import unicodedata
import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What sort of account it is: it decides how one signs in and how long a session lasts."""

    APPLICANT = "applicant", _("Applicant")
    STAFF = "staff", _("Staff")


class Role(models.TextChoices):
    """What a member of staff may do at a mission; applicants have the role of the same name everywhere."""

    APPLICANT = "applicant", _("Applicant")
    INTAKE_CLERK = "intake_clerk", _("Intake clerk")
    CASEWORKER = "caseworker", _("Caseworker")
    DECIDER = "decider", _("Decider")
    SLOT_MANAGER = "slot_manager", _("Slot manager")
    HEAD_OF_SECTION = "head_of_section", _("Head of section")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password nobody can sign in with one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One account. Two accounts of one natural person share `person`: four eyes are judged by it.

    `credentials_version` counts changes of factors: every change ends all other sessions of the account.
    """

    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.APPLICANT)
    name = models.CharField(_("Name"), max_length=160, blank=True)
    language = models.CharField(_("Language"), max_length=8, default="en")
    person = models.UUIDField(default=uuid.uuid4, db_index=True)
    credentials_version = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    otp_device: Any = None
    """The second factor of this session, set by django-otp's middleware."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_official(self) -> bool:
        """Whether this is a member of staff."""
        return self.kind == Kind.STAFF

    def set_password(self, raw_password: str | None) -> None:
        """Keep a password in one Unicode form (NFKC), so that it is the same from every keyboard."""
        super().set_password(None if raw_password is None else unicodedata.normalize("NFKC", raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password, in whatever Unicode form it was typed."""
        return super().check_password(unicodedata.normalize("NFKC", raw_password or ""))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to stay valid: it changes with password, address and factors."""
        state = f"{self.password}\0{self.email}\0{self.credentials_version}"
        return salted_hmac("consular.accounts.session", state, secret=secret, algorithm="sha256").hexdigest()


class Tally(models.Model):
    """How often something was tried in a stretch of time; `key` is a keyed hash and names nobody."""

    key = models.BinaryField(primary_key=True, max_length=32)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


class ApiToken(models.Model):
    """One key by which a partner's system acts as an account. Only its keyed hash is stored; it is shown once."""

    name = models.CharField(max_length=80)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=models.Q(revoked_at=None),
                name="one_open_token_per_account_and_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
