"""Keys for partners' systems: made and revoked on the command line, found by what a request brings."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import ApiToken, User
from consular.core import clock, crypto
from consular.core.errors import Refused

LONGEST_DAYS = 366
"""A key must be replaced at least once a year."""


def create(user: User, *, name: str, days: int) -> str:
    """Make a key that is valid for this many days and return it; it cannot be read again.

    Refused when the account is closed or an officer's (a key has no second factor), when the name is in use, or the
    days are not between 1 and a year.
    """
    if user.is_official:
        raise Refused(
            _("Officers' accounts have no tokens: everything an officer does needs the second factor."),
            code="official",
            field="user",
        )
    if not user.is_active:
        raise Refused(_("This account is closed."), code="closed", field="user")
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise Refused(_("Give the token a name of up to 80 characters."), field="name", status=422)
    if not 1 <= days <= LONGEST_DAYS:
        sentence = _("A token is valid for 1 to %(days)d days.") % {"days": LONGEST_DAYS}
        raise Refused(sentence, field="days", status=422)
    key = crypto.token()
    try:
        with transaction.atomic():
            ApiToken.objects.create(
                name=name.strip(),
                user=user,
                digest=_digest(key),
                created_at=clock.now(),
                expires_on=clock.today() + timedelta(days=days),
            )
    except IntegrityError:
        raise Refused(
            _("This account has a token of this name. Revoke it first."), code="in_use", field="name"
        ) from None
    return key


def revoke(user: User, *, name: str) -> bool:
    """End a key at once; False when the account has no open one of this name."""
    open_ones = ApiToken.objects.filter(user=user, name=name.strip(), revoked_at=None)
    return open_ones.update(revoked_at=clock.now()) > 0


def owner_of(key: str) -> User | None:
    """The account a key acts for; None for a key that is wrong, over, revoked, or whose account is closed."""
    found = ApiToken.objects.select_related("user").filter(digest=_digest(key), revoked_at=None).first()
    if found is None or found.expires_on < clock.today():
        return None
    return found.user if found.user.is_active and not found.user.is_official else None


def _digest(key: str) -> bytes:
    return crypto.fingerprint(key, purpose="api token")
