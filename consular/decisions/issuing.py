"""Issuing a letter: compose, seal, print, sign, store.

All in the caller's transaction: a failed step leaves "not issued", never half a letter.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from consular.cases.models import Case
from consular.core import clock, references
from consular.decisions import pdf, seal, signature
from consular.decisions.composing import compose
from consular.decisions.facts import Facts
from consular.decisions.letter import CODE_LENGTH
from consular.decisions.letter import Letter as Values
from consular.decisions.models import Decision, Letter
from consular.decisions.source import Source
from consular.formspec import Folder


@dataclass(frozen=True)
class About:
    """What a letter is about besides the case: a decision, the day until which something is awaited, the letter
    whose place it takes, or what somebody asked for (`reference`) with its facts.
    """

    decision: Decision | None = None
    last_day: date | None = None
    replaced: Letter | None = None
    reference: str = ""
    facts: Facts | None = None


NOTHING_MORE = About()


def issue(case: Case, name: str, *, key: str, about: About = NOTHING_MORE, folder: Folder) -> Letter:
    """Issue one letter, once for each `key`: asked again, the same letter comes back, byte for byte.

    The caller holds the lock on the case; the number counts the letters of the case. Raises OSError or
    ValueError when printing or signing fails, and then nothing has been issued.
    """
    existing = Letter.objects.filter(key=key).first()
    if existing is not None:
        return existing
    now, today = clock.now(), clock.today(case.mission.time_zone if case.mission else "UTC")
    values = compose(
        name,
        Source(
            case, folder, about.decision, today, about.last_day, about.replaced, about.reference, about.facts
        ),
        number=f"{case.reference}/{case.letters.count() + 1}",
        code=references.issue(CODE_LENGTH),
    )
    values = seal.put_on(values, mission=case.mission.code if case.mission else "", on=today)
    content = signature.sign(render(values), contact=values.verify_address)
    return Letter.objects.create(
        case=case,
        mission=case.mission,
        decision=about.decision,
        kind=values.kind,
        number=values.number,
        key=key,
        code=values.code,
        languages=[version.language for version in values.versions],
        values=values.as_values(),
        issued_at=now,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def render(values: Values, *, is_sample: bool = False) -> bytes:
    """The unsigned PDF of a letter's values; a sample says on each page that it is one."""
    page = render_to_string(values.template, {"letter": values, "is_sample": is_sample})
    return pdf.render(page, facts=values.facts())
