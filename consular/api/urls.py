"""Addresses of the REST interface, version 1."""

from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from consular.api import availability, consultations, form_schemas, own, reference_data
from consular.api.throttling import Strangers

app_name = "api"
urlpatterns: list[URLPattern] = [
    path(
        "schema/",
        SpectacularJSONAPIView.as_view(permission_classes=[], throttle_classes=[Strangers]),
        name="schema",
    ),
    path("services/", reference_data.Services.as_view(), name="services"),
    path("services/<slug:service>/schema/", form_schemas.FormSchema.as_view(), name="form_schema"),
    path("missions/", reference_data.Missions.as_view(), name="missions"),
    path("missions/<slug:code>/", reference_data.OneMission.as_view(), name="mission"),
    path("missions/<slug:code>/calendars/", reference_data.Calendars.as_view(), name="calendars"),
    path("missions/<slug:code>/availability/", availability.Availability.as_view(), name="availability"),
    path("calendars/<int:calendar_id>/slots/", reference_data.Slots.as_view(), name="slots"),
    path("responsible/", reference_data.ResponsibleMission.as_view(), name="responsible"),
    path("bookings/", own.Bookings.as_view(), name="bookings"),
    path("bookings/<str:reference>/", own.OneBooking.as_view(), name="booking"),
    path("bookings/<str:reference>/confirm/", own.Confirmation.as_view(), name="confirm"),
    path("bookings/<str:reference>/move/", own.Move.as_view(), name="move"),
    path("bookings/<str:reference>/cancel/", own.Cancellation.as_view(), name="cancel"),
    path("cases/", own.Cases.as_view(), name="cases"),
    path("cases/<str:reference>/", own.OneCase.as_view(), name="case"),
    path("consultations/", consultations.Consultations.as_view(), name="consultations"),
    path("consultations/<str:reference>/answer/", consultations.ConsultationAnswers.as_view(), name="answer"),
    re_path("", reference_data.Nothing.as_view(), name="nothing"),
]
