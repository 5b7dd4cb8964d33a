"""The core package as a Django application."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "consular.core"
