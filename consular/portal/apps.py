"""The portal package as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The pages of the applicants."""

    name = "consular.portal"
