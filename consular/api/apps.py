"""The api package as a Django application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST interface; it keeps no rows of its own."""

    name = "consular.api"
