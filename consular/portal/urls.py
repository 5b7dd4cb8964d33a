"""Addresses of this door."""

from django.urls import URLPattern, path

from consular.portal import cases, drafts, pages, sending, sign_in

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("apply/<slug:service>/", drafts.apply, name="apply"),
    path("drafts/<str:reference>/", drafts.draft, name="draft"),
    path("drafts/<str:reference>/review/", sending.review, name="review"),
    path("drafts/<str:reference>/send/", sending.send, name="send"),
    path("drafts/<str:reference>/<slug:page_id>/", drafts.draft_page, name="draft_page"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("my/", cases.my_cases, name="my_cases"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/messages/", cases.write, name="messages"),
    path("cases/<str:reference>/letters/<int:letter_id>/", cases.letter, name="letter"),
    path("language/", pages.language, name="language"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("imprint/", pages.imprint, name="imprint"),
]
