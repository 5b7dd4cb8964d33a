"""The workflow package as a Django application."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "consular.workflow"
