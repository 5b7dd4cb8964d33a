"""The accounts package as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, how they sign in, and how long a session lasts."""

    name = "consular.accounts"
