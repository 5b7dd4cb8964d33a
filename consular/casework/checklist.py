"""The documents of a case as its service asks for them, with what has been added so far."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular import fees, formspec
from consular.cases.models import Attachment, Case, Mandate
from consular.core import clock

OTHER = "other"
"""What the mission asked for besides, or what fits nowhere."""
MANDATE = "mandate"
"""That somebody may act for the applicant; asked where somebody does."""
PHOTO = "photo"
"""The line of every checklist whose copy stays a photo and gets advice."""


@dataclass(frozen=True)
class Paper:
    """One line of the checklist; `label`, `note` and `basis` are English messages, or lazy ones."""

    id: str
    label: str | Promise
    note: str | Promise
    basis: str
    attachments: tuple[Attachment, ...] = ()


def asked(case: Case) -> tuple[Paper, ...]:
    """The lines for what was answered so far, and one for everything else. `case` has its answers."""
    folder = case.folder
    lines: tuple[fees.Document, ...] = ()
    if "documents" in folder.tables:
        zone = case.mission.time_zone if case.mission else "UTC"
        facts = case.answers.data | formspec.derived(folder.form, case.answers.data)
        lines = fees.documents(folder, facts, clock.today(zone))
    papers = {line.id: Paper(line.id, line.label, line.note, line.basis) for line in lines}
    if Mandate.objects.filter(case=case).exists():
        papers[MANDATE] = Paper(
            MANDATE, _("Mandate"), _("The written mandate of who acts for you, or the proof of custody."), ""
        )
    other = Paper(
        OTHER, _("Other document"), _("What the mission asked for, or what belongs to no other line."), ""
    )
    return (*papers.values(), other)


def papers(case: Case) -> tuple[Paper, ...]:
    """The lines with their documents; those whose line is not asked for any more stand with the others."""
    found: dict[str, list[Attachment]] = {}
    lines = asked(case)
    known = {line.id for line in lines}
    for attachment in case.attachments.order_by("pk"):
        found.setdefault(attachment.document if attachment.document in known else OTHER, []).append(
            attachment
        )
    return tuple(
        Paper(line.id, line.label, line.note, line.basis, tuple(found.get(line.id, ()))) for line in lines
    )
