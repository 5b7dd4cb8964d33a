"""Somebody closes their account: possible while nothing is left that has to be kept."""

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.models import Case, Phase
from consular.casework import forgetting
from consular.casework.verb import verb
from consular.core.errors import Refused
from consular.notifications.models import Notification

KEPT = _(
    "Your account cannot be deleted yet: the mission has to keep the cases that you have sent. "
    "Ask the mission until when."
)


@verb
def delete_account(*, actor: User) -> None:
    """Delete an applicant's account with its drafts, for good. Refused (409) with `kept` once a case was sent."""
    account = User.objects.select_for_update().get(pk=actor.pk)
    if must_stay(account):
        raise Refused(KEPT, code="kept")
    for case in (
        Case.objects.filter(owner=account, phase=Phase.DRAFT).select_for_update(of=("self",)).order_by("pk")
    ):
        forgetting.delete(case)
    Notification.objects.filter(to=account, case=None).delete()
    try:
        account.delete()
    except ProtectedError:
        raise Refused(KEPT, code="kept") from None


def must_stay(account: User) -> bool:
    """Whether something of this account has to be kept: a case that was sent, or that it is an official's."""
    return account.is_official or Case.objects.filter(owner=account).exclude(phase=Phase.DRAFT).exists()
