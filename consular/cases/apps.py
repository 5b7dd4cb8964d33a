"""The cases package as a Django application."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "consular.cases"
