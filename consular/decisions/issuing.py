"""Issuing a letter: compose, print, sign, store.

All in the caller's transaction: a failed step leaves "not issued", never half a letter.
"""

import hashlib

from django.template.loader import render_to_string

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import clock, references
from consular.decisions import pdf, signature
from consular.decisions.choices import End
from consular.decisions.composing import compose
from consular.decisions.letter import CODE_LENGTH
from consular.decisions.letter import Letter as Values
from consular.decisions.models import Decision, Letter, Supersession
from consular.decisions.source import Source
from consular.formspec import Folder


def issue(case: Case, kind: str, *, key: str, decision: Decision | None = None, folder: Folder) -> Letter:
    """Issue one letter, once for each `key`: asked again, the same letter comes back, byte for byte.

    The caller holds the lock on the case; the number counts the letters of the case. Raises OSError or
    ValueError when printing or signing fails, and then nothing has been issued.
    """
    existing = Letter.objects.filter(key=key).first()
    if existing is not None:
        return existing
    now = clock.now()
    zone = case.mission.time_zone if case.mission else "UTC"
    values = compose(
        kind,
        Source(case, folder, decision, clock.today(zone)),
        number=f"{case.reference}/{case.letters.count() + 1}",
        code=references.issue(CODE_LENGTH),
    )
    content = signature.sign(render(values), contact=values.verify_address)
    return Letter.objects.create(
        case=case,
        decision=decision,
        kind=kind,
        number=values.number,
        key=key,
        code=values.code,
        languages=[version.language for version in values.versions],
        values=values.as_values(),
        issued_at=now,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def render(values: Values) -> bytes:
    """The unsigned PDF of a letter's values."""
    return pdf.render(render_to_string(f"letters/{values.kind}.html", {"letter": values}))


def supersede(
    letter: Letter, *, end: End, reason: str, actor: User, by: Letter | None = None
) -> Supersession:
    """State that a letter no longer stands, and why; `by` is the letter that says so or took its place.

    The first statement about a letter is the last: the database keeps one for each and changes none.
    """
    return Supersession.objects.create(
        letter=letter, end=end, by=by, reason=reason, actor=actor, at=clock.now()
    )
