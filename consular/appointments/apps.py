"""The appointments package as a Django application."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "consular.appointments"
