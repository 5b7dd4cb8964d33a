"""The ops package as a Django application."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Registers the jobs in every process that may promise or do some."""

    name = "consular.ops"

    def ready(self) -> None:
        """Load the worker's door; it needs the models, which are there only now."""
        from consular.casework import tasks  # noqa: F401, PLC0415
