"""Addresses of this door."""

from django.urls import URLPattern, path

from consular.portal import (
    appointment_links,
    appointments,
    cases,
    documents,
    draft_editions,
    drafts,
    finder,
    pages,
    sending,
    sign_in,
    start,
    uploading,
    verify,
    withdrawing,
)

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", start.start, name="start"),
    path("find/", finder.finder, name="finder"),
    path("apply/<slug:service>/", drafts.apply, name="apply"),
    path("drafts/<str:reference>/", drafts.draft, name="draft"),
    path("drafts/<str:reference>/review/", sending.review, name="review"),
    path("drafts/<str:reference>/carry/", draft_editions.carry, name="carry"),
    path("drafts/<str:reference>/send/", sending.send, name="send"),
    path("drafts/<str:reference>/<slug:page_id>/", drafts.draft_page, name="draft_page"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("my/", cases.my_cases, name="my_cases"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/withdraw/", withdrawing.withdraw, name="withdraw"),
    path("cases/<str:reference>/messages/", cases.write, name="messages"),
    path("cases/<str:reference>/appointment/", appointments.appointment, name="appointment"),
    path("cases/<str:reference>/appointment/confirm/", appointments.confirm, name="appointment_confirm"),
    path("cases/<str:reference>/appointment/move/", appointments.move, name="appointment_move"),
    path("cases/<str:reference>/appointment/cancel/", appointments.cancel, name="appointment_cancel"),
    path(
        "cases/<str:reference>/appointment/calendar.ics", appointments.calendar_file, name="appointment_file"
    ),
    path("appointments/<str:token>/", appointment_links.appointment, name="appointment_link"),
    path("appointments/<str:token>/move/", appointment_links.move, name="appointment_link_move"),
    path("appointments/<str:token>/cancel/", appointment_links.cancel, name="appointment_link_cancel"),
    path("cases/<str:reference>/letters/<int:letter_id>/", cases.letter, name="letter"),
    path("cases/<str:reference>/documents/", documents.documents, name="documents"),
    path("cases/<str:reference>/documents/<slug:document>/", documents.document, name="document"),
    path("cases/<str:reference>/documents/<slug:document>/begin/", uploading.begin, name="upload_begin"),
    path("cases/<str:reference>/uploads/<int:attachment_id>/", uploading.state, name="upload_state"),
    path(
        "cases/<str:reference>/uploads/<int:attachment_id>/<int:position>/",
        uploading.chunk,
        name="upload_chunk",
    ),
    path("cases/<str:reference>/files/<int:attachment_id>/", documents.copy, name="file"),
    path("cases/<str:reference>/files/<int:attachment_id>/preview/", documents.preview, name="file_preview"),
    path("cases/<str:reference>/files/<int:attachment_id>/remove/", documents.remove, name="file_remove"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_code, name="verify_code"),
    path("language/", pages.language, name="language"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("imprint/", pages.imprint, name="imprint"),
]
