"""The documents of an application: what is asked for, what is there, adding a file, seeing its copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consular import casework, files
from consular.cases.attachments import AttachmentState
from consular.cases.inquiries import Inquiry
from consular.cases.models import Attachment, Case, Phase
from consular.casework import asking, attachments, checklist, download, handing_in
from consular.casework.checklist import Paper
from consular.core import references
from consular.core.errors import Refused
from consular.files import limits
from consular.portal.access import applicant_required


class Several(forms.ClearableFileInput):
    """One file or more."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """All of them, in their order."""

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        """Each of a sensible size, and all together: before anything of them is read."""
        several = data if isinstance(data, list) and data else [data]
        chosen: list[UploadedFile[bytes]] = [super(Files, self).clean(file, initial) for file in several]
        sizes = [file.size or 0 for file in chosen]
        if max(sizes) > files.LARGEST_FILE or sum(sizes) > limits.LARGEST_TOGETHER:
            raise forms.ValidationError(_("The files are too large: each up to 10 MB, together up to 30 MB."))
        return chosen


class FileForm(forms.Form):
    """One file, or the pages of one document in their order."""

    file = Files(
        label=gettext_lazy("File, or several photos of one document"),
        help_text=gettext_lazy(
            "PDF, JPEG or PNG, each up to 10 MB, together up to 30 MB and 60 pages. Several photos become one document,"
            " in the order in which your device lists them."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("A file is empty. Choose another one."),
        },
        widget=Several(attrs={"accept": "application/pdf,image/jpeg,image/png", "multiple": True}),
    )


@dataclass(frozen=True)
class Line:
    """One line of the list, as the task list shows it."""

    title: str
    url: str
    status: str
    kind: str
    done: bool = False


@dataclass(frozen=True)
class Added:
    """One document that was added, in words."""

    id: int
    name: str
    state: str
    kind: str
    pages: str
    remarks: tuple[str, ...]
    is_ready: bool
    is_arriving: bool
    is_checking: bool
    may_go: bool


@require_safe
@never_cache
@applicant_required
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """What is asked for, and what is there."""
    return _list(request, _found(request, reference))


@require_POST
@applicant_required
def hand_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything is there: the mission goes on."""
    case = _found(request, reference)
    try:
        casework.hand_in(case.pk, actor=request.user)
    except Refused as refusal:
        return _list(request, case, refusal)
    messages.success(request, _("The mission has your documents and goes on."))
    return redirect("portal:case", reference=case.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@applicant_required
def document(request: HttpRequest, reference: str, document: str) -> HttpResponse:
    """One line of the checklist: why, what is there, and adding to it."""
    case = _found(request, reference)
    paper = _paper(case, document)
    if request.method != "POST":
        return _page(request, case, paper, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, case, paper, form, 422)
    contents = [(file.name or "", file.read()) for file in form.cleaned_data["file"]]
    try:
        casework.add_document(case.pk, paper.id, contents, actor=request.user)
    except Refused as refusal:
        form.add_error("file", str(refusal.message))
        return _page(request, case, paper, form, refusal.status)
    return redirect("portal:document", reference=case.reference, document=paper.id)


@require_POST
@applicant_required
def remove(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """Take a document away."""
    case = _found(request, reference)
    attachment = _attachment(case, attachment_id)
    paper = _paper(case, attachment.document, or_other=True)
    try:
        casework.remove_document(case.pk, attachment.pk, actor=request.user)
    except Refused as refusal:
        return _page(request, case, paper, FileForm(), refusal.status, refusal=refusal.message)
    return redirect("portal:document", reference=case.reference, document=paper.id)


@require_safe
@never_cache
@applicant_required
def copy(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """The copy as the mission sees it."""
    case = _found(request, reference)
    _attachment(case, attachment_id)
    try:
        opened = casework.open_document(attachment_id, actor=request.user)
    except Refused:
        raise Http404 from None
    return download.answer(opened, f"{case.reference}-{attachment_id}")


@require_safe
@applicant_required
def preview(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """A small picture of the first page."""
    _attachment(_found(request, reference), attachment_id)
    try:
        picture = attachments.preview(attachment_id, actor=request.user)
    except Refused:
        raise Http404 from None
    return download.picture(picture)


def _list(request: HttpRequest, case: Case, refusal: Refused | None = None) -> HttpResponse:
    inquiry = asking.of(case)
    context = {
        "case": case,
        "service": str(case.form.title),
        "lines": [
            _line(case, paper)
            for paper in checklist.papers(case)
            if paper.attachments or _may_add(paper.id, inquiry)
        ],
        "refusal": refusal and refusal.message,
        **_always(case),
    }
    return render(request, "portal/documents.html", context, status=refusal.status if refusal else 200)


def _found(request: HttpRequest, reference: str) -> Case:
    mine = Case.objects.visible_to(request.user).select_related("answers", "mission")
    case = mine.filter(reference=references.tidy(reference)).first()
    if case is None:
        raise Http404
    return case


def _paper(case: Case, document: str, *, or_other: bool = False) -> Paper:
    lines = {paper.id: paper for paper in checklist.papers(case)}
    if document not in lines and not or_other:
        raise Http404
    return lines.get(document, lines[checklist.OTHER])


def _attachment(case: Case, attachment_id: int) -> Attachment:
    attachment = case.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise Http404
    return attachment


def _page(
    request: HttpRequest, case: Case, paper: Paper, form: FileForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "case": case,
        "paper": paper,
        "title": _(str(paper.label)),
        "note": _(str(paper.note)) if paper.note else "",
        "basis": _(paper.basis) if paper.basis else "",
        "form": form,
        "added": [_added(case, attachment) for attachment in paper.attachments],
        "largest": attachments.LARGEST_CHUNK // 4,
        **_always(case, paper.id),
        **more,
    }
    return render(request, "portal/document.html", context, status=status)


def _may_add(document: str, inquiry: Inquiry | None) -> bool:
    """Whether files can be added to a line: where the mission has named documents, to those alone."""
    named = inquiry.documents if inquiry is not None and inquiry.items else None
    return named is None or document in named


def _always(case: Case, document: str = "") -> dict[str, Any]:
    back = "portal:draft" if case.phase == Phase.DRAFT else "portal:case"
    inquiry = asking.of(case)
    is_named = inquiry is not None and bool(inquiry.items)
    is_awaited = handing_in.is_awaited(case) and not is_named
    return {
        "is_named": is_named,
        "is_awaited": is_awaited,
        "can_hand_in": is_awaited and handing_in.has_new(case),
        "may_add": case.phase in attachments.OPEN and (not document or _may_add(document, inquiry)),
        "is_draft": case.phase == Phase.DRAFT,
        "back_url": reverse(back, args=[case.reference]),
    }


def _line(case: Case, paper: Paper) -> Line:
    status, kind = _standing(paper.attachments)
    address = reverse("portal:document", args=[case.reference, paper.id])
    return Line(_(str(paper.label)), address, status, kind)


def _standing(added: Sequence[Attachment]) -> tuple[str, str]:
    """How a line stands, in a word: what needs somebody's attention comes first."""
    states = {attachment.state for attachment in added}
    if AttachmentState.REFUSED in states:
        return _("Something is wrong"), "danger"
    if AttachmentState.ARRIVING in states:
        return _("Not complete yet"), "warning"
    if AttachmentState.CHECKING in states:
        return _("Being checked"), "info"
    if states:
        number = len(added)
        return ngettext("%(number)d file", "%(number)d files", number) % {"number": number}, "success"
    return _("Nothing yet"), ""


KINDS = {
    AttachmentState.ARRIVING: "warning",
    AttachmentState.CHECKING: "info",
    AttachmentState.READY: "success",
    AttachmentState.REFUSED: "danger",
}


def _added(case: Case, attachment: Attachment) -> Added:
    state = AttachmentState(attachment.state)
    pages = attachment.pages
    return Added(
        id=attachment.pk,
        name=attachment.name or _("File without a name"),
        state=str(state.label),
        kind=KINDS[state],
        pages=ngettext("%(number)d page", "%(number)d pages", pages) % {"number": pages} if pages else "",
        remarks=attachment.remarks,
        is_ready=state == AttachmentState.READY,
        is_arriving=state == AttachmentState.ARRIVING,
        is_checking=state == AttachmentState.CHECKING,
        may_go=attachments.may_go(case, attachment),
    )
