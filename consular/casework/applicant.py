"""What an applicant does with a draft: start, save, take over after signing in."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case, Phase
from consular.casework import draft_rows, journeys, record
from consular.casework.verb import verb
from consular.core import clock, crypto, references
from consular.core.errors import Refused
from consular.workflow import library

OPEN_DRAFTS = 50
"""About how many drafts one account or browser may have open at a time: two that start at once share a count."""


class Conflict(Refused):
    """Somebody saved the same draft in between; `current` holds what is stored now."""

    SENTENCE = _(
        "This application was changed in another window since you opened this page. Nothing was overwritten."
    )

    def __init__(self, current: Answers) -> None:
        super().__init__(self.SENTENCE, code="conflict")
        self.current = current


@verb
def start(
    service: str, *, language: str, actor: User | None, secret: str | None = None, answers: Mapping[str, Any]
) -> Case:
    """Start a draft for an account or, before signing in, for whoever holds the browser's `secret`."""
    now = clock.now()
    folder = in_force(service, now)
    fingerprint = judge_room(actor, secret)
    case = Case.objects.create(
        reference=references.issue(),
        service=folder.service,
        version=folder.version,
        owner=actor,
        draft_secret=fingerprint,
        language=language,
        created_at=now,
        changed_at=now,
    )
    Answers.objects.create(case=case, data=dict(answers), saved_at=now)
    record.event(case, "draft_started", actor=actor, at=now)
    return case


def judge_room(actor: User | None, secret: str | None) -> bytes | None:
    """Refused where an account or browser has as many drafts as it may; the hash of the secret, if it counts."""
    fingerprint = None if actor else _fingerprint(secret)
    drafts = Case.objects.filter(phase=Phase.DRAFT, owner=actor, draft_secret=fingerprint)
    if drafts.count() >= OPEN_DRAFTS:
        raise Refused(
            _("You have too many open applications. Finish and send one of them first."),
            code="too_many",
            status=429,
        )
    return fingerprint


def in_force(service: str, now: datetime) -> formspec.Folder:
    """The version a new draft begins on: the newest whose process counts already; without any, the newest."""
    latest = formspec.latest(service)
    if not latest.form.is_for_applicants:
        raise formspec.NoSuchService
    version = library.version_in_force(service, now)
    return latest if version is None or version >= latest.version else formspec.folder(service, version)


@verb
def save(
    case_id: int,
    answers: Mapping[str, Any],
    *,
    revision: int,
    actor: User | None,
    secret: str | None = None,
) -> Answers:
    """Keep the answers of one page of a draft; an answer of None is removed. What a journey shares changes for all.

    Locked like everything else by the case, so that saving and sending never wait for each other in a circle.
    Raises Conflict when somebody saved since `revision`: nothing is overwritten.
    """
    case = draft_rows.locked(case_id)
    if case is None or not _belongs_to(case, actor, secret):
        raise not_there()
    journeys.locked(case)  # what is shared is changed by one after the other
    stored, now = case.answers, clock.now()
    if stored.revision != revision:
        raise _conflict(case)
    merged = {key: value for key, value in {**stored.data, **answers}.items() if value is not None}
    stored.data = journeys.spread(case, stored.data, merged, at=now)
    stored.revision, stored.saved_at = revision + 1, now
    if not draft_rows.write(stored, read=revision):
        raise _conflict(case)
    return stored


def _conflict(case: Case) -> Conflict:
    return Conflict(Answers.objects.get(case=case))


@verb
def adopt(secret: str, *, actor: User) -> int:
    """Give the drafts of a browser to the account that has just signed in; returns how many."""
    return Case.objects.filter(phase=Phase.DRAFT, owner=None, draft_secret=_fingerprint(secret)).update(
        owner=actor, draft_secret=None, changed_at=clock.now()
    )


def readable_draft(reference: str, *, actor: User | None, secret: str | None = None) -> Case:
    """The draft with its answers, for its owner or the browser that started it; Refused (404) for anybody else."""
    tidy = references.tidy(reference)
    case = draft_rows.by_reference(tidy) if tidy else None
    if case is None or not _belongs_to(case, actor, secret):
        raise not_there()
    return case


def own_drafts(actor: User | None, secret: str | None) -> "QuerySet[Case]":
    """The drafts of an account or, before signing in, of whoever holds the browser's secret."""
    drafts = Case.objects.filter(phase=Phase.DRAFT)
    if actor is not None:
        return drafts.filter(owner=actor)
    return drafts.filter(owner=None, draft_secret=_fingerprint(secret))


def _belongs_to(case: Case, actor: User | None, secret: str | None) -> bool:
    if case.owner_id is not None:
        return actor is not None and case.owner_id == actor.pk
    return bool(secret) and hmac.compare_digest(bytes(case.draft_secret or b""), _fingerprint(secret))


def _fingerprint(secret: str | None) -> bytes:
    if not secret:
        raise not_there()
    return crypto.fingerprint(secret, purpose="draft")


def not_there() -> Refused:
    """What is said about a draft of somebody else and about one that does not exist."""
    return Refused(_("There is no such application, or it is not yours."), code="not_found", status=404)
