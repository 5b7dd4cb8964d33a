"""The missions package as a Django application."""

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    """The network of missions."""

    name = "consular.missions"
