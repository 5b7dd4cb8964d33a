"""L13: the request to another authority, for those who are not asked through the interface. Not for the applicant."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from consular import formspec
from consular.cases.consultations import Consultation, Silence, told
from consular.decisions.bodies import AuthorityRequest, Entry
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, local_day, version, written
from consular.workflow.days import last_day


def request(source: Source, language: str) -> Version:
    """L13: who is asked about whom, by when, and what silence means; of the answers only what a partner may see."""
    case = source.case
    asked = Consultation.objects.filter(case=case, reference=source.about).first()
    if asked is None:
        raise ValueError("this letter needs a consultation")
    zone = ZoneInfo(case.mission.time_zone if case.mission else "UTC")
    shown = formspec.shown(source.folder.form.pages, told(case.answers.data))
    names = set(told(case.answers.data))
    body = AuthorityRequest(
        authority=plain(gettext(asked.name)),
        number=asked.reference,
        service=source.service,
        asked_on=written(local_day(asked.asked_at, case)),
        last_day=written(last_day(asked.due_at, zone)) if asked.due_at else "",
        silence_consents=asked.silence == Silence.CONSENT,
        data=tuple(
            Entry(plain(one.label), plain(one.value))
            for page in shown
            for one in page.answers
            if one.id in names
        ),
    )
    return version(source, language, gettext("Request for a statement"), body)
