"""Carrying a draft to a newer version of its form: only when its owner asks for it."""

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case
from consular.casework import record
from consular.casework.applicant import in_force, not_there, own_drafts
from consular.casework.verb import verb
from consular.core import clock


def newer_version(case: Case) -> formspec.Folder | None:
    """The version that new applications begin on, where it is newer than the draft's."""
    if formspec.latest(case.service).version <= case.version:
        return None
    folder = in_force(case.service, clock.now())
    return folder if folder.version > case.version else None


@verb
def carry(case_id: int, *, actor: User | None, secret: str | None = None) -> Case:
    """Go on with a draft on the newest version: its answers are kept, those to questions that are no more are removed.

    An answer that no longer fits stays as it was typed, and has to be corrected. Does nothing when there is none newer.
    """
    case = own_drafts(actor, secret).select_for_update().filter(pk=case_id).first()
    if case is None:
        raise not_there()
    folder = newer_version(case)
    if folder is None:
        return case
    now = clock.now()
    answers = Answers.objects.get(case=case)
    answers.data = formspec.kept(folder.form, answers.data)
    answers.revision += 1
    answers.saved_at = now
    answers.save(update_fields=["data", "revision", "saved_at"])
    before = case.carried_from or case.version
    record.event(case, "draft_carried", actor=actor, at=now, before=case.version, after=folder.version)
    case.version, case.carried_from, case.changed_at = folder.version, before, now
    case.save(update_fields=["version", "carried_from", "changed_at"])
    return case
