"""The desk package as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "consular.desk"
