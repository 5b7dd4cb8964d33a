"""Every address of the service, door by door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("consular.portal.urls")),
    path("desk/", include("consular.desk.urls")),
    path("api/v1/", include("consular.api.urls")),
    path("", include("consular.ops.urls")),
]

handler500 = "consular.portal.failing.failed"
