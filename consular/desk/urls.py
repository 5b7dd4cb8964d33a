"""Addresses of this door."""

from django.urls import URLPattern, path

from consular.desk import cases, queue

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", queue.tasks, name="queue"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/messages/", cases.write, name="write"),
    path("cases/<str:reference>/letters/<int:letter_id>/", cases.letter, name="letter"),
    path("cases/<str:reference>/tasks/<int:token_id>/", cases.complete, name="complete"),
    path("cases/<str:reference>/tasks/<int:token_id>/claim/", cases.claim, name="claim"),
]
