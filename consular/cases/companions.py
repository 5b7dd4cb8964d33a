"""Those who travel with somebody, as far as an officer may see them."""

from dataclasses import dataclass

from consular.accounts.models import User
from consular.cases.models import Case, Phase
from consular.missions.postings import Duties


@dataclass(frozen=True)
class Companions:
    """The other sent cases of a journey: those one may see, and how many are elsewhere."""

    seen: tuple[Case, ...] = ()
    elsewhere: int = 0


def of(case: Case, officer: User, held: Duties) -> Companions:
    """The others of the family or group. What this officer may not see is only counted; drafts stay out."""
    if case.journey_id is None:
        return Companions()
    others = Case.objects.filter(journey=case.journey_id).exclude(phase=Phase.DRAFT).exclude(pk=case.pk)
    seen = Case.objects.visible_to(officer, held).filter(journey=case.journey_id).exclude(pk=case.pk)
    found = tuple(seen.select_related("mission").order_by("pk"))
    return Companions(found, others.count() - len(found))
