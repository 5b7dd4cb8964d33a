"""Addresses for those who run the service."""

from django.urls import URLPattern, path

from consular.ops import health

app_name = "ops"
urlpatterns: list[URLPattern] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]
