"""What everybody may ask: services, missions, who is responsible, which times are free."""

from datetime import timedelta
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consular import fees, formspec, routing
from consular.api import shapes
from consular.api.throttling import Strangers
from consular.appointments import adjoining, calendars, slots
from consular.appointments.models import Calendar
from consular.cases import forecast
from consular.core import clock
from consular.missions.models import Mission, ServiceGroup


class Open(APIView):
    """An address that needs no key."""

    permission_classes = [AllowAny]
    throttle_classes = [Strangers]


class Services(Open):
    """The services one can apply for."""

    @extend_schema(operation_id="services", responses=shapes.ServiceShape(many=True))
    def get(self, request: Request) -> Response:
        rows = [
            {
                "service": folder.service,
                "version": folder.version,
                "title": gettext(str(folder.form.title)),
                "group": folder.form.service_group,
            }
            for folder in formspec.offered()
        ]
        return Response(shapes.ServiceShape(rows, many=True).data)


class Missions(Open):
    """All missions, by code."""

    @extend_schema(operation_id="missions", responses=shapes.MissionShape(many=True))
    def get(self, request: Request) -> Response:
        return Response(shapes.MissionShape(Mission.objects.order_by("code"), many=True).data)


class OneMission(Open):
    """One mission."""

    @extend_schema(operation_id="mission", responses=shapes.MissionShape)
    def get(self, request: Request, code: str) -> Response:
        return Response(shapes.MissionShape(_mission(code)).data)


class ResponsibleMission(Open):
    """Which mission is responsible and because of which rule, until when, who else takes applications, fee and time."""

    @extend_schema(
        operation_id="responsible", parameters=[shapes.ResponsibleQuery], responses=shapes.ResponsibleShape
    )
    def get(self, request: Request) -> Response:
        asked = shapes.asked(shapes.ResponsibleQuery, request.query_params)
        found = routing.responsible(
            asked["service"],
            nationality=asked["nationality"],
            residence=asked["residence"],
            on=asked.get("on"),
            situation=routing.Situation(asked.get("destination"), asked.get("present_in")),
        )
        told = {
            "found": found,
            "upcoming": routing.upcoming(asked["service"], found),
            "alternatives": routing.intake_sites(found),
            "fees": _prices(asked["service"], found),
            "forecast": forecast.here(found.mission, asked["service"]),
        }
        return Response(shapes.ResponsibleShape(told).data)


def _prices(service: str, found: routing.Responsible) -> tuple[fees.Price, ...]:
    """The fee by age for nationality and residence; only a service has one, a group of services has none."""
    if service in ServiceGroup.values:
        return ()
    question = found.question
    facts = fees.facts_of(question.nationality, question.residence)
    bands = fees.known(formspec.latest(service), facts, question.on)
    return fees.prices(bands, fees.rate_of(found.mission, question.on))


class Calendars(Open):
    """The calendars of a mission."""

    @extend_schema(operation_id="calendars", responses=shapes.CalendarShape(many=True))
    def get(self, request: Request, code: str) -> Response:
        calendars = Calendar.objects.filter(mission=_mission(code)).select_related("mission").order_by("pk")
        return Response(shapes.CalendarShape(calendars, many=True).data)


def _mission(code: str) -> Mission:
    """The mission with a code, in capitals or not."""
    return get_object_or_404(Mission, code=code.upper())


class Slots(Open):
    """The times of a calendar that still have free places."""

    @extend_schema(operation_id="slots", parameters=[shapes.SlotQuery], responses=shapes.SlotShape(many=True))
    def get(self, request: Request, calendar_id: int) -> Response:
        asked = shapes.asked(shapes.SlotQuery, request.query_params)
        calendar = get_object_or_404(Calendar.objects.select_related("mission"), pk=calendar_id)
        if asked["service"] and asked["service"] not in calendar.services:
            raise ValidationError({"service": [gettext("This calendar is not for this service.")]})
        today = clock.today(calendar.mission.time_zone)
        first = max(asked["from"], today)
        last = min(asked["to"], today + timedelta(days=calendar.horizon_days))
        wish = adjoining.Wish(asked["people"], calendars.slots_of(calendar, asked["service"]))
        fitting: tuple[slots.FreeSlot, ...] = ()
        if first <= last:
            fitting = adjoining.times(calendar, (first, last), wish, now=clock.now())
        return Response(shapes.SlotShape(fitting, many=True).data)


class Nothing(Open):
    """Every other address below the interface."""

    @extend_schema(exclude=True)
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
