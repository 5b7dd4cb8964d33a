"""The ops package as a Django application."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Nothing to start yet."""

    name = "consular.ops"
