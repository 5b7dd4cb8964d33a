"""What is written once for everybody is right in every language and has nothing of anybody in it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.translation import override

from consular.core.templatetags import kept

WORDS = {"en": "Imprint", "de": "Impressum", "ar": "بيانات الجهة الناشرة"}


def request(path: str, token: str = "a" * 32) -> HttpRequest:
    """A request from a browser with this token."""
    made = HttpRequest()
    made.path = made.path_info = path
    made.META["CSRF_COOKIE"] = token
    made.user = AnonymousUser()
    return made


def switch(path: str, **more: str) -> str:
    return render_to_string("components/language_switch.html", more, request=request(path))


def test_the_same_part_is_written_in_the_language_of_each_page() -> None:
    pages = {}
    for language in ("en", "de", "en", "ar"):
        with override(language):
            pages[language] = kept.same_for_all("components/footer.html")

    assert [language for language, word in WORDS.items() if word in pages[language]] == list(WORDS)
    with override("de"):
        assert kept.same_for_all("components/footer.html") is pages["de"]


def test_what_is_kept_is_given_nothing_of_the_request() -> None:
    """A form in it would have no token; with the negative control: included, it has the token of whoever asks."""
    page = '{% load kept %}{% same_for_all "components/sign_out.html" %}'
    asked = request("/my/")

    assert "csrfmiddlewaretoken" not in Template(page).render(
        Context({"csrf_token": "x" * 64, "request": asked})
    )
    included = '{% include "components/sign_out.html" %}'
    assert "x" * 64 in Template(included).render(Context({"csrf_token": "x" * 64, "request": asked}))


def test_each_page_marks_its_own_language_and_leads_back_to_itself() -> None:
    for language in ("en", "ar", "en"):
        for path in ("/my/", "/find/"):
            with override(language):
                page = switch(path, form_id="page-form")
            assert re.findall(r'value="(\w+)"[^>]*aria-current', page) == [language]
            assert (
                page.count(f"/language/?next={path.replace('/', '%2F')}") == 5
            )  # four buttons and their form
            assert page.count('form="page-form"') == 5  # and what the enter key presses


@pytest.mark.parametrize("form_id", ["", "page-form"])
def test_an_address_is_no_markup(form_id: str) -> None:
    page = switch("/", return_url='/"><script>/?a=1&b=-back-', form_id=form_id)

    assert "<script>" not in page
    assert page.count("next=%2F%22%3E%3Cscript%3E%2F%3Fa%3D1%26b%3D-back-") == (5 if form_id else 1)


def test_each_browser_gets_its_own_token() -> None:
    pages = [
        render_to_string("components/language_switch.html", request=request("/", token))
        for token in ("a" * 32, "b" * 32)
    ]

    tokens = [re.search(r'csrfmiddlewaretoken" value="(\w+)"', page) for page in pages]
    assert all(tokens)
    assert len({found[1] for found in tokens if found}) == 2
