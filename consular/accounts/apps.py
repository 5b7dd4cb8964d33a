"""The accounts package as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "consular.accounts"
