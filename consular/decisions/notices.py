"""Letters about the way of an application and not about a decision: L05, L06, L07, L11 and L12.

Their facts are what officers entered at their tasks. Remarks of those entries stay in the file.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case
from consular.cases.withdrawals import ENTERED
from consular.decisions.bodies import Extension, Inadmissible, Returned, Transfer, Withdrawal
from consular.decisions.entered import entry, last_with, said
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, local_day, office_of, version, written
from consular.formspec import places
from consular.missions.models import Mission

LONGEST_DAYS = 45
"""Calendar days from lodging within which an extended application must be decided (Visa Code art. 23(2))."""

WITHDREW = "applicant.withdrew"
"""The message by which processes learn that an application is withdrawn."""

CONDITIONS: Mapping[str, str | Promise] = {
    "period": _(
        "The application was not lodged within the time allowed: at the earliest six months (seafarers nine months) "
        "and, as a rule, at the latest 15 calendar days before the journey."
    ),
    "form": _(
        "The application was not complete: the completed and signed form, a valid travel document or a photograph "
        "that meets the requirements was missing."
    ),
    "biometrics": _("Your biometric data (photograph and fingerprints) were not taken."),
    "fee": _("The visa fee was not paid."),
}
"""What was missing of the conditions of admissibility (Visa Code art. 9(1), 10, 19(1)), by the form's values."""

REASONS: Mapping[str, str | Promise] = {
    "scrutiny": _("Your application has to be examined more closely."),
    "consultation": _("We are waiting for answers of other authorities."),
    "information": _("We are waiting for documents or information from you."),
}
"""Why more time is needed (Visa Code art. 23(2)), by the form's values; what an officer wrote stays in the file."""


def returned(source: Source, language: str) -> Version:
    """L05: another state is competent (Visa Code art. 18(2)). No refusal, so no way to a court."""
    entries = entry(source.case, "admissibility").entries
    body = Returned(service=source.service, state=places.label(said(entries, "state")))
    return version(source, language, gettext("Another state is competent for your application"), body)


def returned_by_passport_law(source: Source, language: str) -> Version:
    """L05: another passport authority is competent (Passport Act section 19(3), Identity Card Act section 8)."""
    authority = plain(last_with(source.case, "competent_authority").get("competent_authority", ""))
    body = Returned(service=source.service, state=authority)
    return version(source, language, gettext("Another authority is competent for your application"), body)


def withdrawal(source: Source, language: str) -> Version:
    """L11: since when the application is withdrawn; nothing was decided, and no fee comes back."""
    body = Withdrawal(service=source.service, withdrawn_on=written(_withdrawn_on(source)))
    return version(source, language, gettext("You have withdrawn your application"), body)


def _withdrawn_on(source: Source) -> date:
    """The day on which the withdrawal reached the mission: as an officer entered it, or as the process heard it."""
    entered = source.case.events.filter(kind=ENTERED).order_by("-id").first()
    if entered:
        return date.fromisoformat(entered.data["on"])
    withdrew = source.case.events.filter(data__message=WITHDREW).order_by("-id").first()
    return local_day(withdrew.at, source.case) if withdrew else source.issued_on


def transfer(source: Source, language: str) -> Version:
    """L12: which mission deals with the application now, and what was passed on to it."""
    moved = source.case.events.filter(kind="transferred").order_by("-id").first()
    if moved is None:
        raise ValueError("this letter needs a transfer")
    before = Mission.objects.get(code=moved.data["before"])
    given_back = moved.data.get("appointment")
    body = Transfer(
        service=source.service,
        before=office_of(before),
        appointment=written(datetime.fromisoformat(given_back).date()) if given_back else "",
    )
    return version(source, language, gettext("Another mission deals with your application now"), body)


def inadmissible(source: Source, language: str) -> Version:
    """L06: the conditions that were not met (Visa Code art. 19(3)). No refusal, so no way to a court."""
    missing = said(entry(source.case, "admissibility").entries, "missing")
    body = Inadmissible(service=source.service, missing=tuple(str(CONDITIONS[each]) for each in missing))
    return version(source, language, gettext("Your application is not admissible"), body)


def extension(source: Source, language: str) -> Version:
    """L07: until when the application will be decided, and why it takes longer (Visa Code art. 23(2))."""
    lodged_on = _lodged_on(source.case)
    category = said(entry(source.case, "extension").entries, "extension_category")
    body = Extension(
        service=source.service,
        lodged_on=written(lodged_on),
        last_day=written(lodged_on + timedelta(days=LONGEST_DAYS)),
        reason=str(REASONS[category]),
    )
    return version(source, language, gettext("We need more time for our decision"), body)


def _lodged_on(case: Case) -> date:
    """The day of lodging where it took place: a case that has moved keeps the days of the mission it came from."""
    lodged = entry(case, "lodging")
    moved = case.events.filter(kind="transferred", at__gte=lodged.at).order_by("id").first()
    mission = Mission.objects.get(code=moved.data["before"]) if moved else case.mission
    if mission is None:
        raise ValueError("a letter needs a mission")
    return lodged.at.astimezone(ZoneInfo(mission.time_zone)).date()
