"""The desk package as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The pages of the officers."""

    name = "consular.desk"
