"""What needs a key: the caller's cases and their appointments. The same verbs as the pages use."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consular import casework
from consular.api import shapes
from consular.cases.models import Case
from consular.core import references
from consular.core.errors import Refused

MOST_CASES = 200


class Cases(APIView):
    """The caller's cases, the latest first."""

    @extend_schema(responses=shapes.CaseShape(many=True))
    def get(self, request: Request) -> Response:
        cases = (
            Case.objects.visible_to(shapes.caller(request)).select_related("mission").order_by("-changed_at")
        )
        return Response(shapes.CaseShape(cases[:MOST_CASES], many=True).data)


class OneCase(APIView):
    """One of the caller's cases."""

    @extend_schema(responses=shapes.CaseShape)
    def get(self, request: Request, reference: str) -> Response:
        cases = Case.objects.visible_to(shapes.caller(request)).select_related("mission")
        return Response(shapes.CaseShape(get_object_or_404(cases, reference=references.tidy(reference))).data)


class Bookings(APIView):
    """Reserve a time for ten minutes."""

    @extend_schema(request=shapes.HoldRequest, responses={201: shapes.BookingShape})
    def post(self, request: Request) -> Response:
        asked = _valid(shapes.HoldRequest, request)
        case = (
            Case.objects.visible_to(shapes.caller(request))
            .filter(reference=references.tidy(asked["case"]))
            .first()
        )
        if case is None:
            raise Refused(
                _("There is no such case, or it is not yours."), code="not_found", field="case", status=422
            )
        booking = casework.hold_slot(case.pk, asked["slot"], actor=shapes.caller(request))
        return Response(shapes.BookingShape(booking).data, status=201)


class Confirmation(APIView):
    """Make a reserved time an appointment."""

    @extend_schema(request=None, responses=shapes.BookingShape)
    def post(self, request: Request, reference: str) -> Response:
        booking = casework.confirm_booking(reference, actor=shapes.caller(request))
        return Response(shapes.BookingShape(booking).data)


class Move(APIView):
    """Move an appointment; the old time is kept until the new one is certain."""

    @extend_schema(request=shapes.MoveRequest, responses=shapes.BookingShape)
    def post(self, request: Request, reference: str) -> Response:
        asked = _valid(shapes.MoveRequest, request)
        booking = casework.move_booking(reference, asked["slot"], actor=shapes.caller(request))
        return Response(shapes.BookingShape(booking).data)


class Cancellation(APIView):
    """Give an appointment back."""

    @extend_schema(request=None, responses=shapes.BookingShape)
    def post(self, request: Request, reference: str) -> Response:
        booking = casework.cancel_booking(reference, actor=shapes.caller(request))
        return Response(shapes.BookingShape(booking).data)


def _valid(shape: Any, request: Request) -> dict[str, Any]:
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    values: dict[str, Any] = body.validated_data
    return values
