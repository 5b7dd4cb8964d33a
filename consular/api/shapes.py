"""The shapes of what comes in and what goes out. What is not listed here is neither taken nor given."""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from consular.accounts.models import User
from consular.appointments.distribution import Mode
from consular.appointments.models import Booking, State
from consular.cases.models import Case, Phase
from consular.core import clock
from consular.missions.models import IntakeSite, Mission, MissionKind, ServiceGroup, SiteKind
from consular.missions.titles import title

MOST_DAYS = 62
"""The longest stretch of days one request may ask for."""

Shape = serializers.Serializer[Any]


class Asked(serializers.Serializer[Any]):
    """What comes in: every name that is not expected is refused, so that no typing mistake goes unnoticed."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                sentence = _("This name is not known here.")
                raise serializers.ValidationError({_writable(name): [sentence] for name in unknown[:20]})
        return super().to_internal_value(data)


def _writable(name: str) -> str:
    """A name as far as it can be repeated: JSON may bring half a character, which no answer in UTF-8 can hold."""
    return name[:80].encode("utf-8", "replace").decode()


class ResponsibleQuery(Asked):
    """Who asks for what, living where."""

    service = serializers.CharField(max_length=60, help_text="A service, or a group of services.")
    nationality = serializers.CharField(max_length=3, help_text="ISO 3166-1 alpha-3.")
    residence = serializers.CharField(
        max_length=80, help_text="ISO 3166-1 or 3166-2, with /county where a district is split."
    )
    on = serializers.DateField(required=False, help_text="Today unless given.")
    destination = serializers.CharField(
        max_length=3, required=False, help_text="State of the main destination, ISO 3166-1 alpha-3."
    )
    present_in = serializers.CharField(
        max_length=80, required=False, help_text="Where somebody stays who does not live there."
    )


class SlotQuery(Asked):
    """From which local day to which, both included, for how many people beside each other, and for which service."""

    to = serializers.DateField()
    service = serializers.CharField(max_length=60, default="")
    people = serializers.IntegerField(min_value=1, max_value=20, default=1)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which Python has taken as a word of its own."""
        return {"from": serializers.DateField(), **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not 0 <= (attrs["to"] - attrs["from"]).days < MOST_DAYS:
            sentence = _("Ask for %(days)d days at most, and for the first day before the last.")
            raise serializers.ValidationError({"to": [sentence % {"days": MOST_DAYS}]})
        return attrs


class PageQuery(Asked):
    """After which entry the page begins; without it, the newest."""

    after = serializers.CharField(max_length=40, required=False)


class MoveRequest(Asked):
    """To which slot."""

    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class HoldRequest(MoveRequest):
    """Which slot for which case, and for which other cases of the account whose people come along."""

    case = serializers.CharField(max_length=40)
    others = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=19)


class ServiceShape(Shape):
    """One service."""

    service = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    group = serializers.ChoiceField(ServiceGroup.choices)


class MissionShape(Shape):
    """One mission; its name is in the language of the answer."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(MissionKind.choices)
    name = serializers.SerializerMethodField()
    country = serializers.CharField()
    address = serializers.CharField()
    time_zone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())

    def get_name(self, mission: Mission) -> str:
        """The name as a heading."""
        return title(mission)


class ChangeShape(Shape):
    """From which day on another mission is responsible; `mission` is null when none will be, or several."""

    on = serializers.DateField()
    mission = serializers.CharField(source="mission.code", allow_null=True, default=None)
    because = serializers.CharField(source="because.sentence")


class AlternativeShape(Shape):
    """Who else takes applications and hands them on."""

    kind = serializers.ChoiceField(SiteKind.choices)
    name = serializers.CharField(allow_blank=True)
    city = serializers.SerializerMethodField()
    is_uncertain = serializers.BooleanField(source="uncertain")

    def get_city(self, site: IntakeSite) -> str:
        """The city in the language of the answer."""
        return _(site.city)


class PriceShape(Shape):
    """What is due from one age to another, in euro and, where a rate is known, in local money."""

    from_age = serializers.IntegerField()
    to_age = serializers.IntegerField(allow_null=True)
    amount = serializers.DecimalField(12, 2)
    currency = serializers.CharField()
    waived = serializers.BooleanField()
    local_amount = serializers.DecimalField(16, 2, allow_null=True)
    local_currency = serializers.CharField(allow_null=True)
    rate_of = serializers.DateField(allow_null=True)


class ForecastShape(Shape):
    """Of the decisions at the mission since a day, half took up to so many days, and nine of ten up to so many.

    Counted in calendar days from the day on which the mission took in the application. No promise.
    """

    since = serializers.DateField()
    cases = serializers.IntegerField()
    half_days = serializers.IntegerField()
    nine_of_ten_days = serializers.IntegerField()


class ResponsibleShape(Shape):
    """The responsible mission, why and until when, who else takes applications, and fee and time of a service.

    `forecast` is null where too few applications were decided lately to say how long it takes.
    """

    mission = MissionShape(source="found.mission")
    intake = serializers.CharField(source="found.intake.code")
    deciding_office = serializers.CharField(source="found.deciding_office.code")
    represented_state = serializers.CharField(source="found.represented_state", allow_null=True)
    rule = serializers.CharField(source="found.because.rule")
    because = serializers.CharField(source="found.because.sentence")
    valid_from = serializers.DateField(source="found.because.valid_from", allow_null=True)
    is_uncertain = serializers.BooleanField(source="found.is_uncertain")
    upcoming = ChangeShape(allow_null=True)
    alternatives = AlternativeShape(many=True)
    fees = PriceShape(many=True)
    forecast = ForecastShape(allow_null=True)


class CalendarShape(Shape):
    """One calendar of a mission."""

    id = serializers.IntegerField()
    services = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField(source="mission.time_zone")
    slot_minutes = serializers.IntegerField()
    mode = serializers.ChoiceField(
        Mode.choices, help_text="Times are reserved by `POST bookings/` only where it is `direct`."
    )
    most_people = serializers.IntegerField(help_text="So many people can come together.")


class SlotShape(Shape):
    """One slot with free places."""

    id = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    places = serializers.IntegerField()


class BookingShape(Shape):
    """One booking. A hold that is over says so, whether or not anybody has cleared it away.

    `people` come together by it: each has a booking, all have the same `party`, and what is done is done for all.
    """

    reference = serializers.CharField()
    case = serializers.CharField(source="case.reference")
    state = serializers.SerializerMethodField()
    active_until = serializers.DateTimeField()
    slot = serializers.IntegerField(source="slot.pk")
    starts_at = serializers.DateTimeField(source="slot.starts_at")
    ends_at = serializers.DateTimeField()
    people = serializers.IntegerField()
    party = serializers.CharField(allow_blank=True)

    @extend_schema_field(serializers.ChoiceField(State.choices))
    def get_state(self, booking: Booking) -> str:
        """The state at this moment."""
        is_over = booking.state == State.HELD and booking.active_until <= clock.now()
        return str(State(State.EXPIRED if is_over else booking.state))


class BookingPage(Shape):
    """One page of bookings."""

    items = BookingShape(many=True)
    next = serializers.URLField(allow_null=True)


class CaseShape(Shape):
    """One of the caller's cases; the answers stay in the pages."""

    reference = serializers.CharField()
    service = serializers.CharField()
    phase = serializers.ChoiceField(Phase.choices)
    outcome = serializers.CharField(allow_blank=True)
    mission = serializers.SerializerMethodField()
    submitted_at = serializers.DateTimeField(allow_null=True)

    def get_mission(self, case: Case) -> str | None:
        """The code of the responsible mission; a draft has none."""
        return case.mission.code if case.mission else None


class CasePage(Shape):
    """One page of cases."""

    items = CaseShape(many=True)
    next = serializers.URLField(allow_null=True)


def asked(shape: type[Asked], given: Any) -> dict[str, Any]:
    """The query or body in this shape; ValidationError otherwise."""
    form = shape(data=given)
    form.is_valid(raise_exception=True)
    values: dict[str, Any] = form.validated_data
    return values


def caller(request: Request) -> User:
    """The account that acts, for the type checker: these addresses answer nobody without one."""
    return cast(User, request.user)
