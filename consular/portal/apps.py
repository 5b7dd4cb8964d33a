"""The portal package as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "consular.portal"
