"""What becomes of a letter that no longer stands."""

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import clock
from consular.decisions.choices import End
from consular.decisions.models import Decision, Letter, Supersession


def by_decision(decision: Decision, letter: Letter) -> Letter | None:
    """End the letter that an approved annulment or revocation is about; returns the letter that ended, if any.

    It is the one that was proposed, or the newest that took its place. When it was revoked meanwhile, nothing is left
    to end. The caller holds the lock on the case of the decision; the case of the old letter is locked here.
    """
    if decision.ends is None or decision.approved_by is None:
        return None
    Case.objects.select_for_update().get(pk=decision.ends.case_id)
    old = newest(decision.ends)
    if Supersession.objects.filter(letter=old).exists():
        return None
    supersede(old, end=End(decision.outcome), reason="", actor=decision.approved_by, by=letter)
    return old


def newest(letter: Letter) -> Letter:
    """The letter that has taken the place of this one, over as many steps as there were."""
    found = Supersession.objects.filter(letter=letter, end=End.CORRECTED).first()
    return newest(found.by) if found and found.by else letter


def supersede(
    letter: Letter, *, end: End, reason: str, actor: User, by: Letter | None = None
) -> Supersession:
    """State that a letter no longer stands, and why; `by` is the letter that says so or took its place.

    The first statement about a letter is the last: the database keeps one for each and changes none.
    """
    return Supersession.objects.create(
        letter=letter, end=end, by=by, reason=reason, actor=actor, at=clock.now()
    )
