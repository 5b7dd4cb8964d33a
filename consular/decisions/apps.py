"""The decisions package as a Django application."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from consular.decisions import token_keys


class DecisionsConfig(AppConfig):
    """Decisions and letters."""

    name = "consular.decisions"

    def ready(self) -> None:
        """Refuse to start with the address of a key that nobody could understand."""
        for name in ("SIGNING_KEY_TOKEN", "SEAL_KEY_TOKEN"):
            if address := getattr(settings, name):
                try:
                    token_keys.parse(address)
                except ValueError as reason:
                    raise ImproperlyConfigured(f"{name}: {reason}. See docs/operating.md.") from reason
