"""A browser that has signed in before is recognised, and cannot be forged."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from consular.accounts import browsers
from consular.accounts.models import User


def _cookie(*emails, before=""):
    request = RequestFactory().get("/")
    request.COOKIES[browsers.COOKIE] = before
    for email in emails:
        response = HttpResponse()
        browsers.remember(request, response, User(email=email))
        request.COOKIES[browsers.COOKIE] = response.cookies[browsers.COOKIE].value
    return request


def test_it_knows_the_addresses_that_signed_in_and_no_other():
    request = _cookie("a@example.org", "b@example.org")

    assert browsers.knows(request, "a@example.org")
    assert browsers.knows(request, "b@example.org")
    assert not browsers.knows(request, "c@example.org")


def test_the_oldest_of_many_is_forgotten():
    request = _cookie(*(f"{number}@example.org" for number in range(browsers.MOST + 1)))

    assert not browsers.knows(request, "0@example.org")
    assert browsers.knows(request, f"{browsers.MOST}@example.org")


@pytest.mark.parametrize("forged", ["", "x", "W10:1:2", "\0", "a" * 10_000, "ü"])
def test_a_forged_cookie_is_worth_nothing(forged):
    assert not browsers.knows(_cookie(before=forged), "a@example.org")


def test_the_cookie_names_nobody():
    assert "example" not in _cookie("a@example.org").COOKIES[browsers.COOKIE]
