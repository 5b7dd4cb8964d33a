"""Warning administrators of certificates that come to their end: 60, 30 and 7 days before, and when they have ended."""

from datetime import datetime

from consular.accounts.models import Role, User
from consular.casework.verb import verb
from consular.core import clock
from consular.decisions import expiry
from consular.missions.models import Posting
from consular.notifications import outbox


@verb
def tell(now: datetime | None = None) -> int:
    """Promise the mails, each once for a certificate, a stage and a person; returns for how many certificates."""
    moment = now or clock.now()
    ending = expiry.soon(moment)
    if not ending:
        return 0
    posted = Posting.objects.valid_on(moment.date()).filter(role=Role.ADMINISTRATOR).values("user")
    for user in User.objects.filter(is_active=True, pk__in=posted).order_by("pk"):
        for one in ending:
            key = f"certificate:{one.name}:{one.ends_on.isoformat()}:{one.stage}:{user.pk}"
            outbox.promise("certificate", to=user, key=key, facts={"day": one.ends_on.isoformat()})
    return len(ending)
