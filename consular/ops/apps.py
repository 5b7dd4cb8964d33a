"""The ops package as a Django application."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Registers the jobs in every process that might promise or do some."""

    name = "consular.ops"

    def ready(self) -> None:
        from consular.casework import tasks  # noqa: F401, PLC0415  needs the models, which are loaded only now
