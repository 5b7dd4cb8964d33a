"""The core package as a Django application."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What everything stands on."""

    name = "consular.core"
