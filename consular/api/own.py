"""What needs a key: the caller's cases and their appointments. The same verbs as the pages use."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consular import casework
from consular.api import shapes
from consular.api.once import KEY, LONGEST_KEY, Once, Own
from consular.api.paging import page
from consular.appointments.models import Booking
from consular.cases.models import Case
from consular.core import clock, references
from consular.core.errors import Refused

_KEYED = OpenApiParameter(
    KEY,
    {"type": "string", "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="What the caller calls this request: it is done once.",
)


class Cases(Own):
    """The cases the caller may see, the newest first."""

    @extend_schema(operation_id="cases", parameters=[shapes.PageQuery], responses=shapes.CasePage)
    def get(self, request: Request) -> Response:
        return page(request, _cases(request).select_related("mission"), shapes.CaseShape)


class OneCase(Own):
    """One of the caller's cases."""

    @extend_schema(operation_id="case", responses=shapes.CaseShape)
    def get(self, request: Request, reference: str) -> Response:
        case = _cases(request).select_related("mission").filter(reference=_tidy(reference)).first()
        if case is None:
            raise Http404
        return Response(shapes.CaseShape(case).data)


class Bookings(Once):
    """The bookings that count now, and new ones."""

    @extend_schema(operation_id="bookings", parameters=[shapes.PageQuery], responses=shapes.BookingPage)
    def get(self, request: Request) -> Response:
        bookings = _bookings(request)
        return page(request, bookings.active(clock.now()), shapes.BookingShape, known=bookings)

    @extend_schema(
        operation_id="hold",
        parameters=[_KEYED],
        description="Reserve a time for ten minutes; with `others`, places side by side for all of them or none.",
        request=shapes.HoldRequest,
        responses={201: shapes.BookingShape},
    )
    def post(self, request: Request) -> Response:
        asked = shapes.asked(shapes.HoldRequest, request.data)
        wanted = [("case", asked["case"]), *(("others", one) for one in asked.get("others", ()))]
        cases = list(dict.fromkeys(_case(request, name, reference) for name, reference in wanted))
        if len(cases) > 1:
            held = casework.hold_together(cases, asked["slot"], actor=shapes.caller(request))[0]
        else:
            held = casework.hold_slot(cases[0], asked["slot"], actor=shapes.caller(request))
        answer = _answer(request, held.reference, status=201)
        answer["Location"] = request.build_absolute_uri(reverse("api:booking", args=[held.reference]))
        return answer


class OneBooking(Own):
    """One booking of a case the caller may see."""

    @extend_schema(operation_id="booking", responses=shapes.BookingShape)
    def get(self, request: Request, reference: str) -> Response:
        return _answer(request, _tidy(reference))


class Confirmation(Once):
    """Make a reserved time an appointment, for all who come together; doing it twice changes nothing."""

    @extend_schema(operation_id="confirm", parameters=[_KEYED], request=None, responses=shapes.BookingShape)
    def post(self, request: Request, reference: str) -> Response:
        done = casework.confirm_appointment(_tidy(reference), actor=shapes.caller(request))
        return _answer(request, done.reference)


class Move(Once):
    """Move an appointment, for all who come together; the old time is kept until the new one is certain."""

    @extend_schema(
        operation_id="move", parameters=[_KEYED], request=shapes.MoveRequest, responses=shapes.BookingShape
    )
    def post(self, request: Request, reference: str) -> Response:
        asked = shapes.asked(shapes.MoveRequest, request.data)
        done = casework.move_appointment(_tidy(reference), asked["slot"], actor=shapes.caller(request))
        return _answer(request, done.reference)


class Cancellation(Once):
    """Give an appointment back, for all who come together; doing it twice changes nothing."""

    @extend_schema(operation_id="cancel", parameters=[_KEYED], request=None, responses=shapes.BookingShape)
    def post(self, request: Request, reference: str) -> Response:
        done = casework.cancel_appointment(_tidy(reference), actor=shapes.caller(request))
        return _answer(request, done.reference)


def _cases(request: Request) -> "QuerySet[Case]":
    return Case.objects.visible_to(shapes.caller(request))


def _case(request: Request, name: str, reference: str) -> int:
    """The number of one of the caller's cases; Refused (404), with the name of the field."""
    found = _cases(request).filter(reference=_tidy(reference)).values_list("pk", flat=True).first()
    if found is None:
        sentence = _("There is no such case, or it is not yours.")
        raise Refused(sentence, code="not_found", field=name, status=404)
    return int(found)


def _bookings(request: Request) -> Any:
    """The bookings of the cases the caller may see."""
    bookings = Booking.objects.filter(case__in=_cases(request))
    return bookings.select_related("case", "place__slot")


def _answer(request: Request, reference: str, *, status: int = 200) -> Response:
    booking = _bookings(request).filter(reference=reference).first()
    if booking is None:
        raise Http404
    return Response(shapes.BookingShape(booking).data, status=status)


def _tidy(reference: str) -> str:
    """The reference as we wrote it; nothing for what never was one."""
    return references.tidy(reference) or ""
