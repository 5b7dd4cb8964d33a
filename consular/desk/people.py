"""The other people of a case as an officer sees them: who travels along, who acts for the applicant, who consents."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consular.accounts.models import User
from consular.cases import companions
from consular.cases.companions import Companions
from consular.cases.families import Proof
from consular.cases.models import Case, Mandate
from consular.casework import consents
from consular.missions.postings import Duties


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts."""

    label: str
    value: str


@dataclass(frozen=True)
class People:
    """Everybody else who is part of a case."""

    companions: Companions
    mandate: list[Fact]
    consent: list[Fact]
    is_declined: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anybody."""
        return bool(self.companions.seen or self.companions.elsewhere or self.mandate or self.consent)


def of(case: Case, officer: User, held: Duties, mandate: Mandate | None) -> People:
    """Everybody else who is part of the case, as far as this officer may see them; `mandate` is that of the case."""
    standing = consents.standing(case, case.answers.data)
    is_declined = standing is not None and standing.is_declined
    return People(
        companions.of(case, officer, held), _mandate(mandate), _consent(case, standing), is_declined
    )


def _mandate(mandate: Mandate | None) -> list[Fact]:
    if mandate is None:
        return []
    facts = [
        Fact(_("Acts for the applicant"), mandate.name),
        Fact(_("Acts as"), mandate.get_capacity_display()),
        Fact(_("Mandate or custody since"), date_format(mandate.since, "SHORT_DATE_FORMAT")),
        Fact(_("Address"), mandate.written_address),
        Fact(_("E-mail address"), mandate.email),
        Fact(_("Telephone number"), mandate.phone),
    ]
    return [fact for fact in facts if fact.value]


def _consent(case: Case, standing: consents.Standing | None) -> list[Fact]:
    if standing is None:
        return []
    facts = [Fact(_("Consent of the other person with custody"), standing.label)]
    consent = standing.consent
    if consent is not None:
        facts.append(Fact(_("Asked"), consent.name))
    if consent is not None and consent.answered_at:
        moment = localtime(consent.answered_at, ZoneInfo(case.mission.time_zone))
        facts += [
            Fact(_("Answered"), date_format(moment, "SHORT_DATETIME_FORMAT")),
            Fact(_("Known by"), str(Proof(consent.proof).label)),
            Fact(_("Text"), f"{consent.text} ({consent.version})"),
        ]
    return facts
