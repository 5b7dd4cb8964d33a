"""Addresses of this door."""

from django.urls import URLPattern, path

from consular.portal import cases, pages

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("my/", cases.my_cases, name="my_cases"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/messages/", cases.write, name="messages"),
    path("cases/<str:reference>/letters/<int:letter_id>/", cases.letter, name="letter"),
    path("language/", pages.language, name="language"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("imprint/", pages.imprint, name="imprint"),
]
