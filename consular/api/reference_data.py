"""What everybody may ask: services, missions, who is responsible, which times are free."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consular import formspec
from consular.api import shapes
from consular.appointments import slots
from consular.appointments.models import Calendar
from consular.core import clock
from consular.missions.models import Mission
from consular.routing import responsible

MOST_DAYS = 62
"""The longest stretch of days one request may ask for."""


class Open(APIView):
    """An address that needs no key."""

    permission_classes = [AllowAny]


class Services(Open):
    """The services one can apply for."""

    @extend_schema(responses=shapes.ServiceShape(many=True))
    def get(self, request: Request) -> Response:
        rows = [
            {
                "service": folder.service,
                "version": folder.version,
                "title": gettext(str(folder.form.title)),
                "group": folder.form.service_group,
            }
            for folder in formspec.services()
        ]
        return Response(rows)


class Missions(Open):
    """All missions, by code."""

    @extend_schema(responses=shapes.MissionShape(many=True))
    def get(self, request: Request) -> Response:
        return Response(shapes.MissionShape(Mission.objects.order_by("code"), many=True).data)


class OneMission(Open):
    """One mission."""

    @extend_schema(responses=shapes.MissionShape)
    def get(self, request: Request, code: str) -> Response:
        return Response(shapes.MissionShape(get_object_or_404(Mission, code=code)).data)


class ResponsibleMission(Open):
    """Which mission is responsible, and because of which rule."""

    @extend_schema(parameters=[shapes.ResponsibleQuery], responses=shapes.ResponsibleShape)
    def get(self, request: Request) -> Response:
        asked = _valid(shapes.ResponsibleQuery, request)
        answer = responsible(
            asked["service"],
            nationality=asked["nationality"],
            residence=asked["residence"],
            on=asked.get("on") or clock.today(),
        )
        values = {
            "mission": answer.mission,
            "represented_state": answer.represented_state,
            "rule": answer.because.rule,
            "because": answer.because.sentence,
            "is_uncertain": answer.is_uncertain,
        }
        return Response(shapes.ResponsibleShape(values).data)


class Calendars(Open):
    """The calendars of a mission."""

    @extend_schema(responses=shapes.CalendarShape(many=True))
    def get(self, request: Request, code: str) -> Response:
        mission = get_object_or_404(Mission, code=code)
        calendars = Calendar.objects.filter(mission=mission).select_related("mission").order_by("pk")
        return Response(shapes.CalendarShape(calendars, many=True).data)


class Slots(Open):
    """The times of a calendar that still have free places."""

    @extend_schema(parameters=[shapes.SlotQuery], responses=shapes.SlotShape(many=True))
    def get(self, request: Request, pk: int) -> Response:
        asked = _valid(shapes.SlotQuery, request)
        first = asked["first"]
        last = min(
            asked["last"], first.fromordinal(min(first.toordinal() + MOST_DAYS, first.max.toordinal()))
        )
        calendar = get_object_or_404(Calendar.objects.select_related("mission"), pk=pk)
        return Response(shapes.SlotShape(slots.free(calendar, first, last, now=clock.now()), many=True).data)


def _valid(shape: Any, request: Request) -> dict[str, Any]:
    """The query of a request in this shape; ValidationError otherwise."""
    query = shape(data=request.query_params)
    query.is_valid(raise_exception=True)
    values: dict[str, Any] = query.validated_data
    return values
