"""The decisions package as a Django application."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Decisions and letters."""

    name = "consular.decisions"
