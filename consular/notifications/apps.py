"""The notifications package as a Django application."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What people are told."""

    name = "consular.notifications"
