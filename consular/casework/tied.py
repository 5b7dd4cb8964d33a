"""An appointment, or a place on a waiting list, is not passed on by correcting who comes (row APT-02).

Both are tied to a document and a date of birth. Whoever has mistyped one of the two corrects it and keeps them; with
another document and another date of birth it would be another person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular.appointments import booking, identity
from consular.appointments.waiting import Waiting, Waits
from consular.cases.inquiries import AnswersVersion
from consular.cases.models import Case
from consular.casework import appointments
from consular.core.errors import Refused

Answers = Mapping[str, Any]


def require_same_person(case: Case, before: Answers, after: Answers, now: datetime) -> None:
    """Refused (409) `tied` when the answers `after` are about another person than the one for whom the case, which is
    locked, has an appointment or waits for one.

    What counts are the answers by which it was booked, also where several corrections followed.
    """
    tied_to = _tied_to(case, now)
    if not tied_to:
        return
    earlier = [before, *AnswersVersion.objects.filter(case=case).values_list("data", flat=True)]
    booked_by = [answers for answers in earlier if _who(answers) in tied_to]
    if not all(_is_same(answers, after) for answers in booked_by or [before]):
        raise Refused(
            _(
                "Your appointment, or your place on the waiting list, is tied to the document and the date of birth. "
                "They cannot both be changed. Cancel the appointment or leave the list first, then send the "
                "corrections."
            ),
            code="tied",
        )


def _tied_to(case: Case, now: datetime) -> set[bytes]:
    booked = booking.current(case.pk, now=now)
    waits = Waiting.objects.filter(case=case, state=Waits.WAITING).values_list("identity", flat=True)
    return {bytes(one) for one in [*waits, *([booked.identity] if booked else [])]}


def _who(answers: Answers) -> bytes | None:
    try:
        return appointments.identity_of(answers)
    except Refused:
        return None


def _is_same(one: Answers, other: Answers) -> bool:
    documents = {identity.plain(appointments.document_of(answers)) for answers in (one, other)}
    return len(documents) == 1 or one.get("birth_date") == other.get("birth_date")
