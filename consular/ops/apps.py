"""The ops package as a Django application."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "consular.ops"
