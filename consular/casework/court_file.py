"""The file of a case for a court: letters, submission, history, messages as one archive, with a signed list of it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.models import Audience, Case
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
    parts = dict(_parts(case))
    listed = json.dumps(_manifest(case, parts, note.body, actor, now), ensure_ascii=False, indent=1).encode()
    return _packed({**parts, MANIFEST: listed, SIGNATURE: signature.sign_list(listed)}, now)


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
    answers = case.answers
    yield "letters.json", _json(standing)
    yield "submission.json", _json({"answers": answers.data, "declarations": answers.declarations})
    yield (
        "history.json",
        _json(list(case.events.order_by("id").values("at", "kind", "node", "data", "actor"))),
    )
    messages = case.messages.order_by("sent_at", "id")
    yield "messages.json", _json(list(messages.values("sent_at", "audience", "author", "body")))
    yield "decisions.json", _json(list(case.decisions.order_by("id").values()))
    tasks = case.task_entries.order_by("id")
    yield "tasks.json", _json(list(tasks.values("form", "at", "by", "entries")))
    copies = case.attachments.order_by("id")
    yield (
        "documents.json",
        _json(list(copies.values("id", "name", "document", "state", "size", "created_at"))),
    )


def _manifest(case: Case, parts: dict[str, bytes], reason: str, actor: User, now: datetime) -> dict[str, Any]:
    return {
        "case": case.reference,
        "service": case.service,
        "mission": case.mission.code if case.mission else "",
        "exported_at": now.isoformat(),
        "exported_by": actor.name,
        "role": str(EXPORTING[0].value),
        "reason": reason,
        "files": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in parts.items()
        ],
    }


def _packed(parts: dict[str, bytes], now: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
