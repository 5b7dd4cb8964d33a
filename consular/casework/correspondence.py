"""Messages between applicant and mission, and notes among officers."""

import unicodedata
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.models import READERS, Audience, Case, Message, NoteDraft, Phase
from consular.casework import asking, record
from consular.casework.asking import ANSWERED as ANSWERED
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import Duties, duties
from consular.notifications import outbox
from consular.workflow.state import Deliver

LENGTH = 5_000
KEPT = "\n\u200c\u200d"
"""Line ends, and the joiners that Persian and Indian spelling needs."""

WRITERS = READERS - {Role.AUDITOR}
"""The officers who may write on a case of their mission; auditors only read."""


@verb
def reply(case_id: int, text: str, *, actor: User) -> Message:
    """Send a message: an applicant's goes to the mission and answers what it asked; an officer's to the applicant.

    Where questions or documents are named that reopen, only sending these answers.
    """
    case = locked(case_id, actor)
    audience = Audience.APPLICANT if actor.is_official else Audience.MISSION
    message = write(case, text, audience=audience, actor=actor)
    if audience == Audience.MISSION and case.phase == Phase.YOUR_TURN and case.instance_id:
        _answer(case, actor, message.sent_at)
    return message


def _answer(case: Case, actor: User, at: datetime) -> None:
    """The message answers what the mission asked, unless it has named what is to be corrected or added."""
    inquiry = asking.of(case)
    if inquiry is None or not inquiry.items:
        step = record.deliver(case, Deliver(ANSWERED), actor=actor, at=at)
        asking.come_back(inquiry, case, step, at=at)


@verb
def note(case_id: int, text: str, *, actor: User) -> Message:
    """Leave an internal note; the applicant never sees it."""
    if not actor.is_official:
        raise Refused(_("Only officers can leave notes."), code="forbidden", status=403)
    return write(locked(case_id, actor), text, audience=Audience.INTERNAL, actor=actor)


def write(case: Case, text: str, *, audience: Audience, actor: User) -> Message:
    """Write what somebody typed on the page of the case: an officer's is sent now, and no longer kept unsent."""
    message = send(case, text, audience=audience, actor=actor)
    if actor.is_official:
        NoteDraft.objects.filter(case=case, author=actor).delete()
    return message


def send(case: Case, text: str, *, audience: Audience, actor: User) -> Message:
    """Write one message within the caller's transaction and tell an applicant that there is one."""
    now = clock.now()
    message = Message.objects.create(case=case, audience=audience, author=actor, body=tidy(text), sent_at=now)
    record.event(case, "message", actor=actor, at=now, audience=str(audience.value), message=message.pk)
    if audience == Audience.APPLICANT and case.owner:
        outbox.promise("message", to=case.owner, case=case, key=f"message:{message.pk}", facts={})
    return message


def tidy(text: str) -> str:
    """The text with plain line ends and without invisible control characters; Refused when empty or too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = "".join(
        c for c in lines if c in KEPT or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
    ).strip()
    if not plain:
        raise Refused(_("Write a message first."), code="empty", field="text", status=422)
    if len(plain) > LENGTH:
        raise Refused(
            _("A message can have up to 5,000 characters."), code="too_long", field="text", status=422
        )
    return plain


def may_write(case: Case, actor: User, held: Duties | None = None) -> bool:
    """Whether this person, who may see the case, may also write on it; `held` are the duties where they are known."""
    held = held or duties(actor)
    return not actor.is_official or any(held.has(role, case.mission_id) for role in WRITERS)


def locked(case_id: int, actor: User) -> Case:
    """A sent case, locked, for somebody who may write on it; refused otherwise, and to officers for their own."""
    case = (
        Case.objects.visible_to(actor)
        .exclude(phase=Phase.DRAFT)
        .select_related("owner")
        .select_for_update(of=("self",))
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise Refused(_("There is no such case, or it is not yours."), code="not_found", status=404)
    if not may_write(case, actor):
        raise Refused(_("Your role lets you read this case, not write on it."), code="forbidden", status=403)
    if actor.is_official:
        require_another(case, actor)
    return case


def require_another(case: Case, officer: User) -> None:
    """Refused (403) where the officer is the person whose application it is."""
    if case.owner is not None and case.owner.person == officer.person:
        raise Refused(
            _("This is your own application. Another officer has to work on it."), code="own_case", status=403
        )
