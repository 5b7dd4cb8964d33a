"""The pages of a document beside the answers: turned, enlarged and leafed through by links."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consular import casework
from consular.cases.attachments import AttachmentState
from consular.cases.models import Attachment, Case
from consular.casework import checklist, download
from consular.core.errors import Refused
from consular.desk import in_both
from consular.desk.access import officer_required
from consular.desk.cases import case_of
from consular.files import Leaf

TURNS = (0, 1, 2, 3)
"""Quarters of a full turn, clockwise."""
ZOOMS = (1, 2, 3, 4)
"""How wide the picture is: as its column, or so many halves more."""
PLACES = (
    "",
    "translate({height} 0) rotate(90)",
    "translate({width} {height}) rotate(180)",
    "translate(0 {width}) rotate(270)",
)


@dataclass(frozen=True)
class View:
    """Which page is shown how; `query` is the address of the same view with something else."""

    page: int
    turn: int
    zoom: int

    @classmethod
    def of(cls, request: HttpRequest, pages: int) -> "View":
        """What the address says; anything strange means the first page as it is."""
        return cls(
            _number(request, "page", range(1, max(1, pages) + 1)),
            _number(request, "turn", TURNS),
            _number(request, "zoom", ZOOMS),
        )

    def query(self, **changed: int) -> str:
        """The address of a view like this one."""
        return "?" + urlencode({"page": self.page, "turn": self.turn, "zoom": self.zoom, **changed})


@dataclass(frozen=True)
class Picture:
    """How the page lies in its frame: the frame's box, and what turns the picture within it (SVG)."""

    width: int
    height: int
    box: str
    transform: str


@require_safe
@never_cache
@officer_required()
def view(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """One page of a document beside the answers; that it was opened is written into the history."""
    case = case_of(request, reference)
    attachment = _attachment(case, attachment_id)
    shown = View.of(request, attachment.pages)
    _opened, leaf = _open(request, attachment, shown.page)
    folder = case.folder
    context = {
        "case": case,
        "attachment": attachment,
        "name": attachment.name or _("File without a name"),
        "view": shown,
        "picture": _picture(leaf, shown.turn) if leaf else None,
        "links": _links(shown, attachment.pages),
        "others": _others(case),
        "pages": in_both.answered(folder, case),
    }
    return render(request, "desk/viewer.html", context)


@require_safe
@never_cache
@officer_required()
def page(request: HttpRequest, reference: str, attachment_id: int, number: int) -> HttpResponse:
    """The picture of one page."""
    attachment = _attachment(case_of(request, reference), attachment_id)
    _opened, leaf = _open(request, attachment, number)
    if leaf is None:
        raise Http404
    return download.picture(leaf.jpeg)


def _attachment(case: Case, attachment_id: int) -> Attachment:
    found = case.attachments.filter(pk=attachment_id, state=AttachmentState.READY).first()
    if found is None:
        raise Http404
    return found


def _open(request: HttpRequest, attachment: Attachment, number: int) -> tuple[Attachment, Leaf | None]:
    try:
        return casework.open_page(attachment.pk, number, actor=request.user, held=request.duties)
    except Refused:
        raise Http404 from None


def _number(request: HttpRequest, name: str, allowed: range | tuple[int, ...]) -> int:
    text = request.GET.get(name, "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else allowed[0]
    return number if number in allowed else allowed[0]


def _picture(leaf: Leaf, turn: int) -> Picture:
    lies = turn % 2 == 1
    width, height = (leaf.height, leaf.width) if lies else (leaf.width, leaf.height)
    facts = {"width": leaf.width, "height": leaf.height}
    return Picture(leaf.width, leaf.height, f"0 0 {width} {height}", PLACES[turn].format(**facts))


def _links(shown: View, pages: int) -> dict[str, str]:
    """Where the buttons lead; "" where there is nothing more that way."""
    return {
        "before": shown.query(page=shown.page - 1) if shown.page > 1 else "",
        "after": shown.query(page=shown.page + 1) if shown.page < pages else "",
        "left": shown.query(turn=(shown.turn - 1) % 4),
        "right": shown.query(turn=(shown.turn + 1) % 4),
        "larger": shown.query(zoom=shown.zoom + 1) if shown.zoom < ZOOMS[-1] else "",
        "smaller": shown.query(zoom=shown.zoom - 1) if shown.zoom > ZOOMS[0] else "",
    }


def _others(case: Case) -> list[tuple[str, Attachment]]:
    """The documents that can be looked at, each with the title of its line."""
    return [
        (_(str(paper.label)), each)
        for paper in checklist.papers(case)
        for each in paper.attachments
        if each.state == AttachmentState.READY
    ]
