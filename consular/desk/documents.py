"""The documents of a case for officers: what is asked for, what is there, and the copies, nothing else."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consular import casework
from consular.cases.attachments import AttachmentState
from consular.cases.models import Attachment
from consular.casework import checklist, download
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of

TAGS = {
    AttachmentState.CHECKING: "info",
    AttachmentState.READY: "success",
    AttachmentState.REFUSED: "danger",
}


@dataclass(frozen=True)
class Added:
    """One document in words."""

    attachment: Attachment
    name: str
    state: str
    tag: str
    pages: str
    remarks: tuple[str, ...]
    is_ready: bool


@dataclass(frozen=True)
class Line:
    """One line of the checklist with what was added to it."""

    id: str
    title: str
    note: str
    basis: str
    added: tuple[Added, ...]


@require_safe
@never_cache
@officer_required()
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """The checklist of the case, and what has come."""
    case = case_of(request, reference)
    context = {
        "case": case,
        "service": _(case.form.title),
        "lines": [_line(paper) for paper in checklist.papers(case)],
    }
    return render(request, "desk/documents.html", context)


@require_safe
@never_cache
@officer_required()
def copy(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """The copy of one document; that this officer opened it is written into the history."""
    case = case_of(request, reference)
    if not case.attachments.filter(pk=attachment_id).exists():
        raise Http404
    try:
        opened = casework.open_document(attachment_id, actor=request.user, held=request.duties)
    except Refused:
        raise Http404 from None
    return download.answer(opened, f"{case.reference}-{opened.attachment.document}-{attachment_id}")


def _line(paper: checklist.Paper) -> Line:
    """The line without uploads that are still on their way."""
    added = [each for each in paper.attachments if each.state != AttachmentState.ARRIVING]
    return Line(
        paper.id,
        _(str(paper.label)),
        _(str(paper.note)) if paper.note else "",
        _(paper.basis) if paper.basis else "",
        tuple(_added(attachment) for attachment in added),
    )


def _added(attachment: Attachment) -> Added:
    state, pages = AttachmentState(attachment.state), attachment.pages
    return Added(
        attachment,
        attachment.name or _("File without a name"),
        str(state.label),
        TAGS[state],
        ngettext("%(number)d page", "%(number)d pages", pages) % {"number": pages} if pages else "",
        attachment.remarks,
        is_ready=state == AttachmentState.READY,
    )
