"""What is free at a mission, and its figures: equal for everybody, kept for a minute, and cheap to ask."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from consular import casework
from consular.api.reference_data import Open
from consular.api.shapes import Shape
from consular.appointments.distribution import Mode
from consular.missions.models import MissionKind


class FreeDayShape(Shape):
    """On a day at least so many places are free: 1, 5, 10, 20 or 50."""

    day = serializers.DateField()
    at_least = serializers.IntegerField()


class CountShape(Shape):
    """The appointments of one service in the period; null where fewer than five people would be counted."""

    service = serializers.CharField()
    taken = serializers.IntegerField(allow_null=True)
    median_seconds_until_taken = serializers.IntegerField(allow_null=True)
    no_show_percent = serializers.IntegerField(allow_null=True)


class FreeShape(Shape):
    """When somebody can come who needs so many slots that follow one another."""

    slots_each = serializers.IntegerField()
    days_until_free = serializers.IntegerField(allow_null=True)
    free = FreeDayShape(many=True)


class LongerShape(FreeShape):
    """The same for a service that takes more slots than others of its calendar."""

    service = serializers.CharField()


class CalendarFiguresShape(FreeShape):
    """One calendar; what is free is that for the services that take the fewest slots."""

    id = serializers.IntegerField()
    services = serializers.ListField(child=serializers.CharField())
    mode = serializers.ChoiceField(
        Mode.choices, help_text="Where it is not `direct`, times are offered, and none is told as free."
    )
    longer = LongerShape(many=True)
    released = serializers.IntegerField(allow_null=True)
    figures = CountShape(many=True)


class AvailabilityShape(Shape):
    """What everybody is told about the appointments of a mission, as it was at `as_of`."""

    mission = serializers.CharField()
    kind = serializers.ChoiceField(MissionKind.choices)
    city = serializers.CharField()
    time_zone = serializers.CharField()
    as_of = serializers.DateTimeField()
    period_days = serializers.IntegerField()
    calendars = CalendarFiguresShape(many=True)


class Availability(Open):
    """The free days of a mission, coarse, and how its appointments went; written anew once a minute at most."""

    authentication_classes = []
    throttle_classes = []

    @extend_schema(operation_id="availability", responses=AvailabilityShape)
    def get(self, request: Request, code: str) -> Any:
        told = casework.availability_of(code.upper())
        if told is None:
            raise Http404
        seconds = int(casework.AVAILABILITY_KEPT.total_seconds())
        answer = HttpResponse(told.body, content_type="application/json")
        answer["ETag"] = told.tag
        answer["Cache-Control"] = f"public, max-age={seconds}"
        return get_conditional_response(request._request, etag=told.tag, response=answer)
