"""What the mails about a consent say when they go out: address and link are looked up then, and stored nowhere else."""

from typing import Any

from consular.cases.models import Consent
from consular.casework import consents
from consular.core import clock
from consular.notifications import outbox, sending
from consular.notifications.models import Kind, Notification
from consular.notifications.sending import Recipient


def promise(kind: Kind, consent: Consent, *more: int) -> None:
    """Promise the person who is asked one mail of this kind for the link that was sent last."""
    facts = {"consent": consent.reference, "sequence": str(consent.sequence)}
    key = ":".join(map(str, (kind.value, consent.reference, consent.sequence, *more)))
    outbox.promise(kind, to=None, case=consent.case, key=key, facts=facts)


@sending.last_word(Kind.CONSENT_ASKED, Kind.CONSENT_REMINDER)
def _link(row: Notification) -> dict[str, Any] | None:
    """The link, as long as it works."""
    consent = _current(row)
    return None if consent is None else {"token": consents.link(consent), "recipient": _recipient(consent)}


@sending.last_word(Kind.CONSENT_CODE)
def _code(row: Notification) -> dict[str, Any] | None:
    """The code that was asked for last; an older one is not sent any more."""
    consent = _current(row)
    if consent is None or consent.code_until is None or consent.code_until <= clock.now():
        return None
    return {"code": consents.code(consent), "recipient": _recipient(consent)}


def _current(row: Notification) -> Consent | None:
    """The consent, if it is still asked for by the link that the message is about."""
    found = Consent.objects.filter(
        reference=row.facts["consent"], sequence=int(row.facts["sequence"]), expires_at__gt=clock.now()
    ).first()
    return found if found is not None and found.is_open else None


def _recipient(consent: Consent) -> Recipient:
    return Recipient(consent.email, consent.language)
