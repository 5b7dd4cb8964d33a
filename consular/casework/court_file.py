"""The file of a case for a court: letters, what was sent and asked, documents, history, messages as one archive, with a
signed list of it.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.attachments import unseal
from consular.cases.models import Audience, Case, ConsultationAnswer, SafeCopy
from consular.casework import correspondence, record
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import signature
from consular.missions.postings import duties

EXPORTING = (Role.HEAD_OF_SECTION,)
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.p7s"
_EVERY = ("case", "at", "kind", "node", "data")


@verb
def court_file(reference: str, reason: str, *, actor: User) -> bytes:
    """The archive (ZIP). The reason, which is typed, stays as an internal note; the history says who took the file.

    The list names each part with its size and SHA-256 and is signed (CMS, detached) with the key of the letters.
    """
    case = locked(reference, actor)
    if not any(duties(actor).has(role, case.mission_id) for role in EXPORTING):
        raise Refused(_("Your role does not allow this."), code="forbidden", status=403)
    now = clock.now()
    note = correspondence.send(case, reason, audience=Audience.INTERNAL, actor=actor)
    record.event(case, "file_exported", actor=actor, at=now, message=note.pk, role=str(EXPORTING[0].value))
    facts = _facts(case, note.body, actor, now)
    return _packed(_parts(case), facts, now)


def _parts(case: Case) -> Iterator[tuple[str, bytes]]:
    """Name and content of everything in the archive."""
    letters = case.letters.select_related("supersession").order_by("id")
    standing = []
    for letter in letters:
        name = f"letters/{letter.number.replace('/', '-')}.pdf"
        end = getattr(letter, "supersession", None)
        standing.append(
            {"file": name, "kind": letter.kind, "code": letter.code, "issued_at": letter.issued_at}
            | ({"ended": end.end, "ended_at": end.at, "reason": end.reason} if end else {})
        )
        yield name, bytes(letter.content)
    yield "letters.json", _json(standing)
    answers = case.answers
    sent = {"answers": answers.data, "declarations": answers.declarations, "saved_at": answers.saved_at}
    yield "submission.json", _json(sent)
    earlier = case.earlier_answers.order_by("id")
    columns = ("inquiry", "data", "declarations", "changed", "replaced_at")
    yield "earlier_answers.json", _json(list(earlier.values(*columns)))
    yield "inquiries.json", _json(list(_inquiries(case)))
    yield "consultations.json", _json(list(_consultations(case)))
    yield (
        "history.json",
        _json(list(case.events.order_by("id").values("at", "kind", "node", "data", "actor"))),
    )
    messages = case.messages.order_by("sent_at", "id")
    yield "messages.json", _json(list(messages.values("sent_at", "audience", "author", "body")))
    yield "decisions.json", _json(list(case.decisions.order_by("id").values()))
    tasks = case.task_entries.order_by("id")
    yield "tasks.json", _json(list(tasks.values("form", "at", "by", "entries")))
    yield from _documents(case)
    yield "people.json", _json(list(_people(case)))


def _people(case: Case) -> Iterable[Mapping[str, Any]]:
    """Whose numbers stand in the other parts."""
    answers = ConsultationAnswer.objects.filter(consultation__case=case)
    acted: dict[str, QuerySet[Any]] = {
        "actor": case.events.all(), "author": case.messages.all(), "by": case.task_entries.all(),
        "proposed_by": case.decisions.all(), "approved_by": case.decisions.all(),
        "sent_back_by": case.decisions.all(),
    }  # fmt: skip
    found = [rows.values_list(name, flat=True) for name, rows in acted.items()]
    found += [rows.values_list("by", flat=True) for rows in (case.inquiries.all(), answers)]
    numbers = {number for rows in found for number in rows if number}
    return User.objects.filter(pk__in=numbers).order_by("pk").values("id", "name", "kind")


def _inquiries(case: Case) -> Iterator[dict[str, Any]]:
    """What the applicant was asked, and which answers came back: as they were before, and after."""
    later = case.answers.data
    answered = {}
    for version in case.earlier_answers.order_by("-id"):
        answered[version.inquiry_id] = {
            one: {"before": version.data.get(one), "after": later.get(one)} for one in version.changed
        }
        later = version.data
    for inquiry in case.inquiries.exclude(sent_at=None).order_by("id"):
        told = {name: getattr(inquiry, name) for name in ("id", "node", "items", "sent_at", "closed_at")}
        yield told | {"by": inquiry.by_id, "changed": answered.get(inquiry.pk, {})}


def _consultations(case: Case) -> Iterator[dict[str, Any]]:
    """Which authorities were asked, and what they answered."""
    columns = ("answer", "text", "at", "by", "is_deemed", "is_late")
    asked = case.consultations.order_by("id")
    for one in asked.values(
        "id", "reference", "partner", "name", "asked_at", "due_at", "silence", "closed_at", "unreached_at",
        "by_other_way",
    ):  # fmt: skip
        answers = ConsultationAnswer.objects.filter(consultation=one["id"]).order_by("id").values(*columns)
        yield one | {"answers": list(answers)}


def _documents(case: Case) -> Iterator[tuple[str, bytes]]:
    """The copies of the documents, one after the other, and the list of all that were added."""
    listed = []
    for one in case.attachments.order_by("id"):
        told = {
            name: getattr(one, name) for name in ("id", "name", "document", "state", "size", "created_at")
        }
        copy = SafeCopy.objects.filter(attachment=one).defer("preview").first()
        if copy is not None:
            told["file"] = f"documents/{one.pk}-{one.document}.{one.kind}"
            yield told["file"], unseal(copy.content, f"copy/{one.pk}")
        listed.append(told)
    yield "documents.json", _json(listed)


def _facts(case: Case, reason: str, actor: User, now: datetime) -> dict[str, Any]:
    """What the list says of the case, and of who takes its file."""
    return {
        "case": case.reference,
        "service": case.service,
        "mission": case.mission.code if case.mission else "",
        "exported_at": now.isoformat(),
        "exported_by": actor.name,
        "role": str(EXPORTING[0].value),
        "reason": reason,
    }


def _packed(parts: Iterator[tuple[str, bytes]], facts: dict[str, Any], now: datetime) -> bytes:
    """All parts, one at a time in memory besides the archive itself, and the list of them with its signature."""
    out, files = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)

        for name, content in parts:
            add(name, content)
            files.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
        listed = json.dumps(facts | {"files": files}, ensure_ascii=False, indent=1).encode()
        add(MANIFEST, listed)
        add(SIGNATURE, signature.sign_list(listed))
    return out.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
