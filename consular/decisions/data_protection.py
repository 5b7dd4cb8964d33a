"""L16 and L17: answers to people who ask about their data or complain, and the notice about data protection."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Audience, Case
from consular.decisions import keeping
from consular.decisions.bodies import Answer, Entry, Privacy, Typed
from consular.decisions.concerns import Concern, ConcernKind, Reply
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, version, written

REPLIES: Mapping[tuple[str, str], str | Promise] = {
    (ConcernKind.RECTIFICATION, Reply.GRANTED): _("We have corrected your data as you asked."),
    (ConcernKind.RECTIFICATION, Reply.PARTLY): _("We have corrected part of your data."),
    (ConcernKind.RECTIFICATION, Reply.REFUSED): _("We cannot correct your data as you asked."),
    (ConcernKind.ERASURE, Reply.GRANTED): _("We have erased your data as you asked."),
    (ConcernKind.ERASURE, Reply.PARTLY): _("We have erased part of your data."),
    (ConcernKind.ERASURE, Reply.REFUSED): _(
        "We cannot erase your data yet: the law obliges us to keep the file of your application for a certain time."
    ),
}
"""What is answered to a request about data (GDPR art. 16 and 17), by kind and reply."""


def notice(source: Source, language: str) -> Version:
    """L16: who keeps which data, what for and how long, and which rights there are (GDPR art. 13 and 14)."""
    return version(source, language, gettext("Information on data protection"), _privacy(source, ()))


def access(source: Source, language: str) -> Version:
    """L16: what we keep about the person in this case (GDPR art. 15)."""
    concern = _concern(source)
    held = tuple(_held(source.case))
    return version(
        source, language, gettext("Answer to your request for your data"), _privacy(source, held, concern)
    )


def rectification(source: Source, language: str) -> Version:
    """L16: whether data were corrected (GDPR art. 16)."""
    title = gettext("Answer to your request to correct your data")
    return version(source, language, title, _answer(source))


def erasure(source: Source, language: str) -> Version:
    """L16: whether data were erased (GDPR art. 17)."""
    return version(source, language, gettext("Answer to your request to erase your data"), _answer(source))


def complaint(source: Source, language: str) -> Version:
    """L17: a complaint was received, and stands in the register (Visa Code art. 38(5))."""
    return version(source, language, gettext("We have received your complaint"), _answer(source))


def _answer(source: Source) -> Answer:
    concern = _concern(source)
    reply = REPLIES.get((concern.kind, concern.reply), "")
    return Answer(
        service=source.service,
        number=concern.number,
        received_on=written(concern.received_on),
        subject=Typed(plain(concern.subject)),
        reply=str(reply),
        reasons=Typed(plain(concern.reasons)),
    )


def _privacy(source: Source, held: tuple[Entry, ...], concern: Concern | None = None) -> Privacy:
    return Privacy(
        number=concern.number if concern else "",
        received_on=written(concern.received_on) if concern else "",
        held=held,
        operator=plain(settings.OPERATOR_NAME),
        address=Typed(plain(settings.OPERATOR_ADDRESS)),
        email=settings.OPERATOR_EMAIL,
        officer=Typed(plain(settings.DATA_PROTECTION_OFFICER)),
        kept=keeping.printed(source.case.service, source.issued_on),
    )


def _held(case: Case) -> list[Entry]:
    """What the file of the case holds, in numbers; what is in it the person sees in the online account."""
    answers = len(case.answers.data)
    messages = case.messages.exclude(audience=Audience.INTERNAL).count()
    files, letters, steps = (
        case.attachments.count(),
        case.letters.for_applicant().count(),
        case.events.count(),
    )
    asked = [gettext(one.name) for one in case.consultations.sent().order_by("pk")]
    held = [
        Entry(gettext("Answers in the form"), _counted(answers)),
        Entry(gettext("Copies of documents"), _counted(files)),
        Entry(gettext("Messages"), _counted(messages)),
        Entry(gettext("Letters"), _counted(letters)),
        Entry(gettext("Entries about what was done in the case"), _counted(steps)),
    ]
    if asked:
        held.append(Entry(gettext("Given to other authorities"), ", ".join(dict.fromkeys(asked))))
    return held


def _counted(number: int) -> str:
    return ngettext("%(number)s item", "%(number)s items", number) % {"number": number}


def _concern(source: Source) -> Concern:
    found = Concern.objects.filter(case=source.case, number=source.about).first()
    if found is None:
        raise ValueError("this letter needs a request or complaint")
    return found
