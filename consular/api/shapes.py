"""The shapes of what comes in and what goes out."""

from typing import Any

from rest_framework import serializers

from consular.accounts.models import User
from consular.appointments.models import Booking
from consular.cases.models import Case
from consular.missions.models import Mission


class ServiceShape(serializers.Serializer[Any]):
    """One service."""

    service = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    group = serializers.CharField()


class MissionShape(serializers.ModelSerializer[Mission]):
    """One mission."""

    class Meta:
        model = Mission
        fields = ["code", "kind", "city", "country", "time_zone", "languages"]


class ResponsibleQuery(serializers.Serializer[Any]):
    """Who asks for what, living where."""

    service = serializers.CharField(max_length=60)
    nationality = serializers.CharField(max_length=3)
    residence = serializers.CharField(max_length=20)
    on = serializers.DateField(required=False)


class ResponsibleShape(serializers.Serializer[Any]):
    """The responsible mission, and why."""

    mission = MissionShape()
    represented_state = serializers.CharField(allow_null=True)
    rule = serializers.CharField()
    because = serializers.CharField()
    is_uncertain = serializers.BooleanField()


class CalendarShape(serializers.Serializer[Any]):
    """One calendar of a mission."""

    id = serializers.IntegerField()
    services = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField(source="mission.time_zone")
    slot_minutes = serializers.IntegerField()


class SlotQuery(serializers.Serializer[Any]):
    """From which local day to which, both included."""

    first = serializers.DateField()
    last = serializers.DateField()


class SlotShape(serializers.Serializer[Any]):
    """One slot with free places."""

    id = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    places = serializers.IntegerField()


class HoldRequest(serializers.Serializer[Any]):
    """Which slot for which case."""

    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    case = serializers.CharField(max_length=20)


class MoveRequest(serializers.Serializer[Any]):
    """To which slot."""

    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class BookingShape(serializers.ModelSerializer[Booking]):
    """One booking."""

    slot = serializers.IntegerField(source="slot.pk")
    starts_at = serializers.DateTimeField(source="slot.starts_at")
    ends_at = serializers.DateTimeField(source="slot.ends_at")

    class Meta:
        model = Booking
        fields = ["reference", "state", "active_until", "slot", "starts_at", "ends_at"]


class CaseShape(serializers.ModelSerializer[Case]):
    """One of the caller's cases; the answers stay in the pages."""

    mission = serializers.CharField(source="mission.code", default=None)

    class Meta:
        model = Case
        fields = ["reference", "service", "phase", "outcome", "mission", "submitted_at"]


def caller(request: Any) -> User:
    """The account that acts, for the type checker: the interface answers nobody without one."""
    user: User = request.user
    return user
