"""The workflow package as a Django application."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Its place among the installed applications."""

    name = "consular.workflow"
