"""L04: what the applicant is asked for and by when, a reminder of it, or the hearing before a visa is taken away."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case
from consular.decisions import annex_vi
from consular.decisions.bodies import Entry, Hearing, Named, Request, Typed
from consular.decisions.entered import entry, last_with, said
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, version, written
from consular.missions.models import ServiceGroup

VISAS = frozenset({ServiceGroup.VISA_C, ServiceGroup.VISA_D})
"""The services for which the Residence Act lets a mission disregard what comes too late."""

MEASURES: Mapping[str, str | Promise] = {
    "annul": _(
        "We are considering whether your visa has to be annulled: the conditions were not met when it was issued."
    ),
    "revoke": _("We are considering whether your visa has to be revoked: the conditions are no longer met."),
}
"""What may become of a visa (Visa Code art. 34(1) and (2)), by the form's values."""


def request(source: Source, language: str) -> Version:
    """L04: what an officer asked for (the last answer to `request`), by when, and for a visa what may follow otherwise
    (Residence Act section 82(1) and (3)).
    """
    is_visa = source.folder.form.service_group in VISAS
    return _request(source, language, gettext("We need something from you"), is_strict=is_visa)


def reminder(source: Source, language: str) -> Version:
    """L04: the same once more, with what happens if nothing comes (Residence Act section 82(1))."""
    return _request(source, language, gettext("Reminder: we are waiting for you"), is_strict=True)


def hearing(source: Source, language: str) -> Version:
    """L04: which grounds are held against the visa, and the time to state the case (VwVfG section 28)."""
    entries = entry(source.case, "grounds").entries
    body = Hearing(
        visa=_visa(source.case.answers.data | entries),
        measure=str(MEASURES[said(entries, "kind")]),
        grounds=tuple(annex_vi.ground(int(number), language) for number in said(entries, "grounds")),
        courtesy=_courtesy(language),
        facts=Typed(plain(entries.get("facts") or "")),
        last_day=written(source.last_day),
    )
    return version(source, language, gettext("Your visa: we ask for your statement"), body)


def _courtesy(language: str) -> str:
    """That the grounds are our own translation, "" where they are the official wording."""
    if not annex_vi.is_courtesy(language):
        return ""
    return gettext(
        "The grounds are translated as a courtesy. The wording in the German text of this letter counts."
    )


def _request(source: Source, language: str, title: str, *, is_strict: bool) -> Version:
    asked = Typed(plain(said(last_with(source.case, "request"), "request")))
    is_strict = is_strict and source.last_day is not None
    body = Request(source.service, asked, written(source.last_day), _named(source.case), is_strict)
    return version(source, language, title, body)


def _named(case: Case) -> tuple[Named, ...]:
    """The questions and documents that reopened with the last request."""
    last = case.inquiries.filter(sent_at__isnull=False).order_by("-id").first()
    items = last.asked if last else ()
    return tuple(Named(plain(item.title), item.lack, Typed(plain(item.remark))) for item in items)


def _visa(entries: Mapping[str, str]) -> tuple[Entry, ...]:
    labels = {"visa_number": gettext("Number of the visa"), "visa_letter": gettext("Letter of grant")}
    return tuple(Entry(label, plain(entries[name])) for name, label in labels.items() if entries.get(name))
