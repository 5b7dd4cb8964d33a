"""Addresses of this door."""

from django.urls import URLPattern, path

from consular.desk import (
    absences,
    appointments,
    cases,
    consultations,
    documents,
    factors,
    handing_over,
    jobs,
    password,
    preview,
    process,
    queue,
    sign_in,
    watch,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("second-factor/", sign_in.second_factor, name="second_factor"),
    path("factors/", factors.overview, name="factors"),
    path("factors/app/", factors.app, name="factors_app"),
    path("factors/app/new/", factors.add_app, name="factors_add_app"),
    path("password/", password.change, name="password"),
    path("factors/passkey/", factors.passkey, name="factors_passkey"),
    path("factors/recovery/", factors.recovery, name="factors_recovery"),
    path("factors/<str:kind>/<int:factor_id>/remove/", factors.remove, name="factors_remove"),
    path("", queue.tasks, name="queue"),
    path("next/", queue.claim_next, name="claim_next"),
    path("absences/", absences.overview, name="absences"),
    path("watch/", watch.overview, name="watch"),
    path("appointments/", appointments.of_day, name="appointments"),
    path("forms/", preview.forms, name="previews"),
    path("forms/<slug:service>/<int:version>/", preview.form, name="preview"),
    path("jobs/", jobs.given_up, name="jobs"),
    path("jobs/<int:job_id>/revive/", jobs.revive, name="revive"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/process/", process.page, name="process"),
    path("cases/<str:reference>/process/diagram/", process.diagram, name="diagram"),
    path("cases/<str:reference>/documents/", documents.documents, name="documents"),
    path("cases/<str:reference>/documents/<int:attachment_id>/", documents.copy, name="document"),
    path("cases/<str:reference>/messages/", cases.write, name="write"),
    path("cases/<str:reference>/letters/<int:letter_id>/", cases.letter, name="letter"),
    path("cases/<str:reference>/consultations/<str:consultation>/", consultations.answer, name="answer"),
    path("cases/<str:reference>/tasks/<int:token_id>/", cases.complete, name="complete"),
    path("cases/<str:reference>/tasks/<int:token_id>/claim/", cases.claim, name="claim"),
    path("cases/<str:reference>/tasks/<int:token_id>/pass-on/", handing_over.pass_on, name="pass_on"),
]
