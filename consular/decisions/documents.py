"""L14: a document is ready, still waits to be collected, or was reported lost."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.decisions.bodies import Document, Entry
from consular.decisions.entered import last_with, said
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, version, written
from consular.formspec.dates import as_date

DOCUMENTS: Mapping[str, str | Promise] = {
    "EPASS": _("Passport"),
    "PROV": _("Provisional passport"),
    "ID": _("Identity card"),
    "REAG": _("Travel document for the return to Germany"),
    "EU_ETD": _("EU emergency travel document"),
}
"""The documents one can apply for, by the form's values."""

LOST: Mapping[str, str | Promise] = {
    **DOCUMENTS,
    "other": _("Passport or identity card of another EU state"),
}
"""The documents one can have lost, by the form's values."""


def ready(source: Source, language: str) -> Version:
    """L14: the document can be collected, or is sent by mail where that was asked for (PassV section 17)."""
    is_mailed = source.case.answers.data.get("delivery") == "mail"
    title = gettext("We send you your document") if is_mailed else gettext("Your document is ready")
    return version(source, language, title, Document(_document(source), (), is_mailed))


def reminder(source: Source, language: str) -> Version:
    """L14: the document still waits, and will be cancelled one day."""
    return version(
        source, language, gettext("Please collect your document"), Document(_document(source), (), False)
    )


def loss(source: Source, language: str) -> Version:
    """L14: the report of a loss is confirmed: what was lost, when and where (PassG section 15, PAuswG section 27)."""
    entries = last_with(source.case, "lost_on")
    said(entries, "lost_on")
    labels = {
        "lost_document": gettext("Document"),
        "lost_number": gettext("Document number"),
        "lost_on": gettext("Lost on"),
        "lost_at": gettext("Place of the loss"),
        "police_reference": gettext("Reference of the police"),
    }
    facts = tuple(
        Entry(label, _shown(name, entries[name])) for name, label in labels.items() if entries.get(name)
    )
    return version(
        source, language, gettext("Confirmation of the loss of a document"), Document("", facts, False)
    )


def _document(source: Source) -> str:
    """The document that was applied for; the name of the service when the form does not ask."""
    wanted = source.case.answers.data.get("document")
    return str(DOCUMENTS[wanted]) if wanted in DOCUMENTS else source.service


def _shown(question: str, value: str) -> str:
    if question == "lost_on":
        return written(as_date(value))
    return str(LOST[value]) if question == "lost_document" and value in LOST else plain(value)
