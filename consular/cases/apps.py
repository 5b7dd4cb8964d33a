"""The cases package as a Django application."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The record of every case."""

    name = "consular.cases"
