"""The appointments package as a Django application."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Calendars, slots and bookings."""

    name = "consular.appointments"
