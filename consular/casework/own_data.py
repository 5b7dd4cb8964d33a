"""Everything about a person as one file, for that person: answers, files, letters, messages, bookings, who opened it.

The file is written while it is sent, one document at a time: no copy of it is kept anywhere.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from consular import formspec
from consular.accounts.models import User
from consular.appointments.models import Booking
from consular.cases import history, readers
from consular.cases.attachments import AttachmentState, unseal
from consular.cases.models import Attachment, Audience, Case, Consent, Mandate, Phase, SafeCopy
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock
from consular.decisions.models import Letter
from consular.missions.titles import title

Part = tuple[str, bytes]


@verb
def take_own_data(*, actor: User) -> Iterator[bytes]:
    """Write down that somebody takes all their data, and give them as the bytes of a ZIP file. Nobody else's."""
    now = clock.now()
    for case in _cases(actor).exclude(phase=Phase.DRAFT).select_for_update(of=("self",)):
        record.event(case, "own_data", actor=actor, at=now)
    return _zipped(_parts(actor))


def _cases(actor: User) -> Any:
    return Case.objects.filter(owner=actor).order_by("pk")


def _parts(actor: User) -> Iterator[Part]:
    """The table of everything first, then each letter and each document."""
    cases = list(_cases(actor).select_related("answers", "mission"))
    said = {"made_at": clock.now(), "account": _account(actor), "cases": [_case(case) for case in cases]}
    yield "data.json", json.dumps(said, ensure_ascii=False, indent=1, default=str).encode()
    for case in cases:
        for letter in (
            Letter.objects.filter(case=case).for_applicant().defer("values").order_by("id").iterator(5)
        ):
            yield f"{case.reference}/letters/{letter.number.replace('/', '-')}.pdf", bytes(letter.content)
        for attachment in case.attachments.filter(state=AttachmentState.READY).order_by("pk"):
            copy = SafeCopy.objects.defer("preview").get(attachment=attachment)
            name = f"{case.reference}/documents/{attachment.pk}.{attachment.kind}"
            yield name, unseal(copy.content, f"copy/{attachment.pk}")


def _account(actor: User) -> dict[str, Any]:
    return {"email": actor.email, "language": actor.language, "since": actor.joined_at}


def _case(case: Case) -> dict[str, Any]:
    """One case as the person knows it, and the answers as they are stored."""
    form = case.form
    return {
        "reference": case.reference,
        "service": str(form.title),
        "phase": case.phase,
        "outcome": case.outcome,
        "mission": title(case.mission) if case.mission else "",
        "begun_at": case.created_at,
        "sent_at": case.submitted_at,
        **_said(case, form),
        **_came(case),
        "history": [{"at": line.at, "what": line.what} for line in history.for_applicant(case)],
        "opened": [
            {"day": each.day, "role": each.role, "mission": each.mission, "purpose": each.purpose}
            for each in readers.of(case)
        ],
    }


def _said(case: Case, form: formspec.Form) -> dict[str, Any]:
    """What the person has answered, declared and been asked for."""
    return {
        "answers": case.answers.data,
        "answers_in_words": formspec.reopening.values(form, case.answers.data),
        "declarations": case.answers.declarations,
        "earlier_answers": list(
            case.earlier_answers.order_by("pk").values("replaced_at", "data", "declarations")
        ),
        "represented_by": _mandate(case),
        "consent_of_other_parent": list(
            Consent.objects.filter(case=case).values("name", "email", "state", "asked_at", "answered_at")
        ),
        "asked": [inquiry.items for inquiry in case.inquiries.filter(sent_at__isnull=False).order_by("pk")],
    }


def _mandate(case: Case) -> dict[str, Any] | None:
    """Who acts for the person, with the declaration as it was read."""
    found = Mandate.objects.filter(case=case).values().first()
    return dict(found) if found else None


def _came(case: Case) -> dict[str, Any]:
    """What went to and fro: messages, documents, letters, appointments."""
    return {
        "messages": list(
            case.messages.exclude(audience=Audience.INTERNAL)
            .order_by("sent_at")
            .values("sent_at", "audience", "body")
        ),
        "documents": [_document(attachment) for attachment in case.attachments.order_by("pk")],
        "letters": list(
            Letter.objects.filter(case=case)
            .for_applicant()
            .order_by("id")
            .values("kind", "number", "issued_at")
        ),
        "appointments": list(
            Booking.objects.filter(case=case)
            .order_by("pk")
            .values("reference", "state", "place__slot__starts_at")
        ),
        "waiting": list(case.waiting.order_by("pk").values("since", "state", "people", "passes", "ticket")),
    }


def _document(attachment: Attachment) -> dict[str, Any]:
    return {
        "number": attachment.pk,
        "document": attachment.document,
        "name": attachment.name,
        "state": attachment.state,
        "added_at": attachment.created_at,
    }


class _Sent(io.RawIOBase):
    """Takes what the ZIP writer writes until it is fetched; one cannot go back in it."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._waiting += content
        return len(content)

    def fetched(self) -> bytes:
        """What was written since the last time."""
        content = bytes(self._waiting)
        self._waiting.clear()
        return content


def _zipped(parts: Iterator[Part]) -> Iterator[bytes]:
    """The parts as a ZIP file, piece by piece."""
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            is_packed = name.endswith((".pdf", ".jpeg"))
            archive.writestr(name, content, zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED)
            yield sent.fetched()
    yield sent.fetched()
