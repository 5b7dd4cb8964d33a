"""After signing in one goes on inside this service."""

import pytest
from django.test import RequestFactory

from consular.accounts.returning import local_path, page_of
from tests import rows

OURS = ["/my/", "/my/?page=2", "/privacy/", "/desk/", "/sign-in/"]
NOT_OURS = [
    None, "", "my/", "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "/my/\r\nSet-Cookie: a=b", "/my/\0", "/no/such/page/",
    "/my/" + "a" * 3000,
    "/\t/evil.example", "https:///evil.example", "/@evil.example", "data:text/html,x", " /my/", "/my/\u202e",
]  # fmt: skip


@pytest.mark.parametrize("path", OURS)
def test_a_page_of_ours_is_kept(path):
    assert local_path(path, "/") == path


@rows.every("path", NOT_OURS)
def test_anything_else_leads_to_the_usual_page(path):
    assert local_path(path, "/my/home/") == "/my/home/"


def test_a_sent_form_returns_to_the_page_that_showed_it():
    shown = "http://testserver/cases/A/?tab=messages"
    ours = RequestFactory().post("/cases/A/messages/", headers={"Referer": shown})
    foreign = RequestFactory().post("/cases/A/messages/", headers={"Referer": "https://evil.example/x"})

    assert page_of(ours) == "/cases/A/?tab=messages"
    assert page_of(foreign) == "/cases/A/messages/"
    assert page_of(RequestFactory().get("/my/?a=1")) == "/my/?a=1"


@pytest.mark.parametrize("referer", ["http://[x", "http://[::1", "//[", "\u2100", ""])
def test_a_broken_referer_counts_as_none(referer):
    assert page_of(RequestFactory().post("/desk/", headers={"Referer": referer})) == "/desk/"
